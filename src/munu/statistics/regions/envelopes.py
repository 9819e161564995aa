"""Envelopes over phases: the most conservative and the most aggressive contour of a plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.batch import minimise_along
from munu.base.errors import MunuError
from munu.base.typing import FloatArray, IntArray
from munu.statistics.models import rays
from munu.statistics.models.moments import MomentModel
from munu.statistics.models.plane import PHASES, Plane, turned
from munu.statistics.regions.inner_rays import InnerRays
from munu.statistics.regions.profiled_rays import ProfiledRays
from munu.statistics.regions.ray_solver import RaySolver
from munu.statistics.regions.refinement import RAYS
from munu.statistics.regions.solved_rays import DRAWABLE

ENDLESS = 1e300
"""r² of a ray without an end, which the minimiser takes as a number."""


@final
@dataclass(frozen=True, eq=False)
class Envelope:
    """The extreme boundaries over phases, along rays of a plane of two moduli.

    Parameters
    ----------
    angle : array, shape (n,)
        Angle of each ray from the x axis (rad).
    outer, inner : array, shape (n, 2)
        Most conservative and most aggressive boundary (μ_B); infinite along blind directions.
    outer_phases, inner_phases : array, shape (n, n_phases)
        Phases (rad, in (-π, π]) that give them.
    chi2_min : float
        Global minimum over moduli and phases.
    """

    angle: FloatArray
    outer: FloatArray
    inner: FloatArray
    outer_phases: FloatArray
    inner_phases: FloatArray
    chi2_min: float


def envelope(model: MomentModel, plane: Plane, delta: float) -> Envelope:
    """Return the envelope over the profiled phases of a plane of two moduli.

    Each phase is varied continuously; every boundary is that of Δχ² = delta from the same global
    minimum.

    Raises
    ------
    MunuError
        If the axes are not two moduli, or what is profiled is not one phase or more.
    """
    _check(plane)
    solver = RaySolver(model, plane)
    together = ProfiledRays(model, plane) if model.likelihood.newton is not None else None
    chi2_min, _ = (together or solver).best_fit
    level = chi2_min + delta
    angle = np.linspace(*solver.span, RAYS)

    if together and solver.origin_allowed(level):
        found = together.solve(angle, level)
        outer_phases, outer = found.p[:, : len(plane.free)], found.inverse
        nearest, inner_phases = InnerRays(solver, together.unit_mu_b, level).solve(angle)
    else:
        outer_phases, outer = _outer(solver, angle, level)
        nearest, inner_phases = np.full(angle.size, np.nan), np.empty_like(outer_phases)
    left = np.flatnonzero(np.isnan(nearest))
    if left.size:
        inner_phases[left], nearest[left] = _inner(solver, angle[left], level)
    with np.errstate(divide="ignore"):
        reach = 1 / np.sqrt(outer)
    return Envelope(
        angle=angle,
        outer=solver.points(angle, _bounded(reach)),
        inner=solver.points(angle, _bounded(nearest)),
        outer_phases=turned(outer_phases),
        inner_phases=turned(inner_phases),
        chi2_min=chi2_min,
    )


def _bounded(radius: FloatArray) -> FloatArray:
    """Return radii, infinite where Λ†WΛ is nothing but the rounding of a blind direction."""
    return np.where(radius**2 * DRAWABLE < np.nanmin(radius) ** 2, radius, np.inf)


def _check(plane: Plane) -> None:
    if len(plane.moduli) != 2 or not plane.profiled or not set(plane.profiled) <= set(PHASES):
        raise MunuError(
            "an envelope needs a plane of two moduli and phases to vary",
            f"Vary one or more of {', '.join(PHASES)}",
        )


def _outer(solver: RaySolver, angle: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Return the phases of the farthest boundary, and 1/r² of it (1/μ_B²)."""

    def inverse(p: FloatArray, rows: IntArray) -> FloatArray:
        return solver.inverse_outer(angle[rows], p, level)

    return minimise_along(inverse, solver.plane.samples(), angle.size)


def _inner(solver: RaySolver, angle: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Return the phases of the nearest boundary, and its distance (μ_B)."""
    likelihood, sm = solver.model.likelihood, solver.model.sm

    def squared(p: FloatArray, rows: IntArray) -> FloatArray:
        _, high = rays.allowed(likelihood, sm, solver.w(angle[rows], p), level)
        return np.nan_to_num(high, nan=0.0, posinf=ENDLESS)

    phases, found = minimise_along(squared, solver.plane.samples(), angle.size)
    return phases, np.where(found >= ENDLESS, np.inf, np.sqrt(found))
