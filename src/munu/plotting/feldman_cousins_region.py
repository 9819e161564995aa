"""Feldman-Cousins regions with the error band of their edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from munu.plotting.coupling_regions import (
    check_signs,
    mark_standard_model,
    parameter_label,
    window,
)
from munu.plotting.figures import Frame, Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of
from munu.plotting.style import colours_of, house_style, short_name, tint, wrapped
from munu.results.core.table import percent
from munu.results.feldman_cousins_region import FeldmanCousinsRegionResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_feldman_cousins_region(
    result: FeldmanCousinsRegionResult, ax: Axes | None = None, **look: Unpack[LookOptions]
) -> Picture:
    """Draw a region, its edge one standard error of the toys to both sides, and Wilks' edge.

    Parameters
    ----------
    result : FeldmanCousinsRegionResult
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **look
        ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For a logarithmic axis of a parameter that takes both signs, and as `munu.plot`.
    """
    chosen, scales = look_of(1, look), result.scales
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        kinds, frame = chosen.scales(("linear", "linear")), Frame(axes)
        check_signs(result.plane, kinds)
        (colour,) = colours_of([result.origin.experiments])
        for outline in result.outlines:
            axes.fill(*(outline / scales).T, facecolor=tint(colour))
        for polygon, error in zip(result.polygons, result.edge_error, strict=True):
            axes.plot(*(polygon / scales).T, color=colour)
            for side in (-1, 1):
                axes.plot(*((polygon + side * error) / scales).T, color=colour, lw=0.5)
        for arc in result.asymptotic_polygons:
            axes.plot(*(arc / scales).T, color="k", ls=":")
        label = chosen.label(0, wrapped(short_name(result.origin)))
        axes.fill([], [], facecolor=tint(colour), edgecolor=colour, label=label)
        axes.plot([], [], color="k", ls=":", label="Wilks' threshold")
        standard = mark_standard_model(axes, result.standard_model, scales, kinds)
        x, y = (parameter_label(name) for name in result.plane)
        title = f"{percent(result.cl)} C.L., Feldman-Cousins" if chosen.caption else ""
        axes.set(xlabel=x, ylabel=y, title=title, xscale=kinds[0], yscale=kinds[1])
        pieces = [*result.outlines, *result.asymptotic_polygons, standard]
        frame.show(*window(result.plane, pieces))
        legend_below(axes)
    return Picture(figure, axes)
