"""Tables for notebooks."""

from __future__ import annotations

from collections.abc import Iterable


def html_table(
    caption: str, columns: Iterable[str], rows: Iterable[Iterable[str]], notes: Iterable[str]
) -> str:
    """Return a table as HTML, with notes below it; all texts are plain and get escaped.

    Examples
    --------
    >>> html_table("Limit", ["x"], [["< 1"]], [])
    '<table><caption>Limit</caption>...<td>&lt; 1</td></tr></tbody></table>'
    """
    from html import escape  # Its list of entities is long, and only notebooks show tables so.

    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    below = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{below}"
    )
