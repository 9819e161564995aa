"""A table of numbers as text: lines with cells between commas or blanks, and perhaps a header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, final

import numpy as np

from munu.base.errors import MunuError, unknown
from munu.base.frozen import read_only
from munu.base.typing import FloatArray
from munu.base.units import BARE_NUMBERS, WRITTEN, Range

_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_PLAIN: Final = re.compile(r"[-+0-9eE., \t]*")
_BETWEEN_NAMES: Final = re.compile(r"\s+(?![\[(])(?![^\[(]*[\])])")
"""Blanks between names; not those before and in the brackets of a unit, as in ``E [MeV]``."""
OTHER_COMMENTS: Final = "%!;"
"""What starts comments elsewhere: GLoBES, Fortran, configuration files."""
ENDS: Final = (("lower", "upper"), ("low", "high"), ("min", "max"))
"""What the names of the columns of an interval's ends hold."""
TABLES_KEPT: Final = 32
"""Texts whose tables are kept: setups and variants of an experiment ask for the same."""


@final
@dataclass(frozen=True, eq=False)
class CsvTable:
    """A table that was read.

    Parameters
    ----------
    file : str
        Its name, for messages.
    names : tuple of str
        Names of the columns; empty without a header.
    rows : array, shape (n, n_columns)
    lines : tuple of int
        The line of each row, from 1.
    row : str
        What these are the numbers of.
    """

    file: str
    names: tuple[str, ...]
    rows: FloatArray
    lines: tuple[int, ...]
    row: str = "line"

    def column(self, name: str) -> int:
        """Return the index of a column: by its name, or in a table without names by its number.

        Raises
        ------
        MunuError
            For a column that is not there, with the nearest one.
        """
        width = self.rows.shape[1]
        if not self.names and name.isdecimal() and 1 <= int(name) <= width:
            return int(name) - 1
        if not self.names:
            message = f"{self.file} has no line with the names of its columns"
            remedy = "Write them in its first line, such as energy,flux, or give the number of"
            raise MunuError(message, f'{remedy} the column, "1" to "{width}"')
        if name not in self.names:
            raise unknown("column", name, self.names, where=self.file)
        return self.names.index(name)

    def values(self, column: int, allowed: Range = BARE_NUMBERS) -> FloatArray:
        """Return a column whose numbers are allowed; `MunuError` names the line of one that is not.

        The limits are those of numbers that stand in the experiment file.
        """
        values = self.rows[:, column]
        if values.size and (values.min() not in allowed or values.max() not in allowed):
            wrong = [i for i, value in enumerate(values.tolist()) if value not in allowed]
            name = f"column '{self.names[column]}': " if self.names else ""
            message = f"{self.place(wrong[0])}: {name}{values[wrong[0]]:g} is out of range"
            raise MunuError(message, f"Allowed: {allowed.text()}")
        return values

    def numbers(self, allowed: Range = BARE_NUMBERS) -> FloatArray:
        """Return the rows, all of whose numbers are allowed."""
        for column in range(self.rows.shape[1]):
            self.values(column, allowed)
        return self.rows

    def place(self, row: int) -> str:
        """Return where a row stands."""
        return f"{self.file}, {self.row} {self.lines[row]}"

    def check_increasing(self, column: int) -> None:
        """Raise `MunuError` for the first row whose number is not above the last row's."""
        check_increasing(self.rows[:, column], [self.place(i) for i in range(len(self.lines))])

    def intervals(self) -> tuple[tuple[int, int], ...]:
        """Return the columns of intervals, neighbours such as time_low_us and time_high_us."""
        pairs = enumerate(pairwise(self.names))
        return tuple((i, i + 1) for i, names in pairs if _are_ends(*names))

    def leading_intervals(self) -> tuple[tuple[int, int], ...]:
        """Return those of the first columns, before any other."""
        found = self.intervals()
        return tuple(pair for i, pair in enumerate(found) if pair == (2 * i, 2 * i + 1))

    def check_intervals(self) -> None:
        """Raise `MunuError` where the rows are intervals that are empty or out of order.

        Several pairs of columns are axes, the first the slowest.
        """
        leading = self.leading_intervals()
        for low, high in leading:
            empty = np.flatnonzero(self.rows[:, low] >= self.rows[:, high])
            if empty.size:
                names = f"'{self.names[low]}' is not below '{self.names[high]}'"
                raise MunuError(f"{self.place(empty[0])}: {names}", "Write the lower end first")
        lows = [low for low, _ in leading]
        starts = [tuple(row) for row in self.rows[:, lows].tolist()]
        for i, (before, after) in enumerate(pairwise(starts), start=1):
            if lows and after <= before:
                raise MunuError(
                    f"{self.place(i)}: its interval is not behind that of the row before",
                    "Put the rows in order, each interval once; of several axes the first is the"
                    " slowest",
                )


def _are_ends(low: str, high: str) -> bool:
    """Whether the names of two columns differ in a pair of `ENDS` alone."""
    return any(one in low and low.replace(one, other) == high for one, other in ENDS)


