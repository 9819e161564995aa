"""Functions of two coordinates that regions are drawn of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray


@final
@dataclass(frozen=True, eq=False)
class Values:
    """The function at points: value, slopes, and where the minimum behind it lies.

    Parameters
    ----------
    value : array, shape (n,)
    slope : array, shape (n, 2)
    inner : array, shape (n, d)
        What was minimised over.
    lead : array, shape (n, 2, d)
        How that changes with the coordinates.
    """

    value: FloatArray
    slope: FloatArray
    inner: FloatArray
    lead: FloatArray

    def replaced(self, rows: IntArray, other: Values) -> Values:
        """Return the values with others in the place of those at some points, (len(rows),)."""
        arrays = {}
        for name in ("value", "slope", "inner", "lead"):
            arrays[name] = getattr(self, name).copy()
            arrays[name][rows] = getattr(other, name)
        return Values(**arrays)


class Surface(ABC):
    """A function of two coordinates, itself a minimum over others."""

    @abstractmethod
    def scan(self, points: FloatArray, shape: tuple[int, int]) -> Values:
        """Return values at the points (n, 2) of a coarse lattice of a shape, row by row."""

    @abstractmethod
    def near(self, points: FloatArray, *starts: FloatArray, leads: bool = False) -> Values:
        """Return the lowest values at points (n, 2) from starts (n, d) of what is minimised.

        With leads only where they are asked for.
        """

    @abstractmethod
    def elsewhere(
        self, points: FloatArray, value: FloatArray, inner: FloatArray, *starts: FloatArray
    ) -> tuple[IntArray, FloatArray]:
        """Return which points have other minima than those known, and where these are, (k, d).

        Parameters
        ----------
        points : array, shape (n, 2)
        value, inner : array, shape (n,) and (n, d)
            What is known.
        *starts : array, shape (n, d)
        """

    @abstractmethod
    def terms(self, points: FloatArray, inner: FloatArray) -> Terms:
        """Return values and derivatives in the coordinates and what is minimised over.

        Parameters
        ----------
        points : array, shape (n, 2)
        inner : array, shape (n, d)
        """

    @abstractmethod
    def linear_start(self, points: FloatArray) -> FloatArray:
        """Return where the minimum at points is expected, shape (n, d), whatever others found."""
