"""A parameter that stands where an experiment is expected: which option names it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import click

from munu.base.errors import MunuError
from munu.base.files import exists

WAYS: Final = {
    "parameter": "--parameter {}",
    "parameters": "--parameter {}",
    "plane": "--plane {},OTHER",
    "values": "--with {}=VALUE",
}
"""How a command is told of a parameter, by the name of its option; the first that it has."""
EXTRA: Final = re.compile(r"Got unexpected extra arguments? \(([^)]*)\)")
"""What click says of arguments that a command does not take."""


def check_is_no_parameter(name: str, context: click.Context | None) -> None:
    """Raise `MunuError` for the name of a parameter in the place of an experiment.

    Parameters
    ----------
    name : str
    context : click.Context or None
        Of the command, whose options are named.
    """
    if context is None or context.resilient_parsing or exists(Path(name)):
        return
    remedy = remedy_for(name, context.command)
    if remedy:
        raise MunuError(f"unknown experiment '{name}'", remedy)


def remedy_for(name: str, command: click.Command) -> str:
    """Return how a command is told of a parameter; empty for what is no parameter.

    Examples
    --------
    >>> from munu.cli.limit import limit
    >>> print(remedy_for("epsilon_u_ee", limit))
    It is a parameter: write --parameter epsilon_u_ee
    """
    from munu.physics.interactions.registry import names

    if name not in names():
        return ""
    options = {one.name for one in command.params}
    way = next((way for option, way in WAYS.items() if option in options), "")
    return f"It is a parameter: write {way.format(name)}" if way else "It is a parameter"


def extra_arguments(message: str, command: click.Command) -> str:
    """Return how a command is told of a parameter that it does not take as an argument.

    Parameters
    ----------
    message : str
        Of click; empty is returned for any that is about something else.
    command : click.Command
    """
    found = EXTRA.match(message)
    remedies = (remedy_for(name, command) for name in found[1].split()) if found else ()
    return next((remedy for remedy in remedies if remedy), "")
