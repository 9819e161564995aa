"""``munu reproduce``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from munu.base.errors import MunuError
from munu.base.progress import progress_bar
from munu.cli.options import OneOf, json_option
from munu.cli.output import print_json, print_result, print_tables

if TYPE_CHECKING:
    from munu.reproduction.registry import PaperTarget
    from munu.results import Result


@click.command()
@click.argument(
    "what",
    metavar="WHAT",
    type=OneOf("table or figure", "munu.reproduction.registry:NAMES"),
)
@click.option(
    "--output",
    type=click.Path(),
    metavar="DIR",
    help="Write CSV, JSON and the picture into DIR, which is made if it is missing: all files, or "
    "none if the run fails. SHA256SUMS names what belongs together, and is missing while files are "
    "exchanged.",
)
@json_option
def reproduce(what: str, output: str | None, as_json: bool) -> None:
    """Compute a table or figure of the paper, or all of them.

    WHAT is table1, table2, fig1 ... fig8 of arXiv:1905.03750, or all of these; everything is
    computed from first principles, Table II beside the published numbers. Beyond the paper it is
    data, the data sets against their experiments' own numbers; today, what they say about the
    moments; family, what they say about charge radii, millicharges, non-standard interactions,
    Dirac moments, a sterile neutrino and light mediators (three minutes); published, limits in
    print on moments, charge radii and charges; or floor, solar and other natural neutrinos in
    dark-matter detectors.

    \b
    Examples:
      munu reproduce table2
      munu reproduce fig4 --json
      munu reproduce all --output results
      munu reproduce today
      munu reproduce family --output results
    """
    from munu.reproduction.registry import ALL, TARGETS

    if output == "":
        raise MunuError("--output names no folder", "Name one, or '.' for this folder")
    names = tuple(TARGETS) if what == ALL else (what,)
    written: list[Path] = []
    if output is None:
        results = {target.name: result for target, result in _results(names)}
    else:
        results, written = _written(names, Path(output))
    if what != ALL:
        print_result(results[what], as_json=as_json)
    elif as_json:
        print_json({name: result.to_dict() for name, result in results.items()})
    else:
        print_tables(tuple(table for result in results.values() for table in result.tables()))
    if written and not as_json:
        click.echo(f"\nWritten to {output}: {', '.join(path.name for path in written)}")


def _results(names: tuple[str, ...]) -> Iterator[tuple[PaperTarget, Result]]:
    """Compute one after the other, under a progress bar."""
    from munu.reproduction.registry import target

    with _progress(names) as steps, progress_bar("Fitting") as progress:
        for name in steps:
            yield target(name), target(name).compute(progress)


def _written(names: tuple[str, ...], folder: Path) -> tuple[dict[str, Result], list[Path]]:
    """Compute and draw everything, then write the files; return results by name and paths."""
    from munu.base.file_sets import write_set_atomically
    from munu.reproduction.write import output_folder, outputs

    results: dict[str, Result] = {}
    contents: dict[str, bytes] = {}
    with output_folder(folder):
        for target, result in _results(names):
            results[target.name] = result
            contents |= outputs(target, result)
        return results, write_set_atomically(folder, contents)


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
