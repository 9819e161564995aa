"""Coverage of a threshold along a modulus, and the threshold that covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from munu.plotting.style import (
    COLOURS,
    TITLE_CHARACTERS,
    axis_label,
    experiment_name,
    house_style,
    new_figure,
    scale_of,
    wrapped,
)
from munu.results.coverage import CoverageResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH_INCHES, HEIGHT_INCHES = 3.4, 3.8


def plot_coverage(result: CoverageResult) -> tuple[Figure, Any]:
    """Draw the coverage with its errors above, the Δχ² of the data and the thresholds below.

    A modulus is within the limit where the data's Δχ² lies below the threshold.

    Parameters
    ----------
    result : CoverageResult
    """
    moduli = result.moment_mu_b / scale_of(result.parameter)
    first, second, third = list(COLOURS)[:3]
    with house_style():
        figure = new_figure(WIDTH_INCHES, HEIGHT_INCHES)
        above, below = figure.subplots(2, 1, sharex=True)
        above.errorbar(
            moduli, 100 * result.coverage, 100 * result.coverage_error, fmt="o", color=first, ms=4
        )
        above.axhline(100 * result.cl, color="0.5", lw=1)
        above.set(
            ylabel="coverage (%)",
            title=_title(result),
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
            xlabel=axis_label(result.parameter), ylabel=r"$\Delta\chi^2$ (slice)", ylim=(0, None)
        )
        below.legend()
    return figure, (above, below)


def _title(result: CoverageResult) -> str:
    failed = (f"{result.failed.sum()} failed in all",) if result.first_failure else ()
    parts = (f"{result.toys} toys a point", *failed, *result.conditions.restrictions())
    return wrapped(
        f"{experiment_name(result.origin.experiments)}, {', '.join(parts)}", TITLE_CHARACTERS
    )
