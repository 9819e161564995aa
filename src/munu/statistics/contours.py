"""Contours of Δχ² in a plane of two phases, the moduli profiled."""

from __future__ import annotations

import numpy as np

from munu.errors import MunuError
from munu.statistics import rays
from munu.statistics.family import MomentFamily
from munu.statistics.optimise import minimise_from_samples
from munu.statistics.plane import PHASES, Plane
from munu.statistics.regions import Region
from munu.typing import FloatArray, IntArray

GRID = 91


def _lowest(family: MomentFamily, plane: Plane, points: FloatArray) -> FloatArray:
    """Return χ² at phases (m, 2), minimised over the modulus and the other profiled parameters."""

    def objective(p: FloatArray, rows: IntArray) -> FloatArray:
        w = family.excess(*plane.directions(points[rows], p))
        return rays.minimise(family.likelihood, family.sm, w).chi2

    return minimise_from_samples(objective, plane.samples(), len(points), starts=1)[1]


def phase_region(family: MomentFamily, plane: Plane, delta: float) -> Region:
    """Return the contour Δχ² = delta of two phases over a turn each, (-π, π].

    Each polygon is one contour line, every vertex on it to the precision of a root finder; there is
    none where all or no phases are allowed (``best_fit`` tells which).

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
    from contourpy import contour_generator

    axis = np.linspace(-np.pi, np.pi, GRID)
    mesh = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    chi2 = _lowest(family, plane, mesh)
    best = int(np.argmin(chi2))
    level = float(chi2[best]) + delta
    lines = contour_generator(axis, axis, chi2.reshape(GRID, GRID)).lines(level)
    return Region(
        polygons=tuple(_on_contour(family, plane, np.asarray(line), axis, level) for line in lines),
        corners=tuple(np.empty((0, 2)) for _ in lines),
        unbounded=False,
        blind_ranges=np.empty((0, 2)),
        chi2_min=float(chi2[best]),
        best_fit=mesh[best],
    )


def _on_contour(
    family: MomentFamily, plane: Plane, line: FloatArray, axis: FloatArray, level: float
) -> FloatArray:
    """Move each vertex along the grid edge it lies on to the exact contour."""
    from scipy.optimize import elementwise

    spacing = axis[1] - axis[0]
    cell = (line - axis[0]) / spacing
    along = np.argmax(np.abs(cell - np.round(cell)), axis=1)
    rows = np.arange(len(line))
    start = np.round(cell) * spacing + axis[0]
    start[rows, along] = np.floor(cell[rows, along]) * spacing + axis[0]

    def over(fraction: FloatArray, row: IntArray) -> FloatArray:
        points = start[row].copy()
        points[np.arange(row.size), along[row]] += fraction * spacing
        return np.asarray(_lowest(family, plane, points) - level)

    ends = over(np.zeros(len(line)), rows), over(np.ones(len(line)), rows)
    crossing = rows[np.sign(ends[0]) != np.sign(ends[1])]
    found = elementwise.find_root(
        over, (np.zeros(crossing.size), np.ones(crossing.size)), args=(crossing,)
    )
    vertices = start[crossing].copy()
    vertices[np.arange(crossing.size), along[crossing]] += found.x * spacing
    return np.asarray(vertices)
