"""Regions of the three planes from today's data, and projections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from munu.plotting.panels import panel_rows, plain_ticks, row_legend
from munu.plotting.regions import draw_contour, level_text
from munu.plotting.style import COLOURS, axis_label, house_style, scale_of
from munu.results.paper.today import TodayResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COMBINED = {"COHERENT, reactors": "0.7", "all": "0.45"}
"""Combinations of data and the grey of their lines."""
TITLE = "Solid: data; grey and wide: data combined. Dashed: projections"
BELOW, ABOVE = 0.2, 1.5
"""The window reaches from the nearest contour times the one to the farthest times the other."""


def draw(result: TodayResult) -> tuple[Figure, Any]:
    """Draw data as solid and projections as dashed contours."""
    from matplotlib.lines import Line2D

    if not result.regions:
        return _without_regions()
    labels = list(dict.fromkeys(result.region_labels))
    single = [label for label in labels if label not in COMBINED]
    colours = COMBINED | dict(zip(single, [*COLOURS, "0.6"], strict=False))
    planes = list(dict.fromkeys(region.plane for region in result.regions))
    unit = scale_of(planes[0][0])
    vertices = np.concatenate([p for region in result.regions for p in region.polygons]) / unit
    radius = np.linalg.norm(vertices, axis=1)
    low, high = np.full(2, BELOW * radius.min()), np.full(2, ABOVE * vertices.max())
    pairs = zip(result.region_labels, result.regions, strict=True)
    below = sorted(pairs, key=lambda pair: pair[0] not in COMBINED)
    with house_style():
        figure, axes = panel_rows(1, len(planes), 3.1)
        for panel, plane in zip(axes[0], planes, strict=True):
            for label, region in below:
                if region.plane == plane:
                    draw_contour(
                        panel,
                        region,
                        (low, high),
                        color=colours[label],
                        linestyle=_line(label),
                        linewidth=_width(label),
                    )
            panel.set(xscale="log", yscale="log", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
            panel.set(xlabel=axis_label(plane[0]), ylabel=axis_label(plane[1]))
            panel.tick_params(labelleft=True)
            plain_ticks(panel)
        handles = [
            Line2D(
                [],
                [],
                color=colours[label],
                linestyle=_line(label),
                linewidth=_width(label),
                label=label,
            )
            for label in labels
        ]
        row_legend(axes[0], handles, TITLE, columns=-(-len(labels) // 2))
        figure.suptitle(
            f"Allowed regions, {level_text(result.regions[0])}; the third moment and all phases "
            "zero,\nper-species convention; projections without systematic uncertainties"
        )
    return figure, axes


def _without_regions() -> tuple[Figure, Any]:
    """Draw what is left if no fit converges."""
    with house_style():
        figure, axes = panel_rows(1, 1, 3.1)
        (panel,) = axes.ravel()
        panel.set_axis_off()
        text = "No region could be solved:\nthe remarks under the table say why."
        panel.text(0.5, 0.5, text, ha="center", va="center")
    return figure, axes


def _width(label: str) -> float:
    """Return the width of a line: one of a combination shows on both sides of a thin one."""
    return 3.2 if label in COMBINED else 1.4


def _line(label: str) -> Literal["-", "--"]:
    return "--" if "future" in label else "-"
