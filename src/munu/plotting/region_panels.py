"""Regions of all planes, setup by setup or beam by beam: Figs. 4 to 6 of arXiv:1905.03750."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from munu.plotting.panels import ASSUMED, panel_rows, plain_ticks, row_legend
from munu.plotting.regions import draw_contour, fill_regions, level_text, log_window, size_of
from munu.plotting.style import (
    axis_label,
    colours_of,
    experiment_name,
    house_style,
    tint,
)
from munu.results.paper.figure_regions import RegionsResult
from munu.results.region import RegionResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINES: Final[tuple[Literal["-", "--", "-.", ":"], ...]] = ("-", "--", "-.", ":")
"""Of contours that nearly touch, which are not filled."""
THIN_RIM: Final = 1.08
"""Ratio of the sizes of two regions below which the rim between them is as thin as a line."""
TITLES = {
    ("delayed", "current"): "Delayed beam, current setups",
    ("prompt", "current"): "Prompt beam, current setups",
    ("delayed", "future"): "Delayed beam, future setups",
    ("prompt", "future"): "Prompt beam, future setups",
    ("full", "current"): "Current setups",
    ("full", "future"): "Future setups",
}


def draw(result: RegionsResult) -> tuple[Figure, Any]:
    """Draw a row of planes for each beam and setup, on logarithmic axes."""
    rows: dict[tuple[str, str], list[RegionResult]] = {}
    for region in result.regions:
        setup = region.origin.experiments[0].partition("@")[2]
        rows.setdefault((region.assumptions.beam, setup), []).append(region)
    planes = list(dict.fromkeys(region.plane for region in result.regions))
    with house_style():
        figure, axes = panel_rows(len(rows), len(planes), 0.5 + 2.65 * len(rows))
        for row, (key, regions) in zip(axes, rows.items(), strict=True):
            _row(row, regions, TITLES[key])
        figure.suptitle(f"Allowed regions, {level_text(result.regions[0])}; phases zero\n{ASSUMED}")
    return figure, axes


def _row(row: Sequence[Axes], regions: Sequence[RegionResult], title: str) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    planes = list(dict.fromkeys(region.plane for region in regions))
    names = list(dict.fromkeys(region.origin.experiments for region in regions))
    colours = dict(zip(names, colours_of(names), strict=True))
    lines = dict(zip(names, cycle(LINES), strict=False)) if has_thin_rims(regions) else {}
    low, high = window = log_window(regions)
    for axes, plane in zip(row, planes, strict=True):
        shown = [region for region in regions if region.plane == plane]
        if lines:
            for one in shown:
                name = one.origin.experiments
                draw_contour(axes, one, window, color=colours[name], linestyle=lines[name])
        else:
            fill_regions(axes, shown, [colours[r.origin.experiments] for r in shown], window)
        axes.set(xscale="log", yscale="log", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        axes.set(xlabel=axis_label(plane[0]), ylabel=axis_label(plane[1]))
        axes.tick_params(labelleft=True)
        plain_ticks(axes)
    handles = [
        Line2D([], [], color=colours[n], linestyle=lines[n], label=experiment_name(n))
        if lines
        else Patch(facecolor=tint(colours[n]), edgecolor=colours[n], label=experiment_name(n))
        for n in names
    ]
    row_legend(row, handles, title)


def has_thin_rims(regions: Sequence[RegionResult]) -> bool:
    """Whether one region reaches so little beyond another that its colour would not be seen."""
    planes = dict.fromkeys(region.plane for region in regions)
    for plane in planes:
        sizes = np.sort([size_of(region) for region in regions if region.plane == plane])
        if np.any(sizes[1:] < THIN_RIM * sizes[:-1]):
            return True
    return False
