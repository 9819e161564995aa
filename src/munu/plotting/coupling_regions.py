"""Allowed regions of two couplings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import numpy as np

from munu.base.typing import FloatArray
from munu.physics.interactions.registry import parameter as parameter_of
from munu.plotting.figures import Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of
from munu.plotting.regions import check_one_plane
from munu.plotting.style import colours_of, house_style, short_name, tint, wrapped
from munu.results.core.table import percent
from munu.results.coupling_region import CouplingRegionResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_coupling_region(
    results: CouplingRegionResult | Sequence[CouplingRegionResult],
    ax: Axes | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw the region of two couplings, for one result or several of the same plane.

    Parameters
    ----------
    results : CouplingRegionResult or sequence of them
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **look
        ``label``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For regions of several planes, and as `munu.plot`.
    """
    regions = [results] if isinstance(results, CouplingRegionResult) else list(results)
    chosen, first = look_of(len(regions), look), regions[0]
    check_one_plane([region.plane for region in regions])
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        colours = colours_of(region.origin.experiments for region in regions)
        for index, (region, colour) in enumerate(zip(regions, colours, strict=True)):
            _draw(axes, region, colour)
            own = wrapped(short_name(region.origin))
            label = chosen.label(index, own)
            axes.fill([], [], facecolor=tint(colour), edgecolor=colour, label=label)
        axes.plot(*(first.standard_model / _scales(first)), "k+", label="Standard Model")
        x, y = (_axis_label(name) for name in first.plane)
        title = f"{percent(first.cl)} C.L., two parameters" if chosen.caption else ""
        axes.set(xlabel=x, ylabel=y, title=title)
        legend_below(axes)
    return Picture(figure, axes)


def _draw(axes: Axes, region: CouplingRegionResult, colour: str) -> None:
    for outline in region.outlines:
        axes.fill(*(outline / _scales(region)).T, facecolor=tint(colour))
    for polygon in region.polygons:
        axes.plot(*(polygon / _scales(region)).T, color=colour)


def _scales(region: CouplingRegionResult) -> FloatArray:
    return np.array([parameter_of(name).unit.scale for name in region.plane])


def _axis_label(name: str) -> str:
    parameter = parameter_of(name)
    unit = parameter.unit.text
    return f"{parameter.symbol} ({unit})" if unit else parameter.symbol
