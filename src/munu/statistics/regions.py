r"""Allowed regions of a plane, solved along rays.

Along a ray of direction n the allowed set is an interval in r (`munu.statistics.rays`), and
profiling over p takes the union of the intervals: the outer boundary is
:math:`\max_p r_+(s,p)`, the inner one :math:`\min_p r_-(s,p)`. Neither depends on a plot window.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.statistics import rays
from munu.statistics.family import MomentFamily
from munu.statistics.gaussian import GaussianLikelihood
from munu.statistics.optimise import minimise_along, minimise_batch
from munu.statistics.plane import Plane
from munu.typing import BoolArray, FloatArray, IntArray

RAYS = 181
REFINEMENTS = 3
BEND = 0.02
"""Largest bend (rad) between neighbouring pieces of a boundary before rays are added."""
BLIND = 1e-13
"""1/r² relative to its largest value below which a ray counts as unbounded."""
DRAWABLE = 1e-7
"""1/r² relative to its largest value below which a ray next to a blind direction is left out:
beyond, the cancellation in Λ†WΛ would spoil Δχ² at the vertex."""
EXCLUDED = 1e300
"""1/r² of a ray on which nothing is allowed."""
TINY = 1e-280


@final
@dataclass(frozen=True)
class Region:
    """The allowed region of a plane.

    Parameters
    ----------
    polygons : tuple of arrays, shape (n, 2)
        Vertices, every one on the contour; moments in μ_B, phases in rad.
    corners : tuple of arrays, shape (m, 2)
        For each polygon the points of the edge of the parameter space (a modulus of zero) that
        close it: append them to fill it. They are not on the contour.
    unbounded : bool
    blind_ranges : array, shape (k, 2)
        First and last angle from the x axis (rad), or phase, of the directions along which it
        extends to infinity; equal for an isolated direction.
    chi2_min : float
        Global minimum over the plane and the profiled parameters.
    best_fit : array, shape (2,)
        Where it is.
    """

    polygons: tuple[FloatArray, ...]
    corners: tuple[FloatArray, ...]
    unbounded: bool
    blind_ranges: FloatArray
    chi2_min: float
    best_fit: FloatArray


@final
@dataclass(frozen=True)
class RaySolver:
    """Boundaries of a plane with at least one modulus, along rays s.

    Parameters
    ----------
    family : MomentFamily
    plane : Plane
    signed : bool
        Let two moduli take both signs: the whole plane instead of the quadrant.
    """

    family: MomentFamily
    plane: Plane
    signed: bool = False

    def w(self, shown: FloatArray, profiled: FloatArray) -> FloatArray:
        """Return n†W_bn, shape (m, n_signal)."""
        return self.family.excess(*self.plane.directions(shown, profiled))

    def minimum_along(self, shown: FloatArray, profiled: FloatArray) -> rays.RayMinimum:
        """Return the minimum of χ² along rays of given profiled parameters."""
        return rays.minimise(self.family.likelihood, self.family.sm, self.w(shown, profiled))

    @cached_property
    def best_fit(self) -> tuple[float, FloatArray]:
        """Return the global minimum of χ² and the (s, r) where it is."""
        likelihood, sm = self.family.likelihood, self.family.sm
        if isinstance(likelihood, GaussianLikelihood) and sm.size == 1:
            shown = np.linspace(*self.span, 5)
            profiled = np.tile(self.plane.samples()[:1], (5, 1))
            found = self.minimum_along(shown, profiled)
            index = int(np.argmin(found.chi2))
            return float(found.chi2[index]), np.array([shown[index], np.sqrt(found.t[index])])
        return self._search_best_fit()

    def _search_best_fit(self) -> tuple[float, FloatArray]:
        shown = np.linspace(*self.span, 25)
        samples = self.plane.samples()
        start = np.column_stack([np.repeat(shown, len(samples)), np.tile(samples, (shown.size, 1))])
        value = self.minimum_along(start[:, 0], start[:, 1:]).chi2
        order = np.argsort(value)[:5]

        def objective(x: FloatArray, _: IntArray) -> FloatArray:
            inside = np.clip(x[:, 0], *self.span)
            return self.minimum_along(inside, x[:, 1:]).chi2

        x, refined = minimise_batch(objective, start[order])
        index = int(np.argmin(refined))
        shown_best = np.clip(x[index, :1], *self.span)
        t = self.minimum_along(shown_best, x[index : index + 1, 1:]).t
        return float(refined[index]), np.array([shown_best[0], np.sqrt(t[0])])

    @property
    def span(self) -> tuple[float, float]:
        """Range of s: a quadrant or a turn for two moduli, a turn for a phase."""
        if len(self.plane.moduli) == 2 and not self.signed:
            return (0.0, 0.5 * np.pi)
        return (-np.pi, np.pi)

    def boundaries(
        self, shown: FloatArray, level: float
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return t_- and 1/t_+ of the union over the profiled parameters, and the outer p.

        Each has the shape of ``shown``, the last (n, n_profiled); nan where nothing is allowed.
        """
        samples, n = self.plane.samples(), shown.size

        def outer(p: FloatArray, rows: IntArray) -> FloatArray:
            return self.inverse_outer(shown[rows], p, level)

        def inner(p: FloatArray, rows: IntArray) -> FloatArray:
            low, _ = rays.allowed(
                self.family.likelihood, self.family.sm, self.w(shown[rows], p), level
            )
            return np.where(np.isnan(low), EXCLUDED, low)

        p_outer, inverse = minimise_along(outer, samples, n)
        low = np.zeros(n)
        if not self.origin_allowed(level):
            _, low = minimise_along(inner, samples, n)
        nothing = inverse >= EXCLUDED
        return np.where(nothing, np.nan, low), np.where(nothing, np.nan, inverse), p_outer

    def inverse_outer(self, shown: FloatArray, profiled: FloatArray, level: float) -> FloatArray:
        """Return 1/t_+ along rays of given profiled parameters, huge if none is allowed."""
        likelihood, sm = self.family.likelihood, self.family.sm
        _, high = rays.allowed(likelihood, sm, self.w(shown, profiled), level)
        with np.errstate(divide="ignore"):
            return np.where(np.isnan(high), EXCLUDED, 1.0 / high)

    def origin_allowed(self, level: float) -> bool:
        """Whether the Standard Model lies in the region."""
        return bool(self.family.likelihood.chi2(self.family.sm) <= level)

    def points(self, shown: FloatArray, radius: FloatArray) -> FloatArray:
        """Return the points (x, y), shape (n, 2), at radii or moduli r along rays s."""
        if len(self.plane.moduli) == 2:
            return np.column_stack([radius * np.cos(shown), radius * np.sin(shown)])
        columns = [radius, shown] if self.plane.x in self.plane.moduli else [shown, radius]
        return np.column_stack(columns)


