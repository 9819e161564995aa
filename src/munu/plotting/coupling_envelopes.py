"""Envelopes of the regions of two couplings over phases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from munu.base.calls import checked_call
from munu.plotting.coupling_plane import coupling_plane
from munu.plotting.figures import Picture
from munu.plotting.look import LookOptions, results_of
from munu.plotting.style import short_name, tint, wrapped
from munu.plotting.told_apart import level, restrictions, titled_of_two, told_apart
from munu.results.coupling_envelope import CouplingEnvelopeResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@checked_call
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
    envelopes = results_of(CouplingEnvelopeResult, results)
    first = envelopes[0]
    with coupling_plane(envelopes, ax, look) as plane:
        apart = told_apart(envelopes, level, restrictions)
        for index, (one, colour) in enumerate(zip(envelopes, plane.colours, strict=True)):
            for piece in one.outer:
                plane.area(piece, facecolor=tint(colour), edgecolor=colour)
            for piece in one.inner:
                plane.area(piece, facecolor="none", edgecolor=colour, ls="--")
            own = plane.look.label(index, f"{short_name(one.origin)}{apart[index]}")
            fill = wrapped(f"{own}, allowed for some phases")
            plane.axes.fill([], [], facecolor=tint(colour), edgecolor=colour, label=fill)
            every = wrapped(f"{own}, for all phases")
            plane.axes.plot([], [], color=colour, ls="--", label=every)
        pieces = [piece for one in envelopes for piece in one.outer]
        pieces.append(plane.standard_model(first.standard_model))
        return plane.finished(titled_of_two(envelopes), *plane.window(pieces))
