"""Feldman-Cousins regions with the error band of their edge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from munu.base.calls import checked_call
from munu.plotting.coupling_plane import CouplingPlane, coupling_plane
from munu.plotting.figures import Picture
from munu.plotting.look import LookOptions, results_of
from munu.plotting.style import short_name, tint, wrapped
from munu.plotting.told_apart import level, restrictions, titled, told_apart
from munu.results.feldman_cousins_region import FeldmanCousinsRegionResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@checked_call
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
    regions = results_of(FeldmanCousinsRegionResult, results)
    first = regions[0]
    with coupling_plane(regions, ax, look) as plane:
        apart = told_apart(regions, level, restrictions)
        for index, (one, colour) in enumerate(zip(regions, plane.colours, strict=True)):
            _draw(plane, one, colour)
            label = plane.look.label(index, wrapped(f"{short_name(one.origin)}{apart[index]}"))
            plane.axes.fill([], [], facecolor=tint(colour), edgecolor=colour, label=label)
        plane.axes.plot([], [], color="k", ls=":", label="Wilks' threshold")
        shown = [piece for one in regions for piece in (*one.outlines, *one.asymptotic_polygons)]
        shown.append(plane.standard_model(first.standard_model))
        return plane.finished(titled(regions, "Feldman-Cousins"), *plane.window(shown))


def _draw(plane: CouplingPlane, one: FeldmanCousinsRegionResult, colour: str) -> None:
    """Draw the pieces of a region, the band of their edge, and the asymptotic edge."""
    for outline in one.outlines:
        plane.area(outline, facecolor=tint(colour))
    for polygon, error in zip(one.polygons, one.edge_error, strict=True):
        plane.line(polygon, color=colour)
        for side in (-1, 1):
            plane.line(polygon + side * error, color=colour, lw=0.5)
    for arc in one.asymptotic_polygons:
        plane.line(arc, color="k", ls=":")
