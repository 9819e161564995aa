"""The edge of a Feldman-Cousins region, where toys are drawn as they are needed.

Critical values of toys at points of the edge are interpolated smoothly; the edge is where Δχ² of
the data equals them, and moves with each round of toys, which go where it is least known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, final

import numpy as np

from munu.base.progress import Progress
from munu.base.typing import FloatArray
from munu.statistics.studies.critical import CriticalValues
from munu.statistics.studies.seen import Seen

FIRST_POINTS, ROUND_POINTS = 16, 8
"""Points of the first round, and of each further one."""
BLOCKS: Final = 2
"""Of toys at each point."""
ABOUT: Final = 0.03
"""Of the confidence level, between which quantiles tell the density of toys."""

Draw = Callable[[Sequence[tuple[int, tuple[float, float], int]]], Sequence[FloatArray]]
Contour = tuple[FloatArray, ...]


@final
@dataclass(frozen=True)
class ContourEdge:
    """The edge of a region.

    Parameters
    ----------
    arcs : tuple of array, shape (n, 2)
    errors : tuple of array, shape (n, 2)
        By how much each vertex moves outwards with one standard error of the critical value.
    relative : float
        The largest of these, half the extent of the region along each axis being one.
    """

    arcs: Contour
    errors: Contour
    relative: float


@final
@dataclass(eq=False)
class ContourSearch:
    """The region at a confidence level, found with as few toys as the precision asks for.

    Parameters
    ----------
    cl, precision : float
    most_toys : int
    draw : callable
        From (number, point, block) of several blocks of toys to their q, without failed toys.
    contour : callable
        From critical values, None for Wilks', to the arcs where Δχ² of the data equals them.
    slopes : callable
        From points (n, 2) to slopes (n, 2) of Δχ².
    progress : callable
    coordinates : callable
        From the arcs of the first contour, as points (n, 2), to what critical values depend on.
    """

    cl: float
    precision: float
    most_toys: int
    draw: Draw
    contour: Callable[[CriticalValues | None], Contour]
    slopes: Callable[[FloatArray], FloatArray]
    progress: Progress
    coordinates: Callable[[FloatArray], Seen]
    points: list[FloatArray] = field(default_factory=list)
    drawn: list[FloatArray] = field(default_factory=list)

    @property
    def toys(self) -> int:
        """How many have been drawn."""
        return sum(q.size for q in self.drawn)

    def found(self) -> tuple[CriticalValues, ContourEdge]:
        """Return the critical values and the edge."""
        line = np.concatenate(self.contour(None))
        scale, coordinates = half_extent(line), self.coordinates(line)
        self._add(far_apart(line / scale, FIRST_POINTS) * scale)
        while True:
            critical = self.critical(coordinates)
            edge = self._edge(critical, scale)
            self.progress(self.toys, int(self.toys * max(edge.relative / self.precision, 1) ** 2))
            if edge.relative <= self.precision or self.toys >= self.most_toys:
                return critical, edge
            self._add(self._worst(critical, np.concatenate(edge.arcs), scale))

    def critical(self, coordinates: Seen) -> CriticalValues:
        """Return the critical values that the toys drawn tell."""
        ends = np.array([self.cl - ABOUT, self.cl + 0.5 * ABOUT])
        width = [float(np.diff(np.quantile(q, ends))[0]) for q in self.drawn]
        spread = np.median(width) / (1.5 * ABOUT) * np.sqrt(self.cl * (1 - self.cl))
        return CriticalValues.fitted(
            np.array(self.points),
            np.array([np.quantile(q, self.cl, method="median_unbiased") for q in self.drawn]),
            spread / np.sqrt([q.size for q in self.drawn]),
            coordinates,
        )

    def _add(self, points: FloatArray) -> None:
        """Draw toys at new points."""
        first = len(self.points)
        tasks = [
            (first + i, (float(x), float(y)), block)
            for i, (x, y) in enumerate(points)
            for block in range(BLOCKS)
        ]
        q = list(self.draw(tasks))
        self.points += list(points)
        self.drawn += [np.concatenate(q[i : i + BLOCKS]) for i in range(0, len(q), BLOCKS)]

    def _edge(self, critical: CriticalValues, scale: FloatArray) -> ContourEdge:
        arcs = self.contour(critical)
        moved = [self._moved(critical, arc, scale) for arc in arcs]
        largest = max(float(np.hypot(*(one / scale).T).max()) for one in moved)
        return ContourEdge(arcs, tuple(moved), largest)

    def _moved(self, critical: CriticalValues, arc: FloatArray, scale: FloatArray) -> FloatArray:
        """Return by how much vertices move outwards with a standard error of the threshold."""
        slope = (self.slopes(arc) - critical.at(arc)[1]) * scale
        square = np.maximum((slope**2).sum(axis=1, keepdims=True), 1e-12)
        return np.asarray(critical.error(arc)[:, None] * slope / square * scale)

    def _worst(self, critical: CriticalValues, line: FloatArray, scale: FloatArray) -> FloatArray:
        """Return vertices where the edge is least known, each after the toys of those before."""
        slope = (self.slopes(line) - critical.at(line)[1]) * scale
        per_error = 1 / np.maximum(np.hypot(*slope.T), 1e-6)
        error, chosen = float(np.median(critical.errors)), []
        for _ in range(ROUND_POINTS):
            worst = int(np.argmax(critical.error(line) * per_error))
            chosen.append(line[worst])
            critical = critical.with_toys(line[worst], error)
        return np.array(chosen)


def half_extent(line: FloatArray) -> FloatArray:
    """Return half of how far points go along each axis, shape (2,)."""
    return np.asarray(0.5 * (line.max(axis=0) - line.min(axis=0)))


def far_apart(line: FloatArray, n: int) -> FloatArray:
    """Return n of the points of a line that are far from each other."""
    chosen = [0]
    away = np.full(len(line), np.inf)
    for _ in range(min(n, len(line)) - 1):
        away = np.minimum(away, np.hypot(*(line - line[chosen[-1]]).T))
        chosen.append(int(np.argmax(away)))
    return line[chosen]
