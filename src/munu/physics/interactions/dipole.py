r"""Magnetic moments: amplitudes that flip the helicity, and do not interfere with the weak ones.

A transition moment is :math:`\lambda_{ab} = \epsilon_{abc}\Lambda_c` in the flavour basis, with
Λ_flavour = U Λ_mass / det U (Eqs. 6 and 8 of arXiv:1905.03750); an effective moment of a flavour is
its own amplitude. Eq. (24) on nuclei; P. Vogel and J. Engel, Phys. Rev. D 39 (1989) 3378 on
electrons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.typing import ComplexArray, FloatArray
from munu.physics import coherent
from munu.physics.assumptions import Assumptions
from munu.physics.centres import ScatteringCentre
from munu.physics.interactions.base import (
    Amplitude,
    AmplitudeTerm,
    Interaction,
    Kernel,
    One,
    Shape,
    StandardModel,
    Structure,
    alike,
)
from munu.physics.interactions.weak import UNIT, ProtonForm, freed, nuclear
from munu.physics.mixing import Mixing
from munu.physics.moments import FLAVOURS, majorana_matrix, to_flavour_basis
from munu.physics.parameters import (
    COMMON_PARAMETER,
    EFFECTIVE_PARAMETERS,
    MASS_PARAMETERS,
    MOMENTS,
    Parameter,
)


def _nuclear(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    own = nuclear(centre)
    if own.scalar_moment_term and own.nucleus.spin == 0:
        return coherent.scalar_dipole_coefficients(recoil_energy_kev)
    return coherent.dipole_coefficients(recoil_energy_kev)


def _electron(centre: ScatteringCentre, recoil_energy_kev: FloatArray) -> FloatArray:
    return coherent.dipole_coefficients(recoil_energy_kev) * freed(centre, recoil_energy_kev)


NUCLEAR: Final = Kernel("nuclear", _nuclear)
ELECTRON: Final = Kernel("electron", _electron)
NUCLEI: Final = Structure("moment on nuclei", {"moment on nuclei": alike(NUCLEAR)})
ELECTRONS: Final = Structure("moment on electrons", {"moment on electrons": alike(ELECTRON)})

ON_NUCLEUS: Final = Shape(NUCLEAR, ProtonForm(), ProtonForm())
ON_ELECTRON: Final = Shape(ELECTRON, One(), One())
"""All that the dipole events of μ_ν = 1 μ_B need, whatever the moments."""


@final
@dataclass(frozen=True)
class Dipole(Interaction):
    """Transition moments of Majorana neutrinos, and effective moments."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The moments."""
        return MOMENTS

    @property
    def settings(self) -> tuple[str, ...]:
        """None."""
        return ()

    def standard(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> float:
        """Return zero: that of a minimally extended Standard Model is far below what data tell."""
        return 0.0

    def amplitudes(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> tuple[Amplitude, ...]:
        """Return those of the moment, of its real and imaginary part if it is a transition's."""
        if parameter.name == COMMON_PARAMETER:
            return (moment_terms(UNIT),)
        if parameter.name in EFFECTIVE_PARAMETERS:
            row = np.eye(3)[EFFECTIVE_PARAMETERS.index(parameter.name)]
            return (moment_terms(np.diag(row).astype(complex)),)
        vector = _direction(parameter.name, assumptions.neutrino_mixing)
        return tuple(moment_terms(majorana_matrix(turn * vector)) for turn in (1.0, 1j))


def _direction(name: str, mixing: Mixing) -> ComplexArray:
    """Return the Λ of one modulus of 1 μ_B, in the flavour basis."""
    if name in MASS_PARAMETERS:
        return to_flavour_basis(np.eye(3)[MASS_PARAMETERS.index(name)], mixing)
    flavours = [f"Lambda_{flavour}" for flavour in FLAVOURS]
    return np.asarray(np.eye(3, dtype=complex)[flavours.index(name)])


def moment_terms(matrix: ComplexArray) -> Amplitude:
    """Return the amplitudes of a moment matrix λ (μ_B) on nuclei and on electrons."""
    return (AmplitudeTerm(NUCLEI, ProtonForm(), matrix), AmplitudeTerm(ELECTRONS, One(), matrix))
