"""Feldman-Cousins regions with the error band of their edge."""

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
from munu.results.feldman_cousins_region import FeldmanCousinsRegionResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_feldman_cousins_region(
    results: FeldmanCousinsRegionResult | Sequence[FeldmanCousinsRegionResult],
    ax: Axes | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw a region, its edge one standard error of the toys to both sides, and Wilks' edge.

    Parameters
    ----------
    results : FeldmanCousinsRegionResult or sequence of them
        Of one plane.
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
    regions = [results] if isinstance(results, FeldmanCousinsRegionResult) else list(results)
    chosen, first = look_of(len(regions), look), regions[0]
    check_one_plane([one.plane for one in regions])
    units = parameter_scales(first.plane, chosen)
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        kinds, frame = chosen.scales(("linear", "linear")), Frame(axes)
        check_signs(first.plane, kinds)
        colours = colours_of(one.origin.experiments for one in regions)
        for index, (one, colour) in enumerate(zip(regions, colours, strict=True)):
            _draw(axes, one, units, colour)
            label = chosen.label(index, wrapped(short_name(one.origin)))
            axes.fill([], [], facecolor=tint(colour), edgecolor=colour, label=label)
        axes.plot([], [], color="k", ls=":", label="Wilks' threshold")
        standard = mark_standard_model(axes, first.standard_model, units, kinds)
        x, y = (parameter_label(name, chosen) for name in first.plane)
        title = f"{percent(first.cl)} C.L., Feldman-Cousins" if chosen.caption else ""
        axes.set(xlabel=x, ylabel=y, title=title, xscale=kinds[0], yscale=kinds[1])
        shown = [piece for one in regions for piece in (*one.outlines, *one.asymptotic_polygons)]
        frame.show(*window(first.plane, [*shown, standard], units))
        legend_below(axes)
    return Picture(figure, axes)


def _draw(axes: Axes, one: FeldmanCousinsRegionResult, units: FloatArray, colour: str) -> None:
    """Draw the pieces of a region, the band of their edge, and the asymptotic edge."""
    for outline in one.outlines:
        axes.fill(*(outline / units).T, facecolor=tint(colour))
    for polygon, error in zip(one.polygons, one.edge_error, strict=True):
        axes.plot(*(polygon / units).T, color=colour)
        for side in (-1, 1):
            axes.plot(*((polygon + side * error) / units).T, color=colour, lw=0.5)
    for arc in one.asymptotic_polygons:
        axes.plot(*(arc / units).T, color="k", ls=":")
