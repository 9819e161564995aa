r"""The exchange of a particle of mass m: amplitudes fall as :math:`1/(2MT+m^2)`, q² = -2MT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from munu.base.constants import ELECTRON_MASS_MEV, HBAR_C_SQUARED_MEV2_CM2
from munu.base.typing import FloatArray
from munu.physics.centres import NuclearCentre, ScatteringCentre
from munu.physics.coherent import MEV_PER_KEV
from munu.physics.interactions.base import Profile

CM2_PER_KEV: Final = HBAR_C_SQUARED_MEV2_CM2 * MEV_PER_KEV
"""What 1/MeV³, a cross section by a recoil energy, is in cm²/keV."""


def target_mass_mev(centre: ScatteringCentre) -> float:
    """Return the mass (MeV) of what recoils: of the nucleus, or of the electron."""
    if isinstance(centre, NuclearCentre):
        return centre.nucleus.mass_mev
    return ELECTRON_MASS_MEV


def momentum_squared_mev2(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    """Return -q² = 2MT (MeV²) of a nucleus or an electron."""
    return 2 * target_mass_mev(centre) * MEV_PER_KEV * recoil_energy_kev


@final
@dataclass(frozen=True)
class Exchanged(Profile):
    r"""h = f(T)/(2MT + m²), in MeV⁻²; M is the mass of what recoils.

    Parameters
    ----------
    charge : Profile
        f, by which a target couples to the particle.
    mass_mev : float
        m of the particle.
    """

    charge: Profile
    mass_mev: float

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return h at the recoils."""
        denominator = momentum_squared_mev2(centre, recoil_energy_kev) + self.mass_mev**2
        return self.charge(centre, recoil_energy_kev) / denominator
