"""Interaction channels: what recoils, how often per neutrino, and within which kinematics."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import final

import numpy as np

from munu.base.typing import FloatArray
from munu.physics import coherent, electrons
from munu.physics.atoms import effective_electrons, steps
from munu.physics.couplings import WeakCouplings
from munu.physics.electron_couplings import ElectronCouplings
from munu.physics.form_factors import FormFactor
from munu.physics.mixing import Mixing
from munu.physics.moments import FLAVOURS, HelicityState
from munu.physics.nuclei import Nucleus


class Channel(ABC):
    """One kind of scattering centre in the target.

    The cross sections are given by their coefficients (k₀, k₁, k₂) in 1/E_ν, shape (3, n), in
    cm²/keV × MeVⁿ (design note 2), the dipole one for μ_ν = 1 μ_B.
    """

    name: str
    nucleus: Nucleus | None
    """The recoiling nucleus, None for electrons: quenching applies to nuclei only."""

    @abstractmethod
    def minimum_energy_mev(self, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return the least neutrino energy (MeV) that gives the recoil energy (keV)."""

    @abstractmethod
    def maximum_recoil_kev(self, neutrino_energy_mev: FloatArray) -> FloatArray:
        """Return the largest recoil energy (keV) a neutrino energy (MeV) gives."""

    @abstractmethod
    def sm_coefficients(
        self, recoil_energy_kev: FloatArray, state: HelicityState, mixing: Mixing
    ) -> FloatArray:
        """Return the Standard Model coefficients for a source state."""

    @abstractmethod
    def dipole_coefficients(self, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return the dipole coefficients at μ_ν = 1 μ_B."""

    def steps_kev(self) -> FloatArray | None:
        """Return recoil energies (keV) at which the cross section jumps, if any."""
        return None


@final
@dataclass(frozen=True)
class NuclearRecoil(Channel):
    """Coherent elastic scattering on one isotope (Eqs. 19 and 24 of arXiv:1905.03750)."""

    nucleus: Nucleus
    couplings: WeakCouplings
    form_factor: FormFactor

    @property
    def name(self) -> str:  # type: ignore[override]
        """Name of the isotope."""
        return self.nucleus.name

    def minimum_energy_mev(self, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return :func:`munu.physics.coherent.cevns_minimum_energy_mev` of the isotope."""
        return coherent.cevns_minimum_energy_mev(recoil_energy_kev, self.nucleus)

    def maximum_recoil_kev(self, neutrino_energy_mev: FloatArray) -> FloatArray:
        """Return :func:`munu.physics.coherent.cevns_maximum_recoil_kev` of the isotope."""
        return coherent.cevns_maximum_recoil_kev(neutrino_energy_mev, self.nucleus)

    def sm_coefficients(
        self, recoil_energy_kev: FloatArray, state: HelicityState, mixing: Mixing
    ) -> FloatArray:
        """Return :func:`munu.physics.coherent.cevns_coefficients`, the same for every flavour."""
        coefficients = coherent.cevns_coefficients(
            recoil_energy_kev, self.nucleus, self.couplings, self.form_factor
        )
        return state.norm * coefficients

    def dipole_coefficients(self, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return :func:`munu.physics.coherent.dipole_coefficients` of the isotope."""
        return coherent.dipole_coefficients(recoil_energy_kev, self.nucleus, self.form_factor)


@final
@dataclass(frozen=True)
class ElectronRecoil(Channel):
    r"""Scattering on the electrons of one atom.

    The free-electron cross sections of :mod:`munu.physics.electrons` are multiplied by the
    stepping function :func:`munu.physics.atoms.effective_electrons` of the deposited energy T.

    Parameters
    ----------
    symbol : str
        Element.
    couplings : ElectronCouplings
    """

    symbol: str
    couplings: ElectronCouplings
    nucleus: None = field(default=None, init=False)

    @property
    def name(self) -> str:  # type: ignore[override]
        """Name of the element."""
        return f"{self.symbol} electrons"

    def minimum_energy_mev(self, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return :func:`munu.physics.electrons.minimum_energy_mev`."""
        return electrons.minimum_energy_mev(recoil_energy_kev)

    def maximum_recoil_kev(self, neutrino_energy_mev: FloatArray) -> FloatArray:
        """Return :func:`munu.physics.electrons.maximum_recoil_kev`."""
        return electrons.maximum_recoil_kev(neutrino_energy_mev)

    def sm_coefficients(
        self, recoil_energy_kev: FloatArray, state: HelicityState, mixing: Mixing
    ) -> FloatArray:
        """Return :func:`munu.physics.electrons.weak_coefficients`, averaged over the flavours."""
        total = np.zeros((3, np.size(recoil_energy_kev)))
        for bar, weights in zip(("", "_bar"), state.flavour_weights(mixing), strict=True):
            for flavour, weight in zip(FLAVOURS, weights, strict=True):
                total += weight * electrons.weak_coefficients(
                    recoil_energy_kev, f"nu_{flavour}{bar}", self.couplings
                )
        return total * effective_electrons(self.symbol, recoil_energy_kev)

    def dipole_coefficients(self, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return :func:`munu.physics.electrons.dipole_coefficients` times the electrons."""
        coefficients = electrons.dipole_coefficients(recoil_energy_kev)
        return coefficients * effective_electrons(self.symbol, recoil_energy_kev)

    def steps_kev(self) -> FloatArray:
        """Return the binding energies."""
        return steps(self.symbol)
