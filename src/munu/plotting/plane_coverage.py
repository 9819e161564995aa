"""Coverage of a region at points of its plane."""

from __future__ import annotations

from typing import Final, Unpack

import numpy as np

from munu.physics.interactions.registry import parameter as parameter_of
from munu.plotting.coupling_regions import parameter_label
from munu.plotting.figures import Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of
from munu.plotting.style import colours_of, house_style, short_name, wrapped
from munu.results.core.table import percent
from munu.results.plane_coverage import PlaneCoverageResult

AROUND: Final = 0.12
"""Room about the points for what is written beside them, as a part of their extent."""


def plot_plane_coverage(result: PlaneCoverageResult, **look: Unpack[LookOptions]) -> Picture:
    """Draw the points with their coverage in per cent, and the region of the data.

    Parameters
    ----------
    result : PlaneCoverageResult
    **look
        ``label``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        As `munu.plot`.
    """
    chosen = look_of(1, look)
    scales = np.array([parameter_of(name).unit.scale for name in result.plane])
    points = result.points / scales
    with house_style(chosen.style):
        figure, axes = new_axes(None, chosen.style)
        (colour,) = colours_of([result.origin.experiments])
        for arc in result.polygons:
            axes.plot(*(arc / scales).T, color="k", ls=":")
        axes.plot([], [], color="k", ls=":", label="Wilks' threshold, data")
        toys = f", {result.toys} toys a point" if chosen.caption else ""
        label = chosen.label(0, wrapped(f"{short_name(result.origin)}{toys}"))
        axes.plot(*points.T, "o", color=colour, ms=4, label=label)
        for point, share, error in zip(
            points, result.coverage.tolist(), result.coverage_error.tolist(), strict=True
        ):
            text = f"{100 * share:.1f} ± {100 * error:.1f} %"
            axes.annotate(text, point, (3, 3), textcoords="offset points", fontsize="x-small")
        axes.margins(AROUND)
        x, y = (parameter_label(name) for name in result.plane)
        title = f"Coverage, {percent(result.cl)} C.L." if chosen.caption else ""
        axes.set(xlabel=x, ylabel=y, title=title)
        legend_below(axes)
    return Picture(figure, axes)
