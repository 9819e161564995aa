"""Quenching factors: Fig. 1 of arXiv:1905.03750."""

from __future__ import annotations

from typing import TYPE_CHECKING

from munu.plotting.figures import new_axes
from munu.plotting.panels import plain_ticks
from munu.plotting.style import BLACK, BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILLION, house_style
from munu.results.paper.figure_curves import Figure1Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLES = {
    "Na": (BLUE, "-"),
    "Si": (SKY, "-"),
    "Ar": (GREEN, "-"),
    "Ge": (ORANGE, "-"),
    "I": (VERMILLION, "-"),
    "Xe": (BLACK, "-"),
    "Cs": (PURPLE, (0, (1.5, 1.5))),
}
"""From the highest curve to the lowest; caesium is dotted, for it covers xenon."""
LABEL_DISTANCE = 0.034


def draw(result: Figure1Result) -> tuple[Figure, Axes]:
    """Draw the factor of every nucleus, its label at the right end."""
    with house_style():
        figure, axes = new_axes()
        height = float("inf")
        by_symbol = {curve.nucleus.partition("-")[0]: curve for curve in result.curves}
        for symbol, (colour, line) in STYLES.items():
            curve = by_symbol[symbol]
            x, y = curve.recoil_energy_kev, curve.quenching_factor
            axes.plot(x, y, color=colour, linestyle=line)
            height = min(float(y[-1]), height - LABEL_DISTANCE)
            label = rf"$^{{{curve.nucleus.partition('-')[2]}}}${symbol}"
            axes.text(1.15 * x[-1], height, label, color=colour, va="center")
        axes.set(
            xscale="log",
            xlim=(x[0], x[-1]),
            ylim=(0, 0.6),
            xlabel=r"recoil energy $T_A$ (keV)",
            ylabel=r"quenching factor $Q$",
            title=r"Lindhard, Eq. (26), $\kappa = 0.133\,Z^{2/3}A^{-1/2}$",
        )
        plain_ticks(axes, y=False)
    return figure, axes
