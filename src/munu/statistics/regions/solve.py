r"""Allowed regions of a plane, solved along rays.

Along a ray of direction n the allowed set is an interval in r (`munu.statistics.models.rays`), and
profiling over p takes the union of the intervals: the outer boundary is
:math:`\max_p r_+(s,p)`, the inner one :math:`\min_p r_-(s,p)`. Neither depends on a plot window.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.models.moments import MomentModel
from munu.statistics.models.plane import PHASES, Plane
from munu.statistics.regions.allowed_region import Region
from munu.statistics.regions.contours import phase_region, profiled_region
from munu.statistics.regions.profiled_rays import ProfiledRays
from munu.statistics.regions.ray_solver import Rays, RaySolver
from munu.statistics.regions.refinement import blind_ranges, refined_rays, runs
from munu.statistics.regions.solved_rays import DRAWABLE, SolvedRays

WINDOW_RAYS = 37
MARGIN = 1.05
"""Size of a grid's window relative to the region in it."""


def _several_intervals(solver: Rays) -> bool:
    """Whether the allowed set of a ray can be several intervals, the Standard Model being excluded.

    One bin with phases profiled keeps one interval: the excess depends on them continuously.
    """
    profiled = solver.plane.profiled
    if not profiled:
        return False
    return solver.model.sm.size > 1 or any(name not in PHASES for name in profiled)


def _polygon(solver: Rays, solved: SolvedRays, run: slice) -> tuple[FloatArray, FloatArray]:
    """Return the vertices of one piece and the corners that close it."""
    shown, low = solved.shown[run], solved.low[run]
    outer = solver.points(shown, 1 / np.sqrt(solved.inverse[run]))
    if np.any(low > 0):
        return np.concatenate([outer, solver.points(shown, np.sqrt(low))[::-1]]), np.empty((0, 2))
    whole_turn = shown[-1] - shown[0] >= 2 * np.pi * (1 - 1e-12)
    if len(solver.plane.moduli) == 2:
        return (outer[:-1], np.empty((0, 2))) if whole_turn else (outer, np.zeros((1, 2)))
    return outer, solver.points(shown[[-1, 0]], np.zeros(2))


def region(model: MomentModel, plane: Plane, delta: float) -> Region:
    """Return the region Δχ² <= delta of a plane: by rays, or by contours for two phases.

    Parameters
    ----------
    model : MomentModel
    plane : Plane
    delta : float
        Δχ² from the global minimum over the plane and the profiled parameters.
    """
    if not plane.moduli:
        return phase_region(model, plane, delta)
    solver = _solver(model, plane)
    chi2_min, (s, r) = solver.best_fit
    level = chi2_min + delta
    if not solver.origin_allowed(level):
        solver = RaySolver(model, plane)
        if _several_intervals(solver):
            return _on_grid(solver, delta, level)
    solved, blind = refined_rays(solver, level)
    if not np.any(solved.inverse > 0):
        blind = np.array([solver.span])
    drawn = solved.drawable(unbounded=blind.size > 0)
    pieces = [_polygon(solver, solved, run) for run in runs(drawn)]
    return Region(
        polygons=tuple(polygon for polygon, _ in pieces),
        corners=tuple(corner for _, corner in pieces),
        unbounded=bool(blind.size),
        blind_ranges=blind,
        chi2_min=chi2_min,
        best_fit=solver.points(np.array([s]), np.array([r]))[0],
        failures=solved.failures,
    )


def _solver(model: MomentModel, plane: Plane) -> Rays:
    """Return what solves the rays: nuisances are minimised together with what is profiled."""
    if model.likelihood.newton is not None:
        return ProfiledRays(model, plane)
    return RaySolver(model, plane)


def _on_grid(solver: RaySolver, delta: float, level: float) -> Region:
    """Return the region solved on a grid, whose window the rays give."""
    shown = np.linspace(*solver.span, WINDOW_RAYS)
    inverse, p = solver.outer_boundary(shown, level)
    solved = SolvedRays(shown, np.zeros(shown.size), inverse, p)
    blind, _ = blind_ranges(solver, level, solved)
    with np.errstate(invalid="ignore"):
        drawn = inverse > DRAWABLE * np.nanmax(inverse, initial=0.0)
    outer = solver.points(shown[drawn], 1 / np.sqrt(inverse[drawn]))
    _, (s, r) = solver.best_fit
    extent = np.abs(np.vstack([outer, solver.points(np.array([s]), np.array([r]))])).max(axis=0)
    found = profiled_region(solver.model, solver.plane, delta, MARGIN * extent)
    return replace(found, unbounded=bool(blind.size), blind_ranges=blind)
