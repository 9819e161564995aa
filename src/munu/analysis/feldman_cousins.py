"""Feldman-Cousins limits: toy experiments where the edges are, or the sum over one count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from munu.analysis.assumptions import phases_are_free
from munu.analysis.construction import Construction, ExactConstruction
from munu.analysis.drawn_toys import Wanted
from munu.analysis.goodness import standard_model_fits
from munu.analysis.model import check_sigma_sys
from munu.analysis.statement import fold_assumed, origin_of
from munu.analysis.toy_study import free_phases, study_key, toy_study
from munu.base.distinct import distinct
from munu.base.errors import MunuError
from munu.base.thresholds import limit_delta_chi2
from munu.base.typing import FloatArray
from munu.folding.folded import ExperimentLike, Folded, load_experiments
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.physics.parameters import Others
from munu.results.feldman_cousins import FeldmanCousinsResult
from munu.statistics.likelihoods import NewtonLikelihood
from munu.statistics.specification import Counts

REACH: Final = 1.5
"""The first true moduli end at this multiple of the asymptotic limit."""
FIRST: Final = 9
"""Number of the first true moduli."""
WIDE: Final = 2.0
"""Times Wilks' threshold, up to which intervals are looked at: where minima are mirrored, toys
have a higher one."""
WITHIN: Final = (0.25, 0.5, 0.75)
"""Of an asymptotic interval, where the first true values are besides its ends."""

STEPS: Final = (
    "Of one count without nuisances p goes in steps, which the fit of an end smooths: it may be "
    "farther off than its error, and a finer precision shows the step."
)


def feldman_cousins_limit(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str,
    setup: str | None,
    given: Assumptions,
    *,
    cl: float,
    others: Others,
    wanted: Wanted,
) -> FeldmanCousinsResult:
    """Return the Feldman-Cousins interval, or intervals, of the modulus of a moment.

    Parameters
    ----------
    experiment, parameter, setup, cl, others
        As in `munu.limit`; experiments with observed counts.
    given : Assumptions
    wanted : Wanted

    Raises
    ------
    MunuError
        As `munu.limit`; for an experiment without data, one side, which the construction chooses by
        itself, and data that set no limit.
    """
    check_no_side(given)
    phases_free = phases_are_free(others, given)
    loaded = load_experiments(experiment, setup)
    check_sigma_sys(loaded, given.sigma_sys)
    folded, settled = fold_assumed(loaded, None, given)
    study = toy_study(folded, parameter, settled, others=others, phases_free=phases_free)
    asymptotic = study.interval(limit_delta_chi2(cl, settled.sided))
    if not np.isfinite(asymptotic.upper_mu_b):
        raise no_edge(study.model.names, parameter, asymptotic.unbounded_because)
    asked = parameter_of(parameter)
    key = study_key(
        "feldman-cousins", folded, settled, parameter, others, wanted.seed, free=2 * phases_free
    )
    near = np.array([[asymptotic.lower_mu_b, asymptotic.upper_mu_b]])

    def size(edge: float) -> float:
        return edge_size(near, asked.low, edge)

    # Specifications of moments state what was observed, and not what is expected instead.
    bare = None if settled.asimov else study.bare
    construction = (
        Construction(asked, study, float, study.observed_rise, size, key)
        if bare is None
        else ExactConstruction(asked, bare, np.asarray, np.asarray, study.observed_rise)
    )
    first = np.linspace(0.0, REACH * asymptotic.upper_mu_b, FIRST)
    if asymptotic.lower_mu_b > 0:
        wide = study.interval(WIDE * limit_delta_chi2(cl, settled.sided))
        first = first_values(near, np.array([[wide.lower_mu_b, wide.upper_mu_b]]))
    return FeldmanCousinsResult(
        parameter=parameter,
        unit=asked.unit.key,
        others=others,
        profiled=(),
        **construction.found(first, cl, wanted),
        asymptotic_intervals=near,
        best_fit=asymptotic.best_fit_mu_b,
        assumptions=settled.stored(free_phases(parameter, phases_free)),
        origin=origin_of(
            folded,
            settled,
            standard_model_fits(folded, settled),
            extra_notes=() if bare else steps_of(folded, study.likelihood),
        ),
    )


def edge_size(intervals: FloatArray, bound: float, edge: float) -> float:
    """Return half the width of the asymptotic interval about an edge, or all of one from a bound.

    Parameters
    ----------
    intervals : array, shape (k, 2)
    bound : float
        The lowest value that the parameter may have.
    edge : float
    """
    away = np.abs(intervals - edge).min(axis=1)
    low, high = intervals[np.argmin(away)].tolist()
    return float(high - low if low == bound else 0.5 * (high - low))


def first_values(near: FloatArray, wide: FloatArray) -> FloatArray:
    """Return the first true values: the ends of asymptotic intervals, between and about them.

    Parameters
    ----------
    near, wide : array, shape (k, 2) and (l, 2)
        By Wilks' threshold, and by `WIDE` times that.
    """
    span = near[-1, 1] - near[0, 0]
    wide = np.clip(wide, near[0, 0] - span, near[-1, 1] + span)
    inner = near[:, :1] + np.diff(near, axis=1) * np.array(WITHIN)
    ends = distinct(wide, near)
    between = 0.5 * (ends[:-1] + ends[1:])
    held = np.any((between[:, None] > wide[:, 0]) & (between[:, None] < wide[:, 1]), axis=1)
    return distinct(ends, between[held], inner)


def steps_of(folded: Sequence[Folded], likelihood: NewtonLikelihood) -> tuple[str, ...]:
    """Return what the smooth fits of ends leave out: one count alone takes whole numbers."""
    statistic = folded[0].experiment.statistic
    bins = sum(part.n_signal for part in likelihood.parts)
    is_count = isinstance(statistic, Counts) and statistic.kind == "poisson"
    return (STEPS,) if is_count and bins == 1 and not likelihood.names else ()


def check_no_side(given: Assumptions) -> None:
    """Refuse one side."""
    if given.one_sided:
        raise MunuError(
            "a Feldman-Cousins interval has one end or two as the data say, and one side is asked"
            " for",
            "Leave one side out, or take the asymptotic method",
        )


def no_edge(names: Sequence[str], parameter: str, because: str) -> MunuError:
    """Return the error of data that set no limit."""
    return MunuError(
        f"{' + '.join(names)} sets no limit on {parameter} ({because}), so that there is no edge"
        " to look for",
        "Combine it with other experiments, or leave others at the Standard Model's values",
    )
