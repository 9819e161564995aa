"""Recoil spectra."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING, Unpack

import numpy as np

from munu.base.calls import checked_call
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.plotting.figures import Picture, legend_below, new_axes
from munu.plotting.look import Look, LookOptions, look_of, results_of
from munu.plotting.panels import plain_ticks
from munu.plotting.style import (
    COLOURS,
    TITLE_CHARACTERS,
    colours_of,
    house_style,
    nuclide,
    short_name,
    wrapped,
)
from munu.results import RateResult, SpectrumResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOMENT = r"$\mu_\nu=10^{-10}\mu_B$"
DASHED = f"dipole, {MOMENT}"
SPECIES = {"nu_e": r"\nu_e", "nu_mu": r"\nu_\mu", "nu_tau": r"\nu_\tau"}
CNO_CYCLE = ("13N", "15O", "17F")
MOST_DIPOLES = 3
"""Species of which each dipole is drawn; of more, which lie close together, their sum is."""
GREY = "0.3"
LOWEST_SHARE = 1e-6
"""The rate axis ends at this share of the largest rate."""
ENERGY_UNITS = ("keV", "keVee")
BELOW_THRESHOLD = 0.3
"""Part of a threshold from which the picture of a rate begins: resolution brings lower recoils."""


@checked_call
def plot_spectrum(
    results: SpectrumResult | Sequence[SpectrumResult],
    ax: Axes | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw the differential rates of each species: Standard Model, and dipole of 10⁻¹⁰ μ_B.

    The mass states of a beam are one curve, and so are the fluxes of the CNO cycle; the dipole of
    many species is drawn in all. Species far below the others are left out, which the title says.
    Of several spectra the sums over the species are drawn.

    Parameters
    ----------
    results : SpectrumResult or sequence of them
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    **look
        ``label`` (of several spectra), ``log``, ``style`` and ``caption``, as in `munu.plot`.

    Raises
    ------
    MunuError
        As `munu.plot`.
    """
    spectra = results_of(SpectrumResult, results)
    chosen = look_of(len(spectra), look)
    with house_style(chosen.style):
        figure, axes = new_axes(ax, chosen.style)
        if len(spectra) > 1:
            alike = len(set(map(_dashed, spectra))) == 1
            title = "recoils of all species"
            title += f"; dashed: {_dashed(spectra[0])}" if alike else ""
            ends = _draw_sums(axes, spectra, chosen, alike=alike)
        else:
            title, ends = _draw_species(axes, spectra[0], chosen)
        first, last, lowest = ends
        xscale, yscale = chosen.scales(("log", "log"))
        axes.set(
            xscale=xscale,
            yscale=yscale,
            xlim=(first, last),
            xlabel=r"recoil energy $T$ before the detector (keV)",
            ylabel="events / (kg keV day)",
            title=title if chosen.caption else "",
        )
        axes.set_ylim(bottom=lowest)
        plain_ticks(axes, x=xscale == "log", y=False)
        legend_below(axes, columns=1 if len(spectra) > 1 else 2)
    return Picture(figure, axes)


def _draw_species(
    axes: Axes, result: SpectrumResult, look: Look
) -> tuple[str, tuple[float, float, float]]:
    """Draw each species; return the title, the ends of the energies and the lowest rate shown."""
    energies, curves = result.recoil_energy_kev, _curves(result)
    lowest = LOWEST_SHARE * max(float(sm.max()) for sm, _ in curves.values())
    large = {name: pair for name, pair in curves.items() if pair[0].max() > lowest}
    whole = np.sum([dipole for _, dipole in curves.values()], axis=0)
    _draw_curves(axes, energies, large, whole, look.label(0, "Standard Model"), _dashed(result))
    visible = np.max([np.maximum(*pair) for pair in large.values()], axis=0) > lowest
    title = _title(result, [name for name in curves if name not in large])
    return title, (energies[0], energies[visible][-1], lowest)


def _draw_sums(
    axes: Axes, spectra: Sequence[SpectrumResult], look: Look, *, alike: bool
) -> tuple[float, float, float]:
    """Draw the sum over species of each; return the ends of energies and the lowest rate shown.

    Where they do not have the same couplings, the legend says those of each.
    """
    lasts, tops = [], []
    colours = colours_of(one.origin.experiments for one in spectra)
    for index, (one, colour) in enumerate(zip(spectra, colours, strict=True)):
        sm, dipole = np.sum(list(_curves(one).values()), axis=0)
        name = f"{short_name(one.origin)}: {one.recoils()}"
        label = look.label(index, name if alike else f"{name}; dashed: {_dashed(one)}")
        axes.plot(one.recoil_energy_kev, sm, color=colour, label=wrapped(label))
        axes.plot(one.recoil_energy_kev, dipole, color=colour, linestyle="--")
        tops.append(float(sm.max()))
        visible = np.maximum(sm, dipole) > LOWEST_SHARE * tops[-1]
        lasts.append(float(one.recoil_energy_kev[visible][-1]))
    first = min(float(one.recoil_energy_kev[0]) for one in spectra)
    return first, max(lasts), LOWEST_SHARE * max(tops)


