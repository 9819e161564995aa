r"""Non-standard interactions: vector couplings to u and d quarks, chiral ones to electrons.

.. math:: L = -2\sqrt2\,G_F\sum_{f,X}\epsilon^{fX}_{ab}\,
          (\bar\nu_a\gamma_\mu P_L\nu_b)(\bar f\gamma^\mu P_Xf),\qquad
          \epsilon^{qV} = \epsilon^{qL}+\epsilon^{qR}

so that they add to the couplings of the Standard Model: on nuclei

.. math:: A_{ab} \to A_{ab} + (2ZF_p+NF_n)\,\epsilon^u_{ab} + (ZF_p+2NF_n)\,\epsilon^d_{ab}

with ε^u and ε^d short for the vector ones, and on electrons
:math:`g_{L,R} \to g_{L,R}\,\delta_{ab} + \epsilon^{eL,eR}_{ab}`; J. Barranco, O. G. Miranda and
T. I. Rashba, JHEP 12 (2005) 021 and, for electrons, S. Davidson et al., JHEP 03 (2003) 011, both
second-hand. The matrices are Hermitian. Propagation in matter is not modelled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from munu.base.typing import ComplexArray
from munu.physics.assumptions import Assumptions
from munu.physics.caveats import PROPAGATION
from munu.physics.interactions.base import (
    Amplitude,
    AmplitudeTerm,
    Interaction,
    One,
    StandardModel,
)
from munu.physics.interactions.flavour_entries import (
    ENTRIES,
    SUBSCRIPTS,
    hermitian_units,
    is_diagonal,
)
from munu.physics.interactions.weak import LEFT, RIGHT, VECTOR, NeutronForm, ProtonForm
from munu.physics.parameters import PURE_NUMBER, Parameter

QUARKS: Final = {"u": (2.0, 1.0), "d": (1.0, 2.0)}
"""Quarks in a proton and in a neutron."""
CHIRALITIES: Final = {"eL": LEFT, "eR": RIGHT}
TARGETS: Final = {
    "u": "u quarks (vector)",
    "d": "d quarks (vector)",
    "eL": "left-handed electrons",
    "eR": "right-handed electrons",
}


def _parameter(target: str, entry: str) -> Parameter:
    name, symbol = f"epsilon_{target}_{entry}", f"ε^{target}_{SUBSCRIPTS[entry]}"
    family = f"non-standard interactions with {TARGETS[target]}"
    who = " and ".join(f"ν_{flavour}" for flavour in dict.fromkeys(SUBSCRIPTS[entry]))
    about = f"non-standard coupling of {who} to {TARGETS[target]}, in the detector alone"
    caveats = (PROPAGATION,)
    if is_diagonal(entry):
        return Parameter(name, symbol, PURE_NUMBER, family, about, caveats=caveats)
    return Parameter(
        name,
        f"|{symbol}|",
        PURE_NUMBER,
        family,
        about,
        "modulus",
        low=0.0,
        phase=f"phase_{name}",
        caveats=caveats,
    )


NSI_PARAMETERS: Final = {
    (target, entry): _parameter(target, entry) for target in TARGETS for entry in ENTRIES
}


@final
@dataclass(frozen=True)
class NonStandard(Interaction):
    """Non-standard interactions with u and d quarks and with electrons."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Six entries each of u, d, left- and right-handed e."""
        return tuple(NSI_PARAMETERS.values())

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
        """Return what ε = 1, and ε = i off the diagonal, adds."""
        target, entry = next(key for key, one in NSI_PARAMETERS.items() if one == parameter)
        return tuple(_terms(target, matrix) for matrix in hermitian_units(entry))


def _terms(target: str, matrix: ComplexArray) -> Amplitude:
    if target in CHIRALITIES:
        return (AmplitudeTerm(CHIRALITIES[target], One(), matrix),)
    in_proton, in_neutron = QUARKS[target]
    return (
        AmplitudeTerm(VECTOR, ProtonForm(), in_proton * matrix),
        AmplitudeTerm(VECTOR, NeutronForm(), in_neutron * matrix),
    )
