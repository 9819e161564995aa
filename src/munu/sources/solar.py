"""Solar source: an incoherent mixture of mass states at the Earth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, final

import numpy as np

from munu.base.alike import ByContent
from munu.base.errors import MunuError, unknown
from munu.base.frozen import freeze
from munu.base.typing import ArrayLike, FloatArray
from munu.physics.mixing import Mixing
from munu.physics.moments import HelicityState
from munu.sources.base import BeamComponent, Source, Spectrum
from munu.sources.solar_conversion import mass_probabilities, nu_1_probability
from munu.sources.tables import packaged_table, packaged_toml

NUCLIDES: Final = ("pp", "pep", "hep", "7Be", "8B", "13N", "15O", "17F")
TABLE: Final = "solar/solar.toml"


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class SolarSource(ByContent, Source):
    r"""Solar neutrinos as ν₁, ν₂, ν₃ with fluxes :math:`\phi_k(E) P_{ei}^{(k)}(E)`.

    Each flux k is a beam of its own: ``pp``, ``7Be``, ... The Earth's matter and the effect of the
    Sun's matter on θ₁₃ are neglected. The mixing is that of the statement in which the source
    takes part, an argument of `components`.

    Parameters
    ----------
    fluxes : mapping or str
        Fluxes (1/(cm² s)) by nuclide, or a named set: ``b16-gs98``, ``b16-agss09met``,
        ``bergstrom2016``.
    nuclides : tuple of str, optional
        The fluxes to keep, among pp, pep, hep, 7Be, 8B, 13N, 15O, 17F; all of the set if not given.
    survival : "adiabatic" or float
        Conversion with the matter potential of each production region, or one constant
        :math:`P_{e1}^{2\nu}` for all energies (Eq. 37).

    Raises
    ------
    MunuError
        For an unknown set or nuclide, nuclides that are none or named twice, a negative flux, or a
        probability outside [0, 1].

    References
    ----------
    Spectra: Bahcall tables; potentials: hep-ph/0404042; Eqs. (37)-(38) of arXiv:1905.03750.
    """

    mixing_parameters: ClassVar[tuple[str, ...]] = (
        "sin2_theta12",
        "sin2_theta13",
        "dm2_21_ev2",
    )

    fluxes: str | Mapping[str, float]
    nuclides: tuple[str, ...] | None = None
    survival: Literal["adiabatic"] | float = "adiabatic"

    def __post_init__(self) -> None:
        if isinstance(self.fluxes, str):
            sets = packaged_toml(TABLE)["fluxes"]
            if self.fluxes not in sets:
                raise unknown("set of solar fluxes", self.fluxes, sets)
        elif not self.fluxes:
            raise MunuError("an empty set of solar fluxes", f"Allowed: {', '.join(NUCLIDES)}")
        for nuclide, flux in self._available().items():
            if nuclide not in NUCLIDES:
                raise unknown("solar flux", nuclide, NUCLIDES)
            if not 0 <= flux < np.inf:
                raise MunuError(f"the solar flux {nuclide} = {flux}", "Allowed: values >= 0")
        if self.nuclides is not None:
            self._check_nuclides(self.nuclides)
        if isinstance(self.survival, str):
            if self.survival != "adiabatic":
                raise unknown(
                    "survival of solar neutrinos", self.survival, ("adiabatic", "a number")
                )
        elif not 0 <= self.survival <= 1:
            raise MunuError(f"survival = {self.survival:g}", "Allowed: 'adiabatic' or 0 to 1")
        freeze(self)

    def _check_nuclides(self, nuclides: tuple[str, ...]) -> None:
        allowed = self._available()
        for nuclide in nuclides:
            if nuclide not in allowed:
                raise unknown("solar flux", nuclide, allowed)
        if not nuclides or len(set(nuclides)) < len(nuclides):
            raise MunuError(
                f"nuclides = {list(nuclides)} names {'one twice' if nuclides else 'no solar flux'}",
                f"Name each once, of {', '.join(allowed)}, or leave it out for all of them",
            )

    def _available(self) -> dict[str, float]:
        if not isinstance(self.fluxes, str):
            return dict(self.fluxes)
        values = packaged_toml(TABLE)["fluxes"][self.fluxes]
        return {nuclide: values[nuclide] for nuclide in NUCLIDES if nuclide in values}

    def flux_per_cm2_s(self) -> dict[str, float]:
        """Return the fluxes in use (1/(cm² s)) by nuclide."""
        available = self._available()
        named = available if self.nuclides is None else self.nuclides
        return {nuclide: available[nuclide] for nuclide in named}

    def arrival_probabilities(
        self, nuclide: str, energy_mev: ArrayLike, mixing: Mixing
    ) -> FloatArray:
        """Return P_e1, P_e2, P_e3, shape (3, ...), of a nuclide's neutrinos."""
        if not isinstance(self.survival, str):
            first = np.full_like(np.asarray(energy_mev, dtype=float), self.survival)
            return mass_probabilities(first, mixing)
        table = packaged_toml(TABLE)
        first = nu_1_probability(
            energy_mev,
            mixing,
            potential_ev=table["potential_ev"][nuclide],
            relative_variance=table["potential_relative_variance"][nuclide],
        )
        return mass_probabilities(first, mixing)

    def _make_components(self, mixing: Mixing | None) -> tuple[BeamComponent, ...]:
        """Return ν₁, ν₂, ν₃ of each nuclide, whose name is that of the beam."""
        assert mixing is not None
        return tuple(
            self._component(nuclide, flux, mass, mixing)
            for nuclide, flux in self.flux_per_cm2_s().items()
            for mass in range(3)
        )

    def _component(self, nuclide: str, flux: float, mass: int, mixing: Mixing) -> BeamComponent:
        species = f"nu_{mass + 1}"
        spectrum = self._spectrum(nuclide, flux, mass, mixing)
        return BeamComponent(species, nuclide, HelicityState.of_species(species), spectrum)

    def _spectrum(self, nuclide: str, flux: float, mass: int, mixing: Mixing) -> Spectrum:
        def arriving(energy_mev: FloatArray) -> FloatArray:
            return np.asarray(flux * self.arrival_probabilities(nuclide, energy_mev, mixing)[mass])

        lines = packaged_toml(TABLE)["lines"]
        if nuclide in lines:
            fluxes = ((e, share * float(arriving(np.array(e)))) for e, share in lines[nuclide])
            return Spectrum(np.array([]), np.zeros_like, tuple(fluxes))
        table = packaged_table(f"solar/{nuclide}.csv")
        knots, per_mev = table["energy_mev"], table["spectrum_per_mev"]
        return Spectrum(knots, lambda e: arriving(e) * np.interp(e, knots, per_mev, right=0.0))

    def overridden(self) -> tuple[tuple[str, str], ...]:
        """Return none: every input counts."""
        return ()

    def describe(self) -> tuple[tuple[str, str], ...]:
        """Return the fluxes, the conversion and the total flux."""
        fluxes = self.flux_per_cm2_s()
        name = self.fluxes if isinstance(self.fluxes, str) else "custom"
        survival = self.survival if isinstance(self.survival, str) else f"{self.survival:g}"
        return (
            ("source", "solar"),
            ("flux set", name),
            ("P_e1 (two flavours)", survival),
            *((f"flux of {nuclide}", f"{flux:.4g} /cm2/s") for nuclide, flux in fluxes.items()),
            ("total flux", f"{sum(fluxes.values()):.4g} /cm2/s"),
        )
