r"""Moments of Dirac neutrinos: a general complex matrix λ, entry by entry.

:math:`H = \frac12\bar\nu_R\lambda\sigma^{\alpha\beta}\nu_LF_{\alpha\beta} + {\rm h.c.}` (Eq. 2 of
arXiv:1905.03750) turns ν_b into a sterile ν_a by :math:`\lambda_{ab}`, at the rate of
:math:`{\rm Tr}[\rho_-\lambda^\dagger\lambda]`. Its Hermitian conjugate turns ν̄_b into ν̄_a by
:math:`\lambda_{ab}^*`: antineutrinos see :math:`{\rm Tr}[\rho_+\lambda^T\lambda^*]`, the conjugate
of the matrix and not its transpose, which differ as λ is not Hermitian. (In Eq. 5 a₊ are Majorana
neutrinos, for which both are one; of Dirac neutrinos it would be those that are sterile.) So an
entry ``ab`` acts on ν_b and on ν̄_b alike.

All nine are complex, the diagonal too: the real part of a diagonal moment of a mass state is
magnetic, the imaginary part electric. Entries of one row lead to one final state and interfere
where the flavours of a source are coherent, as in the mass states of the Sun; one phase of each row
is that of a sterile neutrino, and nothing depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final, final

import numpy as np

from munu.physics.assumptions import Assumptions
from munu.physics.caveats import DIRAC_ONLY
from munu.physics.interactions.base import Amplitude, Interaction, StandardModel
from munu.physics.interactions.dipole import moment_terms
from munu.physics.moments import FLAVOURS
from munu.physics.parameters import MOMENT_UNIT, Parameter

LETTERS: Final = dict(zip(FLAVOURS, "eμτ", strict=True))
ENTRIES: Final = tuple(product(FLAVOURS, repeat=2))
"""Rows and columns, final and initial flavour."""

DIRAC: Final = tuple(
    Parameter(
        name=f"dirac_{row}{column}",
        symbol=f"|λ_{LETTERS[row]}{LETTERS[column]}|",
        unit=MOMENT_UNIT,
        family="Dirac moments",
        about=f"moment of Dirac neutrinos that turns ν_{LETTERS[column]} into ν_{LETTERS[row]}",
        kind="modulus",
        low=0.0,
        phase=f"phase_dirac_{row}{column}",
        caveats=(DIRAC_ONLY,) if row == column else (),
    )
    for row, column in ENTRIES
)
_NAMES: Final = tuple(p.name for p in DIRAC)


@final
@dataclass(frozen=True)
class DiracMoments(Interaction):
    """The nine entries of λ, which scatter as other moments do."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """One for each entry."""
        return DIRAC

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
        """Return those of the real and of the imaginary part of an entry of 1 μ_B."""
        entry = np.zeros(9, complex)
        entry[_NAMES.index(parameter.name)] = 1.0
        matrix = entry.reshape(3, 3)
        return (moment_terms(matrix), moment_terms(1j * matrix))
