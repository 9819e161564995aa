r"""Light mediators that flip the helicity: of all flavours alike, without interference.

The coordinate is :math:`x = g^2`, the product of the couplings to neutrinos and to what recoils; an
amplitude is linear in it, so that rates go as g⁴. A neutrino that has flipped its helicity does not
interfere with one of the weak interaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from munu.physics.assumptions import Assumptions
from munu.physics.interactions.base import (
    Amplitude,
    AmplitudeTerm,
    Interaction,
    Profile,
    StandardModel,
    Structure,
)
from munu.physics.interactions.propagator import Exchanged
from munu.physics.interactions.weak import UNIT
from munu.physics.parameters import PURE_NUMBER, Parameter


@final
@dataclass(frozen=True)
class FlippingMediator(Interaction):
    """One coupling g of a light mediator.

    Parameters
    ----------
    coupling : Parameter
    targets : tuple of (Structure, Profile)
        How it scatters on nuclei, on electrons or on both, and by which charge for g = 1.
    """

    coupling: Parameter
    targets: tuple[tuple[Structure, Profile], ...]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The coupling."""
        return (self.coupling,)

    @property
    def settings(self) -> tuple[str, ...]:
        """The mass of the mediator."""
        return ("mediator_mass",)

    def standard(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> float:
        """Return zero."""
        return 0.0

    def amplitudes(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> tuple[Amplitude, ...]:
        """Return the amplitude of g² = 1."""
        mass = assumptions.mediator_mass_mev
        return (
            tuple(
                AmplitudeTerm(structure, Exchanged(charge, mass), UNIT)
                for structure, charge in self.targets
            ),
        )


def coupling(name: str, symbol: str, about: str) -> Parameter:
    """Return the coupling g of a mediator, a family of its own."""
    family = f"{name.removeprefix('g_')} mediator"
    return Parameter(name, symbol, PURE_NUMBER, family, about, "squared", low=0.0)
