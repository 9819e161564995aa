"""Δχ² along sin²θ_W."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import numpy as np

from munu.base.calls import checked_call
from munu.base.thresholds import delta_chi2
from munu.plotting.figures import Frame, Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of, results_of
from munu.plotting.style import SYMBOLS, colours_of, house_style, short_name, wrapped
from munu.results.weak_angle import WeakAngleResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HIGHEST = 6.0
"""Δχ² up to which the curve is shown."""
LOWEST = 0.01
"""Where logarithmic axes begin."""


@checked_call
def plot_weak_angle(
    results: WeakAngleResult | Sequence[WeakAngleResult],
    ax: Axes | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw Δχ² along sin²θ_W, the levels of the two intervals and the Standard Model's value.

    Parameters
    ----------
    results : WeakAngleResult or sequence of them
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **look
        ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`; ``unit`` is of no use.

    Raises
    ------
    MunuError
        As `munu.plot`.
    """
    curves = results_of(WeakAngleResult, results)
    chosen = look_of(len(curves), look)
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        frame = Frame(axes)
        colours = colours_of(one.origin.experiments for one in curves)
        for index, (one, colour) in enumerate(zip(curves, colours, strict=True)):
            label = chosen.label(index, wrapped(short_name(one.origin)))
            axes.plot(one.sin2_theta_w, one.delta_chi2, color=colour, label=label)
        for level in (1.0, delta_chi2(0.90, 1)):
            axes.axhline(level, color="0.6", linewidth=0.8, zorder=1)
        for value in dict.fromkeys(value for one in curves for value in one.standard):
            axes.axvline(value, color="0.6", linewidth=0.8, linestyle=":", zorder=1)
        axes.plot([], [], color="0.6", linestyle=":", label="value of the Standard Model")
        shown = np.concatenate([c.sin2_theta_w[c.delta_chi2 < 1.001 * HIGHEST] for c in curves])
        moments = ", ".join(dict.fromkeys(map(_moments, curves)))
        title = f"{moments}; grey lines:\nΔχ² = 1 and 2.71 (90 % C.L., 1 degree of freedom)"
        xscale, yscale = chosen.scales(("linear", "linear"), ax)
        axes.set(
            xlabel=r"$\sin^2\theta_W$",
            ylabel=r"$\Delta\chi^2$",
            title=title if chosen.caption else "",
            xscale=xscale,
            yscale=yscale,
        )
        low = LOWEST if yscale == "log" else 0.0
        ends = max(shown.min(), LOWEST if xscale == "log" else 0.0), shown.max()
        frame.show(np.array([ends[0], low]), np.array([ends[1], HIGHEST]), np.full(2, LOWEST))
        legend_below(axes)
    return Picture(figure, axes)


def _moments(result: WeakAngleResult) -> str:
    """Return what became of the moments, which recoils are in the prediction, and whose data."""
    moments = "moments zero" if result.moment is None else f"${SYMBOLS[result.moment]}$ free"
    recoils = "" if result.channels == "all" else f"{result.channels} recoils only, "
    expected = "expected data, " if result.assumptions.asimov else ""
    return f"{expected}{recoils}{moments}"
