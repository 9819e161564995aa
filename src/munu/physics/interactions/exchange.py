r"""How amplitudes depend on the recoil where a particle of mass m is exchanged.

Against the contact interaction, :math:`\sqrt2G_F`, a vector of mass m has
:math:`1/(2MT+m^2)`, with :math:`|q^2| = 2MT`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt
from typing import final

import numpy as np

from munu.base.constants import (
    ELECTRON_MASS_MEV,
    FERMI_CONSTANT_PER_MEV2,
    FINE_STRUCTURE,
    MUON_MASS_MEV,
    TAU_MASS_MEV,
)
from munu.base.typing import ArrayLike, FloatArray
from munu.physics.centres import ScatteringCentre
from munu.physics.coherent import MEV_PER_KEV
from munu.physics.electron_couplings import electron_loop
from munu.physics.interactions.base import Profile
from munu.physics.interactions.propagator import momentum_squared_mev2


def muon_tau_loop(momentum_squared_mev2: ArrayLike) -> FloatArray:
    r"""Return ε(q) of the mixing of an L_μ - L_τ vector with the photon, for -q² in MeV².

    .. math:: \epsilon(q) = \int_0^1\!dx\,x(1-x)\ln\frac{m_\tau^2+x(1-x)|q^2|}
              {m_\mu^2+x(1-x)|q^2|}

    Its two halves are the vacuum polarisation of `electron_loop` with other leptons. M. Abdullah et
    al., Phys. Rev. D 98 (2018) 015005, second-hand.
    """
    q2 = np.asarray(momentum_squared_mev2, float)
    tau, muon = (
        electron_loop(q2 * ELECTRON_MASS_MEV / (2 * mass**2 * MEV_PER_KEV))
        for mass in (TAU_MASS_MEV, MUON_MASS_MEV)
    )
    return np.asarray(np.log(TAU_MASS_MEV / MUON_MASS_MEV) / 3 + tau - muon)


@final
@dataclass(frozen=True)
class VectorExchange(Profile):
    r"""h = f(T) / (√2 G_F (2MT + m²)), a vector of mass m against the contact interaction.

    Parameters
    ----------
    form : Profile
        f, what the target is without the propagator.
    mass_mev : float
        m.
    """

    form: Profile
    mass_mev: float

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return h at the recoils."""
        denominator = momentum_squared_mev2(centre, recoil_energy_kev) + self.mass_mev**2
        strength = 1 / (sqrt(2) * FERMI_CONSTANT_PER_MEV2 * denominator)
        return self.form(centre, recoil_energy_kev) * strength


@final
@dataclass(frozen=True)
class LoopExchange(Profile):
    r"""h = f(T) (2α/π) ε(q) / (√2 G_F (2MT + m²)): a vector that reaches charges by a loop.

    Parameters
    ----------
    form : Profile
        f, as of `VectorExchange`.
    mass_mev : float
        m.
    """

    form: Profile
    mass_mev: float

    def __call__(self, centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return h at the recoils; `muon_tau_loop`."""
        direct = VectorExchange(self.form, self.mass_mev)(centre, recoil_energy_kev)
        loop = muon_tau_loop(momentum_squared_mev2(centre, recoil_energy_kev))
        return direct * (2 * FINE_STRUCTURE / pi) * loop
