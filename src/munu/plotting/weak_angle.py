"""Δχ² along sin²θ_W."""

from __future__ import annotations

from typing import TYPE_CHECKING

from munu.base.thresholds import delta_chi2
from munu.plotting.style import (
    SYMBOLS,
    colours_of,
    experiment_name,
    house_style,
    legend_below,
    new_axes,
    wrapped,
)
from munu.results.weak_angle import WeakAngleResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HIGHEST = 6.0
"""Δχ² up to which the curve is shown."""


def plot_weak_angle(result: WeakAngleResult, axes: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw Δχ² along sin²θ_W, the levels of the two intervals and the Standard Model's value.

    Parameters
    ----------
    result : WeakAngleResult
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    """
    (colour,) = colours_of([result.origin.experiments])
    with house_style():
        figure, axes = new_axes(axes)
        label = wrapped(experiment_name(result.origin.experiments))
        axes.plot(result.sin2_theta_w, result.delta_chi2, color=colour, label=label)
        for level in (1.0, delta_chi2(0.90, 1)):
            axes.axhline(level, color="0.6", linewidth=0.8, zorder=1)
        for value in result.standard:
            axes.axvline(value, color="0.6", linewidth=0.8, linestyle=":", zorder=1)
        axes.plot([], [], color="0.6", linestyle=":", label="value of the Standard Model")
        shown = result.sin2_theta_w[result.delta_chi2 < 1.001 * HIGHEST]
        axes.set(
            xlabel=r"$\sin^2\theta_W$",
            ylabel=r"$\Delta\chi^2$",
            ylim=(0, HIGHEST),
            title=f"{_moments(result)}; grey lines:\n"
            r"$\Delta\chi^2=1$ and 2.71 (90 % C.L., 1 degree of freedom)",
        )
        axes.set_xlim(shown[0], shown[-1])
        legend_below(axes)
    return figure, axes


def _moments(result: WeakAngleResult) -> str:
    """Return what became of the moments, which recoils are in the prediction, and whose data."""
    moments = "moments zero" if result.moment is None else f"${SYMBOLS[result.moment]}$ free"
    recoils = "" if result.channels == "all" else f"{result.channels} recoils only, "
    expected = "expected data, " if result.conditions.asimov else ""
    return f"{expected}{recoils}{moments}"
