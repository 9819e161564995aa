"""Resolutions against the cumulative distributions they integrate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from munu.base.errors import MunuError
from munu.detectors.efficiency import Flat, TabulatedEfficiency
from munu.detectors.resolution import Gamma, Gaussian, Perfect, PoissonPhotoelectrons
from munu.detectors.tabulated_resolution import TabulatedWidth
from munu.experiments.template.comments import SECTIONS

MEAN = np.array([4.0, 9.0, 20.0])
EDGES = np.array([3.0, 6.0, 10.0, 30.0, np.inf])


def test_gaussian() -> None:
    """σ² = a² + b²x + c²x²."""
    resolution = Gaussian(noise=0.5, stochastic=0.3, proportional=0.1)
    width = np.sqrt(0.5**2 + 0.3**2 * MEAN + (0.1 * MEAN) ** 2)
    np.testing.assert_allclose(resolution.sigma(MEAN), width, rtol=1e-12)
    expected = np.diff(stats.norm.cdf(EDGES, MEAN[:, None], width[:, None]), axis=1)
    np.testing.assert_allclose(resolution.accept(MEAN, EDGES, Flat(0.8)), 0.8 * expected, atol=1e-8)


def test_renormalised_gaussian() -> None:
    """Above zero the Gaussian over its part there, a truncated one; below zero nothing."""
    mean, edges = np.array([0.05, 0.5, 2.0]), np.array([-1.0, -0.2, 0.3, 1.0, 4.0])
    resolution = Gaussian(noise=0.5, stochastic=0.2, renormalised=True)
    width = resolution.sigma(mean)[:, None]
    law = stats.truncnorm(-mean[:, None] / width, np.inf, loc=mean[:, None], scale=width)
    expected = np.diff(law.cdf(edges), axis=1)
    found = resolution.accept(mean, edges, Flat(0.8))
    np.testing.assert_allclose(found, 0.8 * expected, atol=1e-8)
    assert np.all(found[:, 0] == 0)


RESOLUTIONS = {
    "perfect": Perfect(),
    "poisson": PoissonPhotoelectrons(),
    "renormalised": Gaussian(noise=0.7, stochastic=0.3, proportional=0.05, renormalised=True),
}


@pytest.mark.parametrize("name", RESOLUTIONS)
@given(mean=st.floats(1e-3, 50.0), cuts=st.lists(st.floats(0.01, 60.0), max_size=4, unique=True))
def test_no_event_is_lost(name: str, mean: float, cuts: list[float]) -> None:
    """Whatever the energy and the bins from zero on, the probabilities add up to one."""
    edges = np.array([0.0, *sorted(cuts), np.inf])
    edges = edges[np.append(True, np.diff(edges) > 1e-3)]
    found = RESOLUTIONS[name].accept(np.array([mean]), edges, Flat(1.0))
    assert found.sum() == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("mean", [0.5, 1.0, 3.0])
def test_an_open_bin_holds_the_tail_of_a_gamma_distribution(mean: float) -> None:
    """It falls as an exponential: 8 standard deviations above a mean of 0.5 leave 1e-4."""
    resolution = Gamma(beta_per_kev=9.56, light_yield_pe_per_kev=13.35)
    edges = np.array([0, 6 * mean, np.inf])
    shape = 1 + 9.56 * mean / 13.35
    expected = stats.gamma.sf(6 * mean, shape, scale=mean / shape)
    found = resolution.accept(np.array([mean]), edges, Flat(1.0))[0]
    assert found[1] == pytest.approx(expected, rel=1e-4)
    assert found.sum() == pytest.approx(1.0, abs=1e-4)


@given(mean=st.floats(0.0, 50.0))
def test_a_gaussian_loses_what_lies_below_zero(mean: float) -> None:
    """Its part above zero is Φ(mean/σ), which is one half at zero energy."""
    plain = Gaussian(noise=0.7, stochastic=0.3)
    kept = plain.accept(np.array([mean]), np.array([0.0, np.inf]), Flat(1.0))[0, 0]
    width = float(plain.sigma(np.array([mean]))[0])
    assert kept == pytest.approx(stats.norm.cdf(mean / width), abs=1e-7)


def test_a_width_may_be_a_linear_sum() -> None:
    """σ = a + b√x + cx, more than the same terms in quadrature; one term alone is not a sum."""
    terms = {"noise": 0.5, "stochastic": 0.3, "proportional": 0.1}
    width = 0.5 + 0.3 * np.sqrt(MEAN) + 0.1 * MEAN
    linear = Gaussian(**terms, combination="linear")
    np.testing.assert_allclose(linear.sigma(MEAN), width, rtol=1e-12)
    expected = np.diff(stats.norm.cdf(EDGES, MEAN[:, None], width[:, None]), axis=1)
    np.testing.assert_allclose(linear.accept(MEAN, EDGES, Flat(0.8)), 0.8 * expected, atol=1e-8)
    assert "0.3 sqrt(x)" in linear.describe()
    for name, value in terms.items():
        alone = [Gaussian(**{name: value}, combination=c) for c in ("linear", "quadrature")]
        np.testing.assert_allclose(alone[0].sigma(MEAN), alone[1].sigma(MEAN), rtol=1e-12)


def test_gamma() -> None:
    """Of shape 1 + β E and mean x, with the electron-equivalent energy E = x/Y."""
    resolution = Gamma(beta_per_kev=9.56, light_yield_pe_per_kev=13.35)
    shape = 1 + 9.56 * MEAN / 13.35
    law = stats.gamma(shape[:, None], scale=(MEAN / shape)[:, None])
    np.testing.assert_allclose(resolution.sigma(MEAN), law.std()[:, 0], rtol=1e-12)
    np.testing.assert_allclose(law.mean()[:, 0], MEAN, rtol=1e-12)
    expected = np.diff(law.cdf(EDGES), axis=1)
    np.testing.assert_allclose(resolution.accept(MEAN, EDGES, Flat(1.0)), expected, atol=1e-7)


WIDE_BINS = ([0.0, 1.0, 10.0], [0.0, 1000.0], [0.01, 100.0], [0.05, 1.0, 5.0], [0.2, np.inf])


@pytest.mark.parametrize("edges", WIDE_BINS)
@pytest.mark.parametrize(
    "terms", [(0, 0.58, 0), (0, 0.1, 0), (0, 0, 0.1), (0.001, 0, 0.1), (0.05, 0.05, 0.01)]
)
def test_wide_bins_hold_what_a_narrow_resolution_leaves_in_them(terms, edges) -> None:
    """Cells of equal width gave a mean of 0.03 in a bin from 0 to 1000 a probability of ten."""
    mean, resolution = np.geomspace(1e-7, 30.0, 400), Gaussian(*terms)
    cumulative = stats.norm.cdf(edges, mean[:, None], resolution.sigma(mean)[:, None])
    found = resolution.accept(mean, np.array(edges), Flat(1.0))
    np.testing.assert_allclose(found, np.diff(cumulative, axis=1), atol=1e-9)


def test_a_gamma_distribution_of_few_photoelectrons_is_in_the_bin_from_zero() -> None:
    mean, resolution = np.geomspace(1e-7, 30.0, 400), Gamma(9.56, 13.35)
    shape = (1 + 9.56 * mean / 13.35)[:, None]
    expected = np.diff(stats.gamma.cdf([0.0, 8.0, 60.0], shape, scale=mean[:, None] / shape))
    found = resolution.accept(mean, np.array([0.0, 8.0, 60.0]), Flat(1.0))
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_a_width_that_falls_is_followed_within_a_bin() -> None:
    mean, resolution = np.linspace(2.0, 29.0, 300), TabulatedWidth((1.0, 30.0), (0.5, 0.03))
    edges, width = np.array([1.0, 30.0]), np.interp(mean, [1.0, 30.0], [0.5, 0.03])
    expected = np.diff(stats.norm.cdf(edges, mean[:, None], width[:, None]), axis=1)
    np.testing.assert_allclose(resolution.accept(mean, edges, Flat(1.0)), expected, atol=1e-6)


def test_cells_where_nothing_is_kept_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bin from 0 has a thousand cells, and an efficiency that is zero in most of them."""
    looked_at = []
    density = Gamma._density

    def watched(self: Gamma, x: np.ndarray, mean: np.ndarray) -> np.ndarray:
        looked_at.append(x)
        return density(self, x, mean)

    monkeypatch.setattr(Gamma, "_density", watched)
    resolution = Gamma(beta_per_kev=9.56, light_yield_pe_per_kev=13.35)
    sharp = TabulatedEfficiency((5.9, 6.0, 40.0), (0.0, 1.0, 1.0))
    found = resolution.accept(MEAN, np.array([0.0, 6.0, 40.0]), sharp)
    assert looked_at[0].min() > 5.9
    assert looked_at[0].size < 200
    shape = 1 + 9.56 * MEAN / 13.35
    law = stats.gamma(shape[:, None], scale=(MEAN / shape)[:, None])
    np.testing.assert_allclose(found[:, 1], np.diff(law.cdf([6.0, 40.0]), axis=1)[:, 0], rtol=1e-6)
    nothing = TabulatedEfficiency((6.0, 40.0), (0.0, 1.0))
    assert not np.any(resolution.accept(MEAN, np.array([0.0, 6.0]), nothing))


