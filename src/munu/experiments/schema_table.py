"""Counts per bin: written in the experiment file, or a column of a table."""

from __future__ import annotations

from typing import TypeAlias, final

import numpy as np

from munu.errors import MunuError
from munu.experiments.fields import Count, Section
from munu.experiments.tables import Folder
from munu.typing import FloatArray


@final
class Column(Section):
    """A column of a CSV file whose first line names the columns."""

    file: str
    column: str

    def read(self, folder: Folder) -> FloatArray:
        """Return the column."""
        return folder.column(self.file, self.column)


Counts: TypeAlias = list[Count] | Column


def per_bin(what: str, counts: Counts | float, n_bins: int, folder: Folder) -> FloatArray:
    """Return counts of every bin: a list, a column, or one number that holds in each.

    Raises
    ------
    MunuError
        If there are not as many as bins, or a table is unreadable.
    """
    if isinstance(counts, float):
        return np.full(n_bins, counts)
    values = counts.read(folder) if isinstance(counts, Column) else np.array(counts)
    if values.size != n_bins:
        raise MunuError(
            f"{what} has {values.size} counts for {n_bins} bins",
            "Give one count per bin; with further axes the energy is the slowest",
        )
    return values
