"""``munu compare``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from munu.cli.options import json_option
from munu.cli.output import print_result, say

DIFFERENT: Final = 1
"""Exit status where two results differ; a mistake has another."""


@click.command()
@click.argument("first", metavar="A.json", type=click.Path(path_type=Path))
@click.argument("second", metavar="B.json", type=click.Path(path_type=Path))
@click.option(
    "--relative",
    type=float,
    default=0.0,
    show_default=True,
    help="Relative difference up to which numbers are equal; of a list over its largest number.",
)
@json_option
@click.pass_context
def compare(
    context: click.Context, first: Path, second: Path, relative: float, as_json: bool
) -> None:
    """Compare two results that were saved with --json.

    What differs in the inputs (experiments, digests of their files, version, what is asked and
    assumed), in what was found, and in the notes. The exit status is 0 where they are equal, 1
    where they differ, 2 for a mistake.

    \b
    Examples:
      munu compare before.json after.json
      munu compare before.json after.json --relative 1e-10
      munu compare before.json after.json --json
    """
    from munu.analysis.compare import compare as differences

    found = differences(first, second, relative=relative)
    if found and not as_json:
        say(found.summary()[0])
    else:
        print_result(found, as_json=as_json)
    if not found:
        context.exit(DIFFERENT)
