"""An option that takes one value is given once, and a file takes one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os.path import realpath
from typing import Any, Final

import click

from munu.base.errors import MunuError

WRITTEN: Final = ("--state", "--plot", "--samples")
"""Options of one command that name files to write."""


def check_repeated(command: click.Command, arguments: Sequence[str]) -> None:
    """Refuse an option that is given again where only its last value would be taken.

    Flags may be repeated, and options that collect their values. Refuse one file for two things,
    too, the second of which would be written over the first.

    Parameters
    ----------
    command : click.Command
    arguments : sequence of str
        What follows its name on the command line.

    Raises
    ------
    MunuError
        Naming the option, or both.
    """
    context = click.Context(
        command,
        info_name=command.name,
        resilient_parsing=True,
        help_option_names=["-h", "--help"],
    )
    values, _, order = command.make_parser(context).parse_args(list(arguments))
    for option in order:
        if _takes_one_value(option) and order.count(option) > 1:
            name = max(option.opts, key=len)
            raise MunuError(
                f"{name} is given {order.count(option)} times, and takes one value", "Give it once"
            )

    _check_apart(values, order)


def _check_apart(values: Mapping[str, Any], order: Sequence[click.Parameter]) -> None:
    taken: dict[str, str] = {}
    for option in order:
        name = next((one for one in option.opts if one in WRITTEN), "")
        if name and isinstance(path := values.get(option.name or ""), str):
            other = taken.setdefault(realpath(path), name)
            if other != name:
                raise MunuError(f"{other} and {name} name one file, {path}", "Name two")


def _takes_one_value(parameter: click.Parameter) -> bool:
    return (
        isinstance(parameter, click.Option)
        and not parameter.multiple
        and not parameter.is_flag
        and not parameter.count
    )
