"""Minima over the rest at points beside each other: what is lower at one is tried at the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from munu.base.descent import Minimum
from munu.base.typing import BoolArray, FloatArray, IntArray
from munu.statistics.models.joint import JointChi2

JUMP: Final = 0.3
"""Difference of coordinates or nuisances of neighbours that may lie in different valleys."""
FAR: Final = 30.0
"""Above the level, from which a valley is not followed to where it might be lower."""
PASSES: Final = 4
"""Times that the minima of neighbours are tried."""
NOTICEABLE: Final = 1e-9
"""Fall of χ², relative to 1 + χ², that is not rounding."""


def settled(
    joint: JointChi2,
    points: FloatArray,
    found: Minimum,
    neighbours: Sequence[IntArray],
    level: float,
) -> Minimum:
    """Return minima, or what those of neighbours lead to where it is lower.

    Parameters
    ----------
    joint : JointChi2
    points : array, shape (n, fixed)
        Values of its first coordinates.
    found : Minimum
        Over the rest, of each point.
    neighbours : sequence of array, shape (n,)
        One neighbour of each point, itself where it has none.
    level : float
        Where both are far above, nothing is tried.
    """
    n = len(points)
    new, lead = np.ones(n, np.bool_), _lead(joint, points, found)
    for _ in range(PASSES):
        lower = np.zeros(n, np.bool_)
        for near in neighbours:
            low = np.minimum(found.chi2, found.chi2[near]) <= level + FAR
            rows = np.flatnonzero(low & (new | new[near]))
            from_near = followed(found.x, lead, points, near[rows], points[rows])
            back = followed(found.x, lead, points, rows, points[near[rows]])
            other = apart(found.x[rows], from_near) | apart(found.x[near[rows]], back)
            rows, starts = rows[other], from_near[other]
            better, moved = lower_from(joint, points, found, rows, starts, level)
            if better.size:
                found = found.replaced(better, moved)
                lead[better] = _lead(joint, points[better], moved)
            lower[better] = True
        new = lower
        if not lower.any():
            break
    return found


def _lead(joint: JointChi2, points: FloatArray, found: Minimum) -> FloatArray:
    fixed, rest = points.shape[1], joint.dimension - points.shape[1]
    y = np.column_stack([points, found.x[:, :rest]])
    return joint.lead(y, found.x[:, rest:], fixed)


def followed(
    x: FloatArray, lead: FloatArray, points: FloatArray, rows: IntArray, to: FloatArray
) -> FloatArray:
    """Return about where minima at some of the points go to, if followed to other points.

    Parameters
    ----------
    x, lead : array, shape (n, d) and (n, fixed, d)
        Minima, and how they change with the coordinates.
    points : array, shape (n, fixed)
    rows : array, shape (m,)
    to : array, shape (m, fixed)
    """
    return np.asarray(x[rows] + np.einsum("mi,mid->md", to - points[rows], lead[rows]))


def apart(x: FloatArray, other: FloatArray) -> BoolArray:
    """Return which rows of two arrays (n, d) may be minima of different valleys."""
    return np.asarray(np.abs(x - other).max(axis=1, initial=0.0) > JUMP)


def lower_from(
    joint: JointChi2,
    points: FloatArray,
    found: Minimum,
    rows: IntArray,
    x: FloatArray,
    level: float,
) -> tuple[IntArray, Minimum]:
    """Return which of some rows have lower minima than found from starts x, and these minima."""
    if rows.size == 0:
        return rows, found.chosen(rows)
    rest = joint.dimension - points.shape[1]
    before, failed = found.chi2[rows], found.failed[rows]
    moved = joint.minimise(
        np.column_stack([points[rows], x[:, :rest]]),
        fixed=points.shape[1],
        theta=x[:, rest:],
        above=np.where(failed, np.inf, np.minimum(before, level)),
    )
    with np.errstate(invalid="ignore"):
        lower = moved.chi2 < before - NOTICEABLE * (1 + np.abs(before))
    better = np.flatnonzero(~moved.failed & (failed | lower))
    return rows[better], moved.chosen(better)
