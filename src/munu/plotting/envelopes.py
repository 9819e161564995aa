"""Contours for several phases and their envelope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from munu.base.calls import checked_call
from munu.base.typing import FloatArray
from munu.plotting.figures import Frame, Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of, results_of
from munu.plotting.panels import ASSUMED, panel_rows, plain_ticks, row_legend
from munu.plotting.regions import Window, check_one_plane, draw_contour, level_text
from munu.plotting.style import (
    BLACK,
    BLUE,
    GREEN,
    MOMENT_UNIT_MU_B,
    SYMBOLS,
    TITLE_CHARACTERS,
    VERMILLION,
    axis_label,
    colours_of,
    experiment_name,
    house_style,
    short_name,
    tint,
    wrapped,
)
from munu.plotting.told_apart import level, told_apart
from munu.results.paper.figure_regions import Figure7Result
from munu.results.region import EnvelopeResult, RegionResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLES: dict[tuple[int, int], tuple[str, Any]] = {
    (0, 0): (BLACK, "-"),
    (0, 1): (BLUE, "--"),
    (1, 0): (VERMILLION, "-."),
    (1, 1): (GREEN, ":"),
}
"""Line of each pair ξ_k, δ_CP in units of π."""
PAPERS_WORDS = {
    "prompt": {(0, 1): ", paper: outer", (1, 0): ", paper: inner"},
    "full": {(0, 0): ", paper: outer", (1, 0): ", paper: inner"},
}
PHASE_OF_PLANE = {
    ("Lambda_1", "Lambda_2"): r"$\xi_3=\xi_1-\xi_2$",
    ("Lambda_1", "Lambda_3"): r"$\xi_2$",
    ("Lambda_2", "Lambda_3"): r"$\xi_1$",
}
ONE_PHASE = r": only $\delta_{\rm CP}-\xi_k$ enters, in the first plane only $\xi_3$"
MARGIN = 1.08
FOOT = 0.02
"""Part of the window from which logarithmic axes begin."""
UNBROKEN_FREEDOM = "2\N{NO-BREAK SPACE}degrees\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}freedom"
EQUAL = 1e-3
"""Relative distance of two contours below which they are drawn as one."""


@checked_call
def plot_envelope(
    results: EnvelopeResult | Sequence[EnvelopeResult],
    ax: Axes | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw the space between the most aggressive and the most conservative contour.

    Parameters
    ----------
    results : EnvelopeResult or sequence of them
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **look
        ``unit``, ``label``, ``log``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For envelopes of several planes, and as `munu.plot`.
    """
    envelopes = results_of(EnvelopeResult, results)
    chosen, first = look_of(len(envelopes), look), envelopes[0]
    check_one_plane([one.plane for one in envelopes])
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        xscale, yscale = chosen.scales(("linear", "linear"), ax)
        frame = Frame(axes)
        _, high = envelope_window(envelopes, chosen.unit_mu_b)
        colours = colours_of(one.origin.experiments for one in envelopes)
        several, apart = len(envelopes) > 1, told_apart(envelopes, level)
        for index, (one, colour) in enumerate(zip(envelopes, colours, strict=True)):
            own = f"{short_name(one.origin)}{apart[index]}" if several else ""
            _contours(axes, one, high, colour, chosen.label(index, own), chosen.unit_mu_b)
        axes.set(
            xlabel=axis_label(first.plane[0], unit_mu_b=chosen.unit_mu_b),
            ylabel=axis_label(first.plane[1], unit_mu_b=chosen.unit_mu_b),
            title=_title(envelopes) if chosen.caption else "",
            xscale=xscale,
            yscale=yscale,
        )
        least = FOOT * high
        low = np.where(np.array([xscale, yscale]) == "log", least, 0.0)
        frame.show(low, high, least)
        plain_ticks(axes, x=xscale == "log", y=yscale == "log")
        if not any(np.isfinite(one.inner_mu_b).all(axis=1).any() for one in envelopes):
            axes.text(
                0.5, 0.5, "all of the plane is allowed", transform=axes.transAxes, ha="center"
            )
        legend_below(axes)
    return Picture(figure, axes)


def _title(envelopes: Sequence[EnvelopeResult]) -> str:
    """Return the experiments, the level and what the contours assume."""
    result = envelopes[0]
    names = [f"{short_name(result.origin)} (slice)" if len(envelopes) == 1 else "slices"]
    levels = (level(result), f"Δχ² = {result.delta_chi2:.2f}")
    parts = (
        *names,
        *(levels if len({one.cl for one in envelopes}) == 1 else ()),
        UNBROKEN_FREEDOM,
        result.assumptions.convention,
        *result.assumptions.restrictions(),
    )
    return wrapped(", ".join(parts), TITLE_CHARACTERS)


