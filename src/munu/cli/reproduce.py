"""``munu reproduce``."""

from __future__ import annotations

from pathlib import Path

import click

from munu.cli.options import OneOf, json_option
from munu.cli.output import print_result


@click.command()
@click.argument("what", type=OneOf("table or figure", "munu.reproduction.registry:TARGETS"))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write CSV, JSON and the picture into DIR, which is made if it is missing.",
)
@json_option
def reproduce(what: str, output: Path | None, as_json: bool) -> None:
    """Compute a table or figure of the paper.

    The reference paper is arXiv:1905.03750; everything is computed from first principles. Table II
    is printed cell by cell beside the published numbers.

    \b
    munu reproduce table2
    munu reproduce table2 --json
    munu reproduce table2 --output results
    """
    from munu.reproduction.registry import target
    from munu.reproduction.write import checked_folder, write_outputs

    folder = None if output is None else checked_folder(output)
    found = target(what)
    result = found.compute()
    written = [] if folder is None else write_outputs(found, result, folder)
    print_result(result, as_json=as_json)
    if written and not as_json:
        click.echo(f"\nWritten: {', '.join(str(path) for path in written)}")
