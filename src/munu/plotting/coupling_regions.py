"""Allowed regions of two couplings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from munu.base.calls import checked_call
from munu.base.typing import FloatArray
from munu.plotting.coupling_plane import coupling_plane
from munu.plotting.figures import Picture
from munu.plotting.look import LookOptions, results_of
from munu.plotting.style import short_name, tint, wrapped
from munu.plotting.told_apart import level, restrictions, short_treatment, titled_of_two, told_apart
from munu.results.coupling_region import CouplingRegionResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@checked_call
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
    regions = results_of(CouplingRegionResult, results)
    first = regions[0]
    with coupling_plane(regions, ax, look) as plane:
        apart = told_apart(regions, level, short_treatment, restrictions)
        for index, (one, colour) in enumerate(zip(regions, plane.colours, strict=True)):
            draw_region(plane.axes, one, colour, plane.units)
            label = plane.look.label(index, wrapped(f"{short_name(one.origin)}{apart[index]}"))
            plane.axes.fill([], [], facecolor=tint(colour), edgecolor=colour, label=label)
        pieces = [piece for one in regions for piece in one.outlines]
        pieces.append(plane.standard_model(first.standard_model))
        return plane.finished(titled_of_two(regions), *plane.window(pieces))


def draw_region(axes: Axes, region: CouplingRegionResult, colour: str, units: FloatArray) -> None:
    """Draw the pieces of a region into axes, of which one stands for so much of each parameter."""
    for outline in region.outlines:
        axes.fill(*(outline / units).T, facecolor=tint(colour))
    for polygon in region.polygons:
        axes.plot(*(polygon / units).T, color=colour)
