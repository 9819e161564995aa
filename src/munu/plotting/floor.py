"""Natural neutrinos in detectors of dark matter against the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from munu.plotting.figures import new_figure
from munu.plotting.panels import plain_ticks
from munu.plotting.style import COLOURS, PAGE_WIDTH_INCHES, house_style, nuclide
from munu.results.core.table import percent
from munu.results.paper.floor import FloorResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FEWEST = 1e-4
"""Events at which the axis begins."""
ABOVE = 2.0
"""It ends at the largest number times this."""


def draw(result: FloorResult) -> tuple[Figure, Any]:
    """Draw the events of each source above, the moment that all of them exclude below."""
    most = ABOVE * max(float(curve.sm_events.max()) for curve in result.curves)
    targets = list(dict.fromkeys(curve.target for curve in result.curves))
    with house_style():
        figure = new_figure(PAGE_WIDTH_INCHES, 4.8)
        axes = figure.subplots(2, len(targets), sharex=True, sharey="row", height_ratios=(2, 1))
        for column, target in enumerate(targets):
            top, bottom = axes[:, column]
            curves = [curve for curve in result.curves if curve.target == target]
            for curve, colour in zip(curves, [*COLOURS, "0.6", "0.3"], strict=False):
                whole = curve.source == "all"
                top.plot(
                    result.recoil_threshold_kev,
                    curve.sm_events,
                    color="0.3" if whole else colour,
                    linestyle=":" if whole else "-",
                    label=nuclide(curve.source),
                )
            bottom.plot(
                result.recoil_threshold_kev, curves[-1].limit_mu_b / 1e-10, color=COLOURS[0]
            )
            top.set(xscale="log", yscale="log", ylim=(FEWEST, most), title=target)
            bottom.set(xscale="log", yscale="log", xlabel=r"recoil threshold (keV)")
            bottom.set_xlim(result.recoil_threshold_kev[[0, -1]])
            plain_ticks(bottom)
        axes[0, 0].set_ylabel(f"events in {result.exposure_tonne_yr:g} tonne-year")
        axes[1, 0].set_ylabel(r"$\mu_{\rm eff}$ ($10^{-10}\mu_B$)")
        figure.suptitle(
            "Nuclear recoils of natural neutrinos above a threshold, and the moment of all species "
            f"that all sources together exclude:\n{percent(result.cl)} C.L., {result.sided} "
            f"(Δχ² = {result.delta_chi2:.2f}, 1 degree of freedom)"
        )
        handles, labels = axes[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure, axes
