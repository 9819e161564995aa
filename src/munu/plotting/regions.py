"""Allowed regions of planes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.physics.parameters import PHASE_SYMBOLS
from munu.plotting.clip import clip_polygon
from munu.plotting.figures import Frame, Picture, legend_below, new_axes
from munu.plotting.look import Look, LookOptions, look_of, results_of
from munu.plotting.panels import plain_ticks
from munu.plotting.style import (
    MOMENT_UNIT_MU_B,
    SYMBOLS,
    axis_label,
    colours_of,
    house_style,
    scale_of,
    short_name,
    tint,
    wrapped,
)
from munu.plotting.told_apart import level, threshold_text, told_apart
from munu.results.core.table import percent
from munu.results.region import RegionResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Window = tuple[FloatArray, FloatArray]

MARGIN = 1.1
UNBOUNDED_REACH = 3.0
"""A window shows an unbounded region up to this multiple of its vertices' median."""
ARROW_START, ARROW_START_LOG, ARROW_END = 0.78, 0.3, 0.97
ARROW_INSIDE = 0.04
"""Part of the window's width by which arrows stay off its lower and left edge."""
MOST_UNEQUAL = 20.0
"""Ratio of the sizes of regions above which the smallest needs logarithmic axes."""
BELOW, ABOVE = 0.2, 1.3
"""A logarithmic window reaches from the nearest contour times the one to the farthest times the
other."""


