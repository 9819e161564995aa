"""``munu limit`` and ``munu profile``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from munu.cli.options import ExperimentName, OneOf, json_option, setup_option
from munu.cli.output import print_result

Command = TypeVar("Command", bound=Callable[..., Any])

SHARED_OPTIONS = (
    click.argument("experiments", type=ExperimentName(), nargs=-1, required=True),
    setup_option,
    click.option(
        "--parameter",
        type=OneOf("parameter", "munu.parameters:PARAMETERS"),
        default="Lambda_1",
        show_default=True,
        help="Modulus of a moment, mass or flavour basis.",
    ),
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
        "--others",
        type=OneOf("treatment of the other moments", "munu.parameters:OTHERS"),
        default="zero",
        show_default=True,
        help="The other two moments: zero (a slice) or profiled.",
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


def shared_options(command: Command) -> Command:
    """Add the experiments and all that a statement about moments depends on."""
    for option in reversed(SHARED_OPTIONS):
        command = option(command)
    return command


@click.command()
@shared_options
@click.option("--cl", type=float, default=0.90, show_default=True, help="Confidence level.")
def limit(experiments: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Print the limit on one moment; several experiments are combined.

    A profiled limit minimises over the other two moments, and over ξ₁ and ξ₂ unless they are given.
    It may be unbounded along a blind direction, which is then printed.

    \b
    munu limit conus
    munu limit coherent-csi --beam prompt --parameter Lambda_3 --cl 0.95
    munu limit conus --others profiled --json
    munu limit conus coherent-csi --others profiled
    """
    from munu import moment_limits

    print_result(moment_limits.limit(list(experiments), **options), as_json=as_json)


@click.command()
@shared_options
@click.option(
    "--max",
    "maximum",
    type=click.FloatRange(min=0, min_open=True),
    metavar="MU_B",
    help="End of the curve (μ_B).  [default: 1.5 times the 90 % limit]",
)
def profile(
    experiments: tuple[str, ...], maximum: float | None, as_json: bool, **options: Any
) -> None:
    """Print Δχ² along one moment, as in Fig. 2 of arXiv:1905.03750.

    \b
    munu profile conus --parameter Lambda_2
    munu profile connie --max 1e-10 --json
    """
    import numpy as np

    from munu import moment_limits

    moduli = None if maximum is None else np.linspace(0.0, maximum, moment_limits.PROFILE_POINTS)
    result = moment_limits.profile(list(experiments), moment_mu_b=moduli, **options)
    print_result(result, as_json=as_json)
