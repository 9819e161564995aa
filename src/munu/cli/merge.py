"""``munu merge``."""

from __future__ import annotations

from pathlib import Path

import click

from munu.cli.options import json_option
from munu.cli.output import print_result


@click.command()
@click.argument("output", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@click.argument(
    "states", metavar="STATE...", type=click.Path(path_type=Path), nargs=-1, required=True
)
@json_option
def merge(output: Path, states: tuple[Path, ...], as_json: bool) -> None:
    """Join states of one study that ran on several machines.

    OUT holds the pieces of all afterwards, its own too if it exists, each once; what is printed
    says how many toys each true value has. A damaged state, or one of another study, is refused,
    and OUT is as before.

    \b
    Examples:
      munu merge toys.jsonl part-1.jsonl part-2.jsonl part-3.jsonl part-4.jsonl
      munu merge toys.jsonl other-machine.jsonl --json
    """
    from munu.analysis.merge import merge as joined

    print_result(joined(output, list(states)), as_json=as_json)
