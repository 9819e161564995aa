"""How a limit is found: options of its method and of toy experiments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from munu.cli.options import OneOf
from munu.cli.progress import progress_bar, waiting


def method_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--method``, ``--precision``, ``--seed`` and ``--jobs``."""
    options = (
        click.option(
            "--method",
            type=OneOf("method", "munu.analysis.limit:METHODS"),
            default="asymptotic",
            show_default=True,
            metavar="NAME",
            help="asymptotic: Wilks' threshold; feldman-cousins: by toy experiments.",
        ),
        click.option(
            "--precision",
            type=float,
            default=0.02,
            show_default=True,
            help="Relative error of an end for which toys are drawn.",
        ),
        click.option("--seed", type=int, default=1, show_default=True, help="Seed of the toys."),
        click.option(
            "--jobs", type=int, default=1, show_default=True, help="Processes that draw toys."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@contextmanager
def waiting_or_drawing(method: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar of toys where they are drawn; otherwise say how long it has been computing."""
    if method == "asymptotic":
        with waiting():
            yield None
        return
    with progress_bar("Toy experiments") as progress:
        yield progress
