"""Allowed regions of planes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from munu.base.typing import FloatArray
from munu.physics.parameters import PHASE_SYMBOLS
from munu.plotting.clip import clip_polygon
from munu.plotting.panels import plain_ticks
from munu.plotting.style import (
    SYMBOLS,
    axis_label,
    colours_of,
    experiment_name,
    house_style,
    legend_below,
    new_axes,
    scale_of,
    tint,
    wrapped,
)
from munu.results.core.table import percent
from munu.results.region import RegionResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Window = tuple[FloatArray, FloatArray]

MARGIN = 1.1
UNBOUNDED_REACH = 3.0
"""A window shows an unbounded region up to this multiple of its vertices' median."""
ARROW_START, ARROW_START_LOG, ARROW_END = 0.78, 0.3, 0.97
MOST_UNEQUAL = 20.0
"""Ratio of the sizes of regions above which the smallest needs logarithmic axes."""
BELOW, ABOVE = 0.2, 1.3
"""A logarithmic window reaches from the nearest contour times the one to the farthest times the
other."""


def plot_region(
    results: RegionResult | Sequence[RegionResult], axes: Axes | None = None
) -> tuple[Figure, Axes]:
    """Draw the region of a plane, for one result or several of the same plane.

    Where a region extends to infinity an arrow leaves the window.

    Parameters
    ----------
    results : RegionResult or sequence of them
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    """
    regions = [results] if isinstance(results, RegionResult) else list(results)
    first = regions[0]
    with house_style():
        figure, axes = new_axes(axes)
        colours = colours_of(region.origin.experiments for region in regions)
        scale = "log" if _are_unequal(regions) else "linear"
        low, high = log_window(regions) if scale == "log" else linear_window(regions)
        fill_regions(axes, regions, colours, (low, high))
        for region, colour in zip(regions, colours, strict=True):
            axes.fill([], [], facecolor=tint(colour), edgecolor=colour, label=region_label(region))
        axes.set(
            xlim=(low[0], high[0]),
            ylim=(low[1], high[1]),
            xlabel=axis_label(first.plane[0], signed=first.signed),
            ylabel=axis_label(first.plane[1], signed=first.signed),
            title=level_text(first),
            xscale=scale,
            yscale=scale,
        )
        if scale == "log":
            plain_ticks(axes)
        if not any(len(polygon) for region in regions for polygon in region.polygons):
            axes.text(
                0.5, 0.5, "all of the plane is allowed", transform=axes.transAxes, ha="center"
            )
        legend_below(axes)
    return figure, axes


def level_text(region: RegionResult) -> str:
    """Return confidence level, Δχ² and degrees of freedom."""
    number = region.degrees_of_freedom
    freedom = "1 degree" if number == 1 else f"{number} degrees"
    level = rf"$\Delta\chi^2={region.delta_chi2:.2f}$"
    return f"{percent(region.cl)} C.L., {level}, {freedom} of freedom"


def region_label(region: RegionResult) -> str:
    """Return what a legend says: experiments, slice or profiled, convention, beam and recoils."""
    names = ", ".join(f"${SYMBOLS[name]}$" for name in region.profiled)
    treatment = f"profiled over {names}" if region.profiled else "slice"
    name = experiment_name(region.origin.experiments)
    conditions = region.conditions
    end = ("unbounded",) if region.unbounded else ()
    parts = (treatment, conditions.convention, *conditions.restrictions(), *end)
    return wrapped(f"{name}: {', '.join(parts)}")


def _are_unequal(regions: Sequence[RegionResult]) -> bool:
    """Whether regions of moduli have sizes that no linear axes show together."""
    first = regions[0]
    if first.signed or any(scale_of(name) == 1 for name in first.plane):
        return False
    sizes = [_size(region) for region in regions if region.polygons]
    return len(sizes) > 1 and max(sizes) > MOST_UNEQUAL * min(sizes)


def log_window(regions: Sequence[RegionResult]) -> Window:
    """Return a square window (axis units) that holds every contour on logarithmic axes.

    Unbounded regions are shown up to three times the median of their vertices.
    """
    points = []
    for region in regions:
        vertices = np.concatenate(region.polygons or (np.empty((0, 2)),))
        if region.unbounded and len(vertices):
            vertices = np.minimum(vertices, UNBOUNDED_REACH * np.median(vertices, axis=0))
        points.append(vertices / scale_of(region.plane[0]))
    vertices = np.concatenate(points)
    radius = np.linalg.norm(vertices, axis=1)
    return np.full(2, BELOW * radius.min()), np.full(2, ABOVE * vertices.max())


def _is_logarithmic(window: Window) -> bool:
    return bool(np.all(window[0] > 0))


def linear_window(regions: Sequence[RegionResult]) -> Window:
    """Return the lower and the upper corner of a window around all regions, in axis units."""
    low, high = np.zeros(2), np.zeros(2)
    for region in regions:
        unit = np.array([scale_of(name) for name in region.plane])
        vertices = np.concatenate([np.zeros((1, 2)), *region.polygons]) / unit
        if region.unbounded:
            reach = UNBOUNDED_REACH * np.median(np.abs(vertices), axis=0)
            vertices = np.clip(vertices, -reach, reach)
        low, high = np.minimum(low, vertices.min(axis=0)), np.maximum(high, vertices.max(axis=0))
    for axis, name in enumerate(regions[0].plane):
        if scale_of(name) == 1:
            low[axis], high[axis] = -np.pi / MARGIN, np.pi / MARGIN
    high = np.where(high > low, high, low + 1.0)
    return MARGIN * low, MARGIN * high