def _curves(result: SpectrumResult) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Return the Standard Model and what stands beside it by species, the CNO cycle's as one."""
    curves: dict[str, tuple[FloatArray, FloatArray]] = {}
    for name, one in result.shown().items():
        label = "CNO" if name in CNO_CYCLE else name
        sm, dipole = curves.get(label, (np.zeros(1), np.zeros(1)))
        curves[label] = (sm + one.sm_per_kg_kev_day, dipole + one.beside)
    return curves


def _dashed(result: SpectrumResult) -> str:
    """Return what the dashed lines are."""
    if not result.with_values:
        return DASHED
    return f"with {result.couplings()}"


def _draw_curves(
    axes: Axes,
    energies: FloatArray,
    curves: dict[str, tuple[FloatArray, FloatArray]],
    whole_dipole: FloatArray,
    solid: str,
    label: str,
) -> None:
    """Draw the Standard Model of each species as a line, the dipole dashed: each, or all in one."""
    several = len(curves) > MOST_DIPOLES
    for (name, (sm, dipole)), colour in zip(curves.items(), cycle(COLOURS), strict=False):
        axes.plot(energies, sm, color=colour, label=_label(name))
        if not several:
            axes.plot(energies, dipole, color=colour, linestyle="--")
    axes.plot([], [], color=GREY, label=solid)
    if several:
        axes.plot(energies, whole_dipole, color=GREY, linestyle="--", label=f"{label}, all")
    else:
        axes.plot([], [], color=GREY, linestyle="--", label=label)


def _title(result: SpectrumResult, left_out: Sequence[str]) -> str:
    name = short_name(result.origin).removesuffix(f" ({result.setup})")
    title = wrapped(f"{name}, {result.setup} setup: {result.recoils()}", TITLE_CHARACTERS)
    if not left_out:
        return title
    names = ", ".join(map(_label, left_out))
    return f"{title}\n" + wrapped(f"below the axis, left out: {names}", TITLE_CHARACTERS)


@checked_call
def plot_rate(
    results: RateResult | Sequence[RateResult],
    ax: Axes | None = None,
    **look: Unpack[LookOptions],
) -> Picture:
    """Draw the recoil spectra that rates hold, as `plot_spectrum`, from below the threshold on.

    Parameters
    ----------
    results : RateResult or sequence of them
    ax, **look
        As in `plot_spectrum`.

    Raises
    ------
    MunuError
        If one holds none.
    """
    rates = results_of(RateResult, results)
    spectra = [_near_window(rate, rate.spectrum) for rate in rates if rate.spectrum is not None]
    for rate in rates:
        if rate.spectrum is None:
            raise MunuError(
                f"this rate of '{rate.experiment}' holds no spectrum to draw",
                "Ask for it, as in munu.rate('conus', with_spectrum=True), or draw munu.spectrum",
            )
    return plot_spectrum(spectra, ax, **look)


def _near_window(rate: RateResult, spectrum: SpectrumResult) -> SpectrumResult:
    """Return a spectrum without what lies far below the first bin, where that is in keV.

    A recoil makes at most its energy in ionisation.
    """
    axis = rate.axes[0]
    if axis.unit not in ENERGY_UNITS:
        return spectrum
    shown = spectrum.recoil_energy_kev >= BELOW_THRESHOLD * axis.edges[0]
    components = tuple(
        replace(
            one,
            sm_per_kg_kev_day=one.sm_per_kg_kev_day[shown],
            dipole_per_mu_b2_kg_kev_day=one.dipole_per_mu_b2_kg_kev_day[shown],
            per_kg_kev_day=None if one.per_kg_kev_day is None else one.per_kg_kev_day[shown],
        )
        for one in spectrum.components
    )
    energies = spectrum.recoil_energy_kev[shown]
    return replace(spectrum, recoil_energy_kev=energies, components=components)


def _label(name: str) -> str:
    """Return a species as a symbol, as in ν̄_μ, a nuclide as in ⁷Be; other names as they are."""
    flavour, bar, _ = name.partition("_bar")
    symbol = SPECIES.get(flavour)
    if symbol is None:
        return nuclide(name)
    return rf"$\bar{{{symbol[:3]}}}{symbol[3:]}$" if bar else f"${symbol}$"
