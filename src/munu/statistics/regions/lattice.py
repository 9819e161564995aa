r"""A function on a lattice that is fine where a level is crossed, and its contour moved onto it.

A coarse lattice finds where the level runs; cells that it may cross are divided, and only their
points are evaluated. Vertices of the contour lie on edges of the lattice and are refined there.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, final

import numpy as np

from munu.base.roots import newton_roots
from munu.base.typing import BoolArray, FloatArray, IntArray

DIVISIONS: Final = 6
"""Of a coarse cell that may be crossed, along each axis."""
CAUTION: Final = 1.0
"""A cell may be crossed if the level is within so many times what the slopes change across it."""
ROUNDING: Final = 1e-11


@final
@dataclass(frozen=True)
class Values:
    """The function at points: value, slopes, and where the minimum behind it lies.

    Parameters
    ----------
    value : array, shape (n,)
    slope : array, shape (n, 2)
    inner : array, shape (n, d)
        What was minimised over.
    """

    value: FloatArray
    slope: FloatArray
    inner: FloatArray


class Surface(ABC):
    """A function of two coordinates, itself a minimum over others."""

    @abstractmethod
    def scan(self, points: FloatArray, shape: tuple[int, int]) -> Values:
        """Return values at the points (n, 2) of a coarse lattice of a shape, row by row."""

    @abstractmethod
    def near(self, points: FloatArray, *starts: FloatArray) -> Values:
        """Return the lowest values at points (n, 2) from starts (n, d) of what is minimised."""


@final
@dataclass(frozen=True)
class Contour:
    """Where the function is at most a level.

    Parameters
    ----------
    outlines : tuple of array, shape (n, 2)
        Closed outlines of the pieces, holes included, one after another.
    arcs : tuple of array, shape (n, 2)
        The parts of outlines that are contour, and not the border of the window.
    """

    outlines: tuple[FloatArray, ...]
    arcs: tuple[FloatArray, ...]


@final
@dataclass(frozen=True)
class Lattice:
    """Values on the divided lattice; those of cells that are not crossed are interpolated.

    Parameters
    ----------
    x, y : array, shape (n_x,) and (n_y,)
    value : array, shape (n_y, n_x)
    inner : array, shape (n_y, n_x, d)
        Not a number where it was not evaluated.
    """

    x: FloatArray
    y: FloatArray
    value: FloatArray
    inner: FloatArray

    @classmethod
    def of(cls, surface: Surface, x: FloatArray, y: FloatArray, level: float) -> Lattice:
        """Evaluate the coarse lattice, and the divided one where the level may be crossed."""
        shape = y.size, x.size
        coarse = surface.scan(_mesh(x, y), shape)
        value = coarse.value.reshape(shape)
        crossed = _crossed(value, coarse.slope.reshape(*shape, 2), x, y, level)
        fine_x, fine_y = _divided(x), _divided(y)
        found = _interpolated(value)
        inner = np.full((*found.shape, coarse.inner.shape[1]), np.nan)
        inner[::DIVISIONS, ::DIVISIONS] = coarse.inner.reshape(*shape, -1)
        wanted = _points_of(crossed)
        wanted[::DIVISIONS, ::DIVISIONS] = False
        row, column = np.nonzero(wanted)
        if row.size:
            near = (
                inner[
                    np.minimum(DIVISIONS * ((row + up) // DIVISIONS), found.shape[0] - 1),
                    np.minimum(DIVISIONS * ((column + right) // DIVISIONS), found.shape[1] - 1),
                ]
                for up, right in ((0, 0), (DIVISIONS - 1, DIVISIONS - 1))
            )
            points = np.column_stack([fine_x[column], fine_y[row]])
            new = surface.near(points, *near)
            found[row, column], inner[row, column] = new.value, new.inner
        return cls(fine_x, fine_y, found, inner)

    def contour(self, surface: Surface, level: float) -> Contour:
        """Return the region at most at the level, every vertex of its contour on it."""
        from contourpy import FillType, contour_generator

        finite = np.where(np.isfinite(self.value), self.value, 1e30)
        generator = contour_generator(self.x, self.y, finite, fill_type=FillType.OuterOffset)
        outlines, arcs = [], []
        for points, offsets in zip(*generator.filled(-1e300, level), strict=True):
            loops = [points[a:b] for a, b in pairwise(offsets)]
            moved = [self._moved(surface, loop, level) for loop in loops]
            outlines.append(np.concatenate([loop for loop, _ in moved]))
            arcs += [arc for loop, on in moved for arc in _arcs(loop, on)]
        return Contour(tuple(outlines), tuple(arcs))

    def _moved(
        self, surface: Surface, loop: FloatArray, level: float
    ) -> tuple[FloatArray, BoolArray]:
        """Return a loop with the vertices on inner edges moved onto the contour, and which."""
        first, second, on = self._edges(loop)
        on &= (self._at(first) > level) != (self._at(second) > level)
        rows = np.flatnonzero(on)
        if rows.size == 0:
            return loop, on
        low, high = first[rows], second[rows]
        starts = self.inner[low[:, 0], low[:, 1]], self.inner[high[:, 0], high[:, 1]]
        ends = [np.column_stack([self.x[e[:, 1]], self.y[e[:, 0]]]) for e in (low, high)]
        span = ends[1] - ends[0]

        def over(fraction: FloatArray, some: IntArray) -> tuple[FloatArray, FloatArray]:
            points = ends[0][some] + fraction[:, None] * span[some]
            found = surface.near(points, *(start[some] for start in starts))
            return found.value - level, np.einsum("ni,ni->n", found.slope, span[some])

        at = [np.where(np.isfinite(v), v, 1e300) - level for v in map(self._at, (low, high))]
        n = rows.size
        fraction = newton_roots(
            over, np.zeros(n), np.ones(n), *at, rounding=ROUNDING * (1 + abs(level))
        )
        moved = loop.copy()
        moved[rows] = ends[0] + fraction[:, None] * span
        return moved, on

    def _at(self, index: IntArray) -> FloatArray:
        return self.value[index[:, 0], index[:, 1]]

    def _edges(self, loop: FloatArray) -> tuple[IntArray, IntArray, BoolArray]:
        """Return the ends (row, column) of the edge that each vertex lies on, and if it does."""
        lower, upper, off = [], [], []
        for axis, values in ((self.y, loop[:, 1]), (self.x, loop[:, 0])):
            place = np.interp(values, axis, np.arange(axis.size))
            whole = np.round(place)
            inside = np.abs(place - whole) > 1e-9
            lower.append(np.where(inside, np.floor(place), whole).astype(int))
            upper.append(np.where(inside, np.ceil(place), whole).astype(int))
            off.append(inside)
        known = np.isfinite(self.inner[lower[0], lower[1]]).all(axis=-1)
        known &= np.isfinite(self.inner[upper[0], upper[1]]).all(axis=-1)
        return np.column_stack(lower), np.column_stack(upper), (off[0] != off[1]) & known


def _mesh(x: FloatArray, y: FloatArray) -> FloatArray:
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _divided(axis: FloatArray) -> FloatArray:
    steps = np.arange(DIVISIONS) / DIVISIONS
    inner = axis[:-1, None] + np.diff(axis)[:, None] * steps
    return np.append(inner.ravel(), axis[-1])


def _crossed(
    value: FloatArray, slope: FloatArray, x: FloatArray, y: FloatArray, level: float
) -> BoolArray:
    """Return which cells, shape (n_y - 1, n_x - 1), the level may cross."""
    change = (
        np.abs(slope[..., 0])[:-1, :-1] * np.diff(x)
        + np.abs(slope[..., 1])[:-1, :-1] * (np.diff(y)[:, None])
    )
    corners = np.stack([value[:-1, :-1], value[1:, :-1], value[:-1, 1:], value[1:, 1:]])
    for other in (slope[1:, :-1], slope[:-1, 1:], slope[1:, 1:]):
        size = np.abs(other[..., 0]) * np.diff(x) + np.abs(other[..., 1]) * np.diff(y)[:, None]
        change = np.maximum(change, size)
    low, high = corners.min(axis=0), corners.max(axis=0)
    return np.asarray((low - CAUTION * change <= level) & (high + CAUTION * change >= level))


def _interpolated(value: FloatArray) -> FloatArray:
    """Return values of the divided lattice, linear between those of the coarse one."""
    for _ in range(2):
        steps = np.arange(DIVISIONS) / DIVISIONS
        with np.errstate(invalid="ignore"):
            inner = value[:-1, None] + (value[1:] - value[:-1])[:, None] * steps[None, :, None]
        inner = np.where(np.isnan(inner), np.inf, inner)
        value = np.concatenate([inner.reshape(-1, value.shape[1]), value[-1:]]).T
    return np.asarray(value)


def _points_of(crossed: BoolArray) -> BoolArray:
    """Return the points of the divided lattice that lie in or on a crossed cell."""
    shape = tuple(DIVISIONS * n + 1 for n in crossed.shape)
    points = np.zeros(shape, np.bool_)
    for row, column in zip(*np.nonzero(crossed), strict=True):
        r, c = DIVISIONS * row, DIVISIONS * column
        points[r : r + DIVISIONS + 1, c : c + DIVISIONS + 1] = True
    return points


def _arcs(loop: FloatArray, on: BoolArray) -> list[FloatArray]:
    """Return the runs of a closed loop that are contour, a whole one closed by its first vertex."""
    if not np.any(on):
        return []
    if np.all(on[:-1]):
        return [loop]
    first = int(np.argmin(on))
    loop, on = np.roll(loop[:-1], -first, axis=0), np.roll(on[:-1], -first)
    borders = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int)))
    return [loop[a:b] for a, b in zip(borders[::2], borders[1::2], strict=True)]
