"""``munu print``: results that were saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from munu.base.errors import MunuError
from munu.cli.options import json_option
from munu.cli.output import print_result, say

if TYPE_CHECKING:
    from munu.results.core.base import Origin

DIGITS: Final = 8
"""Of a digest that are shown."""


@click.command(name="print")
@click.argument(
    "results", metavar="RESULT.json...", type=click.Path(path_type=Path), nargs=-1, required=True
)
@click.option(
    "--caption",
    is_flag=True,
    help="Say in words what a picture of them shows, for the caption of a figure.",
)
@json_option
def print_saved(results: tuple[Path, ...], caption: bool, as_json: bool) -> None:
    """Print results that were saved with --json.

    As the command that made them printed them, an older version of munu too; what validate and
    check found as tables. Lists, such as that of `munu experiments`, cannot be printed.
    Nothing is computed again. A last line says by which version it was made, and from which inputs:
    experiments and the beginning of the SHA-256 of each. With --json the document is that of this
    version.

    \b
    Examples:
      munu limit conus --json > limit.json; munu print limit.json
      munu print region.json --caption
    """
    from munu.results import read_json
    from munu.results.core.layout import wrapped
    from munu.results.core.table import terminal_width

    if as_json and (caption or len(results) > 1):
        what = "--caption" if caption else "several results"
        raise MunuError(f"--json prints one document, and not {what}", "Leave one out")
    found = [read_json(path) for path in results]
    if caption:
        from munu.plotting.captions import caption as words

        say(words(found))
        return
    for number, result in enumerate(found):
        if number:
            click.echo()
        print_result(result, as_json=as_json)
        if not as_json:
            say("\n".join(wrapped(_made_by(result.origin), terminal_width())))


def _made_by(origin: Origin) -> str:
    """Return the version that made a result, and its inputs, in one line."""
    pairs = zip(origin.experiments, origin.inputs_hash, strict=False)
    inputs = ", ".join(f"{name} {sha[:DIGITS]}…" for name, sha in pairs)
    return f"munu {origin.version}{f', inputs {inputs}' if inputs else ''}"
