"""The numbers of all tables of `munu.results.paper.data.DataResult`, one a row of CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from munu.base.thresholds import TWO_SIDED
from munu.physics.parameters import SYMBOLS
from munu.results.core.cells import finite_cell
from munu.results.paper.data_rows import DataFit, DataRow
from munu.results.paper.today_limit import TodayLimit

CL: Final = 0.90
"""Of every limit."""
UNIT_MU_B: Final = 1e-10
COLUMNS: Final = (
    *("table", "experiment", "recoils", "quantity", "others", "unit"),
    *("value", "low", "high", "expected"),
    *("printed", "printed_error", "printed_error_low", "printed_is", "ratio"),
    *("cl", "sided", "source", "note"),
)
"""``low`` and ``high`` are the interval at Δχ² = 1, as of `DataRow`; what is absent is empty."""
Row = Mapping[str, object]


def compared(row: DataRow) -> Row:
    """Return our number beside the printed one."""
    has_interval = row.low < row.high
    return {
        "table": "comparison",
        "experiment": row.experiment,
        "quantity": row.quantity,
        "unit": row.unit,
        "value": row.value,
        "low": row.low if has_interval else None,
        "high": row.high if has_interval else None,
        "printed": row.printed,
        "printed_error": row.printed_error or None,
        "printed_error_low": row.printed_error_low or row.printed_error or None,
        "printed_is": "upper bound" if row.is_bound else "value",
        "ratio": row.ratio,
        "cl": CL if row.quantity in SYMBOLS else None,
        "sided": row.sided,
        "source": row.source,
        "note": row.note,
    }


def fitted(one: DataFit) -> Iterator[Row]:
    """Yield the goodness of a fit, its signal, the weak mixing angle and the limits on moments."""
    (data,), fit, angle = one.fit.data, one.fit, one.weak_angle
    common = {"experiment": data.experiment, "recoils": fit.channels}
    by_toys = fit.p_value_toys is not None
    in_unit = f" in {data.unit_of_rates}" if data.unit_of_rates else ""
    found: tuple[Row, ...] = (
        {"quantity": "chi2", "value": fit.chi2},
        {"quantity": "bins", "value": fit.n_bins},
        {
            "quantity": "p_value",
            "value": fit.p_value_toys if by_toys else fit.p_value,
            "note": f"by {'toys' if by_toys else 'χ² distribution'}",
        },
        {
            "quantity": "signal",
            "unit": f"events{in_unit}",
            "value": data.signal_events,
            "low": data.signal_low,
            "high": data.signal_high,
        },
        {
            "quantity": "sin2_theta_w",
            "value": angle.best_fit,
            "low": angle.low,
            "high": angle.high,
        },
    )
    yield from ({"table": "fit", **common, **row} for row in found)
    yield from ({"table": "limit", **common, **_limited(limit)} for limit in one.limits)


def _limited(limit: TodayLimit) -> Row:
    """Return a limit beside the expected one; an infinite one is empty and its note says why."""
    why = limit.unbounded_because or limit.failure
    return {
        "quantity": limit.parameter,
        "others": limit.others,
        "unit": "1e-10 mu_B",
        "value": finite_cell(limit.limit_mu_b / UNIT_MU_B),
        "expected": finite_cell(limit.expected_limit_mu_b / UNIT_MU_B),
        "cl": CL,
        "sided": TWO_SIDED,
        "note": why,
    }
