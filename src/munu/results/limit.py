"""Limits on one modulus, and Δχ² along it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.parameters import COMMON_PARAMETER, MASS_PARAMETERS, SYMBOLS
from munu.results.base import Conditions, Result
from munu.results.table import Table, csv_text, percent, significant
from munu.typing import ComplexArray, FloatArray, IntArray

MOST_REASONS = 3
"""Reasons of failed points that a table tells; JSON holds them all."""
TREATMENTS = {"zero": "Slice: others zero", "profiled": "Profiled over the others"}
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
    falls_again_beyond_mu_b, highest_delta_chi2 : float or None
        Modulus (μ_B) beyond which Δχ² of a slice is below its threshold again, and its maximum
        before; None where it does not fall.
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
    conditions: Conditions
    falls_again_beyond_mu_b: float | None = None
    highest_delta_chi2: float | None = None

    def tables(self) -> tuple[Table, ...]:
        """Return one row: the interval, and the conditions below."""
        symbol = SYMBOLS[self.parameter]
        row = (
            " + ".join(self.origin.experiments),
            symbol,
            "unbounded" if self.unbounded else significant(self.limit_mu_b / 1e-10, 4),
            significant(self.lower_mu_b / 1e-10, 4),
            significant(self.best_fit_mu_b / 1e-10, 4),
        )
        return (
            Table(
                title=f"Limit at {percent(self.cl)} C.L. (Δχ² = {self.delta_chi2:.3f}, one degree "
                "of freedom), in 10⁻¹⁰ μ_B",
                columns=("~experiment", "<parameter", "limit", "lower end", "best fit"),
                rows=(row,),
                notes=(
                    f"{treatment(self.parameter, self.others)}; {self.conditions.text()}",
                    *self._why_unbounded(),
                    *self._falls_again(),
                    *self.origin.notes,
                ),
            ),
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

    def _why_unbounded(self) -> tuple[str, ...]:
        if self.unbounded_because == "systematic uncertainty":
            return ("Unbounded: the systematic uncertainty alone allows any excess.",)
        if self.blind_direction is None:
            return ("Unbounded: no neutrino here scatters with it.",) if self.unbounded else ()
        names = ("1", "2", "3") if self.parameter in MASS_PARAMETERS else ("e", "μ", "τ")
        vector = ", ".join(
            f"Λ_{name} = {_complex(value)}"
            for name, value in zip(names, self.blind_direction, strict=True)
        )
        return (f"Unbounded along the blind direction {vector} (times any modulus).",)

    def to_csv(self) -> str:
        """Return one row."""
        columns = ("parameter", "cl", "others", "limit_mu_b", "lower_mu_b", "best_fit_mu_b")
        limit = None if self.unbounded else self.limit_mu_b
        values = (self.parameter, self.cl, self.others, limit, self.lower_mu_b, self.best_fit_mu_b)
        return csv_text(columns, [values])


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
    conditions : Conditions
    """

    parameter: str
    others: str
    moment_mu_b: FloatArray
    delta_chi2: FloatArray
    failures: tuple[FailedPoint, ...]
    unbounded_because: str
    conditions: Conditions

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

    def tables(self) -> tuple[Table, ...]:
        """Return about a dozen points of the curve."""
        step = max(1, (self.moment_mu_b.size - 1) // 12)
        rows = list(zip(self.moment_mu_b[::step], self.delta_chi2[::step], strict=True))
        return (
            Table(
                title=f"Δχ² along {SYMBOLS[self.parameter]}, {' + '.join(self.origin.experiments)}",
                columns=(f"{SYMBOLS[self.parameter]} (10⁻¹⁰ μ_B)", "Δχ²"),
                rows=tuple(
                    (significant(x / 1e-10), significant(y) if np.isfinite(y) else "failed")
                    for x, y in rows
                ),
                notes=(
                    f"{len(rows)} of {self.moment_mu_b.size} points. "
                    f"{treatment(self.parameter, self.others)}; "
                    f"{self.conditions.text()}",
                    *self._unbounded(),
                    *self.failure_texts(),
                    *self.origin.notes,
                ),
            ),
        )

    def _unbounded(self) -> tuple[str, ...]:
        if not self.unbounded_because:
            return ()
        return (f"It rises to no limit: {self.unbounded_because}; `munu limit` says more.",)

    def to_csv(self) -> str:
        """Return every point; an empty cell where the fit failed."""
        columns = (f"{self.parameter}_mu_b", "delta_chi2")
        values = [y if np.isfinite(y) else None for y in self.delta_chi2]
        return csv_text(columns, zip(self.moment_mu_b, values, strict=True))
