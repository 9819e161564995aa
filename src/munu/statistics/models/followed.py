"""Minima over some of the coordinates, and how they go on as the others change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.descent import Minimum, scaled
from munu.base.typing import BoolArray, FloatArray, IntArray


@final
@dataclass(frozen=True, eq=False)
class Followed:
    """Minima of m problems over d variables, f others being held.

    Parameters
    ----------
    minimum : Minimum
    slope : array, shape (m, f)
        ∂χ² in what is held.
    mixed : array, shape (m, f, d)
        Second derivatives in what is held and what is not.
    """

    minimum: Minimum
    slope: FloatArray
    mixed: FloatArray

    @property
    def chi2(self) -> FloatArray:
        """Values, shape (m,)."""
        return self.minimum.chi2

    @property
    def x(self) -> FloatArray:
        """Where the minima are, shape (m, d)."""
        return self.minimum.x

    @property
    def failed(self) -> BoolArray:
        """Which problems did not converge, shape (m,)."""
        return self.minimum.failed

    @classmethod
    def joined(cls, pieces: Sequence[Followed]) -> Followed:
        """Return the minima of several batches of problems as one."""
        return cls(
            Minimum.joined([piece.minimum for piece in pieces]),
            np.concatenate([piece.slope for piece in pieces]),
            np.concatenate([piece.mixed for piece in pieces]),
        )

    @classmethod
    def of_none(cls, fixed: int, free: int) -> Followed:
        """Return no minima, of so many coordinates that are held and so many that are not."""
        x = np.empty((0, free))
        minimum = Minimum(np.empty(0), x, np.empty((0, free, free)), x)
        return cls(minimum, np.empty((0, fixed)), np.empty((0, fixed, free)))

    def chosen(self, rows: IntArray) -> Followed:
        """Return the minima of some of the problems."""
        return Followed(self.minimum.chosen(rows), self.slope[rows], self.mixed[rows])

    def replaced(self, rows: IntArray, other: Followed) -> Followed:
        """Return the minima with others in the place of those of some problems, (len(rows),)."""
        if rows.size == 0:
            return self
        n = len(self.slope)
        index = np.arange(n)
        index[rows] = n + np.arange(rows.size)
        return Followed.joined([self, other]).chosen(index)

    def or_lower(self, other: Followed) -> Followed:
        """Return the lower of two minima of each problem."""
        better = ~other.failed & (self.failed | (other.chi2 < self.chi2))
        rows = np.flatnonzero(better)
        return self.replaced(rows, other.chosen(rows))

    @cached_property
    def lead(self) -> FloatArray:
        """Return how the minima follow what is held, shape (m, f, d)."""
        own, size = scaled(self.minimum.hessian)
        right = (self.mixed / size[:, None, :]).swapaxes(1, 2)
        moved = np.linalg.solve(own, right) / size[:, :, None]
        return np.asarray(-moved.swapaxes(1, 2))
