"""``munu schema``."""

from __future__ import annotations

import click

from munu.cli.options import json_option
from munu.cli.output import print_json


@click.command()
@json_option
def schema(as_json: bool) -> None:
    """Print the JSON Schema of experiment files.

    Editors complete keys with it and mark mistakes while a file is written. `munu validate` checks
    more: what keys say together, and the tables.

    \b
    Examples:
      munu schema > munu.schema.json
    """
    from munu.experiments.json_schema import schema as experiment_schema

    print_json(experiment_schema())
