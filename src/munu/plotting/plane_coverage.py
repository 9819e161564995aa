"""Coverage of a region at points of its plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Unpack

import numpy as np

from munu.base.typing import FloatArray
from munu.plotting.figures import Frame, Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of
from munu.plotting.parameter_axes import (
    check_signs,
    parameter_label,
    parameter_scales,
    window,
)
from munu.plotting.regions import check_one_plane
from munu.plotting.style import colours_of, house_style, short_name, wrapped
from munu.results.core.table import percent
from munu.results.plane_coverage import PlaneCoverageResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BESIDE_POINTS: Final = 3
LINE_POINTS: Final = 8
"""What is written stands so far from its point, and each further result's above the last."""
AROUND: Final = 0.12
"""Room about the points for what is written beside them, as a part of their extent."""
LEAST: Final = 0.01
"""Part of the window from which logarithmic axes begin."""


def plot_plane_coverage(
    results: PlaneCoverageResult | Sequence[PlaneCoverageResult],
    ax: Axes | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw the points with their coverage in per cent, and the region of the data.

    Parameters
    ----------
    results : PlaneCoverageResult or sequence of them
        Of one plane.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **look
        ``unit``, ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For studies of several planes, a logarithmic axis of a parameter that takes both signs, and
        as `munu.plot`.
    """
    studies = [results] if isinstance(results, PlaneCoverageResult) else list(results)
    chosen, first = look_of(len(studies), look), studies[0]
    check_one_plane([one.plane for one in studies])
    units = parameter_scales(first.plane, chosen)
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        scales, frame = chosen.scales(("linear", "linear")), Frame(axes)
        check_signs(first.plane, scales)
        colours = colours_of(one.origin.experiments for one in studies)
        for index, (one, colour) in enumerate(zip(studies, colours, strict=True)):
            toys = f", {one.toys} toys a point" if chosen.caption else ""
            label = chosen.label(index, wrapped(f"{short_name(one.origin)}{toys}"))
            axes.plot(*(one.points / units).T, "o", color=colour, ms=4, label=label)
            for arc in one.polygons:
                axes.plot(*(arc / units).T, color=colour, ls=":")
            _write(axes, one, units, colour, BESIDE_POINTS + LINE_POINTS * index)
        axes.plot([], [], color="0.3", ls=":", label="Wilks' threshold, data")
        x, y = (parameter_label(name, chosen) for name in first.plane)
        title = f"Coverage, {percent(first.cl)} C.L." if chosen.caption else ""
        axes.set(xlabel=x, ylabel=y, title=title, xscale=scales[0], yscale=scales[1])
        shown = [piece for one in studies for piece in (one.points, *one.polygons)]
        low, high = window(first.plane, shown, units, AROUND)
        least = LEAST * np.maximum(high, 0)
        for axis in np.flatnonzero(np.array(scales) == "log"):
            low[axis] = max(low[axis], least[axis])
            high[axis] *= (high[axis] / low[axis]) ** AROUND
        frame.show(low, high, least)
        legend_below(axes)
    return Picture(figure, axes)


def _write(
    axes: Axes, one: PlaneCoverageResult, units: FloatArray, colour: str, above: int
) -> None:
    """Write the coverage beside each point."""
    for point, share, error in zip(
        one.points / units, one.coverage.tolist(), one.coverage_error.tolist(), strict=True
    ):
        axes.annotate(
            f"{100 * share:.1f} ± {100 * error:.1f} %",
            point,
            (BESIDE_POINTS, above),
            textcoords="offset points",
            fontsize="x-small",
            color=colour,
        )
