"""Ge-Mini, the first run of LZ and published bounds against what is printed of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

import munu
from munu.analysis.fit import fit
from munu.analysis.limit import limit
from munu.base.errors import MunuError
from munu.experiments.load import load
from munu.experiments.model import CountingExperiment
from munu.experiments.tables import Folder
from munu.folding.fold import fold

GE_MINI = "munu:coherent-ge-mini/counts.csv"


def test_the_events_of_ge_mini_are_those_of_the_paper() -> None:
    """20.6 +7.1 -6.3 events and 3.9 sigma in arXiv:2406.13806; ours 20.0 +7.1 -6.3 and 3.6."""
    result = fit("coherent-ge-mini", toys=0)
    expected = fold(load("coherent-ge-mini")).sm_total().sum()
    low, best, high = (
        expected * x for x in (result.strength_low, result.strength, result.strength_high)
    )
    assert best == pytest.approx(20.6, abs=0.8)
    assert [best - low, high - best] == pytest.approx([6.3, 7.1], abs=0.2)
    assert np.sqrt(result.no_signal_delta_chi2) == pytest.approx(3.6, abs=0.1)


def test_solar_recoils_of_lz_lie_between_its_two_atoms() -> None:
    """LZ's own component makes 32.5 events; the limit hardly depends on which it is."""
    free, bound = load("lz-sr1-er"), load("lz-sr1-er", changes={"interaction.atomic": "rrpa"})
    events = [fold(one).sm_total().sum() for one in (free, bound)]
    assert events == pytest.approx([37.86, 31.17], abs=0.02)
    ratio = limit(bound, "mu_eff").limit_mu_b / limit(free, "mu_eff").limit_mu_b
    assert ratio == pytest.approx(1.2665 / 1.2708, abs=2e-4)


def test_the_prediction_of_ge_mini_is_near_the_published_one() -> None:
    """35.1 +- 3.6: with Lindhard quenching and full efficiency 36.8, 31.1 of them in the bins."""
    experiment = load("coherent-ge-mini")
    assert isinstance(experiment, CountingExperiment)
    whole = replace(experiment.detector, bin_edges=np.array([1.5, 3.5, 5.5, 7.5, 19.5]))
    events = fold(replace(experiment, detector=whole)).sm_total().reshape(4, 10).sum(axis=1)
    assert events.sum() == pytest.approx(35.1, abs=3.6)
    assert events[:3].sum() == pytest.approx(31.1, abs=0.1)


def flat_background(on: np.ndarray, off: np.ndarray, signal: np.ndarray) -> float:
    """Return -2 ln L of an energy bin at its best flat background."""

    def slope(height: float) -> float:
        return float(2 * on.size - np.sum(on / (height + signal)) - off.sum() / height)

    height = brentq(slope, 1e-3, 50)
    mean = height + signal
    counted = np.sum(mean - on * np.log(mean)) + on.size * height - off.sum() * np.log(height)
    return float(2 * counted)


def test_a_fit_of_one_shape_gives_the_same_events() -> None:
    """On and off counts with a flat background per energy bin, each minimised by SciPy."""
    on, off = (Folder(None).column(GE_MINI, name).reshape(3, 10) for name in ("on", "off"))
    shape = fold(load("coherent-ge-mini")).sm_total().reshape(3, 10)
    shape = shape / shape.sum()

    def chi2(events: float) -> float:
        bins = zip(on, off, events * shape, strict=True)
        return sum(flat_background(counts, dark, signal) for counts, dark, signal in bins)

    grid = np.linspace(10, 35, 251)
    values = np.array([chi2(x) for x in grid])
    result = fit("coherent-ge-mini", toys=0)
    expected = fold(load("coherent-ge-mini")).sm_total().sum()
    assert grid[values.argmin()] == pytest.approx(result.strength * expected, abs=0.2)
    assert chi2(0) - values.min() == pytest.approx(result.no_signal_delta_chi2, abs=0.1)


def test_the_first_run_of_lz_is_an_expectation() -> None:
    """Ours 1.27e-11, below the observed 1.36e-11 of arXiv:2307.15753."""
    experiment = load("lz-sr1-er")
    assert isinstance(experiment, CountingExperiment)
    result = munu.limit("lz-sr1-er", "mu_eff")
    assert result.limit_mu_b / 1.36e-11 == pytest.approx(0.935, abs=0.01)
    backgrounds = {one.name: one.events.sum() for one in experiment.statistic.backgrounds}
    assert backgrounds["beta"] + backgrounds["136Xe"] == pytest.approx(218.8 - 32.9, rel=0.06)


SINGLE = {
    "gemma": ("mu_nu_e", 2.9e-11),
    "texono-electrons": ("mu_nu_e", 7.4e-11),
    "munu-bugey": ("mu_nu_e", 9e-11),
    "krasnoyarsk": ("mu_nu_e", 2.4e-10),
    "conus-electrons": ("mu_nu_e", 5.18e-11),
    "lampf": ("mu_nu_mu", 7.4e-10),
    "lsnd": ("mu_nu_mu", 6.8e-10),
    "donut": ("mu_nu_tau", 3.9e-7),
    "super-kamiokande": ("mu_eff", 1.1e-10),
    "lz": ("mu_eff", 1.36e-11),
    "pandax-4t": ("mu_eff", 2.3e-11),
}


