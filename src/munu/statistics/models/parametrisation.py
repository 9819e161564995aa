"""How a question's coordinates make those of amplitudes: what is shown first, then what is free.

Straight directions are sheared and scaled by the metric; moduli with phases, and couplings whose
square counts, are only scaled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import pi
from typing import Final, final

import numpy as np

from munu.base.frozen import FrozenMapping
from munu.base.typing import FloatArray
from munu.statistics.models.chart import (
    Bounded,
    Chart,
    ChartPiece,
    Circle,
    Constant,
    Polar,
    Squared,
    Straight,
)
from munu.statistics.models.couplings import CouplingModel, whitened
from munu.statistics.models.idle_phases import idle_phases
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.line import FIRST_END

TURN: Final = pi / FIRST_END
"""Unit of a phase (rad): all are within the first end of a line."""


@final
@dataclass(frozen=True, eq=False)
class Turning:
    """A complex coupling of which the modulus or the phase is shown or free.

    Parameters
    ----------
    along, across : array, shape (n,)
        x for a real and for an imaginary coupling of one.
    modulus, phase : int or None
        Number of the axis that shows it; None if it is free.
    fixed_modulus : float or None
        The modulus, where only the phase is shown or free.
    """

    along: FloatArray
    across: FloatArray
    modulus: int | None = None
    phase: int | None = None
    fixed_modulus: float | None = None

    @property
    def is_free(self) -> bool:
        """Whether neither modulus nor phase is shown or fixed."""
        return self.modulus is None and self.phase is None and self.fixed_modulus is None


@final
@dataclass(frozen=True, eq=False)
class FreeBetween:
    """A coupling that is free between two values.

    Parameters
    ----------
    along : array, shape (n,)
        x for one of its coordinate.
    low, high : float
        First and last coordinate.
    """

    along: FloatArray
    low: float
    high: float


@final
@dataclass(frozen=True, eq=False)
class Parametrisation:
    """What is shown, and what is minimised over.

    Parameters
    ----------
    n_axes : int
        Number of coordinates shown.
    straight : mapping of int to array, shape (n,)
        Axes whose coordinate multiplies a direction.
    free : array, shape (n, k)
        Directions that are free.
    squared : array, shape (n, l)
        Directions whose coordinate is free and may not be negative.
    turning : tuple of Turning
    planes : tuple of tuple of array, shape (n,)
        Directions for a real and for an imaginary coupling of one, of complex couplings that are
        free; they are among the free ones.
    between : tuple of FreeBetween
        What is free and has borders.
    """

    n_axes: int
    straight: Mapping[int, FloatArray]
    free: FloatArray
    squared: FloatArray
    turning: tuple[Turning, ...] = field(default=())
    planes: tuple[tuple[FloatArray, FloatArray], ...] = ()
    between: tuple[FreeBetween, ...] = ()

    @classmethod
    def plain(cls, shown: FloatArray, free: FloatArray) -> Parametrisation:
        """Return directions shown, shape (n, a), and free ones, shape (n, k)."""
        straight = FrozenMapping(dict(enumerate(shown.T)))
        return cls(shown.shape[1], straight, free, np.empty((len(free), 0)))

    def alone(self, axis: int, domain: FloatArray) -> Parametrisation:
        """Return the same with one of the axes, what the others show being free.

        Parameters
        ----------
        axis : int
        domain : array, shape (a, 2)
            First and last coordinate of each axis.
        """
        straight = {0: self.straight[axis]} if axis in self.straight else {}
        free, squared, between = [], [self.squared], list(self.between)
        for other, column in self.straight.items():
            low, high = domain[other].tolist()
            if other == axis:
                continue
            if np.isfinite([low, high]).all():
                between.append(FreeBetween(column, low, high))
            elif low == 0.0:
                squared.append(column[:, None])
            else:
                free.append(column)
        turning, planes = [], list(self.planes)
        for one in self.turning:
            modulus, phase = (0 if at == axis else None for at in (one.modulus, one.phase))
            if modulus is phase is one.fixed_modulus is None:
                free += [one.along, one.across]
                planes.append((one.along, one.across))
            else:
                turning.append(Turning(one.along, one.across, modulus, phase, one.fixed_modulus))
        return Parametrisation(
            1,
            FrozenMapping(straight),
            np.column_stack([self.free, *free]),
            np.column_stack(squared),
            tuple(turning),
            tuple(planes),
            tuple(between),
        )

    @property
    def is_straight(self) -> bool:
        """Whether each axis shown is a direction, so that axes may be mixed."""
        return len(self.straight) == self.n_axes

    def direction(self, axis: int) -> FloatArray:
        """Return x along an axis, shape (n,): along a modulus that of a real coupling."""
        if axis in self.straight:
            return self.straight[axis]
        return next(one.along for one in self.turning if axis in (one.modulus, one.phase))

    def whitened(self, model: CouplingModel) -> tuple[FloatArray, FloatArray]:
        """Return the axes' directions with what follows them, shape (n, a), and the free ones."""
        shown = np.column_stack([self.direction(axis) for axis in range(self.n_axes)])
        _, free, _ = whitened(model.metric, shown[:, 0], self.free)
        return shown - free @ (free.T @ model.metric @ shown), free

    def unit(self, model: CouplingModel, axis: int) -> float:
        """Return what one of an axis's coordinate is, so that it is of order one."""
        if axis in self.straight:
            return whitened(model.metric, self.straight[axis], self.free)[2]
        own = next(one for one in self.turning if axis in (one.modulus, one.phase))
        if own.phase == axis:
            return TURN
        return min(model.unit(own.along), model.unit(own.across))

    def joint(self, model: CouplingModel, matrix: FloatArray) -> tuple[JointChi2, FloatArray]:
        """Return χ² of coordinates of order one, and how far each is looked at; see `chart`."""
        chart, reach = self.chart(model, matrix)
        return model.joint(chart.pieces, chart.dimension), reach

    def chart(self, model: CouplingModel, matrix: FloatArray) -> tuple[Chart, FloatArray]:
        """Return x as a function of coordinates of order one, and how far each is looked at.

        What is free and no event tells has no coordinate.

        Parameters
        ----------
        model : CouplingModel
        matrix : array, shape (a, a)
            The axes' values are its product with the first coordinates; mixed only if they are
            straight.
        """
        pieces: list[ChartPiece] = []
        columns: list[FloatArray] = []
        sheared, free = self.whitened(model)
        at = _Places(matrix, self.n_axes)
        if self.is_straight:
            for i, column in enumerate((sheared @ matrix).T):
                pieces.append(Straight(i, column))
                columns.append(column)
        else:
            for axis in self.straight:
                i, scale = at.axis(axis)
                pieces.append(Straight(i, scale * sheared[:, axis]))
                columns.append(scale * sheared[:, axis])
        for column in free.T:
            pieces.append(Straight(at.next(), column))
            columns.append(column)
        for direction in filter(model.sees, self.squared.T):
            column = model.unit(direction) * direction
            pieces.append(Squared(at.next(), column))
            columns.append(column)
        for free_between in self.between:
            if not model.sees(free_between.along):
                continue
            unit = model.unit(free_between.along)
            pieces.append(
                Bounded(at.next(), free_between.along, free_between.low, free_between.high, unit)
            )
            columns.append(unit * free_between.along)
        idle = self.idle(model)
        for number, one in enumerate(self.turning):
            if one.is_free and not model.sees(one.along, one.across):
                continue
            piece, scale = self._turning(model, one, at, idle=number in idle)
            pieces.append(piece)
            columns.append(scale * one.along)
            if number not in idle:
                columns.append(scale * one.across)
        reach = _reach(pieces, model.reach(np.column_stack(columns)), at.count)
        return Chart(np.zeros(len(columns[0])), tuple(pieces), at.count), reach

    def idle(self, model: CouplingModel) -> frozenset[int]:
        """Return numbers of ``turning`` whose free phases may be zero without loss."""
        free = [i for i, one in enumerate(self.turning) if one.phase is None]
        planes = [(self.turning[i].along, self.turning[i].across) for i in free]
        found = idle_phases(model.forms, [*planes, *self.planes], len(free))
        return frozenset(free[number] for number in found)

    def _turning(
        self, model: CouplingModel, one: Turning, at: _Places, *, idle: bool
    ) -> tuple[ChartPiece, float]:
        """Return the piece of a complex coupling, and what one of its modulus is."""
        size = one.fixed_modulus
        if size is not None and idle:
            return Constant(size * one.along), size
        if size is not None:
            phase, turn = at.angle(one.phase)
            return Circle(phase, size * one.along, size * one.across, turn), size
        if one.modulus is None:
            modulus, scale = at.next(), min(model.unit(one.along), model.unit(one.across))
        else:
            modulus, scale = at.axis(one.modulus)
        if idle:
            return Straight(modulus, scale * one.along), scale
        phase, turn = at.angle(one.phase)
        return Polar(modulus, phase, scale * one.along, scale * one.across, turn), scale


