"""Minima over the rest at points beside each other: what is lower at one is tried at the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.descent import LONGEST_STEP, SURELY, newton_step
from munu.base.terms import Terms
from munu.base.typing import BoolArray, FloatArray, IntArray
from munu.statistics.models.followed import Followed
from munu.statistics.models.joint import JointChi2

JUMP: Final = 0.3
"""Difference of coordinates or nuisances of neighbours that may lie in different valleys."""
KNOWN: Final = 2e-3
"""Difference from a minimum up to which it is that one: some are a hundredth apart."""
STEPS: Final = 2
"""Newton steps from a start, after each of which is looked where it leads."""
FOLLOWED: Final = 60
"""Further steps, after which it is given up: in a valley with kinks searches creep by hundreds."""
FAR: Final = 30.0
"""Above the level, from which a valley is not followed to where it might be lower."""
PASSES: Final = 99
"""Times that the minima of neighbours are tried."""
NOTICEABLE: Final = 1e-9
"""Fall of χ², relative to 1 + χ², that is not rounding."""


@final
@dataclass(frozen=True, eq=False)
class Known:
    """What is known of minima: how low they are, and where.

    Parameters
    ----------
    chi2 : array, shape (n,)
        Infinite where none was found.
    x : array, shape (n, d)
    """

    chi2: FloatArray
    x: FloatArray

    @classmethod
    def of(cls, found: Followed) -> Known:
        """Return what is known of minima that were followed."""
        return cls(np.where(found.failed, np.inf, found.chi2), found.x)


def settled(
    joint: JointChi2,
    points: FloatArray,
    found: Followed,
    neighbours: Sequence[IntArray],
    level: float,
) -> Followed:
    """Return minima, or what those of neighbours lead to where it is lower.

    Parameters
    ----------
    joint : JointChi2
    points : array, shape (n, fixed)
        Values of its first coordinates.
    found : Followed
        Over the rest, of each point.
    neighbours : sequence of array, shape (n,)
        One neighbour of each point, itself where it has none.
    level : float
        Where both are far above, nothing is tried.
    """
    n = len(points)
    new, lead = np.ones(n, np.bool_), found.lead.copy()
    for _ in range(PASSES):
        tried = []
        for near in neighbours:
            low = np.minimum(found.chi2, found.chi2[near]) <= level + FAR
            rows = np.flatnonzero(low & (new | new[near]))
            from_near = followed(found.x, lead, points, near[rows], points[rows])
            back = followed(found.x, lead, points, rows, points[near[rows]])
            other = apart(found.x[rows], from_near) | apart(found.x[near[rows]], back)
            tried.append((rows[other], from_near[other]))
        rows, starts = (np.concatenate(one) for one in zip(*tried, strict=True))
        better, moved = lower_from(joint, points, Known.of(found), rows, starts, level)
        if better.size == 0:
            break
        found, new = found.replaced(better, moved), np.zeros(n, np.bool_)
        lead[better], new[better] = moved.lead, True
    return found


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


def any_apart(x: FloatArray, others: Sequence[FloatArray]) -> BoolArray:
    """Return which rows of an array (n, d) may be in another valley than those of any other."""
    found = np.zeros(len(x), np.bool_)
    for other in others:
        found |= apart(x, other)
    return found


def valleys_of(x: FloatArray, most: int) -> FloatArray:
    """Return the first of points (n, d) of each valley, so many at most."""
    kept = x[:1]
    for one in x[1:]:
        if len(kept) < most and apart(kept, one).all():
            kept = np.concatenate([kept, one[None]])
    return kept


def lowered(
    joint: JointChi2,
    points: FloatArray,
    found: Followed,
    starts: Sequence[FloatArray],
    level: float = np.inf,
) -> Followed:
    """Return minima, or those that other starts, each (n, d), lead to where they are lower.

    What leads to none below the level is given up.
    """
    return found.replaced(*lower_elsewhere(joint, points, Known.of(found), starts, level))


def lower_elsewhere(
    joint: JointChi2,
    points: FloatArray,
    known: Known,
    starts: Sequence[FloatArray],
    level: float = np.inf,
) -> tuple[IntArray, Followed]:
    """Return rows of points where starts, each (n, d), lead to lower minima, and these minima."""
    rows = [np.flatnonzero(apart(start, known.x)) for start in starts]
    every = np.concatenate([np.empty(0, int), *rows])
    x = [known.x[:0], *(start[row] for start, row in zip(starts, rows, strict=True))]
    return lower_from(joint, points, known, every, np.concatenate(x), level)


def lower_from(
    joint: JointChi2,
    points: FloatArray,
    known: Known,
    rows: IntArray,
    x: FloatArray,
    level: float,
) -> tuple[IntArray, Followed]:
    """Return which of some rows have lower minima than known from starts x, and these minima.

    A row may have several starts, of which the lowest minimum counts.
    """
    x, safe = x.copy(), np.ones(rows.size, np.bool_)
    for _ in range(STEPS):
        some = np.flatnonzero(safe)
        if some.size == 0:
            break
        own, left = rows[some], np.ones(rows.size, np.bool_)
        there = Known(known.chi2[own], known.x[own])
        x[some], safe[some], left[some] = _stepped(joint, points[own], there, x[some], level)
        rows, x, safe = rows[left], x[left], safe[left]
    if rows.size == 0:
        return rows, Followed.of_none(points.shape[1], x.shape[1])
    rest, before = joint.dimension - points.shape[1], known.chi2[rows]
    moved = joint.followed(
        np.column_stack([points[rows], x[:, :rest]]),
        fixed=points.shape[1],
        theta=x[:, rest:],
        steps=FOLLOWED,
        above=np.where(np.isinf(before), np.inf, np.minimum(before, level)),
    )
    with np.errstate(invalid="ignore"):
        lower = np.isinf(before) | (moved.chi2 < before - NOTICEABLE * (1 + np.abs(before)))
    better = np.flatnonzero(~moved.failed & lower)
    order = better[np.argsort(moved.chi2[better], kind="stable")]
    row, first = np.unique(rows[order], return_index=True)
    return row, moved.chosen(order[first])


def _stepped(
    joint: JointChi2, points: FloatArray, known: Known, x: FloatArray, level: float
) -> tuple[FloatArray, BoolArray, BoolArray]:
    """Return starts x after a Newton step, where that is safe, and which may lead to lower minima.

    Not those that are then at the minima that are known, or promise too little.
    """
    fixed, rest = points.shape[1], joint.dimension - points.shape[1]
    whole = joint.terms(np.column_stack([points, x[:, :rest]]), x[:, rest:])
    terms = Terms(whole.chi2, whole.gradient[:, fixed:], whole.hessian[:, fixed:, fixed:])
    step, convex = newton_step(terms, rest)
    gain = -np.einsum("md,md->m", step, terms.gradient)
    safe = convex & (np.abs(step).max(axis=1, initial=0.0) <= LONGEST_STEP)
    after = np.where(safe[:, None], x + step, x)
    high = terms.chi2 - 0.5 * SURELY * gain > np.minimum(known.chi2, level)
    there = np.abs(after - known.x).max(axis=1, initial=0.0) <= KNOWN
    return after, safe, np.asarray(np.isinf(known.chi2) | ~(safe & (high | there)))
