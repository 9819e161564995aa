"""Antineutrino spectra per fission of one's own, a table for each fissile isotope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.distinct import distinct
from munu.base.errors import MunuError, unknown
from munu.base.frozen import freeze
from munu.base.interpolation import Between, between_rows, check_between
from munu.base.typing import FloatArray
from munu.sources.fission_spectra import ISOTOPES, MATCHING_ENERGY_MEV, FissionSpectrum


@final
@dataclass(frozen=True)
class IsotopeTable:
    """The spectrum of one fissile isotope, zero outside its rows.

    Parameters
    ----------
    energies_mev, per_fission : tuple of float
        Increasing energies (MeV), and antineutrinos (1/(MeV fission)).
    interpolation : str
        ``linear``, or ``log`` for the logarithm of the antineutrinos.
    """

    energies_mev: tuple[float, ...]
    per_fission: tuple[float, ...]
    interpolation: Between = "linear"

    def __post_init__(self) -> None:
        freeze(self)

    def __call__(self, energy_mev: FloatArray) -> FloatArray:
        """Return the spectrum (1/(MeV fission))."""
        inside = (energy_mev >= self.energies_mev[0]) & (energy_mev <= self.energies_mev[-1])
        values = between_rows(energy_mev, self.energies_mev, self.per_fission, self.interpolation)
        return np.where(inside, values, 0.0)


@final
@dataclass(frozen=True)
class OwnFissionSpectra(FissionSpectrum):
    """A table for each of U235, U238, Pu239 and Pu241.

    Parameters
    ----------
    tables : tuple of (str, IsotopeTable)

    Raises
    ------
    MunuError
        If an isotope is missing or unknown, a table starts above 2 MeV, or has a way to
        interpolate that there is not.
    """

    tables: tuple[tuple[str, IsotopeTable], ...]

    def __post_init__(self) -> None:
        names = [name for name, _ in self.tables]
        for name, table in self.tables:
            if name not in ISOTOPES:
                raise unknown("isotope", name, ISOTOPES, where="the spectra of one's own")
            check_between(table.interpolation)
            if table.energies_mev[0] > MATCHING_ENERGY_MEV:
                raise MunuError(
                    f"the spectrum of {name} starts at {table.energies_mev[0]:g} MeV",
                    f"Give it from {MATCHING_ENERGY_MEV:g} MeV or below on",
                )
        missing = [isotope for isotope in ISOTOPES if isotope not in names]
        if missing:
            raise MunuError(
                f"the spectra lack {', '.join(missing)}", "Give all four, or the name of a set"
            )
        freeze(self)

    @property
    def last_mev(self) -> float:
        """The lowest of the tables' last energies (MeV)."""
        return min(table.energies_mev[-1] for _, table in self.tables)

    def knots_mev(self) -> FloatArray:
        """Return the energies of the tables (MeV)."""
        return distinct(np.concatenate([table.energies_mev for _, table in self.tables]))

    def per_fission(self, energy_mev: FloatArray, fractions: Mapping[str, float]) -> FloatArray:
        r"""Return :math:`\sum_k f_k S_k(E)` (1/(MeV fission))."""
        energy = np.asarray(energy_mev, float)
        terms = [fractions[name] * table(energy) for name, table in self.tables]
        return np.asarray(np.sum(terms, axis=0))
