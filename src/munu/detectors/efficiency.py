"""Detection efficiencies as functions of the measured quantity."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.frozen import freeze
from munu.base.interpolation import Between, between_rows, check_between
from munu.base.typing import FloatArray

Step: TypeAlias = tuple[float, float]
"""An x and the value from there on."""
RISE: Final = (-16.0, -8.0, -4.0, 0.0, 4.0, 8.0, 16.0)
"""Exponents of a logistic curve between which six points integrate it to 1e-6."""
FALL: Final = (0.0, 4.0, 8.0, 16.0, 32.0)
"""The same of a falling exponential."""


def _check_steps(steps: tuple[Step, ...]) -> None:
    """Raise `MunuError` for starts that do not increase, and values that are no probabilities."""
    starts = [start for start, _ in steps]
    if any(later <= start for start, later in pairwise(starts)):
        raise MunuError(
            f"the steps of the efficiency start at {', '.join(f'{x:g}' for x in starts)}",
            "Order them by increasing start, each named once",
        )
    for start, value in steps:
        if not 0.0 <= value <= 1.0:
            raise MunuError(
                f"efficiency {value:g} from {start:g} on is not a probability", "Allowed: 0 to 1"
            )
    if steps and not any(value for _, value in steps):
        raise MunuError(
            "the efficiency is zero where recoils are measured: all of its steps are",
            "Give one step or more above zero",
        )


def _at_step(steps: tuple[Step, ...], x: FloatArray) -> FloatArray:
    """Return the value of the last step at or below x, 0 before the first."""
    starts, values = np.array(steps).T
    return np.asarray(np.concatenate([[0.0], values])[np.searchsorted(starts, x, side="right")])


class Efficiency(ABC):
    """The probability that an event at observable x is kept."""

    @abstractmethod
    def __call__(self, observable: FloatArray) -> FloatArray:
        """Return the efficiency, between 0 and 1, for x in the detector's observable unit."""

    @abstractmethod
    def kinks(self) -> FloatArray:
        """Return the x at which the efficiency is not smooth, and those that a steep part needs.

        Between two of them a few points integrate it, however short the way is.
        """

    @abstractmethod
    def describe(self) -> str:
        """Return a one-line description for ``munu show``."""


@final
@dataclass(frozen=True)
class Flat(Efficiency):
    """One number at every x.

    Raises
    ------
    MunuError
        If the number lies outside (0, 1].
    """

    value: float

    def __post_init__(self) -> None:
        if not 0.0 < self.value <= 1.0:
            raise MunuError(
                f"efficiency {self.value} is not a probability", "Allowed: above 0 to 1"
            )

    def __call__(self, observable: FloatArray) -> FloatArray:
        """Return the constant at every x."""
        return np.full(np.shape(observable), float(self.value))

    def kinks(self) -> FloatArray:
        """Return none: a constant is smooth."""
        return np.empty(0)

    def describe(self) -> str:
        """Give the percentage."""
        return f"flat {100 * self.value:g} %"


@final
@dataclass(frozen=True)
class Steps(Efficiency):
    """The value of the last step at or below x, 0 before the first.

    Detectors of one kind with their own thresholds, added up, have such an efficiency: the share of
    the exposure that counts at x.

    Parameters
    ----------
    steps : tuple of (x, value)

    Raises
    ------
    MunuError
        If there is no step, their x do not increase, a value lies outside [0, 1] or all are zero.
    """

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if not self.steps:
            raise MunuError("an efficiency without steps", "Give one or more pairs (x, efficiency)")
        _check_steps(self.steps)
        freeze(self)

    def __call__(self, observable: FloatArray) -> FloatArray:
        """Return the value of the step."""
        return _at_step(self.steps, np.asarray(observable, float))

    def kinks(self) -> FloatArray:
        """Return where the steps start."""
        return np.array([start for start, _ in self.steps])

    def describe(self) -> str:
        """List the steps."""
        return ", ".join(f"{value:g} from {start:g}" for start, value in self.steps)


