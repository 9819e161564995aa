"""Δχ² along one coupling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import numpy as np

from munu.base.calls import checked_call
from munu.base.thresholds import limit_delta_chi2
from munu.plotting.figures import Frame, Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of, results_of
from munu.plotting.parameter_axes import (
    check_one_parameter,
    check_signs,
    parameter_label,
    parameter_scales,
)
from munu.plotting.profiles import height_of, level_line
from munu.plotting.style import colours_of, house_style, short_name, wrapped
from munu.plotting.told_apart import short_treatment, told_apart
from munu.results.core.table import percent
from munu.results.coupling_profile import CouplingProfileResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TOP = 2.5
"""Of the window, in units of the level that is drawn."""


@checked_call
def plot_coupling_profile(
    results: CouplingProfileResult | Sequence[CouplingProfileResult],
    ax: Axes | None = None,
    *,
    cl: float = 0.90,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw Δχ² along one coupling, for one result or several of the same coupling.

    Parameters
    ----------
    results : CouplingProfileResult or sequence of them
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    cl : float
        Confidence level at which a line is drawn, two-sided unless the first curve is one-sided.
    **look
        ``unit``, ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For curves along several couplings, a logarithmic axis of one that takes both signs, and as
        `munu.plot`.
    """
    curves = results_of(CouplingProfileResult, results)
    chosen, first = look_of(len(curves), look), curves[0]
    check_one_parameter([curve.parameter for curve in curves])
    sided = first.assumptions.sided
    level, (unit,) = limit_delta_chi2(cl, sided), parameter_scales((first.parameter,), chosen)
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        scales, frame = chosen.scales(("linear", "linear"), ax), Frame(axes)
        check_signs((first.parameter,), scales[:1])
        colours = colours_of(curve.origin.experiments for curve in curves)
        apart = told_apart(curves, short_treatment)
        for index, (curve, colour) in enumerate(zip(curves, colours, strict=True)):
            own = ", ".join([short_name(curve.origin), *curve.assumptions.restrictions()])
            own += apart[index]
            x, y = curve.values / unit, curve.delta_chi2
            label = chosen.label(index, wrapped(own))
            axes.plot(x, np.where(np.isfinite(y), y, np.nan), color=colour, label=label)
        level_line(axes, level)
        title = f"grey line: {percent(cl)} C.L. {sided}, Δχ² = {level:.2f}"
        axes.set(
            xlabel=parameter_label(first.parameter, chosen),
            ylabel=r"$\Delta\chi^2$",
            title=title if chosen.caption else "",
            xscale=scales[0],
            yscale=scales[1],
        )
        ends = np.array([curve.values[[0, -1]] for curve in curves]) / unit
        lowest = 0.01 if scales[1] == "log" else 0.0
        height = height_of([curve.delta_chi2 for curve in curves], TOP * level)
        frame.show(np.array([ends.min(), lowest]), np.array([ends.max(), height]))
        legend_below(axes)
    return Picture(figure, axes)
