"""Coverage of the Δχ² thresholds by toy experiments: reproducible by seed, resumable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Unpack

import numpy as np

from munu.analysis.assumptions import assume, phases_are_free
from munu.analysis.coupling_coverage import coupling_coverage
from munu.analysis.goodness import standard_model_fits
from munu.analysis.model import MODULUS_MU_B, check_sigma_sys
from munu.analysis.plane_coverage import plane_coverage
from munu.analysis.plane_toys import PlaneToys
from munu.analysis.planes import axes_of, plane_toys
from munu.analysis.question import question
from munu.analysis.statement import fold_assumed, origin_of
from munu.analysis.toy_plan import Plan, Told
from munu.analysis.toy_study import free_phases, study_key, toy_study
from munu.base.arguments import (
    check_callable,
    checked_integer,
    checked_names,
    checked_numbers,
    checked_path,
)
from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.base.progress import Progress
from munu.base.threads import on_one_thread
from munu.base.thresholds import checked_level, limit_delta_chi2
from munu.base.typing import ArrayLike, FloatArray, IntArray
from munu.engine import State, Workers
from munu.folding.folded import ExperimentLike, Folded, load_experiments
from munu.physics.assumptions import AssumptionOptions, Assumptions
from munu.physics.parameters import Others
from munu.results.coupling_coverage import CouplingCoverageResult
from munu.results.coverage import CoverageResult
from munu.results.plane_coverage import PlaneCoverageResult
from munu.statistics.studies import BLOCK, OUTCOMES, Blocks, Outcome, ToyStudy, drawing

PARAMETER: Final = "Lambda_1"
STEP = 0.05
"""Of the distance between true moduli: how finely Δχ² of the data is looked at between them."""
FRACTIONS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
"""The default true moduli, in units of the limit."""


@checked_call
@on_one_thread
def coverage(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str | None = None,
    *,
    setup: str | None = None,
    cl: float | str = 0.90,
    others: Others = "zero",
    profile: str | Sequence[str] = (),
    plane: str | tuple[str, str] | None = None,
    at: ArrayLike | None = None,
    moment_mu_b: Sequence[float] | None = None,
    toys: int = 1000,
    seed: int = 1,
    state: str | Path | None = None,
    part: str | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
    assumptions: Assumptions | None = None,
    **options: Unpack[AssumptionOptions],
) -> CoverageResult | CouplingCoverageResult | PlaneCoverageResult:
    r"""Return what the Δχ² threshold of a limit covers, and the Feldman-Cousins threshold.

    With t the threshold of `munu.limit` and r a true modulus, toy experiments give

    .. math:: C(r) = P\,[\Delta\chi^2(r) \le t],\qquad P\,[\Delta\chi^2(r) \le t_{FC}(r)] = CL

    with :math:`\Delta\chi^2(r) = \chi^2(r) - \min_{r'}\chi^2(r')` of each toy: the coverage of t,
    which Wilks' theorem promises to be CL, and the threshold that covers exactly, by the ordering
    of G. J. Feldman and R. D. Cousins, Phys. Rev. D 57 (1998) 3873, physics/9711021. What
    constrains the nuisances is drawn with the counts.

    One-sided, Δχ²(r) is zero where a toy's best fit is larger than r, as no upper limit excludes r
    then (Eq. 14 of arXiv:1007.1727), and t is that of a one-sided limit; the ordering is by size.

    Parameters
    ----------
    experiment, setup, cl, others
        As in `munu.limit`; experiments with observed counts. Of other moments that are profiled,
        toys have those that the data ask for at the true modulus.
    parameter : str, optional
        As in `munu.limit`, ``Lambda_1`` by default; none beside a plane.
    assumptions, **options
        As in `munu.limit`. With ``expected``, the data beside the toys are those that the Standard
        Model predicts, and the constraints of the nuisances in the toys are drawn about their
        values there.
    profile : str or sequence of str
        As in `munu.limit`, of a plane as in `munu.region`.
    plane : tuple of str, or "X,Y"
        Two parameters, in place of one: the coverage is that of their region, `munu.region`.
    at : sequence of float, optional
        True values, in any order and in the unit of the limit; by default seven, of a moment from
        zero to 1.5 times the limit, of a coupling across its intervals. The result has them
        increasing, each once. Of a plane pairs of values, kept in their order; by default the
        Standard Model, the best fit and six points on the region's edge.
    moment_mu_b : sequence of float, optional
        The same, of a moment.
    toys, seed : int
        Toy experiments per modulus; the seed fixes them, whatever is interrupted and resumed.
    state : path, optional
        File that keeps finished toys, a line of JSON for each block: an interrupted run goes on
        from it, and `munu.merge` joins those of several machines. Every line has its checksum, and
        a damaged one is refused.
    part : str, optional
        As in ``"1/4"``: the first of four parts of the toys, for one of four machines, each with
        its own state; where `munu.merge` has joined these, all toys are there without a part.
    workers : int
        Processes of this machine that draw the toys; one is this one.
    scheduler : str, optional
        Address of a scheduler of dask, as in ``tcp://host:8786``, whose workers draw them in their
        place. The result does not depend on who does.
    progress : callable, optional
        Called with the numbers of toys done and in all.

    Raises
    ------
    MunuError
        For a statistic without data, numbers out of range, a state file that is damaged or of
        another study, or a modulus at which every toy fails; single toys that fail are counted
        and left out.

    Examples
    --------
    Few toys, as an example; a statement takes a thousand.

    >>> found = munu.coverage("coherent-csi", "Lambda_1", moment_mu_b=[2e-9], toys=50, seed=1)
    >>> print(f"{found.coverage[0]:.2f} +- {found.coverage_error[0]:.2f}")
    0.94 +- 0.03

    Of the region of two parameters, at a point of their plane:

    >>> pair = "mu_nu_e,mu_nu_mu"
    >>> found = munu.coverage("coherent-csi-2021", plane=pair, at=[(0.0, 1e-9)], toys=50)
    >>> print(f"{found.coverage[0]:.2f} +- {found.coverage_error[0]:.2f}")
    0.96 +- 0.03
    """
    toys = checked_integer("toys", toys, smallest=1)
    seed = checked_integer("seed", seed, smallest=0)
    path = None if state is None else checked_path("state", state)
    crew = Workers.checked(workers, scheduler)
    check_callable("progress", progress)
    given = assume(coverage, assumptions, options)
    cl = checked_level(cl)
    if plane is not None:
        toys_of = _plane_toys(experiment, parameter, plane, setup, given, others, profile)
        check_no_moments(moment_mu_b)
        return plane_coverage(
            toys_of,
            cl=cl,
            at=at,
            plan=Plan.read(toys, part, BLOCK),
            seed=seed,
            path=path,
            workers=crew,
            progress=progress,
        )
    parameter = PARAMETER if parameter is None else parameter
    asked = question((parameter,), checked_names("profile", profile), given, others=others)
    plan = Plan.read(toys, part, BLOCK)
    if at is not None and moment_mu_b is not None:
        raise MunuError("moment_mu_b stands in the place of at", "Give the values once")
    loaded = load_experiments(experiment, setup)
    check_sigma_sys(loaded, given.sigma_sys)
    if not asked.is_of_moments:
        check_no_moments(moment_mu_b)
        return coupling_coverage(
            loaded,
            asked,
            None,
            given,
            cl=cl,
            values=at,
            plan=plan,
            seed=seed,
            path=path,
            workers=crew,
            progress=progress,
        )
    name, values = ("moment_mu_b", moment_mu_b) if at is None else ("at", at)
    threshold = limit_delta_chi2(cl, given.sided)
    folded, settled = fold_assumed(loaded, None, given)
    phases_free = phases_are_free(others, given)
    study = toy_study(folded, parameter, settled, others=others, phases_free=phases_free)
    moduli = _true_moduli(study, threshold, name, values)
    key = study_key("coverage", folded, settled, parameter, others, seed, free=2 * phases_free)
    kept_toys = State.opened(path, {**key, "moment_mu_b": moduli.tolist()}, OUTCOMES)
    tell = Told(progress, plan, moduli.size)
    with drawing(Blocks(study, seed).of_piece, crew, kept_toys, tell) as outcomes:
        drawn = plan.rows(outcomes, moduli)
    kept = [_converged(row, modulus) for row, modulus in zip(drawn, moduli, strict=True)]
    covered = np.array([float((values <= threshold).mean()) for values in kept])
    critical = np.array([float(np.quantile(values, cl)) for values in kept])
    observed = study.observed_rise(moduli)
    return CoverageResult(
        parameter=parameter,
        cl=cl,
        delta_chi2=threshold,
        others=others,
        toys=plan.total,
        seed=seed,
        workers=crew.processes,
        moment_mu_b=moduli,
        coverage=covered,
        coverage_error=_binomial_error(covered, np.array([values.size for values in kept])),
        failed=np.array([plan.total - values.size for values in kept]),
        first_failure=_first_failure(drawn, parameter, moduli),
        feldman_cousins_delta_chi2=critical,
        observed_delta_chi2=observed,
        limit_mu_b=study.interval(threshold).upper_mu_b,
        feldman_cousins_limit_mu_b=_limit(study, moduli, critical),
        expected_limit_mu_b=_expected_limit_mu_b(study, folded, parameter, settled, threshold),
        assumptions=settled.stored(free_phases(parameter, phases_free)),
        origin=origin_of(folded, settled, standard_model_fits(folded, settled)),
    )


def check_no_moments(moment_mu_b: object) -> None:
    """Refuse moduli where there are other values."""
    if moment_mu_b is not None:
        raise MunuError(
            "moment_mu_b is for a moment alone, or with those of its basis",
            "Leave it out, and give values as at",
        )


def _plane_toys(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str | None,
    plane: str | tuple[str, str],
    setup: str | None,
    given: Assumptions,
    others: Others,
    profile: str | Sequence[str],
) -> PlaneToys:
    """Return the toys of a plane; raises `MunuError` for what only one parameter has."""
    if parameter is not None:
        raise MunuError(
            f"coverage is of one parameter or of a plane, and {parameter} is named beside a plane",
            "Name one of the two",
        )
    if others != "zero":
        raise MunuError(
            "others are those of one parameter, and a plane is asked for",
            "Name what is minimised over: profile in Python, --profile on the command line",
        )
    if given.one_sided:
        raise MunuError("a region has no sides, and one is asked for", "Leave one_sided out")
    free = checked_names("profile", profile)
    return plane_toys(experiment, axes_of(plane), free, setup, given)


def _expected_limit_mu_b(
    study: ToyStudy,
    folded: Sequence[Folded],
    parameter: str,
    assumptions: Assumptions,
    threshold: float,
) -> float:
    """Return the limit with data as the Standard Model predicts (μ_B)."""
    expected = toy_study(
        folded,
        parameter,
        replace(assumptions, asimov=True),
        others=study.others,
        phases_free=study.phases_free,
    )
    return expected.interval(threshold).upper_mu_b


def _true_moduli(
    study: ToyStudy, threshold: float, name: str, values: ArrayLike | None
) -> FloatArray:
    """Return the true moduli (μ_B) asked for by an argument, or the default ones, increasing."""
    if values is not None:
        return np.unique(checked_numbers(name, values, MODULUS_MU_B, unit="mu_B"))
    limit = study.interval(threshold).upper_mu_b
    if not np.isfinite(limit):
        raise MunuError(
            f"{' + '.join(study.model.names)} sets no limit, so there are no default moduli",
            "State them: moment_mu_b in Python, --moment on the command line",
        )
    return limit * np.array(FRACTIONS)


def _converged(row: list[Outcome], modulus_mu_b: float) -> FloatArray:
    """Return Δχ² of the toys that did not fail."""
    values = [outcome for outcome in row if not isinstance(outcome, str)]
    if not values:
        raise MunuError(
            f"all {len(row)} toys with a true modulus of {modulus_mu_b:.4g} μ_B failed: {row[0]}",
            "Take smaller true moduli, or check the uncertainties of the experiment",
        )
    return np.array(values)


def _binomial_error(share: FloatArray, number: IntArray) -> FloatArray:
    return np.sqrt(np.maximum(share * (1 - share), 1 / number) / number)


def _first_failure(rows: list[list[Outcome]], parameter: str, moduli: FloatArray) -> str:
    """Return where the first toy failed and why; empty if none did."""
    for row, modulus in zip(rows, moduli, strict=True):
        for number, outcome in enumerate(row, start=1):
            if isinstance(outcome, str):
                return f"{parameter} = {modulus:.4g} μ_B, toy {number}: {outcome}"
    return ""


def _limit(study: ToyStudy, moduli: FloatArray, critical: FloatArray) -> float:
    """Return the largest modulus at which Δχ² of the data rises through a threshold, or inf.

    The threshold is known at some moduli, which increase, and interpolated between them.
    """
    fine = np.interp(np.arange(0, moduli.size - 1 + STEP, STEP), np.arange(moduli.size), moduli)
    observed = study.observed_rise(fine)
    return _crossing(fine, observed - np.interp(fine, moduli, critical))


def _crossing(moduli: FloatArray, over: FloatArray) -> float:
    """Return the largest modulus at which ``over`` rises through zero; inf if it does not.

    The moduli increase.
    """
    rises = np.flatnonzero((over[:-1] <= 0) & (over[1:] > 0))
    if rises.size == 0:
        return np.inf
    i = int(rises[-1])
    return float(moduli[i] - over[i] * (moduli[i + 1] - moduli[i]) / (over[i + 1] - over[i]))
