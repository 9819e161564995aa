"""Δχ² curves, as results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Unpack

import numpy as np

from munu.analysis.assumptions import assume, phases_are_free
from munu.analysis.coupling_limit import coupling_profile
from munu.analysis.drawn_toys import USUAL_PRECISION, USUAL_SEED, Drawn, Wanted, check_drawn
from munu.analysis.goodness import standard_model_fits
from munu.analysis.limit import MomentQuestion, check_no_bands
from munu.analysis.model import interval, profile_curve
from munu.analysis.question import question
from munu.analysis.statement import fold_assumed, origin_of, reduced_model
from munu.base.arguments import (
    checked_integer,
    checked_names,
    checked_numbers,
)
from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.base.progress import Progress
from munu.base.threads import on_one_thread
from munu.base.typing import ArrayLike, FloatArray
from munu.base.units import canonical_unit
from munu.folding.folded import ExperimentLike
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.physics.interactions.registry import read_value
from munu.physics.parameters import MOMENTS, Others, Parameter
from munu.results.coupling_profile import CouplingProfileResult
from munu.results.limit import FailedPoint, ProfileResult
from munu.statistics.models import MomentModel

PROFILE_CL: Final = 0.90
"""The limit that a Δχ² curve goes beyond, and its line."""
PROFILE_POINTS = 201
PROFILE_REACH = 1.5
"""The default Δχ² curve ends at this multiple of the 90 % limit."""


@checked_call
@on_one_thread
def profile(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str = "Lambda_1",
    *,
    at: ArrayLike | None = None,
    moment_mu_b: ArrayLike | None = None,
    setup: str | None = None,
    others: Others = "zero",
    profile: str | Sequence[str] = (),
    bands: int = 0,
    seed: int = USUAL_SEED,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> ProfileResult | CouplingProfileResult:
    """Return Δχ² along one parameter, as in Fig. 2 of arXiv:1905.03750; defined as in `limit`.

    Parameters
    ----------
    at : array, optional
        Values of the parameter, in the unit of its limit or as texts with one. By default 201: of a
        moment from zero to 1.5 times the 90 % limit, that of a slice if the profiled one does not
        exist; of a coupling across all its intervals at 90 % C.L. One-sided, that limit and the
        line at 90 % C.L. are.
    moment_mu_b : array, optional
        The same, of a moment.
    experiment, parameter, setup, others, profile, assumptions
        As in `limit`.
    bands, seed, progress
        Toy experiments of the Standard Model from which the result tells the median and the 68 and
        95 % bands of Δχ², 0 for none; what fixes them; and what is called with the numbers drawn
        and in all.
    workers, scheduler
        Who draws them, as in `munu.coverage`.
    **options
        Keywords of `munu.Assumptions`, as in `limit`.

    Raises
    ------
    MunuError
        As `limit`; for moduli that are not numbers from 0 to 10⁻⁶ μ_B and values out of a
        parameter's range; and without values if the experiment sets no limit.

    Examples
    --------
    >>> curve = munu.profile("conus", "Lambda_3", at=[0.0, 2e-10, 4e-10])
    >>> print(*(f"{delta:.2f}" for delta in curve.delta_chi2))
    0.00 0.38 3.23
    >>> curve = munu.profile("coherent-csi-2021", "sin2_theta_w", at=[0.2, 0.25])
    >>> print(*(f"{delta:.2f}" for delta in curve.delta_chi2))
    0.03 2.78
    """
    given = assume(_PROFILE, assumptions, options)
    asked = question((parameter,), checked_names("profile", profile), given, others=others)
    if moment_mu_b is not None and (at is not None or asked.shown[0] not in MOMENTS):
        raise MunuError(
            "moment_mu_b is for moments, and stands in the place of at", "Give the values as at"
        )
    name, given_values = ("moment_mu_b", moment_mu_b) if at is None else ("at", at)
    values = None if given_values is None else _read(asked.shown[0], name, given_values)
    bands = checked_integer("bands", bands, smallest=0)
    wanted = Wanted.checked(USUAL_PRECISION, seed, workers, scheduler, None, progress)
    check_drawn("curve", "asymptotic", wanted, bands=bands)
    drawn = Drawn(bands, wanted.seed, progress, wanted.workers)
    if asked.is_of_moments:
        return moment_profile(
            experiment, parameter, setup, given, values, others=others, drawn=drawn
        )
    check_no_bands(drawn.toys, "a coupling")
    return coupling_profile(experiment, asked, setup, given, cl=PROFILE_CL, values=values)


def _read(interest: Parameter, name: str, values: ArrayLike) -> FloatArray:
    """Return values in the unit of a parameter, given so or as texts with a unit."""
    each = [values] if isinstance(values, str) else values
    if isinstance(each, Sequence) or (isinstance(each, np.ndarray) and each.ndim == 1):
        values = [read_value(interest, str(one)) if isinstance(one, str) else one for one in each]
    unit = canonical_unit(interest.unit.dimension)
    return checked_numbers(name, values, interest.allowed, unit=unit)


_PROFILE: Final = profile
"""The function, whose name is that of a keyword there."""


def moment_profile(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str,
    setup: str | None,
    given: Assumptions,
    moduli: FloatArray | None,
    *,
    others: Others,
    drawn: Drawn | None = None,
) -> ProfileResult:
    """Return Δχ² along the modulus of a moment; arguments as of `profile`.

    Raises
    ------
    MunuError
        As `profile`.
    """
    asked = MomentQuestion(parameter, PROFILE_CL, others, phases_are_free(others, given))
    folded, settled = fold_assumed(experiment, setup, given)
    model = reduced_model(folded, settled, effective=asked.effective)
    found = asked.interval(model, settled)
    if moduli is None:
        moduli = _default_moduli_mu_b(model, parameter, settled, found.upper_mu_b)
    curve = profile_curve(
        model, parameter, settled, moduli, others=others, phases_free=asked.phases_free
    )
    return ProfileResult(
        parameter=parameter,
        others=others,
        moment_mu_b=moduli,
        delta_chi2=curve.delta_chi2,
        failures=tuple(
            FailedPoint(index=index, reason=reason) for index, reason in curve.failures.items()
        ),
        unbounded_because=found.unbounded_because,
        assumptions=settled.stored(asked.free),
        origin=origin_of(folded, settled, standard_model_fits(folded, settled)),
        bands=(
            asked.bands(folded, settled, drawn).of_curve(moduli) if drawn and drawn.toys else None
        ),
    )


def _default_moduli_mu_b(
    model: MomentModel, parameter: str, assumptions: Assumptions, end: float
) -> FloatArray:
    """Return moduli to beyond the 90 % limit (μ_B), that of a slice if it is infinite."""
    if not np.isfinite(end):
        end = interval(model, parameter, assumptions).upper_mu_b
    if not np.isfinite(end):
        raise MunuError(
            f"{' + '.join(model.names)} sets no limit on {parameter}, so the curve has no end",
            "State the moduli: at in Python, --max on the command line",
        )
    return np.linspace(0.0, PROFILE_REACH * end, PROFILE_POINTS)
