"""Which lines of a region's contour are its outer ones, and which leave a hole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from munu.base.typing import FloatArray

OUTER: Final = "outer"
HOLE: Final = "hole"
CUT: Final = "cut"
"""A line that the window or a bound cuts, so that it is not closed."""


def contour_kinds(lines: Sequence[FloatArray], outlines: Sequence[FloatArray]) -> list[str]:
    """Return of each line of a contour whether it is an outer one, a hole's, or cut.

    Lines run so that what is allowed lies on one side: those of holes the other way round.

    Parameters
    ----------
    lines : sequence of array, shape (n, 2)
    outlines : sequence of array, shape (n, 2)
        The closed outlines of the pieces, holes included; empty where there is no hole.

    Examples
    --------
    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    >>> inner = 0.25 + 0.5 * square[::-1]
    >>> contour_kinds([square, inner, square[:3]], [np.concatenate([square, inner])])
    ['outer', 'hole', 'cut']
    """
    around = sum(map(_area, outlines))
    return [
        (OUTER if _area(line) * around >= 0 else HOLE) if np.allclose(line[0], line[-1]) else CUT
        for line in lines
    ]


def _area(line: FloatArray) -> float:
    """Return the area within a closed line, positive where it runs anticlockwise."""
    x, y = (line / np.where((size := np.abs(line).max(axis=0)) > 0, size, 1.0)).T
    return float(x[:-1] @ y[1:] - x[1:] @ y[:-1])
