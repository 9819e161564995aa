"""Coverage of the Δχ² threshold of a coupling, by toy experiments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from munu.analysis.blindness import why_blind
from munu.analysis.coupling_axes import axes_of
from munu.analysis.coupling_feldman_cousins import AsymptoticLine
from munu.analysis.coupling_limit import check_side
from munu.analysis.coupling_toys import coupling_toys
from munu.analysis.couplings import couplings_by_bin
from munu.analysis.goodness import standard_model_fits
from munu.analysis.moment_phases import stored_for
from munu.analysis.question import Question
from munu.analysis.statement import fold_assumed, origin_of
from munu.analysis.toy_plan import Plan, Told
from munu.analysis.toy_study import study_key
from munu.base.arguments import checked_numbers
from munu.base.errors import MunuError
from munu.base.progress import Progress
from munu.base.thresholds import limit_delta_chi2
from munu.base.typing import ArrayLike, FloatArray
from munu.base.units import canonical_unit
from munu.engine import State, Workers
from munu.folding.folded import ExperimentLike
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import Others, Parameter
from munu.results.coupling_coverage import CouplingCoverageResult
from munu.statistics.studies import OUTCOMES, Blocks, Outcome, drawing

N_VALUES: Final = 7
BEYOND: Final = 0.25
"""The default true values go beyond the intervals of the data by this part of their extent."""


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
        As `munu.coverage`; for one side of an interval that does not begin at a bound, and a
        coupling that no event tells.
    """
    folded, settled = fold_assumed(experiment, setup, given)
    interest, threshold = asked.shown[0], limit_delta_chi2(cl, settled.sided)
    axes = axes_of(asked, couplings_by_bin(folded, asked, settled), given)
    if axes.is_blind(0):
        raise MunuError(
            f"no toys of {interest.name}: {why_blind(folded, asked, settled)}",
            "Take another parameter, experiment or profile",
        )
    study = coupling_toys(folded, axes, settled)
    known = AsymptoticLine.of(axes, threshold)
    check_side(interest, known.intervals, settled)
    at = _coordinates(known, values)
    others: Others = "profiled" if asked.profiled else "zero"
    free = axes.parametrisation.free.shape[1]
    key = study_key("coverage", folded, settled, interest.name, others, seed, free=free)
    key |= {
        "profiled": [one.name for one in asked.profiled],
        "values": dict(asked.values),
        "at": at.tolist(),
    }
    kept_toys = State.opened(path, key, OUTCOMES)
    tell = Told(progress, plan, at.size)
    with drawing(Blocks(study, seed).of_piece, workers, kept_toys, tell) as outcomes:
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
    observed = known.observed(values_at)
    if settled.one_sided:
        observed = np.where(known.best_fit > values_at, 0.0, observed)
    return CouplingCoverageResult(
        parameter=interest.name,
        unit=interest.unit.key,
        profiled=tuple(other.name for other in asked.profiled),
        cl=cl,
        delta_chi2=threshold,
        toys=plan.total,
        seed=seed,
        workers=workers.processes,
        values=values_at,
        coverage=covered,
        coverage_error=np.sqrt(np.maximum(covered * (1 - covered), 1 / number) / number),
        failed=plan.total - number,
        first_failure=failure,
        feldman_cousins_delta_chi2=np.array([float(np.quantile(row, cl)) for row in kept]),
        observed_delta_chi2=observed,
        assumptions=stored_for(asked, settled, given),
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


def _coordinates(known: AsymptoticLine, values: ArrayLike | None) -> FloatArray:
    """Return the true coordinates asked for, or the default ones, increasing."""
    axes = known.axes
    interest = axes.shown[0]
    if values is not None:
        unit = canonical_unit(interest.unit.dimension)
        points = np.unique(checked_numbers("at", values, interest.allowed, unit=unit))
        return axes.coordinates(points[:, None])[:, 0]
    ends = known.coordinates(known.intervals.ravel())
    if not np.all(np.isfinite(ends)):
        raise MunuError(
            f"no limit on {interest.name} here, so there are no default values",
            "State them: at in Python, --at on the command line",
        )
    margin = BEYOND * (ends[-1] - ends[0])
    low, high = axes.domain[0]
    return np.linspace(max(ends[0] - margin, low), min(ends[-1] + margin, high), N_VALUES)
