"""Limits on moments and Δχ² curves, as results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Unpack, final

import numpy as np

from munu import results
from munu.analysis.assumptions import ABSENT, FIXED, PROFILED, assume, basis_of, phases_are_free
from munu.analysis.drawn_toys import (
    LIMIT_METHODS,
    USUAL_PRECISION,
    USUAL_SEED,
    Drawn,
    Wanted,
    check_drawn,
)
from munu.analysis.goodness import standard_model_fits
from munu.analysis.model import fall_again, interval
from munu.analysis.question import question
from munu.analysis.statement import asimov_counterpart, fold_assumed, origin_of, reduced_model
from munu.base.arguments import (
    check_name,
    checked_integer,
    checked_names,
)
from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.base.progress import Progress
from munu.base.threads import on_one_thread
from munu.base.thresholds import checked_level, limit_delta_chi2
from munu.base.typing import ComplexArray
from munu.folding.folded import ExperimentLike, Folded
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.physics.parameters import MASS_PARAMETERS, Others, is_effective
from munu.results.limit import LimitResult
from munu.statistics.limits import Interval
from munu.statistics.models import MomentModel

# Imported where it is used: a limit on a moment, the usual question, starts without toys.
if TYPE_CHECKING:
    from munu.analysis.bands import BandStudy


@final
@dataclass(frozen=True)
class MomentQuestion:
    """What is asked of a model: a parameter, how sure, and what is done with all the others."""

    parameter: str
    cl: float
    others: Others
    phases_free: bool

    @property
    def effective(self) -> bool:
        """Whether the parameter is an effective moment; `MunuError` if it is unknown."""
        return is_effective(self.parameter)

    @property
    def free(self) -> Mapping[str, str]:
        """What ξ₁ and ξ₂ are if they are not fixed; effective moments have none."""
        if self.effective:
            return ABSENT
        return PROFILED if self.phases_free else FIXED

    def bands(self, folded: Sequence[Folded], assumptions: Assumptions, drawn: Drawn) -> BandStudy:
        """Return the toys that bands are from."""
        from munu.analysis.bands import BandStudy

        return BandStudy(folded, self.parameter, assumptions, self.others, self.phases_free, drawn)

    def interval(self, model: MomentModel, assumptions: Assumptions) -> Interval:
        """Return the interval that a model allows."""
        return interval(
            model,
            self.parameter,
            assumptions,
            cl=self.cl,
            others=self.others,
            phases_free=self.phases_free,
        )


@checked_call
@on_one_thread
def limit(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str = "Lambda_1",
    *,
    setup: str | None = None,
    cl: float | str = 0.90,
    others: Others = "zero",
    profile: str | Sequence[str] = (),
    method: str = "asymptotic",
    bands: int = 0,
    precision: float = USUAL_PRECISION,
    seed: int = USUAL_SEED,
    state: str | Path | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> (
    LimitResult
    | results.CouplingLimitResult
    | results.FeldmanCousinsResult
    | results.ClsLimitResult
):
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
        detector, ``mu_eff`` common to all. Or a coupling that interferes, ``sin2_theta_w``, which
        may have several intervals.
    setup : str, optional
        ``current`` or ``future``, where the name does not say.
    cl : float or str
        Confidence level, between 0 and 1, or as in ``90 %``; one-sided above 0.5, and both ends of
        an interval that does not begin at zero hold 2 cl - 1 then.
    others : {"zero", "profiled"}
        The other two moments of the basis, or the others of a coupling's family (as all charge
        radii): zero (a slice) or minimised over.
    profile : str or sequence of str
        Parameters to minimise over, moduli with their phases unless these are given; the others are
        those of the Standard Model.
    method : {"asymptotic", "feldman-cousins", "cls"}
        With Wilks' threshold; by toy experiments, which choose one end or two as G. J. Feldman and
        R. D. Cousins do (Phys. Rev. D 57 (1998) 3873); or where CLs is above 1 - cl, asymptotic
        (`munu.statistics.limits.cls`), which is always of one side, from expected data where there
        are no others. Toys are of experiments with data. Of observed data that are one Poisson or
        Gaussian count, without nuisances, off-beam counts, covariance or asymmetric errors (and not
        first-run), the Feldman-Cousins ends are exact, no toys are drawn and a state is refused.
    bands : int
        Toy experiments of the Standard Model from which the result tells the median and the 68 and
        95 % bands of an asymptotic limit; 0 for none.
    precision, seed, progress
        Of the toys: the standard error of an end that Feldman-Cousins ones are drawn for, relative
        to the end of a moment, and of a coupling to half the width of its interval; what fixes
        them; and what is called with the numbers drawn and, about, needed.
    state, workers, scheduler
        As in `munu.coverage`: the file that keeps toys of Feldman-Cousins, and who draws toys.
    assumptions : Assumptions, optional
        Everything else that the limit depends on; by default the usual ones.
    **options
        The same by keyword: ``mixing``, ``delta_cp``, ``xi_1``, ``xi_2``, ``beam``, ``convention``,
        ``sigma_sys``, ``channels``, ``expected``, ``one_sided``; `munu.Assumptions` says what they
        are.

    Raises
    ------
    MunuError
        For an unknown name, a value out of range, phases ξ of a moment that is not Λ₁, Λ₂ or Λ₃, or
        recoils that an experiment does not count; files that differ in their mixing.

    Examples
    --------
    A slice, where the other moments are zero; two experiments, the other moments and the phases
    minimised over; and the effective moment of ν̄_e:

    >>> print(f"{munu.limit('conus', 'Lambda_3').limit_mu_b:.3g} mu_B")
    3.74e-10 mu_B
    >>> both = munu.limit(["conus", "coherent-csi"], "Lambda_3", others="profiled")
    >>> print(f"{both.limit_mu_b:.3g} mu_B")
    7.49e-10 mu_B
    >>> print(f"{munu.limit('conus', 'mu_nu_e', cl=0.95).limit_mu_b:.3g} mu_B")
    4.24e-10 mu_B

    One experiment alone leaves a direction without a limit:

    >>> munu.limit("conus", "Lambda_3", others="profiled").unbounded
    True

    By toy experiments, as many as an error of 10 % of the ends needs:

    >>> found = munu.limit("coherent-csi", method="feldman-cousins", precision=0.1)
    >>> print(f"{found.limit_mu_b:.2g} mu_B, {found.toys > 1000}")
    4.1e-09 mu_B, True

    With CLs, for those who publish it:

    >>> print(f"{munu.limit('coherent-csi', method='cls').limit_mu_b:.2g} mu_B")
    4.9e-09 mu_B
    """
    given = assume(limit, assumptions, options)
    cl = checked_level(cl)
    asked = question((parameter,), checked_names("profile", profile), given, others=others)
    check_name("method", method, LIMIT_METHODS)
    bands = checked_integer("bands", bands, smallest=0)
    wanted = Wanted.checked(precision, seed, workers, scheduler, state, progress)
    check_drawn("limit", method, wanted, bands=bands)
    if method == "feldman-cousins":
        check_no_bands(bands, "a Feldman-Cousins limit")
        if not asked.is_of_moments:
            from munu.analysis.coupling_feldman_cousins import coupling_feldman_cousins_limit

            return coupling_feldman_cousins_limit(
                experiment, asked, setup, given, cl=cl, wanted=wanted
            )
        from munu.analysis.feldman_cousins import feldman_cousins_limit

        return feldman_cousins_limit(
            experiment, parameter, setup, given, cl=cl, others=others, wanted=wanted
        )
    if method == "cls":
        check_no_bands(bands, "a CLs limit, which has its own")
        if not asked.is_of_moments:
            from munu.analysis.coupling_cls import coupling_cls_limit

            return coupling_cls_limit(experiment, asked, setup, given, cl=cl)
        from munu.analysis.cls_limit import cls_limit

        return cls_limit(experiment, parameter, setup, given, cl=cl, others=others)
    if asked.is_of_moments:
        drawn = Drawn(bands, wanted.seed, progress, wanted.workers)
        return moment_limit(experiment, parameter, setup, given, cl=cl, others=others, drawn=drawn)
    check_no_bands(bands, "a coupling")
    from munu.analysis.coupling_limit import coupling_limit

    return coupling_limit(experiment, asked, setup, given, cl=cl)


