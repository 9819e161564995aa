"""``munu limit`` and ``munu profile``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from munu.cli.assumptions import (
    assumption_options,
    cl_option,
    moment_options,
    profile_option,
)
from munu.cli.methods import (
    bands_option,
    method_options,
    seed_option,
    state_option,
    waiting_or_drawing,
    workers_options,
)
from munu.cli.options import experiments_argument, json_option, plot_option, setup_option
from munu.cli.output import print_and_draw, print_result

if TYPE_CHECKING:
    from munu.base.typing import FloatArray


@click.command()
@moment_options
@profile_option
@cl_option
@bands_option
@method_options("munu.analysis.drawn_toys:LIMIT_METHODS", "asymptotic", "feldman-cousins", "cls")
@state_option
@experiments_argument
@setup_option
@assumption_options("limit")
@json_option
def limit(experiments: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Print the limit on one moment or coupling.

    Several experiments are combined; shared uncertainties and shapes of equal name are one
    nuisance, normalisations of backgrounds are not. A profiled limit minimises over the other two
    moments, and over ξ₁ and ξ₂ unless both are given. It may be unbounded along a blind direction,
    which is then printed. With --method feldman-cousins toy experiments decide, drawn where the
    ends are until these are known to --precision: of moments and of couplings, of one experiment or
    of several. Of observed data that are one Poisson or Gaussian count, without nuisances, off-beam
    counts, covariance or asymmetric errors (and not first-run), ends are exact, no toys are drawn
    and --state is refused. With --method cls the limit is where CLs is above 1 - CL: always of one
    side, whether --one-sided is given or not; of projections from the data they expect.

    Beside the asymptotic limit from data stands the expected one, and a remark where they differ by
    more than 25 %, or where the data exclude the Standard Model.

    \b
    Examples:
      munu limit conus
      munu limit coherent-csi --beam prompt --parameter Lambda_3 --cl 0.95
      munu limit conus --others profiled --json
      munu limit conus coherent-csi --others profiled
      munu limit coherent-csi-2021 --parameter mu_nu_mu --expected
      munu limit xenonnt-sr0-er --parameter mu_eff --one-sided
      munu limit coherent-csi-2021 --parameter sin2_theta_w
      munu limit coherent-csi-2021 --parameter charge_radius_mumu
      munu limit conus-plus --parameter g_b-l --mediator-mass "30 MeV"
      munu limit coherent-csi --method feldman-cousins --precision 0.01
      munu limit conus-plus --parameter millicharge_ee --method feldman-cousins
      munu limit coherent-csi --method feldman-cousins --workers 4 --state t.jsonl
      munu limit coherent-csi --bands 500
      munu limit coherent-csi-2021 --parameter mu_nu_mu --method cls
    """
    from munu.analysis import limit

    with waiting_or_drawing(options) as progress:
        found = limit.limit(list(experiments), progress=progress, **options)
    print_result(found, as_json=as_json)


@click.command()
@moment_options
@click.option(
    "--min",
    "minimum",
    metavar="VALUE",
    help="Begin of the curve.  [default: zero for a moment; all intervals of a coupling]",
)
@click.option(
    "--max",
    "maximum",
    metavar="VALUE",
    help="End of the curve, in μ_B or with a unit.  [default: 1.5 times a moment's 90 % limit]",
)
@profile_option
@experiments_argument
@setup_option
@bands_option
@seed_option
@workers_options
@assumption_options("profile")
@plot_option("the curve")
@json_option
def profile(
    experiments: tuple[str, ...],
    minimum: str | None,
    maximum: str | None,
    as_json: bool,
    picture: Path | None,
    **options: Any,
) -> None:
    """Print the Δχ² curve along one parameter.

    As in Fig. 2 of arXiv:1905.03750. The 90 % limit is where it rises through 2.71, or through 1.64
    one-sided.

    \b
    Examples:
      munu profile conus --parameter Lambda_2
      munu profile connie --max 1e-10 --json
      munu profile texono --plot texono.png
      munu profile coherent-csi-2021 --parameter sin2_theta_w --min 0.1 --max 0.4
      munu profile coherent-csi --bands 200 --plot bands.png
    """
    from munu.analysis import profile as question

    at = _curve(options["parameter"], minimum, maximum)
    with waiting_or_drawing(options) as progress:
        result = question.profile(list(experiments), at=at, progress=progress, **options)
    print_and_draw(result, picture, as_json=as_json)


def _curve(name: str, minimum: str | None, maximum: str | None) -> FloatArray | None:
    """Return the values of a curve between two ends; None if no end is given."""
    import numpy as np

    from munu.analysis.profile import PROFILE_POINTS
    from munu.base.errors import MunuError
    from munu.physics.interactions.registry import parameter, read_value
    from munu.physics.parameters import MOMENTS

    if minimum is None and maximum is None:
        return None
    if maximum is None or (minimum is None and parameter(name).low != 0):
        raise MunuError("a curve has two ends", "Give --min and --max")
    start = 0.0 if minimum is None else read_value(parameter(name), minimum)
    end = _moment(maximum) if parameter(name) in MOMENTS else None
    end = read_value(parameter(name), maximum) if end is None else end
    if not start < end:
        raise MunuError(f"the curve of {name} ends before it begins", "Let --max be above --min")
    return np.linspace(start, end, PROFILE_POINTS)


def _moment(text: str) -> float | None:
    """Return the end of a curve along a moment (μ_B), None if it has a unit."""
    from dataclasses import replace

    from munu.analysis.model import MODULUS_MU_B
    from munu.base.units import checked_number

    try:
        number = float(text)
    except ValueError:
        return None
    return checked_number("--max", number, replace(MODULUS_MU_B, low_open=True))
