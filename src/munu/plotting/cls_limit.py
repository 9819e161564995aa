"""CLs along one moment or coupling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Unpack

import numpy as np

from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.physics.interactions.registry import parameter as parameter_of
from munu.plotting.figures import Frame, Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of, results_of
from munu.plotting.parameter_axes import (
    check_one_parameter,
    check_signs,
    parameter_label,
    parameter_scales,
)
from munu.plotting.style import colours_of, house_style, short_name, tint, wrapped
from munu.plotting.told_apart import level, restrictions, short_treatment, titled, told_apart
from munu.results.cls_limit import MEDIAN, ClsLimitResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOWEST: Final = 1e-3
HIGHEST: Final = 1.1
"""Of CLs, that is drawn."""


@checked_call
def plot_cls_limit(
    results: ClsLimitResult | Sequence[ClsLimitResult],
    ax: Axes | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw CLs of the data, the level, the ends, and the median and 68 % band of expected ends.

    Of several results the bands are left out, as they would hide each other.

    Parameters
    ----------
    results : ClsLimitResult or sequence of them
        Of one parameter.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **look
        ``unit``, ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For a limit that is unbounded, limits on several parameters, and as `munu.plot`.
    """
    limits = results_of(ClsLimitResult, results)
    chosen, first = look_of(len(limits), look), limits[0]
    check_one_parameter([one.parameter for one in limits])
    _check_bounded(limits)
    (unit,) = parameter_scales((first.parameter,), chosen)
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        scales, frame = chosen.scales(("linear", "log"), ax), Frame(axes)
        check_signs((first.parameter,), scales[:1])
        colours = colours_of(one.origin.experiments for one in limits)
        apart = told_apart(limits, level, short_treatment, restrictions)
        for index, (one, colour) in enumerate(zip(limits, colours, strict=True)):
            label = chosen.label(index, wrapped(f"{short_name(one.origin)}, data{apart[index]}"))
            axes.plot(one.values / unit, one.cls, color=colour, label=label)
            _draw_ends(axes, one, unit, colour, band=len(limits) == 1)
        for lowest in dict.fromkeys(1 - one.cl for one in limits):
            axes.axhline(lowest, color="0.5", lw=1, ls=":", label=f"CLs = {lowest:.3g}")
        _explain(axes, colours)
        axes.set(
            xlabel=parameter_label(first.parameter, chosen),
            ylabel=r"CL$_s$",
            title=titled(limits, "CLs") if chosen.caption else "",
            xscale=scales[0],
            yscale=scales[1],
        )
        ends = np.array([one.values[[0, -1]] for one in limits]) / unit
        low = LOWEST if scales[1] == "log" else 0.0
        frame.show(
            np.array([ends.min(), low]),
            np.array([ends.max(), HIGHEST]),
            np.array([LOWEST * ends.max(), LOWEST]),
        )
        legend_below(axes)
    return Picture(figure, axes)


def _check_bounded(limits: Sequence[ClsLimitResult]) -> None:
    for one in limits:
        if one.values.size == 0:
            raise MunuError(
                f"CLs of {one.parameter} has no curve: {one.unbounded_because}",
                "Take another parameter or experiment",
            )


def _draw_ends(axes: Axes, one: ClsLimitResult, unit: float, colour: str, *, band: bool) -> None:
    """Draw the ends of the data, and those that are expected, but for bounds of the parameter."""
    bounds = parameter_of(one.parameter).low, parameter_of(one.parameter).high
    for side in (0, 1):
        low, median, high = one.expected_quantiles[MEDIAN - 1 : MEDIAN + 2, side]
        if np.isfinite([low, high]).all() and median not in bounds:
            if band:
                axes.axvspan(low / unit, high / unit, color=tint(colour), lw=0, zorder=0)
            axes.axvline(median / unit, color=colour, ls="--", lw=1)
    for end in one.intervals[np.isfinite(one.intervals)]:
        if end not in bounds:
            axes.axvline(end / unit, color=colour, lw=1)


def _explain(axes: Axes, colours: Sequence[str]) -> None:
    """Say in the legend what the vertical lines are, in the colour of a single result."""
    alone = len(colours) == 1
    colour = colours[0] if alone else "0.3"
    axes.plot([], [], color=colour, lw=1, label="ends of the data (vertical)")
    axes.plot([], [], color=colour, ls="--", lw=1, label="expected ends, median")
    if alone:
        axes.fill([], [], facecolor=tint(colour), label="expected ends, 68 %")
