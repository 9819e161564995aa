"""``munu export``."""

from __future__ import annotations

from pathlib import Path

import click

from munu.cli.options import OneOf, json_option
from munu.cli.output import print_json, say


@click.command()
@click.argument("result", metavar="RESULT.json", type=Path)
@click.option(
    "--format",
    "kind",
    type=OneOf("format", "munu.exporting.export:FORMATS"),
    default="csv",
    show_default=True,
    help="All numbers, the table that is printed, or a submission to HEPData.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="File to write, of HEPData a folder.  [default: printed; of HEPData the result's name "
    "with -hepdata]",
)
@click.option("--rows", is_flag=True, help="Of LaTeX: the rows alone, for a table of yours.")
@click.option("--replace", is_flag=True, help="Write over files that exist.")
@json_option
def export(
    result: Path, kind: str, output: Path | None, rows: bool, replace: bool, as_json: bool
) -> None:
    """Write a result that was saved with --json for others to read.

    HEPData's submission has a table for a limit, a curve, each piece of a region or a spectrum,
    with level, sides, method and assumptions as qualifiers.

    \b
    Examples:
      munu export limit.json --format latex --rows
      munu export region.json --format hepdata --output submission
      munu export posterior.json --format csv --output samples.csv
    """
    from munu.exporting.export import export as export_to
    from munu.results import read_json

    if output is None and kind == "hepdata":
        output = result.with_name(f"{result.stem}-hepdata")
    text = export_to(read_json(result), output, format=kind, rows_alone=rows, replace=replace)
    if as_json:
        print_json({"written": str(output)} if output else {"text": text})
    elif output is not None:
        say(f"Written: {output}")
    else:
        click.echo(text, nl=False)
