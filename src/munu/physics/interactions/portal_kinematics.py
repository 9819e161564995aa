r"""Kinematics of ν + target → N + target, with N of mass m₄.

Neutrinos make N from :math:`E = m_4 + m_4^2/2M`. Their recoils have an end above and one below.
What a mass changes is exact; without one the kinematics are those of the centre, which on nuclei
are :math:`E_{min}=\sqrt{MT/2}` where the exact ones have :math:`(T+\sqrt{T^2+2MT})/2`. So the
portal tends to the magnetic moment as m₄ → 0, and its ends are, as those of all nuclear recoils
here, off by a fraction :math:`\sqrt{T/2M}` in E: 3e-4 to 9e-4 of the events of COHERENT's and
reactors' detectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray
from munu.physics.centres import NuclearCentre, ScatteringCentre
from munu.physics.coherent import MEV_PER_KEV
from munu.physics.interactions.propagator import target_mass_mev


def threshold_mev(sterile_mass_mev: float, target_mass_mev: float) -> float:
    r"""Return the least neutrino energy, :math:`m_4 + m_4^2/2M` (MeV)."""
    return sterile_mass_mev + sterile_mass_mev**2 / (2 * target_mass_mev)


def heaviest_mev(neutrino_energy_mev: float, target_mass_mev: float) -> float:
    r"""Return the largest m₄ (MeV) that a neutrino makes, :math:`\sqrt{M^2+2ME}-M`."""
    twice = 2 * target_mass_mev * neutrino_energy_mev
    return float(twice / (np.sqrt(target_mass_mev**2 + twice) + target_mass_mev))


@final
@dataclass(frozen=True)
class LeastEnergy:
    r"""E_min(T) of a sterile neutrino in the final state.

    .. math:: E_{min} = E_{min}^{m_4=0}\left(1+\frac{m_4^2}{2MT}\right)

    Parameters
    ----------
    mass_mev : float
        m₄.
    """

    mass_mev: float

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return E_min (MeV) at the recoils (keV)."""
        momentum_squared = 2 * target_mass_mev(centre) * recoil_energy_kev * MEV_PER_KEV
        massless = centre.minimum_energy_mev(recoil_energy_kev)
        return np.asarray(massless * (1 + self.mass_mev**2 / momentum_squared))


@final
@dataclass(frozen=True)
class RecoilLimits:
    r"""Both ends T₋ and T₊ of the recoils of a neutrino energy, the inverse of `LeastEnergy`.

    .. math:: T_\pm = \frac{2ME^2 - m_4^2(M+E) \pm E\sqrt{(2ME-m_4^2)^2-4M^2m_4^2}}{2M(M+2E)},
              \qquad T_+T_- = \frac{m_4^4}{4M(M+2E)}

    on electrons; on nuclei the same for E ≪ M, :math:`T_\pm = (E\pm\sqrt{E^2-m_4^2})^2/2M`.

    Parameters
    ----------
    mass_mev : float
        m₄.
    """

    mass_mev: float

    def __call__(self, centre: ScatteringCentre, neutrino_energy_mev: FloatArray) -> FloatArray:
        """Return T₋ and T₊ (keV), shape (2 n), of the n energies (MeV) above the threshold."""
        mass, squared = target_mass_mev(centre), self.mass_mev**2
        heavy = isinstance(centre, NuclearCentre)
        least = self.mass_mev if heavy else threshold_mev(self.mass_mev, mass)
        energy = neutrino_energy_mev[neutrino_energy_mev > least]
        if heavy:
            upper = (energy + np.sqrt(energy**2 - squared)) ** 2 / (2 * mass)
            lower = squared**2 / (4 * mass**2 * upper)
        else:
            root = (2 * mass * energy - squared) ** 2 - (2 * mass * self.mass_mev) ** 2
            middle = 2 * mass * energy**2 - squared * (mass + energy)
            width = 2 * mass * (mass + 2 * energy)
            upper = (middle + energy * np.sqrt(np.maximum(root, 0.0))) / width
            lower = squared**2 / (2 * width * upper)
        return np.concatenate([lower, upper]) / MEV_PER_KEV
