"""``munu experiments`` and ``munu show``."""

from __future__ import annotations

import click

from munu.cli.options import experiment_argument, json_option, setup_option
from munu.cli.output import print_json, print_result, print_tables


@click.command()
@json_option
def experiments(as_json: bool) -> None:
    """List the experiments of the catalogue and their setups.

    Every command takes their names; a setup is named after an @, as in conus@future.

    \b
    Examples:
      munu experiments
      munu experiments --json
    """
    from munu.experiments.load import load, setups
    from munu.experiments.named import catalogue
    from munu.results import Table

    entries = [(name, setups(name)) for name in catalogue()]
    identities = {name: load(name, found[0]).identity for name, found in entries}
    if as_json:
        print_json(
            {
                "experiments": [
                    {
                        "experiment": name,
                        "label": identities[name].short_name,
                        "title": identities[name].title,
                        "setups": list(found),
                    }
                    for name, found in entries
                ]
            }
        )
        return
    rows = tuple((name, ", ".join(found), identities[name].title) for name, found in entries)
    columns = ("<experiment", "~setups", "~title")
    print_tables((Table(title="Experiments of the catalogue", columns=columns, rows=rows),))


@click.command()
@experiment_argument
@setup_option
@json_option
def show(experiment: str, setup: str | None, as_json: bool) -> None:
    """Show what goes into an experiment, with sources.

    Flux x cross section x detector x exposure x statistic, as the file states them and as the
    program uses them.

    \b
    Examples:
      munu show conus
      munu show coherent-csi --setup future --json
      munu show my.toml
    """
    from munu.analysis import show

    print_result(show.show(experiment, setup), as_json=as_json)
