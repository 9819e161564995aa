r"""A light axial vector mediator, on electrons alone.

For :math:`L = -Z'_\mu(g_\nu\bar\nu_a\gamma^\mu P_L\nu_a
+ g_A^e\bar e\gamma^\mu\gamma_5e)`, with all flavours alike and the coordinate
:math:`x = g_\nu g_A^e`, g² of one common coupling,

.. math:: g_A \to g_A - \frac{x}{\sqrt2G_F(2m_eT+m^2)},\qquad g_A = g_L - g_R

where g_A is +1/2 for ν_e and -1/2 for ν_μ and ν_τ at tree level: x > 0 interferes destructively
with the former. The sign is that of γ₅ in this L, the opposite of :math:`P_L`: an electron with
charge only if left-handed has :math:`g_A^e < 0`. D. G. Cerdeño et al., JHEP 05 (2016) 118,
second-hand. Nuclei would need their spin structure and are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from munu.physics.assumptions import Assumptions
from munu.physics.interactions.base import (
    Amplitude,
    AmplitudeTerm,
    Interaction,
    One,
    StandardModel,
)
from munu.physics.interactions.exchange import VectorExchange
from munu.physics.interactions.vector_mediator import MASS, mediator_parameter
from munu.physics.interactions.weak import LEFT, RIGHT, UNIT
from munu.physics.parameters import Parameter

G_AXIAL: Final = mediator_parameter(
    "g_axial",
    "g_A",
    "axial vector mediator",
    "coupling of a light vector to all neutrinos, and to electrons with γ₅; electrons alone",
)


@final
@dataclass(frozen=True)
class AxialMediator(Interaction):
    """A light vector with axial couplings to electrons."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """One."""
        return (G_AXIAL,)

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
        """Return what g² = 1 adds: -1/2 to g_L and 1/2 to g_R, times the propagator."""
        profile = VectorExchange(One(), assumptions.mediator_mass_mev)
        return (
            (
                AmplitudeTerm(LEFT, profile, -0.5 * UNIT),
                AmplitudeTerm(RIGHT, profile, 0.5 * UNIT),
            ),
        )