def check_increasing(values: Sequence[float] | FloatArray, places: Sequence[str]) -> None:
    """Raise `MunuError`, naming its place, for the first number that is not above the last."""
    for i, (before, after) in enumerate(pairwise(values), start=1):
        if after == before:
            raise MunuError(
                f"{places[i]}: {after:g} stands in the row before too",
                "Leave one of the rows out; write a step as two numbers close together, such as"
                f" {after:g} and {after + 1e-6 * (abs(after) or 1):.7g}",
            )
        if after < before:
            message = f"{places[i]}: {after:g} comes after {before:g}"
            raise MunuError(message, "Order the rows by their first column")


@lru_cache(maxsize=TABLES_KEPT)
def read_table(file: str, text: str, *, may_be_empty: bool = False) -> CsvTable:
    """Return the table in a text; its rows cannot be written to, as it is kept.

    Parameters
    ----------
    file : str
        Its name, for messages.
    text : str
    may_be_empty : bool
        Whether names of columns are enough, without a row: nothing was observed.

    Raises
    ------
    MunuError
        For a header without distinct names; and, with its line, for a row with more or fewer cells
        than others or with one that is not a number.
    """
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    names: tuple[str, ...] = ()
    if lines and _is_header(lines[0][1]):
        names = _names(lines[0][1], f"{file}, line {lines[0][0]}")
        lines = lines[1:]
    if not lines and not (names and may_be_empty):
        message = f"{file} has {'names of columns and no' if names else 'no'} numbers"
        raise MunuError(message, "Write one row of numbers per line")
    n = len(names) or len(_filled(_cells(lines[0][1])))
    rows = [_row(line, n, names, f"{file}, line {number}") for number, line in lines]
    numbers = read_only(np.array(rows, float).reshape(len(rows), n))
    table = CsvTable(file, names, numbers, tuple(number for number, _ in lines))
    table.numbers(WRITTEN)
    return table


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split(",")] if "," in line else line.split()


def _filled(cells: list[str]) -> list[str]:
    """Leave out empty cells at the end of a line."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _name_cells(line: str) -> list[str]:
    """Return the cells of names; other programs put them in quotation marks."""
    cells = line.split(",") if "," in line else _BETWEEN_NAMES.split(line.strip())
    return [cell.strip().strip('"').strip() for cell in cells]


def _is_header(line: str) -> bool:
    """Tell names from numbers: they have letters, none is a number, and no comment begins so."""
    cells = [cell for cell in _name_cells(line) if cell]
    begins = line.lstrip()[:1] not in OTHER_COMMENTS
    named = all(cell[0].isalpha() or cell[0] == "_" for cell in cells)
    no_numbers = {cell.lower() for cell in cells} & {"nan", "inf", "infinity"}
    return begins and named and not no_numbers


def _names(line: str, place: str) -> tuple[str, ...]:
    names = _filled(_name_cells(line))
    if "" in names:
        raise MunuError(f"{place}: a column has no name", "Name each column")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise MunuError(f"{place}: two columns are named '{twice[0]}'", "Rename one")
    return tuple(names)


def _row(line: str, n: int, names: tuple[str, ...], place: str) -> list[float]:
    """Return the numbers of a line."""
    if _PLAIN.fullmatch(line):
        cells = _cells(line)
        if len(cells) == n:
            try:
                return [float(cell) for cell in cells]
            except ValueError:
                pass  # one of them is not a number, and is named below
    if line.lstrip()[0] in OTHER_COMMENTS:
        raise MunuError(
            f"{place}: '{_short(line)}' is not a row of numbers", "Start comments with #"
        )
    if ";" in line:
        remedy = "Write commas between numbers and points in them: 0.02, 0.23"
        raise MunuError(f"{place}: '{_short(line)}' has semicolons between its numbers", remedy)
    cells = _cells(line)
    while len(cells) > n and not cells[-1]:
        cells.pop()
    if len(cells) != n:
        raise MunuError(
            f"{place}: '{_short(line)}' has {len(cells)} cells, and"
            f" {'the table ' + str(n) + ' named columns' if names else 'the first row ' + str(n)}",
            "Write one number per column",
        )
    return [_number(cell, names[i] if names else "", place) for i, cell in enumerate(cells)]


def _number(cell: str, name: str, place: str) -> float:
    column = f"column '{name}': " if name else ""
    if not cell:
        raise MunuError(
            f"{place}: {column}a cell is empty", "Write a number, 0 if nothing is there"
        )
    value = float(cell) if _NUMBER.fullmatch(cell) else np.nan
    if value not in WRITTEN:
        message = f"{place}: {column}'{_short(cell)}' is not a number"
        raise MunuError(message, f"Write a number {WRITTEN.text()}, such as 0.25 or 2.5e-1")
    return value


def _short(text: str) -> str:
    return " ".join(text.split())[:60]
