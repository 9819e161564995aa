r"""Charge radii of neutrinos: what they shift in vector couplings, and those of the Standard Model.

The vertex is :math:`F(q^2)\,\gamma_\mu P_L` with :math:`F = q_\nu + q^2\langle r^2\rangle/6`, the
same for neutrinos and antineutrinos; M. Cadeddu et al., Phys. Rev. D 102 (2020) 015030,
second-hand. Others define :math:`\langle r^2\rangle` with half of it or with the other sign, and
some write the shift as :math:`\tfrac23m_W^2\hat s^2\langle r^2\rangle`, which is 7.5 % larger with
ŝ² at the Z mass and 11 % with that at zero.
"""

from __future__ import annotations

from math import log, pi, sqrt
from typing import Final

from munu.base.constants import (
    ELECTRON_MASS_MEV,
    FERMI_CONSTANT_PER_MEV2,
    FINE_STRUCTURE,
    HBAR_C_SQUARED_MEV2_CM2,
    MUON_MASS_MEV,
    TAU_MASS_MEV,
    W_MASS_MEV,
)

LEPTON_MASSES_MEV: Final = {"e": ELECTRON_MASS_MEV, "mu": MUON_MASS_MEV, "tau": TAU_MASS_MEV}

SHIFT_PER_CM2: Final = (
    sqrt(2) * pi * FINE_STRUCTURE / (3 * FERMI_CONSTANT_PER_MEV2 * HBAR_C_SQUARED_MEV2_CM2)
)
r"""√2πα/3G_F in 1/cm², what ⟨r²⟩ is multiplied by in :math:`\tilde Q = \frac{\sqrt2\pi\alpha}{3G_F}
\langle r^2\rangle`: g_V^p becomes g_V^p - Q̃, and g_V of electrons g_V + Q̃."""

FERMI_AREA_CM2: Final = FERMI_CONSTANT_PER_MEV2 * HBAR_C_SQUARED_MEV2_CM2 / (2 * sqrt(2) * pi**2)
"""G_F/(2√2 π²) in cm², the scale of the Standard Model's radii."""


def standard_radius_cm2(flavour: str) -> float:
    r"""Return ⟨r²⟩ (cm²) of ν_e, ν_μ or ν_τ in the Standard Model, at zero momentum transfer.

    .. math:: \langle r^2\rangle = -\frac{G_F}{2\sqrt2\pi^2}
              \left[3-2\ln\frac{m_\ell^2}{m_W^2}\right]

    -0.83, -0.48 and -0.30 × 10⁻³² cm². J. Bernabéu, J. Papavassiliou and J. Vidal, Nucl. Phys. B
    680 (2004) 450, second-hand.
    """
    squared = (LEPTON_MASSES_MEV[flavour] / W_MASS_MEV) ** 2
    return -FERMI_AREA_CM2 * (3 - 2 * log(squared))
