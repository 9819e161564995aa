"""Columns with names and units: what a table for others is made of."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import final

from munu.base.errors import MunuError

Bin = tuple[float, float]
"""The ends of a bin."""


@final
@dataclass(frozen=True)
class ExportColumn:
    """Numbers, texts or bins of one kind.

    Parameters
    ----------
    name, unit : str
        The unit is empty for a pure number or a text.
    values : tuple of float, str or (float, float)
        A bin has two ends.

    Raises
    ------
    MunuError
        For a number that is not finite.
    """

    name: str
    unit: str
    values: tuple[float | str | Bin, ...]

    def __post_init__(self) -> None:
        """Refuse what HEPData has no number for."""
        bad = sum(isinstance(value, float) and not isfinite(value) for value in self.values)
        if bad:
            raise not_finite(self.name, bad, len(self.values))


@final
@dataclass(frozen=True)
class ColumnTable:
    """Columns of one length: variables first, then what depends on them.

    Parameters
    ----------
    piece : str
        Which of several it is; empty for the only one.
    columns : tuple of ExportColumn
    independent : int
    """

    piece: str
    columns: tuple[ExportColumn, ...]
    independent: int


def not_finite(name: str, bad: int, of: int) -> MunuError:
    """Return the error for numbers of a column that are not finite."""
    return MunuError(
        f"{bad} of {of} numbers of {name} are not finite: unbounded, or failed",
        "HEPData takes finite numbers alone: bound it, or leave those values out",
    )
