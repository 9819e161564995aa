"""CLs along one moment or coupling."""

from __future__ import annotations

from typing import Final, Unpack

import numpy as np

from munu.base.errors import MunuError
from munu.physics.interactions.registry import parameter as parameter_of
from munu.plotting.coupling_regions import parameter_label
from munu.plotting.figures import Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of
from munu.plotting.style import COLOURS, house_style, short_name, tint, wrapped
from munu.results.cls_limit import MEDIAN, ClsLimitResult
from munu.results.core.table import percent

LOWEST: Final = 1e-3
"""Of CLs, that is drawn."""


def plot_cls_limit(result: ClsLimitResult, **look: Unpack[LookOptions]) -> Picture:
    """Draw CLs of the data, the level, the ends, and the median and 68 % band of expected ends.

    Parameters
    ----------
    result : ClsLimitResult
    **look
        ``label``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        For a limit that is unbounded, and as `munu.plot`.
    """
    if result.values.size == 0:
        raise MunuError(
            f"CLs of {result.parameter} has no curve: {result.unbounded_because}",
            "Take another parameter or experiment",
        )
    chosen, asked = look_of(1, look), parameter_of(result.parameter)
    first, second, third = list(COLOURS)[:3]
    with house_style(chosen.style):
        figure, axes = new_axes(None, chosen.style)
        for side in (0, 1):
            low, median, high = result.expected_quantiles[MEDIAN - 1 : MEDIAN + 2, side]
            if np.isfinite([low, high]).all() and median not in (asked.low, asked.high):
                band = np.array([low, high]) / asked.unit.scale
                axes.axvspan(*band.tolist(), color=tint(second), lw=0)
                axes.axvline(median / asked.unit.scale, color=second, ls="--", lw=1)
        axes.fill([], [], facecolor=tint(second), label="expected ends, 68 % and median")
        label = chosen.label(0, wrapped(f"{short_name(result.origin)}, data"))
        axes.plot(result.values / asked.unit.scale, result.cls, color=first, label=label)
        axes.axhline(1 - result.cl, color="0.5", lw=1, ls=":", label=f"CLs = {1 - result.cl:.3g}")
        for end in result.intervals[np.isfinite(result.intervals)]:
            if end not in (asked.low, asked.high):
                axes.axvline(end / asked.unit.scale, color=third, lw=1)
        axes.plot([], [], color=third, label="ends")
        axes.set(
            xlabel=parameter_label(result.parameter),
            ylabel=r"CL$_s$",
            yscale="log",
            ylim=(LOWEST, 1.1),
            title=f"{percent(result.cl)} C.L., CLs" if chosen.caption else "",
        )
        legend_below(axes)
    return Picture(figure, axes)
