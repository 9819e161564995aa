"""Coverage of a threshold along a modulus, and the threshold that covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from munu.base.calls import checked_call
from munu.plotting.coverage_panels import draw_panels
from munu.plotting.figures import Picture
from munu.plotting.look import LookOptions, look_of, results_of
from munu.plotting.parameter_axes import check_one_parameter
from munu.plotting.style import TITLE_CHARACTERS, axis_label, house_style, short_name, wrapped
from munu.results.coverage import CoverageResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@checked_call
def plot_coverage(
    results: CoverageResult | Sequence[CoverageResult],
    ax: Sequence[Axes] | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw the coverage with its errors above, the Δχ² of the data and the thresholds below.

    A modulus is within the limit where the data's Δχ² lies below the threshold.

    Parameters
    ----------
    results : CoverageResult or sequence of them
        Along one modulus.
    ax : two matplotlib Axes, optional
        Where to draw, the upper one first; a new figure by default.
    **look
        ``unit``, ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`. A logarithm of y
        is that of Δχ².

    Raises
    ------
    MunuError
        For studies along several moduli, and as `munu.plot`.
    """
    studies = results_of(CoverageResult, results)
    chosen, first = look_of(len(studies), look), studies[0]
    check_one_parameter([one.parameter for one in studies])
    with house_style(chosen.style):
        return draw_panels(
            studies,
            [one.moment_mu_b / chosen.unit_mu_b for one in studies],
            ax,
            chosen,
            first.exact_name,
            xlabel=axis_label(first.parameter, unit_mu_b=chosen.unit_mu_b),
            ylabel=r"$\Delta\chi^2$",
            title="\n".join(dict.fromkeys(map(_title, studies))),
        )


def _title(result: CoverageResult) -> str:
    failed = (f"{result.failed.sum()} failed in all",) if result.first_failure else ()
    treated = "slice" if result.others == "zero" else "profiled"
    parts = (treated, f"{result.toys} toys a point", *failed, *result.assumptions.restrictions())
    return wrapped(f"{short_name(result.origin)}, {', '.join(parts)}", TITLE_CHARACTERS)
