"""Tables beside an experiment file, and in it: pairs of numbers, or named columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeAlias, final

import numpy as np

from munu.errors import MunuError, unknown
from munu.quantities import BARE_NUMBERS
from munu.typing import FloatArray

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
        The tables with named columns read so far, by the name in the file.
    """

    path: Path | None
    tables: dict[str, dict[str, FloatArray]] = field(default_factory=dict)

    def points(self, file: str | None, points: Sequence[Sequence[float]] | None) -> Points:
        """Return two columns from a CSV file or from pairs written in the experiment file.

        Raises
        ------
        MunuError
            If there are neither or both, or the file is unreadable or leaves the folder.
        """
        if (file is None) == (points is None):
            raise MunuError(
                "a table needs either 'file' or 'points'",
                'Write file = "table.csv" or points = [[x, y], ...]',
            )
        rows = [tuple(pair) for pair in points] if points is not None else self._rows(str(file))
        if len(rows) < 2:
            raise MunuError(f"a table holds {len(rows)} rows", "Allowed: two or more")
        return tuple(row[0] for row in rows), tuple(row[1] for row in rows)

    def column(self, file: str, name: str) -> FloatArray:
        """Return one column of a CSV file whose first line names them.

        Raises
        ------
        MunuError
            If the file is unreadable, leaves the folder, or has no such column.
        """
        if file not in self.tables:
            (_, header), *lines = self._lines(file) or [(0, "")]
            names = [word.strip() for word in header.split(",")]
            rows = [_numbers(line, len(names), f"{file}, line {n}") for n, line in lines]
            columns = np.array(rows).reshape(-1, len(names)).T
            self.tables[file] = dict(zip(names, columns, strict=True))
        if name not in self.tables[file]:
            raise unknown("column", name, self.tables[file], where=file)
        return self.tables[file][name]

    def _rows(self, file: str) -> list[tuple[float, ...]]:
        return [_numbers(line, 2, f"{file}, line {number}") for number, line in self._lines(file)]

    def _lines(self, file: str) -> list[tuple[int, str]]:
        """Return the numbered lines of a file that are neither empty nor comments."""
        path = self._inside(file)
        try:
            if path.exists() and not path.is_file():
                raise MunuError(f"the table {file} is no regular file", "Check the file's name")
            text = path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise MunuError(f"cannot read the table {file}", "Check the file's name") from error
        return [
            (number, line)
            for number, line in enumerate(text.splitlines(), start=1)
            if line.strip() and not line.lstrip().startswith("#")
        ]

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


def _numbers(line: str, count: int, where: str) -> tuple[float, ...]:
    """Return the numbers of a line, separated by commas or blanks."""
    try:
        row = tuple(float(word) for word in line.replace(",", " ").split())
    except ValueError:
        row = ()
    if len(row) != count or not all(number in BARE_NUMBERS for number in row):
        expected = "two numbers" if count == 2 else f"{count} numbers"
        remedy = "Write: x, y" if count == 2 else "Write one number per column"
        raise MunuError(f"{where}: '{line.strip()[:60]}' is not {expected}", remedy)
    return row
