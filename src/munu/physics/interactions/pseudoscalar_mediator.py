r"""A light pseudoscalar that couples alike to neutrinos and electrons; nuclei do not feel it.

For :math:`L = -ig\phi(\bar\nu_R\nu_L - {\rm h.c.} + \bar e\gamma_5e)`,

.. math:: \frac{d\sigma}{dT} = \frac{g^4m_eT^2}{8\pi E^2(2m_eT+m^2)^2}

D. G. Cerdeño et al., JHEP 05 (2016) 118, arXiv:1604.01025.
"""

from __future__ import annotations

from math import pi
from typing import Final

import numpy as np

from munu.base.constants import ELECTRON_MASS_MEV
from munu.base.typing import FloatArray
from munu.physics.centres import ScatteringCentre
from munu.physics.coherent import MEV_PER_KEV
from munu.physics.interactions.base import Kernel, One, Structure, alike
from munu.physics.interactions.flipping_mediator import FlippingMediator, coupling
from munu.physics.interactions.propagator import CM2_PER_KEV
from munu.physics.interactions.weak import freed


def _electron(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    r"""Return (0, 0, m T²/8π) in powers of 1/E, times (ħc)², of the electrons that are freed."""
    recoil = recoil_energy_kev * MEV_PER_KEV
    none = np.zeros_like(recoil)
    rate = CM2_PER_KEV * ELECTRON_MASS_MEV * recoil**2 / (8 * pi)
    return np.stack([none, none, rate * freed(centre, recoil_energy_kev)])


ELECTRONS: Final = Structure(
    "pseudoscalar on electrons",
    {"pseudoscalar on electrons": alike(Kernel("electron", _electron))},
)

PSEUDOSCALAR_MEDIATOR: Final = FlippingMediator(
    coupling(
        "g_pseudoscalar", "g_P", "coupling of a light pseudoscalar to neutrinos and electrons"
    ),
    ((ELECTRONS, One()),),
)
