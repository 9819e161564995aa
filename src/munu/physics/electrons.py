r"""Neutrino scattering on a free electron at rest, and its coefficients in powers of 1/E_ν.

Recoil energies in keV, neutrino energies in MeV, cross sections in cm²/keV; the functions named
``*_coefficients`` return (k₀, k₁, k₂) as in :mod:`munu.physics.coherent`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.base.constants import ELECTRON_MASS_MEV
from munu.base.typing import ArrayLike, FloatArray
from munu.physics.coherent import DIPOLE_CM2, MEV_PER_KEV, WEAK_CM2_PER_MEV2
from munu.physics.electron_couplings import ElectronCouplings

SCALE_CM2_PER_KEV: Final = 2 * WEAK_CM2_PER_MEV2 * ELECTRON_MASS_MEV * MEV_PER_KEV
"""2 G_F² m_e/π in cm²/keV."""


def minimum_energy_mev(recoil_energy_kev: ArrayLike) -> FloatArray:
    r"""Return :math:`E_\nu^{min} = \frac12\left(T+\sqrt{T^2+2m_eT}\right)` (MeV)."""
    recoil = np.asarray(recoil_energy_kev, float) * MEV_PER_KEV
    return np.asarray(0.5 * (recoil + np.sqrt(recoil**2 + 2 * ELECTRON_MASS_MEV * recoil)))


def maximum_recoil_kev(neutrino_energy_mev: ArrayLike) -> FloatArray:
    r"""Return :math:`T^{max} = 2E^2/(m_e+2E)` (keV), the inverse of `minimum_energy_mev`."""
    energy = np.asarray(neutrino_energy_mev, float)
    return np.asarray(2 * energy**2 / (ELECTRON_MASS_MEV + 2 * energy) / MEV_PER_KEV)


def weak(
    neutrino_energy_mev: ArrayLike,
    recoil_energy_kev: ArrayLike,
    species: str,
    couplings: ElectronCouplings,
) -> FloatArray:
    r"""Standard Model cross section on one electron (cm²/keV), zero above the kinematic limit.

    .. math:: \frac{d\sigma}{dT} = \frac{2G_F^2m_e}{\pi}\left[g_L^2 + g_R^2\left(1-\frac TE\right)^2
              - g_Lg_R\frac{m_eT}{E^2}\right]

    with the couplings of :meth:`munu.physics.electron_couplings.ElectronCouplings.chiral`.
    G. 't Hooft, Phys. Lett. B 37 (1971) 195. Energies broadcast against each other.
    """
    energy, recoil = np.broadcast_arrays(
        np.asarray(neutrino_energy_mev, float), np.asarray(recoil_energy_kev, float)
    )
    left, right = couplings.chiral(species, recoil)
    inelasticity = recoil * MEV_PER_KEV / energy
    bracket = left**2 + right**2 * (1 - inelasticity) ** 2
    bracket = bracket - left * right * ELECTRON_MASS_MEV * inelasticity / energy
    return np.where(recoil <= maximum_recoil_kev(energy), SCALE_CM2_PER_KEV * bracket, 0.0)


def chiral_coefficients(recoil_energy_kev: FloatArray) -> tuple[FloatArray, ...]:
    r"""Coefficients in 1/E_ν, shape (3, n), of what g_L², g_R² and g_Lg_R multiply in `weak`.

    .. math:: \frac{2G_F^2m_e}{\pi}\times\left\{1,\ \left(1-\frac TE\right)^2,\
              -\frac{m_eT}{E^2}\right\}
    """
    recoil = np.asarray(recoil_energy_kev, float) * MEV_PER_KEV
    one, none = np.ones_like(recoil), np.zeros_like(recoil)
    return tuple(
        SCALE_CM2_PER_KEV * np.stack(rows)
        for rows in (
            (one, none, none),
            (one, -2 * recoil, recoil**2),
            (none, none, -ELECTRON_MASS_MEV * recoil),
        )
    )


def dipole(neutrino_energy_mev: ArrayLike, recoil_energy_kev: ArrayLike) -> FloatArray:
    r"""Electromagnetic cross section on one electron for μ_ν = 1 μ_B (cm²/keV).

    .. math:: \frac{d\sigma}{dT} = \frac{\pi a_{EM}^2\mu_\nu^2}{m_e^2}
              \left(\frac1T-\frac1E\right)

    P. Vogel and J. Engel, Phys. Rev. D 39 (1989) 3378. Zero above the kinematic limit;
    energies broadcast against each other.
    """
    energy, recoil = np.broadcast_arrays(
        np.asarray(neutrino_energy_mev, float), np.asarray(recoil_energy_kev, float)
    )
    rate = DIPOLE_CM2 * (1 / recoil - MEV_PER_KEV / energy)
    return np.where(recoil <= maximum_recoil_kev(energy), rate, 0.0)
