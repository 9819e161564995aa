r"""Light vector mediators: V-A on the neutrino, vector on quarks and electrons.

For :math:`L = -gZ'_\mu(\sum_aq_a\bar\nu_a\gamma^\mu P_L\nu_a
+ \sum_fq_f\bar f\gamma^\mu f)` of mass m, the coordinate being x = g²,

.. math:: A_a \to A_a + \frac{x\,q_a\,[(2q_u+q_d)ZF_p + (q_u+2q_d)NF_n]}{\sqrt2G_F(2MT+m^2)},\qquad
          g_V \to g_V + \frac{x\,q_aq_e}{\sqrt2G_F(2m_eT+m^2)}

half of the latter for g_L and for g_R. Charges of one sign repel as equal weak charges do, and the
amplitude of a nucleus is negative: a universal coupling interferes destructively on nuclei, to a
zero, and B-L constructively. On electrons both add to g_V, which is positive for ν_e and slightly
negative for ν_μ and ν_τ. D. G. Cerdeño et al., JHEP 05 (2016) 118, second-hand.

L_μ - L_τ has no charges in the target. Loops of μ and τ mix it with the photon, so that ν_μ see a
proton as of charge (2α/π) ε(q), electrons of the opposite one, and ν_τ both with the other sign;
`munu.physics.interactions.exchange.muon_tau_loop`. Neutral matter does not refract by it, and
charges that are the same for all flavours do not change oscillations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, TypeAlias, final

import numpy as np

from munu.physics.assumptions import Assumptions
from munu.physics.caveats import PROPAGATION, WEAK_ATOMS
from munu.physics.interactions.base import (
    Amplitude,
    AmplitudeTerm,
    Interaction,
    One,
    StandardModel,
)
from munu.physics.interactions.charges import (
    B_MINUS_L,
    MU_MINUS_TAU,
    UNIVERSAL,
    VectorCharges,
    parse_charges,
)
from munu.physics.interactions.exchange import LoopExchange, VectorExchange
from munu.physics.interactions.weak import LEFT, RIGHT, VECTOR, NeutronForm, ProtonForm
from munu.physics.parameters import PURE_NUMBER, Parameter

MASS: Final = "mediator_mass"
"""The assumption that all of them need."""

Exchange: TypeAlias = type[VectorExchange] | type[LoopExchange]


def mediator_parameter(name: str, symbol: str, family: str, about: str) -> Parameter:
    """Return a coupling g of a mediator, whose coordinate is g²."""
    caveats = (WEAK_ATOMS,)
    return Parameter(name, symbol, PURE_NUMBER, family, about, "squared", low=0.0, caveats=caveats)


G_UNIVERSAL: Final = mediator_parameter(
    "g_universal",
    "g_universal",
    "universal vector mediator",
    "coupling of a light vector to all neutrinos, quarks and electrons alike",
)
G_B_MINUS_L: Final = mediator_parameter(
    "g_b-l",
    "g_B-L",
    "B-L vector mediator",
    "coupling of a light vector to B-L: 1/3 of quarks, -1 of leptons",
)
G_MU_MINUS_TAU: Final = mediator_parameter(
    "g_lmu-ltau",
    "g_Lμ-Lτ",
    "L_μ-L_τ vector mediator",
    "coupling of a light vector to L_μ-L_τ, which reaches the target by loops of μ and τ",
)
G_VECTOR: Final = replace(
    mediator_parameter(
        "g_vector",
        "g_V",
        "vector mediator of stated charges",
        "coupling of a light vector whose charges are stated",
    ),
    caveats=(PROPAGATION, WEAK_ATOMS),
)

CHARGES: Final = {
    G_UNIVERSAL.name: UNIVERSAL,
    G_B_MINUS_L.name: B_MINUS_L,
    G_MU_MINUS_TAU.name: MU_MINUS_TAU,
}


@final
@dataclass(frozen=True)
class VectorMediator(Interaction):
    """A light vector with the charges of a model."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Universal, B-L and L_μ - L_τ."""
        return (G_UNIVERSAL, G_B_MINUS_L, G_MU_MINUS_TAU)

    @property
    def settings(self) -> tuple[str, ...]:
        """The mass."""
        return (MASS,)

    def standard(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> float:
        """Return zero."""
        return 0.0

    def amplitudes(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> tuple[Amplitude, ...]:
        """Return what g² = 1 adds."""
        mass = assumptions.mediator_mass_mev
        exchange: Exchange = VectorExchange
        if parameter.name == G_MU_MINUS_TAU.name:
            exchange = LoopExchange
        return (_exchanged(CHARGES[parameter.name], exchange, mass),)


@final
@dataclass(frozen=True)
class StatedVector(Interaction):
    """A light vector whose charges a user states."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """One."""
        return (G_VECTOR,)

    @property
    def settings(self) -> tuple[str, ...]:
        """The mass and the charges."""
        return (MASS, "charges")

    def standard(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> float:
        """Return zero."""
        return 0.0

    def amplitudes(
        self, parameter: Parameter, standard_model: StandardModel, assumptions: Assumptions
    ) -> tuple[Amplitude, ...]:
        """Return what g² = 1 adds."""
        charges = parse_charges(assumptions.charges)
        return (_exchanged(charges, VectorExchange, assumptions.mediator_mass_mev),)


def _exchanged(charges: VectorCharges, exchange: Exchange, mass_mev: float) -> Amplitude:
    """Return the amplitudes of x = 1 on nuclei and electrons; half of g_V for g_L and for g_R."""
    neutrinos = np.asarray(np.diag(charges.neutrinos), complex)
    pieces = (
        (VECTOR, ProtonForm(), charges.proton),
        (VECTOR, NeutronForm(), charges.neutron),
        (LEFT, One(), 0.5 * charges.electron),
        (RIGHT, One(), 0.5 * charges.electron),
    )
    return tuple(
        AmplitudeTerm(structure, exchange(form, mass_mev), np.asarray(charge * neutrinos))
        for structure, form, charge in pieces
        if charge
    )
