"""Options that every statement about moments depends on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from munu.cli.options import ExperimentName, OneOf, channels_option, json_option, setup_option

Command = TypeVar("Command", bound=Callable[..., Any])

CONDITIONS = (
    click.argument("experiments", type=ExperimentName(), nargs=-1, required=True),
    setup_option,
    channels_option,
    click.option(
        "--beam",
        default="full",
        show_default=True,
        metavar="[prompt|delayed|full]",
        help="Species that scatter with the moment.",
    ),
    click.option(
        "--convention",
        type=OneOf("convention", "munu.response:CONVENTIONS"),
        default="per-species",
        show_default=True,
        help="How species are added; published is that of Table II of arXiv:1905.03750.",
    ),
    click.option(
        "--sigma-sys",
        type=float,
        metavar="X",
        help="Fractional uncertainty of the signal instead of the experiment's.",
    ),
    click.option(
        "--delta-cp", type=float, default=0.0, show_default=True, help="Dirac phase (rad)."
    ),
    click.option("--xi-1", type=float, help="Phase ζ₃ - ζ₂ of the moments (rad)."),
    click.option("--xi-2", type=float, help="Phase ζ₃ - ζ₁ of the moments (rad)."),
    click.option(
        "--mixing",
        default="desalas2018-no",
        show_default=True,
        metavar="NAME",
        help="Global fit of the mixing angles.",
    ),
    json_option,
)


def conditions(command: Command) -> Command:
    """Add the argument EXPERIMENTS, the options above and ``--json``."""
    for option in reversed(CONDITIONS):
        command = option(command)
    return command


def cl_option(command: Command) -> Command:
    """Add ``--cl``."""
    return click.option(
        "--cl", type=float, default=0.90, show_default=True, help="Confidence level, in (0, 1)."
    )(command)


def moment_options(command: Command) -> Command:
    """Add ``--parameter`` and ``--others``."""
    command = click.option(
        "--others",
        type=OneOf("treatment of the other moments", "munu.parameters:OTHERS"),
        default="zero",
        show_default=True,
        help="The other two moments: zero (a slice) or profiled.",
    )(command)
    return click.option(
        "--parameter",
        type=OneOf("parameter", "munu.parameters:PARAMETERS"),
        default="Lambda_1",
        show_default=True,
        help="Modulus of a moment, mass or flavour basis.",
    )(command)
