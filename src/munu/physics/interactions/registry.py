"""All interactions and their parameters: a further one is a file here and one line below."""

from __future__ import annotations

from typing import Final

from munu.base.arguments import check_name
from munu.physics.interactions.base import Interaction
from munu.physics.interactions.dipole import Dipole
from munu.physics.interactions.dirac_moment import DiracMoments
from munu.physics.interactions.pseudoscalar_mediator import PSEUDOSCALAR_MEDIATOR
from munu.physics.interactions.scalar_mediator import SCALAR_MEDIATOR
from munu.physics.interactions.sterile_portal import SterilePortal
from munu.physics.interactions.tensor_mediator import TENSOR_MEDIATOR
from munu.physics.interactions.weak import WeakAngle
from munu.physics.parameters import Parameter

INTERACTIONS: Final[list[Interaction]] = [
    Dipole(),
    WeakAngle(),
    DiracMoments(),
    SterilePortal(),
    SCALAR_MEDIATOR,
    PSEUDOSCALAR_MEDIATOR,
    TENSOR_MEDIATOR,
]


def parameters() -> dict[str, Parameter]:
    """Return every parameter of every interaction by name, in the order of the registry."""
    return {p.name: p for interaction in INTERACTIONS for p in interaction.parameters}


def names() -> tuple[str, ...]:
    """Return the names of all parameters."""
    return tuple(parameters())


def parameter(name: str) -> Parameter:
    """Return a parameter.

    Raises
    ------
    MunuError
        For an unknown name, with the nearest.
    """
    known = parameters()
    check_name("parameter", name, known)
    return known[name]


def interaction_of(name: str) -> Interaction:
    """Return the interaction that a parameter belongs to; raises `MunuError` as `parameter`."""
    wanted = parameter(name)
    return next(one for one in INTERACTIONS if wanted in one.parameters)
