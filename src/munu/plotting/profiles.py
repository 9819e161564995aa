"""Δχ² along one modulus."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from munu.base.calls import checked_call
from munu.base.thresholds import limit_delta_chi2
from munu.base.typing import FloatArray
from munu.physics.parameters import MASS_PARAMETERS
from munu.plotting.figures import Frame, Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of, results_of
from munu.plotting.panels import ASSUMED, panel_rows, plain_ticks, row_legend
from munu.plotting.parameter_axes import check_one_parameter
from munu.plotting.style import (
    BEAM_LINES,
    axis_label,
    colours_of,
    experiment_name,
    house_style,
    scale_of,
    short_name,
    wrapped,
)
from munu.results.core.table import percent
from munu.results.limit import ProfileResult
from munu.results.paper.figure_curves import Figure2Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TREATMENT = {"zero": "slice", "profiled": "profiled"}
SNS_TITLE = "SNS. Band: from the delayed beam (dashed) to the prompt beam (solid)"
HATCHES = ("///", "\\\\\\", "---", "|||")
TOP = 2.2
"""Of the window, in units of the level that is drawn."""
HIGHEST = 6.0
MARGIN = 1.05
"""The window ends at this multiple of the last modulus, and of Δχ² that is shown."""
FOOT, LOWEST = 0.02, 0.01
"""Where logarithmic axes begin: part of the window's width, and Δχ²."""


