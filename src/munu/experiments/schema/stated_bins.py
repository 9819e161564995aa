"""Bins that a table of counts states, in columns beside them, and those of the experiment.

Counts are taken row by row, so that those of a table with other bins would be in the wrong ones.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.experiments.csv_table import CsvTable
from munu.experiments.schema.bins import scale_of
from munu.experiments.schema.column_units import in_unit, is_alike, stated_unit
from munu.experiments.schema.context import Context

ROUNDING: Final = 0.05
"""Of the width of a bin, by which edges in print may be rounded."""
_OTHER_UNIT: Final = {"us": "ns", "eV": "kev", "keV": "ev", "eVee": "kevee", "keVee": "evee"}
"""For an example of a column's name."""


def check_bins(table: CsvTable, context: Context) -> None:
    """Raise `MunuError` for a row whose interval is not that of the bin it counts in.

    Compared are columns of intervals: the first ones of a table if they are as many as axes, and
    others that have an axis' name or unit. They are in the unit that the bins are written in unless
    their names state another one; one of another kind, as keVee beside photoelectrons, is left.
    """
    leading = table.leading_intervals()
    in_order = len(leading) == len(context.axes)
    rows = np.arange(len(table.rows))
    places = np.unravel_index(rows, [edges.size - 1 for _, edges in context.axes])
    for pair in table.intervals():
        given = in_order and pair in leading
        axis = leading.index(pair) if given else _axis_of(table.names[pair[0]], context)
        if axis is None:
            continue
        edges = context.axes[axis][1]
        widths = np.diff(edges)[places[axis]]
        for column, ends in zip(pair, (edges[:-1], edges[1:]), strict=True):
            _compare(table, column, ends[places[axis]], widths, context, axis)


def _axis_of(column: str, context: Context) -> int | None:
    """Return the axis that a column has the name or the unit of; the first is an energy."""
    stated = stated_unit(column)
    if stated is not None:
        alike = [i for i, unit in enumerate(context.units) if is_alike(stated, unit)]
        return alike[0] if len(alike) == 1 else None
    names = [("energy", name) if i == 0 else (name,) for i, (name, _) in enumerate(context.axes)]
    found = [i for i, own in enumerate(names) if column.lower().startswith(own)]
    return found[0] if found else None


def _compare(
    table: CsvTable,
    column: int,
    ends: FloatArray,
    widths: FloatArray,
    context: Context,
    axis: int,
) -> None:
    """Compare a column with the ends of its rows' bins; an end that is infinite is any number."""
    name, unit = table.names[column], context.units[axis]
    stated = stated_unit(name)
    if stated is not None and not is_alike(stated, unit):
        return
    scale = scale_of("bins", unit, context.unit) if axis == 0 else 1.0
    written = ends / scale
    values = table.rows[:, column] * (1.0 if stated is None else in_unit(stated, unit))
    spare = ROUNDING * np.where(np.isfinite(widths), widths / scale, 1.0)
    wrong = np.flatnonzero(np.isfinite(written) & (np.abs(values - written) > spare))
    if wrong.size:
        i = int(wrong[0])
        raise MunuError(
            f"{table.place(i)}: {name} is {table.rows[i, column]:g}, and the bin of"
            f" '{context.axes[axis][0]}' that it counts in has {written[i]:g} {unit}".rstrip(),
            _remedy(table, name, unit, axis),
        )


def _remedy(table: CsvTable, name: str, unit: str, axis: int) -> str:
    """Return what to do about bins of two kinds."""
    if axis > 0:
        same = "Give the axis the edges of the table, or sum its rows over the axis' bins"
    else:
        same = (
            f'Take the bins of the table, bins = {{ kind = "table", file = "{table.file}", ... }}'
        )
    other = _OTHER_UNIT.get(unit)
    if other is None or stated_unit(name) is not None:
        return same
    return f"{same}; if it is not in {unit}, end its name with its unit, as in {name}_{other}"
