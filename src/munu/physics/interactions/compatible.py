"""Which parameters may stand together in one likelihood.

Interactions that flip the helicity do not interfere with the weak one, but with each other: a
scalar and a Dirac moment of the same flavours do, and both with a tensor. Their rates would add
only if nothing did, so that two of them are refused. Parameters of one interaction have their joint
amplitude. An effective moment is what others make together, and goes with none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from munu.base.errors import MunuError
from munu.physics.interactions.dirac_moment import DIRAC
from munu.physics.interactions.pseudoscalar_mediator import PSEUDOSCALAR_MEDIATOR
from munu.physics.interactions.registry import interaction_of
from munu.physics.interactions.scalar_mediator import SCALAR_MEDIATOR
from munu.physics.interactions.sterile_portal import PORTAL
from munu.physics.interactions.tensor_mediator import TENSOR_MEDIATOR
from munu.physics.parameters import (
    FLAVOUR_PARAMETERS,
    MASS_PARAMETERS,
    PARAMETERS,
    Parameter,
)

TRANSITION: Final = "transition moments of Majorana neutrinos"
EFFECTIVE: Final = "effective moments"
COMMON: Final = "the effective moment of all flavours"
DIRAC_MOMENTS: Final = "moments of Dirac neutrinos"
FLIPPING: Final = {
    **dict.fromkeys(PARAMETERS, EFFECTIVE),
    "mu_eff": COMMON,
    **dict.fromkeys((*MASS_PARAMETERS, *FLAVOUR_PARAMETERS), TRANSITION),
    **{one.name: DIRAC_MOMENTS for one in DIRAC},
    **{one.name: "moments to a sterile neutrino" for one in PORTAL},
    **{
        mediator.coupling.name: f"a {mediator.coupling.family}"
        for mediator in (SCALAR_MEDIATOR, PSEUDOSCALAR_MEDIATOR, TENSOR_MEDIATOR)
    },
}
"""What flips the helicity, by the names of its parameters."""
OF_A_COLUMN: Final = "an effective moment is that of all entries of a column"
OF_ALL: Final = "an effective moment is what all transition moments make together"
REASONS: Final = {
    frozenset({TRANSITION, DIRAC_MOMENTS}): "neutrinos are Majorana or Dirac",
    frozenset({EFFECTIVE, DIRAC_MOMENTS}): OF_A_COLUMN,
    frozenset({COMMON, DIRAC_MOMENTS}): OF_A_COLUMN,
    frozenset({EFFECTIVE, TRANSITION}): OF_ALL,
    frozenset({COMMON, TRANSITION}): OF_ALL,
    frozenset({COMMON, EFFECTIVE}): "mu_eff is the common value of all three",
}
INTERFERE: Final = (
    "both flip the helicity and may interfere, and their joint amplitude is not built"
)


def check_together(parameters: Sequence[Parameter | str]) -> None:
    """Check that parameters may be varied in one likelihood.

    Parameters
    ----------
    parameters : sequence of Parameter or str

    Raises
    ------
    MunuError
        For two interactions that flip the helicity, two couplings of mediators, which would be of
        one mass, or an unknown name.
    """
    names = dict.fromkeys(one if isinstance(one, str) else one.name for one in parameters)
    mediators = {name for name in names if "mediator_mass" in interaction_of(name).settings}
    for one, other in combinations(names, 2):
        if {one, other} <= mediators:
            raise MunuError(
                f"{one} and {other} are couplings of two mediators, and one mass is stated",
                "Vary one of them",
            )
        kinds = {FLIPPING[name] for name in (one, other) if name in FLIPPING}
        if len(kinds) == 2:
            raise MunuError(
                f"{one} ({FLIPPING[one]}) and {other} ({FLIPPING[other]}) cannot be combined: "
                f"{REASONS.get(frozenset(kinds), INTERFERE)}",
                "Vary one of them, beside what keeps the helicity",
            )
