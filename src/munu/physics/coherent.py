r"""Differential cross sections, and their coefficients in powers of 1/E_ν.

Recoil energies in keV, neutrino energies in MeV, cross sections in cm²/keV. At fixed recoil energy
each one is :math:`\frac{d\sigma}{dT} = k_0(T) + k_1(T)/E_\nu + k_2(T)/E_\nu^2`; the functions named
``*_coefficients`` return (k₀, k₁, k₂), shape (3, n), in cm²/keV × MeVⁿ.
"""

from __future__ import annotations

from functools import lru_cache
from math import pi

import numpy as np

from munu.base.constants import (
    ELECTRON_MASS_MEV,
    FERMI_CONSTANT_PER_MEV2,
    FINE_STRUCTURE,
    HBAR_C_SQUARED_MEV2_CM2,
)
from munu.base.frozen import read_only
from munu.base.identity import Same
from munu.base.typing import ArrayLike, FloatArray
from munu.physics.couplings import WeakCouplings, axial_charge, vector_charge
from munu.physics.form_factors import FormFactor, momentum_transfer_per_fm
from munu.physics.nuclei import Nucleus

MEV_PER_KEV = 1e-3

WEAK_CM2_PER_MEV2 = FERMI_CONSTANT_PER_MEV2**2 * HBAR_C_SQUARED_MEV2_CM2 / pi
"""G_F²/π in cm²/MeV²; times a mass in MeV it is a cross section per MeV of recoil."""

DIPOLE_CM2 = pi * FINE_STRUCTURE**2 * HBAR_C_SQUARED_MEV2_CM2 / ELECTRON_MASS_MEV**2
"""π a_EM²/m_e² in cm²: the dipole cross section scale for μ_ν = μ_B."""

REMEMBERED_FORM_FACTORS = 4
"""Form factors of protons and neutrons at the energies of one nucleus."""


def cevns_minimum_energy_mev(recoil_energy_kev: ArrayLike, nucleus: Nucleus) -> FloatArray:
    r"""Return :math:`E_\nu^{min} = \sqrt{m_A T_A/2}` (MeV), below Eq. (32) of arXiv:1905.03750."""
    return np.sqrt(0.5 * nucleus.mass_mev * MEV_PER_KEV * np.asarray(recoil_energy_kev, float))


def cevns_maximum_recoil_kev(neutrino_energy_mev: ArrayLike, nucleus: Nucleus) -> FloatArray:
    r"""Return :math:`T_A^{max} = 2E_\nu^2/m_A` (keV), the inverse of `cevns_minimum_energy_mev`.

    As in Eq. (19) of arXiv:1905.03750; exactly it is 2E²/(m_A + 2E), lower by 2E/m_A of itself.
    """
    return np.asarray(
        2 * np.asarray(neutrino_energy_mev, float) ** 2 / (nucleus.mass_mev * MEV_PER_KEV)
    )


def form_factor_at(
    recoil_energy_kev: FloatArray, nucleus: Nucleus, form_factor: FormFactor
) -> FloatArray:
    """Return F(Q) at the momentum transfer of a recoil, not squared.

    Protons, neutrons and spins ask for the same one at the energies of a fold, which nobody can
    change: it is remembered there. What is a view of another array could change with it.
    """
    if recoil_energy_kev.flags.writeable or recoil_energy_kev.base is not None:
        return _form_factor(recoil_energy_kev, nucleus, form_factor)
    return _remembered_form_factor(Same(recoil_energy_kev), Same(nucleus, form_factor))


def _form_factor(
    recoil_energy_kev: FloatArray, nucleus: Nucleus, form_factor: FormFactor
) -> FloatArray:
    return form_factor(momentum_transfer_per_fm(recoil_energy_kev, nucleus.mass_mev), nucleus)


@lru_cache(maxsize=REMEMBERED_FORM_FACTORS)
def _remembered_form_factor(
    energies: Same[FloatArray], of: Same[Nucleus | FormFactor]
) -> FloatArray:
    (recoil_energy_kev,), (nucleus, form_factor) = energies.objects, of.objects
    assert isinstance(nucleus, Nucleus)
    assert isinstance(form_factor, FormFactor)
    return read_only(_form_factor(recoil_energy_kev, nucleus, form_factor))


