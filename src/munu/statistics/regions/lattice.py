r"""A function on a lattice that is fine where a level is crossed, and its contour moved onto it.

A coarse lattice finds where the level runs; in cells that it may cross, values and slopes of the
corners tell it on a finer one. Vertices of the contour lie on edges of that and are moved there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.typing import BoolArray, FloatArray, IntArray
from munu.statistics.models.crossings import straight
from munu.statistics.regions.finer import (
    DIVISIONS,
    crossed,
    cubic,
    divided,
    interpolated,
    mesh,
)
from munu.statistics.regions.outlines import Contour, arcs_of, edges_of, loops_of
from munu.statistics.regions.surface import Surface, Values
from munu.statistics.regions.vertices import LatticeEdges

ROUNDS: Final = 12
"""Times that the contour is drawn, the last ones where the interpolation was wrong."""
SPLIT: Final = 0.3
"""Difference of what corners say of what is minimised over, from which one alone is believed."""
AT_END: Final = 1e-6
"""Part of an edge from its end within which the level is at the end."""
HUGE: Final = 1e30
"""In the place of a value that does not converge."""


@final
@dataclass(frozen=True, eq=False)
class Lattice:
    """Values on the divided lattice: interpolated, but where the contour asks for more.

    Parameters
    ----------
    x, y : array, shape (n_x,) and (n_y,)
    level : float
        What its contour is wanted of.
    value : array, shape (n_y, n_x)
    known : array of bool, shape (n_y, n_x)
        Which values were evaluated.
    coarse : Values
        At the points of the coarse lattice, (n_coarse_y n_coarse_x), row by row.
    """

    x: FloatArray
    y: FloatArray
    level: float
    value: FloatArray
    known: BoolArray
    coarse: Values

    @classmethod
    def of(cls, surface: Surface, x: FloatArray, y: FloatArray, level: float) -> Lattice:
        """Evaluate the coarse lattice."""
        return cls._through(x, y, level, surface.scan(mesh(x, y), (y.size, x.size)))

    @classmethod
    def _through(cls, x: FloatArray, y: FloatArray, level: float, coarse: Values) -> Lattice:
        """Return the divided lattice of the cubics through values on a coarse one.

        Where the level may cross a cell they are those of values and slopes, elsewhere straight.
        """
        shape = y.size, x.size
        value, slope = coarse.value.reshape(shape), coarse.slope.reshape(*shape, 2)
        finite = np.where(np.isfinite(value), value, HUGE)
        inside = np.kron(crossed(value, slope, x, y, level), np.ones((DIVISIONS, DIVISIONS), bool))
        near = np.zeros([n + 1 for n in inside.shape], np.bool_)
        for rows in (slice(None, -1), slice(1, None)):
            for columns in (slice(None, -1), slice(1, None)):
                near[rows, columns] |= inside
        found = np.where(near, cubic(finite, slope, x, y), interpolated(finite))
        known = np.zeros(found.shape, np.bool_)
        found[::DIVISIONS, ::DIVISIONS], known[::DIVISIONS, ::DIVISIONS] = finite, True
        return cls(divided(x), divided(y), level, found, known, coarse)

    @property
    def axes(self) -> tuple[FloatArray, FloatArray]:
        """The lines of the coarse lattice along x and y."""
        return self.x[::DIVISIONS], self.y[::DIVISIONS]

    def finer(self, surface: Surface, x: FloatArray, y: FloatArray) -> Lattice:
        """Return the lattice of more lines, that of the coarse one among them.

        Only points that are new are evaluated, from what their neighbours say.
        """
        kept = np.isin(x, self.axes[0]), np.isin(y, self.axes[1])
        old = np.outer(kept[1], kept[0]).ravel()
        points = mesh(x, y)
        new = surface.near(points[~old], *self._starts(points[~old]), leads=True)
        order = np.argsort(np.concatenate([np.flatnonzero(old), np.flatnonzero(~old)]))
        names = ("value", "slope", "inner", "lead")
        both = (
            np.concatenate([getattr(self.coarse, name), getattr(new, name)])[order]
            for name in names
        )
        return self._through(x, y, self.level, Values(*both))

    def drawn(self) -> Contour:
        """Return the region as the interpolation has it."""
        loops = loops_of(self.x, self.y, self.value, self.level)
        pieces = tuple(tuple(one) for one in loops)
        return Contour(pieces, tuple(loop for one in loops for loop in one))

    def contour(self, surface: Surface) -> Contour:
        """Return the region at most at the level, every vertex of its contour on it.

        A vertex that cannot be moved onto the contour along its edge shows that the interpolation
        is wrong there: the ends of the edge are evaluated, and the contour is drawn again.
        """
        solved: dict[tuple[int, ...], float] = {}
        value, known = self.value.copy(), self.known.copy()
        for _ in range(ROUNDS):
            loops = loops_of(self.x, self.y, value, self.level)
            edges = edges_of(
                self.x, self.y, np.concatenate([loop for one in loops for loop in one])
            )
            wanted = [edge for edge in dict.fromkeys(edges) if edge and edge not in solved]
            if not wanted:
                break
            at = np.array(wanted).reshape(-1, 2, 2)
            ends = at[:, :, 0], at[:, :, 1]
            fraction, done = self._moved(surface, at, value[ends], known[ends])
            lowered = self._not_above(value, known, at, fraction, done)
            done &= ~lowered
            solved |= {
                edge: float(part)
                for edge, part, good in zip(wanted, fraction, done, strict=True)
                if good
            }
            unknown = np.unique(at[~done].reshape(-1, 2), axis=0)
            unknown = unknown[~known[unknown[:, 0], unknown[:, 1]]]
            if unknown.size:
                points = np.column_stack([self.x[unknown[:, 1]], self.y[unknown[:, 0]]])
                new = surface.near(points, *self._starts(points)).value
                value[unknown[:, 0], unknown[:, 1]] = np.where(np.isfinite(new), new, HUGE)
                known[unknown[:, 0], unknown[:, 1]] = True
            elif not lowered.any():
                break
        moved = [[self._with_vertices(loop, solved) for loop in one] for one in loops]
        arcs = [arc for one in moved for loop, on in one for arc in arcs_of(loop, on)]
        return Contour(tuple(tuple(loop for loop, _ in one) for one in moved), tuple(arcs))

    def _not_above(
        self,
        value: FloatArray,
        known: BoolArray,
        at: IntArray,
        fraction: FloatArray,
        done: BoolArray,
    ) -> BoolArray:
        """Return which edges, (n,), end at a point above the level that is not, from beside it.

        It has the level then.
        """
        found = np.zeros(done.size, np.bool_)
        for end, near in enumerate((fraction < AT_END, fraction > 1 - AT_END)):
            row, column = at[:, end].T
            wrong = done & near & known[row, column] & (value[row, column] > self.level)
            value[row[wrong], column[wrong]] = self.level
            found |= wrong
        return found

    def _moved(
        self, surface: Surface, at: IntArray, ends: FloatArray, known: BoolArray
    ) -> tuple[FloatArray, BoolArray]:
        """Return where the level is on edges, as fractions, and which were found.

        Parameters
        ----------
        surface : Surface
        at : array, shape (n, 2, 2)
            Row and column of both ends.
        ends, known : array, shape (n, 2)
            Values there, and whether they are exact.
        """
        low, high = (np.column_stack([self.x[e[:, 1]], self.y[e[:, 0]]]) for e in at.swapaxes(0, 1))
        rise = ends - self.level
        first, rising = straight(rise[:, 0], rise[:, 1])
        starts = self._starts(low + first[:, None] * (high - low))
        edges = LatticeEdges(surface, low, high - low, self.level, list(starts))
        fraction, done = edges.found(first, rising)
        left = np.flatnonzero(known.all(axis=1) & ~done & ((rise[:, 0] > 0) != (rise[:, 1] > 0)))
        if left.size:
            fraction[left], done[left] = edges.between(left, rise[left]), True
        return fraction, done

    def _starts(self, points: FloatArray) -> tuple[FloatArray, ...]:
        """Return what is minimised over at points: about, and as each corner of their cell says."""
        places, parts = [], []
        for axis, at in ((self.y, points[:, 1]), (self.x, points[:, 0])):
            coarse = axis[::DIVISIONS]
            first = np.clip(np.searchsorted(coarse, at, side="right") - 1, 0, coarse.size - 2)
            places.append(first)
            parts.append((at - coarse[first]) / (coarse[first + 1] - coarse[first]))
        (row, column), (up, right) = places, parts
        corners, weights, columns = [], [], self.axes[0].size
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            r, c = row + i, column + j
            away = points - np.column_stack([self.x[DIVISIONS * c], self.y[DIVISIONS * r]])
            lead = np.einsum("ni,nid->nd", away, self.coarse.lead[r * columns + c])
            corners.append(self.coarse.inner[r * columns + c] + lead)
            weights.append((up if i else 1 - up) * (right if j else 1 - right))
        every, weight = np.array(corners), np.array(weights)
        between = np.einsum("kn,knd->nd", weight, every)
        nearest = every[np.argmax(weight, axis=0), np.arange(len(points))]
        split = np.abs(every - between).max(axis=(0, 2), initial=0.0) > SPLIT
        return np.where(split[:, None], nearest, between), *corners

    def _with_vertices(
        self, loop: FloatArray, solved: dict[tuple[int, ...], float]
    ) -> tuple[FloatArray, BoolArray]:
        """Return a loop with the vertices on edges moved onto the contour, and which are."""
        moved, on = loop.copy(), np.zeros(len(loop), np.bool_)
        for row, edge in enumerate(edges_of(self.x, self.y, loop)):
            if edge in solved:
                a, b, c, d = edge
                part = solved[edge]
                moved[row] = (
                    self.x[b] + part * (self.x[d] - self.x[b]),
                    self.y[a] + part * (self.y[c] - self.y[a]),
                )
                on[row] = True
        return moved, on
