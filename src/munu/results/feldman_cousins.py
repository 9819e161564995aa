"""Feldman-Cousins limits on one moment or coupling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray, IntArray
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.physics.parameters import MOMENTS, Parameter
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of, finite_cell, intervals_text, signed_ends
from munu.results.core.codec import later
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, percent, significant
from munu.results.coupling_limit import conditions_beside


@final
@dataclass(frozen=True, kw_only=True)
class FeldmanCousinsResult(Result, kind="feldman-cousins"):
    """The Feldman-Cousins interval, or intervals, of one moment or coupling.

    A value is in the set where the data's Δχ² is exceeded, or equalled, by more than 1 - CL of the
    toy experiments with that value; nuisances and other parameters that are profiled are those that
    the data ask for there.

    Parameters
    ----------
    parameter, unit : str
        The unit of all values of the parameter; empty for a pure number.
    cl : float
    method : str
        ``feldman-cousins``.
    others : str
        ``zero`` (a slice) or ``profiled``.
    profiled : tuple of str
        Names of the couplings that are; none of a moment, whose others are those of its basis.
    intervals : array, shape (n, 2)
        Lower and upper ends; one is infinite, ``null`` in JSON, where no toys exclude anything.
    edge_error : array, shape (n, 2)
        Standard errors of the ends from the number of toys; zero for an end at a bound of the
        parameter, and for all ends of one count without nuisances, which needs no toys.
    precision : float
        The error that was asked for: relative to an end of a moment, to half the width of the
        asymptotic interval about it of a coupling, or to all of one that begins at zero.
    toys, failed, seed : int
        Toys drawn, none where the construction is exact, those of them whose fit failed and that
        are left out, and the seed.
    workers : int or None
        Processes of this machine that drew them, None for those of a scheduler. No number depends
        on it, and results that differ in it alone are equal.
    first_failure : str
        Why the first of them failed; empty if none did.
    reached : bool
        Whether all ends are known as well as was asked for.
    values, toys_per_value : array, shape (m,)
        True values, increasing, and the toys of each that did not fail. Exact results have zeros,
        and values at which they are told.
    p_value : array, shape (m,)
        Fraction of them whose Δχ² is at least the data's. Of exact results it is the probability of
        that.
    observed_delta_chi2, critical_delta_chi2 : array, shape (m,)
        Δχ² of the data, and that which the fraction ``cl`` of the toys does not exceed. Of exact
        results the latter is not exceeded with a probability of ``cl``, of counts at least that.
    asymptotic_intervals : array, shape (k, 2)
        As `munu.limit` by default, with the threshold of Wilks' theorem.
    best_fit : float
    assumptions : Assumptions
    """

    parameter: str
    unit: str
    cl: float
    method: str
    others: str
    profiled: tuple[str, ...]
    intervals: FloatArray
    edge_error: FloatArray
    precision: float
    toys: int
    failed: int
    first_failure: str
    reached: bool
    seed: int
    workers: int | None = later(1)
    values: FloatArray
    toys_per_value: IntArray
    p_value: FloatArray
    observed_delta_chi2: FloatArray
    critical_delta_chi2: FloatArray
    asymptotic_intervals: FloatArray
    best_fit: float
    assumptions: Assumptions

    def __post_init__(self) -> None:
        """Give open ends their sign, which JSON has not."""
        for name in ("intervals", "asymptotic_intervals"):
            object.__setattr__(self, name, signed_ends(getattr(self, name)))
        super().__post_init__()

    @property
    def limit_mu_b(self) -> float | None:
        """The largest modulus in the set (μ_B); None of a coupling."""
        return float(self.intervals[-1, 1]) if self._asked in MOMENTS else None

    @property
    def _asked(self) -> Parameter:
        return parameter_of(self.parameter)

    def summary(self) -> tuple[str, ...]:
        """Return the intervals with their level, method and number of toys."""
        sets = " or ".join(
            f"{self._end(row, 0)} to {self._end(row, 1)}" for row in range(len(self.intervals))
        )
        unit, how = self._asked.unit.behind, "exact" if self._is_exact else f"{self.toys} toys"
        return (
            f"{self._asked.symbol} in {sets}{unit} ({percent(self.cl)} C.L., Feldman-Cousins, "
            f"{how}), {experiments_of(self)}",
        )

    def _end(self, row: int, side: int) -> str:
        """Return an end with its error in the unit of tables."""
        scale = self._asked.unit.scale
        end, error = (one[row, side] / scale for one in (self.intervals, self.edge_error))
        if not np.isfinite(end):
            return "unbounded"
        if error == 0:
            return significant(end, 4)
        return f"{significant(end, 4)} ± {significant(error, 2)}"

    def tables(self) -> tuple[Table, ...]:
        """Return one row for each interval."""
        asymptotic = intervals_text(self.asymptotic_intervals, self._asked.unit.scale)
        unit = f", in {self._asked.unit.text}" if self._asked.unit.text else ""
        rows = tuple(
            (
                experiments_of(self),
                self._asked.symbol,
                self._end(row, 0),
                self._end(row, 1),
            )
            for row in range(len(self.intervals))
        )
        return (
            Table(
                title=f"Feldman-Cousins limit at {percent(self.cl)} C.L.{unit}",
                columns=("~experiment", "<parameter", "lower end", "upper end"),
                rows=rows,
                notes=(
                    self._how(),
                    f"By Wilks' threshold {asymptotic}.",
                    *self._not_reached(),
                    *self._failures(),
                    conditions_beside(self.parameter, self.others, self.profiled, self.assumptions),
                    *self.origin.notes,
                ),
            ),
        )

    @property
    def _is_exact(self) -> bool:
        """Whether the distribution of the count was summed."""
        return self.toys == 0

    def _how(self) -> str:
        if self._is_exact:
            return (
                "Exact: of one count without nuisances probabilities are summed, and no toys drawn."
            )
        return (
            f"{self.toys} toys at {self.values.size} values, seed {self.seed}; errors are those "
            "of their number. What constrains the nuisances is drawn too."
        )

    def _not_reached(self) -> tuple[str, ...]:
        if self.reached:
            return ()
        return (
            f"The {self.toys} toys are fewer than the precision of {100 * self.precision:g} % "
            "needs: the ends are known as their errors say.",
        )

    def _failures(self) -> tuple[str, ...]:
        if not self.failed:
            return ()
        return (f"{self.failed} toys failed and are left out. The first: {self.first_failure}.",)

    def to_csv(self) -> str:
        """Return one row for each interval."""
        ends = [f"{end}{what}" for end in ("low", "high") for what in ("", "_error")]
        rows = [
            (
                self.parameter,
                self.unit,
                *(
                    finite_cell(value)
                    for pair in zip(values, errors, strict=True)
                    for value in pair
                ),
            )
            for values, errors in zip(
                self.intervals.tolist(), self.edge_error.tolist(), strict=True
            )
        ]
        return stated_csv(self, ("parameter", "unit", *ends), rows)
