"""Tables of text: what a result shows in a terminal, a notebook or a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, final

from munu.base.html_table import html_table
from munu.base.visible import visible
from munu.results.core import layout

LEAST_WRAPPED: Final = 17
"""Width to which a column of texts may be folded where its longest word is too wide: that of an
arXiv number with a comma."""
MARKS: Final = "<~"
"""Before a heading: what sets its column to the left, and what wraps it as well."""


@final
@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of text under a title.

    Parameters
    ----------
    title : str
    columns : tuple of str
        Headings. Numbers are set to the right; ``<`` before a heading sets its column to the left,
        ``~`` does so and wraps it where the terminal is too narrow.
    rows : tuple of tuple of str
    sections : tuple of int
        Rows before which a line is left empty.
    notes : tuple of str
        Printed below.
    compact : bool
        One space between columns instead of two.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sections: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    compact: bool = False

    def __post_init__(self) -> None:
        """Write control characters out: texts of a file are shown, never obeyed."""
        for name in ("columns", "notes"):
            object.__setattr__(self, name, tuple(map(visible, getattr(self, name))))
        object.__setattr__(self, "title", visible(self.title))
        rows = tuple(tuple(map(visible, row)) for row in self.rows)
        object.__setattr__(self, "rows", rows)

    def lines(self, width: int) -> tuple[list[str], list[str]]:
        """Return the lines of the title and headings, and the others, of a terminal's width.

        A table that is wider stays so: numbers are whole.
        """
        widths, right = self._widths(width), [_plain(one) == one for one in self.columns]
        gap = " " * self._gap
        headings = [_plain(one) for one in self.columns]
        head = layout.wrapped(self.title, width)
        head += layout.stacked(headings, widths, right, gap, low=True)
        body = ["─" * (sum(widths) + self._gaps())]
        for index, row in enumerate(self.rows):
            if index and index in self.sections:
                body.append("")
            body += layout.stacked(row, widths, right, gap, low=False)
        body += [line for note in self.notes for line in layout.wrapped(note, width)]
        return head, body

    @property
    def _gap(self) -> int:
        """Spaces between two columns."""
        return 1 if self.compact else 2

    def _gaps(self) -> int:
        return self._gap * (len(self.columns) - 1)

    def _widths(self, width: int) -> list[int]:
        """Return the width of each column: numbers whole, texts that wrap as wide as there is room.

        What is free goes to those that lack least first. Words are folded only where the table
        would be too wide without.
        """
        wraps = [heading.startswith("~") for heading in self.columns]
        columns = zip(map(_plain, self.columns), *self.rows, strict=True)
        lines = [[line for cell in cells for line in cell.split("\n")] for cells in columns]
        whole = [max(layout.longest(column), 1) for column in lines]
        words = [
            layout.longest([word for line in column for word in line.split()]) if wrap else full
            for column, wrap, full in zip(lines, wraps, whole, strict=True)
        ]
        room = width - self._gaps()
        if sum(words) > room:
            words = [
                min(size, LEAST_WRAPPED) if wrap else size
                for size, wrap in zip(words, wraps, strict=True)
            ]
        spare = max(room - sum(words), 0)
        narrowed = [i for i, full in enumerate(whole) if full > words[i]]
        narrowed.sort(key=lambda i: whole[i] - words[i])
        for rest, i in zip(range(len(narrowed), 0, -1), narrowed, strict=True):
            more = min(whole[i] - words[i], spare // rest)
            words[i] += more
            spare -= more
        return words

    def html(self) -> str:
        """Return the table as HTML."""
        return html_table(self.title, map(_plain, self.columns), self.rows, self.notes)


def _plain(heading: str) -> str:
    return heading.lstrip(MARKS)


def terminal_text(tables: Iterable[Table], emphasis: Callable[[str], str] = str) -> str:
    """Return tables as text of the terminal's width (80 outside a terminal).

    Parameters
    ----------
    tables : iterable of Table
    emphasis : callable, optional
        What a terminal needs to show a line of a title or of headings as such.
    """
    texts = []
    for table in tables:
        head, body = table.lines(terminal_width())
        lines = [*(emphasis(line.rstrip()) for line in head), *(line.rstrip() for line in body)]
        texts.append("\n".join(lines))
    return "\n\n".join(texts)


_WIDTH: Final[ContextVar[int]] = ContextVar("width", default=0)


@contextmanager
def on_wide_paper(columns: int = 1000) -> Iterator[None]:
    """Let tables take so many columns, whatever the terminal has."""
    token = _WIDTH.set(columns)
    try:
        yield
    finally:
        _WIDTH.reset(token)


def terminal_width() -> int:
    """Return the number of columns that tables may take."""
    from shutil import get_terminal_size

    return _WIDTH.get() or get_terminal_size((80, 24)).columns


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV (RFC 4180, newline-terminated); None is an empty cell."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()


def percent(level: float) -> str:
    """Return a confidence level in per cent with all its digits, as in ``99.99999 %``."""
    return f"{100 * level:.12g} %"


def rounded_up(value: float) -> str:
    """Return a positive number to two significant digits, never less than it is."""
    from math import ceil, floor, log10

    unit = floor(log10(value)) - 1
    return significant(ceil(value / 10.0**unit) * 10.0**unit, 2)


def chi2_text(difference: float) -> str:
    """Return a difference of χ², which is zero where it differs from it by rounding."""
    return significant(round(difference, 6))


def standard_model_text(rise: float) -> str:
    """Return how well the Standard Model fits, by how much χ² rises to it, as a predicate.

    Examples
    --------
    >>> standard_model_text(-41.9)
    'fits better, by 41.9 in χ²'
    """
    text = chi2_text(abs(rise))
    if text == "0":
        return "fits as well (Δχ² = 0)"
    return f"fits better, by {text} in χ²" if rise < 0 else f"is at Δχ² = {text}"


def significant(value: float, digits: int = 3) -> str:
    """Return a number with that many significant digits and no exponent where it reads well."""
    if value == float("inf"):
        return "∞"
    if value == 0:
        return "0"
    if not 1e-4 <= abs(value) < 1e6:
        return f"{value:.{digits - 1}e}"
    from math import floor, log10

    rounded = float(f"{value:.{digits - 1}e}")
    decimals = max(digits - 1 - floor(log10(abs(rounded))), 0)
    return f"{rounded:.{decimals}f}"
