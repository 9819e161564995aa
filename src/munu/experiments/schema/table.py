"""Tables of an experiment file: pairs, and counts per bin, written out or columns of a file."""

from __future__ import annotations

from typing import Literal, TypeAlias, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.base.units import BARE_NUMBERS, Range
from munu.experiments.schema.column_units import check_unit
from munu.experiments.schema.context import Context
from munu.experiments.schema.fields import COUNTS, Count, Row, Section, SignedCount
from munu.experiments.schema.stated_bins import check_bins
from munu.experiments.tables import Folder, Points


class TableSection(Section):
    """Pairs (x, y): in a CSV file, of which x and ``column`` name the columns, or written out."""

    file: str | None = None
    points: list[Row] | None = None
    x: str | None = None
    column: str | None = None
    interpolation: Literal["linear", "log"] = "linear"

    def pairs(
        self, folder: Folder, unit: str, allowed: Range = BARE_NUMBERS, key: str = ""
    ) -> Points:
        """Return x, increasing, and y.

        Parameters
        ----------
        folder : Folder
        unit : str
            Of x.
        allowed : Range
            What y may be.
        key : str
            That of the unit in the file; empty where it cannot be chosen.

        Raises
        ------
        MunuError
            For what `Folder.points` refuses, and a column of x whose name states another unit.
        """
        found = folder.points(self.file, self.points, self.column, allowed, self.x)
        self.check_unit_of("x", folder, unit, key)
        return found

    def check_unit_of(self, which: Literal["x", "y"], folder: Folder, unit: str, key: str) -> None:
        """Raise `MunuError` for a column of the file whose name states another unit."""
        if self.file is None:
            return
        column = folder.columns(self.file, self.x, self.column)[which == "y"]
        or_unit = f", or state its unit as {key}" if key else ""
        table = folder.read(self.file)
        check_unit(table, column, unit, f"Write its numbers in {unit}{or_unit}")


@final
class ColumnSection(Section):
    """A column of a CSV file whose first line names the columns."""

    file: str
    column: str

    def read(self, folder: Folder, allowed: Range = COUNTS) -> FloatArray:
        """Return the column; its numbers are as large as written ones may be."""
        return folder.column(self.file, self.column, allowed)


CountsPerBin: TypeAlias = list[Count] | ColumnSection
SignedCountsPerBin: TypeAlias = list[SignedCount] | ColumnSection
"""Counts that may be negative, as after a subtraction."""


def per_bin(
    what: str,
    counts: CountsPerBin | SignedCountsPerBin | float,
    context: Context,
    allowed: Range = COUNTS,
) -> FloatArray:
    """Return counts of every bin: a list, a column, or one number that holds in each.

    Raises
    ------
    MunuError
        If there are not as many as bins, or a table is unreadable or states other bins.
    """
    n_bins = context.n_bins
    if isinstance(counts, float):
        return np.full(n_bins, counts)
    table = counts if isinstance(counts, ColumnSection) else None
    values = table.read(context.folder, allowed) if table else np.array(counts)
    if values.size != n_bins:
        message = f"{what} has {values.size} counts for {n_bins} bins{context.product_of_bins()}"
        raise MunuError(message, _remedy(what, table, context))
    if table is not None and context.axes:
        check_bins(context.folder.read(table.file), context)
    return values


def _remedy(what: str, table: ColumnSection | None, context: Context) -> str:
    """Return what to do about counts that are not as many as bins."""
    each = "count" if table is None else f"row of {table.file}"
    names = [name for name, _ in context.axes]
    order = f", {names[0]} the slowest and {names[-1]} the fastest" if len(names) > 1 else ""
    remedy = f"Give one {each} per bin{order}"
    if table is None:
        return remedy
    if context.folder.read(table.file).leading_intervals():
        remedy += f', or take its bins with {{ kind = "table", file = "{table.file}", ... }}'
    if what == "observed":
        events = f'{{ events = "{table.file}", column = "{table.column}" }}'
        remedy += f"; a list of events is {events}"
    return remedy
