"""Exclusion curves: a parameter's intervals as a function of something else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Unpack

import numpy as np

from munu.base.calls import checked_call
from munu.base.constants import SIN2_THETA_W
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.physics.interactions.registry import parameter as parameter_of
from munu.plotting.figures import Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of, results_of
from munu.plotting.panels import plain_ticks
from munu.plotting.parameter_axes import check_signs, parameter_label, parameter_scales
from munu.plotting.scan_ends import columns
from munu.plotting.style import colours_of, house_style, short_name, wrapped
from munu.plotting.told_apart import level, short_treatment, titled, told_apart
from munu.results.scan import ScanResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OVER = {
    "mediator_mass": "mediator mass",
    "sterile_mass": "sterile neutrino mass",
}
"""What an axis says instead of the name."""
STANDARD: Final = {"sin2_theta_w": SIN2_THETA_W}
"""The Standard Model's value of a parameter, if it is not zero: near enough to tell intervals."""
BELOW_TOO: Final = "\nbelow the dots is excluded too"


@checked_call
def plot_scan(
    results: ScanResult | Sequence[ScanResult],
    ax: Axes | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw the interval that holds the Standard Model, or else the one nearest to it.

    Further intervals, where the amplitude has the other sign, are shaded; where small values of
    what begins at zero are excluded too, dots mark their end.

    Parameters
    ----------
    results : ScanResult or sequence of them
        Of one parameter over one quantity.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **look
        ``unit``, ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For scans of different things, and as `munu.plot`.
    """
    scans = results_of(ScanResult, results)
    chosen, first = look_of(len(scans), look), scans[0]
    if len({(one.parameter, one.over, one.over_unit) for one in scans}) > 1:
        raise MunuError("scans of different things do not go into one picture", "Draw each alone")
    parameter = parameter_of(first.parameter)
    (unit,) = parameter_scales((first.parameter,), chosen)
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        spacing = "log" if all(np.all(one.values > 0) for one in scans) else "linear"
        scales = chosen.scales((spacing, "log" if parameter.low >= 0 else "linear"), ax)
        check_signs((first.parameter,), scales[1:])
        colours = colours_of(one.origin.experiments for one in scans)
        apart = told_apart(scans, level, short_treatment)
        for index, (one, colour) in enumerate(zip(scans, colours, strict=True)):
            own = ", ".join([short_name(one.origin), *one.assumptions.restrictions()])
            own += apart[index]
            draw_scan(axes, one, colour, chosen.label(index, wrapped(own)), unit)
        over = OVER.get(first.over, first.over)
        title = titled(scans, f"{first.assumptions.sided}; shaded: further solutions")
        title += BELOW_TOO * any(map(has_lower_end, scans))
        axes.set(
            xlabel=f"{over} ({first.over_unit})" if first.over_unit else over,
            ylabel=parameter_label(first.parameter, chosen),
            title=title if chosen.caption else "",
            xscale=scales[0],
            yscale=scales[1],
        )
        plain_ticks(axes, x=scales[0] == "log", y=False)
        legend_below(axes)
    return Picture(figure, axes)


DOTS: Final = ".:"
EDGE: Final = 0.5
"""Width of the line about what is shaded."""
FAR: Final = 3.0
"""Times the largest end, where an axis ends up to which an interval without one is shaded."""


def draw_scan(axes: Axes, one: ScanResult, colour: str, label: str, scale: float) -> None:
    """Draw the ends of the main interval along a scan into axes, the others shaded."""
    drawn = columns(one, STANDARD.get(one.parameter, 0.0), scale)
    values = np.array([column.value for column in drawn])
    most = max((len(column.ends) for column in drawn), default=0)
    for number in range(most):
        low, high = np.full((2, values.size), np.nan)
        for i, column in enumerate(drawn):
            if len(column.ends) > number:
                low[i], high[i] = column.ends[number]
        if number:
            _shade(axes, values, low, high, colour)
            continue
        low[~np.isfinite(low)] = np.nan
        high[~np.isfinite(high)] = np.nan
        axes.plot(values, high, color=colour, label=label)
        if parameter_of(one.parameter).low < 0:
            axes.plot(values, low, color=colour)
        elif np.nanmax(low, initial=0.0) > 0:
            axes.plot(values, np.where(low == 0, np.nan, low), DOTS, ms=2.5, color=colour)


def _shade(axes: Axes, values: FloatArray, low: FloatArray, high: FloatArray, colour: str) -> None:
    """Shade further intervals, those without end up to the end of the axis."""
    drawn = [np.asarray(line.get_ydata(), float) for line in axes.get_lines()]
    ends = np.abs(np.concatenate([low, high, *drawn]))
    far = FAR * ends[np.isfinite(ends)].max(initial=0.0)
    inner, outer = np.clip(low, -far, far), np.clip(high, -far, far)
    axes.fill_between(
        values, inner, outer, facecolor=(colour, 0.3), edgecolor=colour, linewidth=EDGE
    )
    if np.isneginf(low).any():
        axes.set_ylim(bottom=-far)
    if np.isposinf(high).any():
        axes.set_ylim(top=far)


def has_lower_end(one: ScanResult) -> bool:
    """Whether some small values of what begins at zero are excluded: the dots."""
    if parameter_of(one.parameter).low < 0:
        return False
    return any(len(ends) and ends[0, 0] > 0 for ends in one.intervals)