@final
class _Places:
    """Which coordinate is whose: those of the axes first."""

    def __init__(self, matrix: FloatArray, n_axes: int) -> None:
        self.matrix, self.count = matrix, n_axes

    def axis(self, axis: int) -> tuple[int, float]:
        """Return the coordinate that an axis has alone, and its scale."""
        i = int(np.argmax(np.abs(self.matrix[axis])))
        return i, float(self.matrix[axis, i])

    def angle(self, axis: int | None) -> tuple[int, float]:
        """Return the coordinate of a phase that an axis shows, or a further one, and its unit."""
        return (self.next(), TURN) if axis is None else self.axis(axis)

    def next(self) -> int:
        """Return a further coordinate."""
        self.count += 1
        return self.count - 1


def _reach(pieces: list[ChartPiece], sizes: FloatArray, dimension: int) -> FloatArray:
    """Return how far the coordinates of pieces go, from that of the directions they use."""
    reach, left = np.zeros(dimension), list(sizes)
    for piece in pieces:
        if isinstance(piece, Straight):
            reach[piece.column] = left.pop(0)
        elif isinstance(piece, Squared):
            reach[piece.column] = np.sqrt(left.pop(0))
        elif isinstance(piece, Bounded):
            reach[piece.column] = min(left.pop(0), pi / piece.turn)
        elif isinstance(piece, Constant):
            left.pop(0)
        elif isinstance(piece, Polar | Circle):
            size = max(left.pop(0), left.pop(0))
            reach[piece.phase] = FIRST_END
            if isinstance(piece, Polar):
                reach[piece.modulus] = size
    return reach
