"""Remarks of `munu check` on least recoil energies that cut what a detector would count."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

import munu
from munu.analysis.checks.recoil_threshold import recoil_threshold_remarks
from munu.detectors.resolution import Gaussian
from munu.experiments.load import loads
from munu.experiments.model import CountingExperiment
from munu.results.coupling_limit import CouplingLimitResult

CSI = ("coherent-csi-2017", "coherent-csi-2021")


def with_threshold(name: str, threshold_kev: float) -> CountingExperiment:
    """Return an experiment of the catalogue with another least recoil energy."""
    file = files("munu.experiments").joinpath(f"catalogue/{name}.toml")
    old, new = r'(recoil_threshold = { value = )"[^"]*"', rf'\1"{threshold_kev} keV"'
    experiment = loads(re.sub(old, new, file.read_text(encoding="utf-8")))
    assert isinstance(experiment, CountingExperiment)
    return experiment


def told(experiment: CountingExperiment) -> list[str]:
    return [one.message for one in recoil_threshold_remarks(experiment)]


@pytest.mark.parametrize("name", CSI)
def test_electrons_that_are_seen_below_what_nuclei_need(name: str) -> None:
    """A nucleus of 0.5 keV makes 0.4 photoelectrons, an electron 6.7."""
    (message,) = told(with_threshold(name, 0.5))
    assert message.startswith("recoils of electrons, which are not quenched, below 0.5 keV")
    (lower,) = re.findall(r"lower it to ([0-9.]+) keV", message)
    assert told(with_threshold(name, float(lower))) == []


@pytest.mark.parametrize(("threshold_kev", "kinds"), [(0.5, 1), (9.0, 2)])
def test_each_kind_of_recoil_is_told(threshold_kev: float, kinds: int) -> None:
    """Electrons of just below 9 keV are beyond the window, others are in it."""
    assert len(told(with_threshold("coherent-csi-2021", threshold_kev))) == kinds


def test_recoils_that_the_experiment_does_not_count_are_no_matter() -> None:
    experiment = replace(with_threshold("coherent-csi-2021", 0.5), recoils=("nuclear",))
    assert told(experiment) == []


def test_a_response_without_an_end_is_cut_by_the_threshold() -> None:
    """The Gaussian of Dresden-II reaches from no energy at all into the window."""
    assert told(with_threshold("dresden-ii", 6.9e-3)) == []
    assert told(with_threshold("dresden-ii", 5e-3)) == []


@pytest.mark.parametrize(("threshold_kev", "kinds"), [(7.5e-3, 0), (9e-3, 1)])
def test_bound_electrons_are_not_cut(threshold_kev: float, kinds: int) -> None:
    """None of germanium is freed below 7.9 eV."""
    experiment = with_threshold("dresden-ii", threshold_kev)
    narrow = replace(
        experiment.detector,
        bin_edges=np.array([0.006, 0.1]),
        resolution=Gaussian(noise=2e-4, stochastic=0.0, proportional=0.0),
    )
    experiment = replace(experiment, detector=narrow, recoils=("electron",))
    assert len(told(experiment)) == kinds


@pytest.mark.parametrize("name", CSI)
def test_limits_on_charges_do_not_depend_on_the_threshold(name: str) -> None:
    catalogue, lower = munu.load(name), with_threshold(name, 0.01)
    assert isinstance(catalogue, CountingExperiment)
    assert catalogue.detector.recoil_threshold_kev > lower.detector.recoil_threshold_kev
    stated, lowered = (munu.limit(one, "millicharge_ee") for one in (catalogue, lower))
    assert isinstance(stated, CouplingLimitResult)
    assert isinstance(lowered, CouplingLimitResult)
    np.testing.assert_allclose(stated.intervals, lowered.intervals, rtol=1e-5)
