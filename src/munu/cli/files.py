"""``munu init``, ``munu validate`` and ``munu check``: a user's own experiment."""

from __future__ import annotations

from collections.abc import Callable

import click

from munu.base.errors import MunuError
from munu.base.visible import visible
from munu.cli.options import (
    Command,
    ExperimentName,
    OneOf,
    experiment_argument,
    json_option,
    setup_option,
)
from munu.cli.output import folded, print_json, print_tables, say

MISTAKE = 2
"""Exit code for a user's mistake, as of every command."""


def _blank(name: str, what: str, allowed: str) -> Callable[[Command], Command]:
    """Return what adds an option that chooses the placeholders of a new file."""
    kind = OneOf(name, f"munu.experiments.template.blank:{allowed}")
    return click.option(f"--{name}", type=kind, metavar="KIND", help=what)


@click.command()
@click.argument("path", metavar="FILE.toml", type=click.Path())
@click.option(
    "--like",
    metavar="EXPERIMENT",
    type=ExperimentName(),
    help="Experiment, or its file, whose values it takes.",
)
@_blank(
    "source",
    "reactor, spallation, tabulated, chromium-51, solar, atmospheric, geoneutrinos or "
    "supernova-background.  [default: reactor]",
    "SOURCES",
)
@click.option("--material", metavar="NAME", help="What recoils, such as Ge, CsI or 2Ge:1Si.")
@_blank("observable", "recoil, ionisation or photoelectrons.  [default: ionisation]", "DETECTORS")
@_blank(
    "statistic",
    "projection, first-run, poisson, gaussian or bound.  [default: poisson]",
    "STATISTICS",
)
@json_option
def init(path: str, like: str | None, as_json: bool, **blank: str | None) -> None:
    """Write a commented experiment file.

    With --like it has another experiment's values; a value that you change loses the source and the
    note of the other's. Without, it has placeholders for a source, a material, an observable and a
    statistic, which `munu validate` lists. Give its path wherever a command takes an experiment.
    Nothing is overwritten.

    \b
    Examples:
      munu init my.toml --source reactor --material Ge --statistic poisson
      munu init my.toml --like conus
    """
    from munu.experiments.template.write import write_template

    asked = {name: value for name, value in blank.items() if value is not None}
    if like is not None and asked:
        raise MunuError(
            f"--{next(iter(asked))} beside --like, whose values are all taken", "Leave one out"
        )
    written = write_template(path, like=like, **asked)
    if as_json:
        print_json({"written": str(written), "like": like})
    else:
        following = "check" if like else "validate"
        say(f"Written: {written}. Next: munu {following} {written}")


@click.command()
@experiment_argument
@json_option
@click.pass_context
def validate(context: click.Context, experiment: str, as_json: bool) -> None:
    """Check that an experiment file is valid.

    Either it is complete, without mistakes and taken by every command in all its setups, or every
    mistake is named, one a line. Tables with steep rows are warned of.

    \b
    Examples:
      munu validate my.toml
    """
    from munu.analysis.checks.mistakes import mistakes
    from munu.analysis.checks.tables import table_remarks
    from munu.experiments.load import load_setups

    wrong = mistakes(experiment)
    for mistake in wrong:
        click.echo(f"munu: {visible(' '.join(str(mistake).split()))}", err=True)
    if wrong:
        context.exit(MISTAKE)
    found = load_setups(experiment)
    identifier = found[0].identity.id
    remarks = list(dict.fromkeys(remark for one in found for remark in table_remarks(one)))
    if as_json:
        setups = [{"setup": e.identity.setup, "inputs_hash": e.inputs_hash} for e in found]
        warnings = [{"key": remark.key, "message": remark.message} for remark in remarks]
        entries = {"experiment": identifier, "valid": True, "setups": setups}
        print_json({**entries, "warnings": warnings})
        return
    names = ", ".join(one.identity.setup for one in found)
    say(f"{experiment} is valid: experiment '{identifier}', setups {names}")
    for remark in remarks:
        say(folded(f"Warning: {remark.key}: {remark.message}"))


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
    from munu.analysis.checks.check import check as remarks_on
    from munu.analysis.show import recipe
    from munu.experiments.load import load

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
