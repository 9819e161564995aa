r"""Electric charges of neutrinos, diagonal and transition ones: a photon that they exchange.

Against the contact interaction a photon has :math:`e^2/(\sqrt2G_F\,2MT)`, :math:`|q^2| = 2MT`, so
that a charge q, in units of e, shifts

.. math:: g_V^p \to g_V^p + \frac{2\sqrt2\pi\alpha}{G_F\,2MT}\,q,\qquad
          g_V \to g_V - \frac{2\sqrt2\pi\alpha}{G_F\,2m_eT}\,q

of nuclei and of electrons, the latter by halves of g_L and g_R. It is a charge radius of
:math:`6q/q^2`, and a vector of no mass with the electric charges. M. Cadeddu et al., Phys. Rev. D
102 (2020) 015030, second-hand. Electrons of an atom are freed as `munu.physics.atoms` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import Final, final

from munu.base.constants import FINE_STRUCTURE
from munu.base.typing import ComplexArray
from munu.physics.assumptions import Assumptions
from munu.physics.caveats import DIRAC_ONLY, WEAK_ATOMS
from munu.physics.interactions.base import (
    Amplitude,
    AmplitudeTerm,
    Interaction,
    One,
    StandardModel,
)
from munu.physics.interactions.exchange import VectorExchange
from munu.physics.interactions.flavour_entries import (
    ENTRIES,
    EVERY_FLAVOUR,
    SUBSCRIPTS,
    hermitian_units,
    is_diagonal,
)
from munu.physics.interactions.weak import LEFT, RIGHT, VECTOR, ProtonForm
from munu.physics.parameters import Parameter, Unit

CHARGE_UNIT: Final = Unit("e", "10⁻¹² e", "electric charge", 1e-12, largest=1e-2)
"""The largest is ten thousand times the weakest limit of the catalogue, 7.5 × 10⁻⁷ e."""
FAMILY: Final = "millicharges"
CHARGE_SQUARED: Final = 4 * pi * FINE_STRUCTURE
"""e² = 4πα."""
ON_PROTONS: Final = VectorExchange(ProtonForm(), 0.0)
ON_ELECTRONS: Final = VectorExchange(One(), 0.0)


def _parameter(entry: str) -> Parameter:
    name, symbol = f"millicharge_{entry}", f"q_{SUBSCRIPTS[entry]}"
    first, *second = dict.fromkeys(SUBSCRIPTS[entry])
    if is_diagonal(entry):
        about = f"electric charge of ν_{first}, which only Dirac neutrinos may have"
        caveats = (DIRAC_ONLY, WEAK_ATOMS)
        return Parameter(name, symbol, CHARGE_UNIT, FAMILY, about, caveats=caveats)
    about = f"transition charge between ν_{first} and ν_{second[0]}"
    phase = f"phase_{name}"
    return Parameter(
        name,
        f"|{symbol}|",
        CHARGE_UNIT,
        FAMILY,
        about,
        "modulus",
        low=0.0,
        phase=phase,
        caveats=(WEAK_ATOMS,),
    )


CHARGE_PARAMETERS: Final = {entry: _parameter(entry) for entry in ENTRIES}
COMMON_CHARGE: Final = Parameter(
    "millicharge_common",
    "q",
    CHARGE_UNIT,
    "millicharge of all flavours",
    "electric charge of every flavour, which only Dirac neutrinos may have",
    caveats=(DIRAC_ONLY, WEAK_ATOMS),
)
"""Of a family of its own: it is no other direction than the three diagonal ones together."""


@final
@dataclass(frozen=True)
class Millicharge(Interaction):
    """Electric charges, a Hermitian matrix in flavour space."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Three of the flavours, three of transitions, and one of all flavours."""
        return (*CHARGE_PARAMETERS.values(), COMMON_CHARGE)

    @property
    def settings(self) -> tuple[str, ...]:
        """None."""
        return ()

    def standard(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> float:
        """Return zero."""
        return 0.0

    def amplitudes(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> tuple[Amplitude, ...]:
        """Return what a charge of e, and of ie in a transition, adds."""
        if parameter == COMMON_CHARGE:
            return (_terms(CHARGE_SQUARED * EVERY_FLAVOUR),)
        entry = next(key for key, one in CHARGE_PARAMETERS.items() if one == parameter)
        return tuple(_terms(CHARGE_SQUARED * unit) for unit in hermitian_units(entry))


def _terms(charge: ComplexArray) -> Amplitude:
    """Return the amplitudes of e²q on nuclei and on electrons."""
    return (
        AmplitudeTerm(VECTOR, ON_PROTONS, charge),
        AmplitudeTerm(LEFT, ON_ELECTRONS, -0.5 * charge),
        AmplitudeTerm(RIGHT, ON_ELECTRONS, -0.5 * charge),
    )
