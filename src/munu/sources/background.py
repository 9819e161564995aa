"""Natural neutrino backgrounds: atmosphere, Earth, and past supernovae.

The states are those at production. `munu.sources.decohered.DecoheredSource` turns them into the
mass states that arrive after many oscillation lengths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, final

import numpy as np

from munu.base.alike import ByContent
from munu.base.errors import MunuError, unknown
from munu.base.frozen import freeze
from munu.base.typing import FloatArray
from munu.physics.mixing import Mixing
from munu.physics.moments import FLAVOURS, HelicityState
from munu.sources.base import BeamComponent, Source, Spectrum
from munu.sources.tables import packaged_table, packaged_toml

DECAY_CHAINS: Final = ("U", "Th", "K")
SUPERNOVA_FLUX_PER_CM2_S: Final = 85.7
"""Total flux of the tabulated diffuse supernova spectrum: data of arXiv:2109.03116, ±50 %."""


def _interpolated(path: str, column: str, scale: float, energy_mev: FloatArray) -> FloatArray:
    table = packaged_table(path)
    return scale * np.interp(energy_mev, table["energy_mev"], table[column], left=0.0, right=0.0)


def _component(species: str, beam: str, path: str, column: str, scale: float) -> BeamComponent:
    knots = packaged_table(path)["energy_mev"]
    spectrum = Spectrum(knots, partial(_interpolated, path, column, scale))
    return BeamComponent(species, beam, HelicityState.of_species(species), spectrum)


def _total_flux(source: Source) -> str:
    return f"{sum(c.spectrum.total_flux_per_cm2_s for c in source.components()):.4g} /cm2/s"


@final
@dataclass(frozen=True)
class AtmosphericSource(Source):
    """Atmospheric ν_e, ν̄_e, ν_μ, ν̄_μ from 13 MeV to 1 GeV, averaged over directions.

    References
    ----------
    G. Battistoni et al., Astropart. Phys. 23 (2005) 526.
    """

    def _make_components(self, mixing: Mixing | None) -> tuple[BeamComponent, ...]:
        """Return the four species of beam ``atmospheric``."""
        return tuple(
            _component(species, "atmospheric", "background/atmospheric.csv", species, 1.0)
            for species in ("nu_e", "nu_e_bar", "nu_mu", "nu_mu_bar")
        )

    def overridden(self) -> tuple[tuple[str, str], ...]:
        """Return none: every input counts."""
        return ()

    def describe(self) -> tuple[tuple[str, str], ...]:
        """Return the range and the total flux."""
        return (
            ("source", "atmospheric (FLUKA, without oscillations)"),
            ("energies", "13 MeV to 982 MeV"),
            ("total flux", _total_flux(self)),
        )


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class GeoneutrinoSource(ByContent, Source):
    """ν̄_e of the decay chains of uranium, thorium and potassium in the Earth, above 0.1 MeV.

    Parameters
    ----------
    fluxes : mapping or str
        Fluxes (1/(cm² s)) of U, Th, K above 0.1 MeV without oscillations, or the named set
        ``gran-sasso``.

    Raises
    ------
    MunuError
        For an unknown set or chain, none at all, or a negative flux.

    References
    ----------
    Fluxes: arXiv:1301.0365; spectra: data of arXiv:2109.03116.
    """

    fluxes: str | Mapping[str, float]

    def __post_init__(self) -> None:
        if not self.fluxes:
            raise MunuError("an empty set of geoneutrino fluxes", "Give those of U, Th or K")
        for chain, flux in self._by_chain().items():
            if chain not in DECAY_CHAINS:
                raise unknown("decay chain", chain, DECAY_CHAINS)
            if not 0 <= flux < np.inf:
                raise MunuError(f"the geoneutrino flux {chain} = {flux}", "Allowed: values >= 0")
        freeze(self)

    def _by_chain(self) -> dict[str, float]:
        if not isinstance(self.fluxes, str):
            return dict(self.fluxes)
        sets = packaged_toml("background/fluxes.toml")["geoneutrinos"]
        if self.fluxes not in sets:
            raise unknown("set of geoneutrino fluxes", self.fluxes, sets)
        return {chain: sets[self.fluxes][chain] for chain in DECAY_CHAINS}

    def _make_components(self, mixing: Mixing | None) -> tuple[BeamComponent, ...]:
        """Return ν̄_e of beams ``geo-U``, ``geo-Th``, ``geo-K``."""
        return tuple(
            _component(
                "nu_e_bar", f"geo-{chain}", f"background/geo_{chain}.csv", "spectrum_per_mev", flux
            )
            for chain, flux in self._by_chain().items()
        )

    def overridden(self) -> tuple[tuple[str, str], ...]:
        """Return none: every input counts."""
        return ()

    def describe(self) -> tuple[tuple[str, str], ...]:
        """Return the flux of each chain and the total."""
        chains = self._by_chain().items()
        return (
            ("source", "geoneutrinos (without oscillations)"),
            *((f"flux of {chain}", f"{flux:.4g} /cm2/s") for chain, flux in chains),
            ("total flux", _total_flux(self)),
        )


@final
@dataclass(frozen=True, kw_only=True)
class SupernovaBackgroundSource(Source):
    """Diffuse supernova neutrinos, shared equally by the six species.

    The table is the sum of all species with thermal spectra of 3 MeV (ν_e), 5 MeV (ν̄_e) and 8 MeV
    (the others); the conversion in the star is not modelled.

    Parameters
    ----------
    flux_per_cm2_s : float
        Total flux of all species (1/(cm² s)).

    Raises
    ------
    MunuError
        If the flux is not positive.

    References
    ----------
    arXiv:1004.3311; data of arXiv:2109.03116.
    """

    flux_per_cm2_s: float = SUPERNOVA_FLUX_PER_CM2_S

    def __post_init__(self) -> None:
        if not 0 < self.flux_per_cm2_s < np.inf:
            raise MunuError(f"a supernova flux of {self.flux_per_cm2_s}", "Allowed: values > 0")

    def _make_components(self, mixing: Mixing | None) -> tuple[BeamComponent, ...]:
        """Return the six species of beam ``supernova``."""
        species = [f"nu_{flavour}{bar}" for flavour in FLAVOURS for bar in ("", "_bar")]
        share = self.flux_per_cm2_s / len(species)
        path = "background/supernova.csv"
        return tuple(
            _component(name, "supernova", path, "spectrum_per_mev", share) for name in species
        )

    def overridden(self) -> tuple[tuple[str, str], ...]:
        """Return none: every input counts."""
        return ()

    def describe(self) -> tuple[tuple[str, str], ...]:
        """Return the total flux."""
        return (("source", "diffuse supernova neutrinos"), ("total flux", _total_flux(self)))
