"""Envelopes of the regions of two couplings over phases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import numpy as np

from munu.physics.interactions.registry import parameter as parameter_of
from munu.plotting.coupling_regions import parameter_label
from munu.plotting.figures import Frame, Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of
from munu.plotting.style import COLOURS, house_style, short_name, tint, wrapped
from munu.results.core.table import percent
from munu.results.coupling_envelope import CouplingEnvelopeResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN = 0.05


def plot_coupling_envelope(
    result: CouplingEnvelopeResult, ax: Axes | None = None, **look: Unpack[LookOptions]
) -> Picture:
    """Draw what is allowed for some phases, and within it what is allowed for all.

    Parameters
    ----------
    result : CouplingEnvelopeResult
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **look
        ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        As `munu.plot`.
    """
    chosen = look_of(1, look)
    scales = np.array([parameter_of(name).unit.scale for name in result.plane])
    colour, other = list(COLOURS)[:2]
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        frame = Frame(axes)
        for pieces, shade, text in (
            (result.outer, colour, "for some phases"),
            (result.inner, other, "for all phases"),
        ):
            for number, piece in enumerate(pieces):
                label = None if number else f"allowed {text}"
                corners = (piece / scales).T
                axes.fill(*corners, facecolor=tint(shade), edgecolor=shade, label=label)
        axes.plot(*(result.standard_model / scales), "k+", label="Standard Model")
        title = f"{short_name(result.origin)}, {percent(result.cl)} C.L., two parameters"
        x, y = (parameter_label(name) for name in result.plane)
        axes.set(xlabel=x, ylabel=y, title=wrapped(title) if chosen.caption else "")
        vertices = np.concatenate(result.outer)
        low, high = vertices.min(axis=0), vertices.max(axis=0)
        bounds = np.array([[one.low, one.high] for one in map(parameter_of, result.plane)])
        margin = MARGIN * (high - low)
        first, last = (
            np.maximum(low - margin, bounds[:, 0]),
            np.minimum(high + margin, bounds[:, 1]),
        )
        frame.show(first / scales, last / scales)
        legend_below(axes)
    return Picture(figure, axes)