def moment_limit(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str,
    setup: str | None,
    given: Assumptions,
    *,
    cl: float,
    others: Others,
    drawn: Drawn | None = None,
) -> LimitResult:
    """Return the limit on the modulus of a moment; arguments as of `limit`.

    ``drawn`` says how many toys its bands are from, if any.

    Raises
    ------
    MunuError
        As `limit`.
    """
    asked = MomentQuestion(parameter, cl, others, phases_are_free(others, given))
    folded, settled = fold_assumed(experiment, setup, given)
    model = reduced_model(folded, settled, effective=asked.effective)
    found = asked.interval(model, settled)
    fall = fall_again(model, parameter, settled, found, cl=cl) if others == "zero" else None
    standard_model = standard_model_fits(folded, settled)
    expected = _expected(asked, folded, settled)
    sensitivity = expected if isinstance(expected, Interval) else None
    excess = float(model.likelihood.chi2(model.sm)) - found.chi2_min
    return LimitResult(
        parameter=parameter,
        cl=cl,
        delta_chi2=limit_delta_chi2(cl, settled.sided),
        others=others,
        limit_mu_b=found.upper_mu_b,
        lower_mu_b=found.lower_mu_b,
        best_fit_mu_b=found.best_fit_mu_b,
        chi2_min=found.chi2_min,
        unbounded=bool(np.isinf(found.upper_mu_b)),
        unbounded_because=found.unbounded_because,
        blind_direction=_blind_direction(found, parameter, settled),
        assumptions=settled.stored(asked.free),
        origin=origin_of(folded, settled, standard_model),
        has_expected=sensitivity is not None,
        expected_limit_mu_b=sensitivity.upper_mu_b if sensitivity else np.inf,
        expected_unbounded_because=sensitivity.unbounded_because if sensitivity else "",
        expected_failure=expected if isinstance(expected, str) else "",
        standard_model_delta_chi2=max(excess, 0.0),
        standard_model=standard_model,
        falls_again_beyond_mu_b=None if fall is None else fall.modulus_mu_b,
        highest_delta_chi2=None if fall is None else fall.highest_delta_chi2,
        bands=asked.bands(folded, settled, drawn).of_limit(limit_delta_chi2(cl, settled.sided))
        if drawn and drawn.toys
        else None,
    )


def check_no_bands(bands: int, what: str) -> None:
    """Refuse bands where there are none."""
    if bands:
        raise MunuError(
            f"bands are of asymptotic limits on moments, not of {what}", "Leave them out"
        )


def _expected(
    asked: MomentQuestion, folded: Sequence[Folded], assumptions: Assumptions
) -> Interval | str:
    """Return the interval of expected data, or why its fit failed; empty if the data are such."""
    counterpart = asimov_counterpart(folded, assumptions)
    if counterpart is None:
        return ""
    model = reduced_model(folded, counterpart, effective=asked.effective)
    try:
        return asked.interval(model, counterpart)
    except MunuError as error:
        return str(error)


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
