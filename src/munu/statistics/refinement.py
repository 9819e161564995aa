"""Which rays to solve: more of them at tips, bends and borders, and what counts as blind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.statistics.optimise import minimise_batch
from munu.statistics.ray_solver import RaySolver
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
TINY = 1e-280


def _sharp_minima(inverse: FloatArray) -> IntArray:
    """Return the rays where 1/r² has a local minimum that falls well between the rays.

    The parabola through three neighbours predicts the minimum; where it stays close to the ray's
    own value the boundary is smooth and needs no refinement.
    """
    padded = np.concatenate([[np.inf], np.where(np.isnan(inverse), np.inf, inverse), [np.inf]])
    left, here, right = padded[:-2], padded[1:-1], padded[2:]
    beside = np.isfinite(left) | np.isfinite(right)
    minima = np.flatnonzero((here <= left) & (here < right) & np.isfinite(here) & beside)
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
class SolvedRays:
    """Solved rays in the order of s.

    Parameters
    ----------
    shown : array, shape (n,)
        s of each ray.
    low, inverse : array, shape (n,)
        t_- and 1/t_+; nan where nothing is allowed.
    p : array, shape (n, n_profiled)
        Profiled parameters at the outer boundary.
    """

    shown: FloatArray
    low: FloatArray
    inverse: FloatArray
    p: FloatArray

    @classmethod
    def solve(cls, solver: RaySolver, shown: FloatArray, level: float) -> SolvedRays:
        """Return the solved boundaries along rays s at an absolute χ²."""
        return cls(shown, *solver.boundaries(shown, level))

    def joined(self, other: SolvedRays) -> SolvedRays:
        """Return both in the order of s, each s once."""
        order = np.argsort(np.concatenate([self.shown, other.shown]), kind="stable")
        merged = [
            np.concatenate([getattr(self, n), getattr(other, n)])[order]
            for n in ("shown", "low", "inverse", "p")
        ]
        keep = np.concatenate([[True], np.diff(merged[0]) > 0])
        return SolvedRays(*(array[keep] for array in merged))

    def drawable(self, *, unbounded: bool) -> BoolArray:
        """Whether each ray has a finite outer boundary worth a vertex."""
        least = DRAWABLE * np.nanmax(self.inverse, initial=0.0) if unbounded else 0.0
        with np.errstate(invalid="ignore"):
            return np.asarray(self.inverse > least)


def blind_ranges(
    solver: RaySolver, level: float, shown: FloatArray, inverse: FloatArray, p: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the blind ranges of s, shape (k, 2), and the s of sharp tips that are not blind."""
    if not np.any(np.isfinite(inverse)):
        return np.empty((0, 2)), np.empty(0)
    tips, value = _closest_to_blind(solver, level, shown, inverse, p)
    threshold = BLIND * np.nanmax(inverse)
    blind = value <= threshold
    return _blind_ranges(shown, inverse <= threshold, tips[blind]), tips[~blind]


def refined_rays(solver: RaySolver, level: float) -> tuple[SolvedRays, FloatArray]:
    """Solve rays, adding more at tips, bends and borders; return them and the blind ranges of s."""
    solved = SolvedRays.solve(solver, np.linspace(*solver.span, RAYS), level)
    ranges, extra = blind_ranges(solver, level, solved.shown, solved.inverse, solved.p)
    for _ in range(REFINEMENTS):
        if extra.size:
            solved = solved.joined(SolvedRays.solve(solver, np.unique(extra), level))
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
    ranges = [(shown[run][0], shown[run][-1]) for run in runs(unseen)]
    spacing = shown[1] - shown[0]
    for tip in tips:
        if not any(a - spacing <= tip <= b + spacing for a, b in ranges):
            ranges.append((tip, tip))
    return np.array(sorted(ranges)).reshape(-1, 2)


def _with_tangent_rays(solver: RaySolver, solved: SolvedRays, level: float) -> SolvedRays:
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
    return solved.joined(SolvedRays.solve(solver, inside, level))


def runs(flags: BoolArray) -> list[slice]:
    """Return the slices of consecutive true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return [slice(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
