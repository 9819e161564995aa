"""``munu region`` and ``munu envelope``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from munu.cli.assumptions import assumption_options, cl_option
from munu.cli.completion import Completed, parameters, phases
from munu.cli.methods import method_options, state_option, waiting_or_drawing
from munu.cli.options import experiments_argument, json_option, plot_option, setup_option
from munu.cli.output import print_and_draw
from munu.cli.progress import waiting

plane_option = click.option(
    "--plane",
    type=Completed(parameters, separator=","),
    default="Lambda_1,Lambda_2",
    show_default=True,
    metavar="X,Y",
    help="Two of Lambda_1, Lambda_2, Lambda_3, Lambda_e, Lambda_mu, Lambda_tau, delta_cp, xi_1, "
    "xi_2; or of the effective moments mu_nu_e, mu_nu_mu, mu_nu_tau; or of the couplings that "
    "`munu limit` takes.",
)


@click.command()
@plane_option
@cl_option
@click.option(
    "--profile",
    type=Completed(parameters),
    multiple=True,
    metavar="NAME",
    help="Parameter outside the plane to minimise over; the others are fixed. Of moments alone "
    "name each phase too, as xi_1, or it keeps its value; with another coupling the phase of a "
    "profiled modulus is minimised over as well, unless it is set. Repeatable.",
)
@click.option(
    "--signed",
    is_flag=True,
    help="Let moments be real and of either sign (a phase of π): all four quadrants.",
)
@method_options("munu.analysis.drawn_toys:METHODS", "asymptotic", "feldman-cousins")
@state_option
@experiments_argument
@setup_option
@assumption_options("region")
@plot_option("the region")
@json_option
def region(
    experiments: tuple[str, ...], as_json: bool, picture: Path | None, **options: Any
) -> None:
    """Print the allowed region of a plane.

    Δχ² has two degrees of freedom. The region is solved along rays from the origin: rings, separate
    pieces and regions that no experiment bounds come out as they are, whatever a plot would show.
    With --method feldman-cousins toy experiments decide, drawn where the edge is until it is known
    to --precision.

    \b
    Examples:
      munu region conus --plane Lambda_1,Lambda_2
      munu region conus coherent-csi@future --plane Lambda_2,Lambda_3 --cl 0.95
      munu region connie --profile xi_1 --json
      munu region coherent-csi-2021 --plane mu_nu_e,mu_nu_mu
      munu region texono --signed --plot texono.pdf
      munu region coherent-csi-2021 --plane mu_nu_e,mu_nu_mu \\
        --method feldman-cousins --workers 2 --state toys.jsonl
    """
    from munu.analysis import region

    with waiting_or_drawing(options) as progress:
        found = region.region(list(experiments), progress=progress, **options)
    print_and_draw(found, picture, as_json=as_json)


@click.command()
@plane_option
@cl_option
@click.option(
    "--vary",
    type=Completed(phases),
    multiple=True,
    metavar="NAME",
    help="Phase that is varied. Repeatable.  [default: delta_cp and the relative phase of the "
    "plane]",
)
@experiments_argument
@setup_option
@assumption_options("envelope")
@plot_option("both contours")
@json_option
def envelope(
    experiments: tuple[str, ...], as_json: bool, picture: Path | None, **options: Any
) -> None:
    """Print the extreme contours over phases.

    The most conservative and the most aggressive one, with the phases that give them: Fig. 7 of
    arXiv:1905.03750.

    \b
    Examples:
      munu envelope connie --plane Lambda_1,Lambda_2
      munu envelope coherent-csi --beam prompt --vary xi_1 --json
      munu envelope xenonnt-sr0-er --plane epsilon_eL_ee,epsilon_eL_emu
    """
    from munu.analysis import region

    with waiting():
        found = region.envelope(list(experiments), **options)
    print_and_draw(found, picture, as_json=as_json)
