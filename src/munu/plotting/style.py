"""One look for every picture: colour-blind safe, readable at column width, no LaTeX needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's palette, which colour-blind readers tell apart."""

COLUMN_WIDTH_INCHES = 3.5
PAGE_WIDTH_INCHES = 7.0

SETTINGS = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.linewidth": 0.6,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "lines.linewidth": 1.2,
    "mathtext.fontset": "dejavusans",
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "svg.hashsalt": "munu",
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw with the house's settings."""
    from matplotlib import rc_context

    with rc_context(SETTINGS):  # type: ignore[arg-type]
        yield


def new_figure(width_inches: float, height_inches: float) -> Figure:
    """Return an empty figure, free of pyplot's global state."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width_inches, height_inches), layout="constrained")


def new_axes(axes: Axes | None = None) -> tuple[Figure, Axes]:
    """Return the axes given with their figure, or new ones of column width."""
    if axes is not None:
        return axes.figure, axes  # type: ignore[return-value]
    figure = new_figure(COLUMN_WIDTH_INCHES, 0.8 * COLUMN_WIDTH_INCHES)
    return figure, figure.add_subplot()
