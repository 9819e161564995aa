"""Contours on a lattice that is fine enough for every piece of them.

A thin region breaks into pieces on a lattice with steps as wide as it: small ones, or ones that
nearly touch. About these the lattice is made finer until it holds, or until there are none, or
until pieces have stayed apart. Between, the contour is that of the interpolation.
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

ROUNDS: Final = 16
MOST: Final = 20_000
"""Times that lines are added or vertices moved, and the points that a lattice may have."""
APART: Final = 2
"""Times that the lattice is made finer about pieces without a change of their number."""
FEW: Final = 16
"""Vertices of a piece, or of a hole, up to which its shape is not told."""


def resolved(
    surface: Surface, lattice: Lattice, points: FloatArray, contour: Contour | None = None
) -> Contour:
    """Return the contour on a lattice, or on a finer one.

    Parameters
    ----------
    surface : Surface
    lattice : Lattice
    points : array, shape (n, 2)
        Minima below the level, which lie inside: one that does not, lies between lines.
    contour : Contour, optional
        That on the lattice, where it is known.
    """
    contour = contour or lattice.contour(surface)
    moved, pieces, apart = True, 0, 0
    for _ in range(ROUNDS):
        axes = lattice.axes
        lost = points[~contour.holds(points)]
        vague = []
        if apart < APART:
            few = [one for one in contour.loops if len(one) <= FEW]
            vague = few + _touching(contour, axes)
        x, y = (
            np.union1d(_halved(axis, vague, column), lost[:, column])
            for column, axis in enumerate(axes)
        )
        enough = x.size + y.size == axes[0].size + axes[1].size or x.size * y.size > MOST
        if enough and moved:
            break
        if enough:
            contour, moved = lattice.contour(surface), True
            continue
        lattice = lattice.finer(surface, x, y)
        contour, moved = lattice.drawn(), False
        apart = apart + 1 if len(contour.loops) == pieces else 0
        pieces = len(contour.loops)
    return contour if moved else lattice.contour(surface)


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
