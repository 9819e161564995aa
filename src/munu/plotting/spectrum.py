"""Recoil spectra."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from munu.errors import MunuError
from munu.plotting.panels import plain_ticks
from munu.plotting.style import (
    COLOURS,
    experiment_name,
    house_style,
    legend_below,
    new_axes,
    nuclide,
)
from munu.results import RateResult, SpectrumResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN_MOMENT_MU_B = 1e-10
SPECIES = {"nu_e": r"\nu_e", "nu_mu": r"\nu_\mu", "nu_tau": r"\nu_\tau"}
LOWEST_SHARE = 1e-6
"""The rate axis ends at this share of the largest rate."""


def plot_spectrum(result: SpectrumResult, axes: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw the differential rates of each species: Standard Model, and dipole of 10⁻¹⁰ μ_B.

    The mass states of a beam are one curve; species far below the others are left out.

    Parameters
    ----------
    result : SpectrumResult
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    """
    with house_style():
        figure, axes = new_axes(axes)
        energies = result.recoil_energy_kev
        curves = result.shown()
        highest = max(float(c.sm_per_kg_kev_day.max()) for c in curves.values())
        lowest = LOWEST_SHARE * highest
        large = {n: c for n, c in curves.items() if c.sm_per_kg_kev_day.max() > lowest}
        visible = np.zeros(energies.size, dtype=bool)
        for (name, curve), colour in zip(large.items(), cycle(COLOURS), strict=False):
            dipole = curve.dipole_per_mu_b2_kg_kev_day * SHOWN_MOMENT_MU_B**2
            axes.plot(energies, curve.sm_per_kg_kev_day, color=colour, label=_label(name))
            axes.plot(energies, dipole, color=colour, linestyle="--")
            visible |= np.maximum(curve.sm_per_kg_kev_day, dipole) > lowest
        axes.plot([], [], color="0.3", label="Standard Model")
        axes.plot([], [], color="0.3", linestyle="--", label=r"dipole, $\mu_\nu=10^{-10}\mu_B$")
        axes.set(
            xscale="log",
            yscale="log",
            xlim=(energies[0], energies[visible][-1]),
            xlabel=r"recoil energy $T$ before the detector (keV)",
            ylabel="events / (kg keV day)",
        )
        name = experiment_name([result.experiment])
        axes.set_title(f"{name}, {result.setup} setup: {result.recoils()}", wrap=True)
        axes.set_ylim(bottom=lowest)
        plain_ticks(axes, y=False)
        legend_below(axes, columns=2)
    return figure, axes


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