def cevns(
    neutrino_energy_mev: ArrayLike,
    recoil_energy_kev: ArrayLike,
    nucleus: Nucleus,
    couplings: WeakCouplings,
    form_factor: FormFactor,
) -> FloatArray:
    r"""Return the standard coherent cross section, Eq. (19) of arXiv:1905.03750 (cm²/keV).

    .. math:: \frac{d\sigma}{dT} = \frac{G_F^2 m_A}{\pi}\left[Q_V^2\left(1-\frac{m_AT}{2E^2}\right)
              + Q_A^2\left(1+\frac{m_AT}{2E^2}\right)\right]F^2(Q^2)

    Zero above the kinematic limit. Energies broadcast against each other.
    """
    energy, recoil = np.broadcast_arrays(
        np.asarray(neutrino_energy_mev, float), np.asarray(recoil_energy_kev, float)
    )
    mass = nucleus.mass_mev
    ratio = mass * recoil * MEV_PER_KEV / (2 * energy**2)
    vector, axial = vector_charge(nucleus, couplings), axial_charge(nucleus, couplings)
    bracket = vector**2 * (1 - ratio) + axial**2 * (1 + ratio)
    squared = form_factor_at(recoil, nucleus, form_factor) ** 2
    rate = WEAK_CM2_PER_MEV2 * mass * MEV_PER_KEV * bracket * squared
    return np.where(ratio <= 1.0, rate, 0.0)


def vector_coefficients(recoil_energy_kev: FloatArray, nucleus: Nucleus) -> FloatArray:
    r"""Coefficients in 1/E_ν, shape (3, n), of what Q_V²F² multiplies in Eq. (19).

    .. math:: \frac{G_F^2m_A}{\pi}\left(1-\frac{m_AT}{2E^2}\right)
    """
    mass = nucleus.mass_mev * MEV_PER_KEV
    scale = np.full_like(recoil_energy_kev, WEAK_CM2_PER_MEV2 * mass)
    return np.stack([scale, np.zeros_like(scale), -0.5 * mass * recoil_energy_kev * scale])


def axial_coefficients(recoil_energy_kev: FloatArray, nucleus: Nucleus) -> FloatArray:
    r"""Coefficients in 1/E_ν, shape (3, n), of what Q_A²F² multiplies in Eq. (19).

    .. math:: \frac{G_F^2m_A}{\pi}\left(1+\frac{m_AT}{2E^2}\right)
    """
    signs = np.array([[1.0], [1.0], [-1.0]])
    return np.asarray(signs * vector_coefficients(recoil_energy_kev, nucleus))


def dipole(
    neutrino_energy_mev: ArrayLike,
    recoil_energy_kev: ArrayLike,
    nucleus: Nucleus,
    form_factor: FormFactor,
) -> FloatArray:
    r"""Return the dipole cross section for μ_ν = 1 μ_B, Eq. (24) of arXiv:1905.03750 (cm²/keV).

    .. math:: \frac{d\sigma}{dT} = \frac{\pi a_{EM}^2\mu_\nu^2Z^2}{m_e^2}\,\frac{1-T/E}{T}\,F^2(Q^2)

    Zero above the kinematic limit of Eq. (19). Energies broadcast against each other.
    """
    energy, recoil = np.broadcast_arrays(
        np.asarray(neutrino_energy_mev, float), np.asarray(recoil_energy_kev, float)
    )
    squared = form_factor_at(recoil, nucleus, form_factor) ** 2
    rate = DIPOLE_CM2 * nucleus.protons**2 * (1 / recoil - MEV_PER_KEV / energy) * squared
    return np.where(recoil <= cevns_maximum_recoil_kev(energy, nucleus), rate, 0.0)


def dipole_coefficients(recoil_energy_kev: FloatArray) -> FloatArray:
    r"""Coefficients in 1/E_ν, shape (3, n), of what μ_ν²Z²F² multiplies in Eq. (24).

    .. math:: \frac{\pi a_{EM}^2}{m_e^2}\left(\frac1T-\frac1E\right)
    """
    linear = np.full_like(recoil_energy_kev, -MEV_PER_KEV)
    return DIPOLE_CM2 * np.stack([1 / recoil_energy_kev, linear, np.zeros_like(linear)])


def scalar_dipole_coefficients(recoil_energy_kev: FloatArray) -> FloatArray:
    r"""Coefficients in 1/E_ν as those of `dipole_coefficients`, on a nucleus without spin.

    .. math:: \frac{\pi a_{EM}^2}{m_e^2}\left(\frac1T-\frac1E+\frac T{4E^2}\right)
              = \frac{\pi a_{EM}^2}{m_e^2}\,\frac1T\left(1-\frac T{2E}\right)^2

    The charge of a scalar instead of that of a Dirac particle; both are exact.
    """
    found = dipole_coefficients(recoil_energy_kev)
    found[2] = DIPOLE_CM2 * MEV_PER_KEV**2 * recoil_energy_kev / 4
    return found
