"""Values of a coordinate that are evenly apart in its asinh, zero among them."""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.base.distinct import distinct
from munu.base.typing import FloatArray

SPACING: Final = 0.45
"""Of the asinh."""


def both_ways(start: float, end: float) -> FloatArray:
    """Return values (n,), increasing, from one size to another of both signs."""
    steps = np.arange(np.arcsinh(start), np.arcsinh(end) + SPACING, SPACING)
    return distinct(np.sinh(np.concatenate([-steps[::-1], steps])))


def grid_within(start: float, end: float, low: float, high: float) -> FloatArray:
    """Return those of `both_ways` that a domain holds.

    Examples
    --------
    >>> print(grid_within(1.0, 2.0, 0.0, 10.0).round(2))
    [1.   1.76 2.88]
    """
    both = both_ways(start, end)
    return both[(both >= low) & (both <= high)]
