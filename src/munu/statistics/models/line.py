"""All values of one coordinate that data allow: with interference they can be several intervals.

χ² minimised over the rest is scanned on a grid that is fine about the origin and about every
minimum, and goes out until it has risen for good; each crossing of the level is then refined.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, final

import numpy as np

from munu.base.anchors import Anchors
from munu.base.distinct import distinct
from munu.base.errors import MunuError
from munu.base.roots import newton_roots
from munu.base.terms import Terms
from munu.base.typing import BoolArray, FloatArray, IntArray
from munu.statistics.models.anchored import anchored, lowest_of
from munu.statistics.models.crossings import curved, stepped, turning
from munu.statistics.models.followed import Followed
from munu.statistics.models.joint import JointChi2, best_of
from munu.statistics.models.joint_starts import valleys_along
from munu.statistics.models.line_grid import SPACING, both_ways, grid_within
from munu.statistics.models.line_points import LinePoints
from munu.statistics.models.lone import emptied, lone_starts
from munu.statistics.models.minima import Minima, all_minima, samples
from munu.statistics.models.muted import Muted
from munu.statistics.models.neighbours import (
    NOTICEABLE,
    any_apart,
    lowered,
    settled,
    valleys_of,
)
from munu.statistics.models.saddles import off_saddles

BESIDE: Final = 0.3
"""Part of the spacing within which a point of the grid is left out beside one about a minimum."""
FIRST_END: Final = 30.0
FARTHEST: Final = 1e7
"""Where the grid ends at first and at last, in units of the coordinate."""
BEYOND_MINIMA: Final = 30.0
"""How many times as far as the farthest minimum the grid goes at least, if χ² has not risen."""
OF_LIMITS: Final = 10.0
"""Where limits mostly are, in the same units."""
GROWTH: Final = 6.0
VALLEYS, SCOUTS, SCOUTING = 10, 3, 2
"""Minima from which others start; starts that are followed, and for how many steps."""
EQUALS: Final = 4
"""Minima of one χ² that are such starts: a phase that no event tells makes a ring of them."""
CHECKS: Final = 3
"""How often ends are looked for, as long as a valley that is lower there is found."""
PATIENCE, HOPELESS = 40, 100.0
"""Steps after which a minimum so far above the level is not followed any farther."""
EVEN: Final = 97
"""Points out to where data reach at which a lone coordinate starts."""
WIDE: Final = 1.5
"""Distance of these beyond which it starts at those of the grid as well."""
SCANNED: Final = 9
"""Values of the first coordinate at which minima of a square are looked for."""
REFINEMENTS: Final = 4
ABOUT: Final = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
"""Points about a minimum, in units of its width."""


@final
@dataclass(frozen=True, eq=False)
class Allowed:
    """Where Δχ² is at most a level.

    Parameters
    ----------
    intervals : array, shape (k, 2)
        Increasing; an end that is not reached is infinite.
    best_fit, chi2_min : float
        Of two that are equally good, the one nearer to the origin.
    """

    intervals: FloatArray
    best_fit: float
    chi2_min: float


@final
@dataclass(frozen=True, eq=False)
class Line:
    """χ² along the first coordinate of a joint χ², the rest minimised over.

    Parameters
    ----------
    joint : JointChi2
        Its coordinates are of order one.
    reach : array, shape (p,)
        How far they are looked at, at least.
    low, high : float
        Domain of the first.
    known : Minima, optional
        Its minima, where they have been looked for already.
    """

    joint: JointChi2
    reach: FloatArray
    low: float = -np.inf
    high: float = np.inf
    known: Minima | None = None

    @property
    def rest(self) -> int:
        """Number of the other coordinates."""
        return self.joint.dimension - 1

    @cached_property
    def minima(self) -> Minima:
        """Every minimum over all coordinates, in the domain or not."""
        if self.known is not None:
            return self.known
        reach = self._looked_at
        if self.rest:
            origin = np.zeros((1, self.joint.dimension))
            starts = np.concatenate([origin, samples(reach)])
            return all_minima(self.joint, starts, self._valleys[1])
        v = np.linspace(-reach[0], reach[0], EVEN)
        if v[1] - v[0] > WIDE:
            v = distinct(v, both_ways(0.0, reach[0]))
        return all_minima(self.joint, lone_starts(self.joint, v)[:, None])

    @cached_property
    def _others(self) -> FloatArray:
        """Where the other coordinates start, shape (n, p - 1)."""
        zero = np.zeros((1, self.rest))
        if self.rest == 0:
            return zero
        own = self.minima.y[self.minima.few_of_each(EQUALS), 1:]
        found = np.concatenate([own, self._valleys[0], zero, zero + 0.5])
        at_one = np.column_stack([np.ones(len(found)), found])
        alone = 0.5 * np.eye(self.rest)[self._squares]
        starts = np.concatenate([off_saddles(self.joint.extra, at_one, 1)[:, 1:], alone])
        return valleys_of(starts, VALLEYS + len(alone))

    @cached_property
    def _valleys(self) -> tuple[FloatArray, FloatArray]:
        """Where χ² may be lowest at values of the first, and over all coordinates.

        Minima over all coordinates may not tell: their valley may end at the border of the domain.
        """
        return valleys_along(self.joint, self._scanned(FIRST_END), self._looked_at)

    @cached_property
    def _muted(self) -> Muted:
        """Valleys in which a shape takes away the events of couplings."""
        return Muted.of(self.joint, self._scanned(OF_LIMITS), self._looked_at)

    def _scanned(self, end: float) -> FloatArray:
        """Return values of the first, out to an end, at which valleys are looked for."""
        borders = np.array([max(self.low, -end), min(self.high, end)])
        values = distinct(grid_within(0.0, end, self.low, self.high), borders)
        return values[Anchors.at_most(values.size, SCANNED).rows]

    @property
    def _looked_at(self) -> FloatArray:
        """How far coordinates are looked at, shape (p,)."""
        return np.clip(self.reach, FIRST_END, FARTHEST)

    @cached_property
    def _squares(self) -> IntArray:
        """Which of the others are squares, if several: each has a saddle where it is zero."""
        found = np.array([i - 1 for i in self.joint.extra.squares if i > 0], int)
        return found if found.size > 1 else found[:0]

    def at(self, v: FloatArray, level: float = np.inf) -> LinePoints:
        """Return the lowest minima found at values v, from those of all valleys.

        Those above a level for sure may be those of the parabola.
        """
        k = len(self._others)
        y = np.column_stack([np.repeat(v, k), np.tile(self._others, (v.size, 1))])
        if k > 1:
            scouts, steps = (k, PATIENCE) if self._squares.size else (SCOUTS, SCOUTING)
            theta = self.joint.linear_start(y)
            best = lowest_of(self.joint.at(y, theta), v.size, scouts)
            found = self._followed(y[best], theta[best], level, best.size // v.size, steps)
            if not self._squares.size:
                found = anchored(self.joint, v, self._others, found, level)
            found = lowered(self.joint, v[:, None], found, self._muted.starts(v), level)
        else:
            found = self._followed(y, self.joint.linear_start(y), level)
        index = np.arange(v.size)
        beside = [np.clip(index - shift, 0, v.size - 1) for shift in (1, -1)]
        found = settled(self.joint, v[:, None], found, beside, level)
        return self._points(v, found, -np.inf if np.isinf(level) else level)

    def _followed(
        self, y: FloatArray, theta: FloatArray, level: float, starts: int = 1, scouting: int = 0
    ) -> Followed:
        """Return the minima over the rest, those far above the level not followed to the end.

        The best of several starts of each goes on after a few steps.
        """
        found = self.joint.followed(
            y,
            fixed=1,
            theta=theta,
            steps=scouting + PATIENCE,
            above=None if np.isinf(level) else np.full(len(y), level),
            starts=starts,
            prunings=[best_of(starts, scouting, 1)] if starts > 1 else [],
        )
        found = found.chosen(lowest_of(found.chi2, len(y) // starts, 1))
        rows = np.flatnonzero(found.failed & (found.chi2 < level + HOPELESS))
        if rows.size == 0:
            return found
        further = self.joint.followed(
            np.column_stack([y[rows * starts, 0], found.x[rows, : self.rest]]),
            fixed=1,
            theta=found.x[rows, self.rest :],
            above=None if np.isinf(level) else np.full(rows.size, level),
        )
        return found.replaced(rows, further)

    def _points(self, v: FloatArray, found: Followed, level: float) -> LinePoints:
        if np.all(found.failed):
            raise MunuError(*self.joint.failure(found.x[0], found.minimum.step[0], fixed=1))
        # A search ends nowhere below its minimum: under the level it tells enough.
        chi2 = np.where(found.failed & ~(found.chi2 <= level), np.inf, found.chi2)
        return LinePoints(v, chi2, found.slope[:, 0], found.x, found.lead[:, 0])

    def _about_minima(self, delta: float) -> FloatArray:
        """Return values about each minimum within reach, by its curvature."""
        near = self.minima.chi2 <= self.minima.chi2[0] + 25 * (1 + delta)
        width = np.minimum(np.sqrt(delta) * self.minima.spread[near, :1], FIRST_END)
        found = (self.minima.y[near, :1] + ABOUT * width).ravel()
        peaks = np.empty(0) if self.rest else emptied(self.joint)
        values = np.concatenate([found, peaks, np.array([self.low, self.high, 0.0])])
        return distinct(values[(values >= self.low) & (values <= self.high) & np.isfinite(values)])

    def _level(self, v: FloatArray, delta: float) -> float:
        """Return delta above a value that χ² has in the domain: the level is not higher."""
        inside = (self.minima.y[:, 0] >= self.low) & (self.minima.y[:, 0] <= self.high)
        if inside.any():
            return float(self.minima.chi2[inside].min()) + delta
        values = self.joint.at_linear_start(np.column_stack([v, np.zeros((v.size, self.rest))]))
        return float(np.min(values[np.isfinite(values)], initial=np.inf)) + delta

    def scanned(self, delta: float) -> LinePoints:
        """Return points that go out until χ² has risen by delta above the lowest for good."""
        end = float(np.clip(self.reach[0], FIRST_END, FARTHEST))
        about, grid = self._about_minima(delta), grid_within(0.0, end, self.low, self.high)
        between = np.abs(np.subtract.outer(np.arcsinh(grid), np.arcsinh(about))).min(axis=1)
        first = distinct(about, grid[between > BESIDE * SPACING])
        level = self._level(first, delta)
        points = self.at(first, level)
        end = max(end, float(np.abs(first).max()))
        farthest = max(FARTHEST, BEYOND_MINIMA * float(np.abs(about).max(initial=0.0)))
        while end < farthest:
            level = points.chi2.min() + delta
            if not any(
                points.v[i] != bound and self._goes_on(points, i, j, level)
                for i, j, bound in ((0, 1, self.low), (-1, -2, self.high))
            ):
                break
            further = grid_within(end, end * GROWTH, self.low, self.high)
            further = further[np.abs(further) > end]
            if further.size == 0:
                break
            points = points.joined(self.at(further, level))
            end *= GROWTH
        return self._refined(points, delta)

    def _goes_on(self, points: LinePoints, last: int, before: int, level: float) -> bool:
        """Whether χ² is below a level at the last point of an end, or falls outwards there."""
        if points.chi2[last] <= level:
            return True
        if points.chi2[last] >= points.chi2[before]:
            return False
        # Far above the level nuisances were not followed to the end: the slope tells more.
        y = np.concatenate([[points.v[last]], points.x[last, : self.rest]])
        slope = self.joint.slope(y[None], points.x[last : last + 1 or None, self.rest :])[0, 0]
        if slope * (points.v[last] - points.v[before]) >= 0:
            return False
        followed = self.at(np.sort(points.v[[last, before]])).chi2
        return bool(followed[last] < followed[before])

    def _refined(self, points: LinePoints, delta: float) -> LinePoints:
        """Return points with those between neighbours where χ² may come back to the level.

        The cubic through values and slopes of two neighbours tells where.
        """
        for _ in range(REFINEMENTS):
            level = points.chi2.min() + delta
            new = turning(points.v, points.chi2, points.slope, level)
            if new.size == 0:
                break
            points = points.joined(self.at(new, level))
        return points

    def allowed(self, delta: float, checks: int = CHECKS) -> Allowed:
        """Return every interval where χ² is at most delta above its lowest in the domain.

        Ends are looked at as often again, as long as there is a lower valley at one.
        """
        points = self._with_bottoms(self.scanned(delta), delta)
        ends = self._ends(points, points.chi2.min() + delta)
        for _ in range(checks if self.rest else 0):
            inner = ends[np.isfinite(ends) & ~np.isin(ends, points.v)]
            below = self._below(inner, points.chi2.min() + delta) if inner.size else None
            if below is None:
                break
            points = self._with_bottoms(self._refined(points.joined(below), delta), delta)
            ends = self._ends(points, points.chi2.min() + delta)
        chi2_min = float(points.chi2.min())
        equal = points.chi2 <= chi2_min + NOTICEABLE * (1 + abs(chi2_min))
        best = float(points.v[np.argmin(np.where(equal, np.abs(points.v), np.inf))])
        return Allowed(ends.reshape(-1, 2), best, chi2_min)

    def _below(self, ends: FloatArray, level: float) -> LinePoints | None:
        """Return ends below the level, in valleys that their neighbours did not see, if any are."""
        found = self.at(ends, level)
        rows = np.flatnonzero(found.chi2 < level - NOTICEABLE * (1 + abs(level)))
        return found.chosen(rows) if rows.size else None

    def _ends(self, points: LinePoints, level: float) -> FloatArray:
        """Return the ends of all intervals where χ² is at most at the level, in order."""
        over = points.chi2 > level
        ends = self._crossings(points, np.flatnonzero(over[1:] != over[:-1]), level)
        if not over[0]:
            ends = np.concatenate([[points.v[0] if points.v[0] == self.low else -np.inf], ends])
        if not over[-1]:
            ends = np.concatenate([ends, [points.v[-1] if points.v[-1] == self.high else np.inf]])
        return ends

    def _with_bottoms(self, points: LinePoints, delta: float) -> LinePoints:
        """Return points, and the minima between them."""
        return points.joined(self._bottoms(points, points.chi2.min() + delta))

    def _bottoms(self, points: LinePoints, level: float) -> LinePoints:
        """Return the minima between points of which the middle one is lowest, if there are any."""
        c = points.chi2
        middle = 1 + np.flatnonzero((c[1:-1] <= c[:-2]) & (c[1:-1] <= c[2:]))
        middle = middle[~self._are_minima(points, middle)]
        if middle.size == 0:
            return points.chosen(middle)
        y = np.column_stack([points.v[middle], points.x[middle, : self.rest]])
        above = np.full(middle.size, level)
        found = self.joint.minimise(y, fixed=0, theta=points.x[middle, self.rest :], above=above)
        inside = ~found.failed & (found.x[:, 0] > points.v[middle - 1])
        inside &= found.x[:, 0] < points.v[middle + 1]
        v, chi2, lead = found.x[inside, 0], found.chi2[inside], points.lead[middle[inside]]
        return LinePoints(v, chi2, np.zeros(v.size), found.x[inside, 1:], lead)

    def _are_minima(self, points: LinePoints, rows: IntArray) -> BoolArray:
        """Return which points are minima that are known."""
        at = np.abs(np.subtract.outer(points.v[rows], self.minima.y[:, 0])).argmin(axis=1)
        rise = np.abs(points.chi2[rows] - self.minima.chi2[at])
        same = points.v[rows] == self.minima.y[at, 0]
        return np.asarray(same & (rise <= NOTICEABLE * (1 + np.abs(points.chi2[rows]))))

    def _crossings(self, points: LinePoints, left: IntArray, level: float) -> FloatArray:
        """Return where χ² crosses the level between points and the next ones."""
        if left.size == 0:
            return np.empty(0)
        right, v = left + 1, points.v
        chi2 = np.where(np.isfinite(points.chi2), points.chi2, 1e300) - level
        ends = v[left], v[right], chi2[left], chi2[right]
        width = v[right] - v[left]
        slopes = width * points.slope[left], width * points.slope[right]
        part, rising = curved(ends[2], ends[3], *slopes)
        at = v[left] + part * width
        start = points.at(np.where(part < 0.5, left, right), at)

        def terms(v: FloatArray, x: FloatArray, _: IntArray) -> Terms:
            return self.joint.terms(np.column_stack([v, x[:, : self.rest]]), x[:, self.rest :])

        at, start, found = stepped(terms, at, start, ends[:2], rising, level)
        found &= ~any_apart(start, [points.at(side, at) for side in (left, right)])
        rows = np.flatnonzero(~found)
        if rows.size == 0:
            return at

        def over(v: FloatArray, some: IntArray) -> tuple[FloatArray, FloatArray]:
            own = rows[some]
            best = self._lowest_from(v, start[own])
            beside = [points.at(side[own], v) for side in (left, right)]
            best = lowered(self.joint, v[:, None], best, beside)
            start[own] = best.x
            return best.chi2 - level, best.slope[:, 0]

        rounding = 1e-11 * (1 + abs(level))
        value, _ = over(at[rows], np.arange(rows.size))
        rows = rows[~(np.abs(value) <= rounding)]
        if rows.size:
            at[rows] = newton_roots(over, *(end[rows] for end in ends), rounding=rounding)
        return at

    def _lowest_from(self, v: FloatArray, x: FloatArray) -> Followed:
        """Return the minima at values v of the first coordinate from starts x of the rest."""
        y, theta = np.column_stack([v, x[:, : self.rest]]), x[:, self.rest :]
        return self.joint.followed(y, fixed=1, theta=theta)
