"""Coverage of the Δχ² thresholds, from toy experiments."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import final

from munu.base.thresholds import TWO_SIDED
from munu.base.typing import FloatArray, IntArray
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import SYMBOLS
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of
from munu.results.core.codec import later
from munu.results.core.standard_model import comparison
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, percent, significant
from munu.results.limit import treatment


def exact_name(assumptions: Assumptions) -> str:
    """Return what the thresholds that cover are called: those of one side have no name."""
    return "Feldman-Cousins" if assumptions.sided == TWO_SIDED else "covering"


@final
@dataclass(frozen=True, kw_only=True)
class CoverageResult(Result, kind="coverage"):
    """Coverage of the Wilks threshold, and the Feldman-Cousins one, along one modulus.

    Parameters
    ----------
    parameter : str
        The other moments are zero, or minimised over.
    cl, delta_chi2 : float
        Confidence level and its Wilks threshold, one degree of freedom.
    toys, seed : int
        Toy experiments per modulus, and the seed that reproduces them.
    workers : int or None
        Processes of this machine that drew them, None for those of a scheduler. No number depends
        on it, and results that differ in it alone are equal.
    moment_mu_b : array, shape (n,)
        True moduli (μ_B), increasing.
    coverage, coverage_error : array, shape (n,)
        Fraction of toys whose Δχ² at the truth is within the Wilks threshold, and its standard
        error.
    failed : array of int, shape (n,)
        Toys whose fit failed; the coverage and the threshold are those of the rest.
    first_failure : str
        True modulus, toy and reason of the first of them; empty if there is none.
    feldman_cousins_delta_chi2 : array, shape (n,)
        Δχ² that the fraction ``cl`` of the toys does not exceed.
    observed_delta_chi2 : array, shape (n,)
        Δχ² of the data.
    limit_mu_b, feldman_cousins_limit_mu_b : float
        Where the data's Δχ² crosses the Wilks threshold, as `munu.limit`, and the Feldman-Cousins
        one (one-sided: that which covers), interpolated between the moduli; infinite where it does
        not.
    assumptions : Assumptions
    expected_limit_mu_b : float
        As `munu.limit` with data as the Standard Model predicts; infinite where there is none.
    others : str
        ``zero`` (a slice) or ``profiled``.
    """

    parameter: str
    cl: float
    delta_chi2: float
    toys: int
    seed: int
    workers: int | None = later(1)
    moment_mu_b: FloatArray
    coverage: FloatArray
    coverage_error: FloatArray
    failed: IntArray
    first_failure: str
    feldman_cousins_delta_chi2: FloatArray
    observed_delta_chi2: FloatArray
    limit_mu_b: float
    feldman_cousins_limit_mu_b: float
    assumptions: Assumptions
    expected_limit_mu_b: float = later(float("inf"))
    others: str = later("zero")

    def summary(self) -> tuple[str, ...]:
        """Return what is tested, and the range of coverage that was found."""
        ends = f"{100 * self.coverage.min():.1f} to {100 * self.coverage.max():.1f} %"
        return (
            f"Coverage of {percent(self.cl)} C.L. limits on {SYMBOLS[self.parameter]}: {ends}, "
            f"{experiments_of(self)}",
            f"{self.toys} toys at each of {self.moment_mu_b.size} moduli, seed {self.seed}; "
            f"{treatment(self.parameter, self.others)}; {self.assumptions.text()}",
        )

    def tables(self) -> tuple[Table, ...]:
        """Return one row per true modulus."""
        rows = tuple(
            (
                significant(x / 1e-10, 4),
                f"{100 * covered:.1f} ± {100 * error:.1f}",
                f"{threshold:.2f}",
                f"{observed:.2f}",
            )
            for x, covered, error, threshold, observed in zip(
                self.moment_mu_b,
                self.coverage,
                self.coverage_error,
                self.feldman_cousins_delta_chi2,
                self.observed_delta_chi2,
                strict=True,
            )
        )
        limits = [
            significant(limit / 1e-10, 4) if isfinite(limit) else without
            for limit, without in (
                (self.limit_mu_b, "none"),
                (self.expected_limit_mu_b, "none"),
                (self.feldman_cousins_limit_mu_b, "outside the moduli tested"),
            )
        ]
        return (
            Table(
                title=f"Coverage of Δχ² = {self.delta_chi2:.3f} ({percent(self.cl)} C.L., "
                f"{self.assumptions.sided}), {experiments_of(self)}",
                columns=(
                    f"true {SYMBOLS[self.parameter]} (10⁻¹⁰ μ_B)",
                    "coverage (%)",
                    f"{self.exact_name} Δχ²",
                    "Δχ² of the data",
                ),
                rows=rows,
                notes=(
                    f"{self.toys} toys per row, seed {self.seed}; what constrains the nuisances is "
                    "drawn too.",
                    *self._failures(),
                    f"Limit (10⁻¹⁰ μ_B): {limits[0]} with the Wilks threshold (expected "
                    f"{limits[1]}), {limits[2]} with {self._owner()}.",
                    *comparison(self.limit_mu_b, self.expected_limit_mu_b),
                    f"{treatment(self.parameter, self.others)}; {self.assumptions.text()}",
                    *self.origin.notes,
                ),
            ),
        )

    @property
    def exact_name(self) -> str:
        """What the thresholds that cover are called."""
        return exact_name(self.assumptions)

    def _owner(self) -> str:
        return (
            "Feldman and Cousins'" if self.assumptions.sided == TWO_SIDED else "that which covers"
        )

    def _failures(self) -> tuple[str, ...]:
        """Return how many toys failed in each row where some did, and why the first did."""
        if not self.first_failure:
            return ()
        counts = ", ".join(
            f"{number} at {significant(modulus / 1e-10, 4)}"
            for number, modulus in zip(self.failed, self.moment_mu_b, strict=True)
            if number
        )
        return (
            f"Toys that failed and are left out: {counts}.",
            f"The first: {self.first_failure}.",
        )

    def to_csv(self) -> str:
        """Return one row per true modulus."""
        columns = (
            f"{self.parameter}_mu_b",
            "coverage",
            "coverage_error",
            "failed_toys",
            "feldman_cousins_delta_chi2",
            "observed_delta_chi2",
        )
        rows = zip(
            self.moment_mu_b,
            self.coverage,
            self.coverage_error,
            self.failed,
            self.feldman_cousins_delta_chi2,
            self.observed_delta_chi2,
            strict=True,
        )
        return stated_csv(self, columns, rows)
