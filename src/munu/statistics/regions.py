r"""Allowed regions of a plane, solved along rays.

Along a ray of direction n the allowed set is an interval in r (`munu.statistics.rays`), and
profiling over p takes the union of the intervals: the outer boundary is
:math:`\max_p r_+(s,p)`, the inner one :math:`\min_p r_-(s,p)`. Neither depends on a plot window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.statistics.family import MomentFamily
from munu.statistics.plane import Plane
from munu.statistics.ray_solver import RaySolver
from munu.statistics.refinement import SolvedRays, refined_rays, runs
from munu.typing import FloatArray


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


def _polygon(solver: RaySolver, solved: SolvedRays, run: slice) -> tuple[FloatArray, FloatArray]:
    """Return the vertices of one piece and the corners that close it."""
    shown, low = solved.shown[run], solved.low[run]
    outer = solver.points(shown, 1 / np.sqrt(solved.inverse[run]))
    if np.any(low > 0):
        return np.concatenate([outer, solver.points(shown, np.sqrt(low))[::-1]]), np.empty((0, 2))
    whole_turn = shown[-1] - shown[0] >= 2 * np.pi * (1 - 1e-12)
    if len(solver.plane.moduli) == 2:
        return (outer[:-1], np.empty((0, 2))) if whole_turn else (outer, np.zeros((1, 2)))
    return outer, solver.points(shown[[-1, 0]], np.zeros(2))


def region(family: MomentFamily, plane: Plane, delta: float) -> Region:
    """Return the region Δχ² <= delta of a plane with at least one modulus.

    Parameters
    ----------
    family : MomentFamily
    plane : Plane
    delta : float
        Δχ² from the global minimum over the plane and the profiled parameters.
    """
    solver = RaySolver(family, plane)
    chi2_min, (s, r) = solver.best_fit
    level = chi2_min + delta
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
    )
