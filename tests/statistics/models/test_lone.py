"""One coupling alone: minima, and intervals, that a grid does not see."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from munu.statistics.build import build
from munu.statistics.likelihoods import as_newton
from munu.statistics.limits import CouplingLine
from munu.statistics.models import CouplingModel
from munu.statistics.models.lone import emptied, turning_points
from munu.statistics.models.parametrisation import Parametrisation
from munu.statistics.specification import Counts

DELTA = 2.7


def line_of(*pieces):
    """Return the line of statistics whose bins expect a + bx + cx² events, rows (a, b, c)."""
    a, b, c = np.concatenate([rows for _, rows in pieces]).T
    built = [build(one, f"x{i}", rows[:, 0]) for i, (one, rows) in enumerate(pieces)]
    forms = np.moveaxis(np.array([[a, b / 2], [b / 2, c]]), 2, 0)
    model = CouplingModel(tuple(f"x{i}" for i in range(len(pieces))), as_newton(built, a), forms)
    parametrisation = Parametrisation.plain(np.ones((1, 1)), np.empty((1, 0)))
    return CouplingLine.of(model, parametrisation, -np.inf, np.inf)


def gaussian(observed, sigma, normalisation=0.0):
    observed = np.atleast_1d(np.asarray(observed, float))
    variance = np.full(observed.size, float(sigma) ** 2)
    return Counts("gaussian", observed, (), normalisation, variance=variance)


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_without_nuisances_they_are_the_stationary_points(seed):
    rng = np.random.default_rng(seed)
    amplitude = rng.normal(size=(4, 2)) * [10.0, 1.0]
    rows = np.column_stack([amplitude[:, 0] ** 2, 2 * amplitude.prod(axis=1), amplitude[:, 1] ** 2])
    observed, sigma = rows[:, 0] + rng.normal(size=4) * 9, 3.0
    line = line_of((gaussian(observed, sigma), rows))
    found = turning_points(line.line.joint) * line.unit

    def chi2(x):
        return np.sum(((observed - rows @ [1, x, x**2]) / sigma) ** 2)

    lowest = min(chi2(x) for x in found)
    assert lowest <= min(chi2(x) for x in np.linspace(-60, 60, 4001))
    assert line.allowed(DELTA).chi2_min == pytest.approx(lowest, rel=1e-9)


def test_an_excess_seen_by_a_square_alone_is_fitted_however_small():
    line = line_of((gaussian(100.5, 10.0), np.array([[100.0, 0.0, 2.0]])))
    found = line.allowed(DELTA)
    assert abs(found.best_fit) == pytest.approx(0.5)
    assert found.chi2_min == pytest.approx(0.0, abs=1e-12)


def test_a_narrow_mirror_beside_an_insensitive_experiment():
    # The second solution of the first, at x = -1000 and narrower than 1e-4 of it, fits as well.
    sharp = np.array([[1e8, 2e5, 100.0]])
    dull = np.array([[1.0, 2e-3, 1e-6]])
    line = line_of((gaussian(1e8 + 2e4, 1e4), sharp), (gaussian(1.0, 1.0), dull))
    intervals = line.allowed(DELTA).intervals
    centres = intervals.mean(axis=1)
    root = np.sqrt(1e8 + 2e4) / 10 - 1000
    np.testing.assert_allclose(centres, [-2000 - root, root], rtol=1e-3)
    assert np.diff(intervals, axis=1).max() < 0.2


def test_interference_that_empties_a_bin_splits_an_interval():
    # Where a bin with a count expects none, χ² is infinite.
    line = line_of((Counts("poisson", np.array([1.0]), (), 0.0), np.array([[1e4, -2e3, 100.0]])))
    np.testing.assert_allclose(emptied(line.line.joint) * line.unit, 10.0)
    intervals = line.allowed(6.6).intervals
    assert len(intervals) == 2
    gap = intervals[1, 0] - intervals[0, 1]
    mu = 100 * (gap / 2) ** 2
    assert 2 * (mu - 1 - np.log(mu)) == pytest.approx(6.6, abs=1e-6)