def test_where_the_efficiency_is_taken_is_told() -> None:
    """At n instead of n + 1/2 COHERENT CsI 2017 has 168 events and not 180."""
    shown = PoissonPhotoelectrons().describe()
    assert "efficiency at n + 1/2" in shown
    assert "efficiency is taken at n + 1/2" in SECTIONS["detector"]


def test_poisson_photoelectrons() -> None:
    """n from the lower edge on, below the upper one; the efficiency is that at n + 1/2."""
    efficiency = TabulatedEfficiency((0.0, 40.0), (0.0, 1.0))
    found = PoissonPhotoelectrons().accept(MEAN, EDGES[:-1], efficiency)
    for k, (low, high) in enumerate(((3, 6), (6, 10), (10, 30))):
        n = np.arange(low, high)
        expected = stats.poisson.pmf(n, MEAN[:, None]) @ ((n + 0.5) / 40)
        np.testing.assert_allclose(found[:, k], expected, rtol=1e-12)


def test_bins_beyond_all_recoils_are_empty() -> None:
    """The last of them has no upper end, and recoils do not reach its lower one."""
    edges = np.array([3.0, 5.0, 500.0, np.inf])
    for resolution in (Gaussian(noise=0.5), PoissonPhotoelectrons(), Perfect()):
        found = resolution.accept(np.array([4.0]), edges, Flat(1.0))
        assert found.shape == (1, 3)
        assert found[0, 2] == pytest.approx(0.0, abs=1e-12)


