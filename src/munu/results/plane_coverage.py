"""Coverage of the Δχ² threshold of a region, from toy experiments."""

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


@final
@dataclass(frozen=True, kw_only=True)
class PlaneCoverageResult(Result, kind="plane-coverage"):
    """Coverage of the Wilks threshold, and the Feldman-Cousins one, at points of a plane.

    Parameters
    ----------
    plane, units : tuple of str
        The two parameters, and the units of their values; empty for a pure number.
    profiled : tuple of str
    cl, delta_chi2 : float
        Confidence level and its Wilks threshold, two degrees of freedom.
    toys, seed : int
        Toy experiments per point, and the seed that reproduces them.
    workers : int or None
        Processes of this machine that drew them, None for those of a scheduler. No number depends
        on it, and results that differ in it alone are equal.
    points : array, shape (n, 2)
        True values.
    coverage, coverage_error : array, shape (n,)
        Fraction of toys whose region holds the truth, and its standard error.
    failed : array of int, shape (n,)
        Toys whose fit failed; the coverage and the threshold are those of the rest.
    first_failure : str
        At which point the first toy failed, and why; empty if none did.
    feldman_cousins_delta_chi2 : array, shape (n,)
        Δχ² that the fraction ``cl`` of the toys does not exceed.
    observed_delta_chi2 : array, shape (n,)
        Δχ² of the data.
    polygons : tuple of array, shape (m, 2)
        The region of the data with Wilks' threshold.
    assumptions : Assumptions
    """

    plane: tuple[str, ...]
    units: tuple[str, ...]
    profiled: tuple[str, ...]
    cl: float
    delta_chi2: float
    toys: int
    seed: int
    workers: int | None = later(1)
    points: FloatArray
    coverage: FloatArray
    coverage_error: FloatArray
    failed: IntArray
    first_failure: str
    feldman_cousins_delta_chi2: FloatArray
    observed_delta_chi2: FloatArray
    polygons: tuple[FloatArray, ...]
    assumptions: Assumptions

    def summary(self) -> tuple[str, ...]:
        """Return the range of coverages."""
        ends = " to ".join(percent(value) for value in (self.coverage.min(), self.coverage.max()))
        return (
            f"Δχ² ≤ {self.delta_chi2:.3f} of {self._symbols()} covers {ends} "
            f"({percent(self.cl)} C.L., {self.toys} toys a point), {experiments_of(self)}",
            conditions_of_others(self.profiled, self.assumptions, *self.plane),
        )

    def _symbols(self) -> str:
        return " and ".join(parameter_of(name).symbol for name in self.plane)

    def tables(self) -> tuple[Table, ...]:
        """Return a row for each point."""
        axes = [parameter_of(name) for name in self.plane]
        heads = (f"{p.symbol} ({p.unit.text})" if p.unit.text else p.symbol for p in axes)
        rows = tuple(
            (
                *(significant(v / p.unit.scale) for v, p in zip(pair, axes, strict=True)),
                f"{100 * share:.1f} ± {100 * error:.1f}",
                significant(exact),
                significant(observed),
            )
            for pair, share, error, exact, observed in self._rows()
        )
        failed = (
            (f"{self.failed.sum()} toys failed and are left out. The first: {self.first_failure}.",)
            if self.failed.any()
            else ()
        )
        return (
            Table(
                title=f"Coverage of Δχ² ≤ {self.delta_chi2:.3f} ({percent(self.cl)} C.L.) of "
                f"{self._symbols()}",
                columns=(*heads, "coverage (%)", "Feldman-Cousins Δχ²", "data"),
                rows=rows,
                notes=(
                    f"{experiments_of(self)}; {self.toys} toys a point, seed {self.seed}.",
                    "A point is in the Feldman-Cousins region where Δχ² of the data is below its "
                    "own threshold.",
                    *failed,
                    conditions_of_others(self.profiled, self.assumptions, *self.plane),
                    *self.origin.notes,
                ),
            ),
        )

    def _rows(self) -> list[tuple[list[float], float, float, float, float]]:
        return list(
            zip(
                self.points.tolist(),
                self.coverage.tolist(),
                self.coverage_error.tolist(),
                self.feldman_cousins_delta_chi2.tolist(),
                self.observed_delta_chi2.tolist(),
                strict=True,
            )
        )

    def to_csv(self) -> str:
        """Return a row for each point."""
        pairs = zip(self.plane, self.units, strict=True)
        names = (f"{name}_{unit}" if unit else name for name, unit in pairs)
        rows = [
            (*pair, share, error, failed, exact, observed)
            for (pair, share, error, exact, observed), failed in zip(
                self._rows(), self.failed.tolist(), strict=True
            )
        ]
        columns = ("coverage", "coverage_error", "failed", "feldman_cousins_delta_chi2")
        return stated_csv(self, (*names, *columns, "observed_delta_chi2"), rows)
