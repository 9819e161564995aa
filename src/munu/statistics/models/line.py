"""All values of one coordinate that data allow: with interference they can be several intervals.

χ² minimised over the rest is scanned on a grid that is fine about the origin and about every
minimum, and goes out until it has risen for good; each crossing of the level is then refined.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.roots import newton_roots
from munu.base.typing import BoolArray, FloatArray, IntArray
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.minima import Minima, all_minima, samples

SPACING: Final = 0.2
"""Of the grid, in asinh of the coordinate."""
FIRST_END: Final = 30.0
FARTHEST: Final = 1e7
"""Where the grid ends at first and at last, in units of the coordinate."""
GROWTH: Final = 6.0
PASSES: Final = 4
"""Times that minima of neighbours are tried."""
NOTICEABLE: Final = 1e-9
"""Fall of χ², relative to 1 + χ², that is not rounding."""
ABOUT: Final = np.array([-2.0, -1.0, -0.5, -0.2, 0.0, 0.2, 0.5, 1.0, 2.0])
"""Points about a minimum, in units of its width."""


@final
@dataclass(frozen=True)
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
@dataclass(frozen=True)
class LinePoints:
    """Minima over the rest at values v of the first coordinate, increasing.

    Parameters
    ----------
    v, chi2 : array, shape (n,)
    x : array, shape (n, p - 1 + k)
        The other coordinates and the nuisances.
    """

    v: FloatArray
    chi2: FloatArray
    x: FloatArray

    def joined(self, other: LinePoints) -> LinePoints:
        """Return both, in order, without what stands in the first already."""
        new = ~np.isin(other.v, self.v)
        v = np.concatenate([self.v, other.v[new]])
        order = np.argsort(v)
        return LinePoints(
            v[order],
            np.concatenate([self.chi2, other.chi2[new]])[order],
            np.concatenate([self.x, other.x[new]])[order],
        )


@final
@dataclass(frozen=True)
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
    """

    joint: JointChi2
    reach: FloatArray
    low: float
    high: float

    @property
    def rest(self) -> int:
        """Number of the other coordinates."""
        return self.joint.dimension - 1

    @cached_property
    def minima(self) -> Minima:
        """Every minimum over all coordinates, in the domain or not."""
        starts = samples(np.clip(self.reach, FIRST_END, FARTHEST))
        return all_minima(self.joint, np.concatenate([np.zeros((1, self.joint.dimension)), starts]))

    def at(self, v: FloatArray) -> LinePoints:
        """Return the lowest minima found at values v, from those of all valleys."""
        others = np.zeros((1, self.rest))
        if self.rest:
            others = np.concatenate([self.minima.y[:6, 1:], others, others + 0.5])
        starts = np.concatenate(
            [np.column_stack([np.full(len(others), value), others]) for value in v]
        )
        _, found = self.joint.lowest(starts, fixed=1, n=v.size)
        for _ in range(PASSES):
            before = found.chi2.copy()
            for shift in (1, -1):
                near = np.clip(np.arange(v.size) - shift, 0, v.size - 1)
                y = np.column_stack([v, found.x[near, : self.rest]])
                moved = self.joint.minimise(y, fixed=1, theta=found.x[near, self.rest :])
                found = found.or_lower(moved)
            if np.all(found.chi2 >= before - NOTICEABLE * (1 + np.abs(before))):
                break
        return self._points(v, found.chi2, found.x, found.failed, found.step)

    def _points(
        self, v: FloatArray, chi2: FloatArray, x: FloatArray, failed: BoolArray, step: FloatArray
    ) -> LinePoints:
        if np.all(failed):
            raise MunuError(*self.joint.failure(x[0], step[0], fixed=1))
        return LinePoints(v, np.where(failed, np.inf, chi2), x)

    def _grid(self, start: float, end: float) -> FloatArray:
        """Return values from one asinh to another, both ways, in the domain."""
        steps = np.arange(np.arcsinh(start), np.arcsinh(end) + SPACING, SPACING)
        both = np.sinh(np.concatenate([-steps[::-1], steps]))
        return np.unique(both[(both >= self.low) & (both <= self.high)])

    def _about_minima(self, delta: float) -> FloatArray:
        """Return values about each minimum within reach, by its curvature."""
        found = []
        for y, chi2 in zip(self.minima.y, self.minima.chi2, strict=True):
            if chi2 <= self.minima.chi2[0] + 25 * (1 + delta):
                terms, _ = self.joint.profiled(y[None])
                bend = np.abs(np.linalg.pinv(terms.hessian[0])[0, 0])
                found.append(y[0] + ABOUT * np.minimum(np.sqrt(2 * delta * bend), FIRST_END))
        values = np.concatenate([*found, np.array([self.low, self.high, 0.0])])
        return np.unique(values[(values >= self.low) & (values <= self.high) & np.isfinite(values)])

    def scanned(self, delta: float) -> LinePoints:
        """Return points that go out until χ² has risen by delta above the lowest for good."""
        end = float(np.clip(self.reach[0], FIRST_END, FARTHEST))
        first = np.union1d(self._grid(0.0, end), self._about_minima(delta))
        points = self.at(first)
        end = max(end, float(np.abs(first).max()))
        while end < FARTHEST:
            level = points.chi2.min() + delta
            open_ends = [
                points.chi2[i] <= level or points.chi2[i] < points.chi2[j]
                for i, j, bound in ((0, 1, self.low), (-1, -2, self.high))
                if points.v[i] != bound
            ]
            if not any(open_ends):
                break
            further = self._grid(end, end * GROWTH)
            further = further[np.abs(further) > end]
            if further.size == 0:
                break
            points = points.joined(self.at(further))
            end *= GROWTH
        return points

    def allowed(self, delta: float) -> Allowed:
        """Return every interval where χ² is at most delta above its lowest in the domain."""
        points = self.scanned(delta)
        points = points.joined(self._bottoms(points))
        chi2_min = float(points.chi2.min())
        level = chi2_min + delta
        equal = points.chi2 <= chi2_min + NOTICEABLE * (1 + abs(chi2_min))
        best = int(np.argmin(np.where(equal, np.abs(points.v), np.inf)))
        over = points.chi2 > level
        crossing = np.flatnonzero(over[1:] != over[:-1])
        ends = self._crossings(points, crossing, level)
        if not over[0]:
            ends = np.concatenate([[points.v[0] if points.v[0] == self.low else -np.inf], ends])
        if not over[-1]:
            ends = np.concatenate([ends, [points.v[-1] if points.v[-1] == self.high else np.inf]])
        return Allowed(ends.reshape(-1, 2), float(points.v[best]), chi2_min)

    def _bottoms(self, points: LinePoints) -> LinePoints:
        """Return the minima between points of which the middle one is lowest, if there are any."""
        c = points.chi2
        middle = 1 + np.flatnonzero((c[1:-1] <= c[:-2]) & (c[1:-1] <= c[2:]))
        if middle.size == 0:
            return LinePoints(points.v[:0], points.chi2[:0], points.x[:0])
        y = np.column_stack([points.v[middle], points.x[middle, : self.rest]])
        found = self.joint.minimise(y, fixed=0, theta=points.x[middle, self.rest :])
        inside = ~found.failed & (found.x[:, 0] > points.v[middle - 1])
        inside &= found.x[:, 0] < points.v[middle + 1]
        return LinePoints(found.x[inside, 0], found.chi2[inside], found.x[inside, 1:])

    def _crossings(self, points: LinePoints, left: IntArray, level: float) -> FloatArray:
        """Return where χ² crosses the level between points and the next ones."""
        if left.size == 0:
            return np.empty(0)

        def over(v: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
            beside = [points.x[left[rows] + side] for side in (0, 1)]
            best = self.joint.minimise(np.column_stack([v, beside[0][:, : self.rest]]), fixed=1)
            for x in beside:
                y = np.column_stack([v, x[:, : self.rest]])
                best = best.or_lower(self.joint.minimise(y, fixed=1, theta=x[:, self.rest :]))
            y = np.column_stack([v, best.x[:, : self.rest]])
            return best.chi2 - level, self.joint.slope(y, best.x[:, self.rest :])[:, 0]

        v, chi2 = points.v, np.where(np.isfinite(points.chi2), points.chi2, 1e300)
        return newton_roots(
            over,
            v[left],
            v[left + 1],
            chi2[left] - level,
            chi2[left + 1] - level,
            rounding=1e-11 * (1 + abs(level)),
        )
