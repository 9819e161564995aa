"""Options that every statement about moments depends on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from munu.cli.options import (
    PARAMETERS_IN_WORDS,
    ExperimentName,
    OneOf,
    channels_option,
    mixing_option,
    setup_option,
)

Command = TypeVar("Command", bound=Callable[..., Any])

CONDITIONS = (
    click.argument("experiments", type=ExperimentName(), nargs=-1, required=True),
    setup_option,
    channels_option("by which moments are seen, the Standard Model having all"),
    click.option(
        "--beam",
        default="full",
        show_default=True,
        metavar="[prompt|delayed|full]",
        help="Species that scatter with the moment: those of a prompt or delayed beam, or all.",
    ),
    click.option(
        "--convention",
        type=OneOf("convention", "munu.folding.counts:CONVENTIONS"),
        default="per-species",
        show_default=True,
        help="How species are added; published is that of Table II of arXiv:1905.03750.",
    ),
    click.option(
        "--sigma-sys",
        type=float,
        metavar="X",
        help="Fractional uncertainty of the signal.  [default: the experiment's]",
    ),
    click.option(
        "--delta-cp", type=float, default=0.0, show_default=True, help="Dirac phase (rad)."
    ),
    mixing_option,
    click.option(
        "--expected",
        is_flag=True,
        help="Let the Standard Model's events and the backgrounds stand for the data: what the "
        "experiment is sensitive to.",
    ),
)
MOMENT_PHASES = {"--xi-1": "Phase ζ₃ - ζ₂ of the moments (rad).", "--xi-2": "Phase ζ₃ - ζ₁ (rad)."}


def conditions(command: Command) -> Command:
    """Add the argument EXPERIMENTS and the options above."""
    for option in reversed(CONDITIONS):
        command = option(command)
    return command


def fixed_phases(command: Command) -> Command:
    """Add ``--xi-1`` and ``--xi-2``, zero if left out."""
    for name, text in reversed(MOMENT_PHASES.items()):
        command = click.option(name, type=float, default=0.0, show_default=True, help=text)(command)
    return command


def free_phases(command: Command) -> Command:
    """Add ``--xi-1`` and ``--xi-2``, profiled with the moments if left out."""
    for name, text in reversed(MOMENT_PHASES.items()):
        default = "  [default: 0, or profiled where the moments are]"
        command = click.option(name, type=float, help=text + default)(command)
    return command


def cl_option(command: Command) -> Command:
    """Add ``--cl``."""
    return click.option(
        "--cl",
        type=float,
        default=0.90,
        show_default=True,
        help="Confidence level, between 0 and 1.",
    )(command)


def sided_option(command: Command) -> Command:
    """Add ``--one-sided``."""
    return click.option(
        "--one-sided",
        is_flag=True,
        help="Let the confidence level be that of the upper end alone: Δχ² = 1.64 at 90 %, not "
        "2.71.",
    )(command)


def moment_options(command: Command) -> Command:
    """Add ``--parameter`` and ``--others``."""
    command = click.option(
        "--others",
        type=OneOf("treatment of the other moments", "munu.physics.parameters:OTHERS"),
        default="zero",
        show_default=True,
        help="The other two moments: zero (a slice) or minimised over (profiled).",
    )(command)
    return click.option(
        "--parameter",
        type=OneOf("parameter", "munu.physics.parameters:PARAMETERS"),
        default="Lambda_1",
        show_default=True,
        metavar="NAME",
        help=f"Moment: {PARAMETERS_IN_WORDS}.",
    )(command)
