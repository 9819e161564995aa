"""CLs limits on couplings that interfere: every interval, asymptotic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, final

import numpy as np

from munu.analysis.blindness import why_blind
from munu.analysis.cls_data import named, of_expected_data
from munu.analysis.coupling_axes import Axes, axes_of
from munu.analysis.coupling_feldman_cousins import AsymptoticLine
from munu.analysis.coupling_toys import coupling_toys
from munu.analysis.couplings import couplings_by_bin
from munu.analysis.feldman_cousins import no_edge
from munu.analysis.goodness import standard_model_fits
from munu.analysis.moment_phases import stored_for
from munu.analysis.question import Question
from munu.analysis.statement import fold_assumed, origin_of
from munu.base.errors import MunuError
from munu.base.roots import bracketed_roots
from munu.base.thresholds import ONE_SIDED, delta_chi2, limit_delta_chi2
from munu.base.typing import FloatArray
from munu.folding.folded import ExperimentLike, Folded
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import Others, Parameter
from munu.results.bands import QUANTILES
from munu.results.cls_limit import ClsLimitResult
from munu.statistics.likelihoods import NewtonLikelihood
from munu.statistics.limits import RiseAway, cls_of, expected_rise
from munu.statistics.studies import without_signal

GRID: Final = 101
"""Values between which CLs is looked at."""
MARGIN: Final = 0.05
"""Beyond the intervals of Wilks' threshold, by this part of their extent."""
ROOT_PRECISION: Final = 1e-6
"""Of an end, relative to the extent."""


@final
@dataclass(frozen=True)
class CouplingTest:
    """CLs of a coupling, of coordinates from the Standard Model's on.

    Parameters
    ----------
    data : AsymptoticLine
    expected : AsymptoticLine
        With data that are expected without the coupling.
    cl : float
    """

    data: AsymptoticLine
    expected: AsymptoticLine
    cl: float

    @classmethod
    def of(cls, axes: Axes, expected: NewtonLikelihood | None, cl: float) -> CouplingTest:
        """Return the test of the axis shown; without ``expected``, of data that are such."""
        data = AsymptoticLine.of(axes, delta_chi2(cl, 1))
        if expected is None:
            return cls(data, data, cl)
        other = replace(axes, model=replace(axes.model, likelihood=expected))
        return cls(data, AsymptoticLine.of(other, delta_chi2(cl, 1)), cl)

    @property
    def bounded(self) -> bool:
        """Whether the Standard Model's value is the smallest or largest that there is."""
        return bool(np.any(self.data.axes.domain[0] == 0))

    @cached_property
    def grid(self) -> FloatArray:
        """Coordinates about all that CLs leaves.

        It is below 1 - CL where both the data and the expected ones exclude at ``cl``, two-sided.
        """
        low, high = self.data.axes.domain[0]
        lines = self.data, self.expected
        ends = np.concatenate([one.coordinates(one.intervals.ravel()) for one in lines])
        ends = np.append(ends, 0.0)
        margin = MARGIN * float(np.ptp(ends))
        first, last = max(ends.min() - margin, low), min(ends.max() + margin, high)
        minima = np.concatenate([one.line.minima for one in lines])
        inside = minima[(minima > first) & (minima < last)]
        return np.unique(np.concatenate([np.linspace(first, last, GRID), inside, [0.0]]))

    @cached_property
    def _rises(self) -> tuple[RiseAway, RiseAway]:
        return RiseAway(self.data.line, self.grid), RiseAway(self.expected.line, self.grid)

    def rises(self, coordinates: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return q of the data and of the expected ones."""
        data, expected = self._rises
        return data(coordinates), expected(coordinates)

    def over(self, coordinates: FloatArray) -> FloatArray:
        """Return by how much CLs is above 1 - CL."""
        return cls_of(*self.rises(coordinates), bounded=self.bounded) - (1 - self.cl)

    def intervals(self) -> FloatArray:
        """Return the coordinates where CLs is above 1 - CL, shape (k, 2)."""
        at, over = self.grid, self.over(self.grid)
        change = np.flatnonzero((over[:-1] > 0) != (over[1:] > 0))
        precision = ROOT_PRECISION * float(np.ptp(at))
        ends = bracketed_roots(
            self.over, at[change], at[change + 1], absolute_tolerance=precision
        ).tolist()
        if over[0] > 0:
            ends.insert(0, self.data.axes.domain[0, 0])
        if over[-1] > 0:
            ends.append(self.data.axes.domain[0, 1])
        return np.array(ends).reshape(-1, 2)

    def quantiles(self) -> FloatArray:
        """Return the ends about the Standard Model that are expected, shape (5, 2)."""
        found = []
        for one in QUANTILES:
            allowed = self.expected.line.allowed(expected_rise(self.cl, one)).intervals
            found.append(allowed[(allowed[:, 0] <= 0) & (allowed[:, 1] >= 0)][0])
        return np.array(found)


def coupling_cls_limit(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    asked: Question,
    setup: str | None,
    given: Assumptions,
    *,
    cl: float,
) -> ClsLimitResult:
    """Return the CLs limits on a coupling; arguments as of `munu.limit`.

    Raises
    ------
    MunuError
        As `munu.limit` and `of_expected_data`; for a phase, which no value of is that of no signal,
        data that set no limit, and a level that is none of one side.
    """
    limit_delta_chi2(cl, ONE_SIDED)
    interest = asked.shown[0]
    check_no_phase(interest)
    folded, settled = fold_assumed(experiment, setup, replace(given, one_sided=True))
    axes = axes_of(asked, couplings_by_bin(folded, asked, settled), given)
    if axes.is_blind(0):
        raise no_edge(axes.model.names, interest.name, why_blind(folded, asked, settled))
    are_expected = of_expected_data(folded, settled)
    likelihood = None if are_expected else _without_coupling(folded, axes, settled)
    test = CouplingTest.of(axes, likelihood, cl)
    for known in (test.data, test.expected):
        if not np.all(np.isfinite(known.intervals)):
            raise no_edge(axes.model.names, interest.name, "systematic uncertainty")
    observed, expected = test.rises(test.grid)
    standard_model = standard_model_fits(folded, settled)
    others: Others = "profiled" if asked.profiled else "zero"
    return ClsLimitResult(
        parameter=interest.name,
        unit=interest.unit.key,
        cl=cl,
        method="cls",
        others=others,
        profiled=tuple(one.name for one in asked.profiled),
        intervals=test.data.values(test.intervals()),
        unbounded_because="",
        expected_quantiles=test.data.values(test.quantiles()),
        best_fit=test.data.best_fit,
        values=test.data.values(test.grid),
        cls=cls_of(observed, expected, bounded=test.bounded),
        observed_delta_chi2=observed,
        expected_delta_chi2=expected,
        asymptotic_intervals=test.data.intervals,
        standard_model=standard_model,
        assumptions=stored_for(asked, settled, given),
        origin=named(origin_of(folded, settled, standard_model, asked), expected=are_expected),
    )


def _without_coupling(
    folded: Sequence[Folded], axes: Axes, assumptions: Assumptions
) -> NewtonLikelihood:
    """Return the likelihood of data that are expected without the coupling."""
    specifications = coupling_toys(folded, axes, assumptions).specifications
    return without_signal(specifications, axes.model.likelihood, axes.model.sm)


def check_no_phase(interest: Parameter) -> None:
    """Refuse a phase."""
    if interest.kind == "phase":
        raise MunuError(
            f"CLs compares a signal with none, and no value of {interest.name} is no signal",
            "Ask for its coupling, or take the asymptotic method",
        )
