"""Products with constant matrices that are mostly zeros, at the cost of their other entries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.typing import FloatArray, IntArray

DENSE_ENTRIES = 10_000
"""Entries of a matrix up to which a product with all of them is as fast."""


@final
@dataclass(frozen=True, eq=False)
class RightFactor:
    """Products x @ matrix.

    Parameters
    ----------
    matrix : array, shape (n, p)
    """

    matrix: FloatArray

    @cached_property
    def _entries(self) -> tuple[IntArray, FloatArray, IntArray, IntArray]:
        """Return row and value of each entry, column by column; columns, and their first entry."""
        column, row = np.nonzero(self.matrix.T)
        columns, starts = np.unique(column, return_index=True)
        return row, self.matrix[row, column], columns, starts

    def after(self, x: FloatArray) -> FloatArray:
        """Return x @ matrix, shape (..., p), for x of shape (..., n)."""
        if self.matrix.size <= DENSE_ENTRIES:
            return np.asarray(x @ self.matrix)
        row, value, columns, starts = self._entries
        found = np.zeros((*x.shape[:-1], self.matrix.shape[1]))
        if columns.size:
            found[..., columns] = np.add.reduceat(x[..., row] * value, starts, axis=-1)
        return found
