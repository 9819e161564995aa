"""``munu reproduce``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from munu.base.errors import MunuError
from munu.base.progress import progress_bar
from munu.cli.methods import workers_options
from munu.cli.options import OneOf, json_option
from munu.cli.output import print_json, print_result, print_tables
from munu.engine import Workers

if TYPE_CHECKING:
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
@workers_options
@json_option
def reproduce(
    what: str, output: str | None, workers: int, scheduler: str | None, as_json: bool
) -> None:
    """Compute a table or figure of the paper, or all of them.

    WHAT is table1, table2, fig1 ... fig8 of arXiv:1905.03750, or all of these; everything is
    computed from first principles, Table II beside the published numbers. Beyond the paper it is
    data, the data sets against their experiments' own numbers; today, what they say about the
    moments; family, what they say about charge radii, millicharges, non-standard interactions,
    Dirac moments, a sterile neutrino and light mediators (a minute); published, limits in
    print on moments, charge radii and charges; or floor, solar and other natural neutrinos in
    dark-matter detectors.

    \b
    Examples:
      munu reproduce table2
      munu reproduce fig4 --json
      munu reproduce all --output results --workers 2
      munu reproduce today
      munu reproduce family --output results
    """
    from munu.reproduction.registry import ALL, TARGETS

    if output == "":
        raise MunuError("--output names no folder", "Name one, or '.' for this folder")
    crew = Workers.checked(workers, scheduler)
    names = tuple(TARGETS) if what == ALL else (what,)
    written: list[Path] = []
    if output is None:
        made = _made(names, crew, drawn=False)
        results = {name: result for name, (result, _) in made.items()}
    else:
        results, written = _written(names, crew, Path(output))
    if what != ALL:
        print_result(results[what], as_json=as_json)
    elif as_json:
        print_json({name: result.to_dict() for name, result in results.items()})
    else:
        print_tables(tuple(table for result in results.values() for table in result.tables()))
    if written and not as_json:
        click.echo(f"\nWritten to {output}: {', '.join(path.name for path in written)}")


def _made(
    names: tuple[str, ...], workers: Workers, *, drawn: bool
) -> dict[str, tuple[Result, dict[str, bytes]]]:
    """Return results and, if they are wanted, contents of files by name, under a progress bar."""
    from munu.reproduction.registry import target
    from munu.reproduction.work import Work
    from munu.reproduction.write import made, outputs

    if len(names) == 1:
        asked = target(names[0])
        with progress_bar("Fitting") as progress:
            result = asked.compute(Work(workers, progress))
        return {asked.name: (result, outputs(asked, result) if drawn else {})}
    with (
        progress_bar("Reproducing") as progress,
        Work(workers, progress).begun(len(names)) as do,
    ):
        found = do([partial(made, name, drawn=drawn) for name in names])
    return dict(zip(names, found, strict=True))


def _written(
    names: tuple[str, ...], workers: Workers, folder: Path
) -> tuple[dict[str, Result], list[Path]]:
    """Compute and draw everything, then write the files; return results by name and paths."""
    from munu.base.file_sets import write_set_atomically
    from munu.reproduction.write import output_folder

    with output_folder(folder):
        found = _made(names, workers, drawn=True)
        contents = {name: text for _, own in found.values() for name, text in own.items()}
        written = write_set_atomically(folder, contents)
    return {name: result for name, (result, _) in found.items()}, written
