r"""Edges of a Feldman-Cousins set of one parameter, where toys are drawn as they are needed.

With :math:`q_{\rm obs}(r)` of the data and q of toys of a truth r, r is in the set at a confidence
level CL where

.. math:: F(r) = P\,[q < q_{\rm obs}(r)\,|\,r] < {\rm CL}.

Near an edge :math:`\Phi^{-1}(F)` is taken as a parabola that bends little, which is fitted to the
toys there: where it is :math:`\Phi^{-1}({\rm CL})` and the error of that follow from all of them.
G. J. Feldman and R. D. Cousins, Phys. Rev. D 57 (1998) 3873, physics/9711021.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, final

import numpy as np

from munu.base.progress import Progress
from munu.base.typing import FloatArray
from munu.statistics.studies.edge_fit import Expected, FittedEdge, Point, fitted_edge

EXTENSIONS: Final = 6
FARTHER: Final = (1 / 6, 1 / 3, 1 / 2)
"""Times that the first values are extended where the last of them is not excluded, and by what
parts of their range."""
FIRST_BLOCKS: Final = 1
"""Blocks of toys of a value of the first grid."""
UNSURE, SURE_BLOCKS = 2.0, 5
"""Standard deviations of F from CL within which a value gets more toys, and their most blocks."""
NARROWEST: Final = 12.0
"""Half width of the window about an edge in which toys are added, over the error that is wanted. In
a window of a few errors points follow the fluctuations of toys, slopes are found too steep and
errors too small."""
WIDEST: Final = 0.2
"""That half width at most, over the size of the edge."""
WIDER: Final = 1.5
"""Over that half width, the one within which toys count."""
BENT: Final = 0.3
"""How much Φ⁻¹(F) may bend, relative to its slope, in a width that is the size of the edge."""
STRAIGHT: Final = 1e-3
"""A bend, per width, that is none."""
SPREAD: Final = (-0.8, -0.3, 0.3, 0.8)
"""Where in the window true values are added."""
TIE: Final = 1e-9
"""Difference of q, relative to 1 + q, that is rounding: toys whose data are those observed."""

Draw = Callable[[Sequence[tuple[int, float, int]]], Sequence[FloatArray]]
"""From (number, true value, block) of several blocks of toys to their q, without failed toys."""


@final
@dataclass(frozen=True)
class Edge:
    """One end of an interval, its standard error, and whether larger values are excluded."""

    value: float
    error: float
    is_upper: bool


@final
@dataclass
class EdgeSearch:
    """The set at a confidence level, found with as few toys as the precision asks for.

    Parameters
    ----------
    cl : float
    precision : float
        Of an edge, relative to its size.
    most_toys : int
        With which the search ends.
    draw : callable
    observed : callable
        From true values (n,) to q of the data.
    progress : callable
        Called with the number of toys drawn, and about how many are needed.
    size : callable
        From an edge to what its precision is relative to.
    low, high : float
        Of the values that the parameter may have.
    """

    cl: float
    precision: float
    most_toys: int
    draw: Draw
    observed: Callable[[FloatArray], FloatArray]
    progress: Progress
    size: Callable[[float], float] = abs
    low: float = 0.0
    high: float = np.inf
    points: list[Point] = field(default_factory=list)

    @property
    def toys(self) -> int:
        """How many have been drawn."""
        return sum(point.toys for point in self.points)

    @property
    def holds_any(self) -> bool:
        """Whether a value that was looked at is in the set."""
        return any(map(self._is_in, self.points))

    def edges(self, first: FloatArray) -> list[Edge]:
        """Return the edges, increasing, that lie between the first values, or beyond them."""
        self._add(first, FIRST_BLOCKS)
        self._make_sure()
        for _ in range(EXTENSIONS):
            beyond = self._beyond()
            if beyond.size == 0:
                break
            self._add(beyond, FIRST_BLOCKS)
            self._make_sure()
        return [self._refined(*pair) for pair in self._changes()]

    def _beyond(self) -> FloatArray:
        """Return values beyond the first and the last one, where these are in the set."""
        points = self._sorted()
        first, last = points[0], points[-1]
        more = [np.empty(0)]
        span = np.array(FARTHER) * (last.value - first.value)
        if self._is_in(first) and first.value > self.low:
            more.append(np.maximum(first.value - span, self.low))
        if self._is_in(last) and last.value < self.high:
            more.append(np.minimum(last.value + span, self.high))
        return np.unique(np.concatenate(more))

    def _sorted(self) -> list[Point]:
        return sorted(self.points, key=lambda point: point.value)

    def _is_in(self, point: Point) -> bool:
        return point.below / point.toys < self.cl

    def _changes(self) -> list[tuple[Point, Point]]:
        """Return neighbours of which one is in the set and the other is not."""
        points = self._sorted()
        return [
            (low, high) for low, high in pairwise(points) if self._is_in(low) != self._is_in(high)
        ]

    def _add(self, values: FloatArray, blocks: int) -> list[Point]:
        """Draw toys of new true values."""
        first = len(self.points)
        observed = self.observed(values).tolist()
        added = [
            Point(first + i, value, q)
            for i, (value, q) in enumerate(zip(values.tolist(), observed, strict=True))
        ]
        self.points += added
        self._draw([(point, blocks) for point in added])
        return added

    def _draw(self, asked: Sequence[tuple[Point, int]]) -> None:
        """Draw more blocks of toys of some values."""
        tasks, owners = [], []
        for point, blocks in asked:
            for block in range(point.blocks, point.blocks + blocks):
                tasks.append((point.number, point.value, block))
                owners.append(point)
            point.blocks += blocks
        for point, q in zip(owners, self.draw(tasks), strict=True):
            point.toys += q.size
            point.below += int(np.sum(q < point.observed - TIE * (1 + point.observed)))

    def _make_sure(self) -> None:
        """Draw more toys where it is not sure whether a value of the grid is in the set."""
        for _ in range(SURE_BLOCKS):
            unsure = [
                (point, 1)
                for point in self.points
                if abs(point.fraction - self.cl) < UNSURE * point.error
                and point.blocks < SURE_BLOCKS
            ]
            if not unsure:
                return
            self._draw(unsure)

    def _refined(self, low: Point, high: Point) -> Edge:
        """Return the edge between two values, more toys drawn about it until it is known."""
        is_upper = self._is_in(low)
        value = 0.5 * (low.value + high.value)
        window = max(high.value - low.value, self._narrowest(value))
        while True:
            near = self._within(value, WIDER * window)
            fitted = self._fitted(near, value, window, 0.5 if is_upper else -0.5)
            error = fitted.error
            # Neighbours may be on the other side of an edge than few toys of theirs say.
            value = float(np.clip(fitted.value, value - window, value + window))
            value = float(np.clip(value, self.low, self.high))
            wanted = self.precision * self.size(value)
            self.progress(self.toys, self._needed(error, wanted, near))
            narrow = self._narrowest(value)
            if (error <= wanted and window <= narrow) or self.toys >= self.most_toys:
                return Edge(value, error, is_upper)
            window = max(narrow, float(np.clip(2 * error, 0.3 * window, 0.6 * window)))
            spread = value + window * np.array(SPREAD)
            self._add(np.clip(spread, self.low, self.high), FIRST_BLOCKS)

    def _narrowest(self, value: float) -> float:
        """Return the half width of the last window."""
        return min(NARROWEST * self.precision, WIDEST) * self.size(value)

    def _fitted(
        self, near: Sequence[Point], start: float, width: float, slope: float
    ) -> FittedEdge:
        """Return the edge, how much Φ⁻¹(F) may bend being known once its slope is."""
        straight = fitted_edge(near, self.cl, start, width, Expected(slope, STRAIGHT))
        bend = BENT * abs(straight.slope) * width / self.size(start)
        return fitted_edge(near, self.cl, start, width, Expected(slope, max(bend, STRAIGHT)))

    def _within(self, value: float, width: float) -> list[Point]:
        return [point for point in self.points if abs(point.value - value) <= width]

    def _needed(self, error: float, wanted: float, near: Sequence[Point]) -> int:
        more = max((error / wanted) ** 2 - 1, 0.0) if wanted > 0 and np.isfinite(error) else 1.0
        return int(self.toys + more * sum(point.toys for point in near))
