"""Limits on moments and Δχ² curves, as results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from munu.analysis.assumptions import (
    ABSENT,
    FIXED,
    PROFILED,
    Assumptions,
    basis_of,
)
from munu.analysis.model import MODULUS_MU_B, fall_again, interval, profile_curve
from munu.analysis.premises import Premises, make_premises
from munu.base.arguments import check_name, checked_numbers
from munu.base.errors import MunuError
from munu.base.thresholds import limit_delta_chi2
from munu.base.typing import ArrayLike, ComplexArray, FloatArray
from munu.folding.counts import FULL_BEAM, Convention
from munu.folding.folded import ExperimentLike
from munu.folding.selections import Channels
from munu.physics.mixing import Mixing
from munu.physics.parameters import MASS_PARAMETERS, OTHERS, Others, is_effective
from munu.results.limit import FailedPoint, LimitResult, ProfileResult
from munu.statistics.limits import Fall, Interval
from munu.statistics.models import MomentModel

PROFILE_POINTS = 201
PROFILE_REACH = 1.5
"""The default Δχ² curve ends at this multiple of the 90 % limit."""


def limit(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str = "Lambda_1",
    *,
    setup: str | None = None,
    channels: Channels = "all",
    cl: float = 0.90,
    beam: str = FULL_BEAM,
    convention: Convention = "per-species",
    others: Others = "zero",
    sigma_sys: float | None = None,
    delta_cp: float = 0.0,
    xi_1: float | None = None,
    xi_2: float | None = None,
    mixing: str | Mixing | None = None,
    expected: bool = False,
    one_sided: bool = False,
) -> LimitResult:
    r"""Return the limit on one modulus, Δχ² with one degree of freedom.

    It is the largest modulus r with

    .. math:: \Delta\chi^2(r) = \chi^2(r) - \min_{r'}\chi^2(r') \le t

    where χ² is minimised over the nuisances, and over the other moments and phases if they are
    profiled, and a χ² distribution with one degree of freedom is below t with probability ``cl``:
    2.71 at 90 % (S. S. Wilks, Ann. Math. Statist. 9 (1938) 60). One-sided, t is that of 2 CL - 1:
    1.64 at 90 % (`munu.base.thresholds`). `munu.coverage` tests whether that holds.

    Beside the limit from data stand the expected one, that of ``expected``, and how well the
    Standard Model fits the data.

    Parameters
    ----------
    experiment : str, Experiment, or a sequence of them
        As in `rate`; several are combined, nuisances of equal name being one.
    parameter : str
        ``Lambda_1``, ``Lambda_2``, ``Lambda_3``, ``Lambda_e``, ``Lambda_mu`` or ``Lambda_tau``; or
        an effective moment: ``mu_nu_e``, ``mu_nu_mu``, ``mu_nu_tau`` of one flavour at the
        detector, ``mu_eff`` common to all.
    setup : str, optional
        ``current`` or ``future``, where the name does not say.
    channels : {"all", "nuclear", "electron"}
        The recoils by which moments are seen; ``all`` are those that the experiment counts. The
        Standard Model events are those of all recoils.
    cl : float
        Confidence level, between 0 and 1.
    beam : str
        ``prompt``, ``delayed`` or ``full``: the species that scatter with the moment. The
        Standard Model events are those of the whole beam.
    convention : {"per-species", "published"}
        How species are added; ``published`` is that of Table II of arXiv:1905.03750.
    others : {"zero", "profiled"}
        The other two moments of the basis: zero (a slice) or minimised over.
    sigma_sys : float, optional
        Fractional uncertainty of the signal instead of the experiment's.
    delta_cp : float
        Dirac phase (rad).
    xi_1, xi_2 : float, optional
        Phases ζ₃ - ζ₂ and ζ₃ - ζ₁ of the moments (rad). Left out, they are profiled when the others
        are, and drop out of a slice.
    mixing : str or Mixing, optional
        A named global fit, or mixing parameters: of the moments' basis, of mass states' fluxes and
        of their flavours. By default that of the experiments' files, which must be one.
    expected : bool
        Let data as the Standard Model and the backgrounds predict stand for those observed: the
        sensitivity of an experiment, whatever its data fluctuated to.
    one_sided : bool
        Let ``cl`` be the confidence level of the upper end alone, above 0.5. Both ends of an
        interval that does not begin at zero hold 2 cl - 1 then.

    Raises
    ------
    MunuError
        For an unknown name, a value out of range, phases ξ of a moment that is not Λ₁, Λ₂ or Λ₃, or
        recoils that an experiment does not count; files that differ in their mixing.
    """
    free = _phases_free(others, xi_1, xi_2)
    premises = make_premises(
        experiment,
        setup,
        channels,
        beam=beam,
        convention=convention,
        sigma_sys=sigma_sys,
        delta_cp=delta_cp,
        xi_1=xi_1,
        xi_2=xi_2,
        mixing=mixing,
        expected=expected,
        one_sided=one_sided,
    )
    assumptions = premises.assumptions
    model = premises.model(effective=is_effective(parameter))
    found = interval(model, parameter, assumptions, cl=cl, others=others, phases_free=free)
    fall = fall_again(model, parameter, assumptions, found, cl=cl) if others == "zero" else None
    return _limit_result(
        found,
        parameter,
        premises,
        fall=fall,
        cl=cl,
        others=others,
        expected=_expected(premises, parameter, cl=cl, others=others, phases_free=free),
        standard_model_chi2=float(model.likelihood.chi2(model.sm)),
        free=free,
    )


def _expected(
    premises: Premises, parameter: str, *, cl: float, others: Others, phases_free: bool
) -> Interval | str:
    """Return the interval of expected data, or why its fit failed; empty if the data are such."""
    counterpart = premises.expected()
    if counterpart is None:
        return ""
    model = counterpart.model(effective=is_effective(parameter))
    try:
        return interval(
            model,
            parameter,
            counterpart.assumptions,
            cl=cl,
            others=others,
            phases_free=phases_free,
        )
    except MunuError as error:
        return str(error)


def _phases_free(others: Others, xi_1: float | None, xi_2: float | None) -> bool:
    """Return whether ξ₁ and ξ₂ are minimised over; raise `MunuError` for one of them alone."""
    check_name("treatment of the other moments", others, OTHERS)
    if others == "zero":
        return False
    if (xi_1 is None) != (xi_2 is None):
        given, left = ("xi_1", "xi_2") if xi_2 is None else ("xi_2", "xi_1")
        raise MunuError(
            f"{given} is given and {left} is not, and a profiled limit fixes both or none",
            f"Give {left} too, or leave out {given}",
        )
    return xi_1 is None


def _free_phases(parameter: str, *, free: bool) -> Mapping[str, str]:
    """Return what ξ₁ and ξ₂ are that are not fixed; effective moments have none."""
    if is_effective(parameter):
        return ABSENT
    return PROFILED if free else FIXED


def _limit_result(
    found: Interval,
    parameter: str,
    premises: Premises,
    *,
    fall: Fall | None,
    cl: float,
    others: Others,
    expected: Interval | str,
    standard_model_chi2: float,
    free: bool,
) -> LimitResult:
    sensitivity = expected if isinstance(expected, Interval) else None
    return LimitResult(
        parameter=parameter,
        cl=cl,
        delta_chi2=limit_delta_chi2(cl, premises.assumptions.sided),
        others=others,
        limit_mu_b=found.upper_mu_b,
        lower_mu_b=found.lower_mu_b,
        best_fit_mu_b=found.best_fit_mu_b,
        chi2_min=found.chi2_min,
        unbounded=bool(np.isinf(found.upper_mu_b)),
        unbounded_because=found.unbounded_because,
        blind_direction=_blind_direction(found, parameter, premises.assumptions),
        conditions=premises.conditions(_free_phases(parameter, free=free)),
        origin=premises.origin(),
        expected_limit_mu_b=sensitivity.upper_mu_b if sensitivity else np.inf,
        expected_unbounded_because=sensitivity.unbounded_because if sensitivity else "",
        expected_failure=expected if isinstance(expected, str) else "",
        standard_model_delta_chi2=max(standard_model_chi2 - found.chi2_min, 0.0),
        standard_model=premises.standard_model,
        falls_again_beyond_mu_b=None if fall is None else fall.modulus_mu_b,
        highest_delta_chi2=None if fall is None else fall.highest_delta_chi2,
    )


def _blind_direction(
    found: Interval, parameter: str, assumptions: Assumptions
) -> ComplexArray | None:
    """Return the blind direction in the basis of the parameter, the phases ζ applied."""
    if is_effective(parameter):
        return None
    columns, index = basis_of(parameter, assumptions)
    blind = found.blind_direction
    if blind is None and found.unbounded_because == "blind direction":
        blind = np.eye(3, dtype=complex)[index]
    if blind is not None and parameter in MASS_PARAMETERS:
        blind = columns @ blind
    return blind


def profile(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str = "Lambda_1",
    *,
    moment_mu_b: ArrayLike | None = None,
    setup: str | None = None,
    channels: Channels = "all",
    beam: str = FULL_BEAM,
    convention: Convention = "per-species",
    others: Others = "zero",
    sigma_sys: float | None = None,
    delta_cp: float = 0.0,
    xi_1: float | None = None,
    xi_2: float | None = None,
    mixing: str | Mixing | None = None,
    expected: bool = False,
    one_sided: bool = False,
) -> ProfileResult:
    """Return Δχ² along one modulus, as in Fig. 2 of arXiv:1905.03750; its definition is in `limit`.

    Parameters
    ----------
    moment_mu_b : array, optional
        Moduli (μ_B); by default 201 from zero to 1.5 times the 90 % limit, that of a slice
        if the profiled one does not exist.
    experiment, parameter, setup, channels, beam, convention, others, sigma_sys, delta_cp, xi_1, \
    xi_2, mixing, expected
        As in `limit`.
    one_sided : bool
        Whether the line at 90 % C.L. and the default moduli are those of one-sided limits.

    Raises
    ------
    MunuError
        As `limit`; for moduli that are no numbers from 0 to 10⁻⁶ μ_B; and without moduli if the
        experiment sets no limit.
    """
    free = _phases_free(others, xi_1, xi_2)
    premises = make_premises(
        experiment,
        setup,
        channels,
        beam=beam,
        convention=convention,
        sigma_sys=sigma_sys,
        delta_cp=delta_cp,
        xi_1=xi_1,
        xi_2=xi_2,
        mixing=mixing,
        expected=expected,
        one_sided=one_sided,
    )
    assumptions = premises.assumptions
    model = premises.model(effective=is_effective(parameter))
    found = interval(model, parameter, assumptions, others=others, phases_free=free)
    if moment_mu_b is None:
        moduli = _default_moduli_mu_b(model, parameter, assumptions, found.upper_mu_b)
    else:
        moduli = checked_numbers("moment_mu_b", moment_mu_b, MODULUS_MU_B, unit="mu_B")
    curve = profile_curve(model, parameter, assumptions, moduli, others=others, phases_free=free)
    return ProfileResult(
        parameter=parameter,
        others=others,
        moment_mu_b=moduli,
        delta_chi2=curve.delta_chi2,
        failures=tuple(
            FailedPoint(index=index, reason=reason) for index, reason in curve.failures.items()
        ),
        unbounded_because=found.unbounded_because,
        conditions=premises.conditions(_free_phases(parameter, free=free)),
        origin=premises.origin(),
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
            "State the moduli: moment_mu_b in Python, --max on the command line",
        )
    return np.linspace(0.0, PROFILE_REACH * end, PROFILE_POINTS)
