"""Cells that several figures share."""

from __future__ import annotations

from math import isfinite

from munu.results.core.base import Result
from munu.results.core.table import significant


def finite_cell(value: float) -> float | None:
    """Return a number for CSV: an infinite one is an empty cell."""
    return float(value) if isfinite(value) else None


def moment_text(value_mu_b: float) -> str:
    """Return a moment (μ_B) in 10⁻¹⁰ μ_B, the unit of all tables, to four digits."""
    return significant(value_mu_b / 1e-10, 4)


def experiments_of(result: Result) -> str:
    """Return the experiments of a result, each with its setup."""
    return " + ".join(result.origin.experiments)