def fill_regions(
    axes: Axes,
    regions: Sequence[RegionResult],
    colours: Sequence[str],
    window: Window,
) -> None:
    """Fill regions within a window (axis units), the largest below, and draw their contours."""
    pairs = sorted(zip(regions, colours, strict=True), key=lambda pair: -_size(pair[0]))
    for order, (region, colour) in enumerate(pairs):
        for piece in _areas(region, window):
            clipped = clip_polygon(piece, *window)
            if len(clipped):
                axes.fill(*clipped.T, facecolor=tint(colour), linewidth=0, zorder=1 + 0.01 * order)
    for region, colour in pairs:
        draw_contour(axes, region, window, color=colour)
        _mark_unbounded(axes, region, colour, window)


def _size(region: RegionResult) -> float:
    """Return a measure of a region's extent, to draw small ones on top."""
    if not region.polygons:
        return np.inf
    return float(np.median(np.linalg.norm(np.concatenate(region.polygons), axis=1)))


def _areas(region: RegionResult, window: Window) -> list[FloatArray]:
    """Return what is to be filled, in axis units: the outlines and the unbounded ranges."""
    unit = np.array([scale_of(name) for name in region.plane])
    areas = [polygon / unit for polygon in _outlines(region) if len(polygon)]
    far = 10 * float(np.abs(np.concatenate(window)).max())
    for first, last in region.unbounded_ranges:
        if last > first:
            areas.append(_wedge(region.plane, first, last, far))
    return areas


def _outlines(region: RegionResult) -> list[FloatArray]:
    """Return closed outlines; those around the origin reach the axes that are blind.

    The vertices beside such an axis end before it, which logarithmic axes show.
    """
    if region.outlines or any(scale_of(name) == 1 for name in region.plane):
        return list(region.filled_polygons())
    blind = [
        any(np.allclose(ends, angle) for ends in region.unbounded_ranges)
        for angle in (0.0, 0.5 * np.pi)
    ]
    closed = []
    for polygon, corner in zip(region.polygons, region.corners, strict=True):
        feet = [polygon[[end]] * np.eye(2)[axis] for axis, end in ((0, 0), (1, -1))]
        reached = [is_blind and corner.size == 2 and not corner.any() for is_blind in blind]
        on_x, on_y = (foot[: int(wanted)] for foot, wanted in zip(feet, reached, strict=True))
        closed.append(np.concatenate([polygon, on_y, corner, on_x]))
    return closed


def _wedge(plane: tuple[str, ...], first: float, last: float, far: float) -> FloatArray:
    """Return the area between two directions, or two phases, out to ``far``."""
    is_phase = [scale_of(name) == 1 for name in plane]
    if not any(is_phase):
        angle = np.linspace(first, last, 33)
        return np.concatenate(
            [np.zeros((1, 2)), far * np.column_stack([np.cos(angle), np.sin(angle)])]
        )
    box = np.array([[0.0, first], [far, first], [far, last], [0.0, last]])
    return box[:, ::-1] if is_phase[0] else box


def draw_contour(axes: Axes, region: RegionResult, window: Window, **line: Any) -> None:
    """Draw the boundary of a region, not the edges of the parameter space."""
    unit = np.array([scale_of(name) for name in region.plane])
    floor = 0.1 * window[0] if _is_logarithmic(window) else -np.inf
    for polygon, corners in zip(region.polygons, region.corners, strict=True):
        moduli = not set(region.plane) & set(PHASE_SYMBOLS)
        closed = moduli and len(corners) == 0 and not region.outlines
        for loop in _loops(polygon):
            points = np.concatenate([loop, loop[:1]]) if closed else loop
            axes.plot(*np.maximum(points / unit, floor).T, zorder=2, **line)


def _loops(polygon: FloatArray) -> list[FloatArray]:
    """Return the two circles of a ring around the origin, or the polygon itself."""
    half = len(polygon) // 2
    gap = np.linalg.norm(polygon[0] - polygon[half - 1])
    if len(polygon) % 2 == 0 and half > 2 and gap < 1e-9 * np.linalg.norm(polygon[0]):
        return [polygon[:half], polygon[half:]]
    return [polygon]


def _mark_unbounded(axes: Axes, region: RegionResult, colour: str, window: Window) -> None:
    """Draw an arrow along the middle of each unbounded range, up to the window's edge."""
    if any(scale_of(name) == 1 for name in region.plane):
        return
    low, high = window
    start = ARROW_START_LOG if _is_logarithmic(window) else ARROW_START
    for first, last in region.unbounded_ranges:
        direction = np.array([np.cos(0.5 * (first + last)), np.sin(0.5 * (first + last))])
        edges = np.where(direction > 0, high, low)
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = np.nanmin(np.where(np.abs(direction) > 1e-9, edges / direction, np.inf))
        axes.annotate(
            "",
            xy=tuple(np.maximum(ARROW_END * reach * direction, low)),
            xytext=tuple(np.maximum(start * reach * direction, low)),
            arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.2},
            zorder=3,
        )
