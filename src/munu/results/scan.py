"""Intervals of a parameter as a function of a mass, or of a value in the experiments' files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of, finite_cell, intervals_text, signed_ends
from munu.results.core.codec import later
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, percent, significant
from munu.results.coupling_limit import conditions_beside


@final
@dataclass(frozen=True, kw_only=True)
class FailedValue:
    """A value at which the limit failed.

    Parameters
    ----------
    index : int
    reason : str
    """

    index: int
    reason: str


@final
@dataclass(frozen=True, kw_only=True)
class ScanResult(Result, kind="scan"):
    """All intervals of a parameter at each value of something else.

    Parameters
    ----------
    parameter, unit : str
    over, over_unit : str
        What is varied: ``mediator_mass``, ``sterile_mass`` or the path of a key; its unit.
    cl, delta_chi2 : float
        Confidence level, and its Δχ² with one degree of freedom.
    others : str
        ``zero`` or ``profiled``, with the names of couplings in ``profiled``.
    profiled : tuple of str
    values : array, shape (n,)
    intervals : tuple of array, shape (k, 2)
        Of each value, an open end infinite, ``null`` in JSON; none where it failed.
    failures : tuple of FailedValue
    workers : int or None
        Processes of this machine that computed them, None for those of a scheduler. No number
        depends on it, and results that differ in it alone are equal.
    assumptions : Assumptions
    """

    parameter: str
    unit: str
    over: str
    over_unit: str
    cl: float
    delta_chi2: float
    others: str
    profiled: tuple[str, ...]
    values: FloatArray
    intervals: tuple[FloatArray, ...]
    failures: tuple[FailedValue, ...] = later(())
    workers: int | None = later(1)
    assumptions: Assumptions

    def __post_init__(self) -> None:
        """Give open ends their sign, which JSON has not."""
        object.__setattr__(self, "intervals", tuple(signed_ends(one) for one in self.intervals))
        super().__post_init__()

    @property
    def highest(self) -> FloatArray:
        """The highest end of the lowest interval at each value, shape (n,); NaN where it failed."""
        return np.array([one[0, 1] if len(one) else np.nan for one in self.intervals])

    def summary(self) -> tuple[str, ...]:
        """Return what is limited, and over what range."""
        symbol = parameter_of(self.parameter).symbol
        ends = " to ".join(significant(value) for value in self.values[[0, -1]])
        unit = f" {self.over_unit}" if self.over_unit else ""
        return (
            f"{symbol} at {percent(self.cl)} C.L. ({self.assumptions.sided}) over {self.over} "
            f"{ends}{unit} ({self.values.size} values), {experiments_of(self)}",
            *self._failed(),
        )

    def tables(self) -> tuple[Table, ...]:
        """Return a row for each value."""
        parameter = parameter_of(self.parameter)
        unit = f" ({parameter.unit.text})" if parameter.unit.text else ""
        over = f"{self.over} ({self.over_unit})" if self.over_unit else self.over
        rows = tuple(
            (
                significant(value, 4),
                intervals_text(ends, parameter.unit.scale) if len(ends) else "failed",
            )
            for value, ends in zip(self.values.tolist(), self.intervals, strict=True)
        )
        return (
            Table(
                title=f"{parameter.symbol} allowed at {percent(self.cl)} C.L., "
                f"{self.assumptions.sided} (Δχ² = {self.delta_chi2:.3f})",
                columns=(over, f"{parameter.symbol}{unit}"),
                rows=rows,
                notes=(
                    experiments_of(self),
                    *self._failed(),
                    conditions_beside(self.parameter, self.others, self.profiled, self.assumptions),
                    *self.origin.notes,
                ),
            ),
        )

    def _failed(self) -> tuple[str, ...]:
        if not self.failures:
            return ()
        first = self.failures[0]
        n, value = len(self.failures), significant(self.values[first.index])
        return (f"{n} of {self.values.size} values failed, {value} so: {first.reason}",)

    def to_csv(self) -> str:
        """Return a row for each interval of each value; why one failed, in a column if one did."""
        over = f"{self.over}_{self.over_unit}" if self.over_unit else self.over
        name = f"{self.parameter}_{self.unit}" if self.unit else self.parameter
        reasons = {one.index: one.reason for one in self.failures}
        rows: list[tuple[object, ...]] = []
        for index, (value, found) in enumerate(zip(self.values, self.intervals, strict=True)):
            if index in reasons:
                rows.append((value, None, None, reasons[index]))
            rows += [(value, *map(finite_cell, ends), "") for ends in found.tolist()]
        columns = (over, f"{name}_low", f"{name}_high", "failure")
        number = len(columns) if reasons else -1
        return stated_csv(self, columns[:number], [row[:number] for row in rows])
