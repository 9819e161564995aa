"""Regions of all planes, setup by setup or beam by beam: Figs. 4 to 6 of arXiv:1905.03750."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from munu.plotting.panels import ASSUMED, panel_rows, plain_ticks, row_legend
from munu.plotting.regions import fill_regions, level_text, log_window
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
        rows.setdefault((region.conditions.beam, setup), []).append(region)
    planes = list(dict.fromkeys(region.plane for region in result.regions))
    with house_style():
        figure, axes = panel_rows(len(rows), len(planes), 0.5 + 2.65 * len(rows))
        for row, (key, regions) in zip(axes, rows.items(), strict=True):
            _row(row, regions, TITLES[key])
        figure.suptitle(f"Allowed regions, {level_text(result.regions[0])}; phases zero\n{ASSUMED}")
    return figure, axes


def _row(row: Sequence[Axes], regions: Sequence[RegionResult], title: str) -> None:
    from matplotlib.patches import Patch

    planes = list(dict.fromkeys(region.plane for region in regions))
    names = list(dict.fromkeys(region.origin.experiments for region in regions))
    colours = dict(zip(names, colours_of(names), strict=True))
    low, high = window = log_window(regions)
    for axes, plane in zip(row, planes, strict=True):
        shown = [region for region in regions if region.plane == plane]
        fill_regions(axes, shown, [colours[r.origin.experiments] for r in shown], window)
        axes.set(xscale="log", yscale="log", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        axes.set(xlabel=axis_label(plane[0]), ylabel=axis_label(plane[1]))
        axes.tick_params(labelleft=True)
        plain_ticks(axes)
    handles = [
        Patch(facecolor=tint(colours[n]), edgecolor=colours[n], label=experiment_name(n))
        for n in names
    ]
    row_legend(row, handles, title)