@checked_call
def plot_limit_profile(
    results: ProfileResult | Sequence[ProfileResult],
    ax: Axes | None = None,
    *,
    cl: float = 0.90,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw Δχ² along one modulus, for one result or several of the same modulus.

    Parameters
    ----------
    results : ProfileResult or sequence of them
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    cl : float
        Confidence level at which a line is drawn, two-sided unless the first curve is one-sided.
    **look
        ``unit``, ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For curves along several moments, and as `munu.plot`.
    """
    curves = results_of(ProfileResult, results)
    chosen = look_of(len(curves), look)
    check_one_parameter([curve.parameter for curve in curves])
    sided = curves[0].assumptions.sided
    level = limit_delta_chi2(cl, sided)
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        xscale, yscale = chosen.scales(("linear", "linear"), ax)
        frame = Frame(axes)
        colours = colours_of(c.origin.experiments for c in curves)
        for index, (curve, colour) in enumerate(zip(curves, colours, strict=True)):
            label = chosen.label(index, _label(curve, stated=chosen.caption))
            moduli = curve.moment_mu_b / chosen.unit_mu_b
            if curve.bands is not None:
                _toy_bands(axes, moduli, curve.bands.values, colour)
            axes.plot(moduli, _with_gaps(curve), color=colour, label=label)
            _mark_failures(axes, curve, colour, chosen.unit_mu_b)
        level_line(axes, level)
        title = f"grey line: {percent(cl)} C.L. {sided}, Δχ² = {level:.2f}"
        axes.set(
            xlabel=axis_label(curves[0].parameter, unit_mu_b=chosen.unit_mu_b),
            ylabel=r"$\Delta\chi^2$",
            title=title if chosen.caption else "",
            xscale=xscale,
            yscale=yscale,
        )
        end = MARGIN * max(curve.moment_mu_b[-1] for curve in curves) / chosen.unit_mu_b
        first = FOOT * end if xscale == "log" else 0.0
        lowest = LOWEST if yscale == "log" else 0.0
        frame.show(
            np.array([first, lowest]),
            np.array([end, height_of([curve.delta_chi2 for curve in curves], TOP * level)]),
            np.array([FOOT * end, LOWEST]),
        )
        plain_ticks(axes, x=xscale == "log", y=yscale == "log")
        legend_below(axes)
    return Picture(figure, axes)


def _toy_bands(axes: Axes, x: FloatArray, bands: FloatArray, colour: str) -> None:
    """Fill where 95 % and 68 % of the toys lie, in two tints of the curve's colour."""
    lowest, low, median, high, highest = bands
    for (below, above), alpha, label in (
        ((lowest, highest), 0.13, "95 % of toys without moments"),
        ((low, high), 0.27, "68 %"),
    ):
        axes.fill_between(x, below, above, color=colour, alpha=alpha, linewidth=0, label=label)
    axes.plot(x, median, color=colour, linestyle="--", linewidth=1.0, label="median")


def _label(curve: ProfileResult, *, stated: bool) -> str:
    """Return what a legend says: experiments, slice or profiled, beam and recoils."""
    name = short_name(curve.origin)
    treatment = ", ".join([TREATMENT[curve.others], *curve.assumptions.restrictions()])
    return wrapped(f"{name} ({treatment})" if stated else name)


def _with_gaps(curve: ProfileResult) -> FloatArray:
    """Return Δχ² with a gap at points that failed."""
    return np.where(np.isfinite(curve.delta_chi2), curve.delta_chi2, np.nan)


def _mark_failures(axes: Axes, curve: ProfileResult, colour: str, unit_mu_b: float) -> None:
    """Set a cross on the axis for each point that failed, and say why in the legend."""
    if not curve.failures:
        return
    at = curve.moment_mu_b[curve.failed] / unit_mu_b
    label = "\n".join(map(wrapped, curve.failure_texts(most=1)))
    axes.plot(at, 0 * at, "x", color=colour, label=label, clip_on=False)


def height_of(curves: Sequence[FloatArray], usual: float) -> float:
    """Return where Δχ² ends: a curve at least is seen along half of the axis."""
    middles = [np.median(curve[np.isfinite(curve)]) for curve in curves if np.isfinite(curve).any()]
    return max(usual, MARGIN * float(min(middles, default=0.0)))


def level_line(axes: Axes, level: float) -> None:
    """Draw a line at a level of Δχ²."""
    axes.axhline(level, color="0.6", linewidth=0.8, zorder=1)


def draw(result: Figure2Result) -> tuple[Figure, Any]:
    """Draw Fig. 2: the SNS above, each band from the delayed to the prompt beam; reactors below."""
    with house_style():
        figure, axes = panel_rows(2, len(MASS_PARAMETERS), 5.0)
        at_sns = [c for c in result.profiles if c.assumptions.beam != "full"]
        at_reactors = [c for c in result.profiles if c.assumptions.beam == "full"]
        _row(axes[0], at_sns, SNS_TITLE)
        _row(axes[1], at_reactors, "Reactors")
        level = result.limits[0].delta_chi2
        for panel in axes.flat:
            level_line(panel, level)
        for row in axes:
            row[0].set_ylabel(r"$\Delta\chi^2$")
        figure.suptitle(
            f"Current setups; grey line: {percent(result.limits[0].cl)} C.L., "
            f"Δχ² = {level:.2f}, 1 degree of freedom; all phases zero\n{ASSUMED}"
        )
    return figure, axes


def _row(row: Sequence[Axes], profiles: Sequence[ProfileResult], title: str) -> None:
    from matplotlib.patches import Patch

    handles: dict[str, Patch] = {}
    for axes, parameter in zip(row, MASS_PARAMETERS, strict=True):
        groups: dict[str, list[ProfileResult]] = {}
        for profile in profiles:
            if profile.parameter == parameter:
                groups.setdefault(profile.origin.experiments[0], []).append(profile)
        colours = colours_of((name,) for name in groups)
        looks = zip(groups.items(), colours, cycle(HATCHES), strict=False)
        for (name, curves), colour, one in looks:
            hatch = one if len(curves) > 1 else ""
            face = "none" if hatch else colour
            _band(axes, curves, colour, hatch)
            handles[name] = Patch(
                facecolor=face, edgecolor=colour, hatch=hatch, label=experiment_name([name])
            )
        axes.set(xscale="log", ylim=(0, HIGHEST), xlabel=axis_label(parameter))
        axes.set_xlim(*_window(profiles))
        plain_ticks(axes, y=False)
    row_legend(row, list(handles.values()), title)


def _window(profiles: Sequence[ProfileResult]) -> tuple[float, float]:
    """Return the x range: from the first curve's foot to the last one's end."""
    ends = [p.moment_mu_b[-1] / scale_of(p.parameter) for p in profiles]
    return 0.2 * min(ends), 0.75 * max(ends)


def _band(axes: Axes, curves: Sequence[ProfileResult], colour: str, hatch: str) -> None:
    """Draw the curves of one experiment, the space between two of them hatched.

    Hatches show through each other, and their colours do not mix.
    """
    drawn = [(c.moment_mu_b / scale_of(c.parameter), _with_gaps(c)) for c in curves]
    for curve, (x, y) in zip(curves, drawn, strict=True):
        axes.plot(x[1:], y[1:], color=colour, linestyle=BEAM_LINES[curve.assumptions.beam])
    if len(drawn) == 2:
        (x_low, y_low), (x_high, y_high) = drawn
        outline = np.column_stack(
            [
                np.concatenate([x_low[1:], x_high[:0:-1]]),
                np.concatenate([y_low[1:], y_high[:0:-1]]),
            ]
        )
        axes.fill(*outline.T, facecolor="none", edgecolor=colour, hatch=hatch, linewidth=0)
