r"""From the coordinates y that a question has to the real coordinates x of amplitudes.

.. math:: x = x_0 + \sum_a y_a d_a + \sum_k r_k(\cos\varphi_k\,d_k + \sin\varphi_k\,e_k)
              + \sum_l u_l^2\,d_l + \sum_m(c_m + h_m\sin\beta_m)\,d_m

for couplings shown as they are, moduli with their phases, couplings that may not be negative, and
those between two borders c ± h. A modulus may be a constant.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf, pi
from typing import Final, TypeAlias, final

import numpy as np

from munu.base.typing import FloatArray

BESIDE: Final = 0.2
"""Coordinate of a square beside zero, where χ² is stationary, from which a larger one is found."""
STEEPEST: Final = 0.999
"""Sine of an angle at which a coordinate between borders may start."""

Derivatives: TypeAlias = tuple[FloatArray, FloatArray, FloatArray]
"""x (m, n), its first (m, p, n) and second derivatives (m, p, p, n) in y. Where derivatives are the
same everywhere there is one of each, m being one."""


class ChartPiece(ABC):
    """What some coordinates add to x. Subclasses are frozen dataclasses."""

    @abstractmethod
    def add(self, y: FloatArray, x: Derivatives) -> None:
        """Add x and its derivatives at points y, shape (m, p)."""

    @property
    @abstractmethod
    def directions(self) -> tuple[FloatArray, ...]:
        """Those that they move x along, shape (n,) each."""

    @property
    @abstractmethod
    def periods(self) -> Mapping[int, float]:
        """The coordinates that are angles, with a full turn of each."""


@final
@dataclass(frozen=True, eq=False)
class Straight(ChartPiece):
    """y d.

    Parameters
    ----------
    column : int
        The coordinate y.
    along : array, shape (n,)
        d.
    """

    column: int
    along: FloatArray

    @property
    def directions(self) -> tuple[FloatArray, ...]:
        """Return d."""
        return (self.along,)

    @property
    def periods(self) -> Mapping[int, float]:
        """None."""
        return {}

    def add(self, y: FloatArray, x: Derivatives) -> None:
        """Add y d."""
        x[0][...] += y[:, self.column, None] * self.along
        x[1][:, self.column] += self.along


@final
@dataclass(frozen=True, eq=False)
class Constant(ChartPiece):
    """A point d.

    Parameters
    ----------
    along : array, shape (n,)
        d.
    """

    along: FloatArray

    @property
    def directions(self) -> tuple[FloatArray, ...]:
        """Return d."""
        return (self.along,)

    @property
    def periods(self) -> Mapping[int, float]:
        """None."""
        return {}

    def add(self, y: FloatArray, x: Derivatives) -> None:
        """Add d."""
        x[0][...] += self.along


@final
@dataclass(frozen=True, eq=False)
class Polar(ChartPiece):
    """r (cos φ d + sin φ e).

    Parameters
    ----------
    modulus, phase : int
        The coordinates r and φ, the latter in units of ``turn``.
    along, across : array, shape (n,)
        d and e.
    turn : float
        rad
    """

    modulus: int
    phase: int
    along: FloatArray
    across: FloatArray
    turn: float = 1.0

    @property
    def directions(self) -> tuple[FloatArray, ...]:
        """Return d and e."""
        return (self.along, self.across)

    @property
    def periods(self) -> Mapping[int, float]:
        """A full turn of φ."""
        return {self.phase: 2 * pi / self.turn}

    def add(self, y: FloatArray, x: Derivatives) -> None:
        """Add the point and its derivatives."""
        r, (i, j) = y[:, self.modulus, None], (self.modulus, self.phase)
        radial, turning = turned(y[:, j], self.along, self.across, self.turn)
        x[0][...] += r * radial
        x[1][:, i] += radial
        x[1][:, j] += r * turning
        x[2][:, i, j] += turning
        x[2][:, j, i] += turning
        x[2][:, j, j] -= r * self.turn**2 * radial


@final
@dataclass(frozen=True, eq=False)
class Circle(ChartPiece):
    """cos φ d + sin φ e: a complex coupling of constant modulus.

    Parameters
    ----------
    phase : int
        The coordinate φ, in units of ``turn``.
    along, across : array, shape (n,)
        d and e.
    turn : float
        rad
    """

    phase: int
    along: FloatArray
    across: FloatArray
    turn: float = 1.0

    @property
    def directions(self) -> tuple[FloatArray, ...]:
        """Return d and e."""
        return (self.along, self.across)

    @property
    def periods(self) -> Mapping[int, float]:
        """A full turn of φ."""
        return {self.phase: 2 * pi / self.turn}

    def add(self, y: FloatArray, x: Derivatives) -> None:
        """Add the point and its derivatives."""
        radial, turning = turned(y[:, self.phase], self.along, self.across, self.turn)
        x[0][...] += radial
        x[1][:, self.phase] += turning
        x[2][:, self.phase, self.phase] -= self.turn**2 * radial


def turned(
    phase: FloatArray, along: FloatArray, across: FloatArray, turn: float
) -> tuple[FloatArray, FloatArray]:
    """Return cos φ d + sin φ e, shape (m, n), and its derivative by the phase in units of turn."""
    cos, sin = np.cos(turn * phase)[:, None], np.sin(turn * phase)[:, None]
    return cos * along + sin * across, turn * (cos * across - sin * along)


@final
@dataclass(frozen=True, eq=False)
class Squared(ChartPiece):
    """u² d.

    Parameters
    ----------
    column : int
        The coordinate u.
    along : array, shape (n,)
        d.
    """

    column: int
    along: FloatArray

    @property
    def directions(self) -> tuple[FloatArray, ...]:
        """Return d."""
        return (self.along,)

    @property
    def periods(self) -> Mapping[int, float]:
        """None."""
        return {}

    def add(self, y: FloatArray, x: Derivatives) -> None:
        """Add u² d."""
        u, i = y[:, self.column, None], self.column
        x[0][...] += u**2 * self.along
        x[1][:, i] += 2 * u * self.along
        x[2][:, i, i] += 2 * self.along


@final
@dataclass(frozen=True, eq=False)
class Bounded(ChartPiece):
    """(c + h sin β) d, between borders c ± h, with β = u turn + a.

    The angle a is that of zero, so that u = 0 is zero; of a zero on a border or beyond it is almost
    a quarter turn, where the slope is not zero.

    Parameters
    ----------
    column : int
        The coordinate u.
    along : array, shape (n,)
        d.
    low, high : float
        The borders of x.
    unit : float
        What one of u is of x near zero.
    """

    column: int
    along: FloatArray
    low: float
    high: float
    unit: float

    @property
    def _half(self) -> float:
        return 0.5 * (self.high - self.low)

    @property
    def _at_zero(self) -> float:
        """The angle a at u = 0."""
        sine = -0.5 * (self.high + self.low) / self._half
        return float(np.arcsin(np.clip(sine, -STEEPEST, STEEPEST)))

    @property
    def turn(self) -> float:
        """The angle of one of u (rad)."""
        return self.unit / (self._half * float(np.cos(self._at_zero)))

    @property
    def directions(self) -> tuple[FloatArray, ...]:
        """Return d."""
        return (self.along,)

    @property
    def periods(self) -> Mapping[int, float]:
        """Sines repeat themselves."""
        return {self.column: 2 * pi / self.turn}

    def add(self, y: FloatArray, x: Derivatives) -> None:
        """Add x d."""
        i, angle = self.column, self.turn * y[:, self.column, None] + self._at_zero
        middle = 0.5 * (self.high + self.low)
        x[0][...] += (middle + self._half * np.sin(angle)) * self.along
        x[1][:, i] += self._half * self.turn * np.cos(angle) * self.along
        x[2][:, i, i] -= self._half * self.turn**2 * np.sin(angle) * self.along


@final
@dataclass(frozen=True, eq=False)
class Chart:
    """The sum of all pieces.

    Parameters
    ----------
    origin : array, shape (n,)
        x₀: coordinates of what is fixed.
    pieces : tuple of ChartPiece
    dimension : int
        Number p of coordinates y.
    """

    origin: FloatArray
    pieces: tuple[ChartPiece, ...]
    dimension: int

    @cached_property
    def periods(self) -> FloatArray:
        """A full turn of each coordinate, shape (p,), infinite of those that are no angles."""
        found = np.full(self.dimension, inf)
        for piece in self.pieces:
            for column, period in piece.periods.items():
                found[column] = period
        return found

    @cached_property
    def is_straight(self) -> bool:
        """Whether x is linear in y."""
        return all(isinstance(piece, Straight | Constant) for piece in self.pieces)

    @cached_property
    def _at_zero(self) -> Derivatives:
        return self._summed(np.zeros((1, self.dimension)))

    def __call__(self, y: FloatArray) -> Derivatives:
        """Return x and its derivatives at points y, shape (m, p); they are not to be written to."""
        if not self.is_straight:
            return self._summed(y)
        x, first, second = self._at_zero
        return x + y @ first[0], first, second

    def _summed(self, y: FloatArray) -> Derivatives:
        (m, p), n = y.shape, self.origin.size
        x = np.tile(self.origin, (m, 1)), np.zeros((m, p, n)), np.zeros((m, p, p, n))
        for piece in self.pieces:
            piece.add(y, x)
        return x
