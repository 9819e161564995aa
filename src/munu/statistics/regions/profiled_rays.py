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

from munu.base.anchors import SPACING, Anchors
from munu.base.descent import Minimum
from munu.base.errors import MunuError
from munu.base.tolerances import DISTINCT, PRECISION
from munu.base.typing import FloatArray, IntArray
from munu.statistics.models.chart import BESIDE
from munu.statistics.models.followed import Followed
from munu.statistics.models.joint import SCOUTS, JointChi2
from munu.statistics.models.plane import PHASES, turned
from munu.statistics.models.plane_events import plane_chi2, unit_mu_b
from munu.statistics.models.ray_scan import LAST, scan_range
from munu.statistics.regions.ray_descent import RayDescent
from munu.statistics.regions.ray_solver import Rays
from munu.statistics.regions.solved_rays import Failure, SolvedRays

FAR_SCOUTS, FIRST_SCOUTS = 16, 3
"""Starts that are followed where they are far apart, and on the way to a boundary, where others are
looked for."""
NEAR = np.array([0.3, 1.0])
"""Distances, in the unit, from which the best fit is looked for first."""
MOST_SAMPLES, FEW_SAMPLES = 320, 16
"""Of what is profiled, on a ray: where minima are looked for, and for how far that is done."""
NOTED = 0.1
"""Gain of χ² by moments, above which it is looked for farther out."""
FANNED, RUNGS = 9, 7
"""Rays and distances of that search."""
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
    def descent(self) -> RayDescent:
        """χ² along the rays."""
        return RayDescent(self.joint, self.plane, self.points)

    @cached_property
    def best_fit(self) -> tuple[float, FloatArray]:
        """The global minimum of χ² and the (s, r) where it is, r zero for the Standard Model."""
        joint = plane_chi2(self.model, self.plane, self.unit_mu_b, self.plane.names)
        standard_model = self.model.standard_model_chi2
        if standard_model <= PRECISION:  # χ² is not negative: of data as expected.
            return standard_model, np.array([self.span[0], 0.0])
        at, found = joint.lowest(self._everywhere(NEAR), fixed=0, scouts=SCOUTS)
        if found.failed[0] or standard_model > found.chi2[0] + NOTED:
            farther = joint.lowest(self._everywhere(self._distances()), fixed=0, scouts=FAR_SCOUTS)
            if found.failed[0] or farther[1].chi2[0] < found.chi2[0]:
                at, found = farther
        at, found = self._or_beside(joint, at, found)
        if found.failed[0] or standard_model <= found.chi2[0]:
            return standard_model, np.array([self.span[0], 0.0])
        squares = [n not in PHASES and not self.plane.signed for n in (self.plane.x, self.plane.y)]
        point = np.where(squares, at[0, :2] ** 2, at[0, :2])
        return float(found.chi2[0]), self._polar(point)

    def _or_beside(
        self, joint: JointChi2, at: FloatArray, found: Minimum
    ) -> tuple[FloatArray, Minimum]:
        """Return a minimum, or what starts beside it lead to, where no modulus is zero.

        Moduli that may not be negative are squares: at zero χ² is stationary, and may be highest.
        """
        if self.plane.signed:
            return at, found
        p, phases = at.shape[1], [name in PHASES for name in self.plane.names]
        y = np.where(phases, at, np.maximum(np.abs(at), BESIDE))
        again = joint.minimise(y, fixed=0, theta=found.x[:, p:])
        if again.failed[0] or again.chi2[0] >= found.chi2[0]:
            return at, found
        return again.x[:, :p], again

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
        some = max(1, self._shares.shape[1] // FEW_SAMPLES)
        events = self.joint.extra.events(self._samples(shown, np.ones(FANNED))[::some])
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
        """Return points y of the samples of what is profiled that each ray has.

        They are those of the first ray, then those of the second, ...; r in the unit.
        """
        samples = self._shares[np.arange(shown.size) % len(self._shares)]
        n = samples.shape[1]
        rest = samples.reshape(shown.size * n, samples.shape[2])
        y = np.concatenate([np.repeat(self.points(shown, radius), n, axis=0), rest], axis=1)
        for column, name in enumerate(self.plane.free, start=2):
            if name not in PHASES:
                size = y[:, column] * np.repeat(radius, n)
                y[:, column] = size if self.plane.signed else np.sqrt(size)
        return y

    @cached_property
    def _shares(self) -> FloatArray:
        """Return the samples of what is profiled, shape (n_shares, n, n_profiled), no more than n.

        Rays take turns: of three phases and a modulus there are thousands of samples, and what one
        ray finds its neighbours are tried with.
        """
        samples = self.plane.samples()
        shares = -(-len(samples) // MOST_SAMPLES)
        if shares > 1:
            samples = np.random.default_rng(20190509).permutation(samples)
        size = len(samples) // shares
        return np.asarray(samples[: shares * size].reshape(shares, size, samples.shape[1]))

    def _from_scratch(
        self, shown: FloatArray, radius: FloatArray, scouts: int = SCOUTS
    ) -> Followed:
        """Return the lowest minima found from the samples, shape (n,)."""
        y = self._samples(shown, radius)
        return self.joint.best_followed(y, fixed=2, n=shown.size, scouts=scouts)

    def solve(self, shown: FloatArray, level: float, near: SolvedRays | None = None) -> SolvedRays:
        """Return the boundaries: t_- is zero, p what is profiled and the nuisances there.

        Without rays that are known some are looked for from scratch, the others between them.
        """
        if near is None and shown.size > 2 * SPACING:
            near = self.solve(shown[Anchors.every(shown.size).rows], level)
        known = None if near is None else near.converged()
        if known is None or known.shown.size < 2:
            radius = np.ones(shown.size)
            found = self._from_scratch(shown, radius, FIRST_SCOUTS)
        else:
            radius, found = self._between(shown, known)
        for _ in range(SEARCHES):
            radius, found = self.descent.crossing(shown, radius, found, level)
            again = self._again(shown, radius, found, anew=near is None)
            # A minimum that was missed on the way ends a ray too early, with χ² below the level.
            lower = np.isfinite(radius) & (again.chi2 < level - DISTINCT * (1 + abs(level)))
            if not np.any(lower | (found.failed & ~again.failed)):
                break
            found = found.or_lower(again)
        failures = self._failures(shown, found)
        inverse = np.where(np.isfinite(radius), 1 / (self.unit_mu_b * radius) ** 2, 0.0)
        inverse = np.where(found.failed, np.nan, inverse)
        low = np.where(found.failed, np.nan, 0.0)
        return SolvedRays(shown, low, inverse, found.x, failures)

    def _between(self, shown: FloatArray, near: SolvedRays) -> tuple[FloatArray, Followed]:
        """Return about the distances of rays between those that are known, and minima there."""
        right = np.clip(np.searchsorted(near.shown, shown), 1, near.shown.size - 1)
        left = right - 1
        part = (shown - near.shown[left]) / (near.shown[right] - near.shown[left])
        part = np.clip(part, 0.0, 1.0)
        inverse = near.inverse[left] + part * (near.inverse[right] - near.inverse[left])
        radius = self._distances_of(inverse, np.ones(shown.size))
        first, second = (
            self.descent.scaled(
                near.p[side], radius / self._distances_of(near.inverse[side], radius)
            )
            for side in (left, right)
        )
        return radius, self.descent.between(shown, radius, (first, second), part)

    def _distances_of(self, inverse: FloatArray, endless: FloatArray) -> FloatArray:
        """Return r, in the unit, of 1/t, and what stands for it where there is no end."""
        with np.errstate(divide="ignore"):
            found = 1 / (self.unit_mu_b * np.sqrt(inverse))
        return np.where(np.isfinite(found), found, endless)

    def _failures(self, shown: FloatArray, found: Followed) -> tuple[Failure, ...]:
        """Return the rays whose fit does not converge, and why."""
        step = found.minimum.step
        errors = [
            (float(shown[row]), MunuError(*self.joint.failure(found.x[row], step[row], 2)))
            for row in np.flatnonzero(found.failed)
        ]
        if len(errors) == shown.size:
            raise errors[0][1]
        return tuple((s, str(error)) for s, error in errors)

    def _again(
        self, shown: FloatArray, radius: FloatArray, found: Followed, *, anew: bool
    ) -> Followed:
        """Return the minima of bounded rays looked for again; the others stay as they are.

        They are looked for from the minima of both neighbours, and from scratch if asked for.
        """
        bounded = np.flatnonzero(np.isfinite(radius))
        if bounded.size == 0:
            return found
        s, r, best = shown[bounded], radius[bounded], found.chosen(bounded)
        if anew:
            best = best.or_lower(self._from_scratch(s, r))
        return found.replaced(bounded, self.descent.beside(s, r, best))

    def sharpest(
        self, minima: IntArray, reach: float, near: SolvedRays, level: float
    ) -> tuple[FloatArray, FloatArray]:
        """Return the minima of 1/t_+ by golden sections."""
        if minima.size == 0:
            return np.empty(0), np.empty(0)
        low, high = (np.clip(near.shown[minima] + side * reach, *self.span) for side in (-1.0, 1.0))

        def solved(s: FloatArray) -> FloatArray:
            nonlocal near
            order = np.argsort(s, kind="stable")
            found, inverse = self.solve(s[order], level, near), np.empty(s.size)
            inverse[order] = found.inverse
            near = near.joined(found)
            return inverse

        s = np.stack([high - GOLDEN * (high - low), low + GOLDEN * (high - low)])
        value = np.stack([solved(one) for one in s])
        for _ in range(GOLDEN_STEPS):
            if np.all(value.min(axis=0) == 0):
                break
            left = value[0] <= value[1]
            low, high = np.where(left, low, s[0]), np.where(left, s[1], high)
            kept, kept_value = np.where(left, s[0], s[1]), np.where(left, value[0], value[1])
            new = np.where(left, high - GOLDEN * (high - low), low + GOLDEN * (high - low))
            found = solved(new)
            s = np.where(left, np.stack([new, kept]), np.stack([kept, new]))
            value = np.where(left, np.stack([found, kept_value]), np.stack([kept_value, found]))
        best = np.argmin(value, axis=0), np.arange(minima.size)
        return s[best], value[best]
