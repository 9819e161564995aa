"""``munu reproduce``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from munu.cli.options import OneOf, json_option
from munu.cli.output import print_json, print_result, print_tables
from munu.cli.progress import progress_bar
from munu.errors import MunuError

if TYPE_CHECKING:
    from munu.results import Result


@click.command()
@click.argument("what", type=OneOf("table or figure", "munu.reproduction.registry:NAMES"))
@click.option(
    "--output",
    type=click.Path(),
    metavar="DIR",
    help="Write CSV, JSON and the picture into DIR, which is made if it is missing.",
)
@json_option
def reproduce(what: str, output: str | None, as_json: bool) -> None:
    """Compute a table or figure of the paper, or all of them.

    The reference paper is arXiv:1905.03750; everything is computed from first principles. Table II
    is printed cell by cell beside the published numbers. Beyond the paper: data, the data sets
    against their experiments' own numbers; today, what they say about the moments; floor, solar and
    other natural neutrinos in dark-matter detectors.

    \b
    munu reproduce table2
    munu reproduce fig4 --json
    munu reproduce all --output results
    munu reproduce today
    """
    from munu.reproduction.registry import ALL, TARGETS
    from munu.reproduction.write import checked_folder

    if output == "":
        raise MunuError("--output names no folder", "Name one, or '.' for this folder")
    folder = None if output is None else checked_folder(Path(output))
    results, written = _computed(tuple(TARGETS) if what == ALL else (what,), folder)
    if what != ALL:
        print_result(results[what], as_json=as_json)
    elif as_json:
        print_json({name: result.to_dict() for name, result in results.items()})
    else:
        print_tables(tuple(table for result in results.values() for table in result.tables()))
    if written and not as_json:
        click.echo(f"\nWritten: {', '.join(str(path) for path in written)}")


def _computed(
    names: tuple[str, ...], folder: Path | None
) -> tuple[dict[str, Result], tuple[Path, ...]]:
    """Compute, and write if there is a folder; return results by name and paths."""
    from munu.reproduction.registry import target
    from munu.reproduction.write import write_outputs

    results: dict[str, Result] = {}
    written: list[Path] = []
    with _progress(names) as steps, progress_bar("Fitting") as progress:
        for name in steps:
            results[name] = target(name).compute(progress)
            if folder is not None:
                written += write_outputs(target(name), results[name], folder)
    return results, tuple(written)


@contextmanager
def _progress(names: tuple[str, ...]) -> Iterator[Iterable[str]]:
    """Show a bar on standard error while several are computed and a person is watching."""
    if len(names) == 1 or not sys.stderr.isatty():
        yield names
        return
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield track(names, description="Reproducing", console=console, transient=True)
