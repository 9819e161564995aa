"""Text laid out in the cells of a terminal, of which a character may take none or two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, chop_cells


def longest(texts: Iterable[str]) -> int:
    """Return the cells that the longest text takes."""
    return max(map(cell_len, texts), default=0)


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text: words whole, but for those that are wider than a line.

    Examples
    --------
    >>> wrapped("limits on moments", 10)
    ['limits on', 'moments']
    """
    return [line for own in text.split("\n") for line in _lines(own, width)]


def _lines(text: str, width: int) -> list[str]:
    lines, room = [""], width
    for word in text.split(" "):
        size = cell_len(word)
        if size <= room:
            lines[-1] += word + " "
        elif size <= width:
            lines.append(word + " ")
        else:
            pieces = chop_cells(word, max(width, 1))
            lines += pieces[:-1]
            lines.append(pieces[-1] + " ")
        room = width - cell_len(lines[-1])
    return [line.rstrip() for line in lines if line.strip()] or [""]


def filled(text: str, width: int, *, right: bool) -> str:
    """Return a text with spaces to a width, before it or behind."""
    spaces = " " * (width - cell_len(text))
    return spaces + text if right else text + spaces


def stacked(
    cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], gap: str, *, low: bool
) -> list[str]:
    """Return the lines of a row of cells side by side.

    Parameters
    ----------
    cells, widths, right
        Each cell's text and width, and whether it is set to the right.
    gap : str
        Between two cells.
    low : bool
        Set those of fewer lines at the bottom; otherwise at the top.
    """
    columns = [wrapped(text, width) for text, width in zip(cells, widths, strict=True)]
    height = max(map(len, columns))
    blanks = [[""] * (height - len(column)) for column in columns]
    pairs = zip(blanks, columns, strict=True)
    rows = zip(*(blank + own if low else own + blank for blank, own in pairs), strict=True)
    return [
        gap.join(
            filled(text, width, right=side)
            for text, width, side in zip(row, widths, right, strict=True)
        )
        for row in rows
    ]
