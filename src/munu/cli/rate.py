"""``munu rate``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from munu.cli.assumptions import assumption_options, recoils_help
from munu.cli.options import experiment_argument, json_option, plot_option, setup_option
from munu.cli.output import draw, print_result


@click.command()
@experiment_argument
@setup_option
@assumption_options("rate", channels=recoils_help("that are counted"))
@click.option(
    "--spectrum", is_flag=True, help="Add the spectrum in recoil energy, before the detector."
)
@plot_option("the recoil spectrum")
@json_option
def rate(
    experiment: str,
    setup: str | None,
    spectrum: bool,
    picture: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Print expected events by species and kind of recoil.

    Beside the Standard Model's stand those of a dipole: each species with an effective moment of
    1e-10 μ_B. They grow as the square of the moment. With values of couplings, those of all.

    \b
    Examples:
      munu rate coherent-csi
      munu rate conus --setup future --json
      munu rate conus-plus@electrons --channels electron
      munu rate borexino-phase-ii
      munu rate texono --spectrum --plot texono.png
      munu rate conus-plus --with sin2_theta_w=0.25 --json
    """
    from munu.analysis import rate

    found = rate.rate(experiment, setup, with_spectrum=spectrum, **options)
    print_result(found, as_json=as_json)
    if picture is not None:
        draw(found.spectrum or rate.spectrum(experiment, setup, **options), picture)
