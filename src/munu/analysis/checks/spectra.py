"""Remarks about the spectra of sources: tables of a flux, and of fission."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from munu.analysis.checks.curves import LARGEST_FLUX_END, coarse, cut, start
from munu.analysis.checks.remark import Remark
from munu.folding.nothing_counted import LEAST_ENDPOINT_MEV, unit_hint
from munu.sources.base import Source
from munu.sources.fission_spectra import CONTINUED, HIGH_ENERGY_SPECTRA, TabulatedSpectrum
from munu.sources.own_fission_spectra import OwnFissionSpectra
from munu.sources.reactor import ReactorSource
from munu.sources.several import each
from munu.sources.tables import packaged_toml
from munu.sources.tabulated import TabulatedSource

FUEL_OF_TOTALS: Final = "typical-pwr"
"""Fuel of the tables that are the total of a reactor: Phys. Atom. Nucl. 75 (2012) 143."""

LARGEST_OTHER_FUEL: Final = 0.25
"""Part of the fissions that are of other isotopes than in the total: 0.2 over a fuel cycle, 0.42 of
a research reactor."""


def spectrum_remarks(whole: Source, least: float) -> Iterator[Remark]:
    """Check the tables of a source, or of each of several.

    Parameters
    ----------
    whole : Source
    least : float
        Neutrino energy (MeV) from which on recoils are counted.
    """
    for key, source in each(whole):
        if isinstance(source, TabulatedSource):
            yield from _flux(key, source, least)
        elif isinstance(source, ReactorSource):
            yield from _fission(key, source, least)


def _flux(key: str, source: TabulatedSource, least: float) -> Iterator[Remark]:
    energies, flux = source.energies_mev, source.flux_per_cm2_s_mev
    yield from coarse(key, "MeV", energies, flux, source.interpolation)
    if flux.size:
        yield from cut(key, "flux", float(energies[-1]), "MeV", flux, LARGEST_FLUX_END)
        yield from start(key, "flux", energies, flux, least)
    endpoint = source.components()[0].spectrum.endpoint_mev
    if endpoint < LEAST_ENDPOINT_MEV:
        yield Remark(key, unit_hint(endpoint))


def _fission(key: str, source: ReactorSource, least: float) -> Iterator[Remark]:
    if isinstance(source.high_energy, OwnFissionSpectra):
        for isotope, table in source.high_energy.tables:
            own, x, y = f"{key}.high_energy.{isotope}", table.energies_mev, table.per_fission
            yield from coarse(own, "MeV", x, y, table.interpolation)
            if source.low_energy == CONTINUED and source.fractions[isotope] > 0:
                yield from start(own, "spectrum", x, y, least)
    elif isinstance(HIGH_ENERGY_SPECTRA[source.high_energy], TabulatedSpectrum):
        yield from _fuel(key, source)


def _fuel(key: str, source: ReactorSource) -> Iterator[Remark]:
    """Remark on the fuel of a reactor whose spectrum is the total of another fuel."""
    spectrum = HIGH_ENERGY_SPECTRA[str(source.high_energy)]
    own = packaged_toml("reactor/fission.toml")["fission_fractions"][FUEL_OF_TOTALS]
    apart = sum(abs(f - own[isotope]) for isotope, f in source.fractions.items()) / 2
    if isinstance(spectrum, TabulatedSpectrum) and spectrum.is_total and apart > LARGEST_OTHER_FUEL:
        stated = ", ".join(f"{isotope} {f:g}" for isotope, f in source.fractions.items())
        yield Remark(
            f"{key}.high_energy",
            f"{source.high_energy} is the spectrum of a power reactor as a whole, and does not"
            f" follow the fuel, {stated}; one by isotope does, such as huber2011",
        )
