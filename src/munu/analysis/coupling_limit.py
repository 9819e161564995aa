"""Limits on couplings that interfere and their Δχ² curves, as results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from munu.analysis.blindness import why_blind
from munu.analysis.coupling_axes import Axes, axes_of
from munu.analysis.couplings import Couplings, couplings_of
from munu.analysis.goodness import standard_model_fits
from munu.analysis.moment_phases import stored_for
from munu.analysis.question import Question
from munu.analysis.statement import asimov_counterpart, fold_assumed, origin_of
from munu.base.distinct import distinct
from munu.base.errors import MunuError
from munu.base.options import options_of, spellings_of
from munu.base.thresholds import limit_delta_chi2
from munu.base.typing import FloatArray
from munu.folding.folded import ExperimentLike
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import Parameter
from munu.results.coupling_limit import CouplingLimitResult
from munu.results.coupling_profile import CouplingProfileResult
from munu.statistics.limits import CouplingLine, rise
from munu.statistics.models import Allowed

CURVE_POINTS = 201
CURVE_REACH = 0.25
"""The default curve goes beyond the intervals by this part of their extent."""


def coupling_limit(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    asked: Question,
    setup: str | None,
    given: Assumptions,
    *,
    cl: float,
) -> CouplingLimitResult:
    r"""Return every interval of a coupling where Δχ² is at most the threshold of a C.L.

    Arguments as of `munu.limit`.

    Raises
    ------
    MunuError
        As `munu.limit`; and for a published bound on a moment, which says nothing of couplings.
    """
    folded, settled = fold_assumed(experiment, setup, given)
    delta = limit_delta_chi2(cl, settled.sided)
    couplings = couplings_of(folded, asked, settled)
    axes = axes_of(asked, couplings, given)
    found = allowed_values(axes, couplings, delta)
    check_side(asked.shown[0], found.intervals, settled)
    counterpart = asimov_counterpart(folded, settled)
    expected = np.empty((0, 2))
    if counterpart is not None:
        other = couplings_of(folded, asked, counterpart)
        expected = allowed_values(axes_of(asked, other, given), other, delta).intervals
    standard_model = standard_model_fits(folded, settled)
    interest = asked.shown[0]
    return CouplingLimitResult(
        parameter=interest.name,
        unit=interest.unit.key,
        cl=cl,
        delta_chi2=delta,
        others="profiled" if asked.profiled else "zero",
        profiled=tuple(one.name for one in asked.profiled),
        intervals=found.intervals,
        best_fit=found.best_fit,
        chi2_min=found.chi2_min,
        standard_model_delta_chi2=couplings.standard_rise(found.chi2_min),
        unbounded_because=_why_unbounded(axes, found.intervals),
        blind_because=why_blind(folded, asked, settled) if axes.is_blind(0) else "",
        assumptions=stored_for(asked, settled, given),
        origin=origin_of(folded, settled, standard_model, asked),
        expected_intervals=expected,
        standard_model=standard_model,
    )


def coupling_profile(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    asked: Question,
    setup: str | None,
    given: Assumptions,
    *,
    cl: float,
    values: FloatArray | None = None,
) -> CouplingProfileResult:
    """Return Δχ² at values of a coupling; arguments as of `munu.profile`.

    Raises
    ------
    MunuError
        As `coupling_limit`; and without values if no interval has two ends.
    """
    folded, settled = fold_assumed(experiment, setup, given)
    couplings = couplings_of(folded, asked, settled)
    axes, interest = axes_of(asked, couplings, given), asked.shown[0]
    if axes.is_blind(0):
        raise MunuError(
            f"no curve of {interest.name}: {why_blind(folded, asked, settled)}",
            "Take another parameter, experiment or profile",
        )
    line = CouplingLine.of(axes.model, axes.parametrisation, *axes.domain[0])
    allowed = line.allowed(limit_delta_chi2(cl, settled.sided))
    if values is None:
        coordinates = _default_coordinates(interest.name, allowed, axes.domain[0])
    else:
        coordinates = axes.coordinates(values[:, None])[:, 0]
    chi2 = line.chi2(coordinates)
    return CouplingProfileResult(
        parameter=interest.name,
        unit=interest.unit.key,
        others="profiled" if asked.profiled else "zero",
        profiled=tuple(one.name for one in asked.profiled),
        values=axes.values(coordinates[:, None])[:, 0],
        delta_chi2=rise(chi2, allowed.chi2_min),
        chi2_min=allowed.chi2_min,
        assumptions=stored_for(asked, settled, given),
        origin=origin_of(folded, settled, standard_model_fits(folded, settled), asked),
    )


def _default_coordinates(name: str, allowed: Allowed, domain: FloatArray) -> FloatArray:
    """Return coordinates across all intervals, and somewhat beyond."""
    ends = allowed.intervals.ravel()
    if not np.all(np.isfinite(ends)):
        raise MunuError(
            f"no limit on {name} here, so the curve has no end",
            "State the values: values in Python, --min and --max on the command line",
        )
    margin = CURVE_REACH * (ends[-1] - ends[0])
    low, high = max(ends[0] - margin, domain[0]), min(ends[-1] + margin, domain[1])
    return distinct(np.linspace(low, high, CURVE_POINTS), allowed.best_fit)


def allowed_values(axes: Axes, couplings: Couplings, delta: float) -> Allowed:
    """Return every interval of a parameter's value where Δχ² is at most delta."""
    if axes.is_blind(0):
        interest = axes.shown[0]
        whole = np.array([[interest.low, interest.high]])
        start = axes.values(np.zeros((1, 1)))[0, 0]
        return Allowed(whole, float(start), couplings.standard_chi2)
    line = CouplingLine.of(axes.model, axes.parametrisation, *axes.domain[0])
    found = line.allowed(delta)
    intervals = axes.values(found.intervals[..., None])[..., 0]
    best = float(axes.values(np.array([found.best_fit]))[0])
    return Allowed(intervals, best, found.chi2_min)


def _why_unbounded(axes: Axes, intervals: FloatArray) -> str:
    """Return why a parameter has no end; empty if it has all."""
    if axes.is_blind(0):
        return "blind direction"
    return "systematic uncertainty" if np.any(np.isinf(intervals)) else ""


def check_side(interest: Parameter, intervals: FloatArray, assumptions: Assumptions) -> None:
    """Raise `MunuError` for one side of an interval that does not begin at the bound."""
    if assumptions.one_sided and (len(intervals) > 1 or intervals[0, 0] > interest.low):
        ends = " and ".join(f"{low:.4g} to {high:.4g}" for low, high in intervals)
        side = spellings_of(options_of(Assumptions)["one_sided"])
        raise MunuError(
            f"{side} is of a limit from above, and {interest.name} is allowed from {ends}",
            "Leave it out",
        )
