"""Allowed regions of two couplings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.physics.interactions.registry import parameter as parameter_of
from munu.plotting.figures import Frame, Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of
from munu.plotting.mathtext import mathtext, mathtext_unit
from munu.plotting.regions import check_one_plane
from munu.plotting.style import colours_of, house_style, short_name, tint, wrapped
from munu.results.core.table import percent
from munu.results.coupling_region import CouplingRegionResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN = 0.05
"""Of the size of the regions, around them."""


def plot_coupling_region(
    results: CouplingRegionResult | Sequence[CouplingRegionResult],
    ax: Axes | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw the region of two couplings, for one result or several of the same plane.

    Parameters
    ----------
    results : CouplingRegionResult or sequence of them
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **look
        ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For regions of several planes, a logarithmic axis of a parameter that takes both signs, and
        as `munu.plot`.
    """
    regions = [results] if isinstance(results, CouplingRegionResult) else list(results)
    chosen, first = look_of(len(regions), look), regions[0]
    check_one_plane([region.plane for region in regions])
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        usual = ("linear", "linear") if ax is None else (axes.get_xscale(), axes.get_yscale())
        scales, frame = chosen.scales(usual), Frame(axes)
        check_signs(first.plane, scales)
        colours = colours_of(region.origin.experiments for region in regions)
        for index, (region, colour) in enumerate(zip(regions, colours, strict=True)):
            draw_region(axes, region, colour)
            own = wrapped(short_name(region.origin))
            label = chosen.label(index, own)
            axes.fill([], [], facecolor=tint(colour), edgecolor=colour, label=label)
        standard = mark_standard_model(axes, first.standard_model, _scales(first), scales)
        x, y = (parameter_label(name) for name in first.plane)
        title = f"{percent(first.cl)} C.L., two parameters" if chosen.caption else ""
        axes.set(xlabel=x, ylabel=y, title=title, xscale=scales[0], yscale=scales[1])
        pieces = [piece for one in regions for piece in one.outlines]
        frame.show(*window(first.plane, [*pieces, standard]))
        legend_below(axes)
    return Picture(figure, axes)


def draw_region(axes: Axes, region: CouplingRegionResult, colour: str) -> None:
    """Draw the pieces of a region into axes."""
    for outline in region.outlines:
        axes.fill(*(outline / _scales(region)).T, facecolor=tint(colour))
    for polygon in region.polygons:
        axes.plot(*(polygon / _scales(region)).T, color=colour)


def mark_standard_model(
    axes: Axes, point: FloatArray, scales: FloatArray, kinds: Sequence[str]
) -> FloatArray:
    """Draw the Standard Model where the axes have it, and return what the window must hold of it.

    A logarithmic axis has no zero.
    """
    if any(kind == "log" and value <= 0 for kind, value in zip(kinds, point, strict=True)):
        return np.empty((0, 2))
    axes.plot(*(point / scales), "k+", label="Standard Model")
    return point[None, :]


def check_signs(plane: Sequence[str], scales: Sequence[str]) -> None:
    """Raise `MunuError` for a logarithmic axis of a parameter that may be negative."""
    for name, scale in zip(plane, scales, strict=True):
        if scale == "log" and parameter_of(name).low < 0:
            raise MunuError(
                f"{name} takes both signs, and has no logarithmic axis",
                "Leave log out, or name x or y",
            )


def window(plane: Sequence[str], pieces: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Return the corners about pieces (n, 2), inside the values that the parameters may have."""
    axes, vertices = [parameter_of(name) for name in plane], np.concatenate(pieces)
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    margin = MARGIN * (high - low)
    low = np.maximum(low - margin, [one.low for one in axes])
    high = np.minimum(high + margin, [one.high for one in axes])
    scales = np.array([one.unit.scale for one in axes])
    return low / scales, high / scales


def _scales(region: CouplingRegionResult) -> FloatArray:
    return np.array([parameter_of(name).unit.scale for name in region.plane])


def parameter_label(name: str) -> str:
    """Return what an axis of a parameter says: its symbol and unit."""
    parameter = parameter_of(name)
    symbol, unit = mathtext(parameter.symbol), mathtext_unit(parameter.unit.text)
    return f"{symbol} ({unit})" if unit else symbol
