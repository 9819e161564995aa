"""Cells that several figures share."""

from __future__ import annotations

from math import isfinite
from typing import Final

import numpy as np

from munu.base.typing import FloatArray
from munu.results.core.base import Result
from munu.results.core.table import significant

OBSERVED: Final = "observed"
EXPECTED: Final = "expected"


def finite_cell(value: float) -> float | None:
    """Return a number for CSV: an infinite one is an empty cell."""
    return float(value) if isfinite(value) else None


def moment_text(value_mu_b: float) -> str:
    """Return a moment (μ_B) in 10⁻¹⁰ μ_B, the unit of all tables, to four digits."""
    return significant(value_mu_b / 1e-10, 4)


def signed_ends(intervals: FloatArray) -> FloatArray:
    """Return intervals, shape (k, 2), whose open ends have their sign, which JSON has not."""
    ends = np.array(np.reshape(intervals, (-1, 2)), float)
    ends[np.isinf(ends[:, 0]), 0] = -np.inf
    return ends


def intervals_text(intervals: FloatArray, scale: float = 1.0) -> str:
    """Return intervals in a unit, as in ``1 to 2 and 3 to ∞``."""
    ends = intervals / scale
    return " and ".join(f"{end_text(low)} to {end_text(high)}" for low, high in ends)


def end_text(value: float) -> str:
    """Return an end of an interval to four digits."""
    if np.isinf(value):
        return "∞" if value > 0 else "-∞"
    return significant(value, 4)


def intervals_cell(intervals: FloatArray, lowest: float = -np.inf) -> str:
    """Return intervals to three digits: ``< 3`` for one from the lowest value, ∞ for any value.

    Examples
    --------
    >>> print(intervals_cell(np.array([[-62.7, -37.4], [-20.6, 4.73]])))
    -62.7…-37.4, -20.6…4.73
    >>> print(intervals_cell(np.array([[0.0, 0.0817]]), 0.0))
    < 0.0817
    """
    return ", ".join(_interval_cell(low, high, lowest) for low, high in intervals.tolist())


def _interval_cell(low: float, high: float, lowest: float) -> str:
    if np.isinf(high) and low <= lowest:
        return "∞"
    if low == lowest:
        return f"< {significant(high)}"
    return f"{significant(low)}…{significant(high)}"


def experiments_of(result: Result) -> str:
    """Return the experiments of a result, each with its setup, and whether data are expected."""
    names = " + ".join(result.origin.shown())
    return f"{names} (expected data)" if data_of(result) == EXPECTED else names


def data_of(result: Result) -> str:
    """Return whether a result is from observed or from expected data, in a word."""
    is_expected = getattr(getattr(result, "assumptions", None), "asimov", False)
    return EXPECTED if is_expected else OBSERVED
