r"""The sterile dipole portal: moments between ν_e, ν_μ, ν_τ and a heavy neutral lepton N.

For :math:`L = \frac12\sum_a\mu_a\,\bar\nu_a\sigma_{\alpha\beta}N\,F^{\alpha\beta}` and its
Hermitian conjugate, with a complex vector μ of flavours, the rate is
:math:`{\rm Tr}[\rho\,\mu\mu^\dagger]` times

.. math:: \frac{d\sigma}{dT} = \frac{\pi a_{EM}^2Z^2F^2}{m_e^2}\left[\frac1T-\frac1E
          +\frac{m_4^2(T-2E-M)}{4E^2TM}+\frac{m_4^4(T-M)}{8E^2T^2M^2}\right]

for μ = 1 μ_B; Z²F² is the electrons that a deposit frees where electrons recoil. Where couplings
are written :math:`d\,\bar\nu\sigma NF`, d = μ/2. N is another particle than a light neutrino:
nothing interferes with what makes one. For m₄ → 0 the rate is that of a magnetic moment,
`munu.physics.interactions.dipole`.

References
----------
G. Magill et al., Phys. Rev. D 98 (2018) 115015. The bracket is the trace of the amplitude on a
target of spin 1/2, which the tests take with explicit Dirac matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, final

import numpy as np

from munu.base.typing import ComplexArray, FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.centres import RecoilKind, ScatteringCentre
from munu.physics.coherent import DIPOLE_CM2, MEV_PER_KEV
from munu.physics.interactions.base import (
    Amplitude,
    AmplitudeTerm,
    Interaction,
    Kernel,
    One,
    StandardModel,
    Structure,
    alike,
)
from munu.physics.interactions.portal_kinematics import LeastEnergy, RecoilLimits
from munu.physics.interactions.propagator import target_mass_mev
from munu.physics.interactions.weak import ProtonForm, freed
from munu.physics.moments import FLAVOURS
from munu.physics.parameters import MOMENT_UNIT, Parameter

PORTAL: Final = tuple(
    Parameter(
        name=f"mu_N_{flavour}",
        symbol=f"|μ_N{letter}|",
        unit=MOMENT_UNIT,
        family="sterile dipole portal",
        about=f"moment between ν_{letter} and a sterile neutrino of a stated mass",
        kind="modulus",
        low=0.0,
        phase=f"phase_mu_N_{flavour}",
    )
    for flavour, letter in zip(FLAVOURS, "eμτ", strict=True)
)
_NAMES: Final = tuple(p.name for p in PORTAL)


@final
@dataclass(frozen=True)
class PortalCoefficients:
    """Coefficients in 1/E_ν of what μ²Z²F² multiplies, for a sterile neutrino.

    Parameters
    ----------
    recoil : {"nuclear", "electron"}
        What recoils.
    mass_mev : float
        m₄.
    """

    recoil: RecoilKind
    mass_mev: float

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return (k₀, k₁, k₂), shape (3, n)."""
        mass, recoil = target_mass_mev(centre), recoil_energy_kev * MEV_PER_KEV
        ratio = self.mass_mev**2 / (2 * mass * recoil)
        rows = np.stack([1 / recoil, -(1 + ratio), 0.5 * ratio * (1 + ratio) * (recoil - mass)])
        electrons = freed(centre, recoil_energy_kev) if self.recoil == "electron" else 1.0
        return np.asarray(DIPOLE_CM2 * MEV_PER_KEV * rows * electrons)


@lru_cache(maxsize=128)
def portal_structure(recoil: RecoilKind, mass_mev: float) -> Structure:
    """Return the structure of N of a mass (MeV), which nothing else interferes with."""
    kernel = Kernel(
        recoil,
        PortalCoefficients(recoil, mass_mev),
        LeastEnergy(mass_mev),
        RecoilLimits(mass_mev),
    )
    name = f"portal to {mass_mev!r} MeV, {recoil}"
    return Structure(name, {name: alike(kernel)})


@final
@dataclass(frozen=True)
class SterilePortal(Interaction):
    """Moments between the active flavours and one sterile neutrino."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """One for each flavour."""
        return PORTAL

    @property
    def settings(self) -> tuple[str, ...]:
        """The mass of the sterile neutrino."""
        return ("sterile_mass",)

    def standard(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> float:
        """Return zero."""
        return 0.0

    def amplitudes(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> tuple[Amplitude, ...]:
        """Return those of the real and of the imaginary part: the row μ† of μ = 1 and of i μ_B."""
        mass = assumptions.sterile_mass_mev
        row = np.eye(3, dtype=complex)[[_NAMES.index(parameter.name)]]
        return (_terms(row, mass), _terms(-1j * row, mass))


def _terms(row: ComplexArray, mass_mev: float) -> Amplitude:
    """Return the amplitudes of a row μ† (μ_B) on nuclei and on electrons."""
    return (
        AmplitudeTerm(portal_structure("nuclear", mass_mev), ProtonForm(), row),
        AmplitudeTerm(portal_structure("electron", mass_mev), One(), row),
    )
