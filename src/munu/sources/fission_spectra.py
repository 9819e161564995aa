"""Antineutrino spectra per fission: models above and below 2 MeV, by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Final, final

import numpy as np

from munu.base.distinct import distinct
from munu.base.typing import FloatArray
from munu.sources.tables import packaged_table, packaged_toml

ISOTOPES: Final = ("U235", "U238", "Pu239", "Pu241")
MATCHING_ENERGY_MEV: Final = 2.0
"""Lower end of the converted spectra (Mueller 2011, Huber 2011)."""


class FissionSpectrum(ABC):
    """Antineutrino spectrum per fission of a mixture of isotopes."""

    @abstractmethod
    def knots_mev(self) -> FloatArray:
        """Return the energies (MeV) at which the spectrum is not smooth."""

    @abstractmethod
    def per_fission(self, energy_mev: FloatArray, fractions: Mapping[str, float]) -> FloatArray:
        """Return the spectrum (1/(MeV fission)) for fission fractions by isotope."""

    @property
    @abstractmethod
    def last_mev(self) -> float:
        """The energy (MeV) at which a table ends; infinite for a formula."""


@final
@dataclass(frozen=True)
class ExponentialPolynomial(FissionSpectrum):
    r""":math:`S(E) = \sum_k f_k \exp\left(\sum_{p=0}^5 \alpha_{pk} E^p\right)`, fitted 2-8 MeV.

    Parameters
    ----------
    name : str
        Key of ``polynomials`` in the package's ``data/reactor/fission.toml``.

    References
    ----------
    Table VI of arXiv:1101.2663; Table III of arXiv:1106.0687.
    """

    name: str

    def knots_mev(self) -> FloatArray:
        """Return no knots: the polynomials are smooth."""
        return np.array([])

    def per_fission(self, energy_mev: FloatArray, fractions: Mapping[str, float]) -> FloatArray:
        """Return the spectrum (1/(MeV fission)), extrapolated outside 2-8 MeV."""
        coefficients = packaged_toml("reactor/fission.toml")["polynomials"][self.name]
        terms = [
            f * np.exp(np.polynomial.polynomial.polyval(energy_mev, coefficients[isotope]))
            for isotope, f in fractions.items()
        ]
        return np.asarray(np.sum(terms, axis=0))

    @property
    def last_mev(self) -> float:
        """Infinite: the polynomials go on above 8 MeV."""
        return inf


@final
@dataclass(frozen=True)
class TabulatedSpectrum(FissionSpectrum):
    """Linear interpolation of a table, from zero at zero energy; zero above its last row.

    Parameters
    ----------
    path : str
        Packaged CSV table with the column ``energy_mev`` and one column per isotope, or ``total``
        for a table that already is the mixture of a reactor: it then ignores the fractions.
    """

    path: str

    @property
    def is_total(self) -> bool:
        """Whether the table is that of a whole reactor, not of each isotope."""
        return "total" in packaged_table(self.path)

    def knots_mev(self) -> FloatArray:
        """Return zero and the energies of the table (MeV)."""
        return np.concatenate([[0.0], packaged_table(self.path)["energy_mev"]])

    def per_fission(self, energy_mev: FloatArray, fractions: Mapping[str, float]) -> FloatArray:
        """Return the interpolated spectrum (1/(MeV fission))."""
        table = packaged_table(self.path)
        weights = {"total": 1.0} if self.is_total else fractions
        column = np.sum([f * table[name] for name, f in weights.items()], axis=0)
        values = np.concatenate([[0.0], column])
        return np.asarray(np.interp(energy_mev, self.knots_mev(), values, right=0.0))

    @property
    def last_mev(self) -> float:
        """The energy of the last row (MeV)."""
        return float(packaged_table(self.path)["energy_mev"][-1])


@final
@dataclass(frozen=True)
class Rescaled(FissionSpectrum):
    r"""A model, scaled bin by bin to a measurement: :math:`S(E) = r_b\,S_{\rm model}(E)`.

    :math:`r_b` is the measured yield of inverse beta decay in bin b over the model's at the same
    fuel. The model gives the shape within a bin and the change with the fuel. Below the first bin
    and above the last, their ratios are held.

    Parameters
    ----------
    model : FissionSpectrum
        The spectrum that the ratios refer to.
    path : str
        Packaged CSV table with the columns ``energy_low_mev`` and ``ratio``.

    References
    ----------
    arXiv:2501.00746; cross section of inverse beta decay: astro-ph/0302055.
    """

    model: FissionSpectrum
    path: str

    def knots_mev(self) -> FloatArray:
        """Return the model's knots and the lower edges of the bins (MeV)."""
        table = packaged_table(self.path)
        return distinct(self.model.knots_mev(), table["energy_low_mev"])

    def per_fission(self, energy_mev: FloatArray, fractions: Mapping[str, float]) -> FloatArray:
        """Return the scaled spectrum (1/(MeV fission))."""
        table = packaged_table(self.path)
        bins = np.searchsorted(table["energy_low_mev"][1:], energy_mev, side="right")
        return np.asarray(table["ratio"][bins] * self.model.per_fission(energy_mev, fractions))

    @property
    def last_mev(self) -> float:
        """The model's (MeV)."""
        return self.model.last_mev


