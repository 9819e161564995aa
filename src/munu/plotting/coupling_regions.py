"""Allowed regions of two couplings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from munu.base.typing import FloatArray
from munu.plotting.figures import Frame, Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of
from munu.plotting.parameter_axes import (
    check_signs,
    mark_standard_model,
    parameter_label,
    parameter_scales,
    window,
)
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
        ``unit``, ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For regions of several planes, a logarithmic axis of a parameter that takes both signs, and
        as `munu.plot`.
    """
    regions = [results] if isinstance(results, CouplingRegionResult) else list(results)
    chosen, first = look_of(len(regions), look), regions[0]
    check_one_plane([region.plane for region in regions])
    units = parameter_scales(first.plane, chosen)
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        usual = ("linear", "linear") if ax is None else (axes.get_xscale(), axes.get_yscale())
        scales, frame = chosen.scales(usual), Frame(axes)
        check_signs(first.plane, scales)
        colours = colours_of(region.origin.experiments for region in regions)
        for index, (region, colour) in enumerate(zip(regions, colours, strict=True)):
            draw_region(axes, region, colour, units)
            own = wrapped(short_name(region.origin))
            label = chosen.label(index, own)
            axes.fill([], [], facecolor=tint(colour), edgecolor=colour, label=label)
        standard = mark_standard_model(axes, first.standard_model, units, scales)
        x, y = (parameter_label(name, chosen) for name in first.plane)
        title = f"{percent(first.cl)} C.L., two parameters" if chosen.caption else ""
        axes.set(xlabel=x, ylabel=y, title=title, xscale=scales[0], yscale=scales[1])
        pieces = [piece for one in regions for piece in one.outlines]
        frame.show(*window(first.plane, [*pieces, standard], units))
        legend_below(axes)
    return Picture(figure, axes)


def draw_region(axes: Axes, region: CouplingRegionResult, colour: str, units: FloatArray) -> None:
    """Draw the pieces of a region into axes, of which one stands for so much of each parameter."""
    for outline in region.outlines:
        axes.fill(*(outline / units).T, facecolor=tint(colour))
    for polygon in region.polygons:
        axes.plot(*(polygon / units).T, color=colour)
