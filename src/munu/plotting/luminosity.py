"""Limits as a function of the luminosity: Fig. 3 of arXiv:1905.03750."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from munu.physics.parameters import MASS_PARAMETERS
from munu.plotting.panels import ASSUMED, panel_rows, plain_ticks, row_legend
from munu.plotting.style import (
    BEAM_LINES,
    SYMBOLS,
    colours_of,
    experiment_name,
    house_style,
    scale_of,
)
from munu.results.core.table import percent
from munu.results.paper.figure_curves import Figure3Result, LuminosityCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
SNS_TITLE = (
    "SNS. Solid: prompt beam, dashed: delayed beam. The signal's uncertainty of 0.28 in Eq. (33) "
    "stops CsI"
)


def draw(result: Figure3Result) -> tuple[Figure, Any]:
    """Draw the SNS above, reactors below, a panel for each modulus."""
    with house_style():
        figure, axes = panel_rows(2, len(MASS_PARAMETERS), 5.2)
        at_sns = [c for c in result.curves if c.beam != "full"]
        at_reactors = [c for c in result.curves if c.beam == "full"]
        _row(axes[0], at_sns, SNS_TITLE)
        _row(axes[1], at_reactors, "Reactors")
        for panel in axes[1]:
            panel.set_xlabel("luminosity ratio ℱ′/ℱ")
        for row in axes:
            row[0].set_ylabel(r"90 % C.L. limit ($10^{-10}\mu_B$)")
        figure.suptitle(
            f"Limits from the current setups at larger luminosity; {percent(result.cl)} C.L., "
            f"Δχ² = {result.delta_chi2:.2f}, 1 degree of freedom\n{ASSUMED}"
        )
    return figure, axes


def _row(row: Sequence[Axes], curves: Sequence[LuminosityCurve], title: str) -> None:
    from matplotlib.lines import Line2D

    names = list(dict.fromkeys(curve.experiment for curve in curves))
    colours = dict(zip(names, colours_of((name,) for name in names), strict=True))
    for axes, parameter in zip(row, MASS_PARAMETERS, strict=True):
        for curve in curves:
            if curve.parameter == parameter:
                axes.plot(
                    curve.luminosity_ratio,
                    curve.limit_mu_b / scale_of(parameter),
                    color=colours[curve.experiment],
                    linestyle=BEAM_LINES[curve.beam],
                )
        axes.set(xscale="log", yscale="log", xlim=(1, curves[0].luminosity_ratio[-1]))
        axes.text(0.06, 0.09, f"${SYMBOLS[parameter]}$", transform=axes.transAxes, fontsize=9)
        plain_ticks(axes)
    handles = [Line2D([], [], color=colours[n], label=experiment_name([n])) for n in names]
    row_legend(row, handles, title)
