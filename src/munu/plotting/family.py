"""Pictures of couplings beside the moments from today's data: planes, and curves over masses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from munu.physics.interactions.registry import parameter as parameter_of
from munu.plotting.coupling_regions import draw_region
from munu.plotting.figures import new_figure
from munu.plotting.mathtext import mathtext
from munu.plotting.parameter_axes import parameter_label
from munu.plotting.scans import OVER, draw_scan, has_lower_end
from munu.plotting.style import (
    BLACK,
    BLUE,
    GREEN,
    PAGE_WIDTH_INCHES,
    PURPLE,
    VERMILLION,
    house_style,
    tint,
)
from munu.plotting.told_apart import threshold_text
from munu.results.core.table import percent
from munu.results.coupling_region import CouplingRegionResult
from munu.results.paper.family import FamilyResult
from munu.results.scan import ScanResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Drawn = tuple["Figure", Any]

COLOURS: Final = {
    "CsI": BLUE,
    "Dresden-II": VERMILLION,
    "CONUS+": GREEN,
    "CONUS+, electrons": GREEN,
    "XENONnT": PURPLE,
    "CsI and CONUS+": BLACK,
}
"""Of data, the same in every picture; others are grey."""
RADII: Final = ("charge_radius_ee", "charge_radius_mumu")
QUARKS: Final = ("epsilon_u_ee", "epsilon_d_ee")
CHARGES: Final = ("millicharge_ee", "millicharge_mumu")
MEDIATORS: Final = ("g_universal", "g_b-l", "g_lmu-ltau", "g_scalar")
PORTAL: Final = ("mu_N_e", "mu_N_mu")
NAMES: Final = {
    "g_universal": "universal vector",
    "g_b-l": "vector of B − L",
    "g_lmu-ltau": r"vector of $L_\mu-L_\tau$, by a loop",
    "g_scalar": "scalar",
    "mu_N_e": r"$\nu_e$ to a sterile neutrino",
    "mu_N_mu": r"$\nu_\mu$ to a sterile neutrino",
}
QUARK_WINDOWS: Final = ((-0.5, 0.9), (-25.0, 25.0))
"""Of ε^u: near the Standard Model, and out to where bands of germanium end."""
SHEAR: Final = 0.92
"""What of ε^u is added to ε^d where bands are shown in their whole length: germanium's lie flat."""
SHEARED_TITLE: Final = "whole bands of germanium, sheared to lie flat"
SHEARED_WINDOW: Final = (-0.8, 1.2)
SHADED: Final = "allowed again: amplitude of the other sign"
DOTTED: Final = "below is excluded too: zero does not fit"


def draw_each(result: FamilyResult) -> Iterator[tuple[str, Drawn]]:
    """Draw every picture whose results exist; yield its name and the picture."""
    found = (
        ("charge-radii", _plane(result, RADII, "Charge radii beyond the Standard Model's")),
        ("nsi", _quarks(result)),
        ("millicharges", _charges(result)),
        ("mediators", _curves(result, MEDIATORS, "Light mediators: above a line is excluded")),
        (
            "sterile-portal",
            _curves(result, PORTAL, "Moments to a sterile neutrino: above a line is excluded"),
        ),
    )
    for name, picture in found:
        if picture is not None:
            yield name, picture


def _regions(
    result: FamilyResult, plane: tuple[str, str]
) -> list[tuple[str, CouplingRegionResult]]:
    pairs = zip(result.region_labels, result.regions, strict=True)
    return [(label, one) for label, one in pairs if one.plane == plane]


def _plane(result: FamilyResult, plane: tuple[str, str], title: str) -> Drawn | None:
    """Draw all regions of a plane into one panel."""
    regions = _regions(result, plane)
    if not regions:
        return None
    with house_style():
        figure = new_figure(PAGE_WIDTH_INCHES * 0.72, PAGE_WIDTH_INCHES * 0.62)
        axes = figure.add_subplot()
        _draw_plane(axes, regions)
        axes.margins(0.03)
        _finish(figure, [label for label, _ in regions], f"{title}, {_level(regions[0][1])}")
    return figure, axes


def _quarks(result: FamilyResult) -> Drawn | None:
    """Draw bands of u and d quarks near the Standard Model, and sheared in their whole length."""
    regions = _regions(result, QUARKS)
    if not regions:
        return None
    near, whole = QUARK_WINDOWS
    with house_style():
        figure = new_figure(PAGE_WIDTH_INCHES, PAGE_WIDTH_INCHES * 0.55)
        axes = figure.subplots(1, 2, squeeze=False)
        _draw_plane(axes[0, 0], regions)
        axes[0, 0].set(xlim=near, ylim=near, title="near the Standard Model")
        _draw_plane(axes[0, 1], [(label, _sheared(one)) for label, one in regions])
        up, down = (mathtext(parameter_of(name).symbol) for name in QUARKS)
        axes[0, 1].set(xlim=whole, ylim=SHEARED_WINDOW, title=SHEARED_TITLE)
        axes[0, 1].set_ylabel(f"{down} + {SHEAR:g} {up}")
        title = r"Non-standard interactions of $\nu_e$ with quarks"
        _finish(figure, [label for label, _ in regions], f"{title}, {_level(regions[0][1])}")
    return figure, axes


