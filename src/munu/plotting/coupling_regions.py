"""Allowed regions of two couplings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from munu.physics.interactions.registry import parameter as parameter_of
from munu.plotting.style import (
    colours_of,
    experiment_name,
    house_style,
    legend_below,
    new_axes,
    tint,
    wrapped,
)
from munu.results.core.table import percent
from munu.results.coupling_region import CouplingRegionResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_coupling_region(
    results: CouplingRegionResult | Sequence[CouplingRegionResult], axes: Axes | None = None
) -> tuple[Figure, Axes]:
    """Draw the region of two couplings, for one result or several of the same plane.

    Parameters
    ----------
    results : CouplingRegionResult or sequence of them
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    """
    regions = [results] if isinstance(results, CouplingRegionResult) else list(results)
    first = regions[0]
    x, y = (parameter_of(name) for name in first.plane)
    scale = np.array([x.unit.scale, y.unit.scale])
    with house_style():
        figure, axes = new_axes(axes)
        colours = colours_of(region.origin.experiments for region in regions)
        for region, colour in zip(regions, colours, strict=True):
            for outline in region.outlines:
                axes.fill(*(outline / scale).T, facecolor=tint(colour))
            for polygon in region.polygons:
                axes.plot(*(polygon / scale).T, color=colour)
            label = " + ".join(experiment_name(name) for name in region.origin.experiments)
            axes.fill([], [], facecolor=tint(colour), edgecolor=colour, label=wrapped(label))
        axes.plot(*(first.standard_model / scale), "k+", label="Standard Model")
        axes.set(
            xlabel=f"{x.symbol} ({x.unit.text})" if x.unit.text else x.symbol,
            ylabel=f"{y.symbol} ({y.unit.text})" if y.unit.text else y.symbol,
            title=f"{percent(first.cl)} C.L., two parameters",
        )
        legend_below(axes)
    return figure, axes
