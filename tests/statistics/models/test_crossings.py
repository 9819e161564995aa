"""Crossings of a level by functions whose other coordinates are minimised over."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray
from munu.statistics.models.crossings import curved, stepped, straight

TOP = np.array([1.0, 4.0, 9.0])


def bowls(v: FloatArray, x: FloatArray, rows: IntArray) -> Terms:
    """Return cosh(v) - 1 + (x - v²)² of each row, in units of its own."""
    shift = x[:, 0] - v**2
    chi2 = TOP[rows] * (np.cosh(v) - 1 + shift**2)
    gradient = np.column_stack([np.sinh(v) - 4 * v * shift, 2 * shift])
    cross = -4 * v
    hessian = np.empty((v.size, 2, 2))
    hessian[:, 0, 0] = np.cosh(v) - 4 * shift + 8 * v**2
    hessian[:, 0, 1] = hessian[:, 1, 0] = cross
    hessian[:, 1, 1] = 2.0
    size = TOP[rows]
    return Terms(chi2, size[:, None] * gradient, size[:, None, None] * hessian)


def test_both_coordinates_step_to_the_level_at_the_minimum() -> None:
    ends = np.zeros(3), np.full(3, 4.0)
    part, rising = straight(np.full(3, -2.0), TOP * (np.cosh(4.0) - 1) - 2)
    v, x, found = stepped(bowls, 4 * part + 0.5, np.zeros((3, 1)), ends, rising, 2.0)
    exact = np.arccosh(1 + 2 / TOP)
    assert found.all()
    np.testing.assert_allclose(v, exact, rtol=1e-12)
    np.testing.assert_allclose(x[:, 0], exact**2, rtol=1e-10)


def test_a_level_beyond_the_end_is_not_found() -> None:
    ends = np.zeros(3), np.array([0.5, 4.0, 4.0])
    v, _, found = stepped(bowls, np.full(3, 0.4), np.zeros((3, 1)), ends, np.ones(3), 2.0)
    assert found.tolist() == [False, True, True]
    assert v[0] == 0.5


def test_a_maximum_over_the_rest_is_not_a_crossing() -> None:
    def turned(v: FloatArray, x: FloatArray, rows: IntArray) -> Terms:
        found = bowls(v, x, rows)
        shift = x[:, 0] - v**2
        size = TOP[rows]
        gradient = np.column_stack([np.sinh(v) + 4 * v * shift, -2 * shift])
        hessian = np.empty((v.size, 2, 2))
        hessian[:, 0, 0] = np.cosh(v) + 4 * shift - 8 * v**2
        hessian[:, 0, 1] = hessian[:, 1, 0] = 4 * v
        hessian[:, 1, 1] = -2.0
        chi2 = found.chi2 - 2 * size * shift**2
        return Terms(chi2, size[:, None] * gradient, size[:, None, None] * hessian)

    ends = np.zeros(3), np.full(3, 4.0)
    exact = np.arccosh(1 + 2 / TOP)
    _, _, found = stepped(turned, exact, exact[:, None] ** 2, ends, np.ones(3), 2.0)
    assert not found.any()


@given(st.floats(0.1, 0.9), st.floats(0.5, 2.0), st.floats(-0.3, 0.3))
def test_the_zero_of_a_cubic_is_found_from_its_ends(root: float, slope: float, bend: float) -> None:
    """f(s) = (s - r) a + (s - r)³ c, which rises throughout."""

    def at(s: float) -> tuple[FloatArray, FloatArray]:
        shift = s - root
        return (
            np.array([slope * shift + bend * shift**3]),
            np.array([slope + 3 * bend * shift**2]),
        )

    (low, steep_low), (high, steep_high) = at(0.0), at(1.0)
    if min(steep_low[0], steep_high[0]) > 0:
        part, rising = curved(low, high, steep_low, steep_high)
        np.testing.assert_allclose(part, root, atol=1e-6)
        assert rising[0] == 1


def test_where_slopes_lead_away_the_zero_of_the_line_stays() -> None:
    part, rising = curved(np.array([1.0]), np.array([-3.0]), np.full(1, np.nan), np.full(1, np.nan))
    assert part[0] == 0.25
    assert rising[0] == -1
