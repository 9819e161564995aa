"""Weak couplings of neutrinos to the electron, at tree level or with electroweak corrections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.constants import ELECTRON_MASS_MEV, SIN2_THETA_W
from munu.base.errors import MunuError, unknown
from munu.base.typing import ArrayLike, FloatArray
from munu.physics.coherent import MEV_PER_KEV
from munu.physics.moments import FLAVOURS

RHO_NU_E: Final = 1.0126
"""ρ_NC of Phys. Rev. D 51 (1995) 6146, appendix A; second-hand, as the four numbers below."""

KAPPA_NU_E: Final = {"e": (0.9791, 0.0097), "mu": (0.9970, -0.00037), "tau": (1.0064, -0.00037)}
r"""(a, b) in κ(T) = a + b I(T), with I(T) of `electron_loop`; ν_e and ν_μ as printed.

A flavour enters by the mass of its lepton, in :math:`\frac{\alpha}{3\pi\hat s_Z^2}\ln m_\ell`
(S. Sarantakos, A. Sirlin and W. J. Marciano, Nucl. Phys. B 217 (1983) 84; second-hand). This is the
printed difference between ν_e and ν_μ, and that between ν_μ and ν_τ added here.
"""

SERIES_BELOW: Final = 1e-6
"""T/(T + 2m_e) below which the terms of `electron_loop` cancel, about 1 eV of recoil."""


def electron_loop(recoil_energy_kev: ArrayLike) -> FloatArray:
    r"""Return I(T), the part of the electron's vacuum polarisation that grows with the recoil.

    .. math:: I(T) = \frac16\left\{\frac13+(3-x^2)\left[\frac x2\ln\frac{x+1}{x-1}-1\right]\right\}
              = \int_0^1\!dy\,y(1-y)\ln\left[1+\frac{2T}{m_e}y(1-y)\right],\quad
              x=\sqrt{1+\frac{2m_e}T}

    Dimensionless, of the shape of T (keV); T/15m_e as T vanishes.
    Phys. Rev. D 51 (1995) 6146, appendix A.
    """
    recoil = np.asarray(recoil_energy_kev, float) * MEV_PER_KEV
    inverse_x2 = recoil / (recoil + 2 * ELECTRON_MASS_MEV)
    x2 = 1 / np.maximum(inverse_x2, SERIES_BELOW)
    bracket = np.sqrt(x2) * np.arctanh(1 / np.sqrt(x2)) - 1
    whole = (1 / 3 + (3 - x2) * bracket) / 6
    return np.where(inverse_x2 < SERIES_BELOW, 2 / 15 * inverse_x2, whole)


@final
@dataclass(frozen=True)
class ElectronCouplings:
    r"""The chiral couplings g_L and g_R of neutrinos to the electron.

    .. math::

        g_L = \rho\,(-\tfrac12 + \kappa(T)\hat s_Z^2) + \delta_{\alpha e},\quad
        g_R = \rho\,\kappa(T)\,\hat s_Z^2

    for :math:`\nu_\alpha`, the last term being the charged current; antineutrinos exchange the two.
    With ρ = κ = 1 this is the tree level of G. 't Hooft, Phys. Lett. B 37 (1971) 195. ρ and κ(T)
    are those of J. N. Bahcall, M. Kamionkowski and A. Sirlin, Phys. Rev. D 51 (1995) 6146, where
    both g have the other sign; they are numbers, computed there with :math:`\hat s_Z^2 = 0.2317`.

    Left out is the emission of photons, the f's of that paper's appendix B. It takes 0.3 to 0.5 %
    off the cross sections of pp to pep neutrinos and 0.1 % off the recoils below 30 keV. It is not
    a polynomial in 1/E_ν, and the f's hold for the energy of the electron alone, where most
    detectors measure that of the photon too.

    Parameters
    ----------
    sin2_theta_w : float
        Weak mixing angle, in [0, 1]. If radiative, :math:`\hat s_Z^2` (MS-bar at the Z mass): κ(T)
        carries it to low energies.
    radiative : bool
        False for the tree level.

    Raises
    ------
    MunuError
        If ``sin2_theta_w`` lies outside [0, 1].
    """

    sin2_theta_w: float = SIN2_THETA_W
    radiative: bool = True

    def __post_init__(self) -> None:
        if not 0.0 <= self.sin2_theta_w <= 1.0:
            raise MunuError(
                f"sin2_theta_w = {self.sin2_theta_w} is not a squared sine", "Allowed: 0 to 1"
            )

    def chiral(self, species: str, recoil_energy_kev: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return g_L and g_R of ``nu_e``, ``nu_mu_bar``, ..., of the shape of the recoils (keV).

        Raises
        ------
        MunuError
            For an unknown flavour.
        """
        flavour = species.removesuffix("_bar").removeprefix("nu_")
        if flavour not in FLAVOURS or not species.startswith("nu_"):
            names = [f"nu_{f}" for f in FLAVOURS]
            raise unknown("flavour species", species, [*names, *(f"{name}_bar" for name in names)])
        rho, kappa = self._corrections(flavour, recoil_energy_kev)
        right = rho * kappa * self.sin2_theta_w
        left = right - rho / 2 + (flavour == "e")
        return (right, left) if species.endswith("_bar") else (left, right)

    def _corrections(self, flavour: str, recoil_energy_kev: ArrayLike) -> tuple[float, FloatArray]:
        if not self.radiative:
            return 1.0, np.ones_like(recoil_energy_kev, dtype=float)
        constant, slope = KAPPA_NU_E[flavour]
        return RHO_NU_E, constant + slope * electron_loop(recoil_energy_kev)
