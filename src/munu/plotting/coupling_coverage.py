"""Coverage of a threshold along a coupling, and the threshold that covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from munu.base.calls import checked_call
from munu.plotting.coverage_panels import draw_panels
from munu.plotting.figures import Picture
from munu.plotting.look import LookOptions, look_of, results_of
from munu.plotting.parameter_axes import (
    check_one_parameter,
    check_signs,
    parameter_label,
    parameter_scales,
)
from munu.plotting.style import TITLE_CHARACTERS, house_style, short_name, wrapped
from munu.plotting.told_apart import profiled_over
from munu.results.coupling_coverage import CouplingCoverageResult
from munu.results.coverage import exact_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@checked_call
def plot_coupling_coverage(
    results: CouplingCoverageResult | Sequence[CouplingCoverageResult],
    ax: Sequence[Axes] | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw the coverage with its errors above, the Δχ² of the data and the thresholds below.

    Parameters
    ----------
    results : CouplingCoverageResult or sequence of them
        Along one coupling.
    ax : two matplotlib Axes, optional
        Where to draw, the upper one first; a new figure by default.
    **look
        ``unit``, ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`. A logarithm of y
        is that of Δχ².

    Raises
    ------
    MunuError
        For studies along several couplings, a logarithmic axis of one that takes both signs, and as
        `munu.plot`.
    """
    studies = results_of(CouplingCoverageResult, results)
    chosen, name = look_of(len(studies), look), studies[0].parameter
    check_one_parameter([one.parameter for one in studies])
    check_signs((name,), chosen.scales(("linear", "linear"))[:1])
    (unit,) = parameter_scales((name,), chosen)
    with house_style(chosen.style):
        return draw_panels(
            studies,
            [one.values / unit for one in studies],
            ax,
            chosen,
            exact_name(studies[0].assumptions),
            xlabel=parameter_label(name, chosen),
            ylabel=r"$\Delta\chi^2$",
            title="\n".join(dict.fromkeys(map(_title, studies))),
        )


def _title(result: CouplingCoverageResult) -> str:
    toys = f"{result.toys} toys a point"
    parts = (profiled_over(result.profiled), toys, *result.assumptions.restrictions())
    return wrapped(f"{short_name(result.origin)}, {', '.join(parts)}", TITLE_CHARACTERS)
