r"""A light scalar that couples alike to neutrinos, quarks and electrons.

For :math:`L = -g\phi(\bar\nu_R\nu_L + {\rm h.c.} + \sum_q\bar qq + \bar ee)`,

.. math:: \frac{d\sigma}{dT} = \frac{g^4Q^2M^2T(1+T/2M)}{4\pi E^2(2MT+m^2)^2}

with :math:`Q = 15.1\,ZF + 14\,NF` on nuclei and Q = 1 on electrons. D. G. Cerdeño et al., JHEP 05
(2016) 118, arXiv:1604.01025; on nuclei of another spin it differs by T/2M.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import Final, final

import numpy as np

from munu.base.typing import FloatArray
from munu.physics.centres import ScatteringCentre
from munu.physics.coherent import MEV_PER_KEV
from munu.physics.interactions.base import Kernel, One, Profile, Structure, alike
from munu.physics.interactions.flipping_mediator import FlippingMediator, coupling
from munu.physics.interactions.propagator import CM2_PER_KEV, target_mass_mev
from munu.physics.interactions.weak import NeutronForm, ProtonForm, freed

QUARKS_IN_A_PROTON: Final = 15.1
"""Scalar charge of a proton for couplings of one to all quarks, arXiv:1604.01025."""
QUARKS_IN_A_NEUTRON: Final = 14.0
"""That of a neutron, arXiv:1604.01025."""


@final
@dataclass(frozen=True)
class ScalarCharge(Profile):
    """h = 15.1 Z F + 14 N F."""

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return the charge at the recoils."""
        protons = QUARKS_IN_A_PROTON * ProtonForm()(centre, recoil_energy_kev)
        return protons + QUARKS_IN_A_NEUTRON * NeutronForm()(centre, recoil_energy_kev)


def _nuclear(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    r"""Return (0, 0, M²T(1+T/2M)/4π) in powers of 1/E, times (ħc)²."""
    mass, recoil = target_mass_mev(centre), recoil_energy_kev * MEV_PER_KEV
    none = np.zeros_like(recoil)
    squared = mass * recoil * (mass + 0.5 * recoil) / (4 * pi)
    return np.stack([none, none, CM2_PER_KEV * squared])


def _electron(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    return _nuclear(centre, recoil_energy_kev) * freed(centre, recoil_energy_kev)


NUCLEI: Final = Structure(
    "scalar on nuclei", {"scalar on nuclei": alike(Kernel("nuclear", _nuclear))}
)
ELECTRONS: Final = Structure(
    "scalar on electrons", {"scalar on electrons": alike(Kernel("electron", _electron))}
)

SCALAR_MEDIATOR: Final = FlippingMediator(
    coupling(
        "g_scalar", "g_S", "coupling of a light scalar to neutrinos, quarks and electrons alike"
    ),
    ((NUCLEI, ScalarCharge()), (ELECTRONS, One())),
)
