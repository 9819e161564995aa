"""Event lists: one row per event, counted here in the bins of the detector and the axes."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, final

import numpy as np
from pydantic import Discriminator, Tag

from munu.base.errors import MunuError, unknown
from munu.base.typing import FloatArray, IntArray
from munu.experiments.csv_table import CsvTable
from munu.experiments.schema.bins import scale_of
from munu.experiments.schema.column_units import check_unit
from munu.experiments.schema.context import Context
from munu.experiments.schema.fields import Count, ObservableUnit, Section, SignedCount
from munu.experiments.schema.table import ColumnSection


@final
class EventFileSection(Section):
    """A list of events with its columns in one table."""

    file: str
    column: str | None = None
    columns: dict[str, str] | None = None
    unit: ObservableUnit | None = None


@final
class EventsSection(Section):
    """A file with one row per event; column names the observable, or columns one for each axis.

    All of it may stand in events, as { file = "events.csv", columns = { ... } }.

    An event on an edge counts above it, one on the last edge below it; those outside of all bins
    are left out, and `munu show` says how many they are. No row is no event. With unbinned the
    likelihood is that of the single events between the first edge and the last, for a Poisson
    statistic.
    """

    events: str | EventFileSection
    column: str | None = None
    columns: dict[str, str] | None = None
    unit: ObservableUnit | None = None
    unbinned: bool = False

    def counts(self, context: Context) -> tuple[FloatArray, int]:
        """Return the counts per bin, flattened, and how many events lie outside of the bins."""
        if isinstance(self.events, EventFileSection):
            return self._flat(self.events).counts(context)
        own_unit = self.unit or context.unit
        scale = scale_of("events", own_unit, context.unit)
        table = context.folder.read(self.events, may_be_empty=True)
        columns = self._columns(table, [name for name, _ in context.axes])
        scales = [scale, *(1.0 for _ in columns[1:])]
        check_unit(table, columns[0], own_unit, "Write that unit as unit beside the file")
        for column, unit in zip(columns[1:], context.units[1:], strict=True):
            check_unit(table, column, unit, f"Write its numbers in {unit}")
        places = [
            _bin(table.values(column) * own, edges)
            for column, own, (_, edges) in zip(columns, scales, context.axes, strict=True)
        ]
        inside = np.all([place >= 0 for place in places], axis=0)
        shape = [edges.size - 1 for _, edges in context.axes]
        flat = np.ravel_multi_index([place[inside] for place in places], shape)
        if inside.size and not inside.any():
            raise MunuError(
                f"none of the {inside.size} events of {self.events} lies in the bins",
                f"Check their column, and their unit: the bins are in {context.unit}",
            )
        counts = np.bincount(flat, minlength=context.n_bins).astype(float)
        return counts, int(inside.size - inside.sum())

    def _flat(self, events: EventFileSection) -> EventsSection:
        """Return the section with the keys of the table ``events`` beside its file."""
        if self.column is not None or self.columns is not None or self.unit is not None:
            raise MunuError(
                "'column', 'columns' or 'unit' stands beside a table of events",
                "Write it in that table, or events as the name of the file",
            )
        return EventsSection(
            events=events.file, column=events.column, columns=events.columns, unit=events.unit
        )

    def _columns(self, table: CsvTable, axes: list[str]) -> list[int]:
        """Return the column of each axis."""
        if self.columns is None:
            if len(axes) > 1:
                names = ", ".join(f'{name} = "..."' for name in axes)
                message = f"events have {len(axes)} observables, {', '.join(axes)}"
                raise MunuError(message, f"Name their columns: columns = {{ {names} }}")
            return [self._only(table)]
        if self.column is not None:
            raise MunuError("both 'column' and 'columns' are given", "Leave one out")
        for name in self.columns:
            if name not in axes:
                raise unknown("observable", name, axes, where="columns")
        missing = [name for name in axes if name not in self.columns]
        if missing:
            raise MunuError(f"columns lacks '{missing[0]}'", "Name the column of each observable")
        found = [table.column(self.columns[name]) for name in axes]
        if len(set(found)) < len(found):
            raise MunuError("columns names one column for two observables", "Name each one's own")
        return found

    def _only(self, table: CsvTable) -> int:
        """Return the column of the only observable."""
        if self.column is not None:
            return table.column(self.column)
        if table.rows.shape[1] == 1:
            return 0
        names = ", ".join(table.names) or "none is named"
        message = f"{table.file} has {table.rows.shape[1]} columns ({names})"
        raise MunuError(message, 'Name the one of the observable with column = "..."')


def _observed(value: object) -> str:
    """Return which of the ways to write what was observed a value is meant as."""
    if isinstance(value, str):
        return "as the Standard Model"
    if isinstance(value, dict):
        return "as events" if "events" in value else "as a column"
    return "as a list"


_AsStandardModel: TypeAlias = Annotated[Literal["sm"], Tag("as the Standard Model")]
_AsColumn: TypeAlias = Annotated[ColumnSection, Tag("as a column")]
_AsEvents: TypeAlias = Annotated[EventsSection, Tag("as events")]
Observed: TypeAlias = Annotated[
    _AsStandardModel | Annotated[list[Count], Tag("as a list")] | _AsColumn | _AsEvents,
    Discriminator(_observed),
]
"""Counts per bin, or what they are made from; ``"sm"`` takes Standard Model and backgrounds."""
SignedObserved: TypeAlias = Annotated[
    _AsStandardModel | Annotated[list[SignedCount], Tag("as a list")] | _AsColumn | _AsEvents,
    Discriminator(_observed),
]
"""The same, of a difference."""


def _bin(values: FloatArray, edges: FloatArray) -> IntArray:
    """Return the bin of each value, -1 outside."""
    found = np.searchsorted(edges, values, side="right") - 1
    found = np.where(values == edges[-1], edges.size - 2, found)
    return np.where((found >= 0) & (found < edges.size - 1), found, -1)
