"""Options of statements about moments, those that they assume made from `munu.Assumptions`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field
from typing import Any, TypeVar

import click

from munu.base.options import flag_of, keyword_of, option_of, options_of
from munu.cli.completion import VALUES_OF_PARAMETERS, Completed, mixings
from munu.cli.options import PARAMETERS_IN_WORDS, Level, OneOf
from munu.cli.parameter_option import COUPLINGS, ParameterOption
from munu.physics.assumptions import Assumptions

Command = TypeVar("Command", bound=Callable[..., Any])


def assumption_options(question: str, **helps: str) -> Callable[[Command], Command]:
    """Return what adds an option for each assumption that a question takes.

    Parameters
    ----------
    question : str
        Name of its function.
    **helps : str
        Help of a keyword, where it is not that of `munu.Assumptions`.
    """

    def add(command: Command) -> Command:
        for keyword, one in reversed(tuple(options_of(Assumptions).items())):
            if question not in option_of(one).left_out:
                command = _option(one, helps.get(keyword))(command)
        return command

    return add


def recoils_help(what: str) -> str:
    """Return the help of ``--channels`` that chooses the recoils of ``what``."""
    return f"Recoils {what}; all are those that the experiment counts."


def _option(one: Field[Any], text: str | None = None) -> Callable[[Command], Command]:
    """Return what adds the option of a field."""
    asked, keyword = option_of(one), keyword_of(one)
    described: dict[str, Any] = {"help": text or asked.help, "default": one.default}
    if asked.kind is bool:
        described["is_flag"] = True
    elif asked.kind is dict:
        described |= {"default": (), "multiple": True}
        described |= {"type": VALUES_OF_PARAMETERS} if keyword == "values" else {}
    else:
        kind = str if asked.dimension else asked.kind
        choice = OneOf(asked.called or keyword, asked.choices) if asked.choices else kind
        known = Completed(mixings) if keyword == "mixing" else choice
        described |= {"type": known, "show_default": one.default is not None}
    if asked.metavar:
        described["metavar"] = asked.metavar
    return click.option(flag_of(one), keyword, **described)


def cl_option(command: Command) -> Command:
    """Add ``--cl``."""
    return click.option(
        "--cl",
        type=Level(),
        default=0.90,
        show_default=True,
        help="Confidence level, between 0 and 1 or as in '90 %'.",
    )(command)


def profile_option(command: Command) -> Command:
    """Add ``--profile``, of couplings that are minimised over."""
    return click.option(
        "--profile",
        type=OneOf("parameter", "munu.physics.interactions.registry:names"),
        multiple=True,
        metavar="NAME",
        help="Coupling to minimise over besides the one asked for, with its phase unless that is "
        "set, or the question is of a plane of moments alone; may be repeated.",
    )(command)


def others_option(command: Command) -> Command:
    """Add ``--others``."""
    return click.option(
        "--others",
        type=OneOf("treatment of the other moments", "munu.physics.parameters:OTHERS"),
        default="zero",
        show_default=True,
        help="Others of the parameter's family, as the other two moments of a basis: zero (a "
        "slice) or minimised over (profiled).",
    )(command)


def moment_options(command: Command) -> Command:
    """Add ``--parameter`` and ``--others``."""
    command = others_option(command)
    return click.option(
        "--parameter",
        cls=ParameterOption,
        type=OneOf("parameter", "munu.physics.interactions.registry:names"),
        default="Lambda_1",
        show_default=True,
        metavar="NAME",
        help=f"Moment: {PARAMETERS_IN_WORDS}; or a coupling: {COUPLINGS}.",
    )(command)
