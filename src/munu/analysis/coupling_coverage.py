"""Coverage of the Δχ² threshold of a coupling, by toy experiments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final, final

import numpy as np

from munu.analysis.blindness import why_blind
from munu.analysis.coupling_axes import Axes, axes_of
from munu.analysis.couplings import counting, couplings_of, form_of
from munu.analysis.data_likelihood import specification_of
from munu.analysis.goodness import standard_model_fits
from munu.analysis.question import Question
from munu.analysis.statement import fold_assumed, origin_of
from munu.analysis.toy_plan import Plan, Told
from munu.analysis.toy_study import check_fluctuates, study_key
from munu.base.arguments import checked_numbers
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.base.typing import ArrayLike, FloatArray
from munu.base.units import Range
from munu.engine import Piece, State, Workers
from munu.folding.folded import ExperimentLike
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import Parameter
from munu.results.coupling_coverage import CouplingCoverageResult
from munu.statistics.build import build, with_expected_data
from munu.statistics.likelihoods import NewtonLikelihood, SignalLikelihood, as_newton
from munu.statistics.limits import CouplingLine
from munu.statistics.models import Allowed
from munu.statistics.specification import StatisticSpecification
from munu.statistics.studies import OUTCOMES, Outcome, drawing
from munu.statistics.toys import Toy, toy_data

COUPLING_BLOCK: Final = 25
"""Toys of a piece: they are fitted one at a time, along a line each."""
N_VALUES: Final = 7
BEYOND: Final = 0.25
"""The default true values go beyond the intervals of the data by this part of their extent."""

Progress = Callable[[int, int], None]


@final
@dataclass(frozen=True)
class CouplingStudy:
    """Toys of one coupling of one experiment, the others as the data ask for them.

    Parameters
    ----------
    specification : StatisticSpecification
    likelihood : SignalLikelihood
        What it became.
    axes : Axes
    variants : tuple of str
    seed : int
        Fixes the toys of `block`.
    """

    specification: StatisticSpecification
    likelihood: SignalLikelihood
    axes: Axes
    variants: tuple[str, ...]
    seed: int

    def line(self, likelihood: NewtonLikelihood | None = None) -> CouplingLine:
        """Return χ² along the coupling, for the data or for those of a toy."""
        model = self.axes.model
        own = model if likelihood is None else replace(model, likelihood=likelihood)
        return CouplingLine.of(own, self.axes.parametrisation, *self.axes.domain[0])

    def block(self, piece: Piece) -> list[Outcome]:
        """Return the outcomes of a block of toys; the value of the piece is their coordinate."""
        return self.toys(piece.value, (self.seed, piece.point, piece.block), COUPLING_BLOCK)

    def toys(self, coordinate: float, seed: Sequence[int], n: int) -> list[Outcome]:
        """Return Δχ² at the truth of n toys, or why a fit failed.

        The data of a toy depend on nothing but the seed.
        """
        rng = np.random.default_rng(seed)
        both = np.concatenate([[1.0], self.line().coordinates(coordinate)])
        signal = self.axes.model.forms @ both @ both
        drawn = toy_data(self.specification, self.likelihood, signal, rng)
        return [self._rise(toy, coordinate) for toy in islice(drawn, n)]

    def _rise(self, toy: Toy, coordinate: float) -> Outcome:
        """Return Δχ² of a toy at a coordinate, or why its fit failed."""
        model = self.axes.model
        try:
            built = toy.likelihood(model.names[0], model.sm, self.variants)
            line = self.line(as_newton([built], model.sm))
            return max(float(line.chi2(np.array([coordinate]))[0]) - line.lowest(coordinate), 0.0)
        except MunuError as error:
            return error.message


def coupling_coverage(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    asked: Question,
    setup: str | None,
    given: Assumptions,
    *,
    cl: float,
    values: ArrayLike | None,
    plan: Plan,
    seed: int,
    path: Path | None,
    workers: Workers,
    progress: Progress | None,
) -> CouplingCoverageResult:
    """Return what the threshold of a coupling covers; arguments as of `munu.coverage`.

    Raises
    ------
    MunuError
        As `munu.coverage`; for several experiments, one side, and a coupling that no event tells.
    """
    folded, settled = fold_assumed(experiment, setup, given)
    if len(folded) > 1:
        raise MunuError("toys of a coupling are those of one experiment", "Name one")
    if settled.one_sided:
        raise MunuError("one_sided is of moments here", "Leave it out")
    check_fluctuates(folded)
    interest, threshold = asked.shown[0], delta_chi2(cl, 1)
    axes = axes_of(asked, couplings_of(folded, asked, settled), given)
    if axes.is_blind(0):
        raise MunuError(
            f"no toys of {interest.name}: {why_blind(folded, asked, settled)}",
            "Take another parameter, experiment or profile",
        )
    (one,) = folded
    response, _ = form_of(one, asked.couplings, settled)
    specification = specification_of(counting(one), settled)
    if settled.asimov:
        specification = with_expected_data(specification, response.sm_total())
    variants = tuple(variant.name for variant in response.variants)
    own = build(specification, response.experiment, response.signal(), variants)
    study = CouplingStudy(specification, own, axes, variants, seed)
    allowed = study.line().allowed(threshold)
    at = _coordinates(axes, allowed, values)
    key = study_key("coverage", folded, settled, interest.name, "zero", seed)
    key |= {
        "batch": COUPLING_BLOCK,
        "profiled": [one.name for one in asked.profiled],
        "at": at.tolist(),
    }
    kept_toys = State.opened(path, key, OUTCOMES)
    with drawing(study.block, workers, kept_toys, Told(progress, plan, at.size)) as outcomes:
        rises = plan.rows(outcomes, at)
    kept = [np.array([rise for rise in row if not isinstance(rise, str)]) for row in rises]
    values_at = axes.values(at[:, None])[:, 0]
    failure = _first_failure(rises, interest, values_at)
    if not all(row.size for row in kept):
        raise MunuError(
            f"every toy of a value failed; {failure}", "Check the uncertainties of the experiment"
        )
    covered = np.array([float((row <= threshold).mean()) for row in kept])
    number = np.array([row.size for row in kept])
    return CouplingCoverageResult(
        parameter=interest.name,
        unit=interest.unit.key,
        profiled=tuple(other.name for other in asked.profiled),
        cl=cl,
        delta_chi2=threshold,
        toys=plan.total,
        seed=seed,
        values=values_at,
        coverage=covered,
        coverage_error=np.sqrt(np.maximum(covered * (1 - covered), 1 / number) / number),
        failed=plan.total - number,
        first_failure=failure,
        feldman_cousins_delta_chi2=np.array([float(np.quantile(row, cl)) for row in kept]),
        observed_delta_chi2=np.maximum(study.line().chi2(at) - allowed.chi2_min, 0.0),
        conditions=replace(settled.stored(), values=asked.values),
        origin=origin_of(folded, settled, standard_model_fits(folded, settled), asked),
    )


def _first_failure(rows: list[list[Outcome]], interest: Parameter, values: FloatArray) -> str:
    """Return at which value the first toy failed and why; empty if none did."""
    for row, value in zip(rows, values.tolist(), strict=True):
        for number, rise in enumerate(row, start=1):
            if isinstance(rise, str):
                return f"{interest.name} = {value:.4g} {interest.unit.key}".rstrip() + (
                    f", toy {number}: {rise}"
                )
    return ""


def _coordinates(axes: Axes, allowed: Allowed, values: ArrayLike | None) -> FloatArray:
    """Return the true coordinates asked for, or the default ones, increasing."""
    interest = axes.shown[0]
    if values is not None:
        domain = Range(interest.low, interest.high)
        points = np.unique(checked_numbers("at", values, domain, unit=interest.unit.key))
        return axes.coordinates(points[:, None])[:, 0]
    ends = allowed.intervals.ravel()
    if not np.all(np.isfinite(ends)):
        raise MunuError(
            f"no limit on {interest.name} here, so there are no default values",
            "State them: at in Python, --at on the command line",
        )
    margin = BEYOND * (ends[-1] - ends[0])
    low, high = axes.domain[0]
    return np.linspace(max(ends[0] - margin, low), min(ends[-1] + margin, high), N_VALUES)
