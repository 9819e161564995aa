"""Feldman-Cousins limits on moments: toy experiments where the edge is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, final

import numpy as np

from munu.analysis.assumptions import phases_are_free
from munu.analysis.goodness import standard_model_fits
from munu.analysis.model import check_sigma_sys
from munu.analysis.statement import fold_assumed, origin_of
from munu.analysis.toy_study import free_phases, study_key, toy_study
from munu.base.arguments import check_callable, checked_integer, checked_path
from munu.base.errors import MunuError
from munu.base.thresholds import limit_delta_chi2
from munu.base.typing import FloatArray
from munu.base.units import Range, checked_number
from munu.engine import State, Workers
from munu.folding.folded import ExperimentLike, load_experiments
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.physics.parameters import MOMENTS, Others
from munu.results.feldman_cousins import FeldmanCousinsResult
from munu.statistics.studies import OUTCOMES, Blocks, Edge, EdgeSearch, Outcome, drawing

PRECISION: Final = Range(low=0.001, high=0.5)
"""Of an edge, relative to it: a thousandth takes some million toys."""
MOST_TOYS: Final = 200_000
"""With which a search ends."""

Progress = Callable[[int, int], None]


@final
@dataclass(frozen=True)
class Wanted:
    """What is asked of the toys.

    Parameters
    ----------
    precision : float
        Standard error of an edge, relative to it, at which no more toys are drawn.
    seed : int
        Fixes the toys, whoever draws them.
    workers : Workers
        Who draw them.
    state : Path or None
        File that keeps them.
    progress : callable or None
        Called with the numbers of toys drawn, and about how many are needed.
    """

    precision: float
    seed: int
    workers: Workers
    state: Path | None
    progress: Progress | None

    @classmethod
    def checked(
        cls,
        precision: object,
        seed: object,
        workers: Workers,
        state: object,
        progress: Progress | None,
    ) -> Wanted:
        """Return what is asked; raises `MunuError` for what is out of range."""
        check_callable("progress", progress)
        return cls(
            checked_number("precision", precision, PRECISION),
            checked_integer("seed", seed, smallest=0),
            workers,
            None if state is None else checked_path("state", state),
            progress,
        )


@final
@dataclass
class _Toys:
    """Draws blocks of toys for the search of edges, and counts those whose fit failed."""

    outcomes: Callable[[Sequence[tuple[int, float, int]]], Sequence[list[Outcome]]]
    parameter: str
    failed: int = 0
    first_failure: str = ""
    values: dict[int, list[float]] = field(default_factory=dict)

    def __call__(self, tasks: Sequence[tuple[int, float, int]]) -> list[FloatArray]:
        return [
            self._kept(task, found) for task, found in zip(tasks, self.outcomes(tasks), strict=True)
        ]

    def _kept(self, task: tuple[int, float, int], found: Sequence[Outcome]) -> FloatArray:
        number, modulus, _ = task
        reasons = [one for one in found if isinstance(one, str)]
        kept = [one for one in found if not isinstance(one, str)]
        if reasons and not self.first_failure:
            self.first_failure = f"{self.parameter} = {modulus:.4g} μ_B: {reasons[0]}"
        if not kept:
            raise MunuError(
                f"all {len(found)} toys with a true modulus of {modulus:.4g} μ_B failed: "
                f"{reasons[0]}",
                "Check the uncertainties of the experiment, or take the asymptotic limit",
            )
        self.failed += len(reasons)
        self.values.setdefault(number, []).extend(kept)
        return np.array(kept)


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
        As `munu.limit`; for an experiment without data, a coupling, one side, which the
        construction chooses by itself, and data that set no limit.
    """
    _check_serves(parameter, given)
    phases_free = phases_are_free(others, given)
    loaded = load_experiments(experiment, setup)
    check_sigma_sys(loaded, given.sigma_sys)
    folded, settled = fold_assumed(loaded, None, given)
    study = toy_study(folded, parameter, settled, others=others, phases_free=phases_free)
    asymptotic = study.interval(limit_delta_chi2(cl, settled.sided))
    if not np.isfinite(asymptotic.upper_mu_b):
        raise MunuError(
            f"{' + '.join(study.model.names)} sets no limit on {parameter} "
            f"({asymptotic.unbounded_because}), so that there is no edge to look for",
            "Combine it with other experiments, or take --others zero",
        )
    key = study_key("feldman-cousins", folded, settled, parameter, others, wanted.seed)
    state = State.opened(wanted.state, key, OUTCOMES)
    with drawing(Blocks(study, wanted.seed).outcomes, wanted.workers, state) as outcomes:
        toys = _Toys(outcomes, parameter)
        search = EdgeSearch(
            cl,
            wanted.precision,
            MOST_TOYS,
            toys,
            study.observed_rise,
            wanted.progress or _silent,
        )
        edges = search.edges(asymptotic.upper_mu_b)
    points = sorted(search.points, key=lambda point: point.value)
    return FeldmanCousinsResult(
        parameter=parameter,
        cl=cl,
        method="feldman-cousins",
        others=others,
        intervals=_pairs(edges, [edge.value for edge in edges]),
        edge_error=_pairs(edges, [edge.error for edge in edges]),
        precision=wanted.precision,
        toys=search.toys + toys.failed,
        failed=toys.failed,
        first_failure=toys.first_failure,
        seed=wanted.seed,
        moment_mu_b=np.array([point.value for point in points]),
        toys_per_moment=np.array([point.toys for point in points]),
        p_value=np.array([1 - point.below / point.toys for point in points]),
        observed_delta_chi2=np.array([point.observed for point in points]),
        critical_delta_chi2=np.array([np.quantile(toys.values[p.number], cl) for p in points]),
        asymptotic_limit_mu_b=asymptotic.upper_mu_b,
        asymptotic_lower_mu_b=asymptotic.lower_mu_b,
        best_fit_mu_b=asymptotic.best_fit_mu_b,
        conditions=settled.stored(free_phases(parameter, phases_free)),
        origin=origin_of(folded, settled, standard_model_fits(folded, settled)),
    )


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


def _check_serves(parameter: str, given: Assumptions) -> None:
    """Refuse what the construction is not for."""
    if parameter_of(parameter) not in MOMENTS:
        raise MunuError(
            f"Feldman-Cousins limits are for moments, and {parameter} is a coupling",
            "Take the asymptotic method",
        )
    if given.one_sided:
        raise MunuError(
            "a Feldman-Cousins interval has one end or two as the data say, and one side is asked"
            " for",
            "Leave one side out, or take the asymptotic method",
        )


def _pairs(edges: Sequence[Edge], values: Sequence[float]) -> FloatArray:
    """Return what belongs to both ends of each interval, (n, 2).

    The lower end of the first is zero, and exact, where no edge is below; an upper end that was not
    reached is infinite.
    """
    ends = list(values)
    if not edges or edges[0].is_upper:
        ends.insert(0, 0.0)
    if len(ends) % 2:
        ends.append(np.inf)
    return np.array(ends, float).reshape(-1, 2)
