"""``munu init``, ``munu validate`` and ``munu check``: a user's own experiment."""

from __future__ import annotations

import click

from munu.cli.options import ExperimentName, experiment_argument, json_option, setup_option
from munu.cli.output import folded, print_json, print_tables, say


@click.command()
@click.argument("path", metavar="FILE.toml", type=click.Path())
@click.option(
    "--like",
    default="conus",
    show_default=True,
    metavar="EXPERIMENT",
    type=ExperimentName(),
    help="Experiment, or its file, whose values it takes.",
)
@json_option
def init(path: str, like: str, as_json: bool) -> None:
    """Write a commented experiment file.

    Start from it, and give its path wherever a command takes an experiment. Nothing is overwritten.

    \b
    Examples:
      munu init my.toml --like conus
    """
    from munu.experiments.template import write_template

    written = write_template(path, like=like)
    if as_json:
        print_json({"written": str(written), "like": like})
    else:
        say(f"Written: {written}. Next: munu check {written}")


@click.command()
@experiment_argument
@json_option
def validate(experiment: str, as_json: bool) -> None:
    """Check that an experiment file is valid.

    Either it is complete and without mistakes in every setup, or the first mistake is named.

    \b
    Examples:
      munu validate my.toml
    """
    from munu.experiments.load import load_setups

    found = [loaded.identity for loaded in load_setups(experiment)]
    if as_json:
        setups = [{"setup": i.setup, "inputs_hash": i.inputs_hash} for i in found]
        print_json({"experiment": found[0].id, "valid": True, "setups": setups})
    else:
        names = ", ".join(identity.setup for identity in found)
        say(f"{experiment} is valid: experiment '{found[0].id}', setups {names}")


@click.command()
@experiment_argument
@setup_option
@json_option
def check(experiment: str, setup: str | None, as_json: bool) -> None:
    """Show what goes into an experiment, and warn of odd physics.

    Such as a threshold above the endpoint, or quenching below its validity.

    \b
    Examples:
      munu check my.toml
      munu check conus@future --json
    """
    from munu.checks.check import check as remarks_on
    from munu.experiments.load import load
    from munu.recipe import recipe

    loaded = load(experiment, setup)
    remarks = remarks_on(loaded)
    if as_json:
        warnings = [{"key": remark.key, "message": remark.message} for remark in remarks]
        print_json({**recipe(loaded).to_dict(), "warnings": warnings})
        return
    print_tables(recipe(loaded).tables())
    click.echo()
    for remark in remarks:
        click.echo(folded(f"Warning: {remark.key}: {remark.message}"))
    click.echo(f"{len(remarks) or 'No'} warning{'s' * (len(remarks) != 1)}.")
