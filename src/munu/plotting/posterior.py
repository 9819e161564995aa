"""Corner pictures of posteriors: densities on the diagonal, regions of pairs below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Unpack, final

import numpy as np

from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.physics.interactions.registry import named
from munu.plotting.figures import AxesGrid, Frame, Picture, new_panels
from munu.plotting.look import Look, LookOptions, look_of, results_of
from munu.plotting.parameter_axes import check_signs, parameter_label, parameter_scales
from munu.plotting.style import BLUE, VERMILLION, colours_of, house_style, short_name, tint
from munu.results.core.table import percent
from munu.results.posterior import Credible, CredibleRegion, PosteriorResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_INCHES: Final = (2.2, 1.6)
"""Of a picture of one panel, and of each panel of several."""
MARGIN_INCHES: Final = 1.0
HEADROOM: Final = 1.08
MARGIN: Final = 0.03
"""Of the width of what is shown, beside it."""
NEGLIGIBLE: Final = 1e-3
"""Density below which a window need not reach."""
LEAST: Final = 0.01
"""Part of the window from which logarithmic axes begin."""


@checked_call
def plot_posterior(
    results: PosteriorResult | Sequence[PosteriorResult],
    ax: AxesGrid | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw the density of each parameter and the credible region of each pair.

    What is shaded holds the probability of the result; dashed are the profiled interval and region.
    Of several results densities and the edges of regions are drawn, as areas would hide each other.

    Parameters
    ----------
    results : PosteriorResult or sequence of them
        Of the same parameters.
    ax : array of matplotlib Axes, shape (n, n), optional
        Where to draw n parameters; those above the diagonal are hidden. A new figure by default.
    **look
        ``unit``, ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`. Densities have
        no logarithm.

    Raises
    ------
    MunuError
        For posteriors of different parameters, a logarithmic axis of one that takes both signs, and
        as `munu.plot`.
    """
    found = results_of(PosteriorResult, results)
    chosen = look_of(len(found), look)
    n = len(_names(found))
    kinds = chosen.scales(("linear", "linear"))
    for kind, names in zip(kinds, (found[0].names, found[0].names[1:]), strict=True):
        check_signs(names, [kind] * len(names))
    corner = _Corner(found, parameter_scales(found[0].names, chosen), kinds)
    with house_style(chosen.style):
        size = (PANEL_INCHES[n > 1] * n) + MARGIN_INCHES
        figure, grid = new_panels((n, n), (size, size), ax, chosen.style)
        panels: Any = grid
        for row, column in np.ndindex(n, n):
            if column > row:
                panels[row, column].set_visible(False)
            else:
                corner.draw(panels[row, column], row, column)
                _label(panels[row, column], found[0].names, row, column, chosen)
        _say(figure, panels, found, chosen, own=ax is None)
    return Picture(figure, panels)


def _names(found: Sequence[PosteriorResult]) -> tuple[str, ...]:
    """Return the parameters, which are those of every result."""
    for one in found:
        if one.names != found[0].names:
            raise MunuError(
                f"posteriors of {', '.join(found[0].names)} and of {', '.join(one.names)} do not "
                "go into one picture",
                "Draw those of the same parameters together",
            )
    return found[0].names


def _colours(found: Sequence[PosteriorResult]) -> list[str]:
    """Return blue for a single result, whose second colour is that of the profiled."""
    return [BLUE] if len(found) == 1 else colours_of(one.origin.experiments for one in found)


@final
@dataclass(frozen=True, eq=False)
class _Corner:
    """What stands in the panels.

    Parameters
    ----------
    found : sequence of PosteriorResult
    units : array
        What one stands for on the axis of each parameter.
    kinds : tuple of str
        Scales of x and y.
    """

    found: Sequence[PosteriorResult]
    units: FloatArray
    kinds: tuple[str, str]

    def draw(self, axes: Axes, row: int, column: int) -> None:
        """Draw the density of a parameter, or the regions of a pair, and set the window."""
        frame, alone = Frame(axes), len(self.found) == 1
        names, unit = self.found[0].names, float(self.units[column])
        x = self._window(column)
        axes.set_xscale(self.kinds[0])
        if row == column:
            y = (0.0, HEADROOM)
            axes.set_yticks([])
        else:
            y = self._window(row)
            axes.set_yscale(self.kinds[1])
        for one, colour in zip(self.found, _colours(self.found), strict=True):
            if row == column:
                _draw_density(axes, one.parameters[row], unit, colour, alone=alone)
            else:
                pair = _of(one.regions, names, column, row)
                _draw_region(axes, pair, self.units[[column, row]], colour, alone=alone)
        low, high = np.transpose([x, y])
        frame.show(low, high, LEAST * high)

    def _window(self, index: int) -> tuple[float, float]:
        """Return the ends of an axis: where there is some density, and the profiled interval."""
        ends = np.concatenate([_ends(one.parameters[index]) for one in self.found])
        margin = MARGIN * (ends.max() - ends.min())
        asked, unit = named(self.found[0].names[index]), float(self.units[index])
        low = max(ends.min() - margin, asked.low) / unit
        high = min(ends.max() + margin, asked.high) / unit
        return (max(low, LEAST * high) if "log" in self.kinds else low), high