def _contours(
    axes: Axes,
    result: EnvelopeResult,
    high: FloatArray,
    colour: str,
    name: str,
    unit_mu_b: float,
) -> None:
    """Draw both contours and the space between them, or the region where they are one."""
    start = f"{name}, " if name else ""
    varied = ", ".join(f"${SYMBOLS[name]}$" for name in result.varied)
    both = np.isfinite([result.outer_mu_b, result.inner_mu_b]).all(axis=(0, 2))
    if np.allclose(result.outer_mu_b[both], result.inner_mu_b[both], rtol=EQUAL, atol=0.0):
        contour = np.clip(result.outer_mu_b / unit_mu_b, 0, 100 * float(high.max()))
        axes.fill(*np.concatenate([np.zeros((1, 2)), contour]).T, color=tint(colour), linewidth=0)
        axes.plot(
            *contour.T, color=colour, label=wrapped(f"{start}contour, the same for every {varied}")
        )
        return
    band(axes, result, high, color=colour, unit_mu_b=unit_mu_b)
    axes.plot([], [], color=colour, label=wrapped(f"{start}outer contour over {varied}"))
    label = wrapped(f"{start}inner contour over {varied}")
    axes.plot([], [], color=colour, linestyle="--", label=label)


def band(
    axes: Axes,
    envelope: EnvelopeResult,
    high: Any,
    *,
    color: str,
    line: bool = True,
    unit_mu_b: float = MOMENT_UNIT_MU_B,
) -> None:
    """Fill the space between the contours of an envelope up to the window's corner."""
    outer = np.clip(envelope.outer_mu_b / unit_mu_b, 0, 100 * float(np.max(high)))
    inner = np.clip(envelope.inner_mu_b / unit_mu_b, 0, 100 * float(np.max(high)))
    axes.fill(*np.concatenate([outer, inner[::-1]]).T, color=color, alpha=0.2, linewidth=0)
    if line:
        axes.plot(*outer.T, color=color)
        axes.plot(*inner.T, color=color, linestyle="--")


def envelope_window(
    envelopes: Sequence[EnvelopeResult], unit_mu_b: float = MOMENT_UNIT_MU_B
) -> Window:
    """Return a window from the origin around the outer contours, blind directions apart.

    Where both contours are endless in every direction it is one axis unit wide.
    """
    outer, inner = (
        np.concatenate([points[np.isfinite(points).all(axis=1)] for points in contours])
        for contours in ([e.outer_mu_b for e in envelopes], [e.inner_mu_b for e in envelopes])
    )
    size = inner.max(initial=0.0) or unit_mu_b
    reach = np.minimum(outer.max(axis=0, initial=0.0), 6 * size)
    return np.zeros(2), MARGIN * np.where(reach > 0, reach, size) / unit_mu_b


def draw(result: Figure7Result) -> tuple[Figure, Any]:
    """Draw Fig. 7: a row for each experiment, the envelope grey."""
    names = list(dict.fromkeys(e.origin.experiments for e in result.envelopes))
    with house_style():
        planes = len(result.envelopes) // len(names)
        figure, axes = panel_rows(len(names), planes, 0.5 + 2.75 * len(names), sharey=False)
        for row, name in zip(axes, names, strict=True):
            _row(
                row,
                [e for e in result.envelopes if e.origin.experiments == name],
                [c for c in result.contours if c.origin.experiments == name],
            )
        figure.suptitle(f"{level_text(result.contours[0])}; current setups\n{ASSUMED}")
    return figure, axes


def _row(
    row: Sequence[Axes], envelopes: Sequence[EnvelopeResult], contours: Sequence[RegionResult]
) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    for axes, envelope in zip(row, envelopes, strict=True):
        low, high = window = envelope_window([envelope])
        size = float(high.max())
        band(axes, envelope, high, color="0.4", line=False)
        for contour in contours:
            if contour.plane == envelope.plane:
                colour, line = STYLES[_phases(contour)]
                draw_contour(axes, contour, window, color=colour, linestyle=line)
        axes.set(xlim=(low[0], size), ylim=(low[1], size))
        axes.set(xlabel=axis_label(envelope.plane[0]), ylabel=axis_label(envelope.plane[1]))
        axes.set_title(rf"$\xi_k$ = {PHASE_OF_PLANE[envelope.plane[0], envelope.plane[1]]}")
    beam = contours[0].assumptions.beam
    handles: list[Any] = [
        Line2D(
            [],
            [],
            color=colour,
            linestyle=line,
            label=rf"$\xi_k={_pi(pair[0])}$, $\delta_{{\rm CP}}={_pi(pair[1])}$"
            + PAPERS_WORDS[beam].get(pair, ""),
        )
        for pair, (colour, line) in STYLES.items()
    ]
    handles.append(Patch(facecolor="0.8", label="all phases (found)"))
    name = experiment_name(contours[0].origin.experiments)
    row_legend(row, handles, f"{name}, {beam} beam" if beam != "full" else f"{name}{ONE_PHASE}")


def _phases(contour: RegionResult) -> tuple[int, int]:
    """Return ξ_k and δ_CP of a contour in units of π."""
    c = contour.assumptions
    xi, delta_cp = c.xi_1 or c.xi_2 or 0.0, c.delta_cp or 0.0
    return round(xi / np.pi), round(delta_cp / np.pi)


def _pi(number: int) -> str:
    return r"\pi" if number else "0"
