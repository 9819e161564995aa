"""Coverage of a threshold along a modulus, and the threshold that covers."""

from __future__ import annotations

from typing import Unpack

from munu.plotting.figures import Picture, new_figure
from munu.plotting.look import LookOptions, look_of
from munu.plotting.style import (
    COLOURS,
    TITLE_CHARACTERS,
    axis_label,
    house_style,
    short_name,
    wrapped,
)
from munu.results.coverage import CoverageResult

WIDTH_INCHES, HEIGHT_INCHES = 3.4, 3.8


def plot_coverage(result: CoverageResult, **look: Unpack[LookOptions]) -> Picture:
    """Draw the coverage with its errors above, the Δχ² of the data and the thresholds below.

    A modulus is within the limit where the data's Δχ² lies below the threshold.

    Parameters
    ----------
    result : CoverageResult
    **look
        ``unit``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        As `munu.plot`.
    """
    chosen = look_of(1, look)
    moduli = result.moment_mu_b / chosen.unit_mu_b
    first, second, third = list(COLOURS)[:3]
    with house_style(chosen.style):
        figure = new_figure(WIDTH_INCHES, HEIGHT_INCHES, chosen.style)
        above, below = figure.subplots(2, 1, sharex=True)
        above.errorbar(
            moduli, 100 * result.coverage, 100 * result.coverage_error, fmt="o", color=first, ms=4
        )
        above.axhline(100 * result.cl, color="0.5", lw=1)
        above.set(
            ylabel="coverage (%)",
            title=_title(result) if chosen.caption else "",
        )
        below.plot(moduli, result.observed_delta_chi2, color=third, label="data")
        below.axhline(
            result.delta_chi2, color="0.5", lw=1, label=f"Wilks, {result.delta_chi2:.2f} (1 d.o.f.)"
        )
        below.plot(
            moduli,
            result.feldman_cousins_delta_chi2,
            "s",
            color=second,
            ms=4,
            label=result.exact_name,
        )
        below.set(
            xlabel=axis_label(result.parameter, unit_mu_b=chosen.unit_mu_b),
            ylabel=r"$\Delta\chi^2$ (slice)",
            ylim=(0, None),
        )
        below.legend()
    return Picture(figure, (above, below))


def _title(result: CoverageResult) -> str:
    failed = (f"{result.failed.sum()} failed in all",) if result.first_failure else ()
    parts = (f"{result.toys} toys a point", *failed, *result.assumptions.restrictions())
    return wrapped(f"{short_name(result.origin)}, {', '.join(parts)}", TITLE_CHARACTERS)
