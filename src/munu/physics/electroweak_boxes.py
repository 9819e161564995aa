r"""Neutrino-quark couplings with electroweak corrections, but for what depends on the flavour.

With the low-energy ρ and :math:`\hat s_0^2`,

.. math::

    g_u^L = \rho\,(\tfrac12-\tfrac23\hat s_0^2) + W_u - \rho Z_{uL},\quad
    g_d^L = \rho\,(-\tfrac12+\tfrac13\hat s_0^2) + W_d - \rho Z_{dL},\quad
    g_u^R = -\tfrac23\rho\hat s_0^2 + \rho Z_{uR},\quad
    g_d^R = \tfrac13\rho\hat s_0^2 + \rho Z_{dR}

where W and Z are the boxes with two W or Z bosons,

.. math::

    W_u = \frac{\hat\alpha}{8\pi\hat s^2}\left[1+\frac{\alpha_s(m_W)}\pi\right],\quad
    W_d = -\frac{\hat\alpha}{2\pi\hat s^2}\left[1-\frac{\alpha_s(m_W)}{2\pi}\right],\quad
    Z_{qX} = \frac{3\hat\alpha}{8\pi\hat s^2\hat c^2}\,g_{qX}^2
             \left[1-\frac{\alpha_s(m_Z)}\pi\right]

with the g's of the tree level. The charge radius of each flavour comes to it,
`munu.physics.charge_radii`. J. Erler and S. Su, Prog. Part. Nucl. Phys. 71 (2013) 119, and the
review of the electroweak model of the Particle Data Group, as M. Atzori Corona et al., JHEP 09
(2022) 164 (arXiv:2205.09484), give it; all second-hand, and checked by the values printed there:
g_V^p = 0.0382 of ν_e, 0.0300 of ν_μ, g_V^n = -0.5117. The boxes are numbers, at one ŝ²: couplings
are linear in the weak mixing angle.
"""

from __future__ import annotations

from math import pi
from typing import Final

RHO: Final = 1.00063
"""Low-energy ρ, as of the next five: Particle Data Group 2020, Prog. Theor. Exp. Phys. 2020 083C01,
and arXiv:2205.09484; second-hand."""
SIN2_AT_Z: Final = 0.23121
"""ŝ² (MS-bar at the Z mass), with which the boxes are computed."""
SIN2_AT_ZERO: Final = 0.23857
"""ŝ₀² (at zero momentum transfer)."""
INVERSE_ALPHA_AT_Z: Final = 127.952
"""1/α̂ (MS-bar at the Z mass)."""
ALPHA_S_AT_Z: Final = 0.1185
ALPHA_S_AT_W: Final = 0.1203

KAPPA_AT_ZERO: Final = SIN2_AT_ZERO / SIN2_AT_Z
"""Running of the weak mixing angle from the Z mass to zero momentum transfer."""

_STRENGTH: Final = 1 / (8 * pi * INVERSE_ALPHA_AT_Z * SIN2_AT_Z)
"""α̂/8πŝ²."""
_TREE: Final = {
    "up_left": 1 / 2 - 2 / 3 * SIN2_AT_Z,
    "up_right": -2 / 3 * SIN2_AT_Z,
    "down_left": -1 / 2 + 1 / 3 * SIN2_AT_Z,
    "down_right": 1 / 3 * SIN2_AT_Z,
}
_WW: Final = {
    "up_left": _STRENGTH * (1 + ALPHA_S_AT_W / pi),
    "down_left": -4 * _STRENGTH * (1 - ALPHA_S_AT_W / (2 * pi)),
}


def boxes() -> dict[str, float]:
    """Return what the boxes add to the couplings of `munu.physics.couplings.WeakCouplings`."""
    return {name: _WW.get(name, 0.0) + RHO * _zz(name) for name in _TREE}


def _zz(name: str) -> float:
    size = 3 * _STRENGTH / (1 - SIN2_AT_Z) * _TREE[name] ** 2 * (1 - ALPHA_S_AT_Z / pi)
    return -size if name.endswith("left") else size
