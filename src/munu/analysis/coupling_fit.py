"""Couplings that fit data best, each with its intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from munu.analysis.blindness import why_blind
from munu.analysis.coupling_axes import Axes, axes_of
from munu.analysis.couplings import Couplings, couplings_of
from munu.analysis.moment_phases import with_fixed_phases
from munu.analysis.question import question
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import PHASE_PREFIX
from munu.results.fit import FittedParameter
from munu.statistics.limits import CouplingLine

ONE_SIGMA = 1.0
"""Δχ² of the intervals."""
SAME_CHI2 = 1e-6
"""By which minima differ that are one."""
LEAST_SHARE = 1e-9
"""Of the largest end of an interval: a best value below it is zero."""


def fitted_parameters(
    folded: Sequence[Folded], names: Sequence[str], settled: Assumptions, given: Assumptions
) -> tuple[tuple[FittedParameter, ...], dict[str, float], dict[str, float]]:
    """Return each parameter with its intervals, the others minimised over, and the best point.

    The last are the nuisances there.

    A phase is fitted if it is named, and else is zero. It would else be fixed in the intervals
    of its own coupling and free in those of the others, and the best point depend on the order.

    Parameters
    ----------
    folded : sequence of Folded
    names : sequence of str
    settled, given : Assumptions
        For the experiments, and as they were given.

    Raises
    ------
    MunuError
        For a parameter that no event tells once the others are free.
    """
    found: list[FittedParameter] = []
    best: dict[str, float] = {}
    nuisances: dict[str, float] = {}
    lowest = np.inf
    given = with_fixed_phases(names, given)
    for name in names:
        others = [other for other in names if other != name]
        asked = question((name,), others, given)
        couplings = couplings_of(folded, asked, settled)
        axes = axes_of(asked, couplings, given)
        if axes.is_blind(0):
            raise MunuError(
                f"{name} cannot be fitted: {why_blind(folded, asked, settled)}",
                "Fit other parameters, or give values to some",
            )
        line = CouplingLine.of(axes.model, axes.parametrisation, *axes.domain[0])
        allowed = line.allowed(ONE_SIGMA)
        intervals = axes.values(allowed.intervals[..., None])[..., 0]
        value = float(axes.values(np.array([allowed.best_fit]))[0])
        unit = asked.shown[0].unit.key
        found.append(FittedParameter(name=name, unit=unit, best_fit=value, intervals=intervals))
        if not best or allowed.chi2_min < lowest - SAME_CHI2:
            best = _values(axes, couplings, line.coordinates(allowed.best_fit))
            nuisances = line.nuisances(allowed.best_fit)
            lowest = allowed.chi2_min
    best |= {one.name: 0.0 for one in found if _is_rounding(one, best)}
    return tuple(found), best, nuisances


def _is_rounding(one: FittedParameter, best: Mapping[str, float]) -> bool:
    """Whether the best value differs from zero by less than any data tell."""
    ends = one.intervals[np.isfinite(one.intervals)]
    return bool(abs(best[one.name]) < LEAST_SHARE * np.abs(ends).max(initial=0.0))


def _values(axes: Axes, couplings: Couplings, x: FloatArray) -> dict[str, float]:
    """Return the values of all couplings at coordinates x about the origin."""
    found = {}
    for one, columns in couplings.columns.items():
        own = (x + axes.centre)[list(columns)]
        if one.kind == "squared":
            found[one.name] = float(np.sqrt(max(own[0], 0.0)))
        elif len(own) == 1:
            # Counts know the square of a magnitude alone: the descent may end at either sign.
            found[one.name] = float(abs(own[0]) if one.kind == "magnitude" else own[0])
        else:
            found[one.name] = float(np.hypot(*own))
            if one.phase.startswith(PHASE_PREFIX):
                found[one.phase] = float(np.arctan2(own[1], own[0]))
    return found
