"""Contours of profiled χ² on a grid, moved onto the contour: where rays do not suffice.

Two phases have no rays, and where data exclude the Standard Model the allowed set of a ray,
profiled, can be several intervals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import final

import numpy as np

from munu.errors import MunuError
from munu.roots import bracketed_roots
from munu.statistics import rays
from munu.statistics.family import MomentFamily
from munu.statistics.optimise import minimise_batch, minimise_from_samples
from munu.statistics.plane import PHASES, Plane
from munu.statistics.refinement import runs
from munu.statistics.region import Region
from munu.typing import BoolArray, FloatArray, IntArray

GRID = 91
ABSOLUTE_SAMPLES = (0.0, 0.1, 0.3, 0.6, 1.0)
POLISHED = 5
"""Lowest points of the grid from which the global minimum is refined."""

Lowest = Callable[[FloatArray], FloatArray]


@final
@dataclass(frozen=True)
class Window:
    """The grid's axes, shape (n_x,) and (n_y,)."""

    x: FloatArray
    y: FloatArray

    def mesh(self) -> FloatArray:
        """Return all points, shape (n_y n_x, 2)."""
        return np.stack(np.meshgrid(self.x, self.y), axis=-1).reshape(-1, 2)


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

    def objective(points: FloatArray, p: FloatArray) -> FloatArray:
        w = family.excess(*plane.directions(points, p))
        return rays.minimise(family.likelihood, family.sm, w).chi2

    turn = np.linspace(-np.pi, np.pi, GRID)
    return _contoured(objective, plane.samples(), Window(turn, turn), delta)


def profiled_region(family: MomentFamily, plane: Plane, delta: float, extent: FloatArray) -> Region:
    """Return the region of a plane with a modulus, whatever its pieces.

    Parameters
    ----------
    extent : array, shape (2,)
        Largest absolute x and y of the region, from its rays.
    """
    unit = float(
        max(
            size
            for size, name in zip(extent, (plane.x, plane.y), strict=True)
            if name not in PHASES
        )
    )
    moduli = [i for i, name in enumerate(plane.profiled) if name not in PHASES]

    def objective(points: FloatArray, p: FloatArray) -> FloatArray:
        shown, radius = _polar(plane, points)
        bare = p.copy()
        bare[:, moduli] = 0.0
        base, delta_cp = plane.directions(shown, bare)
        moments = radius[:, None] * base
        for i in moduli:
            one = bare.copy()
            one[:, i] = 1.0
            size = p[:, i] if plane.signed else np.abs(p[:, i])
            moments = moments + unit * size[:, None] * (plane.directions(shown, one)[0] - base)
        return family.chi2(moments, delta_cp)

    samples = plane.samples()
    for i in moduli:
        ratios = np.unique(np.abs(samples[:, i]))
        absolute = np.array(ABSOLUTE_SAMPLES)[np.searchsorted(ratios, np.abs(samples[:, i]))]
        samples[:, i] = np.sign(samples[:, i]) * absolute
    axes = [
        np.linspace(-np.pi, np.pi, GRID)
        if name in PHASES
        else np.linspace(-size if plane.signed else 0.0, size, GRID)
        for size, name in zip(extent, (plane.x, plane.y), strict=True)
    ]
    return _contoured(objective, samples, Window(*axes), delta)


def _polar(plane: Plane, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return s and r of points of a plane with a modulus."""
    if len(plane.moduli) == 2:
        return np.arctan2(points[:, 1], points[:, 0]), np.hypot(*points.T)
    modulus, phase = (0, 1) if plane.x in plane.moduli else (1, 0)
    return points[:, phase], points[:, modulus]


def _contoured(
    objective: Callable[[FloatArray, FloatArray], FloatArray],
    samples: FloatArray,
    window: Window,
    delta: float,
) -> Region:
    """Return the region of a function of the point and of profiled parameters."""
    from contourpy import FillType, contour_generator

    def solve(points: FloatArray) -> tuple[FloatArray, FloatArray]:
        return minimise_from_samples(
            lambda p, rows: objective(points[rows], p), samples, len(points), starts=2
        )

    mesh = window.mesh()
    p, chi2 = solve(mesh)
    best, chi2_min = _global_minimum(objective, window, mesh, p, chi2)
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
        moved = [_on_contour(lambda at: solve(at)[1], loop, window, level) for loop in loops]
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


def _global_minimum(
    objective: Callable[[FloatArray, FloatArray], FloatArray],
    window: Window,
    mesh: FloatArray,
    p: FloatArray,
    chi2: FloatArray,
) -> tuple[FloatArray, float]:
    """Refine the lowest points of the grid over the plane and the profiled parameters."""
    low = np.array([window.x[0], window.y[0]])
    high = np.array([window.x[-1], window.y[-1]])
    chosen = np.argsort(chi2)[:POLISHED]

    def inside(x: FloatArray) -> FloatArray:
        return np.asarray(np.clip(low + x[:, :2] * (high - low), low, high))

    def everywhere(x: FloatArray, _: IntArray) -> FloatArray:
        return objective(inside(x), x[:, 2:])

    start = np.column_stack([(mesh[chosen] - low) / (high - low), p[chosen]])
    x, value = minimise_batch(everywhere, start)
    index = int(np.argmin(value))
    return inside(x)[index], float(value[index])


def _on_contour(
    lowest: Lowest, loop: FloatArray, window: Window, level: float
) -> tuple[FloatArray, BoolArray]:
    """Move the vertices that lie on edges of the grid onto the contour.

    Returns the loop, and which of its vertices are on the contour; the others are points of the
    window's edge.
    """
    start = np.array([window.x[0], window.y[0]])
    spacing = np.array([window.x[1] - window.x[0], window.y[1] - window.y[0]])
    cell = (loop - start) / spacing
    off = np.abs(cell - np.round(cell))
    rows = np.flatnonzero(off.max(axis=1) > 1e-9)
    along = np.argmax(off[rows], axis=1)
    base = np.round(cell[rows])
    index = np.arange(rows.size)
    base[index, along] = np.floor(cell[rows][index, along])

    def at(fraction: FloatArray) -> FloatArray:
        points = base.copy()
        points[index, along] += fraction
        return np.asarray(start + points * spacing)

    def over(fraction: FloatArray) -> FloatArray:
        return np.asarray(lowest(at(fraction)) - level)

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
