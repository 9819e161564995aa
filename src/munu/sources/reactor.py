"""Reactor source: electron antineutrinos from fission and from neutron capture on 238U."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf, pi
from typing import Final, final

import numpy as np

from munu.base.alike import ByContent
from munu.base.constants import ELEMENTARY_CHARGE_J_PER_EV
from munu.base.distinct import distinct
from munu.base.errors import MunuError, unknown
from munu.base.frozen import freeze
from munu.base.typing import FloatArray
from munu.physics.mixing import Mixing
from munu.physics.moments import HelicityState
from munu.sources.base import BeamComponent, Source, Spectrum
from munu.sources.fission_spectra import (
    CONTINUED,
    HIGH_ENERGY_SPECTRA,
    ISOTOPES,
    LOW_ENERGY_SPECTRA,
    MATCHING_ENERGY_MEV,
    FissionSpectrum,
)
from munu.sources.own_fission_spectra import OwnFissionSpectra
from munu.sources.tables import packaged_table, packaged_toml

SPECTRA_WITH_CAPTURE: Final = ("kopeikin2012",)
"""Tables whose antineutrinos of neutron capture on 238U are already counted."""


def _named_set(kind: str, value: str | Mapping[str, float]) -> dict[str, float]:
    """Return numbers by isotope from a mapping or the name of a set in ``fission.toml``."""
    if isinstance(value, str):
        sets = packaged_toml("reactor/fission.toml")[kind]
        if value not in sets:
            raise unknown(f"set of {kind}", value, sets)
        return {isotope: float(sets[value][isotope]) for isotope in ISOTOPES}
    for isotope in value:
        if isotope not in ISOTOPES:
            raise unknown("isotope", isotope, ISOTOPES, where=kind)
    missing = [isotope for isotope in ISOTOPES if isotope not in value]
    if missing:
        raise MunuError(f"{kind} lacks {', '.join(missing)}", "State all four; 0 is allowed")
    return {isotope: float(value[isotope]) for isotope in ISOTOPES}


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class ReactorSource(ByContent, Source):
    r"""A fission reactor: :math:`\frac{d\Phi}{dE} = \frac{P}{4\pi L^2\langle E_f\rangle} S(E)`.

    S is the spectrum per fission and :math:`\langle E_f\rangle = \sum_k f_k E_k` the energy per
    fission.

    Parameters
    ----------
    thermal_power_gw : float
        Thermal power P (GW).
    baseline_m : float
        Distance L from the core (m).
    fission_fractions : mapping or str
        Fractions f of U235, U238, Pu239, Pu241, or a named set: ``typical-pwr``, ...
    energies_per_fission_mev : mapping or str
        Energies E per fission (MeV), or a named set: ``kopeikin2004``, ``ma2013``.
    high_energy : str or OwnFissionSpectra
        Model at and above 2 MeV, a key of ``HIGH_ENERGY_SPECTRA``, or tables of one's own.
    low_energy : str
        Model below 2 MeV, a key of ``LOW_ENERGY_SPECTRA``.
    endpoint_mev : float
        Energy (MeV) above which the flux is zero. The converted spectra are fitted up to 8 MeV, the
        default; ``daya-bay2025`` is measured up to 9.5 MeV. Above 8 MeV is 1e-4 of the flux,
        which a high threshold selects.
    captures_per_fission : float
        Neutron captures on 238U per fission, each followed by the beta decays of 239U and 239Np.
        0 where the low-energy model already counts them (``kopeikin2012``), about 0.6 otherwise.
    total_flux_per_cm2_s : float, optional
        Total flux (1/(cm² s)) over all energies that S is scaled to, instead of the one that power,
        distance and energy per fission give. A quoted flux counts the antineutrinos of neutron
        captures as a rule, a sixth of all, so S has to hold them too. None: no scaling.

    Raises
    ------
    MunuError
        For an unknown model, set or isotope, a table that ends below the endpoint, fractions that
        do not sum to one, a power, baseline, flux or endpoint that is not positive, or captures
        counted twice.

    References
    ----------
    arXiv:1101.2663, arXiv:1106.0687, Phys. Atom. Nucl. 75 (2012) 143, Phys. Rev. D 39 (1989) 3378,
    arXiv:1904.09358, arXiv:2501.00746; capture spectra arXiv:2304.14992.
    """

    thermal_power_gw: float
    baseline_m: float
    fission_fractions: str | Mapping[str, float]
    energies_per_fission_mev: str | Mapping[str, float]
    high_energy: str | OwnFissionSpectra
    low_energy: str
    endpoint_mev: float = 8.0
    captures_per_fission: float = 0.0
    total_flux_per_cm2_s: float | None = None

    def __post_init__(self) -> None:
        for name, smallest in (
            ("thermal_power_gw", 0.0),
            ("baseline_m", 0.0),
            ("endpoint_mev", MATCHING_ENERGY_MEV),
            ("total_flux_per_cm2_s", 0.0),
        ):
            value = getattr(self, name)
            if value is not None and not smallest < value < inf:
                raise MunuError(
                    f"{name} = {value} in a reactor source", f"Allowed: values > {smallest:g}"
                )
        own = isinstance(self.high_energy, OwnFissionSpectra)
        if not own and self.high_energy not in HIGH_ENERGY_SPECTRA:
            raise unknown("high-energy reactor spectrum", self.high_energy, HIGH_ENERGY_SPECTRA)
        if self.low_energy not in LOW_ENERGY_SPECTRA:
            raise unknown("low-energy reactor spectrum", self.low_energy, LOW_ENERGY_SPECTRA)
        self._check_endpoint()
        self._check_fuel()
        freeze(self)

    def _check_endpoint(self) -> None:
        _, high = self._models()
        if self.endpoint_mev > high.last_mev:
            own = isinstance(self.high_energy, OwnFissionSpectra)
            more = "Give rows up to the endpoint" if own else "Take another spectrum"
            raise MunuError(
                f"a spectrum ends at {high.last_mev:g} MeV, below the endpoint,"
                f" {self.endpoint_mev:g}: {self._high_name}",
                f'{more}, or write endpoint = "{high.last_mev:g} MeV"',
            )

    def _check_fuel(self) -> None:
        fractions = np.array(list(self.fractions.values()))
        if not abs(fractions.sum() - 1) <= 1e-3 or fractions.min() < 0:
            raise MunuError(
                f"fission fractions {fractions.tolist()} sum to {fractions.sum():.4g}",
                "They must be non-negative and sum to 1 within 0.001",
            )
        energies = _named_set("energies_per_fission_mev", self.energies_per_fission_mev).values()
        if not all(0 < energy < inf for energy in energies):
            raise MunuError("an energy per fission is not positive", "Allowed: values > 0 MeV")
        counted = self._counts_captures()
        if not 0 <= self.captures_per_fission < inf or (counted and self.captures_per_fission > 0):
            raise MunuError(
                f"captures_per_fission = {self.captures_per_fission:g} with {self.low_energy}"
                f"{f' {self._high_name}' if self.low_energy == CONTINUED else ''}",
                "Use 0: this table already counts neutron capture" if counted else "Use 0 or more",
            )

    def _counts_captures(self) -> bool:
        """Whether antineutrinos of neutron capture are in the spectrum below 2 MeV already."""
        low, _ = self._models()
        return any(low == HIGH_ENERGY_SPECTRA[name] for name in SPECTRA_WITH_CAPTURE)

    @property
    def fractions(self) -> dict[str, float]:
        """Fission fractions by isotope."""
        return _named_set("fission_fractions", self.fission_fractions)

    @property
    def energy_per_fission_mev(self) -> float:
        """Mean energy per fission (MeV)."""
        energies = _named_set("energies_per_fission_mev", self.energies_per_fission_mev)
        return sum(f * energies[isotope] for isotope, f in self.fractions.items())

    @property
    def fissions_per_s(self) -> float:
        """Fissions per second, power over mean energy."""
        energy_j = self.energy_per_fission_mev * 1e6 * ELEMENTARY_CHARGE_J_PER_EV
        return self.thermal_power_gw * 1e9 / energy_j

    @property
    def _high_name(self) -> str:
        return self.high_energy if isinstance(self.high_energy, str) else "own tables by isotope"

    def _models(self) -> tuple[FissionSpectrum, FissionSpectrum]:
        own = self.high_energy
        high = own if isinstance(own, OwnFissionSpectra) else HIGH_ENERGY_SPECTRA[own]
        return LOW_ENERGY_SPECTRA[self.low_energy](high), high

    def per_fission(self, energy_mev: FloatArray) -> FloatArray:
        """Return the spectrum per fission (1/MeV) for an array of energies (MeV)."""
        energy = np.asarray(energy_mev, dtype=float)
        low, high = (model.per_fission(energy, self.fractions) for model in self._models())
        density = np.where(energy < MATCHING_ENERGY_MEV, low, high)
        if self.captures_per_fission:
            capture = packaged_table("reactor/capture.csv")
            pair = capture["U239"] + capture["Np239"]
            density += self.captures_per_fission * np.interp(
                energy, capture["energy_mev"], pair, left=0.0, right=0.0
            )
        return np.asarray(density * (energy <= self.endpoint_mev))

    def _knots_mev(self) -> FloatArray:
        low, high = (model.knots_mev() for model in self._models())
        pieces = [
            np.array([0.0, MATCHING_ENERGY_MEV, self.endpoint_mev]),
            low[low < MATCHING_ENERGY_MEV],
            high[(high > MATCHING_ENERGY_MEV) & (high < self.endpoint_mev)],
        ]
        if self.captures_per_fission:
            pieces.append(packaged_table("reactor/capture.csv")["energy_mev"])
        return distinct(np.concatenate(pieces))

    @property
    def fissions_per_cm2_s(self) -> float:
        """Fissions per second over the sphere through the detector, from power and distance."""
        return self.fissions_per_s / (4 * pi * (100 * self.baseline_m) ** 2)

    @cached_property
    def antineutrinos_per_fission(self) -> float:
        """Integral of the spectrum per fission over all energies."""
        return Spectrum(self._knots_mev(), self.per_fission).total_flux_per_cm2_s

    @property
    def flux_from_power_per_cm2_s(self) -> float:
        """Total flux (1/(cm² s)) from power, distance and energy per fission."""
        return self.fissions_per_cm2_s * self.antineutrinos_per_fission

    def _make_components(self, mixing: Mixing | None) -> tuple[BeamComponent, ...]:
        """Return the one component, ν̄_e of beam ``reactor``."""
        per_area = self.fissions_per_cm2_s
        if self.total_flux_per_cm2_s is not None:
            per_area = self.total_flux_per_cm2_s / self.antineutrinos_per_fission
        spectrum = Spectrum(self._knots_mev(), lambda e: per_area * self.per_fission(e))
        state = HelicityState.of_species("nu_e_bar")
        return (BeamComponent("nu_e_bar", "reactor", state, spectrum),)

    def describe(self) -> tuple[tuple[str, str], ...]:
        """Return the inputs, the antineutrinos per fission and the total flux."""
        fractions = ", ".join(f"{isotope} {f:g}" for isotope, f in self.fractions.items())
        return (
            ("source", "reactor"),
            ("thermal power", f"{self.thermal_power_gw:g} GW"),
            ("baseline", f"{self.baseline_m:g} m"),
            ("fission fractions", fractions),
            ("energy per fission", f"{self.energy_per_fission_mev:.2f} MeV"),
            ("spectrum above 2 MeV", f"{self._high_name}, up to {self.endpoint_mev:g} MeV"),
            ("spectrum below 2 MeV", self.low_energy),
            ("neutron captures added per fission", f"{self.captures_per_fission:g}"),
            ("antineutrinos per fission", f"{self.antineutrinos_per_fission:.3f}"),
            ("total flux", f"{self.components()[0].spectrum.total_flux_per_cm2_s:.4g} /cm2/s"),
            *self.overridden(),
        )

    def overridden(self) -> tuple[tuple[str, str], ...]:
        """Return the total flux from power and distance if another one is stated."""
        if self.total_flux_per_cm2_s is None:
            return ()
        return (
            (
                "flux of power and baseline, not used",
                f"{self.flux_from_power_per_cm2_s:.4g} /cm2/s",
            ),
        )
