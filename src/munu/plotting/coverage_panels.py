"""The two panels of a study of coverage: the coverage above, Δχ² and its thresholds below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from munu.base.typing import FloatArray
from munu.plotting.figures import Frame, Picture, new_panels
from munu.plotting.look import Look
from munu.plotting.style import colours_of, short_name
from munu.plotting.told_apart import level, told_apart
from munu.results.coupling_coverage import CouplingCoverageResult
from munu.results.coverage import CoverageResult

if TYPE_CHECKING:
    pass

Study = CoverageResult | CouplingCoverageResult
SIZE_INCHES: Final = (3.4, 3.8)
LOWEST: Final = 0.01
"""Δχ² where a logarithmic axis begins, and part of the window's width where the other does."""
MARGIN: Final = 0.05
"""Of the extent of what is drawn, about it."""


def draw_panels(
    studies: Sequence[Study],
    values: Sequence[FloatArray],
    ax: Any,
    look: Look,
    exact_name: str,
    **words: str,
) -> Picture:
    """Draw studies at their values, in the unit of the axis, with the label of x and a title."""
    figure, panels = new_panels((2, 1), SIZE_INCHES, ax, look.style, sharex=True)
    above, below = panels[:, 0]
    frames = Frame(above), Frame(below)
    xscale, yscale = look.scales(("linear", "linear"), below)
    colours = colours_of(one.origin.experiments for one in studies)
    apart = told_apart(studies, level)
    for index, (one, x, colour) in enumerate(zip(studies, values, colours, strict=True)):
        own = "data" if len(studies) == 1 else f"{short_name(one.origin)}{apart[index]}, data"
        in_percent = 100 * one.coverage, 100 * one.coverage_error
        above.errorbar(x, *in_percent, fmt="o", color=colour, ms=4)
        below.plot(x, one.observed_delta_chi2, color=colour, label=look.label(index, own))
        below.plot(x, one.feldman_cousins_delta_chi2, "s", color=colour, mfc="none", ms=4)
    for percents in dict.fromkeys(100 * one.cl for one in studies):
        above.axhline(percents, color="0.5", lw=1)
    for threshold in dict.fromkeys(one.delta_chi2 for one in studies):
        text = f"Wilks, {threshold:.2f} (1 d.o.f.)"
        below.axhline(threshold, color="0.5", lw=1, label=text)
    colour = colours[0] if len(studies) == 1 else "0.3"
    below.plot([], [], "s", color=colour, mfc="none", ms=4, label=exact_name)
    above.set(ylabel="coverage (%)", title=words["title"] if look.caption else "", xscale=xscale)
    below.set(xlabel=words["xlabel"], ylabel=words["ylabel"], xscale=xscale, yscale=yscale)
    _show(frames, studies, np.concatenate(values), (xscale, yscale))
    below.legend()
    return Picture(figure, (above, below))


def _show(
    frames: tuple[Frame, Frame],
    studies: Sequence[Study],
    x: FloatArray,
    kinds: tuple[str, str],
) -> None:
    """Set both windows: about the points with their errors, and from zero of Δχ²."""
    margin = MARGIN * float(np.ptp(x))
    least = LOWEST * float(x.max())
    first = least if kinds[0] == "log" else x.min() - margin
    last = x.max() + margin
    ends = [
        edge
        for one in studies
        for side in (-1, 1)
        for edge in (*(100 * (one.coverage + side * one.coverage_error)), 100 * one.cl)
    ]
    room = MARGIN * (max(ends) - min(ends))
    lines = ("observed_delta_chi2", "feldman_cousins_delta_chi2", "delta_chi2")
    highest = max(float(np.nanmax(getattr(one, line))) for one in studies for line in lines)
    lowest = LOWEST if kinds[1] == "log" else 0.0
    for frame, low, high, start in (
        (frames[0], min(ends) - room, max(ends) + room, 1.0),
        (frames[1], lowest, (1 + MARGIN) * highest, LOWEST),
    ):
        frame.show(np.array([first, low]), np.array([last, high]), np.array([least, start]))
