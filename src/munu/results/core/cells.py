"""Cells that several figures share."""

from __future__ import annotations

from math import isfinite

from munu.results.core.base import Result


def finite_cell(value: float) -> float | None:
    """Return a number for CSV: an infinite one is an empty cell."""
    return float(value) if isfinite(value) else None


def experiments_of(result: Result) -> str:
    """Return the experiments of a result, each with its setup."""
    return " + ".join(result.origin.experiments)
