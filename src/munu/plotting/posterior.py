"""Corner pictures of posteriors: densities on the diagonal, regions of pairs below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Unpack

import numpy as np

from munu.physics.interactions.registry import named
from munu.plotting.figures import Picture, new_figure
from munu.plotting.look import Look, LookOptions, look_of
from munu.plotting.mathtext import mathtext, mathtext_unit
from munu.plotting.style import BLUE, VERMILLION, house_style, short_name, tint
from munu.results.core.table import percent
from munu.results.posterior import Credible, CredibleRegion, PosteriorResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANEL_INCHES: Final = (2.2, 1.6)
"""Of a picture of one panel, and of each panel of several."""
MARGIN_INCHES: Final = 1.0
HEADROOM: Final = 1.08
MARGIN: Final = 0.03
"""Of the width of what is shown, beside it."""
NEGLIGIBLE: Final = 1e-3
"""Density below which a window need not reach."""


def plot_posterior(result: PosteriorResult, **look: Unpack[LookOptions]) -> Picture:
    """Draw the density of each parameter and the credible region of each pair.

    What is shaded holds the probability of the result; dashed are the profiled interval and region.

    Parameters
    ----------
    result : PosteriorResult
    **look
        ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        As `munu.plot`.
    """
    chosen, n = look_of(1, look), len(result.parameters)
    with house_style(chosen.style):
        size = (PANEL_INCHES[n > 1] * n) + MARGIN_INCHES
        figure = new_figure(size, size, chosen.style)
        panels: Any = figure.subplots(n, n, squeeze=False)
        windows = [_window(one) for one in result.parameters]
        for row, column in np.ndindex(n, n):
            axes: Axes = panels[row, column]
            if column > row:
                axes.set_visible(False)
            elif column == row:
                _draw_density(axes, result.parameters[row])
            else:
                _draw_region(axes, _of(result.regions, result.names, column, row))
                axes.set_ylim(windows[row])
            axes.set_xlim(windows[column])
            _label(axes, result, row, column)
        _say(figure, result, chosen)
    return Picture(figure, panels)


def _window(one: Credible) -> tuple[float, float]:
    """Return the ends of an axis: where there is some density, and the profiled interval."""
    seen = one.grid[one.density > NEGLIGIBLE]
    ends = np.concatenate([seen, one.profiled[np.isfinite(one.profiled)]]) / _scale(one.parameter)
    margin = MARGIN * (ends.max() - ends.min())
    low, high = (end / _scale(one.parameter) for end in _bounds(one.parameter))
    return max(ends.min() - margin, low), min(ends.max() + margin, high)


def _bounds(name: str) -> tuple[float, float]:
    return named(name).low, named(name).high


def _scale(name: str) -> float:
    return named(name).unit.scale


def _draw_density(axes: Axes, one: Credible) -> None:
    grid = one.grid / _scale(one.parameter)
    for low, high in one.highest_density / _scale(one.parameter):
        inside = np.concatenate([[low], grid[(grid > low) & (grid < high)], [high]])
        axes.fill_between(inside, np.interp(inside, grid, one.density), color=tint(BLUE), lw=0)
    axes.plot(grid, one.density, color=BLUE)
    for end in (one.profiled / _scale(one.parameter)).ravel():
        if end != 0 and np.isfinite(end):
            axes.axvline(end, color=VERMILLION, ls="--", lw=1)
    axes.set(ylim=(0, HEADROOM), yticks=[])


def _draw_region(axes: Axes, one: CredibleRegion) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    scales = [_scale(name) for name in one.plane]
    if one.polygons:
        path = Path.make_compound_path(*(Path(p / scales, closed=True) for p in one.polygons))
        axes.add_patch(PathPatch(path, facecolor=tint(BLUE), edgecolor=BLUE))
    for piece in one.profiled:
        closed = np.concatenate([piece, piece[:1]]) / scales
        axes.plot(*closed.T, color=VERMILLION, ls="--", lw=1)


def _of(
    regions: Sequence[CredibleRegion], names: Sequence[str], column: int, row: int
) -> CredibleRegion:
    """Return the region of the parameters of a column and a row."""
    return next(one for one in regions if one.plane == (names[column], names[row]))


def _label(axes: Axes, result: PosteriorResult, row: int, column: int) -> None:
    """Name the axes at the left and below alone."""
    names, last = result.names, len(result.names) - 1
    if row == last:
        axes.set_xlabel(_axis_label(names[column]))
        axes.tick_params(axis="x", rotation=45 if last else 0)
    else:
        axes.set_xticklabels([])
    if column == 0 and row > 0:
        axes.set_ylabel(_axis_label(names[row]))
    elif row != column:
        axes.set_yticklabels([])


def _axis_label(name: str) -> str:
    one = named(name)
    symbol, unit = mathtext(one.symbol), mathtext_unit(one.unit.text)
    return f"{symbol} ({unit})" if unit else symbol


def _say(figure: Any, result: PosteriorResult, chosen: Look) -> None:
    """Say in a legend and a title what is drawn."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    level = f"{percent(result.cl)}, " if chosen.caption else ""
    sure = f"{percent(result.cl)} C.L., " if chosen.caption else ""
    handles: list[Any] = [
        Patch(facecolor=tint(BLUE), edgecolor=BLUE, label=f"{level}highest density")
    ]
    if any(len(one.profiled) for one in result.parameters):
        line = Line2D([], [], color=VERMILLION, ls="--", lw=1, label=f"{sure}profiled")
        handles.append(line)
    figure.legend(handles=handles, loc="outside lower center", ncols=1)
    if chosen.caption:
        figure.suptitle(short_name(result.origin))