def test_a_perfect_bin_holds_its_lower_edge() -> None:
    found = Perfect().accept(np.array([2.9, 3.0, 6.0]), EDGES[:3], Flat(0.5))
    assert found.tolist() == [[0, 0], [0.5, 0], [0, 0.5]]


@pytest.mark.parametrize("terms", [(0.0, 0.0, 0.0), (0.1, -0.1, 0.0)])
def test_impossible_widths_are_refused(terms: tuple[float, float, float]) -> None:
    with pytest.raises(MunuError, match="non-negative terms, not all zero"):
        Gaussian(*terms)


@pytest.mark.parametrize("resolution", [Perfect(), Gaussian(noise=0.5)])
def test_what_is_counted_is_rate_times_acceptance_in_blocks_too(resolution, monkeypatch):
    rng = np.random.default_rng(7)
    mean, rates = np.sort(rng.uniform(0.0, 12.0, 90)), rng.uniform(size=(2, 3, 90))
    edges, efficiency = np.array([1.0, 2.0, 2.5, 7.0, 11.0]), Flat(0.7)
    mean[5] = edges[1]
    whole = rates @ resolution.accept(mean, edges, efficiency)
    for most in (10_000_000, 50):
        monkeypatch.setattr("munu.detectors.blocks.MOST_ACCEPTED", most)
        found = resolution.counted(rates, mean, edges, efficiency)
        np.testing.assert_allclose(found, whole, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("width", [0.05, 0.099, 0.12, 1.0])
def test_bins_narrow_beside_the_resolution_hold_their_part_of_the_gaussian(width: float) -> None:
    """Narrow cells take fewer nodes: the integral over each bin is the closed form either way."""
    edges = 10 + width * np.arange(60)
    mean = np.array([8.0, 10.03, 12.5, 20.0])
    found = Gaussian(noise=1.0).accept(mean, edges, Flat(0.7))
    below = stats.norm.cdf(edges - mean[:, None])
    np.testing.assert_allclose(found, 0.7 * np.diff(below), rtol=1e-9, atol=1e-14)


def test_a_narrow_width_over_a_wide_window() -> None:
    """Germanium of 30 eV from 0.15 to 60 keV, and of 50 eV in bins of 1 keV up to 100 keV."""
    mean = np.geomspace(0.01, 100, 20_000)
    for edges, noise in ((np.array([0.15, 1, 5, 15, 60]), 0.03), (np.linspace(1, 100, 100), 0.05)):
        found = Gaussian(noise).accept(mean, edges, Flat(1.0))
        expected = np.diff(stats.norm.cdf(edges, mean[:, None], noise), axis=1)
        np.testing.assert_allclose(found, expected, atol=1e-8)


def test_as_many_bins_as_a_file_may_have() -> None:
    """Ten thousand are allowed there, and five thousand were refused here."""
    mean, edges = np.linspace(0.1, 0.7, 50), np.linspace(0.15, 0.6, 10_001)
    found = Gaussian(0.03).accept(mean, edges, Flat(1.0))
    expected = np.diff(stats.norm.cdf(edges, mean[:, None], 0.03), axis=1)
    np.testing.assert_allclose(found, expected, atol=1e-10)


def test_many_photoelectrons() -> None:
    """Pairs of n and a mean that have nothing to do with each other filled gigabytes."""
    mean, edges = np.geomspace(1, 5e4, 3000), np.array([8.0, 12, 3e3, 5e4])
    found = PoissonPhotoelectrons().accept(mean, edges, Flat(1.0))
    expected = np.diff(stats.poisson.cdf(edges - 1, mean[:, None]), axis=1)
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_recoils_in_blocks_are_those_of_one_block(monkeypatch: pytest.MonkeyPatch) -> None:
    mean = np.linspace(0.0, 30.0, 50)
    efficiency = TabulatedEfficiency((1.0, 9.0, 40.0), (0.0, 0.5, 1.0))
    for resolution in (Gaussian(0.5, 0.3), Gamma(9.56, 13.35), PoissonPhotoelectrons()):
        whole = resolution.accept(mean, EDGES, efficiency)
        with monkeypatch.context() as patch:
            patch.setattr("munu.detectors.blocks.VALUES_AT_ONCE", 1)
            blocks = resolution.accept(mean, EDGES, efficiency)
        np.testing.assert_allclose(blocks, whole, atol=1e-10)
