"""Credible intervals and regions of samples whose distribution is known."""

import numpy as np
import pytest
from scipy import stats

from munu.statistics.credible import SampledAxis as Axis
from munu.statistics.credible import (
    highest_density,
    marginal,
    quantile_errors,
    quantiles,
    region,
)

M = 20_000
U = (np.arange(M) + 0.5) / M
EVEN = np.full(M, 1 / M)
CL = 0.9


def test_weights_are_the_same_as_repeats():
    x = np.array([1.0, 2.0, 3.0])
    weights = np.array([0.5, 0.25, 0.25])
    below = np.array([0.25, 0.625, 0.875])
    np.testing.assert_allclose(quantiles(x, weights, below), x)


def test_a_normal_distribution_has_the_ends_of_its_quantiles():
    x = stats.norm(3.0, 2.0).ppf(U)
    (ends,) = highest_density(Axis(x, -50.0, 50.0), EVEN, CL)
    np.testing.assert_allclose(ends, stats.norm(3.0, 2.0).ppf([0.05, 0.95]), atol=0.02)
    grid, density = marginal(Axis(x, -50.0, 50.0), EVEN)
    np.testing.assert_allclose(density, np.exp(-0.125 * (grid - 3) ** 2), atol=0.02)


def test_half_a_normal_distribution_begins_at_its_boundary():
    x = stats.halfnorm.ppf(U)
    (ends,) = highest_density(Axis(x, 0.0, 50.0), EVEN, CL)
    assert ends[0] == 0
    assert ends[1] == pytest.approx(stats.norm.ppf(0.95), abs=0.02)


def test_weighted_samples_count_by_their_weight():
    """Samples of a flat density weighted with a normal one are normal."""
    x = np.linspace(-6, 6, M)
    (ends,) = highest_density(Axis(x, -6.0, 6.0), stats.norm.pdf(x), CL)
    np.testing.assert_allclose(ends, stats.norm.ppf([0.05, 0.95]), atol=0.02)


def test_two_maxima_have_two_intervals():
    x = np.concatenate([stats.norm(-5, 1).ppf(U[::2]), stats.norm(5, 1).ppf(U[::2])])
    ends = highest_density(Axis(x, -20.0, 20.0), EVEN, CL)
    np.testing.assert_allclose(ends, [[-5 - 1.645, -5 + 1.645], [5 - 1.645, 5 + 1.645]], atol=0.03)


def test_an_angle_goes_round():
    x = (np.pi + stats.norm(0.0, 0.3).ppf(U) + np.pi) % (2 * np.pi) - np.pi
    ends = highest_density(Axis(x, -np.pi, np.pi, turns=True), EVEN, CL)
    assert ends.shape == (2, 2)
    reach = 1.645 * 0.3
    np.testing.assert_allclose(ends, [[-np.pi, -np.pi + reach], [np.pi - reach, np.pi]], atol=0.03)
    assert len(highest_density(Axis(x, -np.pi, np.pi), EVEN, CL)) == 2


def shoelace(polygon):
    x, y = polygon.T
    return 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))


def test_a_region_is_the_ellipse_of_two_degrees_of_freedom():
    points = np.random.default_rng(3).multivariate_normal([1, 2], [[1, 0.6], [0.6, 1]], 40_000)
    x, y = (Axis(column, -20.0, 20.0) for column in points.T)
    (outline,) = region(x, y, np.full(40_000, 1 / 40_000), CL)
    area = np.pi * stats.chi2(2).ppf(CL) * np.sqrt(1 - 0.36)
    assert shoelace(outline) == pytest.approx(area, rel=0.03)
    np.testing.assert_allclose(outline.max(axis=0), np.array([1, 2]) + 2.146, atol=0.12)


def test_a_region_goes_to_the_boundary_and_a_ring_has_a_hole():
    rng = np.random.default_rng(3)
    half = np.abs(rng.standard_normal((30_000, 2)))
    axes = [Axis(column, 0.0, 20.0) for column in half.T]
    (outline,) = region(*axes, np.full(30_000, 1 / 30_000), CL)
    np.testing.assert_array_equal(outline.min(axis=0), [0, 0])
    np.testing.assert_allclose(outline.max(axis=0), 2.146, atol=0.1)
    angle, radius = rng.uniform(0, 2 * np.pi, 30_000), 5 + 0.3 * rng.standard_normal(30_000)
    axes = [Axis(radius * side(angle), -20.0, 20.0) for side in (np.cos, np.sin)]
    assert len(region(*axes, np.full(30_000, 1 / 30_000), CL)) == 2


def test_the_error_of_a_quantile_is_that_of_so_many_samples():
    n = 4000
    x = np.random.default_rng(3).normal(size=n)
    below = np.array([0.05, 0.5])
    at = stats.norm.ppf(below)
    expected = np.sqrt(below * (1 - below) / n) / stats.norm.pdf(at)
    found = quantile_errors(x, np.full(n, 1 / n), below)
    np.testing.assert_allclose(found, expected, rtol=0.35)


@pytest.mark.parametrize("seed", range(8))
def test_the_noise_of_a_flat_density_makes_no_gaps(seed):
    x = np.random.default_rng(seed).uniform(0.0, 1.0, 3000)
    found = highest_density(Axis(x, 0.0, 1.0), np.full(3000, 1 / 3000), 0.68)
    assert len(found) <= 2
    mixed = np.concatenate([x[:1500], 2 + x[1500:]])
    apart = highest_density(Axis(mixed, 0.0, 3.0), np.full(3000, 1 / 3000), 0.95)
    assert np.any(np.diff(apart.ravel())[1::2] > 0.8)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("apart", [50.0, 500.0])
def test_two_narrow_peaks_are_as_narrow_as_they_are(apart, seed):
    """Two solutions of a charge radius: a smoothing of their distance's size widened both."""
    random = np.random.default_rng(seed)
    x = random.normal(size=3000) - apart * random.integers(0, 2, size=3000)
    found = highest_density(Axis(x, -apart - 8, 20.0), np.full(x.size, 1 / x.size), CL)
    width = stats.norm.ppf(0.95)
    np.testing.assert_allclose(found, [[-apart - width, width - apart], [-width, width]], atol=0.3)


def test_islands_of_a_region_are_as_wide_as_they_are():
    random = np.random.default_rng(4)
    x, y = random.normal(size=(2, 8000))
    x -= 60.0 * random.integers(0, 2, size=x.size)
    found = region(Axis(x, -80.0, 20.0), Axis(y, -20.0, 20.0), np.full(x.size, 1 / x.size), CL)
    assert len(found) == 2
    radius = np.sqrt(stats.chi2(2).ppf(CL))
    for piece, centre in zip(sorted(found, key=lambda one: one[0, 0]), (-60.0, 0.0), strict=True):
        sizes = np.hypot(piece[:, 0] - centre, piece[:, 1])
        assert np.median(sizes) == pytest.approx(radius, rel=0.12)
