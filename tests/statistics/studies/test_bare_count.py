"""Exact Feldman-Cousins sets of one count, against print and against sums over a grid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, poisson

from munu.statistics.studies import BareGaussian, BarePoisson, BareSet


@pytest.mark.parametrize(
    ("n", "b", "end"),
    [(0, 0.0, 2.44), (3, 3.0, 4.42), (0, 3.0, 0.953), (5, 0.0, 9.99), (1, 4.3107, 1.1801)],
)
def test_poisson_counts(n, b, end):
    """Tables IV and V of physics/9711021, 90 %, and the bare construction, not monotonic in b."""
    found = BarePoisson(float(n), b, np.inf).allowed(0.9) - b
    assert found[-1, 1] == pytest.approx(end, abs=0.006)


@pytest.mark.parametrize(("x", "ends"), [(-1, [0, 0.81]), (0, [0, 1.64]), (3, [1.37, 4.64])])
def test_a_gaussian_bounded_at_zero(x, ends):
    """Table X of physics/9711021, 90 %; at 1.37 the probability is that of -0.29 to 3."""
    assert BareGaussian(x, 0.0, np.inf, 1.0).allowed(0.9)[0] == pytest.approx(ends, abs=0.006)


def summed(n, lowest, highest, means):
    """Return F at means from q of each number."""
    k = np.arange(400)
    best = poisson.logpmf(k, np.clip(k, lowest, highest))
    q = 2 * (best - poisson.logpmf(k, means[:, None]))
    return np.where(q < q[:, [n]] - 1e-9, poisson.pmf(k, means[:, None]), 0.0).sum(axis=1)


@given(
    n=st.integers(0, 60),
    lowest=st.floats(0.01, 40.0),
    width=st.sampled_from([5.0, 30.0, np.inf]),
    cl=st.sampled_from([0.6827, 0.9, 0.99]),
)
def test_every_interval_of_a_count(n, lowest, width, cl):
    """Also where F passes CL several times, as it jumps where the ordering changes."""
    count = BarePoisson(float(n), lowest, lowest + width)
    inside = lowest + np.linspace(1e-3, min(width, 120.0) - 1e-3, 400)
    # Nearer to a bound than this q of the data is a tie for the sum, and is none.
    bounds = [end for end in (lowest, lowest + width) if 1e-3 < abs(end - n) < np.inf or end == n]
    means = np.array([*inside, *bounds])
    f = summed(n, lowest, lowest + width, means)
    held = np.any([(means >= a) & (means <= b) for a, b in count.allowed(cl)], axis=0)
    sure = np.abs(f - cl) > 1e-6
    np.testing.assert_array_equal(held[sure], (f < cl)[sure])
    np.testing.assert_allclose(count.below(means), f, atol=1e-9)


@pytest.mark.parametrize(
    ("n", "lowest", "highest"),
    [(4, 5.3, np.inf), (2, 3.0, np.inf), (0, 9.7, np.inf), (6, 0.1, 5.3), (12, 0.1, 9.7)],
)
def test_nothing_fits_better_than_data_at_the_bound_where_they_fit_best(n, lowest, highest):
    """As q of the data is zero there, and also within the rounding of a mean."""
    count = BarePoisson(float(n), lowest, highest)
    bound = count.best
    np.testing.assert_array_equal(count.below(np.array([bound, np.nextafter(bound, 8.0)])), 0.0)


@pytest.mark.parametrize(
    ("events", "domain", "x"),
    [((5, 0, 1), (0, np.inf), 0), ((5.3, -0.7, 0.31), (-np.inf, np.inf), 0.7 / 0.62)],
)
def test_a_set_may_be_the_best_fit_alone(events, domain, x):
    """Of a count of zero F is zero at the lowest mean, and above it P of a few more."""
    events, domain = np.array(events, float), np.array(domain, float)
    lowest = float(events[0] + x * (events[1] + x * events[2]))
    found = BareSet(BarePoisson(0.0, lowest, np.inf), events, domain).intervals(0.3)
    assert found == pytest.approx(np.array([[x, x]]), abs=1e-12)
    assert BarePoisson(0.0, 5.0, np.inf).allowed(0.5).tolist() == [[5.0, 5.0]]


def test_data_far_above_their_largest_mean_exclude_what_is_below_it():
    f = BarePoisson(3000.0, 0.1, 700.0).below(np.array([1.0, 650.0, 690.0]))
    assert f == pytest.approx(np.ones(3), abs=1e-9)


def test_critical_values_hold_the_level():
    n, mean = np.arange(100), 7.3
    q = BarePoisson(5.0, 3.0, np.inf).critical(mean, 0.9)
    rises = np.array([BarePoisson(float(k), 3.0, np.inf).rise(np.array([mean]))[0] for k in n])
    p = poisson.pmf(n, mean)
    assert p[rises <= q + 1e-9].sum() >= 0.9 > p[rises < q - 1e-9].sum()
    count = BareGaussian(1.0, 0.0, 5.0, 1.3)
    x = np.random.default_rng(3).normal(2.0, 1.3, 200_000)
    best = np.clip(x, 0.0, 5.0)
    rises = ((x - 2.0) ** 2 - (x - best) ** 2) / 1.3**2
    assert count.critical(2.0, 0.9) == pytest.approx(np.quantile(rises, 0.9), rel=0.01)
    assert count.below(np.array([2.0]))[0] == pytest.approx(
        np.mean(rises < count.rise(np.array([2.0]))[0]), abs=0.004
    )


def test_far_below_its_bound_a_gaussian_has_a_narrow_set():
    count = BareGaussian(-3.0, 0.0, np.inf, 1.0)
    ((low, high),) = count.allowed(0.9)
    assert low == 0
    assert high == pytest.approx(0.26, abs=0.01)
    q = high**2 + 6 * high
    ends = 0.5 * (high - q / high), high + np.sqrt(q)
    q_of_ends = [(x - high) ** 2 - min(x, 0.0) ** 2 for x in ends]
    assert q_of_ends == pytest.approx([q, q])
    assert np.diff(norm.cdf(ends, loc=high)) == pytest.approx(0.9, abs=1e-9)
