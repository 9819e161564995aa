"""χ² scanned along rays Λ = r n: minima and crossings of a level in t = r²."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from munu.base.distinct import distinct
from munu.base.roots import bracketed_roots, newton_roots
from munu.base.terms import Terms
from munu.base.typing import BoolArray, FloatArray, IntArray
from munu.statistics.likelihoods import EXCLUDED, DataScale, SignalLikelihood, searching
from munu.statistics.models.crossings import stepped, straight

GRID_SPACING = 0.5
"""Decades of t between points."""
FIRST_BLOCK, GRID_BLOCK = 10, 2
"""Points tried at once: up to where the data can tell the excess, and beyond. χ² of far too many
events takes long: its nuisances are far away."""
SKIPPED = 5
"""Points left out where χ² rises: up to a significance of 0.03 standard deviations."""
FIRST = 1e-4
"""Significance of the excess, in standard deviations of the data, at the first point: a minimum
before it gains less than 1e-8 in χ²."""
LAST = 1e6
"""Excess over counts and backgrounds beyond which the largest allowed one is not looked for: it is
infinite. Normalisation uncertainties of 100 % and more let χ² rise as slowly as ln t."""
LARGE_PULL = 3.0
"""Standard deviations by which a bin that is fitted well rarely asks for more events."""
LEAST_RETURNED = 10.0
"""χ² by which a scan goes on beyond the level, however good the fit."""
LEAST_SEEN = 1e-9
"""Part of the best bin's significance per event from which a bin decides where a scan may end."""
NOTICEABLE = 1e-9
"""A rise of χ², relative to its size, that is not rounding."""
ON_LEVEL = 1e-12
"""Of χ² at a crossing, relative to 1 + its level."""
LARGEST = 1e250
"""A t beyond which a ray counts as blind: no double holds its square."""
POSITION = 1e-9
"""Of a minimum, relative to its t: χ² there is exact to its square."""


