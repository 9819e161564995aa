"""``munu fit`` and ``munu weak-angle``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from munu.base.progress import progress_bar
from munu.cli.assumptions import assumption_options, recoils_help
from munu.cli.methods import workers_options
from munu.cli.options import (
    PARAMETERS_IN_WORDS,
    OneOf,
    experiments_argument,
    json_option,
    plot_option,
    setup_option,
)
from munu.cli.output import print_and_draw


@click.command()
@experiments_argument
@setup_option
@click.option(
    "--parameter",
    "parameters",
    type=OneOf("parameter", "munu.physics.interactions.registry:names"),
    multiple=True,
    metavar="NAME",
    help="Coupling that is fitted; may be repeated.",
)
@assumption_options("fit", channels=recoils_help("in the prediction"))
@click.option(
    "--toys",
    type=int,
    default=300,
    show_default=True,
    help="Toy experiments for the goodness of fit, where counts are sparse; 0 for none.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the toys.")
@workers_options
@plot_option("data and prediction of one experiment")
@json_option
def fit(experiments: tuple[str, ...], picture: Path | None, as_json: bool, **options: Any) -> None:
    """Compare the Standard Model, or that with couplings, with data.

    Events by species, beam, channel and background; the pulls of the nuisances; goodness of fit, by
    toy experiments where counts are sparse; the signal that fits best. Several experiments share
    nuisances of equal name and one signal strength, in which a p-value tells whether they agree.

    \b
    Examples:
      munu fit coherent-csi-2021
      munu fit coherent-csi-2021 --channels nuclear --plot csi.png
      munu fit coherent-csi-2021 coherent-lar-2020 --json
      munu fit coherent-csi-2021 --toys 10000 --workers 4
      munu fit coherent-csi-2021 --parameter sin2_theta_w --parameter mu_nu_mu
    """
    from munu.analysis import fit
    from munu.base.errors import MunuError

    if picture is not None and len(experiments) > 1:
        raise MunuError("--plot draws one experiment", "Name one, or leave --plot out")
    with progress_bar("Toy experiments") as progress:
        found = fit.fit(list(experiments), progress=progress, **options)
    print_and_draw(found, picture, as_json=as_json)


@click.command(name="weak-angle")
@experiments_argument
@setup_option
@click.option(
    "--moment",
    type=OneOf("parameter", "munu.physics.parameters:PARAMETERS"),
    metavar="NAME",
    help=f"Moment that is minimised over, the others zero: {PARAMETERS_IN_WORDS}.  [default: all "
    "zero]",
)
@assumption_options("weak_angle", channels=recoils_help("in the prediction"))
@plot_option("the Δχ² curve")
@json_option
def weak_angle(
    experiments: tuple[str, ...], picture: Path | None, as_json: bool, **options: Any
) -> None:
    """Fit sin²θ_W to data.

    The weak mixing angle of the couplings (Eq. 21 of arXiv:1905.03750), with its intervals.

    \b
    Examples:
      munu weak-angle coherent-csi-2021 coherent-lar-2020
      munu weak-angle conus-plus --moment Lambda_1 --json
      munu weak-angle coherent-csi-2021 --moment mu_nu_mu --plot angle.png
    """
    from munu.analysis import weak_angle

    found = weak_angle.weak_angle(list(experiments), **options)
    print_and_draw(found, picture, as_json=as_json)
