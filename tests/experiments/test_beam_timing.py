"""The time of the SNS's pulse in the data sets: a nuisance of each, and what it is worth."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import munu
from munu.detectors.arrival import GaussianPulse
from munu.detectors.axes import ArrivalTime
from munu.detectors.shifted_arrival import ShiftedArrival
from munu.experiments.load import load
from munu.experiments.model import CountingExperiment, Variant
from munu.experiments.named import catalogue
from munu.experiments.tables import Folder

REFERENCE = tomllib.loads(
    (Path(__file__).parents[1] / "reference.toml").read_text(encoding="utf-8")
)["beam_timing"]
CSI = "coherent-csi-2021"


def counting(name: str) -> CountingExperiment:
    experiment = load(name)
    assert isinstance(experiment, CountingExperiment)
    return experiment


def pulse_of(experiment: CountingExperiment) -> Variant:
    (found,) = (v for v in experiment.variants if v.name.startswith("pulse"))
    return found


def timed() -> list[str]:
    """Return the experiments of the catalogue that tell beams by their arrival."""
    counted = [e for e in map(load, catalogue()) if isinstance(e, CountingExperiment)]
    ids = [e.identity.id for e in counted if any(isinstance(axis, ArrivalTime) for axis in e.axes)]
    return [name for name in ids if not name.startswith("coherent-ge-mini")]


def delayed(delay_us: float, *, pulse: object = None, name: str = CSI) -> CountingExperiment:
    """Return the experiment with its pulse, or another, later; the nuisance of it left out."""
    experiment = counting(name)
    axis = experiment.axes[0]
    assert isinstance(axis, ArrivalTime)
    shape = axis.shape if pulse is None else pulse
    axes = (replace(axis, shape=ShiftedArrival(shape, delay_us)),)
    kept = (v for v in experiment.variants if v is not pulse_of(experiment))
    moved = tuple(
        replace(v, minus=replace(v.minus, axes=axes), plus=replace(v.plus, axes=axes)) for v in kept
    )
    return replace(experiment, axes=axes, variants=moved)


def test_whoever_counts_in_time_knows_how_well_the_time_is_known() -> None:
    """One standard deviation moves the prompt neutrinos by as much, to either side.

    The germanium detector counts in bins of 4 us, forty times as wide.
    """
    assert len(timed()) == 4
    for name in timed():
        experiment = counting(name)
        number = next(i for i, a in enumerate(experiment.axes) if isinstance(a, ArrivalTime))
        variant = pulse_of(experiment)
        width = 0.2 if name.startswith("coherent-lar") else 0.1
        early, late = (side.axes[number] for side in (variant.minus, variant.plus))
        assert isinstance(early, ArrivalTime)
        assert isinstance(late, ArrivalTime)
        times = np.linspace(-1.0, 3.0, 9)
        for beam in ("prompt", "delayed"):
            moved = early.shape.cumulative(beam, times - 2 * width)
            assert late.shape.cumulative(beam, times) == pytest.approx(moved, abs=1e-12)
        for side in (early, late):
            assert side.edges.tolist() == experiment.axes[number].edges.tolist()
            assert side.efficiency == experiment.axes[number].efficiency


def test_the_first_run_s_pulse_has_its_shares() -> None:
    """Mean and width are two numbers that two shares fix; the delayed ones follow to 2 %."""
    early = pulse_of(counting("coherent-csi-2017")).minus.axes[0]
    assert isinstance(early, ArrivalTime)
    edges = np.arange(0.0, 6.1, 0.5)
    for beam, off in (("prompt", 1e-3), ("delayed", 2e-3)):
        shares = np.diff(early.shape.cumulative(beam, edges - 0.1))
        released = Folder(None).column("munu:csi2017/arrival.csv", beam)[: shares.size]
        assert shares == pytest.approx(released, abs=off)


def test_chi2_delay_and_limits_of_an_independent_likelihood() -> None:
    """It moves the pulse itself; the nuisance interpolates between three of its places."""
    entry = REFERENCE[CSI]
    fit = munu.fit(CSI, toys=0)
    (pull,) = (p.value for p in fit.pulls if p.name.startswith("pulse"))
    assert fit.chi2 == pytest.approx(entry["chi2"], abs=0.1)
    assert 0.1 * pull == pytest.approx(entry["delay_us"], abs=0.005)
    for parameter in ("mu_nu_mu", "mu_nu_e"):
        for expected, value in zip((False, True), entry[parameter], strict=True):
            limit = munu.limit(CSI, parameter, expected=expected).limit_mu_b / 1e-10
            assert limit == pytest.approx(value, rel=0.006)


@pytest.mark.parametrize("pulse", [None, GaussianPulse(0.473, 0.147)])
def test_a_pulse_that_cannot_move(pulse: object) -> None:
    """The release's own prompt neutrinos and a Gaussian pulse say the same to 1 %."""
    entry = REFERENCE[CSI]["on_time"]
    on_time = delayed(0.0, pulse=pulse)
    assert munu.fit(on_time, toys=0).chi2 == pytest.approx(entry["chi2"], abs=0.1)
    for parameter in ("mu_nu_mu", "mu_nu_e"):
        for expected, value in zip((False, True), entry[parameter], strict=True):
            limit = munu.limit(on_time, parameter, expected=expected).limit_mu_b / 1e-10
            assert limit == pytest.approx(value, rel=0.005 if pulse is None else 0.01)


def test_the_data_want_the_pulse_later_by_half_a_bin() -> None:
    chi2 = {d: munu.fit(delayed(d), toys=0).chi2 for d in (0.0, 0.05, 0.075, 0.1)}
    assert min(chi2, key=lambda delay: chi2[delay]) == 0.075
    assert chi2[0.0] - chi2[0.075] == pytest.approx(2.95, abs=0.1)


def test_the_first_run_wants_its_pulse_earlier() -> None:
    """That takes its prompt neutrinos to 0.57 us, where the second release's want to be."""
    pulse = GaussianPulse(0.692, 0.142)
    chi2 = {
        d: munu.fit(delayed(d, pulse=pulse, name="coherent-csi-2017"), toys=0).chi2
        for d in (-0.2, -0.15, -0.1, 0.0)
    }
    assert min(chi2, key=lambda delay: chi2[delay]) == -0.15
