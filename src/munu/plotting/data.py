"""Data beside a fitted prediction, in every observable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Unpack, final

import numpy as np
from matplotlib.figure import Figure, FigureBase

from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.plotting.figures import AxesGrid, Frame, Picture, new_panels
from munu.plotting.layers import Layer, Stacks, finite_edges
from munu.plotting.look import Look, LookOptions, look_of, results_of
from munu.plotting.style import PAGE_WIDTH_INCHES, StyleLike, experiment_name, house_style
from munu.results.core.bins import BinAxis
from munu.results.fit import FitResult
from munu.results.fit_data import (
    BACKGROUND,
    SIGNAL,
    BinnedData,
    ControlData,
    FitData,
)
from munu.results.paper.data import DataResult

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

HEIGHTS = (3.0, 2.2, 1.2)
"""Of the panels, in units of 0.75 inch; the second is left out where there is no background."""

BARS = "bars: one standard deviation, as in χ²"
HATCHING = "0.45"
HEADROOM = 1.05
FOOT = 0.5
"""Part of the least height from which a logarithmic axis begins."""


def draw_each(result: DataResult) -> Iterator[tuple[str, tuple[Figure, Any]]]:
    """Draw every data set with all its recoils; yield its name and its picture."""
    for one in result.fits:
        if one.fit.channels == "all":
            (data,) = one.fit.data
            yield data.experiment.removesuffix("@current").replace("@", "-"), plot_fit(data)


@checked_call
def plot_fit(
    fit: FitResult | FitData, ax: AxesGrid | None = None, **look: Unpack[LookOptions]
) -> Picture:
    """Draw a data set and its prediction in every observable, summed over the others.

    Above: data and the stacked prediction. Middle, where there are backgrounds: data less these,
    and the signals. Below: data less the prediction, in standard deviations. Control regions stand
    beside the bins of the signal. Components too thin to be seen are not named.

    Parameters
    ----------
    fit : FitResult or FitData
        A fit of one experiment, or one of the data sets of a fit of several.
    ax : array of matplotlib Axes, optional
        Where to draw, as many as the picture has panels: rows as above, a column for each
        observable. A new figure by default.
    **look
        ``label`` (of the experiment), ``log``, ``style`` and ``caption``, as in `munu.plot`. A
        logarithm of y is that of the stacked prediction.

    Raises
    ------
    MunuError
        For a fit of several experiments, and as `munu.plot`.
    """
    chosen = look_of(1, look)
    data = fit if isinstance(fit, FitData) else _only(fit)
    regions: list[BinnedData] = [data, *data.control_regions]
    stacks = Stacks(regions)
    with house_style(chosen.style):
        figure, axes = _panels(regions, ax, chosen.style)
        columns = iter(axes.T)
        for region in regions:
            own = [next(columns) for _ in region.axes]
            _draw_region(region, stacks, own, data.unit_of_rates)
        for panel in axes[1:-1, 0]:
            panel.set_ylabel("less backgrounds")
        axes[-1, 0].set_ylabel(r"residual ($\sigma$)")
        name, setup = data.experiment.split("@")
        called = chosen.label(0, f"{_name(fit, name)}, setup {setup}")
        said = f"{_recoils(fit)}: data and the Standard Model, fitted; {BARS}"
        title = f"{called}{said}" if chosen.caption else called
        _set_scales(axes, chosen)
        _legend(figure if ax is None else axes[0, 0], axes[0], title)
    return Picture(figure, axes)


def _name(fit: FitResult | FitData, identifier: str) -> str:
    """Return how the experiment of a fit is called."""
    labels = fit.origin.labels if isinstance(fit, FitResult) else ()
    return labels[0] if labels else experiment_name([identifier])


def _recoils(fit: FitResult | FitData) -> str:
    """Return which recoils are in the prediction, where not all are."""
    if isinstance(fit, FitData) or fit.channels == "all":
        return ""
    return f", {fit.channels} recoils only"


def _panels(
    regions: Sequence[BinnedData], ax: AxesGrid | None, style: StyleLike | None
) -> tuple[Figure, AxesGrid]:
    """Return a column of panels per region and observable."""
    has_backgrounds = any(c.kind == BACKGROUND for region in regions for c in region.components)
    heights = HEIGHTS if has_backgrounds else (HEIGHTS[0], HEIGHTS[-1])
    shape = len(heights), sum(len(region.axes) for region in regions)
    size = PAGE_WIDTH_INCHES, 0.75 * sum(heights)
    return new_panels(shape, size, ax, style, sharex="col", height_ratios=heights)


def _set_scales(axes: AxesGrid, look: Look) -> None:
    """Make axes logarithmic that are asked for: all of x, and y of the prediction."""
    xscale, yscale = look.scales(("linear", "linear"), axes[0, 0])
    for panel in axes.flat:
        panel.set_xscale(xscale)
    for panel in axes[0]:
        panel.set_yscale(yscale)


def _draw_region(
    data: BinnedData, stacks: Stacks, columns: Sequence[Sequence[Axes]], unit_of_rates: str
) -> None:
    """Draw the bins of the signal, or a control region: one column of panels per observable."""
    events = f"events in {unit_of_rates}" if unit_of_rates else "events"
    signals, backgrounds = stacks.layers(data, SIGNAL), stacks.layers(data, BACKGROUND)
    shape = [len(axis) for axis in data.axes]
    observed = np.reshape(data.observed_per_bin, shape)
    variance = np.reshape(data.variance_per_bin, shape)
    if isinstance(data, ControlData):
        columns[0][0].set_title(data.name.replace("-", " "))
    elif isinstance(data, FitData) and data.control_regions:
        columns[0][0].set_title("bins of the signal")
    for i, (axis, panels) in enumerate(zip(data.axes, columns, strict=True)):
        others = tuple(j for j in range(len(shape)) if j != i)
        _Column(panels, axis, others, events).draw(observed, variance, backgrounds, signals)


def _legend(place: Figure | Axes, axes: Iterable[Axes], title: str) -> None:
    """Name each colour once, and say what is shown: in the figure, or in the first axes."""
    named: dict[str, Artist] = {}
    for one in axes:
        for handle, label in zip(*one.get_legend_handles_labels(), strict=True):
            named.setdefault(label, handle)
    handles, labels = list(named.values()), list(named)
    if isinstance(place, FigureBase):
        columns = min(len(named), 6)
        place.legend(handles, labels, loc="outside lower center", ncols=columns)
        place.suptitle(title)
    else:
        place.legend(handles, labels)
        place.set_title(title)


def _only(fit: FitResult) -> FitData:
    """Return the data set of a fit of one experiment."""
    found = [data for one in results_of(FitResult, fit) for data in one.data]
    if len(found) > 1:
        names = " and ".join(data.experiment for data in found)
        raise MunuError(
            f"a plot of a fit shows one experiment, not {names}",
            "Fit one, or draw fit.data[0], ... with munu.plotting.data.plot_fit",
        )
    return found[0]


@final
class _Column:
    """The three panels of one observable."""

    def __init__(
        self, panels: Sequence[Axes], axis: BinAxis, others: tuple[int, ...], events: str
    ) -> None:
        self._panels = panels
        self._axis = axis
        self._others = others
        self._edges = finite_edges(axis)
        single = self._edges.size == 2
        self._width = np.ones(1) if single else np.diff(self._edges)
        self._unit = axis.unit.replace("us", "µs")
        self._density = events if single else f"{events} / {self._unit or axis.observable}"

    def _project(self, events: FloatArray) -> FloatArray:
        return np.asarray(events.sum(axis=self._others))

    def draw(
        self,
        observed: FloatArray,
        variance: FloatArray,
        backgrounds: Sequence[Layer],
        signals: Sequence[Layer],
    ) -> None:
        """Draw the stack, the data less backgrounds, and the residuals."""
        counts, error = self._project(observed), np.sqrt(self._project(variance))
        behind = sum((self._project(b.events) for b in backgrounds), np.zeros(counts.size))
        prediction = behind + sum(self._project(s.events) for s in signals)
        top, *middle, bottom = self._panels
        frame = Frame(top)
        self._stack(top, [*backgrounds, *signals])
        self._points(top, counts, error, label="data")
        self._show(frame, np.concatenate([counts + error, prediction]) / np.tile(self._width, 2))
        top.set_ylabel(self._density)
        for panel in middle:
            self._stack(panel, signals)
            self._points(panel, counts - behind, error)
            panel.axhline(0, color="0.5", lw=0.6)
        with np.errstate(divide="ignore", invalid="ignore"):
            pull = np.where(error > 0, (counts - prediction) / error, 0.0)
        bottom.axhline(0, color="0.5", lw=0.6)
        bottom.plot(self._centres(), pull, "ko", ms=2)
        bottom.set_ylim(-max(3.0, 1.1 * np.abs(pull).max()), max(3.0, 1.1 * np.abs(pull).max()))
        unit = f" ({self._unit})" if self._unit else ""
        bottom.set_xlabel(f"{self._axis.observable}{unit}")
        for panel in self._panels:
            panel.set_xmargin(0)

    def _show(self, frame: Frame, heights: FloatArray) -> None:
        """Set the window of the prediction: from zero to above all that is drawn."""
        first, last = self._edges[[0, -1]]
        highest = HEADROOM * float(heights.max())
        least = FOOT * float(heights[heights > 0].min(initial=highest))
        begin = self._edges[self._edges > 0][0]
        frame.show(np.array([first, 0.0]), np.array([last, highest]), np.array([begin, least]))

    def _centres(self) -> FloatArray:
        return 0.5 * (self._edges[1:] + self._edges[:-1])

    def _stack(self, axes: Axes, layers: Sequence[Layer]) -> None:
        base = np.zeros(self._width.size)
        for layer in layers:
            top = base + self._project(layer.events)
            axes.stairs(
                top / self._width,
                self._edges,
                baseline=base / self._width,
                fill=True,
                facecolor=layer.colour,
                edgecolor=HATCHING,
                hatch=layer.hatch,
                label=layer.label or None,
                lw=0,
            )
            base = top
        axes.stairs(base / self._width, self._edges, color="black", lw=0.7)

    def _points(
        self, axes: Axes, counts: FloatArray, error: FloatArray, label: str | None = None
    ) -> None:
        axes.errorbar(
            self._centres(),
            counts / self._width,
            yerr=error / self._width,
            fmt="ko",
            ms=2,
            lw=0.7,
            label=label,
        )