def _sheared(region: CouplingRegionResult) -> CouplingRegionResult:
    """Return a region with `SHEAR` times the first coupling added to the second."""
    shear = np.array([[1.0, SHEAR], [0.0, 1.0]])
    return replace(
        region,
        outlines=tuple(one @ shear for one in region.outlines),
        polygons=tuple(one @ shear for one in region.polygons),
    )


def _charges(result: FamilyResult) -> Drawn | None:
    """Draw each region of charges into a panel of its own: their sizes differ by a thousand."""
    regions = _regions(result, CHARGES)
    if not regions:
        return None
    with house_style():
        figure = new_figure(PAGE_WIDTH_INCHES, PAGE_WIDTH_INCHES * 0.48)
        axes = figure.subplots(1, len(regions), squeeze=False)
        for panel, pair in zip(axes[0], regions, strict=True):
            _draw_plane(panel, [pair])
            panel.set_title(pair[0])
        _finish(figure, [label for label, _ in regions], f"Millicharges, {_level(regions[0][1])}")
    return figure, axes


def _draw_plane(axes: Axes, regions: Sequence[tuple[str, CouplingRegionResult]]) -> None:
    first = regions[0][1]
    scales = np.array([parameter_of(name).unit.scale for name in first.plane])
    for label, one in regions:
        draw_region(axes, one, COLOURS.get(label, "0.5"), scales)
    axes.plot(*(first.standard_model / scales), "k+", markersize=9, zorder=5)
    axes.set(xlabel=parameter_label(first.plane[0]), ylabel=parameter_label(first.plane[1]))


def _curves(result: FamilyResult, parameters: Sequence[str], title: str) -> Drawn | None:
    """Draw the curves of each parameter into a panel."""
    pairs = list(zip(result.scan_labels, result.scans, strict=True))
    wanted = [name for name in parameters if any(one.parameter == name for _, one in pairs)]
    if not wanted:
        return None
    rows = (len(wanted) + 1) // 2
    with house_style():
        figure = new_figure(PAGE_WIDTH_INCHES, PAGE_WIDTH_INCHES * (0.12 + 0.38 * rows))
        axes = figure.subplots(rows, 2, squeeze=False)
        for panel, name in zip(axes.flat, wanted, strict=False):
            _draw_curves(panel, [(label, one) for label, one in pairs if one.parameter == name])
        for panel in axes.flat[len(wanted) :]:
            panel.set_axis_off()
        shown = [label for label, one in pairs if one.parameter in wanted]
        level = f"{percent(result.cl)} C.L. {result.assumptions.sided}"
        _finish(
            figure,
            shown,
            f"{title}, {level}",
            with_standard_model=False,
            has_shades=_has_shades(pairs, wanted),
            has_dots=any(has_lower_end(one) for _, one in pairs if one.parameter in wanted),
        )
    return figure, axes


def _draw_curves(axes: Axes, scans: Sequence[tuple[str, ScanResult]]) -> None:
    first = scans[0][1]
    parameter = parameter_of(first.parameter)
    for label, one in scans:
        draw_scan(axes, one, COLOURS.get(label, "0.5"), label, parameter.unit.scale)
    axes.set(
        xscale="log",
        yscale="log",
        xlabel=f"{OVER[first.over]} ({first.over_unit})",
        ylabel=parameter_label(first.parameter),
        title=NAMES.get(first.parameter, mathtext(parameter.symbol)),
    )


def _has_shades(pairs: Sequence[tuple[str, ScanResult]], wanted: Sequence[str]) -> bool:
    """Whether any curve has a second interval."""
    scans = [one for _, one in pairs if one.parameter in wanted]
    return any(len(ends) > 1 for one in scans for ends in one.intervals)


def _level(one: CouplingRegionResult) -> str:
    return f"{percent(one.cl)} C.L., {threshold_text(one.delta_chi2)}"


def _finish(
    figure: Figure,
    labels: Sequence[str],
    title: str,
    *,
    with_standard_model: bool = True,
    has_shades: bool = False,
    has_dots: bool = False,
) -> None:
    """Set title and legend above the panels."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    for label in dict.fromkeys(labels):
        colour = COLOURS.get(label, "0.5")
        if with_standard_model:
            handles.append(Patch(facecolor=tint(colour), edgecolor=colour, label=label))
        else:
            handles.append(Line2D([], [], color=colour, label=label))
    if with_standard_model:
        handles.append(Line2D([], [], color="k", marker="+", linestyle="", label="Standard Model"))
    if has_shades:
        handles.append(Patch(facecolor="0.8", label=SHADED))
    if has_dots:
        handles.append(Line2D([], [], color="0.4", marker=".", linestyle=":", label=DOTTED))
    columns = min(len(handles), 3 if has_dots else 5)
    figure.legend(handles=handles, loc="outside lower center", ncols=columns)
    figure.suptitle(title)
