"""Minima along a line of which some are the lowest that any start leads to."""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.base.anchors import Anchors
from munu.base.typing import FloatArray, IntArray
from munu.statistics.models.followed import Followed
from munu.statistics.models.joint import JointChi2, best_of

ANCHORS: Final = 7
"""Values at which all starts are followed to the end, of those whose χ² is below the level."""
TOGETHER, KEPT = 4, 2
"""Steps after which the starts of one value have come together, and how many of them go on."""
STEPS: Final = 40


def anchored(
    joint: JointChi2, v: FloatArray, others: FloatArray, found: Followed, level: float
) -> Followed:
    """Return minima, or at some values the lowest that any start leads to.

    A few steps do not tell which of two valleys goes deeper; neighbours may learn it from these.

    Parameters
    ----------
    joint : JointChi2
    v : array, shape (n,)
        Values of its first coordinate.
    others : array, shape (k, p - 1)
        Starts of the others.
    found : Followed
        Minima over these, at each value.
    level : float
        Above it nothing is tried.
    """
    near = np.flatnonzero(found.chi2 <= level)
    if near.size == 0:
        return found
    rows, k = near[Anchors.at_most(near.size, ANCHORS).rows], len(others)
    every = joint.followed(
        np.column_stack([np.repeat(v[rows], k), np.tile(others, (rows.size, 1))]),
        fixed=1,
        steps=STEPS,
        above=np.repeat(found.chi2[rows], k),
        starts=k,
        prunings=[best_of(k, TOGETHER, KEPT)],
    )
    lost = np.where(every.failed, np.inf, every.chi2)
    lowest = every.chosen(lowest_of(lost, rows.size, 1))
    return found.replaced(rows, found.chosen(rows).or_lower(lowest))


def lowest_of(chi2: FloatArray, n: int, kept: int) -> IntArray:
    """Return the rows of the lowest of each of n problems, shape (n kept,)."""
    table = np.where(np.isfinite(chi2), chi2, np.inf).reshape(n, -1)
    kept = min(kept, table.shape[1])
    best = np.argsort(table, axis=1, kind="stable")[:, :kept]
    return np.asarray((best + table.shape[1] * np.arange(n)[:, None]).ravel())