@final
@dataclass(frozen=True)
class HeldConstant(FissionSpectrum):
    """The value of another spectrum at 2 MeV, held at every energy."""

    above: FissionSpectrum

    def knots_mev(self) -> FloatArray:
        """Return no knots: a constant is smooth."""
        return np.array([])

    def per_fission(self, energy_mev: FloatArray, fractions: Mapping[str, float]) -> FloatArray:
        """Return the value at 2 MeV (1/(MeV fission)) at every energy."""
        value = self.above.per_fission(np.array([MATCHING_ENERGY_MEV]), fractions)
        return np.asarray(np.full_like(energy_mev, value[0]))

    @property
    def last_mev(self) -> float:
        """Infinite: it is the same everywhere."""
        return inf


@final
@dataclass(frozen=True)
class Absent(FissionSpectrum):
    """No antineutrinos."""

    def knots_mev(self) -> FloatArray:
        """Return no knots: zero is smooth."""
        return np.array([])

    def per_fission(self, energy_mev: FloatArray, fractions: Mapping[str, float]) -> FloatArray:
        """Return zero at every energy."""
        return np.zeros_like(energy_mev)

    @property
    def last_mev(self) -> float:
        """Infinite: there is none anywhere."""
        return inf


HIGH_ENERGY_SPECTRA: Final[Mapping[str, FissionSpectrum]] = {
    "mueller2011": ExponentialPolynomial("mueller2011"),
    "huber2011": ExponentialPolynomial("huber2011"),
    "estienne2019": TabulatedSpectrum("reactor/estienne2019.csv"),
    "kopeikin2012": TabulatedSpectrum("reactor/kopeikin2012.csv"),
    "daya-bay2025": Rescaled(ExponentialPolynomial("huber2011"), "reactor/daya_bay2025.csv"),
}
"""Models at and above 2 MeV."""

CONTINUED: Final = "continued"
"""The model above 2 MeV, below it too."""

LOW_ENERGY_SPECTRA: Final[Mapping[str, Callable[[FissionSpectrum], FissionSpectrum]]] = {
    "kopeikin2012": lambda above: TabulatedSpectrum("reactor/kopeikin2012.csv"),
    "vogel-engel1989": lambda above: TabulatedSpectrum("reactor/vogel_engel1989.csv"),
    "estienne2019": lambda above: TabulatedSpectrum("reactor/estienne2019.csv"),
    "constant": HeldConstant,
    CONTINUED: lambda above: above,
    "none": lambda above: Absent(),
}
"""Models below 2 MeV, each built from the model above 2 MeV."""
