r"""Transition moments of Majorana neutrinos in the minimal SU(2)xU(1) model.

Eqs. (3)-(4) of arXiv:1905.03750, from R. E. Shrock, Nucl. Phys. B 206 (1982) 359.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi, sqrt
from typing import Final, final

import numpy as np

from munu.base.alike import ByContent
from munu.base.constants import (
    ELECTRON_MASS_MEV,
    FERMI_CONSTANT_PER_MEV2,
    MUON_MASS_MEV,
    TAU_MASS_MEV,
    W_MASS_MEV,
)
from munu.base.errors import MunuError
from munu.base.typing import ComplexArray, FloatArray
from munu.physics.mixing import Mixing
from munu.physics.moments import majorana_vector

MOMENT_SCALE_MU_B_PER_EV: Final = (
    3 * FERMI_CONSTANT_PER_MEV2 / (16 * pi**2 * sqrt(2)) * 2 * ELECTRON_MASS_MEV * 1e-6
)
r"""The factor :math:`3eG_F/(16\pi^2\sqrt2)` of Eqs. (3)-(4) in μ_B per eV of neutrino mass.

As :math:`\mu_B = e/2m_e`, the charge cancels and :math:`2m_e` is left. It is 1.60e-19, half the
moment of a Dirac neutrino of 1 eV."""

_CHARGED_LEPTON_RATIOS: Final = (
    np.array([ELECTRON_MASS_MEV, MUON_MASS_MEV, TAU_MASS_MEV]) / W_MASS_MEV
) ** 2


@final
@dataclass(frozen=True, eq=False)
class TransitionMoments(ByContent):
    r"""Majorana moments of the minimal model in the mass basis.

    Parameters
    ----------
    magnetic_mu_b, electric_mu_b : array, shape (3, 3)
        μ_ij and ε_ij of Eqs. (3)-(4) (μ_B): imaginary and antisymmetric.
    moments_mu_b : array, shape (3,)
        Λ (μ_B) for use with `munu.physics.mixing.Mixing.pmns`, which holds no Majorana phases.
    """

    magnetic_mu_b: ComplexArray
    electric_mu_b: ComplexArray
    moments_mu_b: ComplexArray

    @property
    def matrix_mu_b(self) -> ComplexArray:
        """λ = μ - iε (μ_B), text below Eq. (1), shape (3, 3)."""
        return np.asarray(self.magnetic_mu_b - 1j * self.electric_mu_b)  # below Eq. (1)


def light_masses_ev(lightest_ev: float, mixing: Mixing) -> FloatArray:
    """Return m₁, m₂, m₃ (eV), shape (3,), from the lightest mass and the splittings of a fit.

    Raises
    ------
    MunuError
        If the lightest mass is negative or not finite.
    """
    _check_masses([lightest_ev])
    squared = np.array([0.0, mixing.dm2_21_ev2, mixing.dm2_31_ev2])
    return np.asarray(np.sqrt(lightest_ev**2 + squared - squared.min()))


def transition_moments(
    masses_ev: Sequence[float] | FloatArray,
    mixing: Mixing,
    *,
    alpha_21: float = 0.0,
    alpha_31: float = 0.0,
) -> TransitionMoments:
    r"""Return the moments that the minimal model predicts, Eqs. (3)-(4) of arXiv:1905.03750.

    .. math:: \mu_{ij} = -iK(m_i+m_j)\,{\rm Im}X_{ij},\quad
              \epsilon_{ij} = iK(m_i-m_j)\,{\rm Re}X_{ij},\quad
              X_{ij} = \sum_\alpha U_{\alpha i}^*U_{\alpha j}\frac{m_\alpha^2}{M_W^2}

    with :math:`K = 3eG_F/(16\pi^2\sqrt2)`, `MOMENT_SCALE_MU_B_PER_EV`.

    Parameters
    ----------
    masses_ev : sequence of three floats
        m₁, m₂, m₃ (eV).
    mixing : Mixing
    alpha_21, alpha_31 : float
        Majorana phases (rad), U = `Mixing.pmns` x diag(1, e^{iα₂₁/2}, e^{iα₃₁/2}) (PDG).

    Raises
    ------
    MunuError
        If there are not three masses, or one is negative or not finite.

    Notes
    -----
    :math:`\mu - i\epsilon = K(m_iX_{ij}^* - m_jX_{ij})` transforms with :math:`U^*` where Eq. (8),
    :math:`\tilde\lambda = U^T\lambda U`, has :math:`U`. ``moments_mu_b`` is made from the complex
    conjugate, so that the phase of a massless neutrino drops out of every observable.
    """
    masses = _check_masses(masses_ev)
    if masses.shape != (3,):
        raise MunuError(f"{masses.size} neutrino masses given", "Give m1, m2 and m3 in eV")
    majorana = np.exp(0.5j * np.array([0.0, alpha_21, alpha_31]))
    u = mixing.pmns() * majorana
    x = (u.conj().T * _CHARGED_LEPTON_RATIOS) @ u
    sums, differences = np.add.outer(masses, masses), np.subtract.outer(masses, masses)
    magnetic = -1j * MOMENT_SCALE_MU_B_PER_EV * sums * x.imag  # Eq. (3)
    electric = 1j * MOMENT_SCALE_MU_B_PER_EV * differences * x.real  # Eq. (4)
    covariant = (magnetic - 1j * electric).conj()
    without_phases = covariant * np.outer(majorana, majorana).conj()
    return TransitionMoments(magnetic, electric, majorana_vector(without_phases))


def _check_masses(masses_ev: Sequence[float] | FloatArray) -> FloatArray:
    masses = np.asarray(masses_ev, float)
    if not np.all(np.isfinite(masses)) or np.any(masses < 0):
        raise MunuError(f"neutrino masses {masses.tolist()} eV", "Allowed: 0 eV and above")
    return masses
