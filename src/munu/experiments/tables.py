"""Tables beside an experiment file, and in it: pairs of numbers, or named columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeAlias, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.base.units import BARE_NUMBERS, Range
from munu.experiments.csv_table import CsvTable, read_table

Points: TypeAlias = tuple[tuple[float, ...], tuple[float, ...]]


PACKAGED: Final = "munu:"
"""What the name of a table of the package's own data starts with."""


@final
@dataclass(frozen=True)
class Folder:
    """The folder of an experiment file; it remembers what was read from it.

    Parameters
    ----------
    path : Path or None
        None for an experiment that comes from no file, which may name absolute paths only.
    tables : dict
        The tables read so far, by the name in the file.
    """

    path: Path | None
    tables: dict[str, CsvTable] = field(default_factory=dict)

    def points(
        self,
        file: str | None,
        points: Sequence[Sequence[float]] | None,
        column: str | None = None,
        allowed: Range = BARE_NUMBERS,
        x: str | None = None,
    ) -> Points:
        """Return x and y from a CSV file or from pairs written in the experiment file.

        Parameters
        ----------
        file : str or None
        points : sequence of pairs or None
        column : str, optional
            The column of y in a file that has more than two.
        allowed : Range
            What y may be.
        x : str, optional
            The column of x; the first without.

        Raises
        ------
        MunuError
            If there are neither or both, the file is unreadable or leaves the folder, there are
            fewer than two rows, x does not increase or y is out of range: with the file and the
            line, or the row of the pairs.
        """
        if (file is None) == (points is None):
            raise MunuError(
                "a table needs either 'file' or 'points'",
                'Write file = "table.csv" or points = [[x, y], ...]',
            )
        first = 0
        if file is not None:
            table = self.read(file)
            first, y = self.columns(file, x, column)
        elif column is not None or x is not None:
            name = "x" if column is None else "column"
            raise MunuError(f"'{name}' is that of a file", "Leave it out beside 'points'")
        else:
            rows = np.array([tuple(pair) for pair in points or ()]).reshape(-1, 2)
            names = tuple(range(1, len(rows) + 1))
            table, y = CsvTable("points", (), rows, names, row="row"), 1
        if len(table.rows) < 2:
            raise MunuError(f"a table holds {len(table.rows)} rows", "Allowed: two or more")
        table.check_increasing(first)
        return tuple(table.values(first).tolist()), tuple(table.values(y, allowed).tolist())

    def columns(self, file: str, x: str | None, column: str | None) -> tuple[int, int]:
        """Return the indices of the columns of x and y; arguments and errors as of `points`."""
        first = 0 if x is None else self.read(file).column(x)
        return first, self._second(file, column, first)

    def _second(self, file: str, column: str | None, first: int) -> int:
        """Return the index of y: of the column that is named, or of the one beside that of x."""
        table = self.read(file)
        if column is not None:
            if table.column(column) == first:
                raise MunuError(
                    f"{file}: x and y are both column '{column}'", "Name another column of y"
                )
            return table.column(column)
        if table.rows.shape[1] == 2:
            return 1 - first
        n, names = table.rows.shape[1], ", ".join(table.names) or "none is named"
        message = f"{table.place(0)}: {n} columns where a table has two, x and y ({names})"
        if table.names:
            raise MunuError(message, f'Name the one of y, such as column = "{table.names[1]}"')
        raise MunuError(
            message,
            "Name the columns in the first line, such as energy,nu_e,nu_mu, and the one of y with"
            f' column = "nu_e"; or give its number, column = "2" to "{n}"',
        )

    def column(self, file: str, name: str, allowed: Range = BARE_NUMBERS) -> FloatArray:
        """Return one column of a CSV file whose first line names them.

        Raises
        ------
        MunuError
            If the file is unreadable, leaves the folder, or has no such column; if its rows are
            intervals out of order; or, with the line, for a number that is not allowed.
        """
        table = self.read(file)
        column = table.column(name)
        table.check_intervals()
        return table.values(column, allowed)

    def read(self, file: str, *, may_be_empty: bool = False) -> CsvTable:
        """Return a CSV file, which may have no row below the names of its columns if that is said.

        Raises
        ------
        MunuError
            If it is unreadable, leaves the folder or is no table.
        """
        known = self.tables.get(file)
        if known is None or not (len(known.rows) or may_be_empty):
            self.tables[file] = read_table(file, self._text(file), may_be_empty=may_be_empty)
        return self.tables[file]

    def _text(self, file: str) -> str:
        path = self._inside(file)
        try:
            if path.exists() and not path.is_file():
                raise MunuError(f"the table {file} is not a regular file", "Check the file's name")
            return path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise MunuError(f"the table {file} is not UTF-8 text", "Save it as UTF-8") from error
        except (OSError, ValueError) as error:
            if isinstance(error, MunuError):
                raise
            raise MunuError(f"cannot read the table {file}", "Check the file's name") from error

    def _inside(self, file: str) -> Path:
        """Return the path of a table: in the folder, absolute, or of the package's own data."""
        if file.startswith(PACKAGED):
            return _below(Path(str(files("munu").joinpath("data"))), file.removeprefix(PACKAGED))
        path = Path(file)
        if path.is_absolute():
            return path
        if self.path is None:
            raise MunuError(f"the table {file} has no folder", "Give its absolute path")
        return _below(self.path, file)


def _below(folder: Path, file: str) -> Path:
    try:
        root = folder.resolve()
        resolved = (root / file).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise MunuError(f"cannot read the table {file}", "Check the file's name") from error
    if not resolved.is_relative_to(root):
        raise MunuError(
            f"the table {file} lies outside the experiment file's folder",
            "Put it beside the experiment file, or give its absolute path",
        )
    return resolved
