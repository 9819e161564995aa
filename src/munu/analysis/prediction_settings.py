"""What the events of couplings depend on besides their values: predictions take and state it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from munu.analysis.question import Question, stated
from munu.base.errors import MunuError, shown
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import FLAVOUR_PARAMETERS, MASS_PARAMETERS

TRANSITION: Final = (*MASS_PARAMETERS, *FLAVOUR_PARAMETERS)


def check_moments(names: Iterable[str], given: Assumptions) -> None:
    """Raise `MunuError` for a mixing or phases of a prediction without a transition moment.

    The Standard Model's events, and those of other couplings, are those of the file's mixing.
    """
    if not {*names}.isdisjoint(TRANSITION):
        return
    usual = Assumptions()
    for name in ("mixing", "delta_cp", "xi_1", "xi_2"):
        value = getattr(given, name)
        if value != getattr(usual, name):
            raise MunuError(
                f"{name} = {shown(value)} is of transition moments in a prediction, and none "
                "takes part",
                f"Leave {name} out, or give one of {', '.join(TRANSITION)} a value",
            )


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
    if names.isdisjoint(TRANSITION):
        return found
    phases = ["delta_cp"]
    if len(names & {*MASS_PARAMETERS}) > 1:
        phases += ["xi_1", "xi_2"]
    values = {name: f"{getattr(settled, name):g}" for name in phases}
    return {**found, "mixing": settled.neutrino_mixing.name, **values}
