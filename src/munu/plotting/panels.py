"""Rows of panels that share a legend and a statement of what is assumed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from munu.plotting.figures import AxesGrid, new_figure
from munu.plotting.style import PAGE_WIDTH_INCHES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

ASSUMED = (
    "published convention, projections without systematic uncertainty, other moments zero (slices)"
)


def panel_rows(
    rows: int, columns: int, height_inches: float, *, sharey: bool = True
) -> tuple[Figure, AxesGrid]:
    """Return a figure of page width and its axes, shape (rows, columns).

    Each row is a subfigure, whose legend `row_legend` sets; its panels share the y axis if wanted.
    """
    figure = new_figure(PAGE_WIDTH_INCHES, height_inches)
    parts = figure.subfigures(rows, 1, squeeze=False)[:, 0]
    return figure, np.array([part.subplots(1, columns, sharey=sharey) for part in parts])


def row_legend(
    row: Sequence[Axes], handles: Sequence[Any], title: str, *, columns: int | None = None
) -> None:
    """Set the legend of a row of panels above it, in one line if nothing else is said."""
    row[0].figure.legend(
        handles=handles,
        loc="outside upper center",
        ncols=len(handles) if columns is None else columns,
        title=title,
        title_fontsize=8,
        columnspacing=1.6,
        borderpad=0.1,
    )


MANY_DECADES = 3


def _decades(axis: Axis) -> float:
    low, high = axis.get_view_interval()
    return float(np.log10(high / low))


def plain_ticks(axes: Axes, *, x: bool = True, y: bool = True) -> None:
    """Label logarithmic axes with plain numbers: 0.5, 1, 2, 5, 10, ..."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    for axis, wanted in ((axes.xaxis, x), (axes.yaxis, y)):
        if wanted:
            axis.set_major_locator(
                LogLocator(subs=(1.0, 2.0, 5.0) if _decades(axis) < MANY_DECADES else (1.0,))
            )
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            axis.set_minor_locator(LogLocator(subs=tuple(np.arange(1.0, 10.0))))
            axis.set_minor_formatter(NullFormatter())
