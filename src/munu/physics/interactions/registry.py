"""All interactions and their parameters: a further one is a file here and one line below."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from munu.base.arguments import check_name
from munu.base.errors import MunuError
from munu.base.frozen import FrozenMapping
from munu.base.identity import Same
from munu.base.units import canonical_unit, checked_number, parse_quantity
from munu.physics.interactions.axial_mediator import AxialMediator
from munu.physics.interactions.base import Interaction
from munu.physics.interactions.charge_radius import ChargeRadius
from munu.physics.interactions.dipole import Dipole
from munu.physics.interactions.dirac_moment import DiracMoments
from munu.physics.interactions.millicharge import Millicharge
from munu.physics.interactions.nsi import NonStandard
from munu.physics.interactions.pseudoscalar_mediator import PSEUDOSCALAR_MEDIATOR
from munu.physics.interactions.scalar_mediator import SCALAR_MEDIATOR
from munu.physics.interactions.sterile_portal import SterilePortal
from munu.physics.interactions.tensor_mediator import TENSOR_MEDIATOR
from munu.physics.interactions.vector_mediator import StatedVector, VectorMediator
from munu.physics.interactions.weak import WeakAngle
from munu.physics.parameters import (
    PHASE_PREFIX,
    PHASES,
    PURE_NUMBER,
    Parameter,
    check_no_phase_of_moments,
    phase_of,
)

INTERACTIONS: Final[list[Interaction]] = [
    Dipole(),
    WeakAngle(),
    ChargeRadius(),
    Millicharge(),
    NonStandard(),
    VectorMediator(),
    StatedVector(),
    AxialMediator(),
    DiracMoments(),
    SterilePortal(),
    SCALAR_MEDIATOR,
    PSEUDOSCALAR_MEDIATOR,
    TENSOR_MEDIATOR,
]

KEPT: Final = 4
"""Lists of interactions, with those of one's own, whose parameters are kept."""


def parameters() -> dict[str, Parameter]:
    """Return every parameter by name, in the order of the registry, the phases of each at last."""
    return {name: one for name, (one, _) in _owned(Same(*INTERACTIONS)).items()}


@lru_cache(maxsize=KEPT)
def _owned(interactions: Same[Interaction]) -> Mapping[str, tuple[Parameter, Interaction]]:
    """Return every parameter and whose it is, by name."""
    found: dict[str, tuple[Parameter, Interaction]] = {}
    for interaction in interactions.objects:
        found |= {one.name: (one, interaction) for one in interaction.parameters}
        phases = (phase_of(one) for one in interaction.parameters)
        found |= {one.name: (one, interaction) for one in phases if one is not None}
    return FrozenMapping(found)


def names() -> tuple[str, ...]:
    """Return the names of all parameters."""
    return tuple(parameters())


def by_symbol() -> dict[str, str]:
    """Return the name of each parameter and phase of the moments by its printed symbol."""
    return {one.symbol: one.name for one in (*parameters().values(), *PHASES)}


def parameter(name: str) -> Parameter:
    """Return a parameter.

    Raises
    ------
    MunuError
        For an unknown name, with the nearest.
    """
    check_no_phase_of_moments(name)
    known = parameters()
    check_name("parameter", name, known, also=by_symbol())
    return known[name]


def named(name: str) -> Parameter:
    """Return a parameter, or one of the phases of the moments; raises `MunuError` as `parameter`.

    Those are no parameters that a limit is about, but a likelihood has them.
    """
    phases = {one.name: one for one in PHASES}
    return phases[name] if name in phases else parameter(name)


def interaction_of(name: str) -> Interaction:
    """Return the interaction that a parameter belongs to; raises `MunuError` as `parameter`."""
    return _owned(Same(*INTERACTIONS))[parameter(name).name][1]


def coupling_of(name: str) -> Parameter:
    """Return a coupling by its name or by that of its phase; raises `MunuError` as `parameter`."""
    wanted, known = parameter(name), parameters()
    return known[wanted.name.removeprefix(PHASE_PREFIX)] if wanted.kind == "phase" else wanted


def parameter_values(given: Mapping[str, float | str]) -> Mapping[str, float]:
    """Return values of parameters in their units.

    Parameters
    ----------
    given : mapping of str to float or str
        Numbers, in the unit of `munu.physics.parameters.Unit.key`, or texts with a unit.

    Raises
    ------
    MunuError
        For an unknown name, a value that is no number, out of range or of another dimension, as a
        negative modulus is, or a moment of 1 μ_B, meant in 10⁻¹⁰ μ_B.
    """
    return FrozenMapping({name: _value(parameter(name), value) for name, value in given.items()})


def read_value(wanted: Parameter, text: str) -> float:
    """Return a parameter's value from a text; a bare number is in its unit.

    Raises
    ------
    MunuError
        As `parameter_values`.
    """
    try:
        number = parse_quantity(text, PURE_NUMBER.dimension)
    except MunuError:
        return _value(wanted, text)
    return _value(wanted, number)


def _value(wanted: Parameter, value: object) -> float:
    phase = phase_of(wanted)
    name = f"{wanted.name} (a modulus, with {phase.name})" if phase else wanted.name
    if not isinstance(value, str):
        unit = canonical_unit(wanted.unit.dimension)
        return checked_number(name, value, wanted.allowed, unit=unit)
    try:
        return parse_quantity(value, wanted.unit.dimension, wanted.allowed)
    except MunuError as error:
        raise MunuError(f"{name}: {error.message}", error.remedy) from error
