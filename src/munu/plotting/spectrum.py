"""Recoil spectra."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.plotting.panels import plain_ticks
from munu.plotting.style import (
    COLOURS,
    TITLE_CHARACTERS,
    experiment_name,
    house_style,
    legend_below,
    new_axes,
    nuclide,
    wrapped,
)
from munu.results import RateResult, SpectrumResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN_MOMENT_MU_B = 1e-10
SPECIES = {"nu_e": r"\nu_e", "nu_mu": r"\nu_\mu", "nu_tau": r"\nu_\tau"}
CNO_CYCLE = ("13N", "15O", "17F")
MOST_DIPOLES = 3
"""Species of which each dipole is drawn; of more, which lie close together, their sum is."""
GREY = "0.3"
LOWEST_SHARE = 1e-6
"""The rate axis ends at this share of the largest rate."""


def plot_spectrum(result: SpectrumResult, axes: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw the differential rates of each species: Standard Model, and dipole of 10⁻¹⁰ μ_B.

    The mass states of a beam are one curve, and so are the fluxes of the CNO cycle; the dipole of
    many species is drawn in all. Species far below the others are left out, which the title says.

    Parameters
    ----------
    result : SpectrumResult
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    """
    with house_style():
        figure, axes = new_axes(axes)
        energies = result.recoil_energy_kev
        curves = _curves(result)
        lowest = LOWEST_SHARE * max(float(sm.max()) for sm, _ in curves.values())
        large = {name: pair for name, pair in curves.items() if pair[0].max() > lowest}
        whole = np.sum([dipole for _, dipole in curves.values()], axis=0)
        _draw_curves(axes, energies, large, whole)
        visible = np.max([np.maximum(*pair) for pair in large.values()], axis=0) > lowest
        axes.set(
            xscale="log",
            yscale="log",
            xlim=(energies[0], energies[visible][-1]),
            xlabel=r"recoil energy $T$ before the detector (keV)",
            ylabel="events / (kg keV day)",
        )
        axes.set_title(_title(result, [name for name in curves if name not in large]))
        axes.set_ylim(bottom=lowest)
        plain_ticks(axes, y=False)
        legend_below(axes, columns=2)
    return figure, axes


def _curves(result: SpectrumResult) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Return the Standard Model and the dipole of each species, those of the CNO cycle as one."""
    curves: dict[str, tuple[FloatArray, FloatArray]] = {}
    for name, one in result.shown().items():
        label = "CNO" if name in CNO_CYCLE else name
        sm, dipole = curves.get(label, (np.zeros(1), np.zeros(1)))
        shown = one.dipole_per_mu_b2_kg_kev_day * SHOWN_MOMENT_MU_B**2
        curves[label] = (sm + one.sm_per_kg_kev_day, dipole + shown)
    return curves


def _draw_curves(
    axes: Axes,
    energies: FloatArray,
    curves: dict[str, tuple[FloatArray, FloatArray]],
    whole_dipole: FloatArray,
) -> None:
    """Draw the Standard Model of each species as a line, the dipole dashed: each, or all in one."""
    several = len(curves) > MOST_DIPOLES
    for (name, (sm, dipole)), colour in zip(curves.items(), cycle(COLOURS), strict=False):
        axes.plot(energies, sm, color=colour, label=_label(name))
        if not several:
            axes.plot(energies, dipole, color=colour, linestyle="--")
    axes.plot([], [], color=GREY, label="Standard Model")
    label = r"dipole, $\mu_\nu=10^{-10}\mu_B$"
    if several:
        axes.plot(energies, whole_dipole, color=GREY, linestyle="--", label=f"{label}, all")
    else:
        axes.plot([], [], color=GREY, linestyle="--", label=label)


def _title(result: SpectrumResult, left_out: Sequence[str]) -> str:
    name = experiment_name([result.experiment])
    title = wrapped(f"{name}, {result.setup} setup: {result.recoils()}", TITLE_CHARACTERS)
    if not left_out:
        return title
    names = ", ".join(map(_label, left_out))
    return f"{title}\n" + wrapped(f"below the axis, left out: {names}", TITLE_CHARACTERS)


def plot_rate(result: RateResult) -> tuple[Figure, Axes]:
    """Draw the recoil spectrum that a rate holds, as `plot_spectrum`.

    Raises
    ------
    MunuError
        If it holds none.
    """
    if result.spectrum is None:
        raise MunuError(
            f"this rate of '{result.experiment}' holds no spectrum to draw",
            "Ask for it, as in munu.rate('conus', with_spectrum=True), or draw munu.spectrum",
        )
    return plot_spectrum(result.spectrum)


def _label(name: str) -> str:
    """Return a species as a symbol, as in ν̄_μ, a nuclide as in ⁷Be; other names as they are."""
    flavour, bar, _ = name.partition("_bar")
    symbol = SPECIES.get(flavour)
    if symbol is None:
        return nuclide(name)
    return rf"$\bar{{{symbol[:3]}}}{symbol[3:]}$" if bar else f"${symbol}$"
