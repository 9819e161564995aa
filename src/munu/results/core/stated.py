"""Rows of CSV with what was asked: of which data, at what level, by which method, assuming what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from munu.physics.assumptions import Assumptions
from munu.results.core.base import Result
from munu.results.core.cells import experiments_of
from munu.results.core.couplings import couplings_text
from munu.results.core.table import csv_text

STATED: Final = (
    "experiment",
    "cl",
    "sided",
    "method",
    "others",
    "recoils",
    "couplings",
    "assumptions",
    "version",
)
"""Columns that say what was asked, the same in every row."""


def stated_csv(result: Result, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV, behind them what was asked, but for what columns say already.

    Parameters
    ----------
    result : Result
    columns : sequence of str
    rows : iterable of sequence
    """
    more = {name: value for name, value in _statement(result).items() if name not in columns}
    return csv_text((*columns, *more), ((*row, *more.values()) for row in rows))


def _statement(result: Result) -> dict[str, object]:
    """Return the columns that a result has a value for."""
    assumptions: Any = getattr(result, "assumptions", None)
    others, profiled = getattr(result, "others", None), getattr(result, "profiled", ())
    by_threshold = hasattr(result, "delta_chi2") and hasattr(result, "cl")
    found: dict[str, object] = {
        "experiment": experiments_of(result),
        "cl": getattr(result, "cl", None),
        "method": getattr(result, "method", "asymptotic" if by_threshold else None),
        "others": profiled_text(others, profiled) if others else None,
        "recoils": getattr(result, "channels", None),
    }
    if values := getattr(result, "with_values", {}):
        found["couplings"] = couplings_text(values, getattr(result, "settings", {}))
    if isinstance(assumptions, Assumptions):
        if not hasattr(result, "plane") and found["method"] != "feldman-cousins":
            found["sided"] = assumptions.sided
        found["assumptions"] = assumptions.text()
    found["version"] = result.origin.version
    return {name: found[name] for name in STATED if found.get(name) is not None}


def profiled_text(others: str, profiled: Sequence[str]) -> str:
    """Return what is done with other parameters, and which they are if they are named."""
    return f"{others}: {', '.join(profiled)}" if profiled else others
