r"""A light mediator of a tensor interaction with electrons; that with nuclei needs their spins.

For an amplitude :math:`\frac{g^2}{2m_eT+m^2}\sum_{\alpha,\beta}(\bar\nu_R\sigma_{\alpha\beta}\nu_L)
(\bar e\,\sigma^{\alpha\beta}e)` with the sum over all α and β, as Dirac indices are usually summed,

.. math:: \frac{d\sigma}{dT} = \frac{g^4m_e}{\pi(2m_eT+m^2)^2}\left[\left(2-\frac TE\right)^2
          -\frac{m_eT}{E^2}\right]

A sum over α < β is half the amplitude, so that g⁴ is a quarter of what is written with it and g
smaller by √2 in this convention. D. Aristizabal Sierra, V. De Romeri and N. Rojas, Phys. Rev. D 98
(2018) 075018, second-hand; the tests take the trace with explicit Dirac matrices.
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
    r"""Return (m/π)(4, -4T, T² - mT) in powers of 1/E, times (ħc)², of the electrons freed."""
    recoil = recoil_energy_kev * MEV_PER_KEV
    rows = [4 * np.ones_like(recoil), -4 * recoil, recoil * (recoil - ELECTRON_MASS_MEV)]
    scale = CM2_PER_KEV * ELECTRON_MASS_MEV / pi
    return np.stack(rows) * (scale * freed(centre, recoil_energy_kev))


ELECTRONS: Final = Structure(
    "tensor on electrons", {"tensor on electrons": alike(Kernel("electron", _electron))}
)

TENSOR_MEDIATOR: Final = FlippingMediator(
    coupling("g_tensor", "g_T", "coupling of a light tensor mediator to neutrinos and electrons"),
    ((ELECTRONS, One()),),
)
