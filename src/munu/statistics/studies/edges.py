r"""Edges of a Feldman-Cousins set of one parameter, where toys are drawn as they are needed.

With :math:`q_{\rm obs}(r)` of the data and q of toys of a truth r, r is in the set at a confidence
level CL where

.. math:: F(r) = P\,[q < q_{\rm obs}(r)\,|\,r] < {\rm CL}.

Near an edge e the fraction is taken as :math:`F(r) = \Phi(z_{\rm CL} + s\,(r - e))`, and e and s
are fitted to the toys there: e and its error follow from all of them. G. J. Feldman and
R. D. Cousins, Phys. Rev. D 57 (1998) 3873, physics/9711021.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple, final

import numpy as np

from munu.base.progress import Progress
from munu.base.typing import FloatArray

EXTENSIONS: Final = 6
FARTHER: Final = (1 / 6, 1 / 3, 1 / 2)
"""Times that the first values are extended where the last of them is not excluded, and by what
parts of their range."""
FIRST_BLOCKS: Final = 1
"""Blocks of toys of a value of the first grid."""
UNSURE, SURE_BLOCKS = 2.0, 5
"""Standard deviations of F from CL within which a value gets more toys, and their most blocks."""
NARROWEST = 3.0
"""Half width of the window about an edge in which toys count, over the error that is wanted."""
WIDEST: Final = 0.15
"""That half width at most, over the size of the edge: farther out Φ⁻¹(F) is no straight line."""
WIDER, LOOSE = 4.0, 0.3
"""Over that half width, the one within which the slope of F is fitted; its relative error as known
before the fit in the narrow one."""
SCORES, CONVERGED, FLATTEST = 50, 1e-8, 1e-3
"""Steps of a fit, the last of them, and the least slope, per width, that is no level."""
SPREAD: Final = (-0.8, -0.3, 0.3, 0.8)
"""Where in the window true values are added."""
TIE: Final = 1e-9
"""Difference of q, relative to 1 + q, that is rounding: toys whose data are those observed."""

Draw = Callable[[Sequence[tuple[int, float, int]]], Sequence[FloatArray]]
"""From (number, true value, block) of several blocks of toys to their q, without failed toys."""


@final
@dataclass
class Point:
    """Toys of one true value: how many there are, and how many have a smaller q than the data."""

    number: int
    value: float
    observed: float
    blocks: int = 0
    toys: int = 0
    below: int = 0

    @property
    def fraction(self) -> float:
        """F, half a toy away from 0 and 1."""
        return float(np.clip(self.below, 0.5, self.toys - 0.5) / self.toys)

    @property
    def error(self) -> float:
        """Standard deviation of F."""
        return float(np.sqrt(self.fraction * (1 - self.fraction) / self.toys))


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
        window = max(high.value - low.value, 2 * NARROWEST * self.precision * self.size(value))
        while True:
            sign = 1.0 if is_upper else -1.0
            around = self._within(value, WIDER * window)
            slope = fitted_edge(around, self.cl, value, window, Slope(0.5 * sign, 10.0)).slope
            near = self._within(value, window)
            rough = Slope(slope, LOOSE * abs(slope))
            fitted, error, _ = fitted_edge(near, self.cl, value, window, rough)
            value = float(np.clip(fitted, max(low.value, value - window), value + window))
            wanted = self.precision * self.size(value)
            self.progress(self.toys, self._needed(error, wanted, near))
            narrow = min(NARROWEST * wanted, WIDEST * self.size(value))
            if (error <= wanted and window <= narrow) or self.toys >= self.most_toys:
                return Edge(value, error, is_upper)
            window = max(narrow, float(np.clip(2 * error, 0.3 * window, 0.6 * window)))
            spread = value + window * np.array(SPREAD)
            self._add(np.clip(spread, self.low, self.high), FIRST_BLOCKS)

    def _within(self, value: float, width: float) -> list[Point]:
        return [point for point in self.points if abs(point.value - value) <= width]

    def _needed(self, error: float, wanted: float, near: Sequence[Point]) -> int:
        more = max((error / wanted) ** 2 - 1, 0.0) if wanted > 0 and np.isfinite(error) else 1.0
        return int(self.toys + more * sum(point.toys for point in near))


@final
class Slope(NamedTuple):
    """What is known of the slope of Φ⁻¹(F) before a fit."""

    value: float
    error: float


@final
class FittedEdge(NamedTuple):
    """An edge, its standard error, and the slope of Φ⁻¹(F) there."""

    value: float
    error: float
    slope: float


def fitted_edge(
    points: Sequence[Point], cl: float, start: float, width: float, known: Slope
) -> FittedEdge:
    """Return the edge of toys at several true values.

    The likelihood of the numbers below the data's q, binomial, is maximised over the two
    coefficients of Φ⁻¹(F) by Fisher's scores.

    Parameters
    ----------
    points : sequence of Point
    cl : float
    start, width : float
        An estimate of the edge, and the unit of distances from it.
    known : Slope
        In that unit, with its sign: slopes of few toys vary, and small errors would come from steep
        ones.
    """
    from scipy.special import ndtr, ndtri

    x = np.array([(p.value - start) / width for p in points])
    n = np.array([p.toys for p in points], float)
    k = np.array([p.below for p in points], float)
    z = float(ndtri(cl))
    # Φ⁻¹(F) = a + b x; the edge is where F is CL
    a, b, covariance = z, known.value, np.zeros((2, 2))
    design = np.column_stack([np.ones_like(x), x])
    prior = np.diag([1e-9, known.error**-2])
    for _ in range(SCORES):
        u = np.clip(a + b * x, -5.0, 5.0)
        f = np.clip(ndtr(u), 1e-6, 1 - 1e-6)
        density = np.exp(-0.5 * u**2) / np.sqrt(2 * np.pi)
        weight = n * density**2 / (f * (1 - f))
        covariance = np.linalg.inv((design * weight[:, None]).T @ design + prior)
        score = design.T @ ((k - n * f) * density / (f * (1 - f)))
        score[1] -= (b - known.value) / known.error**2
        step = np.clip(covariance @ score, -1.0, 1.0)
        a, b = a + float(step[0]), b + float(step[1])
        if np.abs(step).max() < CONVERGED:
            break
    if b * known.value <= 0 or abs(b) < FLATTEST:
        return FittedEdge(start, np.inf, known.value)
    at = (z - a) / b
    slopes = np.array([-1 / b, -at / b])
    error = float(np.sqrt(slopes @ covariance @ slopes))
    return FittedEdge(start + width * at, width * error, b)
