"""The numbers of a result as columns with names and units, for tables that others read."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from munu.base.errors import MunuError
from munu.exporting.binned_columns import fit_tables, rate_tables
from munu.exporting.column_table import ColumnTable, ExportColumn, not_finite
from munu.results.core.base import Result
from munu.results.core.stated import STATED
from munu.results.fit import FitResult
from munu.results.posterior import PosteriorResult
from munu.results.rate import RateResult
from munu.results.weak_angle import WeakAngleResult

INDEPENDENT: Final = {
    "limit": 1,
    "coupling-limit": 1,
    "cls-limit": 1,
    "feldman-cousins": 1,
    "feldman-cousins-region": 1,
    "profile": 1,
    "coupling-profile": 1,
    "scan": 1,
    "region": 1,
    "coupling-region": 1,
    "envelope": 1,
    "coupling-envelope": 1,
    "weak-angle": 1,
    "coverage": 1,
    "coupling-coverage": 1,
    "plane-coverage": 2,
    "spectrum": 1,
    "posterior": 1,
}
"""Kinds of results that have such columns, and how many of them come first, as variables."""
BINNED: Final = ("rate", "fit")
"""Kinds of results whose variables are bins."""
SAID_ELSEWHERE: Final = (*STATED, "unit", "region", "piece", "line", "kind")
"""Columns of CSV that are qualifiers, or a table each."""
MAY_BE_EMPTY: Final = ("expected_limit_mu_b", "best_fit")
"""Columns left out where they are empty: the data are the expected ones already."""
ABSENT: Final = "-"
"""How HEPData writes a number that a row does not have."""
ENDS: Final = ("_low", "_high")
"""What may stand behind a unit in the name of a column."""
UNITS: Final = {
    "_mu_b": "$\\mu_B$",
    "_rad": "rad",
    "_cm2": "cm$^2$",
    "_MeV": "MeV",
    "_kev": "keV",
    "_keV": "keV",
    "_per_kg_kev_day": "1/(kg keV day)",
    "_per_mu_b2_kg_kev_day": "1/($\\mu_B^2$ kg keV day)",
}
"""How units end the names of columns, and how HEPData writes them."""


def column_tables(result: Result) -> list[ColumnTable]:
    """Return the numbers of a result, each piece of a region a table.

    Raises
    ------
    MunuError
        For a kind that has no such table, and a number that is not finite.
    """
    if isinstance(result, RateResult):
        return [*rate_tables(result), *_spectrum(result)]
    if isinstance(result, FitResult):
        return fit_tables(result)
    kind = result.kind_of_result
    if kind not in INDEPENDENT:
        raise MunuError(
            f"a result of kind '{kind}' is no table of HEPData's",
            f"Allowed: {', '.join((*INDEPENDENT, *BINNED))}",
        )
    rows = _rows(result)
    if not rows:
        raise MunuError(f"this {kind} has no numbers", "HEPData takes tables that are not empty")
    over = getattr(result, "over_unit", "")
    units = {**UNITS, f"_{over}": over} if over else UNITS
    pieces = dict.fromkeys(map(_piece, rows))
    return [
        _table([row for row in rows if _piece(row) == piece], piece, INDEPENDENT[kind], units)
        for piece in pieces
    ]


def _spectrum(result: RateResult) -> list[ColumnTable]:
    """Return the table of the spectrum that was asked for with a rate."""
    if result.spectrum is None:
        return []
    return [replace(one, piece="spectrum") for one in column_tables(result.spectrum)]


def _piece(row: Mapping[str, str]) -> str:
    """Return which of several tables a row belongs to, as in ``outer 1``."""
    return " ".join(row[name] for name in ("region", "kind", "line", "piece") if row.get(name))


def _rows(result: Result) -> list[dict[str, str]]:
    """Return the rows of CSV by their columns.

    Of a posterior not the samples but its intervals, of a weak angle the curve.
    """
    if isinstance(result, WeakAngleResult):
        curve = zip(result.sin2_theta_w, result.delta_chi2, strict=True)
        return [{"sin2_theta_w": repr(float(x)), "delta_chi2": repr(float(y))} for x, y in curve]
    if not isinstance(result, PosteriorResult):
        return list(csv.DictReader(io.StringIO(result.to_csv())))
    return [
        {
            "parameter": f"{one.parameter} ({one.unit})" if one.unit else one.parameter,
            "low": repr(float(low)),
            "high": repr(float(high)),
            "median": repr(one.median),
        }
        for one in result.parameters
        for low, high in one.highest_density
    ]


def _table(
    rows: Sequence[dict[str, str]], piece: str, independent: int, units: Mapping[str, str]
) -> ColumnTable:
    unit = rows[0].get("unit", "")
    columns = []
    for name in rows[0]:
        texts = [row[name] for row in rows]
        is_said = name in SAID_ELSEWHERE or (name == "data" and len(set(texts)) == 1)
        if is_said or (name in MAY_BE_EMPTY and not any(texts)):
            continue
        columns.append(
            _column(f"{name}_{unit}" if unit and name in ("low", "high") else name, texts, units)
        )
    return ColumnTable(piece, tuple(columns), independent)


def _column(name: str, texts: Sequence[str], units: Mapping[str, str]) -> ExportColumn:
    empty = sum(not text for text in texts)
    if empty and name not in MAY_BE_EMPTY:
        raise not_finite(name, empty, len(texts))
    side = next((end for end in ENDS if name.endswith(end)), "")
    bare = name.removesuffix(side)
    unit = max((one for one in units if bare.endswith(one)), key=len, default="")
    values = tuple(_value(text or ABSENT) for text in texts)
    return ExportColumn(bare.removesuffix(unit) + side, units.get(unit, ""), values)


def _value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
