"""Remarks of `munu check` on arrival times, on large deviations and on uncertainties."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import munu
from munu.analysis.checks.check import check
from munu.analysis.checks.counts import _pull
from munu.analysis.checks.uncertainties import flux_factor_remarks
from munu.detectors.arrival import GaussianPulse
from munu.detectors.axes import ArrivalTime
from munu.experiments.model import CountingExperiment


def with_axis(mean_us: float, edges_us: list[float]) -> CountingExperiment:
    """Return Ge-Mini, whose counts are as expected, with a pulse and a window in time."""
    experiment = munu.load("coherent-ge-mini")
    assert isinstance(experiment, CountingExperiment)
    axis = ArrivalTime(np.array(edges_us), GaussianPulse(mean_us, 0.1))
    statistic = replace(
        experiment.statistic, observed=None, backgrounds=(), control_regions=(), off_beam=None
    )
    return replace(experiment, axes=(axis,), statistic=statistic)


def remarks(experiment: CountingExperiment, key: str) -> list[str]:
    return [one.message for one in check(experiment) if one.key == key]


@pytest.mark.parametrize(
    ("mean_us", "edges_us", "beams"),
    [
        (0.5, [0.0, 1.0, 6.0], []),
        (-3.0, [0.0, 1.0, 6.0], ["prompt"]),
        (500.0, [0.0, 3.0, 6.0], ["prompt", "delayed"]),
    ],
)
def test_a_beam_outside_the_window(mean_us: float, edges_us: list[float], beams: list[str]) -> None:
    found = remarks(with_axis(mean_us, edges_us), "axes.time")
    assert [one.split()[4] for one in found] == beams
    assert all("arrive from 0 to 6 us (Gaussian pulse at" in one for one in found)


def test_edges_a_thousand_times_too_far() -> None:
    (found,) = remarks(with_axis(0.5, [0.0, 3000.0, 6000.0]), "axes.time")
    assert "every beam arrives in one bin, 0 to 3000 us" in found


def test_a_variant_that_moves_a_beam_out() -> None:
    experiment = munu.load("coherent-lar-2020")
    assert isinstance(experiment, CountingExperiment)
    pulse = next(one for one in experiment.variants if "pulse" in one.name)
    axes = tuple(
        replace(axis, shape=GaussianPulse(350.0, 0.1)) if isinstance(axis, ArrivalTime) else axis
        for axis in pulse.plus.axes
    )
    moved = replace(pulse, plus=replace(pulse.plus, axes=axes))
    found = remarks(replace(experiment, variants=(moved,)), f"variants.{pulse.name}.plus.axes.time")
    assert len(found) == 2


@pytest.mark.parametrize(
    ("observed", "expected", "variance", "words"),
    [
        (35.0, 0.0, 0.0, "give 0: no event is expected there"),
        (35.0, 1e-20, 1e-20, ": 3.50e+11 standard deviations apart"),
        (35.0, 1.0, 1.0, ": 34.0 standard deviations apart"),
    ],
)
def test_how_far_counts_are_is_readable(
    observed: float, expected: float, variance: float, words: str
) -> None:
    (found,) = _pull(observed, expected, variance)
    assert found.message.endswith(words)
    assert not list(_pull(0.0, 0.0, 0.0))


STATISTICS = {
    "statistic.sigma_signal": 'kind = "poisson"\nobserved = [40]\nsigma_signal = 5',
    "statistic.backgrounds.b.sigma": """kind = "poisson"
observed = [40]
sigma_signal = 0.1
backgrounds = [{ name = "b", events = 50, sigma = 7 }, { name = "c", events = 9, sigma = 10 }]""",
    "statistic.sigma_sys": 'kind = "projection"\nsigma_stat = "90 %"\nsigma_sys = 2',
    "statistic.control_regions.side.backgrounds.b.sigma": """kind = "poisson"
observed = [40]
sigma_signal = 0.1
[statistic.control_regions.side]
bins = { kind = "signal" }
observed = [3]
backgrounds = [{ name = "b", events = 50, sigma = 7 }]""",
}


@pytest.mark.parametrize(("key", "statistic"), STATISTICS.items())
def test_an_uncertainty_that_is_no_fraction(key: str, statistic: str) -> None:
    text = f"""
format = 1
id = "mine"
title = "mine"
reference = "me"
like = "coherent-csi"
[statistic]
{statistic}
"""
    found = [one for one in check(munu.loads(text)) if "% of the events" in one.message]
    assert [one.key for one in found] == [key]


@pytest.mark.parametrize(
    ("name", "said"), [("flux:sns", 0), ("flux:SNS", 1), ("Flux_SNS", 1), ("flux:sns-2", 0)]
)
def test_a_shared_nuisance_that_is_nearly_one_of_the_catalogue(name: str, said: int) -> None:
    """Beside COHERENT's the flux of one beam was two nuisances."""
    text = f"""
format = 1
id = "mine"
title = "mine"
reference = "me"
like = "coherent-csi"
[statistic]
kind = "poisson"
observed = "sm"
sigma_signal = 0.2
shared = {{ "{name}" = 0.1 }}"""
    found = [one.message for one in check(munu.loads(text)) if "letter by letter" in one.message]
    assert len(found) == said
    assert all(f"'{name}' is another one than 'flux:sns'" in one for one in found)


@pytest.mark.parametrize(
    ("minus", "plus", "said"), [("[40]", "[60]", 0), ("[0.9]", "[1.1]", 1), ("[90]", "[1100]", 1)]
)
@pytest.mark.parametrize("region", ["", "[statistic.control_regions.side]\nbins = 'signal'\n"])
def test_a_shape_that_multiplies(minus: str, plus: str, said: int, region: str) -> None:
    """Ratios of one and per cent of fifty events are other backgrounds, with other limits."""
    shape = f"sigma = 0.1, shapes = {{ slope = {{ minus = {minus}, plus = {plus} }} }}"
    text = f"""
format = 1
id = "mine"
title = "mine"
reference = "me"
like = "coherent-csi"
[statistic]
kind = "poisson"
observed = "sm"
sigma_signal = 0.1
{region and f"{region}observed = 'backgrounds'"}
backgrounds = [{{ name = "b", events = 50, {shape} }}]"""
    found = [one for one in check(munu.loads(text)) if "what multiplies them" in one.message]
    assert len(found) == said
    assert all(one.key.endswith("backgrounds.b.shapes.slope") for one in found)


@pytest.mark.parametrize(("factor", "said"), [(1.06, 0), (2.0, 0), (94.0, 1)])
def test_a_flux_factor_that_is_meant_in_per_cent(factor: float, said: int) -> None:
    key = "variants.flux:7Be.plus.fluxes.7Be"
    experiment = munu.load("borexino-phase-ii-spectrum", changes={key: factor})
    assert isinstance(experiment, CountingExperiment)
    found = [one for one in flux_factor_remarks(experiment) if one.key == key]
    assert len(found) == said
    assert all("the flux of 7Be is multiplied by 94: write 1.06" in one.message for one in found)
