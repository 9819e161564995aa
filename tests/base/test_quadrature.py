"""Intervals cut into panels, against NumPy's spaces interval by interval."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from munu.base.quadrature import cut_evenly, cut_geometrically


@given(st.lists(st.tuples(st.floats(1e-3, 10), st.integers(1, 7)), min_size=1, max_size=6))
def test_intervals_are_cut_as_each_alone(steps: list[tuple[float, int]]) -> None:
    """Into pieces of equal width or ratio; the borders themselves stay to the last bit."""
    borders = np.cumsum([0.01, *(width for width, _ in steps)])
    pieces = np.array([number for _, number in steps])
    ways = ((cut_evenly, np.linspace), (cut_geometrically, np.geomspace))
    for cut, space in ways:
        parts = [
            space(low, high, n, endpoint=False)
            for low, high, n in zip(borders[:-1], borders[1:], pieces, strict=True)
        ]
        found = cut(borders, pieces)
        np.testing.assert_allclose(found, [*np.concatenate(parts), borders[-1]], rtol=1e-13)
        assert set(borders) <= set(found)
