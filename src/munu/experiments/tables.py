"""Tables beside an experiment file, and in it: two columns of numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import TypeAlias, final

from munu.errors import MunuError

Points: TypeAlias = tuple[tuple[float, ...], tuple[float, ...]]


@final
@dataclass(frozen=True)
class Folder:
    """The folder of an experiment file; it remembers what was read from it.

    Parameters
    ----------
    path : Path or None
        None for an experiment that comes from no file, which may name absolute paths only.
    digests : dict
        SHA-256 of each table read, by the name in the file.
    """

    path: Path | None
    digests: dict[str, str] = field(default_factory=dict)

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

    def _rows(self, file: str) -> list[tuple[float, ...]]:
        path = self._inside(file)
        try:
            content = path.read_bytes()
            text = content.decode("utf-8")
        except (OSError, ValueError) as error:
            raise MunuError(f"cannot read the table {file}", "Check the file's name") from error
        self.digests[file] = hashlib.sha256(content).hexdigest()
        return [
            _row(line, f"{file}, line {number}")
            for number, line in enumerate(text.splitlines(), start=1)
            if line.strip() and not line.lstrip().startswith("#")
        ]

    def _inside(self, file: str) -> Path:
        """Return the path of a table, which must stay in the folder unless it is absolute."""
        path = Path(file)
        if path.is_absolute():
            return path
        if self.path is None:
            raise MunuError(f"the table {file} has no folder", "Give its absolute path")
        try:
            root = self.path.resolve()
            resolved = (root / path).resolve()
        except (OSError, ValueError, RuntimeError) as error:
            raise MunuError(f"cannot read the table {file}", "Check the file's name") from error
        if not resolved.is_relative_to(root):
            raise MunuError(
                f"the table {file} lies outside the experiment file's folder",
                "Put it beside the experiment file, or give its absolute path",
            )
        return resolved


def _row(line: str, where: str) -> tuple[float, ...]:
    """Return the two numbers of a line, separated by a comma or blanks."""
    try:
        row = tuple(float(word) for word in line.replace(",", " ").split())
    except ValueError:
        row = ()
    if len(row) != 2 or not all(isfinite(number) for number in row):
        raise MunuError(f"{where}: '{line.strip()[:60]}' is not two numbers", "Write: x, y")
    return row
