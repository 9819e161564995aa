"""Limits on couplings that interfere, as results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from munu.analysis.couplings import Couplings, couplings_of
from munu.analysis.goodness import standard_model_fits
from munu.analysis.statement import asimov_counterpart, fold_assumed, origin_of
from munu.base.errors import MunuError
from munu.base.thresholds import limit_delta_chi2
from munu.base.typing import FloatArray
from munu.folding.folded import ExperimentLike
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.physics.parameters import Parameter
from munu.results.coupling_limit import CouplingLimitResult
from munu.statistics.limits import coupling_intervals
from munu.statistics.models import Allowed


def coupling_limit(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    parameter: str,
    setup: str | None,
    assumptions: Assumptions,
    *,
    cl: float,
    profile: Sequence[str] = (),
) -> CouplingLimitResult:
    r"""Return every interval of a coupling where Δχ² is at most the threshold of a C.L.

    Arguments as of `munu.limit`; ``profile`` are the parameters that are minimised over, the
    others are those of the Standard Model.

    Raises
    ------
    MunuError
        As `munu.limit`; and for a published bound on a moment, which says nothing of couplings.
    """
    interest = parameter_of(parameter)
    free = [parameter_of(name) for name in profile]
    _check_question(interest, free)
    folded, settled = fold_assumed(experiment, setup, assumptions)
    delta = limit_delta_chi2(cl, settled.sided)
    couplings = couplings_of(folded, [interest, *free], settled)
    found, because = _allowed(couplings, interest, free, delta)
    counterpart = asimov_counterpart(folded, settled)
    expected = np.empty((0, 2))
    if counterpart is not None:
        other = couplings_of(folded, [interest, *free], counterpart)
        expected = _allowed(other, interest, free, delta)[0].intervals
    standard_model = standard_model_fits(folded, settled)
    return CouplingLimitResult(
        parameter=parameter,
        unit=interest.unit.key,
        cl=cl,
        delta_chi2=delta,
        others="profiled" if free else "zero",
        profiled=tuple(profile),
        intervals=found.intervals,
        best_fit=found.best_fit,
        chi2_min=found.chi2_min,
        standard_model_delta_chi2=max(couplings.standard_chi2 - found.chi2_min, 0.0),
        unbounded_because=because,
        conditions=settled.stored(),
        origin=origin_of(folded, settled, standard_model),
        expected_intervals=expected,
        standard_model=standard_model,
    )


def _check_question(interest: Parameter, free: Sequence[Parameter]) -> None:
    names = [interest.name, *(one.name for one in free)]
    if len(set(names)) < len(names):
        raise MunuError("a parameter is asked for and profiled, or profiled twice", "Name it once")


def _allowed(
    couplings: Couplings, interest: Parameter, free: Sequence[Parameter], delta: float
) -> tuple[Allowed, str]:
    """Return the intervals of a parameter's value, and why they have no end if they have none."""
    model = couplings.model.moved(couplings.origin)
    along, others = couplings.along(interest), couplings.free(free)
    start = float(along @ couplings.origin)
    if model.is_blind(along, others):
        whole = np.array([[interest.low, interest.high]])
        chi2_min = couplings.standard_chi2
        return Allowed(whole, interest.standard, chi2_min), "blind direction"
    low, high = (_x(interest, end) - start for end in (interest.low, interest.high))
    found = coupling_intervals(model, along, others, delta, low=low, high=high)
    intervals = _values(interest, found.intervals + start)
    best = float(_values(interest, np.array([found.best_fit + start]))[0])
    because = "systematic uncertainty" if np.any(np.isinf(intervals)) else ""
    return Allowed(intervals, best, found.chi2_min), because


def _x(parameter: Parameter, value: float) -> float:
    """Return the coordinate of a value: g² of a coupling g."""
    return value**2 if parameter.kind == "squared" else value


def _values(parameter: Parameter, x: FloatArray) -> FloatArray:
    """Return the values of coordinates, the inverse of `_x`."""
    return np.sqrt(np.maximum(x, 0.0)) if parameter.kind == "squared" else x
