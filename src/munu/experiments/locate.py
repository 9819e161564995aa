"""The line of a key in a TOML text, for error messages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, final

from munu.base.errors import MunuError

_HEADER: Final = re.compile(r"\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?")
_ASSIGNMENT: Final = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[\w"'-]+)*)\s*=""")
_KEY: Final = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


@final
class PlacedError(MunuError):
    """A mistake with the path of the key it is about."""

    def __init__(self, path: tuple[str, ...], error: MunuError) -> None:
        self.path = path
        super().__init__(error.message, error.remedy)


@contextmanager
def placed(*path: str) -> Iterator[None]:
    """Let mistakes within be about a key, unless they are placed already."""
    try:
        yield
    except PlacedError:
        raise
    except MunuError as error:
        raise PlacedError(path, error) from error


def dotted(path: tuple[str, ...]) -> str:
    """Return a path as it is written in TOML, numbers of entries, from 1, in brackets."""
    text = ""
    for part in path:
        text += f"[{1 + int(part)}]" if part.isdigit() else f".{part}" if text else part
    return text


def _keys(text: str) -> tuple[str, ...]:
    return tuple(key.strip("\"'") for key in _KEY.findall(text))


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    """Return the line, from 1, on which each table and key of a TOML text starts.

    Keys of inline tables are not found: they stand on the line of their table. Entries of an array
    of tables have their number, from 0, after its name.
    """
    lines: dict[tuple[str, ...], int] = {}
    entries: Counter[tuple[str, ...]] = Counter()
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header, assignment = _HEADER.fullmatch(line), _ASSIGNMENT.match(line)
        if header:
            table = _keys(header[1])
            lines.setdefault(table, number)
            if line.lstrip().startswith("[["):
                entries[table] += 1
                table = (*table, str(entries[table] - 1))
                lines.setdefault(table, number)
        elif assignment:
            lines.setdefault(table + _keys(assignment[1]), number)
    return lines


@final
@dataclass(frozen=True)
class Text:
    """A file in which keys are looked for.

    Parameters
    ----------
    name : str
        The file's name.
    text : str
        Its content.
    """

    name: str
    text: str


def place_of(texts: Sequence[Text], path: tuple[str, ...], setup: str) -> str:
    """Return the file and the line of a key, or of the innermost table around it.

    The setup's own tables are searched before the base, and the first of the files before others.
    A table without a line of its own, as that of [variants.kappa], starts with the first in it.
    """
    lines = [key_lines(one.text) for one in texts]
    for length in range(len(path), 0, -1):
        for one, known in zip(texts, lines, strict=True):
            for prefix in (("setup", setup), ()):
                if line := _start_of((*prefix, *path[:length]), known):
                    return f"{one.name}, line {line}"
    return texts[0].name


def _start_of(table: tuple[str, ...], lines: Mapping[tuple[str, ...], int]) -> int | None:
    """Return the line of a table or key, or of the first one in it."""
    inside = (line for key, line in lines.items() if key[: len(table)] == table)
    return lines.get(table) or min(inside, default=None)
