"""The choice of rays to solve: more at tips, bends and borders, and what counts as blind."""

from __future__ import annotations

import numpy as np

from munu.base.tolerances import TINY
from munu.base.typing import BoolArray, FloatArray, IntArray
from munu.statistics.regions.ray_solver import Rays
from munu.statistics.regions.solved_rays import SolvedRays

RAYS = 181
"""Half a degree apart in a quadrant."""
REFINEMENTS = 3
"""Rounds of halving: rays at a bend are up to eight times as dense."""
BEND = 0.02
"""Largest bend (rad) between neighbouring pieces of a boundary before rays are added."""
STRAIGHT = 1e-6
"""Extent of a boundary, relative to its distance, that is no shape of its own."""
BLIND = 1e-13
"""1/r² relative to its largest value below which a ray counts as unbounded."""
SHARP = 0.8
"""A minimum of 1/r² predicted below this part of its value on the nearest ray is a tip."""
BISECTIONS = 52
"""As many as a double has binary digits."""


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
    sharp = (predicted < SHARP * here) | (here <= BLIND * np.nanmax(inverse))
    return np.asarray(minima[sharp])


def _closest_to_blind(
    solver: Rays, level: float, solved: SolvedRays
) -> tuple[FloatArray, FloatArray]:
    """Refine the sharp minima of 1/r² along s; return their s and 1/r²."""
    minima = _sharp_minima(solved.inverse)
    if minima.size == 0:
        return np.empty(0), np.empty(0)
    low, high = solver.span
    reach = 2 * (high - low) / (solved.shown.size - 1)
    return solver.sharpest(minima, reach, solved, level)


def _bends(points: FloatArray) -> FloatArray:
    """Return the turning angle (rad) at each inner vertex, coordinates scaled to order one."""
    scaled = points / (np.ptp(points, axis=0) + STRAIGHT * np.abs(points).max(axis=0) + TINY)
    steps = np.diff(scaled, axis=0)
    angle = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    return np.asarray(np.abs(np.diff(angle)))


def blind_ranges(solver: Rays, level: float, solved: SolvedRays) -> tuple[FloatArray, FloatArray]:
    """Return the blind ranges of s, shape (k, 2), and the s of sharp tips that are not blind."""
    if not np.any(np.isfinite(solved.inverse)):
        return np.empty((0, 2)), np.empty(0)
    tips, value = _closest_to_blind(solver, level, solved)
    threshold = BLIND * np.nanmax(solved.inverse)
    blind = value <= threshold
    ranges = _blind_ranges(solved.shown, solved.inverse <= threshold, tips[blind])
    return ranges, tips[~blind]


def refined_rays(solver: Rays, level: float) -> tuple[SolvedRays, FloatArray]:
    """Solve rays, adding more at tips, bends and borders; return them and the blind ranges of s."""
    solved = solver.solve(np.linspace(*solver.span, RAYS), level)
    ranges, extra = blind_ranges(solver, level, solved.converged())
    for _ in range(REFINEMENTS):
        if extra.size:
            known = solved.converged()
            solved = solved.joined(solver.solve(np.unique(extra), level, known))
        drawn = solved.drawable(unbounded=ranges.size > 0)
        shown = solved.shown[drawn]
        if shown.size < 3:
            break
        radius = 1 / np.sqrt(solved.inverse[drawn])
        bent = np.flatnonzero(_bends(solver.points(shown, radius)) > BEND)
        left, right = shown[bent], shown[bent + 2]
        extra = np.concatenate([0.5 * (left + shown[bent + 1]), 0.5 * (right + shown[bent + 1])])
    return _with_tangent_rays(solver, solved.converged(), level), ranges


def _blind_ranges(shown: FloatArray, unseen: BoolArray, tips: FloatArray) -> FloatArray:
    """Return the first and last s of each blind range, from blind rays and refined minima."""
    ranges = [(shown[run][0], shown[run][-1]) for run in runs(unseen)]
    spacing = shown[1] - shown[0]
    for tip in tips:
        if not any(a - spacing <= tip <= b + spacing for a, b in ranges):
            ranges.append((tip, tip))
    return np.array(sorted(ranges)).reshape(-1, 2)


def _with_tangent_rays(solver: Rays, solved: SolvedRays, level: float) -> SolvedRays:
    """Add the rays that touch the region where allowed rays end, found by bisection."""
    allowed = np.isfinite(solved.inverse)
    change = np.flatnonzero(allowed[:-1] != allowed[1:])
    if change.size == 0:
        return solved
    inside = solved.shown[np.where(allowed[change], change, change + 1)].copy()
    outside = solved.shown[np.where(allowed[change], change + 1, change)].copy()
    for _ in range(BISECTIONS):
        middle = 0.5 * (inside + outside)
        found = np.isfinite(solver.solve(middle, level).inverse)
        inside, outside = np.where(found, middle, inside), np.where(found, outside, middle)
    return solved.joined(solver.solve(inside, level))


def runs(flags: BoolArray) -> list[slice]:
    """Return the slices of consecutive true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return [slice(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
