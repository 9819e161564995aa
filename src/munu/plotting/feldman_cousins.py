"""Feldman-Cousins limits: Δχ² of the data against the critical values of toys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Unpack

import numpy as np

from munu.base.calls import checked_call
from munu.base.thresholds import delta_chi2
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
from munu.results.feldman_cousins import FeldmanCousinsResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOWEST: Final = 0.01
"""Δχ² where a logarithmic axis begins, and part of the window's width where the other does."""


@checked_call
def plot_feldman_cousins(
    results: FeldmanCousinsResult | Sequence[FeldmanCousinsResult],
    ax: Axes | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw Δχ² of the data, the critical values of toys, and the ends where they cross.

    Parameters
    ----------
    results : FeldmanCousinsResult or sequence of them
        Of one parameter.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **look
        ``unit``, ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For limits on several parameters, and as `munu.plot`.
    """
    limits = results_of(FeldmanCousinsResult, results)
    chosen, first = look_of(len(limits), look), limits[0]
    check_one_parameter([one.parameter for one in limits])
    (unit,) = parameter_scales((first.parameter,), chosen)
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        scales, frame = chosen.scales(("linear", "linear"), ax), Frame(axes)
        check_signs((first.parameter,), scales[:1])
        colours = colours_of(one.origin.experiments for one in limits)
        apart = told_apart(limits, level, short_treatment, restrictions)
        for index, (one, colour) in enumerate(zip(limits, colours, strict=True)):
            label = chosen.label(index, wrapped(f"{short_name(one.origin)}, data{apart[index]}"))
            _draw(axes, one, unit, colour, label)
        wilks = [delta_chi2(one.cl, 1) for one in limits]
        for threshold in dict.fromkeys(wilks):
            axes.axhline(threshold, color="0.5", lw=1, ls=":", label=f"Wilks, {threshold:.2f}")
        _explain(axes, colours, any(np.any(one.edge_error) for one in limits))
        axes.set(
            xlabel=parameter_label(first.parameter, chosen),
            ylabel=r"$\Delta\chi^2$",
            title=titled(limits, "Feldman-Cousins") if chosen.caption else "",
            xscale=scales[0],
            yscale=scales[1],
        )
        ends = np.concatenate([one.values for one in limits]) / unit
        critical = max(float(one.critical_delta_chi2.max()) for one in limits)
        frame.show(
            np.array([ends.min(), LOWEST if scales[1] == "log" else 0.0]),
            np.array([ends.max(), 2 * max(*wilks, critical)]),
            np.array([LOWEST * ends.max(), LOWEST]),
        )
        legend_below(axes)
    return Picture(figure, axes)


def _draw(axes: Axes, one: FeldmanCousinsResult, unit: float, colour: str, label: str) -> None:
    """Draw the curve of the data, the critical values and the ends with their errors."""
    values = one.values / unit
    axes.plot(values, one.observed_delta_chi2, ".-", color=colour, label=label)
    axes.plot(values, one.critical_delta_chi2, "s", color=colour, mfc="none", ms=3)
    asked = parameter_of(one.parameter)
    ends = (one.intervals > asked.low) & (one.intervals < asked.high)
    for end, error in zip(one.intervals[ends], one.edge_error[ends], strict=True):
        at, width = end / unit, error / unit
        axes.axvspan(at - width, at + width, color=tint(colour), lw=0, zorder=0)
        axes.axvline(at, color=colour, lw=1)


def _explain(axes: Axes, colours: Sequence[str], with_errors: bool) -> None:
    """Say in the legend what squares and vertical lines are, in the colour of a single result."""
    ends = "ends, with their errors (vertical)" if with_errors else "ends (vertical)"
    colour = colours[0] if len(colours) == 1 else "0.3"
    axes.plot([], [], "s", color=colour, mfc="none", ms=3, label="critical values")
    axes.plot([], [], color=colour, lw=1, label=ends)
