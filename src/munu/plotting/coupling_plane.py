"""The picture of results in one plane of couplings: axes, units, window and legend."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, final

import numpy as np
from matplotlib.figure import Figure

from munu.base.typing import FloatArray
from munu.physics.interactions.registry import named
from munu.plotting.figures import Frame, Picture, legend_below, new_axes
from munu.plotting.look import Look, LookOptions, look_of
from munu.plotting.parameter_axes import check_signs, parameter_label, parameter_scales
from munu.plotting.regions import check_one_plane
from munu.plotting.style import colours_of, house_style
from munu.results.core.base import Origin

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN: Final = 0.05
"""Of the size of what is shown, around it."""


class InPlane(Protocol):
    """A result of two parameters."""

    @property
    @abstractmethod
    def plane(self) -> tuple[str, ...]:
        """Names of the parameters."""

    @property
    @abstractmethod
    def origin(self) -> Origin:
        """What it is of."""


@final
@dataclass(frozen=True, eq=False)
class CouplingPlane:
    """A picture that is being drawn.

    Parameters
    ----------
    figure : matplotlib Figure
    axes : matplotlib Axes
    frame : Frame
        The window of the axes.
    look : Look
    names : tuple of str
        Of the parameters.
    units : array, shape (2,)
        What one stands for on each axis.
    kinds : tuple of {"linear", "log"}
        Of each axis.
    colours : list of str
        One for each result.
    """

    figure: Figure
    axes: Axes
    frame: Frame
    look: Look
    names: tuple[str, ...]
    units: FloatArray
    kinds: tuple[str, str]
    colours: list[str]

    def line(self, piece: FloatArray, **drawn: Any) -> None:
        """Draw a line through points (n, 2)."""
        self.axes.plot(*(piece / self.units).T, **drawn)

    def area(self, piece: FloatArray, **drawn: Any) -> None:
        """Fill a polygon of vertices (n, 2)."""
        self.axes.fill(*(piece / self.units).T, **drawn)

    def standard_model(self, point: FloatArray) -> FloatArray:
        """Draw the Standard Model where the axes have it; return what the window must hold of it.

        A logarithmic axis has no zero.
        """
        if any(kind == "log" and value <= 0 for kind, value in zip(self.kinds, point, strict=True)):
            return np.empty((0, 2))
        self.axes.plot(*(point / self.units), "k+", label="Standard Model")
        return point[None, :]

    def window(
        self, pieces: Sequence[FloatArray], around: float = MARGIN
    ) -> tuple[FloatArray, FloatArray]:
        """Return the corners about pieces (n, 2), inside the values that the parameters may have.

        The room around them is a part of their size.
        """
        allowed, vertices = [named(name) for name in self.names], np.concatenate(pieces)
        low, high = vertices.min(axis=0), vertices.max(axis=0)
        margin = around * (high - low)
        low = np.maximum(low - margin, [one.low for one in allowed])
        high = np.minimum(high + margin, [one.high for one in allowed])
        return low / self.units, high / self.units

    def finished(
        self, title: str, low: FloatArray, high: FloatArray, least: FloatArray | None = None
    ) -> Picture:
        """Name the axes, set the window (`Frame.show`) and the legend, and return the picture."""
        x, y = (parameter_label(name, self.look) for name in self.names)
        self.axes.set(
            xlabel=x,
            ylabel=y,
            title=title if self.look.caption else "",
            xscale=self.kinds[0],
            yscale=self.kinds[1],
        )
        self.frame.show(low, high, least)
        legend_below(self.axes)
        return Picture(self.figure, self.axes)


@contextmanager
def coupling_plane(
    results: Sequence[InPlane], ax: Axes | None, look: LookOptions
) -> Iterator[CouplingPlane]:
    """Give the axes for results of one plane, in the style that is asked for.

    Axes that a user gives keep their scales where `look` asks for none.

    Raises
    ------
    MunuError
        For results of several planes, a logarithmic axis of a parameter that takes both signs, and
        as `munu.plot`.
    """
    chosen, names = look_of(len(results), look), results[0].plane
    check_one_plane([one.plane for one in results])
    units = parameter_scales(names, chosen)
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        kinds, frame = chosen.scales(("linear", "linear"), ax), Frame(axes)
        check_signs(names, kinds)
        colours = colours_of(one.origin.experiments for one in results)
        yield CouplingPlane(figure, axes, frame, chosen, names, units, kinds, colours)
