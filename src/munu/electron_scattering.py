r"""Neutrino scattering on a free electron at rest, and its coefficients in powers of 1/E_ν.

Recoil energies in keV, neutrino energies in MeV, cross sections in cm²/keV; the functions named
``*_coefficients`` return (k₀, k₁, k₂) as in :mod:`munu.cross_sections`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.constants import ELECTRON_MASS_MEV, SIN2_THETA_W
from munu.cross_sections import DIPOLE_CM2, MEV_PER_KEV, WEAK_CM2_PER_MEV2
from munu.errors import MunuError, unknown
from munu.moments import FLAVOURS
from munu.typing import ArrayLike, FloatArray

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


def chiral_couplings(species: str, sin2_theta_w: float = SIN2_THETA_W) -> tuple[float, float]:
    r"""Return the couplings (g_L, g_R) of ``nu_e``, ``nu_mu_bar``, ... to the electron.

    :math:`g_L = \pm\frac12 + \hat s_W^2`, + for ν_e (charged and neutral current) and − for ν_μ
    and ν_τ (neutral current); :math:`g_R = \hat s_W^2`; with :math:`g_V = g_L + g_R`,
    :math:`g_A = g_L - g_R`. Antineutrinos exchange the two.
    G. 't Hooft, Phys. Lett. B 37 (1971) 195.

    Raises
    ------
    MunuError
        For an unknown flavour, or ``sin2_theta_w`` outside [0, 1].
    """
    if not 0.0 <= sin2_theta_w <= 1.0:
        raise MunuError(f"sin2_theta_w = {sin2_theta_w} is not a squared sine", "Allowed: 0 to 1")
    flavour = species.removesuffix("_bar").removeprefix("nu_")
    if flavour not in FLAVOURS or not species.startswith("nu_"):
        names = [f"nu_{f}" for f in FLAVOURS]
        raise unknown("flavour species", species, [*names, *(f"{name}_bar" for name in names)])
    left = (0.5 if flavour == "e" else -0.5) + sin2_theta_w
    return (sin2_theta_w, left) if species.endswith("_bar") else (left, sin2_theta_w)


def weak(
    neutrino_energy_mev: ArrayLike,
    recoil_energy_kev: ArrayLike,
    species: str,
    sin2_theta_w: float = SIN2_THETA_W,
) -> FloatArray:
    r"""Standard Model cross section on one electron (cm²/keV), zero above the kinematic limit.

    .. math:: \frac{d\sigma}{dT} = \frac{2G_F^2m_e}{\pi}\left[g_L^2 + g_R^2\left(1-\frac TE\right)^2
              - g_Lg_R\frac{m_eT}{E^2}\right]

    G. 't Hooft, Phys. Lett. B 37 (1971) 195. Energies broadcast against each other.
    """
    energy, recoil = np.broadcast_arrays(
        np.asarray(neutrino_energy_mev, float), np.asarray(recoil_energy_kev, float)
    )
    left, right = chiral_couplings(species, sin2_theta_w)
    inelasticity = recoil * MEV_PER_KEV / energy
    bracket = left**2 + right**2 * (1 - inelasticity) ** 2
    bracket = bracket - left * right * ELECTRON_MASS_MEV * inelasticity / energy
    return np.where(recoil <= maximum_recoil_kev(energy), SCALE_CM2_PER_KEV * bracket, 0.0)


def weak_coefficients(
    recoil_energy_kev: FloatArray, species: str, sin2_theta_w: float = SIN2_THETA_W
) -> FloatArray:
    """Coefficients of `weak` in 1/E_ν, shape (3, n)."""
    left, right = chiral_couplings(species, sin2_theta_w)
    recoil = np.asarray(recoil_energy_kev, float) * MEV_PER_KEV
    constant = np.full_like(recoil, left**2 + right**2)
    quadratic = right**2 * recoil**2 - left * right * ELECTRON_MASS_MEV * recoil
    return SCALE_CM2_PER_KEV * np.stack([constant, -2 * right**2 * recoil, quadratic])


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


def dipole_coefficients(recoil_energy_kev: FloatArray) -> FloatArray:
    """Coefficients of `dipole` in 1/E_ν, shape (3, n)."""
    recoil = np.asarray(recoil_energy_kev, float)
    linear = np.full_like(recoil, -MEV_PER_KEV)
    return DIPOLE_CM2 * np.stack([1 / recoil, linear, np.zeros_like(recoil)])
