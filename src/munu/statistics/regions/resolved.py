"""Contours on a lattice that is fine enough for every piece of them.

A thin region breaks into pieces on a lattice with steps as wide as it: small ones, or ones that
nearly touch. About these the lattice is made finer until it holds, or until there are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.regions.lattice import Lattice
from munu.statistics.regions.outlines import Contour
from munu.statistics.regions.surface import Surface

ROUNDS: Final = 10
MOST: Final = 20_000
"""Times that lines are added to a lattice, and the points that it may have."""
FEW: Final = 16
"""Vertices of a piece, or of a hole, up to which its shape is not told."""


def resolved(
    surface: Surface,
    axes: tuple[FloatArray, FloatArray],
    points: FloatArray,
    level: float,
    first: Contour | None = None,
) -> Contour:
    """Return the contour of a surface at a level, on a lattice that begins with some axes.

    Parameters
    ----------
    surface : Surface
    axes : tuple of array, shape (n_x,) and (n_y,)
    points : array, shape (n, 2)
        Minima below the level, which lie inside: one that does not, lies between lines.
    level : float
    first : Contour, optional
        That on the first lattice, where it is known.
    """
    contour = first or Lattice.of(surface, *axes, level).contour(surface, level)
    for _ in range(ROUNDS):
        lost = points[~contour.holds(points)]
        vague = [one for one in contour.loops if len(one) <= FEW] + _touching(contour, axes)
        x, y = (
            np.union1d(_halved(axis, vague, column), lost[:, column])
            for column, axis in enumerate(axes)
        )
        if x.size + y.size == axes[0].size + axes[1].size or x.size * y.size > MOST:
            break
        axes = x, y
        contour = Lattice.of(surface, *axes, level).contour(surface, level)
    return contour


def _touching(contour: Contour, axes: tuple[FloatArray, FloatArray]) -> list[FloatArray]:
    """Return the two points, shape (2, 2), at which two outlines are less than a step apart."""
    found = []
    for pair in combinations(contour.outlines, 2):
        steps = [_steps(line, axes) for line in pair]
        near = [
            np.flatnonzero(np.all((p > q.min(axis=0) - 1) & (p < q.max(axis=0) + 1), axis=1))
            for p, q in (steps, steps[::-1])
        ]
        if near[0].size == 0 or near[1].size == 0:
            continue
        apart = np.abs(steps[0][near[0], None] - steps[1][near[1]]).max(axis=2)
        i, j = np.unravel_index(np.argmin(apart), apart.shape)
        if apart[i, j] < 1:
            found.append(np.array([pair[0][near[0][i]], pair[1][near[1][j]]]))
    return found


def _steps(line: FloatArray, axes: tuple[FloatArray, FloatArray]) -> FloatArray:
    """Return points (n, 2) in steps of the lattice."""
    pairs = zip(line.T, axes, strict=True)
    return np.column_stack([np.interp(at, axis, np.arange(axis.size)) for at, axis in pairs])


def _halved(axis: FloatArray, pieces: Sequence[FloatArray], column: int) -> FloatArray:
    """Return an axis with the steps halved that pieces (n, 2) lie in, and those beside them."""
    inside = np.zeros(axis.size - 1, np.bool_)
    for piece in pieces:
        first, last = np.searchsorted(axis, [piece[:, column].min(), piece[:, column].max()])
        inside[max(first - 2, 0) : last + 1] = True
    return np.union1d(axis, (0.5 * (axis[:-1] + axis[1:]))[inside])
