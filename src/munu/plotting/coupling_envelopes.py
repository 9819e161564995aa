"""Envelopes of the regions of two couplings over phases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from munu.base.typing import FloatArray
from munu.plotting.figures import Frame, Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of
from munu.plotting.parameter_axes import (
    check_signs,
    mark_standard_model,
    parameter_label,
    parameter_scales,
    window,
)
from munu.plotting.regions import check_one_plane
from munu.plotting.style import colours_of, house_style, short_name, tint, wrapped
from munu.results.core.table import percent
from munu.results.coupling_envelope import CouplingEnvelopeResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_coupling_envelope(
    results: CouplingEnvelopeResult | Sequence[CouplingEnvelopeResult],
    ax: Axes | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw what is allowed for some phases, and within it what is allowed for all.

    Parameters
    ----------
    results : CouplingEnvelopeResult or sequence of them
        Of one plane.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **look
        ``unit``, ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For envelopes of several planes, a logarithmic axis of a parameter that takes both signs,
        and as `munu.plot`.
    """
    envelopes = [results] if isinstance(results, CouplingEnvelopeResult) else list(results)
    chosen, first = look_of(len(envelopes), look), envelopes[0]
    check_one_plane([one.plane for one in envelopes])
    units = parameter_scales(first.plane, chosen)
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        kinds, frame = chosen.scales(("linear", "linear")), Frame(axes)
        check_signs(first.plane, kinds)
        colours = colours_of(one.origin.experiments for one in envelopes)
        for index, (one, colour) in enumerate(zip(envelopes, colours, strict=True)):
            _draw(axes, one, units, colour)
            own = chosen.label(index, short_name(one.origin))
            fill = wrapped(f"{own}, allowed for some phases")
            axes.fill([], [], facecolor=tint(colour), edgecolor=colour, label=fill)
            axes.plot([], [], color=colour, ls="--", label=wrapped(f"{own}, for all phases"))
        standard = mark_standard_model(axes, first.standard_model, units, kinds)
        title = f"{percent(first.cl)} C.L., two parameters" if chosen.caption else ""
        x, y = (parameter_label(name, chosen) for name in first.plane)
        axes.set(xlabel=x, ylabel=y, title=title, xscale=kinds[0], yscale=kinds[1])
        pieces = [piece for one in envelopes for piece in one.outer]
        frame.show(*window(first.plane, [*pieces, standard], units))
        legend_below(axes)
    return Picture(figure, axes)


def _draw(axes: Axes, one: CouplingEnvelopeResult, units: FloatArray, colour: str) -> None:
    """Draw the pieces of both, the inner ones dashed."""
    for piece in one.outer:
        axes.fill(*(piece / units).T, facecolor=tint(colour), edgecolor=colour)
    for piece in one.inner:
        axes.fill(*(piece / units).T, facecolor="none", edgecolor=colour, ls="--")
