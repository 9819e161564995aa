"""How a limit is found: options of its method and of toy experiments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from munu.base.progress import Progress, progress_bar
from munu.cli.options import OneOf
from munu.cli.progress import waiting

Command = Callable[..., Any]


def bands_option(command: Command) -> Command:
    """Add ``--bands``."""
    return click.option(
        "--bands",
        type=int,
        default=0,
        show_default=True,
        metavar="TOYS",
        help="Toy experiments without moments for the median and the 68 and 95 % bands.",
    )(command)


def seed_option(command: Command) -> Command:
    """Add ``--seed``."""
    return click.option("--seed", type=int, default=1, show_default=True, help="Seed of the toys.")(
        command
    )


def workers_options(command: Command) -> Command:
    """Add ``--workers`` and ``--scheduler``."""
    command = click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="Scheduler of dask, as in tcp://host:8786, whose workers do the pieces.",
    )(command)
    return click.option(
        "--workers",
        type=int,
        default=1,
        show_default=True,
        metavar="N",
        help="Processes that do the pieces; the numbers are the same for any N.",
    )(command)


def state_option(command: Command) -> Command:
    """Add ``--state``."""
    return click.option(
        "--state",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Keep finished pieces in FILE; the same command goes on from it when interrupted.",
    )(command)


METHODS = {
    "asymptotic": "Wilks' threshold",
    "feldman-cousins": "by toy experiments",
    "cls": "CLs of one side, asymptotic",
}
"""What each method is, in words."""


def method_options(home: str, *methods: str) -> Callable[[Command], Command]:
    """Return what adds ``--method`` and the options of toys.

    Parameters
    ----------
    home : str
        Where the names allowed are.
    *methods : str
        The same, for the help.
    """

    def add(command: Command) -> Command:
        command = seed_option(workers_options(command))
        command = click.option(
            "--precision",
            type=float,
            default=0.02,
            show_default=True,
            help="Relative error of an end or edge for which toys of feldman-cousins are drawn.",
        )(command)
        return click.option(
            "--method",
            type=OneOf("method", home),
            default="asymptotic",
            show_default=True,
            metavar="NAME",
            help=f"{'; '.join(f'{name}: {METHODS[name]}' for name in methods)}.",
        )(command)

    return add


@contextmanager
def waiting_or_drawing(options: Mapping[str, Any]) -> Iterator[Progress | None]:
    """Show a bar of toys where they are drawn; otherwise say how long it has been computing."""
    if not options.get("bands") and options.get("method") != "feldman-cousins":
        with waiting():
            yield None
        return
    with progress_bar("Toy experiments") as progress:
        yield progress