@pytest.mark.parametrize("name", SINGLE)
def test_a_bound_returns_itself(name: str) -> None:
    parameter, bound = SINGLE[name]
    assert munu.limit(name, parameter).limit_mu_b == pytest.approx(bound, rel=6e-3)


def test_rovno_s_bound_of_95_percent_is_stronger_at_90() -> None:
    ratio = (2.705543 / 3.841459) ** 0.25
    assert munu.limit("rovno", "mu_nu_e").limit_mu_b == pytest.approx(1.9e-10 * ratio, rel=1e-5)


def test_a_bound_may_be_about_a_sum_of_species() -> None:
    """mu_nu_e^2 + 2.13 mu_nu_mu^2 < 1.1664e-18: LAMPF's two bounds, 10.8 and 7.4e-10."""
    assert munu.limit("lampf", "mu_nu_e").limit_mu_b == pytest.approx(10.8e-10, rel=1e-3)
    assert munu.limit("lsnd", "mu_nu_e").limit_mu_b == pytest.approx(1.1e-18**0.5, rel=1e-3)
    # With one moment common to all, the sum of the weights counts.
    assert munu.limit("lampf", "mu_eff").limit_mu_b == pytest.approx(
        (1.1664e-18 / 3.13) ** 0.5, rel=1e-3
    )


def test_stopped_pions_and_muons_weigh_muon_neutrinos_twice() -> None:
    """The weight 2.13 of LAMPF is that of 1/T - 1/E over both spectra; LSND's 2.4 is not."""
    muon, electron = 105.658, 0.511
    energy = np.linspace(1e-3, muon / 2, 4001)
    x = energy / muon

    def events(e: np.ndarray, low: float, high: float) -> np.ndarray:
        top = np.minimum(high, 2 * e**2 / (electron + 2 * e))
        return np.where(top > low, np.log(np.maximum(top, low) / low) - (top - low) / e, 0)

    def weight(low: float, high: float) -> float:
        counted = events(energy, low, high)
        of_e = np.trapezoid(192 / muon * x**2 * (0.5 - x) * counted, energy)
        of_mu_bar = np.trapezoid(64 / muon * x**2 * (0.75 - x) * counted, energy)
        return float((of_mu_bar + events(np.array([29.79]), low, high)[0]) / of_e)

    assert weight(7, 60) == pytest.approx((10.8 / 7.4) ** 2, abs=0.03)
    assert weight(18, 50) == pytest.approx(2.13, abs=0.01)


def test_bounds_combine_as_the_inverse_fourth_powers_add() -> None:
    reactors = {"gemma": 2.9e-11, "texono-electrons": 7.4e-11, "munu-bugey": 9e-11}
    expected = sum(bound**-4 for bound in reactors.values()) ** -0.25
    assert munu.limit(list(reactors), "mu_nu_e").limit_mu_b == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("pair", [("lz", "lz-sr1-er"), ("conus-electrons", "conus-plus")])
def test_a_bound_and_its_data_are_not_combined(pair: tuple[str, str]) -> None:
    if pair[1] == "lz-sr1-er":  # an expectation holds no events
        assert "lz" in load(pair[1]).identity.same_events
        return
    with pytest.raises(MunuError, match="hold the same events"):
        munu.limit(list(pair), "mu_nu_e")


def test_the_sun_s_bounds_on_each_moment_are_near_those_of_the_first_data() -> None:
    """0.56, 0.40 and 0.31e-10 in the abstract of arXiv:1510.01684, from 3.1e-11 of all."""
    first = load("borexino-phase-ii", changes={"statistic.moment": "3.1e-11 mu_B"})
    limits = [munu.limit(first, f"Lambda_{i}").limit_mu_b / 1e-10 for i in (1, 2, 3)]
    ratios = np.array(limits) / [0.56, 0.40, 0.31]
    assert ratios == pytest.approx([0.882, 0.978, 1.011], abs=0.002)
    assert 1 - (0.31 / limits[0]) ** 2 == pytest.approx(0.61, abs=0.005)


def test_a_one_sided_bound_is_converted_and_says_how() -> None:
    """Quantiles of a normal deviate: 1.2816 at 0.90, 1.6449 at 0.95."""
    one = load("gemma", changes={"statistic.sides": "one-sided"})
    ratio = (1.6448536 / 1.2815516) ** 0.5
    plain = munu.limit("gemma", "mu_nu_e").limit_mu_b
    assert munu.limit(one, "mu_nu_e").limit_mu_b / plain == pytest.approx(ratio, rel=1e-6)
    assert munu.limit(one, "mu_nu_e", one_sided=True).limit_mu_b == pytest.approx(plain, rel=1e-6)
    said = " ".join(one.identity.notes)
    assert "Δχ² = 1.642 (μ/2.9e-11 μ_B)⁴" in said
    assert f"{plain * ratio:.4g} μ_B" in said
    with pytest.raises(MunuError, match=r"statistic\.cl: .*one-sided"):
        load("gemma", changes={"statistic.sides": "one-sided", "statistic.cl": 0.4})
