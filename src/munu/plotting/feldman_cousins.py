"""Feldman-Cousins limits: Δχ² of the data against the critical values of toys."""

from __future__ import annotations

from typing import Unpack

import numpy as np

from munu.base.thresholds import delta_chi2
from munu.physics.interactions.registry import parameter as parameter_of
from munu.plotting.coupling_regions import parameter_label
from munu.plotting.figures import Picture, legend_below, new_axes
from munu.plotting.look import LookOptions, look_of
from munu.plotting.style import COLOURS, house_style, short_name, tint, wrapped
from munu.results.core.table import percent
from munu.results.feldman_cousins import FeldmanCousinsResult


def plot_feldman_cousins(result: FeldmanCousinsResult, **look: Unpack[LookOptions]) -> Picture:
    """Draw Δχ² of the data, the critical values of toys, and the ends where they cross.

    Parameters
    ----------
    result : FeldmanCousinsResult
    **look
        ``label``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        As `munu.plot`.
    """
    chosen, scale = look_of(1, look), parameter_of(result.parameter).unit.scale
    values, exact = result.values / scale, result.critical_delta_chi2
    first, second, third = list(COLOURS)[:3]
    with house_style(chosen.style):
        figure, axes = new_axes(None, chosen.style)
        label = chosen.label(0, wrapped(f"{short_name(result.origin)}, data"))
        axes.plot(values, result.observed_delta_chi2, ".-", color=first, label=label)
        axes.plot(values, exact, "s", color=second, ms=3, label="critical values")
        wilks = delta_chi2(result.cl, 1)
        axes.axhline(wilks, color="0.5", lw=1, ls=":", label=f"Wilks, {wilks:.2f}")
        ends = np.isfinite(result.intervals) & (result.edge_error > 0)
        for end, error in zip(result.intervals[ends], result.edge_error[ends], strict=True):
            at, width = end / scale, error / scale
            axes.axvspan(at - width, at + width, color=tint(third), lw=0)
            axes.axvline(at, color=third, lw=1)
        axes.plot([], [], color=third, label="ends, with their errors")
        top = 2 * max(wilks, float(exact.max()))
        axes.set(
            xlabel=parameter_label(result.parameter),
            ylabel=r"$\Delta\chi^2$",
            ylim=(0, top),
            title=f"{percent(result.cl)} C.L., Feldman-Cousins" if chosen.caption else "",
        )
        legend_below(axes)
    return Picture(figure, axes)
