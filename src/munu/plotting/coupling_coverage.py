"""Coverage of a threshold along a coupling, and the threshold that covers."""

from __future__ import annotations

from typing import Unpack

from munu.physics.interactions.registry import parameter as parameter_of
from munu.plotting.coupling_regions import parameter_label
from munu.plotting.coverage import HEIGHT_INCHES, WIDTH_INCHES
from munu.plotting.figures import Picture, new_figure
from munu.plotting.look import LookOptions, look_of
from munu.plotting.style import COLOURS, TITLE_CHARACTERS, house_style, short_name, wrapped
from munu.results.coupling_coverage import CouplingCoverageResult


def plot_coupling_coverage(result: CouplingCoverageResult, **look: Unpack[LookOptions]) -> Picture:
    """Draw the coverage with its errors above, the Δχ² of the data and the thresholds below.

    Parameters
    ----------
    result : CouplingCoverageResult
    **look
        ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        As `munu.plot`.
    """
    chosen = look_of(1, look)
    values = result.values / parameter_of(result.parameter).unit.scale
    first, second, third = list(COLOURS)[:3]
    with house_style(chosen.style):
        figure = new_figure(WIDTH_INCHES, HEIGHT_INCHES, chosen.style)
        above, below = figure.subplots(2, 1, sharex=True)
        above.errorbar(
            values, 100 * result.coverage, 100 * result.coverage_error, fmt="o", color=first, ms=4
        )
        above.axhline(100 * result.cl, color="0.5", lw=1)
        name = f"{short_name(result.origin)}, {result.toys} toys a point"
        above.set(
            ylabel="coverage (%)",
            title=wrapped(name, TITLE_CHARACTERS) if chosen.caption else "",
        )
        below.plot(values, result.observed_delta_chi2, color=third, label="data")
        wilks = f"Wilks, {result.delta_chi2:.2f} (1 d.o.f.)"
        below.axhline(result.delta_chi2, color="0.5", lw=1, label=wilks)
        exact = result.feldman_cousins_delta_chi2
        below.plot(values, exact, "s", color=second, ms=4, label="Feldman-Cousins")
        below.set(
            xlabel=parameter_label(result.parameter), ylabel=r"$\Delta\chi^2$", ylim=(0, None)
        )
        below.legend()
    return Picture(figure, (above, below))
