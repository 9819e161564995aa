"""Figures and axes of the house: shown where a person watches, saved in the look they have."""

from __future__ import annotations

import builtins
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from munu.base.errors import MunuError, shown
from munu.base.typing import FloatArray
from munu.plotting.style import COLUMN_WIDTH_INCHES, StyleLike, house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

AxesGrid = np.ndarray[Any, np.dtype[Any]]
FIRST_DECADES = 1e-3
"""Part of a window's end from which a logarithmic axis begins if nothing says more."""


@final
class Picture(NamedTuple):
    """What a plot returns: ``figure, axes = picture``.

    What is asked of it otherwise is asked of the axes, as in ``picture.set_title("Mine")``.

    Parameters
    ----------
    figure : matplotlib Figure
    axes : matplotlib Axes, or an array of them
    """

    figure: Figure
    axes: Any

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.axes, name)

    def __repr__(self) -> str:
        number = len(self.figure.axes)
        return f"<Picture with {number} panel{'s' * (number != 1)}>"


@final
class HouseFigure(Figure):
    """A figure that is saved with the settings it was made with: fonts embedded, hash fixed.

    Parameters
    ----------
    house : str, mapping, path or a list of them, optional
        Style on top of that of the house.
    """

    def __init__(self, *args: Any, house: StyleLike | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.house = house

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save as `matplotlib.figure.Figure.savefig` does, Type 42 fonts in PDF and PS."""
        with house_style(self.house):
            super().savefig(fname, **options)


def new_figure(width_inches: float, height_inches: float, style: StyleLike | None = None) -> Figure:
    """Return an empty figure: one of pyplot's where somebody watches these, else free of them."""
    size, layout = (width_inches, height_inches), "constrained"
    if not _is_watched():
        return HouseFigure(figsize=size, layout=layout, house=style)
    from matplotlib import pyplot

    return pyplot.figure(FigureClass=HouseFigure, figsize=size, layout=layout, house=style)


def _is_watched() -> bool:
    """Whether pyplot was imported, or commands are typed: it shows and saves the last figure."""
    typed = hasattr(sys, "ps1") or hasattr(builtins, "__IPYTHON__")
    return typed or "matplotlib.pyplot" in sys.modules


def release(figure: Figure) -> None:
    """Let pyplot forget a figure that has gone to a file."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)


def new_axes(ax: Axes | None = None, style: StyleLike | None = None) -> tuple[Figure, Axes]:
    """Return the axes given with their figure, or new ones of column width.

    Raises
    ------
    MunuError
        For what is not one pair of axes.
    """
    if ax is not None:
        from matplotlib.axes import Axes

        if not isinstance(ax, Axes):
            raise MunuError(
                f"ax = {shown(ax)} is not axes of Matplotlib", "Give those of plt.subplots(), one"
            )
        figure = ax.get_figure(root=True)
        assert figure is not None
        return figure, ax
    figure = new_figure(COLUMN_WIDTH_INCHES, 0.85 * COLUMN_WIDTH_INCHES, style)
    return figure, figure.add_subplot()


def new_panels(
    shape: tuple[int, int],
    size_inches: tuple[float, float],
    ax: Any = None,
    style: StyleLike | None = None,
    **shared: Any,
) -> tuple[Figure, AxesGrid]:
    """Return the panels given with their figure, or a new figure's, as an array of that shape.

    Raises
    ------
    MunuError
        For what are not as many axes of one figure.
    """
    if ax is None:
        figure = new_figure(*size_inches, style)
        return figure, figure.subplots(*shape, squeeze=False, **shared)
    from matplotlib.axes import Axes

    given = np.ravel(np.asarray(ax, dtype=object))
    rows, columns = shape
    figures = {one.get_figure(root=True) for one in given if isinstance(one, Axes)}
    if given.size != rows * columns or not all(isinstance(one, Axes) for one in given):
        raise MunuError(
            f"ax = {shown(ax)} is not {rows * columns} axes, and the picture has as many panels",
            f"Give those of plt.subplots({rows}, {columns})",
        )
    if len(figures) > 1:
        raise MunuError("the axes given are of several figures", "Give panels of one")
    (own,) = figures
    assert own is not None
    return own, given.reshape(shape)


def legend_below(axes: Axes, *, columns: int = 1) -> None:
    """Set the legend below the axes of a figure of its own, inside the axes of another."""
    figure = axes.figure
    layout = figure.get_layout_engine()
    if layout is not None and layout.adjust_compatible is False and figure.axes == [axes]:
        figure.legend(loc="outside lower center", ncols=columns)
    else:
        axes.legend(ncols=columns)


@final
class Frame:
    """The window that a plot shows, kept when an axis is made logarithmic afterwards.

    It is what Matplotlib scales the axes to, so that zero is no end of a logarithmic axis. What was
    in the axes before stays in the window; limits that somebody set stay too.

    Parameters
    ----------
    axes : matplotlib Axes
        Before anything is drawn.
    """

    def __init__(self, axes: Axes) -> None:
        self._axes = axes
        self._before = axes.dataLim.frozen() if axes.has_data() else None

    def show(self, low: FloatArray, high: FloatArray, least: FloatArray | None = None) -> None:
        """Set the window.

        Parameters
        ----------
        low, high : array, shape (2,)
            Its corners.
        least : array, shape (2,), optional
            Where logarithmic axes begin if a corner is not positive.
        """
        axes = self._axes
        begin = FIRST_DECADES * high if least is None else least
        axes.dataLim = Bbox.null()
        if self._before is not None:
            axes.update_datalim(self._before.get_points())
        axes.update_datalim(np.array([low, high, np.maximum(low, begin)]))
        axes.set_xmargin(0)
        axes.set_ymargin(0)
        axes.autoscale_view()
