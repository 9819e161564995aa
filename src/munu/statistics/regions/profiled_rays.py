r"""Boundaries along rays where moments, phases and numerical nuisances are profiled together.

At a distance r along a ray χ² is minimised over all that is profiled; the boundary is where that
minimum crosses the level. Some rays look for their minimum from scratch, the others start from the
minima of their neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.anchors import SPACING, Anchors, shared_with_neighbours
from munu.base.descent import Minimum
from munu.base.errors import MunuError
from munu.base.tolerances import DISTINCT, FARTHEST, NARROW, PRECISION, ROUNDING
from munu.base.typing import BoolArray, FloatArray, IntArray
from munu.statistics.models.joint import SCOUTS, JointChi2
from munu.statistics.models.plane import PHASES, turned
from munu.statistics.models.plane_events import plane_chi2, unit_mu_b
from munu.statistics.models.ray_scan import LAST, scan_range
from munu.statistics.regions.ray_solver import Rays
from munu.statistics.regions.solved_rays import Failure, SolvedRays

FAR_SCOUTS = 16
"""Starts that are followed where they are far apart."""
NEAR = np.array([0.3, 1.0])
"""Distances, in the unit, from which the best fit is looked for first."""
NOTED = 0.1
"""Gain of χ² by moments, above which it is looked for farther out."""
FANNED, RUNGS = 9, 7
"""Rays and distances of that search."""
MAXIMUM_TRIALS = 80
SEARCHES = 4
"""Times that the minima at the boundary are looked for again."""
GOLDEN = 0.5 * (np.sqrt(5.0) - 1)
GOLDEN_STEPS = 36


@final
@dataclass(frozen=True)
class ProfiledRays(Rays):
    """Boundaries of a region that holds the Standard Model, of a likelihood with nuisances."""

    @cached_property
    def unit_mu_b(self) -> float:
        """The smallest modulus at which Δχ² is one."""
        return unit_mu_b(self.model, self.plane)

    @cached_property
    def joint(self) -> JointChi2:
        """χ² of the point shown, of what is profiled and of the nuisances."""
        return plane_chi2(self.model, self.plane, self.unit_mu_b, self.plane.profiled)

    @cached_property
    def best_fit(self) -> tuple[float, FloatArray]:
        """The global minimum of χ² and the (s, r) where it is, r zero for the Standard Model."""
        joint = plane_chi2(self.model, self.plane, self.unit_mu_b, self.plane.names)
        standard_model = self.model.standard_model_chi2
        at, found = joint.lowest(self._everywhere(NEAR), fixed=0, scouts=SCOUTS)
        if found.failed[0] or standard_model > found.chi2[0] + NOTED:
            farther = joint.lowest(self._everywhere(self._distances()), fixed=0, scouts=FAR_SCOUTS)
            if found.failed[0] or farther[1].chi2[0] < found.chi2[0]:
                at, found = farther
        if found.failed[0] or standard_model <= found.chi2[0]:
            return standard_model, np.array([self.span[0], 0.0])
        squares = [n not in PHASES and not self.plane.signed for n in (self.plane.x, self.plane.y)]
        point = np.where(squares, at[0, :2] ** 2, at[0, :2])
        return float(found.chi2[0]), self._polar(point)

    def _everywhere(self, distances: FloatArray) -> FloatArray:
        """Return points all over the plane, with every sample of what is profiled."""
        shown = np.linspace(*self.span, FANNED)
        y = self._samples(np.repeat(shown, distances.size), np.tile(distances, FANNED))
        for column, name in enumerate((self.plane.x, self.plane.y)):
            if name not in PHASES and not self.plane.signed:
                y[:, column] = np.sqrt(y[:, column])
        return y

    def _distances(self) -> FloatArray:
        """Return distances, in the unit, up to those where the events are twice all counts."""
        shown = np.linspace(*self.span, FANNED)
        events = self.joint.extra.events(self._samples(shown, np.ones(FANNED)))
        _, last = scan_range(self.model.likelihood.scale, self.model.sm, events)
        ends = np.sqrt(2 * last[np.isfinite(last)] / LAST)
        return np.geomspace(NEAR[0], max(ends.max(initial=0.0), 10 * NEAR[0]), RUNGS)

    def _polar(self, point: FloatArray) -> FloatArray:
        """Return s and r (μ_B) of a point (x, y) in the unit."""
        if len(self.plane.moduli) == 2:
            return np.array([np.arctan2(point[1], point[0]), self.unit_mu_b * np.hypot(*point)])
        modulus = 0 if self.plane.x in self.plane.moduli else 1
        size, phase = point[modulus], point[1 - modulus] + (np.pi if point[modulus] < 0 else 0.0)
        return np.array([turned(phase), self.unit_mu_b * abs(size)])

    def _samples(self, shown: FloatArray, radius: FloatArray) -> FloatArray:
        """Return points y of every sample of what is profiled.

        They are those of the first ray, then those of the second, ...; r in the unit.
        """
        samples = self.plane.samples()
        n = len(samples)
        y = np.concatenate(
            [np.repeat(self.points(shown, radius), n, axis=0), np.tile(samples, (shown.size, 1))],
            axis=1,
        )
        for column, name in enumerate(self.plane.free, start=2):
            if name not in PHASES:
                size = y[:, column] * np.repeat(radius, n)
                y[:, column] = size if self.plane.signed else np.sqrt(size)
        return y

    def _from(self, shown: FloatArray, radius: FloatArray, x: FloatArray) -> Minimum:
        """Return the minima at distances r along rays from starts x of what is profiled.

        The nuisances start from what follows in x, if they do.
        """
        free = len(self.plane.free)
        y = np.concatenate([self.points(shown, radius), x[:, :free]], axis=1)
        theta = x[:, free:] if x.shape[1] > free else None
        return self.joint.minimise(y, fixed=2, theta=theta)

    def _from_scratch(self, shown: FloatArray, radius: FloatArray) -> Minimum:
        """Return the lowest minima found from the samples, shape (n,)."""
        y = self._samples(shown, radius)
        return self.joint.lowest(y, fixed=2, n=shown.size, scouts=SCOUTS)[1]

    def _searched(self, shown: FloatArray, radius: FloatArray) -> Minimum:
        """Return the minima of rays in their order, some of them looked for from scratch."""
        if shown.size <= 2 * SPACING:
            return self._from_scratch(shown, radius)
        anchors = Anchors.every(shown.size)
        at = radius[anchors.rows]
        scratch = self._from_scratch(shown[anchors.rows], at)

        def solved_from(side: IntArray) -> Minimum:
            return self._from(shown, radius, self._scaled(scratch.x[side], radius / at[side]))

        return anchors.between(solved_from, Minimum.or_lower)

    def solve(self, shown: FloatArray, level: float, near: SolvedRays | None = None) -> SolvedRays:
        """Return the boundaries: t_- is zero, p are the coordinates of what is profiled."""
        radius = np.ones(shown.size)
        if near is None:
            found = self._searched(shown, radius)
        else:
            right = np.clip(np.searchsorted(near.shown, shown), 1, near.shown.size - 1)
            with np.errstate(divide="ignore"):
                known = 1 / (self.unit_mu_b * np.sqrt(near.inverse[right]))
            radius = np.where(np.isfinite(known), known, radius)
            starts = (self._from(shown, radius, near.p[side]) for side in (right - 1, right))
            first, second = starts
            found = first.or_lower(second)
        for _ in range(SEARCHES):
            radius, found = self._crossing(shown, radius, found, level)
            again = self._again(shown, radius, found)
            # A minimum that was missed on the way ends a ray too early, with χ² below the level.
            lower = np.isfinite(radius) & (again.chi2 < level - DISTINCT * (1 + abs(level)))
            if not np.any(lower | (found.failed & ~again.failed)):
                break
            found = found.or_lower(again)
        failures = self._failures(shown, found)
        inverse = np.where(np.isfinite(radius), 1 / (self.unit_mu_b * radius) ** 2, 0.0)
        inverse = np.where(found.failed, np.nan, inverse)
        low, p = np.where(found.failed, np.nan, 0.0), found.x[:, : len(self.plane.free)]
        return SolvedRays(shown, low, inverse, p, failures)

    def _failures(self, shown: FloatArray, found: Minimum) -> tuple[Failure, ...]:
        """Return the rays whose fit does not converge, and why."""
        errors = [
            (float(shown[row]), MunuError(*self.joint.failure(found.x[row], found.step[row], 2)))
            for row in np.flatnonzero(found.failed)
        ]
        if len(errors) == shown.size:
            raise errors[0][1]
        return tuple((s, str(error)) for s, error in errors)

    def _crossing(
        self, shown: FloatArray, radius: FloatArray, found: Minimum, level: float
    ) -> tuple[FloatArray, Minimum]:
        """Follow minima along their rays to where χ² is the level: Newton steps in brackets.

        The distance is infinite where χ² stays below the level.
        """
        radius = np.where(np.isfinite(radius), radius, FARTHEST)
        below, above = np.zeros(shown.size), np.full(shown.size, np.inf)
        rows = np.arange(shown.size)
        for _ in range(MAXIMUM_TRIALS):
            at, over = radius[rows], found.chi2[rows] - level
            below[rows] = np.where(over < 0, at, below[rows])
            above[rows] = np.where(over < 0, above[rows], at)
            endless = (over < 0) & (at >= FARTHEST)
            radius[rows[endless]] = np.inf
            go = ~(endless | found.failed[rows] | self._on_level(over, level))
            go &= ~(above[rows] - below[rows] <= NARROW * at)
            rows, at, over = rows[go], at[go], over[go]
            if rows.size == 0:
                break
            # Newton: r - (χ² - level) / (∂χ²/∂r)
            ahead = at - over / self._radial_slope(shown[rows], at, found.x[rows])
            radius[rows] = _inside(ahead, below[rows], above[rows], at)
            start = self._scaled(found.x[rows], radius[rows] / at)
            found = found.replaced(rows, self._from(shown[rows], radius[rows], start))
        return radius, found

    @staticmethod
    def _on_level(over: FloatArray, level: float) -> BoolArray:
        return np.asarray(np.abs(over) <= PRECISION + ROUNDING * abs(level))

    def _scaled(self, x: FloatArray, ratio: FloatArray) -> FloatArray:
        """Return starts at other distances: moduli in proportion, phases as they are."""
        moduli = [i for i, name in enumerate(self.plane.free) if name not in PHASES]
        out = x.copy()
        out[:, moduli] *= (ratio if self.plane.signed else np.sqrt(ratio))[:, None]
        return out

    def _radial_slope(self, shown: FloatArray, radius: FloatArray, x: FloatArray) -> FloatArray:
        """Return ∂χ²/∂r, never zero, at minima x."""
        free = len(self.plane.free)
        y = np.concatenate([self.points(shown, radius), x[:, :free]], axis=1)
        along = self.points(shown, np.ones(shown.size)) - self.points(shown, np.zeros(shown.size))
        slope = np.einsum("mi,mi->m", self.joint.slope(y, x[:, free:])[:, :2], along)
        return np.where(slope > 0, slope, np.nan)

    def _again(self, shown: FloatArray, radius: FloatArray, found: Minimum) -> Minimum:
        """Return the minima of bounded rays looked for again; the others stay as they are.

        They are looked for from scratch and from the minima of both neighbours.
        """
        bounded = np.flatnonzero(np.isfinite(radius))
        if bounded.size == 0:
            return found
        s, r = shown[bounded], radius[bounded]

        def solved_from(known: Minimum, beside: IntArray) -> Minimum:
            return self._from(s, r, self._scaled(known.x[beside], r / r[beside]))

        best = found.chosen(bounded).or_lower(self._searched(s, r))
        best = shared_with_neighbours(best, s.size, solved_from, Minimum.or_lower)
        return found.replaced(bounded, best)

    def sharpest(
        self, minima: IntArray, reach: float, near: SolvedRays, level: float
    ) -> tuple[FloatArray, FloatArray]:
        """Return the minima of 1/t_+ by golden sections."""
        if minima.size == 0:
            return np.empty(0), np.empty(0)
        low, high = (np.clip(near.shown[minima] + side * reach, *self.span) for side in (-1.0, 1.0))
        s = np.stack([high - GOLDEN * (high - low), low + GOLDEN * (high - low)])
        value = np.stack([self.solve(one, level, near).inverse for one in s])
        for _ in range(GOLDEN_STEPS):
            if np.all(value.min(axis=0) == 0):
                break
            left = value[0] <= value[1]
            low, high = np.where(left, low, s[0]), np.where(left, s[1], high)
            kept, kept_value = np.where(left, s[0], s[1]), np.where(left, value[0], value[1])
            new = np.where(left, high - GOLDEN * (high - low), low + GOLDEN * (high - low))
            found = self.solve(new, level, near).inverse
            s = np.where(left, np.stack([new, kept]), np.stack([kept, new]))
            value = np.where(left, np.stack([found, kept_value]), np.stack([kept_value, found]))
        best = np.argmin(value, axis=0), np.arange(minima.size)
        return s[best], value[best]


def _inside(ahead: FloatArray, below: FloatArray, above: FloatArray, at: FloatArray) -> FloatArray:
    """Return distances ahead, at most doubled, or where these leave their brackets the middle.

    A bracket without an upper end is passed by doubling the distance ``at``.
    """
    ahead = np.minimum(ahead, 2 * at)
    middle = np.where(np.isfinite(above), 0.5 * (below + np.minimum(above, FARTHEST)), 2 * at)
    good = (ahead > below) & (ahead < above) & np.isfinite(ahead)
    return np.minimum(np.where(good, ahead, middle), FARTHEST)
