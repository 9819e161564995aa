"""Limits on one modulus, and Δχ² along it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.language import number_of
from munu.base.thresholds import TWO_SIDED, limit_delta_chi2
from munu.base.typing import ComplexArray, FloatArray, IntArray
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import COMMON_PARAMETER, MASS_PARAMETERS, SYMBOLS
from munu.results.bands import QUANTILES, ToyBands
from munu.results.core.base import Result
from munu.results.core.cells import data_of, experiments_of, finite_cell, moment_text
from munu.results.core.codec import later
from munu.results.core.standard_model import StandardModelFit, best_fit_remark, comparison
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, percent, significant

MOST_REASONS = 3
"""Reasons of failed points that a table tells; JSON holds them all."""
TREATMENTS = {"zero": "Slice: others zero", "profiled": "Profiled over the others"}
SHORT_TREATMENTS = {"zero": "slice", "profiled": "profiled"}
COMMON = "One moment common to all species"


def treatment(parameter: str, others: str) -> str:
    """Return what became of the other moments, in words."""
    return COMMON if parameter == COMMON_PARAMETER else TREATMENTS[others]


@final
@dataclass(frozen=True, kw_only=True)
class LimitResult(Result, kind="limit"):
    """The allowed interval of one modulus.

    Parameters
    ----------
    parameter : str
        ``Lambda_1`` ... ``Lambda_tau``.
    cl, delta_chi2 : float
        Confidence level, and its Δχ² with one degree of freedom.
    others : str
        ``zero`` (a slice) or ``profiled``.
    limit_mu_b : float
        Upper end (μ_B); infinite, ``null`` in JSON, if ``unbounded``.
    lower_mu_b, best_fit_mu_b : float
        Lower end and best fit (μ_B).
    chi2_min : float
        χ² at the best fit.
    unbounded : bool
    unbounded_because : str
        ``blind direction``, ``systematic uncertainty``, or empty.
    blind_direction : array, shape (3,), or None
        Unit vector of moments that no bin sees, in the basis of the parameter.
    assumptions : Assumptions
    expected_limit_mu_b : float
        Upper end (μ_B) with data as the Standard Model predicts; infinite, ``null`` in JSON, if it
        is unbounded, and where there is none: ``has_expected`` tells which.
    expected_unbounded_because : str
        Why expected data set no limit, as ``unbounded_because``.
    expected_failure : str
        Why their fit failed; empty if it did not.
    standard_model_delta_chi2 : float or None
        By how much χ² rises from the best fit to no moment.
    standard_model : tuple of StandardModelFit
        How well the Standard Model fits the data of each experiment that has some.
    falls_again_beyond_mu_b, highest_delta_chi2 : float or None
        Modulus (μ_B) beyond which Δχ² of a slice is below its threshold again, and its maximum
        before; None where it does not fall.
    method : str
        ``asymptotic``: with the threshold of Wilks' theorem.
    bands : ToyBands or None
        Median and bands of the limit in toy experiments of the Standard Model.
    has_expected : bool
        Whether it is known what expected data say: not where the data are such already, or where
        the fit of expected ones failed.
    unit, best_fit, intervals
        Unit, best fit and the interval, shape (1, 2), as `CouplingLimitResult` has them.
    """

    parameter: str
    cl: float
    delta_chi2: float
    others: str
    limit_mu_b: float
    lower_mu_b: float
    best_fit_mu_b: float
    chi2_min: float
    unbounded: bool
    unbounded_because: str
    blind_direction: ComplexArray | None
    assumptions: Assumptions
    expected_limit_mu_b: float = later(np.inf)
    expected_unbounded_because: str = later("")
    expected_failure: str = later("")
    standard_model_delta_chi2: float | None = later(None)
    standard_model: tuple[StandardModelFit, ...] = later(())
    falls_again_beyond_mu_b: float | None = later(None)
    highest_delta_chi2: float | None = later(None)
    method: str = later("asymptotic")
    bands: ToyBands | None = later(None)
    has_expected: bool = later(False)
    unit: str = later("mu_b")
    best_fit: float = later(0.0)
    intervals: FloatArray = later(None)

    def __post_init__(self) -> None:
        """Say the interval as that of any parameter, and what files without the key know."""
        known = bool(np.isfinite(self.expected_limit_mu_b) or self.expected_unbounded_because)
        object.__setattr__(self, "has_expected", self.has_expected or known)
        object.__setattr__(self, "best_fit", self.best_fit_mu_b)
        ends = np.array([[self.lower_mu_b, self.limit_mu_b]])
        object.__setattr__(self, "intervals", ends)
        super().__post_init__()

    def summary(self) -> tuple[str, ...]:
        """Return the interval with its level and treatment in one line."""
        symbol, sided = SYMBOLS[self.parameter], self.assumptions.sided
        ends = f"{symbol} < {moment_text(self.limit_mu_b)} × 10⁻¹⁰ μ_B"
        if self.unbounded:
            because = f", {self.unbounded_because}" if self.unbounded_because else ""
            ends = f"{symbol} unbounded{because}"
        if self.lower_mu_b > 0:
            ends = f"{moment_text(self.lower_mu_b)} < {ends}"
        expected = f", expected {expected_cell(self)}" if self.has_expected else ""
        how = f"{percent(self.cl)} C.L., {sided}, {SHORT_TREATMENTS[self.others]}{expected}"
        return (f"{ends} ({how}), {experiments_of(self)}",)

    def tables(self) -> tuple[Table, ...]:
        """Return one row: the interval, and the assumptions below."""
        row = {
            "~experiment": experiments_of(self),
            "<parameter": SYMBOLS[self.parameter],
            "limit": _upper_end(self.limit_mu_b),
            **({"expected": expected_cell(self)} if self.has_expected else {}),
            "lower end": significant(self.lower_mu_b / 1e-10, 4),
            "best fit": significant(self.best_fit_mu_b / 1e-10, 4),
        }
        return (
            Table(
                title=f"Limit at {percent(self.cl)} C.L., {self.assumptions.sided} "
                f"(Δχ² = {self.delta_chi2:.3f}), in 10⁻¹⁰ μ_B",
                columns=tuple(row),
                rows=(tuple(row.values()),),
                notes=(
                    *self._remarks(),
                    f"{treatment(self.parameter, self.others)}; {self.assumptions.text()}",
                    *self._why_unbounded(),
                    *self._falls_again(),
                    *self._band_texts(),
                    *self.origin.notes,
                ),
            ),
        )

    def _remarks(self) -> tuple[str, ...]:
        """Return how observed and expected differ, and what one side says of two ends."""
        compared = (
            comparison(self.limit_mu_b, self.expected_limit_mu_b) if self.has_expected else ()
        )
        if self.expected_failure:
            compared = (f"The fit to expected data failed: {self.expected_failure}",)
        sided = self.assumptions.sided
        outside = sided if self.lower_mu_b > 0 else ""
        excluded = outside or any(fit.is_excluded for fit in self.standard_model)
        best = best_fit_remark(self.standard_model_delta_chi2, outside=outside) if excluded else ()
        if not outside or sided == TWO_SIDED:
            return (*compared, *best)
        both = percent(2 * self.cl - 1)
        return (
            *compared,
            *best,
            f"The interval does not begin at zero: each end alone is at {percent(self.cl)} C.L., "
            f"both together at {both}; the two-sided one has both at {percent(self.cl)}.",
        )

    def _falls_again(self) -> tuple[str, ...]:
        if self.falls_again_beyond_mu_b is None or self.highest_delta_chi2 is None:
            return ()
        return (
            f"Δχ² rises to {significant(self.highest_delta_chi2)} and falls below"
            f" {self.delta_chi2:.3f} again beyond"
            f" {significant(self.falls_again_beyond_mu_b / 1e-10, 4)}, as the uncertainty grows"
            " with the signal: the limit is the end of the interval around the best fit.",
        )

    def _band_texts(self) -> tuple[str, ...]:
        if self.bands is None:
            return ()
        lowest, low, median, high, highest = map(_upper_end, self.bands.values.tolist())
        failed = f", {self.bands.failed} more failed" if self.bands.failed else ""
        return (
            f"Without moments, {self.bands.toys - self.bands.failed} toys (seed {self.bands.seed}"
            f"{failed}): median {median}, 68 % {low} to {high}, 95 % {lowest} to {highest}.",
            *self.bands.remarks(),
        )

    def _why_unbounded(self) -> tuple[str, ...]:
        if self.unbounded_because == "systematic uncertainty":
            return ("Unbounded: the systematic uncertainty alone allows any excess.",)
        if self.blind_direction is None:
            return (
                ("Unbounded: no neutrino counted here scatters with it.",) if self.unbounded else ()
            )
        names = ("1", "2", "3") if self.parameter in MASS_PARAMETERS else ("e", "μ", "τ")
        vector = ", ".join(
            f"Λ_{name} = {_complex(value)}"
            for name, value in zip(names, self.blind_direction, strict=True)
        )
        return (f"Unbounded along the blind direction {vector} (times any modulus).",)

    def to_csv(self) -> str:
        """Return one row."""
        bands = [] if self.bands is None else self.bands.values.tolist()
        row = {
            "parameter": self.parameter,
            "data": data_of(self),
            "limit_mu_b": None if self.unbounded else self.limit_mu_b,
            "lower_mu_b": self.lower_mu_b,
            "best_fit_mu_b": self.best_fit_mu_b,
            "expected_limit_mu_b": finite_cell(self.expected_limit_mu_b),
            **{
                f"quantile_{one:g}_mu_b": finite_cell(value)
                for one, value in zip(QUANTILES[: len(bands)], bands, strict=True)
            },
        }
        return stated_csv(self, tuple(row), [tuple(row.values())])


def expected_cell(limit: LimitResult) -> str:
    """Return the expected limit in 10⁻¹⁰ μ_B; empty where the data are expected ones already."""
    return _upper_end(limit.expected_limit_mu_b) if limit.has_expected else ""


def _upper_end(limit_mu_b: float) -> str:
    return significant(limit_mu_b / 1e-10, 4) if np.isfinite(limit_mu_b) else "unbounded"


def _complex(value: complex) -> str:
    real, imaginary = round(value.real, 3) + 0.0, round(value.imag, 3)
    return f"{complex(real, imaginary):.3f}" if imaginary else f"{real:.3f}"


@final
@dataclass(frozen=True, kw_only=True)
class FailedPoint:
    """A point of a curve that could not be computed.

    Parameters
    ----------
    index : int
    reason : str
        Names the nuisance that does not converge.
    """

    index: int
    reason: str


@final
@dataclass(frozen=True, kw_only=True)
class ProfileResult(Result, kind="profile"):
    """Δχ² along one modulus, as in Fig. 2 of arXiv:1905.03750.

    Parameters
    ----------
    parameter : str
    others : str
        ``zero`` (a slice) or ``profiled``.
    moment_mu_b : array, shape (n,)
        Moduli (μ_B).
    delta_chi2 : array, shape (n,)
        From the minimum along the modulus (slice) or the global one (profiled); infinite, ``null``
        in JSON, where the fit failed.
    failures : tuple of FailedPoint
        Where it failed, and why.
    unbounded_because : str
        Why the curve does not rise to a limit at 90 % C.L., as in `LimitResult`; empty if it does.
    assumptions : Assumptions
    bands : ToyBands or None
        Median and bands of Δχ² in toy experiments of the Standard Model.
    """

    parameter: str
    others: str
    moment_mu_b: FloatArray
    delta_chi2: FloatArray
    failures: tuple[FailedPoint, ...]
    unbounded_because: str
    assumptions: Assumptions
    bands: ToyBands | None = later(None)

    @property
    def failed(self) -> IntArray:
        """Indices of the points that failed."""
        return np.array([point.index for point in self.failures], dtype=int)

    def failure_texts(self, most: int = MOST_REASONS) -> tuple[str, ...]:
        """Return one line for each reason, after the moduli (10⁻¹⁰ μ_B) that failed for it.

        Of more than ``most`` the first are given, and how many points remain.
        """
        moduli: dict[str, list[str]] = {}
        for point in self.failures:
            number = significant(self.moment_mu_b[point.index] / 1e-10)
            moduli.setdefault(point.reason, []).append(number)
        lines = [
            f"Failed at {SYMBOLS[self.parameter]} = {', '.join(numbers)}: {reason}."
            for reason, numbers in moduli.items()
        ]
        rest = sum(len(numbers) for numbers in list(moduli.values())[most:])
        return (*lines[:most], *([f"Failed at {rest} more."] if rest else []))

    def summary(self) -> tuple[str, ...]:
        """Return what varies, how far, and what is assumed."""
        ends = " to ".join(moment_text(value) for value in self.moment_mu_b[[0, -1]])
        return (
            f"Δχ² along {SYMBOLS[self.parameter]} from {ends} × 10⁻¹⁰ μ_B "
            f"({number_of(self.moment_mu_b.size, 'point')}), {experiments_of(self)}",
            f"{treatment(self.parameter, self.others)}; {self.assumptions.text()}",
        )

    def tables(self) -> tuple[Table, ...]:
        """Return about a dozen points of the curve."""
        step = max(1, (self.moment_mu_b.size - 1) // 12)
        rows = list(zip(self.moment_mu_b[::step], self.delta_chi2[::step], strict=True))
        return (
            Table(
                title=f"Δχ² along {SYMBOLS[self.parameter]}, {experiments_of(self)}",
                columns=(f"{SYMBOLS[self.parameter]} (10⁻¹⁰ μ_B)", "Δχ²"),
                rows=tuple(
                    (significant(x / 1e-10), significant(y) if np.isfinite(y) else "failed")
                    for x, y in rows
                ),
                notes=(
                    f"{len(rows)} of {self.moment_mu_b.size} points. "
                    f"{treatment(self.parameter, self.others)}; "
                    f"{self.assumptions.text()}",
                    *(self._unbounded() or self._threshold()),
                    *(self.bands.remarks() if self.bands else ()),
                    *self.failure_texts(),
                    *self.origin.notes,
                ),
            ),
        )

    def _threshold(self) -> tuple[str, ...]:
        sided = self.assumptions.sided
        level = limit_delta_chi2(0.9, sided)
        return (f"The {sided} limit at 90 % C.L. is where it rises through {level:.2f}.",)

    def _unbounded(self) -> tuple[str, ...]:
        if not self.unbounded_because:
            return ()
        return (f"It rises to no limit: {self.unbounded_because}; `munu limit` says more.",)

    def to_csv(self) -> str:
        """Return every point, with its bands if it has any; an empty cell where the fit failed."""
        columns = [f"{self.parameter}_mu_b", "delta_chi2"]
        values = [y if np.isfinite(y) else None for y in self.delta_chi2]
        rows = list(zip(self.moment_mu_b, values, strict=True))
        if self.bands is None:
            return stated_csv(self, columns, rows)
        columns += [f"quantile_{one:g}" for one in QUANTILES]
        bands = self.bands.values.T
        return stated_csv(
            self, columns, [(*row, *own) for row, own in zip(rows, bands, strict=True)]
        )
