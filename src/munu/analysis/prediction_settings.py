"""What the events of couplings depend on besides their values, as a prediction states it."""

from __future__ import annotations

from munu.analysis.question import Question, stated
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import FLAVOUR_PARAMETERS, MASS_PARAMETERS


def settings_of(asked: Question, settled: Assumptions) -> dict[str, str]:
    """Return masses, charges and so on; of transition moments the mixing and the phases.

    ξ₁ and ξ₂ are of two moments of the mass basis or more, to each other.

    Parameters
    ----------
    asked : Question
    settled : Assumptions
        For the experiments.
    """
    found: dict[str, str] = {name: getattr(settled, name) for name in stated(settled)}
    names = {one.name for one in asked.couplings}
    if not names & {*MASS_PARAMETERS, *FLAVOUR_PARAMETERS}:
        return found
    phases = ["delta_cp"]
    if len(names & {*MASS_PARAMETERS}) > 1:
        phases += ["xi_1", "xi_2"]
    values = {name: f"{getattr(settled, name):g}" for name in phases}
    return {**found, "mixing": settled.neutrino_mixing.name, **values}
