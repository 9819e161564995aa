"""Regions of Borexino: Fig. 8 of arXiv:1905.03750."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from munu.plotting.panels import panel_rows, row_legend
from munu.plotting.regions import draw_contour, fill_regions, level_text, linear_window
from munu.plotting.style import axis_label, colours_of, house_style, tint
from munu.results.core.table import percent
from munu.results.paper.figure_regions import RegionsResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(result: RegionsResult) -> tuple[Figure, Any]:
    """Fill where the effective moment is below its bound; dash the region of two parameters."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    bounds = [region for region in result.regions if region.degrees_of_freedom == 1]
    wider = [region for region in result.regions if region.degrees_of_freedom == 2]
    (colour,) = colours_of([bounds[0].origin.experiments])
    with house_style():
        figure, axes = panel_rows(1, len(bounds), 2.9)
        window = linear_window(result.regions)
        for panel, bound, region in zip(axes[0], bounds, wider, strict=True):
            fill_regions(panel, [bound], [colour], window)
            draw_contour(panel, region, window, color=colour, linestyle="--")
            panel.set(xlim=(0, window[1][0]), ylim=(0, window[1][1]))
            panel.set(xlabel=axis_label(bound.plane[0]), ylabel=axis_label(bound.plane[1]))
            panel.tick_params(labelleft=True)
        handles = [
            Patch(
                facecolor=tint(colour),
                edgecolor=colour,
                label=r"$\mu_\nu<2.8\times10^{-11}\mu_B$, as the paper: "
                + level_text(bounds[0]).partition(", ")[2],
            ),
            Line2D(
                [],
                [],
                color=colour,
                linestyle="--",
                label="both moduli: " + level_text(wider[0]).partition(", ")[2],
            ),
        ]
        row_legend(axes[0], handles, "")
        figure.suptitle(
            f"Borexino, {percent(bounds[0].cl)} C.L.; third moment zero (slices), no phase enters"
        )
    return figure, axes
