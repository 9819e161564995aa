"""Recoil spectra."""

from __future__ import annotations

from typing import TYPE_CHECKING

from munu.plotting.style import COLOURS, house_style, new_axes
from munu.results import SpectrumResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN_MOMENT_MU_B = 1e-10


def plot_spectrum(result: SpectrumResult, axes: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw the differential rates of each species: Standard Model, and dipole of 10⁻¹⁰ μ_B.

    Parameters
    ----------
    result : SpectrumResult
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.
    """
    with house_style():
        figure, axes = new_axes(axes)
        energies = result.recoil_energy_kev
        for component, colour in zip(result.components, COLOURS, strict=False):
            dipole = component.dipole_per_mu_b2_kg_kev_day * SHOWN_MOMENT_MU_B**2
            axes.plot(energies, component.sm_per_kg_kev_day, color=colour, label=component.species)
            axes.plot(energies, dipole, color=colour, linestyle="--")
        axes.plot([], [], color="black", linestyle="--", label=r"dipole, $10^{-10}\,\mu_B$")
        axes.set(
            xscale="log",
            yscale="log",
            xlabel=r"Recoil energy $T$ (keV)",
            ylabel=r"Events / (kg keV day)",
            title=f"{result.experiment} ({result.setup}), before the detector",
        )
        highest = max(float(c.sm_per_kg_kev_day.max()) for c in result.components)
        axes.set_ylim(bottom=1e-6 * highest)
        axes.legend()
    return figure, axes
