"""CLs limits on one moment or coupling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.physics.parameters import MOMENTS, Parameter
from munu.results.bands import QUANTILES
from munu.results.core.base import Result
from munu.results.core.cells import (
    data_of,
    end_text,
    experiments_of,
    finite_cell,
    intervals_text,
    signed_ends,
)
from munu.results.core.standard_model import StandardModelFit
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, percent, significant
from munu.results.coupling_limit import conditions_beside

MEDIAN: Final = QUANTILES.index(0.5)


@final
@dataclass(frozen=True, kw_only=True)
class ClsLimitResult(Result, kind="cls-limit"):
    r"""Where CLs of one moment or coupling is above 1 - CL.

    Parameters
    ----------
    parameter, unit : str
        The unit of all values of the parameter; empty for a pure number.
    cl : float
        Of each end: a limit from above, or below, of a value farther from the Standard Model's.
    method : str
        ``cls``.
    others : str
        ``zero`` (a slice) or ``profiled``.
    profiled : tuple of str
        Names of the couplings that are; none of a moment, whose others are those of its basis.
    intervals : array, shape (n, 2)
        An end that is not reached is infinite, ``null`` in JSON.
    unbounded_because : str
        ``blind direction``, ``systematic uncertainty``, or empty.
    expected_quantiles : array, shape (5, 2)
        Ends of the interval about the Standard Model's value that data without the signal give,
        each end's quantiles 0.025, 0.16, 0.5, 0.84 and 0.975 from the nearest on.
    best_fit : float
    values : array, shape (m,)
        Increasing, of the parameter.
    cls : array, shape (m,)
        CLs there.
    observed_delta_chi2, expected_delta_chi2 : array, shape (m,)
        q of the data there, and of data that are expected without the signal.
    asymptotic_intervals : array, shape (k, 2)
        As `munu.limit` by default, both ends with Wilks' threshold at ``cl``.
    standard_model : tuple of StandardModelFit
        How well the Standard Model fits the data of each experiment.
    assumptions : Assumptions
    """

    parameter: str
    unit: str
    cl: float
    method: str
    others: str
    profiled: tuple[str, ...]
    intervals: FloatArray
    unbounded_because: str
    expected_quantiles: FloatArray
    best_fit: float
    values: FloatArray
    cls: FloatArray
    observed_delta_chi2: FloatArray
    expected_delta_chi2: FloatArray
    asymptotic_intervals: FloatArray
    standard_model: tuple[StandardModelFit, ...]
    assumptions: Assumptions

    def __post_init__(self) -> None:
        """Give open ends their sign, which JSON has not."""
        for name in ("intervals", "expected_quantiles", "asymptotic_intervals"):
            object.__setattr__(self, name, signed_ends(getattr(self, name)))
        super().__post_init__()

    @property
    def limit_mu_b(self) -> float | None:
        """The largest modulus that is not excluded (μ_B); None of a coupling."""
        return float(self.intervals[-1, 1]) if self._asked in MOMENTS else None

    @property
    def _asked(self) -> Parameter:
        return parameter_of(self.parameter)

    def summary(self) -> tuple[str, ...]:
        """Return the intervals with their level and method."""
        unit = self._asked.unit.behind
        found = intervals_text(self.intervals, self._asked.unit.scale)
        return (
            f"{self._asked.symbol} from {found}{unit} ({percent(self.cl)} C.L., CLs, expected "
            f"{self._expected(MEDIAN)}), {experiments_of(self)}",
        )

    def _expected(self, row: int) -> str:
        """Return the ends of a quantile, the upper one alone where the lower is a bound."""
        (ends,), scale = self.expected_quantiles[row : row + 1], self._asked.unit.scale
        if ends[0] == self._asked.low:
            return end_text(ends[1] / scale)
        return intervals_text(ends[None], scale)

    def tables(self) -> tuple[Table, ...]:
        """Return one row for each interval."""
        scale = self._asked.unit.scale
        unit = f", in {self._asked.unit.text}" if self._asked.unit.text else ""
        label, symbol = experiments_of(self), self._asked.symbol
        return (
            Table(
                title=f"CLs limit at {percent(self.cl)} C.L.{unit}",
                columns=("~experiment", "<parameter", "from", "to"),
                rows=tuple(
                    (label, symbol, *(end_text(end / scale) for end in ends))
                    for ends in self.intervals
                ),
                notes=(
                    f"Best fit {significant(self.best_fit / scale, 4)}; by Wilks' threshold, "
                    f"two-sided, {intervals_text(self.asymptotic_intervals, scale)}.",
                    *self._bands(),
                    *self._why_unbounded(),
                    conditions_beside(self.parameter, self.others, self.profiled, self.assumptions),
                    *self.origin.notes,
                ),
            ),
        )

    def _bands(self) -> tuple[str, ...]:
        """Return what data without the signal give."""
        lowest, low, _, high, highest = map(self._expected, range(len(QUANTILES)))
        return (
            f"Expected without the signal: median {self._expected(MEDIAN)}, 68 % between {low} and "
            f"{high}, 95 % between {lowest} and {highest}.",
        )

    def _why_unbounded(self) -> tuple[str, ...]:
        if not self.unbounded_because:
            return ()
        return (f"Unbounded: {self.unbounded_because}.",)

    def to_csv(self) -> str:
        """Return one row for each interval, and for each quantile of those expected."""
        quantiles = [f"expected, quantile {one:g}" for one in QUANTILES]
        rows = [
            (self.parameter, self.unit, data, *map(finite_cell, ends))
            for data, ends in (
                *((data_of(self), ends) for ends in self.intervals.tolist()),
                *zip(quantiles, self.expected_quantiles.tolist(), strict=True),
            )
        ]
        return stated_csv(self, ("parameter", "unit", "data", "low", "high"), rows)
