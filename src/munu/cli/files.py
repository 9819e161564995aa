"""``munu init``, ``munu validate`` and ``munu check``: a user's own experiment."""

from __future__ import annotations

from collections.abc import Callable
from shlex import quote

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
from munu.cli.output import folded, print_json, print_result, print_tables, say

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
    "projection, first-run, poisson, gaussian, template-fit or bound.  [default: poisson]",
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
    from munu.analysis.init import init as write

    asked = [name for name, value in blank.items() if value is not None]
    if like is not None and asked:
        raise MunuError(f"--{asked[0]} beside --like, whose values are all taken", "Leave one out")
    written = write(path, like, **blank)
    if as_json:
        print_json({"written": str(written), "like": like})
    else:
        following = "check" if like else "validate"
        say(f"Written: {written}. Next: munu {following} {quote(str(written))}")


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
    from munu.analysis.check import validate as judge

    found = judge(experiment)
    for mistake in found.mistakes:
        click.echo(f"munu: {visible(mistake)}", err=True)
    if as_json:
        print_result(found, as_json=True)
    if not found.valid:
        context.exit(MISTAKE)
    if as_json:
        return
    names = ", ".join(one.setup for one in found.setups)
    say(f"{experiment} is valid: experiment '{found.experiment}', setups {names}")
    for warning in found.warnings:
        say(folded(warning.text()))


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
    from munu.analysis.check import check as examine

    found = examine(experiment, setup)
    if as_json:
        print_result(found, as_json=True)
        return
    print_tables(found.recipe().tables())
    click.echo()
    for remark in found.remarks():
        say(folded(remark))
