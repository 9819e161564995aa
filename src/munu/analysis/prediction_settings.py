"""What the events of couplings depend on besides their values: predictions take and state it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from munu.analysis.question import Question, stated
from munu.analysis.statement import scatter_mass_states
from munu.base.errors import MunuError, shown
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import FLAVOUR_PARAMETERS, MASS_PARAMETERS, PHASE_SYMBOLS

TRANSITION: Final = (*MASS_PARAMETERS, *FLAVOUR_PARAMETERS)
OF_MASS_STATES: Final = ("mixing", "delta_cp")
"""What the flavours of mass states depend on."""


def check_mixing_and_phases(
    names: Iterable[str], given: Assumptions, folded: Sequence[Folded]
) -> None:
    """Raise `MunuError` for a mixing or phases that make no difference to a prediction.

    Transition moments have them all. Where mass states scatter, as the Sun's do, their flavours
    have the mixing and δ_CP, which other couplings and the Standard Model tell too; else the source
    says how many there are of each flavour.

    Parameters
    ----------
    names : iterable of str
        The couplings that take part.
    given : Assumptions
    folded : sequence of Folded
    """
    taken = _taken(names, folded)
    usual = Assumptions()
    for name in ("mixing", *PHASE_SYMBOLS):
        value = getattr(given, name)
        if name not in taken and value != getattr(usual, name):
            also = ", or of mass states that scatter," if name in OF_MASS_STATES else ""
            raise MunuError(
                f"{name} = {shown(value)} is of transition moments{also} in a prediction, and none "
                "takes part",
                f"Leave {name} out, or give one of {', '.join(TRANSITION)} a value",
            )


def settings_of(asked: Question, settled: Assumptions, folded: Sequence[Folded]) -> dict[str, str]:
    """Return masses, charges and so on; and the mixing and the phases that events depend on.

    ξ₁ and ξ₂ are of two moments of the mass basis or more, to each other.

    Parameters
    ----------
    asked : Question
    settled : Assumptions
        For the experiments.
    folded : sequence of Folded
    """
    found: dict[str, str] = {name: getattr(settled, name) for name in stated(settled)}
    names = {one.name for one in asked.couplings}
    taken = _taken(names, folded)
    if len(names & {*MASS_PARAMETERS}) < 2:
        taken = tuple(name for name in taken if name in OF_MASS_STATES)
    values = {name: f"{getattr(settled, name):g}" for name in taken if name != "mixing"}
    return {**found, **({"mixing": settled.neutrino_mixing.name} if taken else {}), **values}


def _taken(names: Iterable[str], folded: Sequence[Folded]) -> tuple[str, ...]:
    """Return the mixing and the phases that a prediction with couplings of these names takes."""
    if not {*names}.isdisjoint(TRANSITION):
        return ("mixing", *PHASE_SYMBOLS)
    return OF_MASS_STATES if scatter_mass_states(folded) else ()
