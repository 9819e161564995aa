"""An option that takes one value is given once."""

from __future__ import annotations

from collections.abc import Sequence

import click

from munu.base.errors import MunuError


def check_repeated(command: click.Command, arguments: Sequence[str]) -> None:
    """Refuse an option that is given again where only its last value would be taken.

    Flags may be repeated, and options that collect their values.

    Parameters
    ----------
    command : click.Command
    arguments : sequence of str
        What follows its name on the command line.

    Raises
    ------
    MunuError
        Naming the option.
    """
    context = click.Context(
        command,
        info_name=command.name,
        resilient_parsing=True,
        help_option_names=["-h", "--help"],
    )
    _, _, order = command.make_parser(context).parse_args(list(arguments))
    for option in order:
        if _takes_one_value(option) and order.count(option) > 1:
            name = max(option.opts, key=len)
            raise MunuError(
                f"{name} is given {order.count(option)} times, and takes one value", "Give it once"
            )


def _takes_one_value(parameter: click.Parameter) -> bool:
    return (
        isinstance(parameter, click.Option)
        and not parameter.multiple
        and not parameter.is_flag
        and not parameter.count
    )
