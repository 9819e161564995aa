"""Coverage of the Δχ² threshold of a coupling, from toy experiments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from munu.base.typing import FloatArray, IntArray
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of
from munu.results.core.codec import later
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, percent, significant
from munu.results.coupling_limit import conditions_of_others
from munu.results.coverage import exact_name


@final
@dataclass(frozen=True, kw_only=True)
class CouplingCoverageResult(Result, kind="coupling-coverage"):
    """Coverage of the Wilks threshold, and the Feldman-Cousins one, along one coupling.

    Parameters
    ----------
    parameter, unit : str
    profiled : tuple of str
    cl, delta_chi2 : float
        Confidence level and its Wilks threshold, one degree of freedom.
    toys, seed : int
        Toy experiments per value, and the seed that reproduces them.
    workers : int or None
        Processes of this machine that drew them, None for those of a scheduler. No number depends
        on it, and results that differ in it alone are equal.
    values : array, shape (n,)
        True values, increasing.
    coverage, coverage_error : array, shape (n,)
        Fraction of toys whose Δχ² at the truth is within the Wilks threshold, and its standard
        error.
    failed : array of int, shape (n,)
        Toys whose fit failed; the coverage and the threshold are those of the rest.
    first_failure : str
        At which value the first toy failed, and why; empty if none did.
    feldman_cousins_delta_chi2 : array, shape (n,)
        Δχ² that the fraction ``cl`` of the toys does not exceed.
    observed_delta_chi2 : array, shape (n,)
        Δχ² of the data.
    assumptions : Assumptions
    """

    parameter: str
    unit: str
    profiled: tuple[str, ...]
    cl: float
    delta_chi2: float
    toys: int
    seed: int
    workers: int | None = later(1)
    values: FloatArray
    coverage: FloatArray
    coverage_error: FloatArray
    failed: IntArray
    first_failure: str
    feldman_cousins_delta_chi2: FloatArray
    observed_delta_chi2: FloatArray
    assumptions: Assumptions

    def summary(self) -> tuple[str, ...]:
        """Return the range of coverages."""
        symbol = parameter_of(self.parameter).symbol
        ends = " to ".join(percent(value) for value in (self.coverage.min(), self.coverage.max()))
        return (
            f"Δχ² ≤ {self.delta_chi2:.3f} along {symbol} covers {ends} ({percent(self.cl)} C.L., "
            f"{self.toys} toys a value), {experiments_of(self)}",
            conditions_of_others(self.profiled, self.assumptions, self.parameter),
        )

    def tables(self) -> tuple[Table, ...]:
        """Return a row for each true value."""
        parameter = parameter_of(self.parameter)
        unit = f" ({parameter.unit.text})" if parameter.unit.text else ""
        rows = tuple(
            (
                significant(value / parameter.unit.scale),
                f"{100 * share:.1f} ± {100 * error:.1f}",
                significant(exact),
                significant(observed),
            )
            for value, share, error, exact, observed in zip(
                self.values.tolist(),
                self.coverage.tolist(),
                self.coverage_error.tolist(),
                self.feldman_cousins_delta_chi2.tolist(),
                self.observed_delta_chi2.tolist(),
                strict=True,
            )
        )
        failed = (
            (f"{self.failed.sum()} toys failed and are left out. The first: {self.first_failure}.",)
            if self.failed.any()
            else ()
        )
        return (
            Table(
                title=f"Coverage of Δχ² ≤ {self.delta_chi2:.3f} ({percent(self.cl)} C.L.) along "
                f"{parameter.symbol}",
                columns=(
                    f"{parameter.symbol}{unit}",
                    "coverage (%)",
                    f"{exact_name(self.assumptions)} Δχ²",
                    "data",
                ),
                rows=rows,
                notes=(
                    f"{experiments_of(self)}; {self.toys} toys a value, seed {self.seed}.",
                    f"A value is in the {exact_name(self.assumptions)} set where Δχ² of the data "
                    "is below its own threshold.",
                    *failed,
                    conditions_of_others(self.profiled, self.assumptions, self.parameter),
                    *self.origin.notes,
                ),
            ),
        )

    def to_csv(self) -> str:
        """Return a row for each true value."""
        name = f"{self.parameter}_{self.unit}" if self.unit else self.parameter
        columns = ("coverage", "coverage_error", "failed", "feldman_cousins_delta_chi2")
        rows = zip(
            self.values.tolist(),
            *(getattr(self, column).tolist() for column in columns),
            self.observed_delta_chi2.tolist(),
            strict=True,
        )
        return stated_csv(self, (name, *columns, "observed_delta_chi2"), rows)
