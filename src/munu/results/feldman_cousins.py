"""Feldman-Cousins limits on one modulus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray, IntArray
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import SYMBOLS
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of, finite_cell
from munu.results.core.table import Table, csv_text, percent, significant
from munu.results.limit import treatment

UNIT_MU_B = 1e-10


@final
@dataclass(frozen=True, kw_only=True)
class FeldmanCousinsResult(Result, kind="feldman-cousins"):
    """The Feldman-Cousins interval, or intervals, of one modulus.

    A modulus is in the set where the data's Δχ² is exceeded, or equalled, by more than 1 - CL of
    the toy experiments with that modulus; nuisances and other moments are those that the data ask
    for there.

    Parameters
    ----------
    parameter : str
    cl : float
    method : str
        ``feldman-cousins``.
    others : str
        ``zero`` (a slice) or ``profiled``.
    intervals : array, shape (n, 2)
        Lower and upper ends (μ_B); an upper end is infinite where no toys exclude anything.
    edge_error : array, shape (n, 2)
        Standard errors of the ends from the number of toys (μ_B); zero for an end at zero.
    precision : float
        The error, relative to an end, that was asked for.
    toys, failed, seed : int
        Toys drawn, those of them whose fit failed and that are left out, and the seed.
    first_failure : str
        Why the first of them failed; empty if none did.
    moment_mu_b, toys_per_moment : array, shape (m,)
        True moduli (μ_B), increasing, and the toys of each that did not fail.
    p_value : array, shape (m,)
        Fraction of them whose Δχ² is at least the data's.
    observed_delta_chi2, critical_delta_chi2 : array, shape (m,)
        Δχ² of the data, and that which the fraction ``cl`` of the toys does not exceed.
    asymptotic_limit_mu_b, asymptotic_lower_mu_b, best_fit_mu_b : float
        As `munu.limit` by default, with the threshold of Wilks' theorem (μ_B).
    conditions : Assumptions
    """

    parameter: str
    cl: float
    method: str
    others: str
    intervals: FloatArray
    edge_error: FloatArray
    precision: float
    toys: int
    failed: int
    first_failure: str
    seed: int
    moment_mu_b: FloatArray
    toys_per_moment: IntArray
    p_value: FloatArray
    observed_delta_chi2: FloatArray
    critical_delta_chi2: FloatArray
    asymptotic_limit_mu_b: float
    asymptotic_lower_mu_b: float
    best_fit_mu_b: float
    conditions: Assumptions

    @property
    def limit_mu_b(self) -> float:
        """The largest modulus in the set (μ_B)."""
        return float(self.intervals[-1, 1])

    @property
    def lower_mu_b(self) -> float:
        """The smallest modulus in the set (μ_B)."""
        return float(self.intervals[0, 0])

    def summary(self) -> tuple[str, ...]:
        """Return the intervals with their level, method and number of toys."""
        symbol = SYMBOLS[self.parameter]
        sets = " or ".join(self._interval(row) for row in range(len(self.intervals)))
        return (
            f"{symbol} in {sets} × 10⁻¹⁰ μ_B ({percent(self.cl)} C.L., Feldman-Cousins, "
            f"{self.toys} toys), {experiments_of(self)}",
        )

    def _interval(self, row: int) -> str:
        low, high = (self._end(row, side) for side in (0, 1))
        return f"{low} to {high}"

    def _end(self, row: int, side: int) -> str:
        """Return an end with its error in 10⁻¹⁰ μ_B."""
        end = self.intervals[row, side] / UNIT_MU_B
        error = self.edge_error[row, side] / UNIT_MU_B
        if not np.isfinite(end):
            return "unbounded"
        if error == 0:
            return significant(end, 4)
        return f"{significant(end, 4)} ± {significant(error, 2)}"

    def tables(self) -> tuple[Table, ...]:
        """Return one row for each interval."""
        rows = tuple(
            (
                experiments_of(self),
                SYMBOLS[self.parameter],
                self._end(row, 0),
                self._end(row, 1),
                significant(self.asymptotic_limit_mu_b / UNIT_MU_B, 4),
            )
            for row in range(len(self.intervals))
        )
        return (
            Table(
                title=f"Feldman-Cousins limit at {percent(self.cl)} C.L., in 10⁻¹⁰ μ_B",
                columns=("~experiment", "<parameter", "lower end", "upper end", "asymptotic"),
                rows=rows,
                notes=(
                    f"{self.toys} toys at {self.moment_mu_b.size} moduli, seed {self.seed}; errors "
                    "are those of their number. What constrains the nuisances is drawn too.",
                    *self._not_reached(),
                    *self._failures(),
                    f"{treatment(self.parameter, self.others)}; {self.conditions.text()}",
                    *self.origin.notes,
                ),
            ),
        )

    def _not_reached(self) -> tuple[str, ...]:
        ends = np.where(self.edge_error > 0, self.intervals, 1.0)
        relative = float(np.max(self.edge_error / ends, initial=0.0))
        if relative <= self.precision:
            return ()
        reached = "not at all" if not np.isfinite(relative) else f"to {100 * relative:.1f} %"
        return (
            f"The toys know an end {reached}, not to the {100 * self.precision:g} % that were asked"
            " for.",
        )

    def _failures(self) -> tuple[str, ...]:
        if not self.failed:
            return ()
        return (f"{self.failed} toys failed and are left out. The first: {self.first_failure}.",)

    def to_csv(self) -> str:
        """Return one row for each interval."""
        columns = ("parameter", "cl", "method", "lower_mu_b", "lower_error_mu_b", "upper_mu_b")
        rows = [
            (
                self.parameter,
                self.cl,
                self.method,
                low,
                low_error,
                finite_cell(high),
                finite_cell(high_error),
            )
            for (low, high), (low_error, high_error) in zip(
                self.intervals.tolist(), self.edge_error.tolist(), strict=True
            )
        ]
        return csv_text((*columns, "upper_error_mu_b"), rows)