@checked_call
def plot_region(
    results: RegionResult | Sequence[RegionResult],
    ax: Axes | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw the region of a plane, for one result or several of the same plane.

    Where a region extends to infinity an arrow leaves the window.

    Parameters
    ----------
    results : RegionResult or sequence of them
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **look
        ``unit``, ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For regions of several planes, a phase or a signed moment on a logarithmic axis, and as
        `munu.plot`.
    """
    regions = results_of(RegionResult, results)
    chosen, first = look_of(len(regions), look), regions[0]
    check_one_plane([region.plane for region in regions])
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        scales = _scales(regions, chosen, ax)
        frame = Frame(axes)
        window = _window(regions, scales, chosen.unit_mu_b)
        colours = colours_of(region.origin.experiments for region in regions)
        fill_regions(axes, regions, colours, window, chosen.unit_mu_b)
        apart = told_apart(regions, level)
        for index, (region, colour) in enumerate(zip(regions, colours, strict=True)):
            own = region_label(region, stated=chosen.caption)
            label = chosen.label(index, f"{own}{apart[index]}" if chosen.caption else own)
            axes.fill([], [], facecolor=tint(colour), edgecolor=colour, label=label)
        axes.set(
            xlabel=axis_label(first.plane[0], signed=first.signed, unit_mu_b=chosen.unit_mu_b),
            ylabel=axis_label(first.plane[1], signed=first.signed, unit_mu_b=chosen.unit_mu_b),
            title=level_text(first) if chosen.caption and not any(apart) else "",
            xscale=scales[0],
            yscale=scales[1],
        )
        frame.show(*window)
        plain_ticks(axes, x=scales[0] == "log", y=scales[1] == "log")
        if not any(len(polygon) for region in regions for polygon in region.polygons):
            axes.text(
                0.5, 0.5, "all of the plane is allowed", transform=axes.transAxes, ha="center"
            )
        legend_below(axes)
    return Picture(figure, axes)


def check_one_plane(planes: Sequence[tuple[str, ...]]) -> None:
    """Refuse to draw results of several planes into one.

    Raises
    ------
    MunuError
        Naming two that differ.
    """
    for plane in planes:
        if plane != planes[0]:
            raise MunuError(
                f"{', '.join(planes[0])} and {', '.join(plane)} are two planes",
                "Draw results of one plane together",
            )


def _scales(regions: Sequence[RegionResult], look: Look, ax: Axes | None) -> tuple[str, str]:
    """Return the scales: those asked for, those of the axes given, or logarithms for unequal ones.

    Raises
    ------
    MunuError
        Where a logarithm is asked for that an axis has not.
    """
    unequal = ax is None and _are_unequal(regions)
    scales = look.scales(("log", "log") if unequal else ("linear", "linear"), ax)
    for name, scale in zip(regions[0].plane, scales, strict=True):
        if scale == "log" and (name in PHASE_SYMBOLS or regions[0].signed):
            raise MunuError(
                f"{name} takes both signs, and has no logarithmic axis",
                "Leave log out, or name x or y",
            )
    return scales


def _window(regions: Sequence[RegionResult], scales: tuple[str, str], unit_mu_b: float) -> Window:
    """Return the window (axis units): from zero, or from below the contours on logarithmic axes."""
    if "log" not in scales or not any(region.polygons for region in regions):
        return linear_window(regions, unit_mu_b)
    logarithmic, linear = log_window(regions, unit_mu_b), linear_window(regions, unit_mu_b)
    if scales == ("log", "log"):
        return logarithmic
    low = np.where(np.array(scales) == "log", logarithmic[0], linear[0])
    return low, linear[1]


def level_text(region: RegionResult) -> str:
    """Return confidence level, Δχ² and degrees of freedom."""
    threshold = threshold_text(region.delta_chi2, region.degrees_of_freedom)
    return f"{percent(region.cl)} C.L., {threshold}"


def region_label(region: RegionResult, *, stated: bool = True) -> str:
    """Return what a legend says: experiments, slice or profiled, convention, beam and recoils."""
    name = short_name(region.origin)
    if not stated:
        return wrapped(name)
    names = ", ".join(f"${SYMBOLS[name]}$" for name in region.profiled)
    treatment = f"profiled over {names}" if region.profiled else "slice"
    assumed = region.assumptions
    end = ("unbounded",) if region.unbounded else ()
    parts = (treatment, assumed.convention, *assumed.restrictions(), *end)
    return wrapped(f"{name}: {', '.join(parts)}")


def _are_unequal(regions: Sequence[RegionResult]) -> bool:
    """Whether regions of moduli have sizes that no linear axes show together."""
    first = regions[0]
    if first.signed or any(name in PHASE_SYMBOLS for name in first.plane):
        return False
    sizes = [size_of(region) for region in regions if region.polygons]
    return len(sizes) > 1 and max(sizes) > MOST_UNEQUAL * min(sizes)


def log_window(regions: Sequence[RegionResult], unit_mu_b: float = MOMENT_UNIT_MU_B) -> Window:
    """Return a square window (axis units) that holds every contour on logarithmic axes.

    Unbounded regions are shown up to three times the median of their vertices.
    """
    points = []
    for region in regions:
        vertices = np.concatenate(region.polygons or (np.empty((0, 2)),))
        if region.unbounded and len(vertices):
            vertices = np.minimum(vertices, UNBOUNDED_REACH * np.median(vertices, axis=0))
        points.append(vertices / unit_mu_b)
    vertices = np.concatenate(points)
    radius = np.linalg.norm(vertices, axis=1)
    return np.full(2, BELOW * radius.min()), np.full(2, ABOVE * vertices.max())


def _is_logarithmic(window: Window) -> bool:
    return bool(np.all(window[0] > 0))


def linear_window(regions: Sequence[RegionResult], unit_mu_b: float = MOMENT_UNIT_MU_B) -> Window:
    """Return the lower and the upper corner of a window around all regions, in axis units."""
    low, high = np.zeros(2), np.zeros(2)
    for region in regions:
        unit = np.array([scale_of(name, unit_mu_b) for name in region.plane])
        vertices = np.concatenate([np.zeros((1, 2)), *region.polygons]) / unit
        if region.unbounded:
            reach = UNBOUNDED_REACH * np.median(np.abs(vertices), axis=0)
            vertices = np.clip(vertices, -reach, reach)
        low, high = np.minimum(low, vertices.min(axis=0)), np.maximum(high, vertices.max(axis=0))
    for axis, name in enumerate(regions[0].plane):
        if name in PHASE_SYMBOLS:
            low[axis], high[axis] = -np.pi / MARGIN, np.pi / MARGIN
    high = np.where(high > low, high, low + 1.0)
    return MARGIN * low, MARGIN * high


def fill_regions(
    axes: Axes,
    regions: Sequence[RegionResult],
    colours: Sequence[str],
    window: Window,
    unit_mu_b: float = MOMENT_UNIT_MU_B,
) -> None:
    """Fill regions within a window (axis units), endless and large ones below; draw contours."""
    pairs = sorted(
        zip(regions, colours, strict=True),
        key=lambda pair: (not pair[0].unbounded, -size_of(pair[0])),
    )
    for order, (region, colour) in enumerate(pairs):
        for piece in _areas(region, window, unit_mu_b):
            clipped = clip_polygon(piece, *window)
            if len(clipped):
                axes.fill(*clipped.T, facecolor=tint(colour), linewidth=0, zorder=1 + 0.01 * order)
    for region, colour in pairs:
        draw_contour(axes, region, window, unit_mu_b, color=colour)
        _mark_unbounded(axes, region, colour, window)


def size_of(region: RegionResult) -> float:
    """Return a measure of a region's extent, to draw small ones on top."""
    if not region.polygons:
        return np.inf
    return float(np.median(np.linalg.norm(np.concatenate(region.polygons), axis=1)))


def _areas(region: RegionResult, window: Window, unit_mu_b: float) -> list[FloatArray]:
    """Return what is to be filled, in axis units: the outlines and the unbounded ranges."""
    unit = np.array([scale_of(name, unit_mu_b) for name in region.plane])
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
    if region.outlines or any(name in PHASE_SYMBOLS for name in region.plane):
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
    is_phase = [name in PHASE_SYMBOLS for name in plane]
    if not any(is_phase):
        angle = np.linspace(first, last, 33)
        return np.concatenate(
            [np.zeros((1, 2)), far * np.column_stack([np.cos(angle), np.sin(angle)])]
        )
    box = np.array([[0.0, first], [far, first], [far, last], [0.0, last]])
    return box[:, ::-1] if is_phase[0] else box


def draw_contour(
    axes: Axes,
    region: RegionResult,
    window: Window,
    unit_mu_b: float = MOMENT_UNIT_MU_B,
    **line: Any,
) -> None:
    """Draw the boundary of a region, not the edges of the parameter space."""
    unit = np.array([scale_of(name, unit_mu_b) for name in region.plane])
    floor = np.where(window[0] > 0, 0.1 * window[0], -np.inf)
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
    """Draw an arrow along the middle of each unbounded range, up to the window's edge.

    One along an axis stands beside it, whole inside the window.
    """
    if any(name in PHASE_SYMBOLS for name in region.plane):
        return
    low, high = window
    start, inside = ARROW_START, low + ARROW_INSIDE * (high - low)
    if _is_logarithmic(window):
        start, inside = ARROW_START_LOG, low * (high / low) ** ARROW_INSIDE
    for first, last in region.unbounded_ranges:
        direction = np.array([np.cos(0.5 * (first + last)), np.sin(0.5 * (first + last))])
        edges = np.where(direction > 0, high, low)
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = np.nanmin(np.where(np.abs(direction) > 1e-9, edges / direction, np.inf))
        axes.annotate(
            "",
            xy=tuple(np.maximum(ARROW_END * reach * direction, inside)),
            xytext=tuple(np.maximum(start * reach * direction, inside)),
            arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.2},
            zorder=3,
        )