def _sharp_minima(inverse: FloatArray) -> IntArray:
    """Return the rays where 1/r² has a local minimum that falls well between the rays.

    The parabola through three neighbours predicts the minimum; where it stays close to the ray's
    own value the boundary is smooth and needs no refinement.
    """
    padded = np.concatenate([[np.inf], np.where(np.isnan(inverse), np.inf, inverse), [np.inf]])
    left, here, right = padded[:-2], padded[1:-1], padded[2:]
    minima = np.flatnonzero((here <= left) & (here < right) & np.isfinite(here))
    left, here, right = left[minima], here[minima], right[minima]
    left, right = (
        np.where(np.isfinite(left), left, right),
        np.where(np.isfinite(right), right, left),
    )
    curvature = np.maximum(left + right - 2 * here, TINY)
    predicted = here - (right - left) ** 2 / (8 * curvature)
    sharp = (predicted < 0.8 * here) | (here <= BLIND * np.nanmax(inverse))
    return np.asarray(minima[sharp])


def _closest_to_blind(
    solver: RaySolver, level: float, shown: FloatArray, inverse: FloatArray, p: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Refine the sharp minima of 1/r² along s; return their s and 1/r²."""
    minima = _sharp_minima(inverse)
    if minima.size == 0:
        return np.empty(0), np.empty(0)
    low, high = solver.span
    reach = 2 * (high - low) / (shown.size - 1)
    centre = shown[minima]

    def objective(x: FloatArray, rows: IntArray) -> FloatArray:
        s = np.clip(centre[rows] + reach * np.tanh(x[:, 0]), low, high)
        return solver.inverse_outer(s, x[:, 1:], level)

    start = np.column_stack([np.zeros(minima.size), p[minima]])
    x, value = minimise_batch(objective, start)
    return np.clip(centre + reach * np.tanh(x[:, 0]), low, high), value


def _bends(points: FloatArray) -> FloatArray:
    """Return the turning angle (rad) at each inner vertex, coordinates scaled to order one."""
    scaled = points / (np.ptp(points, axis=0) + TINY)
    steps = np.diff(scaled, axis=0)
    angle = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    return np.asarray(np.abs(np.diff(angle)))


@final
@dataclass(frozen=True)
class _Rays:
    """Solved rays in the order of s."""

    shown: FloatArray
    low: FloatArray
    inverse: FloatArray
    p: FloatArray

    @classmethod
    def solve(cls, solver: RaySolver, shown: FloatArray, level: float) -> _Rays:
        return cls(shown, *solver.boundaries(shown, level))

    def joined(self, other: _Rays) -> _Rays:
        order = np.argsort(np.concatenate([self.shown, other.shown]), kind="stable")
        merged = [
            np.concatenate([getattr(self, n), getattr(other, n)])[order]
            for n in ("shown", "low", "inverse", "p")
        ]
        keep = np.concatenate([[True], np.diff(merged[0]) > 0])
        return _Rays(*(array[keep] for array in merged))

    def drawable(self, *, unbounded: bool) -> BoolArray:
        """Whether each ray has a finite outer boundary worth a vertex."""
        least = DRAWABLE * np.nanmax(self.inverse, initial=0.0) if unbounded else 0.0
        with np.errstate(invalid="ignore"):
            return np.asarray(self.inverse > least)


def _refined(solver: RaySolver, level: float) -> tuple[_Rays, FloatArray]:
    """Solve rays, adding more at tips, bends and borders; return them and the blind ranges of s."""
    solved = _Rays.solve(solver, np.linspace(*solver.span, RAYS), level)
    if not np.any(np.isfinite(solved.inverse)):
        return solved, np.empty((0, 2))
    tips, value = _closest_to_blind(solver, level, solved.shown, solved.inverse, solved.p)
    threshold = BLIND * np.nanmax(solved.inverse)
    blind = value <= threshold
    ranges = _blind_ranges(solved.shown, solved.inverse <= threshold, tips[blind])
    extra = tips[~blind]
    for _ in range(REFINEMENTS):
        if extra.size:
            solved = solved.joined(_Rays.solve(solver, np.unique(extra), level))
        drawn = solved.drawable(unbounded=ranges.size > 0)
        shown = solved.shown[drawn]
        if shown.size < 3:
            break
        radius = 1 / np.sqrt(solved.inverse[drawn])
        bent = np.flatnonzero(_bends(solver.points(shown, radius)) > BEND)
        left, right = shown[bent], shown[bent + 2]
        extra = np.concatenate([0.5 * (left + shown[bent + 1]), 0.5 * (right + shown[bent + 1])])
    return _with_tangent_rays(solver, solved, level), ranges


def _blind_ranges(shown: FloatArray, unseen: BoolArray, tips: FloatArray) -> FloatArray:
    """Return the first and last s of each blind range, from blind rays and refined minima."""
    ranges = [(shown[run][0], shown[run][-1]) for run in _runs(unseen)]
    spacing = shown[1] - shown[0]
    for tip in tips:
        if not any(a - spacing <= tip <= b + spacing for a, b in ranges):
            ranges.append((tip, tip))
    return np.array(sorted(ranges)).reshape(-1, 2)


def _with_tangent_rays(solver: RaySolver, solved: _Rays, level: float) -> _Rays:
    """Add the rays that touch the region where allowed rays end, found by bisection."""
    allowed = np.isfinite(solved.inverse)
    change = np.flatnonzero(allowed[:-1] != allowed[1:])
    if change.size == 0:
        return solved
    inside = solved.shown[np.where(allowed[change], change, change + 1)].copy()
    outside = solved.shown[np.where(allowed[change], change + 1, change)].copy()
    for _ in range(52):
        middle = 0.5 * (inside + outside)
        found = np.isfinite(solver.boundaries(middle, level)[1])
        inside, outside = np.where(found, middle, inside), np.where(found, outside, middle)
    return solved.joined(_Rays.solve(solver, inside, level))


def _runs(flags: BoolArray) -> list[slice]:
    """Return the slices of consecutive true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return [slice(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _polygon(solver: RaySolver, solved: _Rays, run: slice) -> tuple[FloatArray, FloatArray]:
    """Return the vertices of one piece and the corners that close it."""
    shown, low = solved.shown[run], solved.low[run]
    outer = solver.points(shown, 1 / np.sqrt(solved.inverse[run]))
    if np.any(low > 0):
        return np.concatenate([outer, solver.points(shown, np.sqrt(low))[::-1]]), np.empty((0, 2))
    whole_turn = shown[-1] - shown[0] >= 2 * np.pi * (1 - 1e-12)
    if len(solver.plane.moduli) == 2:
        return (outer[:-1], np.empty((0, 2))) if whole_turn else (outer, np.zeros((1, 2)))
    return outer, solver.points(shown[[-1, 0]], np.zeros(2))


def region(family: MomentFamily, plane: Plane, delta: float, *, signed: bool = False) -> Region:
    """Return the region Δχ² <= delta of a plane with at least one modulus.

    Parameters
    ----------
    family : MomentFamily
    plane : Plane
    delta : float
        Δχ² from the global minimum over the plane and the profiled parameters.
    signed : bool
        Let two moduli take both signs: the whole plane instead of the quadrant.
    """
    solver = RaySolver(family, plane, signed)
    chi2_min, (s, r) = solver.best_fit
    level = chi2_min + delta
    solved, blind = _refined(solver, level)
    if not np.any(solved.inverse > 0):
        blind = np.array([solver.span])
    drawn = solved.drawable(unbounded=blind.size > 0)
    pieces = [_polygon(solver, solved, run) for run in _runs(drawn)]
    return Region(
        polygons=tuple(polygon for polygon, _ in pieces),
        corners=tuple(corner for _, corner in pieces),
        unbounded=bool(blind.size),
        blind_ranges=blind,
        chi2_min=chi2_min,
        best_fit=solver.points(np.array([s]), np.array([r]))[0],
    )