def scan_range(scale: DataScale, sm: FloatArray, w: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the first t of each ray's scan, and the t where it ends; infinite for a blind ray."""
    per_event = np.maximum(w, 0.0) / scale.spread
    best = per_event.max(axis=1, initial=0.0)
    unit = np.where(best > 0, best, 1.0)
    relative = per_event / unit[:, None]
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        first = FIRST / (unit * np.sqrt(np.sum(relative**2, axis=1)))
        spread = np.where(np.isfinite(scale.spread), scale.spread, 0.0)
        whole = (scale.content + np.abs(sm) + spread) / np.maximum(w, 0.0)
        last = LAST * np.max(np.where(relative > LEAST_SEEN, whole, 0.0), axis=1, initial=0.0)
    ends = (best > 0) & (first > 0) & (last < LARGEST)
    return first, np.where(ends, last, np.inf)


def could_return(scale: DataScale, slope: FloatArray, w: FloatArray, chi2: float) -> FloatArray:
    """Return what χ² of each ray could still lose where it has risen, shape (n_rays,).

    Bins, and parts as a whole, may ask for more events than others allow that are beyond theirs.

    Parameters
    ----------
    slope : array, shape (n_signal,)
        ∂χ²/∂S without moments.
    chi2 : float
        χ² without moments: all there is to lose.
    """
    asked = -0.5 * slope
    # n/μ - 1 of Poisson counts, whose residual is (n-μ)/√n: a lone count where none is expected
    # asks for one event and not for many.
    spread = np.where(np.isfinite(scale.spread), scale.spread, 0.0)
    pull = asked / (1 + np.maximum(asked, 0.0)) * spread
    lost = np.full(len(w), LEAST_RETURNED + np.sum(pull[pull > LARGE_PULL] ** 2))
    per_event = np.maximum(w, 0.0) / scale.spread
    parts = distinct(scale.part)
    for part in parts if parts.size > 1 else ():
        own = per_event[:, scale.part == part]
        size = np.linalg.norm(own, axis=1)
        pulled = np.maximum(own @ pull[scale.part == part], 0.0)
        lost += (pulled / np.where(size > 0, size, 1.0)) ** 2
    return np.asarray(np.minimum(lost, max(abs(chi2), LEAST_RETURNED)))


@final
@dataclass(frozen=True, eq=False)
class RayMinimum:
    """The minimum of χ² along each ray: position t, shape (n_rays,), and value."""

    t: FloatArray
    chi2: FloatArray


@final
@dataclass(frozen=True, eq=False)
class RayScan:
    """χ² on a grid of t along rays, both (n_rays, m), t = 0 first.

    ``is_far`` is whether a level is asked for at which χ² may have several minima
    (`munu.statistics.likelihoods.far`).
    """

    likelihood: SignalLikelihood
    sm: FloatArray
    w: FloatArray
    t: FloatArray
    chi2: FloatArray
    is_far: bool

    @classmethod
    def of(
        cls,
        likelihood: SignalLikelihood,
        sm: FloatArray,
        w: FloatArray,
        *,
        level: float = -np.inf,
        rise: float = 0.0,
    ) -> RayScan:
        """Scan ln t, from events that the data cannot tell from none, a block of points at a time.

        It goes on until χ² of every ray is above the level and has risen above its minimum by
        ``rise``, and by what bins that ask for more events could give back.
        χ² of the points that a ray no longer needs is infinite.
        """
        first, last = scan_range(likelihood.scale, sm, w)
        seen = np.isfinite(last)
        t = np.zeros((w.shape[0], 1))
        without, slope = likelihood.value_and_gradient(sm)
        chi2 = np.full((w.shape[0], 1), float(without))
        is_far = max(rise, level - float(without)) > EXCLUDED
        if is_far:
            likelihood = searching(likelihood)
        returned = could_return(likelihood.scale, slope, w, float(without))
        # Where χ² rises from the start, no minimum lies where events cannot be told from none.
        rises = bool(np.all(w[seen] @ slope >= 0))
        centre, active, points = np.where(seen, first, 1.0), seen, SKIPPED if rises else 0
        while np.any(active):
            block = np.arange(points, FIRST_BLOCK if t.shape[1] == 1 else points + GRID_BLOCK)
            steps = centre[:, None] * 10 ** (GRID_SPACING * block)
            found = np.where(seen[:, None], np.inf, chi2[:, :1]) + 0 * steps
            signal = sm + steps[active][..., None] * w[active][:, None, :]
            found[active] = likelihood.chi2(signal)
            t, chi2 = np.hstack([t, steps]), np.hstack([chi2, found])
            points = block[-1] + 1
            lowest = chi2.min(axis=1)
            enough = returned + np.maximum(rise, NOTICEABLE * (1 + np.abs(lowest)))
            risen = chi2[:, -1] > np.maximum(lowest + enough, level + returned)
            active = active & ~risen & (t[:, -1] < last)
        return cls(likelihood, sm, w, t, chi2, is_far)

    def chosen(self, rays: BoolArray) -> RayScan:
        """Return some of the rays."""
        return replace(self, w=self.w[rays], t=self.t[rays], chi2=self.chi2[rays])

    def slope(self, t: FloatArray, w: FloatArray) -> FloatArray:
        """Return dχ²/dt."""
        return np.asarray(np.sum(self.likelihood.gradient(self.sm + t[:, None] * w) * w, axis=-1))

    @property
    def lowest(self) -> tuple[FloatArray, FloatArray]:
        """Return the lowest χ² of each ray's grid and its t."""
        rows, index = np.arange(len(self.t)), np.argmin(self.chi2, axis=1)
        return self.chi2[rows, index], self.t[rows, index]

    def minimum(self) -> RayMinimum:
        """Refine the minimum found on the grid."""
        index = np.argmin(self.chi2, axis=1)
        rows = np.arange(len(self.t))
        best, values = self.t[rows, index], self.chi2[rows, index]
        inside = np.flatnonzero((index > 0) & (index < self.t.shape[1] - 1))
        if inside.size:
            between = [self.t[inside, index[inside] + side] for side in (-1, 0, 1)]
            best[inside] = self._refined(self.w[inside], *between)
            values[inside] = self.likelihood.chi2(self.sm + best[inside, None] * self.w[inside])
        at_zero = self.chi2[:, 0] <= values + NOTICEABLE * (1 + np.abs(values))
        return RayMinimum(np.where(at_zero, 0.0, best), np.where(at_zero, self.chi2[:, 0], values))

    def _refined(
        self, w: FloatArray, low: FloatArray, t: FloatArray, high: FloatArray
    ) -> FloatArray:
        """Return the minima between grid points of which the middle one is the lowest."""
        left = np.arange(t.size)
        newton = self.likelihood.newton
        if newton is not None:
            found = newton.lowest_along(self.sm, t[:, None] * w)
            ahead = t * found.x[:, 0]
            good = ~found.failed & (low <= ahead) & (ahead <= high)
            t, left = np.where(good, ahead, t), np.flatnonzero(~good)
        if left.size:
            falls = (self.slope(low[left], w[left]) < 0) & (self.slope(high[left], w[left]) > 0)
            rows = left[falls]
            t[rows] = bracketed_roots(
                lambda at: self.slope(at, w[rows]),
                low[rows],
                high[rows],
                relative_tolerance=POSITION,
            )
        return t

    def ends(self, level: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the ends of the interval around the minimum where χ² <= level, shape (n_rays,)."""
        lowest, inside = self.lowest
        unsure = lowest > level
        if np.any(unsure):
            found = self.chosen(unsure).minimum()
            lowest[unsure], inside[unsure] = found.chi2, found.t
        possible = lowest <= level
        smallest = np.where(possible, 0.0, np.nan)
        largest = np.where(possible, np.inf, np.nan)
        above = self.chi2 > level[:, None]
        beyond = self.t > inside[:, None]
        rises = np.flatnonzero(possible & (above & beyond).any(axis=1))
        outer = np.argmax((above & beyond)[rises], axis=1)
        largest[rises] = self._crossings(rises, outer - 1, outer, lowest, inside, level)
        starts = np.flatnonzero(possible & above[:, 0])
        outer = self.t.shape[1] - 1 - np.argmax((above & ~beyond)[starts, ::-1], axis=1)
        smallest[starts] = self._crossings(starts, outer + 1, outer, lowest, inside, level)
        return smallest, largest

    def _crossings(
        self,
        rays: IntArray,
        near: IntArray,
        far: IntArray,
        lowest: FloatArray,
        inside: FloatArray,
        level: FloatArray,
    ) -> FloatArray:
        """Return the t of rays where χ²(t) = level between two points of the grid.

        Parameters
        ----------
        rays : array, shape (n,)
        near, far : array, shape (n,)
            Numbers of the points: the far one is above the level, the near one beside it, towards
            the minimum. Where the minimum lies between them, it takes the place of the near one.
        lowest, inside, level : array, shape (n_rays,)
            χ² at the minimum of every ray, its t, and the level.
        """
        if rays.size == 0:
            return np.empty(0)
        w, level = self.w[rays], level[rays]
        t_far, t_near, t_best = self.t[rays, far], self.t[rays, near], inside[rays]
        passed = np.abs(t_near - t_far) > np.abs(t_best - t_far)
        over_near = np.where(passed, lowest[rays], self.chi2[rays, near]) - level
        over_far = self.chi2[rays, far] - level
        t_near = np.where(passed, t_best, t_near)

        def over(t: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
            signal = self.sm + t[:, None] * w[rows]
            chi2, gradient = self.likelihood.value_and_gradient(signal)
            # dχ²/dt = Σ_b ∂χ²/∂S_b n†W_bn
            return chi2 - level[rows], np.sum(gradient * w[rows], axis=-1)

        rising = far > near
        low, high = np.where(rising, t_near, t_far), np.where(rising, t_far, t_near)
        at_low = np.where(rising, over_near, over_far)
        at_high = np.where(rising, over_far, over_near)
        rounding = ON_LEVEL * (1 + float(np.abs(level).max()))
        t, found = self._stepped(w, level, (low, high), (at_low, at_high))
        left = np.flatnonzero(~found)
        if left.size:
            ends = (values[left] for values in (low, high, at_low, at_high))
            t[left] = newton_roots(lambda at, rows: over(at, left[rows]), *ends, rounding=rounding)
        return t

    def _stepped(
        self,
        w: FloatArray,
        level: FloatArray,
        ends: tuple[FloatArray, FloatArray],
        over: tuple[FloatArray, FloatArray],
    ) -> tuple[FloatArray, BoolArray]:
        """Return t at the level by steps of t and the nuisances at once, and where that was found.

        Parameters
        ----------
        w : array, shape (n, n_signal)
        level : array, shape (n,)
        ends, over : tuple of array, shape (n,)
            Brackets of t, and χ² less the level there.
        """
        low, high = ends
        newton = self.likelihood.newton
        if newton is None or self.is_far:
            return low.copy(), np.zeros(low.size, np.bool_)

        def terms(part: FloatArray, theta: FloatArray, rows: IntArray) -> Terms:
            step = high[rows, None] * w[rows]
            found = newton.terms(self.sm + part[:, None] * step, theta, step[:, None, :])
            return Terms(found.chi2 - level[rows], found.gradient, found.hessian)

        part, rising = straight(*over)
        first, last = low / high, np.ones(low.size)
        start = first + part * (last - first)
        theta = newton.linear_start(self.sm + (start * high)[:, None] * w)
        at, _, found = stepped(terms, start, theta, (first, last), rising, 0.0)
        return at * high, found

    def rise_at(self, delta: float) -> FloatArray:
        """Return about the t at which χ² is ``delta`` above its lowest, inf where it is nowhere."""
        lowest = self.minimum()
        level = lowest.chi2 + delta
        above = (self.chi2 > level[:, None]) & (self.t > lowest.t[:, None])
        rows, outer = np.arange(len(self.t)), np.argmax(above, axis=1)
        before = np.maximum(outer - 1, 0)
        passed = self.t[rows, before] < lowest.t
        near = np.where(passed, lowest.t, self.t[rows, before])
        at_near = np.where(passed, lowest.chi2, self.chi2[rows, before])
        far, over = self.t[rows, outer], self.chi2[rows, outer]
        with np.errstate(divide="ignore", invalid="ignore"):
            t = near + (far - near) * (level - at_near) / (over - at_near)
        return np.where(above.any(axis=1), t, np.inf)
