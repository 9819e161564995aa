"""Coverage of a region at points of its plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Unpack

import numpy as np

from munu.base.calls import checked_call
from munu.plotting.coupling_plane import CouplingPlane, coupling_plane
from munu.plotting.figures import Picture
from munu.plotting.look import LookOptions, results_of
from munu.plotting.style import short_name, wrapped
from munu.plotting.told_apart import level, restrictions, titled, told_apart
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


@checked_call
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
    studies = results_of(PlaneCoverageResult, results)
    with coupling_plane(studies, ax, look) as plane:
        apart = told_apart(studies, level, restrictions)
        for index, (one, colour) in enumerate(zip(studies, plane.colours, strict=True)):
            toys = f", {one.toys} toys a point" if plane.look.caption else ""
            label = plane.look.label(
                index, wrapped(f"{short_name(one.origin)}{apart[index]}{toys}")
            )
            plane.line(one.points, color=colour, ls="", marker="o", ms=4, label=label)
            for arc in one.polygons:
                plane.line(arc, color=colour, ls=":")
            _write(plane, one, colour, BESIDE_POINTS + LINE_POINTS * index)
        plane.axes.plot([], [], color="0.3", ls=":", label="Wilks' threshold, data")
        shown = [piece for one in studies for piece in (one.points, *one.polygons)]
        low, high = plane.window(shown, AROUND)
        least = LEAST * np.maximum(high, 0)
        for axis in np.flatnonzero(np.array(plane.kinds) == "log"):
            low[axis] = max(low[axis], least[axis])
            high[axis] *= (high[axis] / low[axis]) ** AROUND
        return plane.finished(titled(studies, "coverage"), low, high, least)


def _write(plane: CouplingPlane, one: PlaneCoverageResult, colour: str, above: int) -> None:
    """Write the coverage beside each point."""
    for point, share, error in zip(
        one.points / plane.units, one.coverage.tolist(), one.coverage_error.tolist(), strict=True
    ):
        plane.axes.annotate(
            f"{100 * share:.1f} ± {100 * error:.1f} %",
            point,
            (BESIDE_POINTS, above),
            textcoords="offset points",
            fontsize="x-small",
            color=colour,
        )
