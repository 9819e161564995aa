"""Outlines of what lies below a level on a lattice, and the edges that their vertices lie on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import final

import numpy as np

from munu.base.typing import BoolArray, FloatArray


@final
@dataclass(frozen=True, eq=False)
class Contour:
    """Where the function is at most a level.

    Parameters
    ----------
    pieces : tuple of tuple of array, shape (n, 2)
        The outline of each piece, and those of its holes, each closed by its first vertex.
    arcs : tuple of array, shape (n, 2)
        The parts of outlines that are contour, and not the border of the window.
    """

    pieces: tuple[tuple[FloatArray, ...], ...]
    arcs: tuple[FloatArray, ...]

    @property
    def outlines(self) -> tuple[FloatArray, ...]:
        """The outlines of the pieces, holes included, one after another."""
        return tuple(np.concatenate(piece) for piece in self.pieces)

    @property
    def loops(self) -> list[FloatArray]:
        """Each outline and each hole by itself."""
        return [loop for piece in self.pieces for loop in piece]

    def mapped(self, place: Callable[[FloatArray], FloatArray]) -> Contour:
        """Return the contour with its lines, each (n, 2), where a function places them."""
        pieces = tuple(tuple(place(loop) for loop in piece) for piece in self.pieces)
        return Contour(pieces, tuple(place(arc) for arc in self.arcs))

    def holds(self, points: FloatArray) -> BoolArray:
        """Return which points (n, 2) lie inside, by the crossings of a line to one side."""
        crossings = np.zeros(len(points), int)
        for one in self.loops:
            (x0, y0), (x1, y1) = one[:-1].T, one[1:].T
            x, y = points[:, :1], points[:, 1:]
            across = (y0 > y) != (y1 > y)
            with np.errstate(divide="ignore", invalid="ignore"):
                right = x < x0 + (y - y0) * (x1 - x0) / (y1 - y0)
            crossings += (across & right).sum(axis=1)
        return np.asarray(crossings % 2 == 1)


def loops_of(
    x: FloatArray, y: FloatArray, value: FloatArray, level: float
) -> list[list[FloatArray]]:
    """Return the outlines of the region at most at a level, each with those of its holes."""
    from contourpy import FillType, contour_generator

    generator = contour_generator(x, y, value, fill_type=FillType.OuterOffset)
    found = zip(*generator.filled(-1e300, level), strict=True)
    return [[points[a:b] for a, b in pairwise(offsets)] for points, offsets in found]


def edges_of(x: FloatArray, y: FloatArray, points: FloatArray) -> list[tuple[int, ...]]:
    """Return row and column of both ends of the edge that each point lies on, or nothing."""
    ends, inside = [], []
    for axis, values in ((y, points[:, 1]), (x, points[:, 0])):
        place = np.interp(values, axis, np.arange(axis.size))
        whole = np.round(place)
        between = np.abs(place - whole) > 1e-9
        ends.append(np.where(between, np.floor(place), whole).astype(int))
        ends.append(np.where(between, np.ceil(place), whole).astype(int))
        inside.append(between)
    lower_row, upper_row, lower_column, upper_column = (e.tolist() for e in ends)
    edges = zip(lower_row, lower_column, upper_row, upper_column, strict=True)
    on = (inside[0] != inside[1]).tolist()
    return [edge if good else () for edge, good in zip(edges, on, strict=True)]


def arcs_of(loop: FloatArray, on: BoolArray) -> list[FloatArray]:
    """Return the runs of a closed loop that are contour, a whole one closed by its first vertex."""
    if not np.any(on):
        return []
    if np.all(on[:-1]):
        return [loop]
    first = int(np.argmin(on))
    loop, on = np.roll(loop[:-1], -first, axis=0), np.roll(on[:-1], -first)
    borders = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int)))
    return [loop[a:b] for a, b in zip(borders[::2], borders[1::2], strict=True)]
