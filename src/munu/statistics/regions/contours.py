"""Contours of profiled χ² on a grid, moved onto the contour: where rays do not suffice.

Two phases have no rays, and where data exclude the Standard Model the allowed set of a ray,
profiled, can be several intervals.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from munu.base.errors import MunuError
from munu.base.roots import bracketed_roots
from munu.base.typing import BoolArray, FloatArray
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.models.family import MomentFamily
from munu.statistics.models.plane import PHASES, Plane
from munu.statistics.regions.joint_mesh import JointMesh
from munu.statistics.regions.mesh import MeshMinima, SampledMesh, Window
from munu.statistics.regions.refinement import runs
from munu.statistics.regions.region import Region

GRID, JOINT_GRID, COARSE_GRID = 91, 61, 10
"""Points along an axis; with numerical nuisances, whose minima cost more; where all is allowed."""


def phase_region(family: MomentFamily, plane: Plane, delta: float) -> Region:
    """Return the region Δχ² <= delta of two phases over a turn each, [-π, π].

    Raises
    ------
    MunuError
        If no modulus is profiled: without one there is nothing to be seen.
    """
    if all(name in PHASES for name in plane.profiled):
        raise MunuError(
            f"the plane of {plane.x} and {plane.y} needs a modulus",
            "Profile one, as in --profile Lambda_1",
        )
    minima = _minima(family, plane, None)
    standard_model = family.standard_model_chi2
    for points in (COARSE_GRID, _points(family)):
        turn = np.linspace(-np.pi, np.pi, points)
        found = _contoured(minima, Window(turn, turn), delta)
        # Moduli of zero are profiled at every pair of phases.
        if standard_model <= found.chi2_min + delta:
            break
    return found


def profiled_region(family: MomentFamily, plane: Plane, delta: float, extent: FloatArray) -> Region:
    """Return the region of a plane with a modulus, whatever its pieces.

    Parameters
    ----------
    extent : array, shape (2,)
        Largest absolute x and y of the region, from its rays.
    """
    names = (plane.x, plane.y)
    n = _points(family)
    axes = [
        np.linspace(-np.pi, np.pi, n)
        if name in PHASES
        else np.linspace(-size if plane.signed else 0.0, size, n)
        for size, name in zip(extent, names, strict=True)
    ]
    unit = max(size for size, name in zip(extent, names, strict=True) if name not in PHASES)
    return _contoured(_minima(family, plane, float(unit)), Window(*axes), delta)


def _points(family: MomentFamily) -> int:
    return JOINT_GRID if isinstance(family.likelihood, NewtonLikelihood) else GRID


def _minima(family: MomentFamily, plane: Plane, unit_mu_b: float | None) -> MeshMinima:
    """Return what minimises over the profiled parameters; no unit for a plane of two phases."""
    if isinstance(family.likelihood, NewtonLikelihood):
        return JointMesh(family, plane)
    return SampledMesh(family, plane, unit_mu_b)


def _contoured(minima: MeshMinima, window: Window, delta: float) -> Region:
    """Return the region of χ² minimised over the profiled parameters."""
    from contourpy import FillType, contour_generator

    chi2, p = minima.solve(window)
    best, chi2_min = minima.lowest(window, chi2, p)
    level = chi2_min + delta
    generator = contour_generator(
        window.x,
        window.y,
        chi2.reshape(window.y.size, window.x.size),
        fill_type=FillType.OuterOffset,
    )
    pieces = [
        [points[a:b] for a, b in pairwise(offsets)]
        for points, offsets in zip(*generator.filled(chi2_min - 1.0, level), strict=True)
    ]
    outlines, polygons = [], []
    for loops in pieces:
        moved = [_on_contour(minima, p, loop, window, level) for loop in loops]
        outlines.append(np.concatenate([*(loop for loop, _ in moved), moved[0][0][:1]]))
        polygons += [arc for loop, crossing in moved for arc in _arcs(loop, crossing)]
    return Region(
        polygons=tuple(polygons),
        corners=tuple(np.empty((0, 2)) for _ in polygons),
        unbounded=False,
        blind_ranges=np.empty((0, 2)),
        chi2_min=chi2_min,
        best_fit=best,
        outlines=tuple(outlines),
    )


def _arcs(loop: FloatArray, crossing: BoolArray) -> list[FloatArray]:
    """Return the pieces of a loop that are contour, a whole one closed by its first vertex."""
    if not np.any(crossing):
        return []
    if np.all(crossing):
        return [np.concatenate([loop, loop[:1]])]
    first = int(np.argmin(crossing))
    loop, crossing = np.roll(loop, -first, axis=0), np.roll(crossing, -first)
    return [loop[run] for run in runs(crossing)]


def _on_contour(
    minima: MeshMinima, p: FloatArray, loop: FloatArray, window: Window, level: float
) -> tuple[FloatArray, BoolArray]:
    """Move the vertices that lie on edges of the grid onto the contour.

    Returns the loop, and which of its vertices are on the contour; the others are points of the
    window's edge. ``p`` are the profiled parameters at the points of the grid.
    """
    start = np.array([window.x[0], window.y[0]])
    spacing = np.array([window.x[1] - window.x[0], window.y[1] - window.y[0]])
    cell = (loop - start) / spacing
    off = np.abs(cell - np.round(cell))
    rows = np.flatnonzero(off.max(axis=1) > 1e-9)
    if rows.size == 0:
        return loop, np.zeros(len(loop), np.bool_)
    along = np.argmax(off[rows], axis=1)
    base = np.round(cell[rows])
    index = np.arange(rows.size)
    base[index, along] = np.floor(cell[rows][index, along])

    def at(fraction: FloatArray) -> FloatArray:
        points = base.copy()
        points[index, along] += fraction
        return np.asarray(start + points * spacing)

    def over(fraction: FloatArray) -> FloatArray:
        first = base.astype(int)
        second = first.copy()
        second[index, along] += 1
        ends = (p[corner[:, 1] * window.x.size + corner[:, 0]] for corner in (first, second))
        return np.asarray(minima.near(at(fraction), *ends) - level)

    ends = over(np.zeros(rows.size)), over(np.ones(rows.size))
    crosses = np.sign(ends[0]) != np.sign(ends[1])
    moved, crossing = loop.copy(), np.zeros(len(loop), np.bool_)
    if np.any(crosses):
        rows, along, base, index = (
            rows[crosses],
            along[crosses],
            base[crosses],
            index[: crosses.sum()],
        )
        moved[rows] = at(bracketed_roots(over, np.zeros(rows.size), np.ones(rows.size)))
        crossing[rows] = True
    return moved, crossing
