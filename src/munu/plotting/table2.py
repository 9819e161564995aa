"""Table II: computed over published, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from munu.physics.parameters import SYMBOLS
from munu.plotting.figures import new_figure
from munu.plotting.style import COLOURS, PAGE_WIDTH_INCHES, house_style
from munu.results.core.base import Result
from munu.results.paper.table2 import Table2Result, Table2Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = ("o", "s", "^")
LINE_HEIGHT_INCHES = 0.17


def draw(result: Result) -> tuple[Figure, Any]:
    """Draw the ratio of every cell, with the rounding of the printed digit as its error bar.

    Raises
    ------
    TypeError
        For another result than Table II.
    """
    if not isinstance(result, Table2Result):
        raise TypeError(f"a Table2Result is drawn here, not a {type(result).__name__}")
    lines = [result.rows[i : i + 3] for i in range(0, len(result.rows), 3)]
    with house_style():
        figure = new_figure(PAGE_WIDTH_INCHES, 1.0 + LINE_HEIGHT_INCHES * len(lines))
        axes = figure.add_subplot()
        axes.axvspan(0.975, 1.025, color="0.92", lw=0)
        axes.axvline(1.0, color="0.5", lw=0.6)
        for index, marker in enumerate(MARKERS):
            _points(axes, [cells[index] for cells in lines], marker, COLOURS[index], index)
        _labels(axes, lines)
    return figure, axes


def _points(axes: Axes, cells: Sequence[Table2Row], marker: str, colour: str, index: int) -> None:
    """Draw the cells of one moment, the three of a line a little apart."""
    for row, cell in enumerate(cells):
        relative = cell.published_half_width_mu_b / cell.published_mu_b
        future = cell.setup == "future"
        axes.errorbar(
            cell.ratio,
            row + 0.22 * (index - 1),
            xerr=cell.ratio * relative,
            fmt=marker,
            ms=3.5,
            lw=0.8,
            color=colour,
            mfc="white" if future else colour,
            label=SYMBOLS[cell.parameter] if row == 0 else None,
        )


def _labels(axes: Axes, lines: Sequence[Sequence[Table2Row]]) -> None:
    names = []
    for row, cells in enumerate(lines):
        first = cells[0]
        beam = "" if first.group in ("Reactor", "Solar") else f" {first.beam}"
        names.append(f"{first.label}{beam}, {first.setup}")
        if row and first.group != lines[row - 1][0].group:
            axes.axhline(row - 0.5, color="0.8", lw=0.6)
    axes.set_yticks(range(len(lines)), names)
    axes.set_ylim(len(lines) - 0.4, -0.6)
    axes.set_xscale("log")
    ticks = (0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 3.0)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("limit computed by munu / limit printed in Table II of arXiv:1905.03750")
    axes.set_title(
        "90 % C.L. slices, published convention, Δχ² = 2.71, one degree of freedom.\n"
        "Bars: rounding of the printed digit. Band: 2.5 %. Filled: current, open: future setups."
    )
    axes.legend(loc="center right")
