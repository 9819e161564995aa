"""Minima over the rest at points beside each other: what is lower at one is tried at the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from munu.base.descent import CLOSELY, Minimum
from munu.base.typing import FloatArray, IntArray
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
    new = np.ones(n, np.bool_)
    for _ in range(PASSES):
        lower = np.zeros(n, np.bool_)
        for near in neighbours:
            low = np.minimum(found.chi2, found.chi2[near]) <= level + FAR
            rows = np.flatnonzero(low & (new | new[near]))
            rows = rows[apart(found.x[rows], found.x[near[rows]])]
            better, moved = lower_from(joint, points, found, rows, found.x[near[rows]], level)
            found = found.replaced(better, moved)
            lower[better] = True
        new = lower
        if not lower.any():
            break
    return found


def apart(x: FloatArray, other: FloatArray) -> IntArray:
    """Return the rows of two arrays (n, d) that may be minima of different valleys."""
    return np.flatnonzero(np.abs(x - other).max(axis=1, initial=0.0) > JUMP)


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
        parabolic_from=CLOSELY,
    )
    with np.errstate(invalid="ignore"):
        lower = moved.chi2 < before - NOTICEABLE * (1 + np.abs(before))
    better = np.flatnonzero(~moved.failed & (failed | lower))
    return rows[better], moved.chosen(better)
