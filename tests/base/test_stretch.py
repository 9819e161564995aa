"""The minimum along a step that overshoots: few trials, whatever lies beyond it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from munu.base.stretch import FLAT, Stretch
from munu.base.terms import Terms
from munu.base.typing import FloatArray

Function = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
"""h and h' at fractions of the step."""


def quartic(f: FloatArray) -> tuple[FloatArray, FloatArray]:
    return (2 * f - 0.8) ** 4 - f, 8 * (2 * f - 0.8) ** 3 - 1


def wall(f: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A slope down to 0.03, from where it is steep upwards."""
    over = np.maximum(f - 0.03, 0)
    return 1e3 * over**2 - f, 2e3 * over - 1


def cliff(f: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A slope down to 0.003, behind which it rises to where it hardly bends."""
    over = np.maximum(f - 0.003, 0)
    return 1e3 * np.sqrt(over**2 + 1e-6) - 1 - f, 1e3 * over / np.sqrt(over**2 + 1e-6) - 1


def steep(f: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same as at a bin that is emptied: a step that is nearly all too long."""
    over = np.maximum(f - 1e-6, 0)
    return 1e9 * over**2 - f, 2e9 * over - 1


def kink(f: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.where(f < 0.6, -f, 5 * f - 3.6), np.where(f < 0.6, -1.0, 5.0)


def terms(function: Function, f: FloatArray) -> Terms:
    value, slope = function(f)
    return Terms(value, slope[:, None], np.ones((f.size, 1, 1)))


def searched(function: Function, m: int = 1) -> tuple[Stretch, int]:
    """Return m searches along one step at once, and how many trials they took."""
    ahead = Stretch(terms(function, np.zeros(m)), terms(function, np.ones(m)), np.ones((m, 1)))
    trials = 0
    while (left := ahead.left).size:
        fraction = ahead.next_fraction(left)
        assert np.all((fraction > 0) & (fraction < 1))
        ahead.add(left, fraction, terms(function, fraction))
        trials += 1
    return ahead, trials


@pytest.mark.parametrize(
    ("function", "at", "most"),
    [(quartic, 0.5, 2), (wall, 0.03, 9), (cliff, 0.003, 16), (steep, 1e-6, 30)],
)
def test_the_slope_is_half_of_the_first_one_after_few_trials(function, at, most):
    ahead, trials = searched(function)
    assert trials <= most
    _, slope = function(ahead.best)
    _, first = function(np.zeros(1))
    assert abs(slope[0]) <= FLAT * abs(first[0])
    np.testing.assert_allclose(ahead.best, at, rtol=0.3)
    np.testing.assert_array_equal(ahead.terms.chi2, function(ahead.best)[0])


def test_a_kink_is_reached_as_near_as_numbers_are():
    ahead, _ = searched(kink)
    np.testing.assert_allclose(ahead.best, 0.6, atol=1e-9)


def test_searches_do_not_see_each_other():
    alone, together = searched(quartic)[0], searched(quartic, 3)[0]
    np.testing.assert_array_equal(together.best, np.repeat(alone.best, 3))
