"""Printing results."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from munu.base.json_text import json_text
from munu.base.visible import visible
from munu.results.core.table import terminal_text, terminal_width

if TYPE_CHECKING:
    from munu.results import Result, Table


def print_result(result: Result, *, as_json: bool) -> None:
    """Print a result as JSON, or as tables."""
    if as_json:
        click.echo(result.to_json(), nl=False)
    else:
        print_tables(result.tables())


def print_and_draw(result: Result, picture: Path | None, *, as_json: bool) -> None:
    """Print a result, then draw it if a file is named: a failed picture costs no result."""
    print_result(result, as_json=as_json)
    if picture is not None:
        draw(result, picture)


def draw(result: Result, picture: Path) -> None:
    """Draw a result into a file."""
    from munu.plotting.plot import plot
    from munu.plotting.save import save

    save(plot(result)[0], picture)


def say(text: str) -> None:
    """Print a text that may hold names of a file."""
    click.echo(visible(text))


def folded(text: str) -> str:
    """Return a text on lines of the terminal's width, keys and numbers whole."""
    return fill(
        visible(text),
        terminal_width(),
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def print_json(document: Mapping[str, Any]) -> None:
    """Print a JSON document."""
    click.echo(json_text(document))


def print_tables(tables: tuple[Table, ...]) -> None:
    """Print tables: in a terminal with titles and headings in bold, in a pipe as plain text."""
    shows_bold = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    click.echo(terminal_text(tables, _bold if shows_bold else str))


def _bold(line: str) -> str:
    return click.style(line, bold=True)
