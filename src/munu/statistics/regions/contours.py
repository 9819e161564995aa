"""Contours of profiled χ² on a grid, moved onto the contour: where rays do not suffice.

Two phases have no rays, and where data exclude the Standard Model the allowed set of a ray,
profiled, can be several intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import final

import numpy as np

from munu.base.errors import MunuError
from munu.base.roots import bracketed_roots
from munu.base.typing import BoolArray, FloatArray, IntArray
from munu.statistics.models.moments import MomentModel
from munu.statistics.models.plane import PHASES, Plane
from munu.statistics.regions.allowed_region import Region
from munu.statistics.regions.joint_mesh import JointMesh
from munu.statistics.regions.mesh import MeshMinima, SampledMesh, Window
from munu.statistics.regions.refinement import runs

GRID, JOINT_GRID, COARSE_GRID = 91, 61, 10
"""Points along an axis; with numerical nuisances, whose minima cost more; where all is allowed."""
ON_GRID = 1e-9
"""Distance of a vertex from a point of the grid, in its spacing, that is rounding."""


def phase_region(model: MomentModel, plane: Plane, delta: float) -> Region:
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
    minima = _minima(model, plane, None)
    standard_model = model.standard_model_chi2
    for points in (COARSE_GRID, _points(model)):
        turn = np.linspace(-np.pi, np.pi, points)
        found = _contoured(minima, Window(turn, turn), delta)
        # Moduli of zero are profiled at every pair of phases.
        if standard_model <= found.chi2_min + delta:
            break
    return found


def profiled_region(model: MomentModel, plane: Plane, delta: float, extent: FloatArray) -> Region:
    """Return the region of a plane with a modulus, whatever its pieces.

    Parameters
    ----------
    extent : array, shape (2,)
        Largest absolute x and y of the region, from its rays.
    """
    names = (plane.x, plane.y)
    n = _points(model)
    axes = [
        np.linspace(-np.pi, np.pi, n)
        if name in PHASES
        else np.linspace(-size if plane.signed else 0.0, size, n)
        for size, name in zip(extent, names, strict=True)
    ]
    unit = max(size for size, name in zip(extent, names, strict=True) if name not in PHASES)
    return _contoured(_minima(model, plane, float(unit)), Window(*axes), delta)


def _points(model: MomentModel) -> int:
    return GRID if model.likelihood.newton is None else JOINT_GRID


def _minima(model: MomentModel, plane: Plane, unit_mu_b: float | None) -> MeshMinima:
    """Return what minimises over the profiled parameters; no unit for a plane of two phases."""
    if model.likelihood.newton is not None:
        return JointMesh(model, plane)
    return SampledMesh(model, plane, unit_mu_b)


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
    moved, on_contour = loop.copy(), np.zeros(len(loop), np.bool_)
    rows, edges = _edges_of(loop, window)
    if rows.size == 0:
        return moved, on_contour

    def over(fraction: FloatArray, which: _Edges) -> FloatArray:
        starts = which.numbers(0, window), which.numbers(1, window)
        return np.asarray(minima.near(which.at(fraction, window), *(p[i] for i in starts)) - level)

    none, whole = np.zeros(rows.size), np.ones(rows.size)
    crosses = np.sign(over(none, edges)) != np.sign(over(whole, edges))
    if np.any(crosses):
        rows, edges = rows[crosses], edges.chosen(crosses)
        fraction = bracketed_roots(lambda f: over(f, edges), none[crosses], whole[crosses])
        moved[rows], on_contour[rows] = edges.at(fraction, window), True
    return moved, on_contour


@final
@dataclass(frozen=True, eq=False)
class _Edges:
    """Edges of a grid, each from a point to the next along one axis.

    Parameters
    ----------
    corner : array of int, shape (m, 2)
        Column and row of the first point.
    along : array of int, shape (m,)
        0 for an edge along x, 1 along y.
    """

    corner: IntArray
    along: IntArray

    def chosen(self, which: BoolArray) -> _Edges:
        """Return some of them."""
        return _Edges(self.corner[which], self.along[which])

    def _moved(self, fraction: FloatArray | int) -> FloatArray:
        """Return columns and rows, a fraction of each edge beyond its first point."""
        places = self.corner.astype(float)
        places[np.arange(len(places)), self.along] += fraction
        return places

    def at(self, fraction: FloatArray, window: Window) -> FloatArray:
        """Return the points (x, y), shape (m, 2), at fractions of the edges."""
        return np.asarray(window.start + self._moved(fraction) * window.spacing)

    def numbers(self, end: int, window: Window) -> IntArray:
        """Return the numbers, among the points of the grid, of the ends 0 or 1 of the edges."""
        column, row = self._moved(end).astype(int).T
        return np.asarray(row * window.x.size + column)


def _edges_of(loop: FloatArray, window: Window) -> tuple[IntArray, _Edges]:
    """Return the vertices of a loop that lie between points of the grid, and on which edges."""
    places = (loop - window.start) / window.spacing
    off = np.abs(places - np.round(places))
    rows = np.flatnonzero(off.max(axis=1) > ON_GRID)
    along = np.argmax(off[rows], axis=1)
    corner, index = np.round(places[rows]), np.arange(rows.size)
    corner[index, along] = np.floor(places[rows][index, along])
    return rows, _Edges(corner.astype(int), along)