def _ends(one: Credible) -> FloatArray:
    seen = one.grid[one.density > NEGLIGIBLE]
    return np.concatenate([seen, one.profiled[np.isfinite(one.profiled)]])


def _draw_density(axes: Axes, one: Credible, unit: float, colour: str, *, alone: bool) -> None:
    grid = one.grid / unit
    axes.plot(grid, one.density, color=colour)
    if not alone:
        return
    for low, high in one.highest_density / unit:
        inside = np.concatenate([[low], grid[(grid > low) & (grid < high)], [high]])
        axes.fill_between(inside, np.interp(inside, grid, one.density), color=tint(colour), lw=0)
    for end in (one.profiled / unit).ravel():
        if end != 0 and np.isfinite(end):
            axes.axvline(end, color=VERMILLION, ls="--", lw=1)


def _draw_region(
    axes: Axes, one: CredibleRegion, units: FloatArray, colour: str, *, alone: bool
) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if one.polygons:
        path = Path.make_compound_path(*(Path(p / units, closed=True) for p in one.polygons))
        face = tint(colour) if alone else "none"
        axes.add_patch(PathPatch(path, facecolor=face, edgecolor=colour))
    for piece in one.profiled if alone else ():
        closed = np.concatenate([piece, piece[:1]]) / units
        axes.plot(*closed.T, color=VERMILLION, ls="--", lw=1)


def _of(
    regions: Sequence[CredibleRegion], names: Sequence[str], column: int, row: int
) -> CredibleRegion:
    """Return the region of the parameters of a column and a row."""
    return next(one for one in regions if one.plane == (names[column], names[row]))


def _label(axes: Axes, names: Sequence[str], row: int, column: int, look: Look) -> None:
    """Name the axes at the left and below alone."""
    last = len(names) - 1
    if row == last:
        axes.set_xlabel(parameter_label(names[column], look))
        axes.tick_params(axis="x", rotation=45 if last else 0)
    else:
        axes.tick_params(axis="x", which="both", labelbottom=False)
    if column == 0 and row > 0:
        axes.set_ylabel(parameter_label(names[row], look))
    elif row != column:
        axes.tick_params(axis="y", which="both", labelleft=False)


def _say(
    figure: Figure,
    panels: AxesGrid,
    found: Sequence[PosteriorResult],
    look: Look,
    *,
    own: bool,
) -> None:
    """Say in a legend and a title what is drawn; in axes of another, in the first of them."""
    first, handles = found[0], _handles(found, look)
    title = short_name(first.origin) if look.caption and len(found) == 1 else ""
    if own:
        figure.legend(handles=handles, loc="outside lower center", ncols=1)
        figure.suptitle(title)
    else:
        panels[0, 0].legend(handles=handles)
        panels[0, 0].set_title(title)


def _handles(found: Sequence[PosteriorResult], look: Look) -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    first = found[0]
    levels = [f"{percent(one.cl)}, " if look.caption else "" for one in found]
    if len(found) > 1:
        return [
            Patch(facecolor="none", edgecolor=colour, label=look.label(index, own))
            for index, (one, colour) in enumerate(zip(found, _colours(found), strict=True))
            for own in [f"{levels[index]}{short_name(one.origin)}"]
        ]
    own = look.label(0, f"{levels[0]}highest density")
    handles: list[Any] = [Patch(facecolor=tint(BLUE), edgecolor=BLUE, label=own)]
    if any(len(one.profiled) for one in first.parameters):
        sure = f"{percent(first.cl)} C.L., " if look.caption else ""
        line = Line2D([], [], color=VERMILLION, ls="--", lw=1, label=f"{sure}profiled")
        handles.append(line)
    return handles
