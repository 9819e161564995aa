"""``bins`` of a detector: edges of the measured quantity, in its unit."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias, final

import numpy as np
from pydantic import Field

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.base.units import Range
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.column_units import check_unit
from munu.experiments.schema.fields import Count, ObservableUnit, Section
from munu.experiments.tables import Folder

MOST_BINS = 10_000
ENDS: Final = Range(0, 1e9)
"""Energies or photoelectrons at the ends of bins in a table."""


PER_THOUSAND: Final = {"eV": "keV", "eVee": "keVee"}
"""Units a thousand times as small as that of an observable."""


def scale_of(what: str, written: str, unit: str) -> float:
    """Return what numbers are multiplied by to be in the unit of the observable.

    Raises
    ------
    MunuError
        If they are written in a unit of another kind.
    """
    if written == unit:
        return 1.0
    if PER_THOUSAND.get(written) == unit:
        return 1e-3
    smaller = next((small for small, large in PER_THOUSAND.items() if large == unit), None)
    beside = f' or "{smaller}"' if smaller else ""
    raise MunuError(
        f"the {what} are in {written}, and the observable is in {unit}",
        f'Write unit = "{unit}"{beside} and the numbers in it',
    )


def _increasing(edges: FloatArray) -> FloatArray:
    """Return edges; `MunuError` names the first that is not above the one before."""
    wrong = np.flatnonzero(np.diff(edges) <= 0)
    if wrong.size:
        before, after = edges[wrong[0] : wrong[0] + 2]
        raise MunuError(
            f"the bin edges do not increase: {after:g} comes after {before:g}",
            "Give increasing edges, each once",
        )
    return edges


@final
class EdgesSection(Section):
    """Every edge, increasing."""

    kind: Literal["edges"]
    edges: Annotated[list[Count], Field(min_length=2, max_length=MOST_BINS)]
    unit: ObservableUnit

    def edges_in(self, unit: str, folder: Folder) -> FloatArray:
        """Return the edges; `MunuError` unless they increase in a unit of the observable."""
        return _increasing(np.array(self.edges)) * scale_of("bins", self.unit, unit)


@final
class UniformSection(Section):
    """A number of bins of equal width."""

    kind: Literal["uniform"]
    start: Count
    stop: Count
    count: Annotated[int, Field(ge=1, le=MOST_BINS)]
    unit: ObservableUnit

    def edges_in(self, unit: str, folder: Folder) -> FloatArray:
        """Return count + 1 edges; `MunuError` unless they increase in a unit of the observable."""
        scale = scale_of("bins", self.unit, unit)
        return _increasing(np.linspace(self.start, self.stop, self.count + 1)) * scale


@final
class BinTableSection(Section):
    """Bins whose ends are two columns of a table, such as that of the counts."""

    kind: Literal["table"]
    file: str
    low: str = "energy_low"
    high: str = "energy_high"
    unit: ObservableUnit

    def edges_in(self, unit: str, folder: Folder) -> FloatArray:
        """Return the edges; `MunuError` names the line of a bin that does not join the last one."""
        scale = scale_of("bins", self.unit, unit)
        table = folder.read(self.file)
        columns = table.column(self.low), table.column(self.high)
        for column in columns:
            check_unit(table, column, self.unit, "Write that unit beside the file")
        low, high = (table.values(column, ENDS) for column in columns)
        for i in np.flatnonzero(low >= high).tolist():
            message = f"{table.place(i)}: {self.low} {low[i]:g} is not below {self.high}"
            raise MunuError(message, "Write the lower end first")
        for i in np.flatnonzero(low[1:] != high[:-1]).tolist():
            raise MunuError(
                f"{table.place(i + 1)}: the bin begins at {low[i + 1]:g}, and the one before ends"
                f" at {high[i]:g}",
                "Put the bins in order, each beginning where the last one ends",
            )
        return np.append(low, high[-1]) * scale


BinsSection: TypeAlias = Annotated[EdgesSection | UniformSection | BinTableSection, Choice("kind")]
