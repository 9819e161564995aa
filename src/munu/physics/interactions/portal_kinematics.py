r"""Kinematics of ν + target → N + target, with N of mass m₄.

Neutrinos make N from :math:`E = m_4 + m_4^2/2M`. Their recoils have an end above and one below.
They are exact on nuclei too. All other nuclear recoils have :math:`E_{min}=\sqrt{MT/2}`, as the
paper has, off by a fraction :math:`\sqrt{T/2M}`; near the threshold of N that would be several per
cent of the events. So the portal tends to the magnetic moment as m₄ → 0 but for 1e-4 to 1e-3 of the
events of COHERENT's and reactors' detectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray
from munu.physics.centres import ScatteringCentre
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

    .. math:: E_{min} = \frac{T+\sqrt{T^2+2MT}}{2}\left(1+\frac{m_4^2}{2MT}\right)

    Parameters
    ----------
    mass_mev : float
        m₄.
    """

    mass_mev: float

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return E_min (MeV) at the recoils (keV)."""
        recoil = recoil_energy_kev * MEV_PER_KEV
        momentum_squared = 2 * target_mass_mev(centre) * recoil
        massless = 0.5 * (recoil + np.sqrt(recoil**2 + momentum_squared))
        return np.asarray(massless * (1 + self.mass_mev**2 / momentum_squared))


@final
@dataclass(frozen=True)
class RecoilLimits:
    r"""Both ends T₋ and T₊ of the recoils of a neutrino energy, the inverse of `LeastEnergy`.

    .. math:: T_\pm = \frac{2ME^2 - m_4^2(M+E) \pm E\sqrt{(2ME-m_4^2)^2-4M^2m_4^2}}{2M(M+2E)},
              \qquad T_+T_- = \frac{m_4^4}{4M(M+2E)}

    Parameters
    ----------
    mass_mev : float
        m₄.
    """

    mass_mev: float

    def __call__(self, centre: ScatteringCentre, neutrino_energy_mev: FloatArray) -> FloatArray:
        """Return T₋ and T₊ (keV), shape (2 n), of the n energies (MeV) above the threshold."""
        mass, squared = target_mass_mev(centre), self.mass_mev**2
        least = threshold_mev(self.mass_mev, mass)
        energy = neutrino_energy_mev[neutrino_energy_mev > least]
        width = 2 * mass * (mass + 2 * energy)
        # The root of the product of 2ME - m₄² ∓ 2Mm₄: their difference would be rounding.
        root = np.sqrt(
            2 * mass * (energy - least) * (2 * mass * (energy + self.mass_mev) - squared)
        )
        upper = (2 * mass * energy**2 - squared * (mass + energy) + energy * root) / width
        lower = squared**2 / (2 * width * upper)
        return np.concatenate([lower, upper]) / MEV_PER_KEV
