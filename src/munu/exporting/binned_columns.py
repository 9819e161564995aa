"""Rates and fits as tables for others: bins first, then the events in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import isfinite
from typing import Final

from munu.exporting.column_table import Bin, ColumnTable, ExportColumn
from munu.results.core.bins import BinAxis
from munu.results.fit import FitResult
from munu.results.fit_data import BinnedData
from munu.results.rate import RateResult

PER_MU_B2: Final = "1/$\\mu_B^2$"


def rate_tables(result: RateResult) -> list[ColumnTable]:
    """Return the events by bin, a column for each species, and their sums by kind of recoil."""
    columns = list(_bins(result.axes))
    for one in result.components:
        name = f"{one.species}_{one.beam}"
        columns.append(_numbers(f"{name}_sm_events", one.sm_events_per_bin))
        dipole = one.dipole_events_per_mu_b2_per_bin
        columns.append(_numbers(f"{name}_dipole_events", dipole, PER_MU_B2))
        if one.events_per_bin is not None:
            columns.append(_numbers(f"{name}_events", one.events_per_bin))
    return [ColumnTable("bins", tuple(columns), len(result.axes)), _sums(result)]


def _sums(result: RateResult) -> ColumnTable:
    """Return the events of the window by species, beam and kind of recoil."""
    found = [(c, recoil, rate) for c in result.components for recoil, rate in c.channels.items()]
    rates = [rate for *_, rate in found]
    columns = [
        ExportColumn("species", "", tuple(c.species for c, *_ in found)),
        ExportColumn("beam", "", tuple(c.beam for c, *_ in found)),
        ExportColumn("recoils", "", tuple(recoil for _, recoil, _ in found)),
        _numbers("sm_events", (one.sm_events for one in rates)),
        _numbers("dipole_events", (one.dipole_events_per_mu_b2 for one in rates), PER_MU_B2),
    ]
    events = [one.events for one in rates if one.events is not None]
    if events:
        columns.append(_numbers("events", events))
    return ColumnTable("sums", tuple(columns), 3)


def fit_tables(result: FitResult) -> list[ColumnTable]:
    """Return the events of each data set and control region, the pulls, and the goodness."""
    tables = []
    for data in result.data:
        tables.append(_events(data, data.experiment))
        tables += [_events(one, f"{data.experiment} {one.name}") for one in data.control_regions]
    return [*tables, *_pulls(result), *_couplings(result), _signals(result), _goodness(result)]


def _events(data: BinnedData, piece: str) -> ColumnTable:
    """Return what was observed and what is fitted, in all and by component."""
    columns = (
        *_bins(data.axes),
        _numbers("observed", data.observed_per_bin),
        _numbers("fitted", data.fitted_per_bin()),
        *(_numbers(one.label, one.fitted_per_bin) for one in data.components),
    )
    return ColumnTable(piece, columns, len(data.axes))


def _pulls(result: FitResult) -> Iterator[ColumnTable]:
    pulls = result.pulls
    if pulls:
        columns = (
            ExportColumn("nuisance", "", tuple(one.name for one in pulls)),
            _numbers("pull", (one.value for one in pulls)),
            _numbers("uncertainty", (one.uncertainty for one in pulls)),
        )
        yield ColumnTable("nuisances", columns, 1)


def _couplings(result: FitResult) -> Iterator[ColumnTable]:
    """Yield the couplings that were fitted: a row for each interval of Δχ² <= 1."""
    rows = [(one, low, high) for one in result.fitted for low, high in one.intervals.tolist()]
    if rows:
        names = tuple(f"{one.name} ({one.unit})" if one.unit else one.name for one, *_ in rows)
        columns = (
            ExportColumn("parameter", "", names),
            _numbers("best_fit", (one.best_fit for one, *_ in rows)),
            _numbers("low", (low for _, low, _ in rows)),
            _numbers("high", (high for *_, high in rows)),
        )
        yield ColumnTable("couplings", columns, 1)


def _signals(result: FitResult) -> ColumnTable:
    columns = (
        ExportColumn("data", "", tuple(one.experiment for one in result.data)),
        _numbers("signal_events", (one.signal_events for one in result.data)),
        _numbers("signal_events_low", (one.signal_low for one in result.data)),
        _numbers("signal_events_high", (one.signal_high for one in result.data)),
    )
    return ColumnTable("signal", columns, 1)


def _goodness(result: FitResult) -> ColumnTable:
    """Return χ², p-values where there are any, and the strength of the signal."""
    numbers = {
        "bins": result.n_bins,
        "degrees_of_freedom": result.degrees_of_freedom,
        "chi2": result.chi2,
        "p_value": result.p_value,
        "p_value_toys": result.p_value_toys,
        "strength": result.strength,
        "strength_low": result.strength_low,
        "strength_high": result.strength_high,
        "no_signal_delta_chi2": result.no_signal_delta_chi2,
    }
    given = {name: value for name, value in numbers.items() if value is not None}
    return ColumnTable("goodness", tuple(_numbers(n, [v]) for n, v in given.items()), 1)


def _numbers(name: str, values: Iterable[float], unit: str = "") -> ExportColumn:
    return ExportColumn(name, unit, tuple(map(float, values)))


def _bins(axes: Sequence[BinAxis]) -> Iterator[ExportColumn]:
    """Yield the bins of each observable, the last of which varies fastest."""
    rows = list(product(*(list(axis) for axis in axes)))
    for number, axis in enumerate(axes):
        yield ExportColumn(axis.observable, axis.unit, tuple(_bin(row[number]) for row in rows))


def _bin(ends: Bin) -> Bin | str:
    """Return a bin, as words where it has no end."""
    low, high = ends
    return ends if isfinite(high) else f"> {low:g}"