@final
@dataclass(frozen=True)
class Logistic(Efficiency):
    r"""A logistic curve, with the acceptance steps of Eq. (29)-(30) of arXiv:1905.03750.

    :math:`A(x) = \left[\frac{k_1}{1+e^{-k_2(x-x_0)}} + {\rm offset}\right]\Theta(x)`, clipped to
    [0, 1], with Θ the value of the last step at or below x, 0 before the first.

    Parameters
    ----------
    plateau, slope, midpoint, offset : float
        k₁, k₂ (per unit of x), x₀ and an additive constant.
    steps : tuple of (x, value)
        Θ; empty for Θ = 1. COHERENT's is ((5, 0.5), (6, 1.0)).

    Raises
    ------
    MunuError
        As `Steps` for the steps, of which there may be none; and for a slope of zero, or a number
        that is not finite.
    """

    plateau: float
    slope: float
    midpoint: float
    offset: float = 0.0
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        numbers = (self.plateau, self.slope, self.midpoint, self.offset)
        if self.slope == 0 or not np.all(np.isfinite(numbers)):
            raise MunuError(
                f"plateau, slope, midpoint and offset of a logistic curve are {numbers}",
                "Allowed: finite numbers, and no slope of zero",
            )
        _check_steps(self.steps)
        freeze(self)

    def curve(self, observable: FloatArray) -> FloatArray:
        """Return the logistic curve with its offset, neither clipped nor cut by steps."""
        exponent = np.clip(-self.slope * (observable - self.midpoint), -700, 700)
        return np.asarray(self.plateau / (1 + np.exp(exponent)) + self.offset)  # Eq. (29)

    def __call__(self, observable: FloatArray) -> FloatArray:
        """Return A(x) of Eq. (29), times the steps of Eq. (30), between 0 and 1."""
        x = np.asarray(observable, float)
        value = np.clip(self.curve(x), 0.0, 1.0)
        return np.asarray(value * _at_step(self.steps, x) if self.steps else value)  # Eq. (30)

    def kinks(self) -> FloatArray:
        """Return the steps, where the clipping at 0 and 1 sets in, and cuts about the rise."""
        borders = [start for start, _ in self.steps]
        borders += [self.midpoint + exponent / self.slope for exponent in RISE]
        for level in (0.0, 1.0):
            odds = self.plateau / (level - self.offset) - 1 if level != self.offset else -1.0
            if odds > 0:
                borders.append(self.midpoint - np.log(odds) / self.slope)
        return np.array(sorted(borders))

    def describe(self) -> str:
        """Show the formula's numbers."""
        offset = f" {self.offset:+g}" if self.offset else ""
        steps = ", ".join(f"{height:g} from {start:g}" for start, height in self.steps)
        curve = f"{self.plateau:g}/(1+exp(-{self.slope:g}(x-{self.midpoint:g}))){offset}"
        return f"{curve}; times {steps}" if steps else curve


@final
@dataclass(frozen=True)
class TabulatedEfficiency(Efficiency):
    """Interpolation of a table, zero below it and constant above it.

    Parameters
    ----------
    observable, value : tuple of float
        x and the efficiency.
    interpolation : str
        ``linear``, or ``log`` for the efficiency's logarithm (`munu.base.interpolation`).

    Raises
    ------
    MunuError
        If x does not increase or an efficiency lies outside [0, 1].
    """

    observable: tuple[float, ...]
    value: tuple[float, ...]
    interpolation: Between = "linear"

    def __post_init__(self) -> None:
        check_between(self.interpolation)
        x, values = np.array(self.observable), np.array(self.value)
        increase = x.size >= 2 and bool(np.all(np.diff(x) > 0))
        if not increase or x.shape != values.shape:
            raise MunuError(
                "the efficiency table is not a function of an increasing observable",
                "Give two columns of equal length >= 2, the first increasing",
            )
        if not np.all((values >= 0) & (values <= 1)):
            raise MunuError("an efficiency in the table is not a probability", "Allowed: 0 to 1")
        if not values.any():
            raise MunuError(
                "the efficiency is zero where recoils are measured: all of its table is",
                "Give one row or more above zero",
            )
        freeze(self)

    def __call__(self, observable: FloatArray) -> FloatArray:
        """Return the interpolated efficiency."""
        x = np.asarray(observable, float)
        values = between_rows(x, self.observable, self.value, self.interpolation)
        return np.asarray(np.where(x < self.observable[0], 0.0, values))

    def kinks(self) -> FloatArray:
        """Return the x of the rows: the curve bends at each."""
        return np.array(self.observable)

    def describe(self) -> str:
        """Give the range of the table."""
        return f"table from {self.observable[0]:g} to {self.observable[-1]:g}"


@final
@dataclass(frozen=True)
class Falling(Efficiency):
    r"""One up to a start, then an exponential fall: :math:`e^{-b(x-a)}` for x above a.

    The time-dependent efficiency of COHERENT's caesium iodide detector, arXiv:2110.07730.

    Parameters
    ----------
    start : float
        a.
    rate : float
        b (per unit of x).

    Raises
    ------
    MunuError
        If the rate is negative.
    """

    start: float
    rate: float

    def __post_init__(self) -> None:
        if not self.rate >= 0:
            raise MunuError(
                f"an efficiency that grows at a rate of {-self.rate:g}", "Allowed: >= 0"
            )

    def __call__(self, observable: FloatArray) -> FloatArray:
        """Return 1 up to the start, and the falling exponential after it."""
        elapsed = np.maximum(np.asarray(observable, float) - self.start, 0.0)
        return np.asarray(np.exp(-self.rate * elapsed))

    def kinks(self) -> FloatArray:
        """Return the start, where the fall sets in, and cuts along it."""
        return self.start + np.array(FALL if self.rate > 0 else FALL[:1]) / (self.rate or 1.0)

    def describe(self) -> str:
        """Show the formula's numbers."""
        return f"1 up to {self.start:g}, then exp(-{self.rate:g}(x-{self.start:g}))"
