"""What interactions beyond the weak one are told: values of parameters, masses, charges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, TypedDict

from munu.base.errors import MunuError
from munu.base.frozen import FrozenMapping
from munu.base.options import option
from munu.base.units import Range, parse_quantity

RadiusKind: TypeAlias = Literal["beyond", "total"]
RADIUS_KINDS: Final[tuple[RadiusKind, ...]] = ("beyond", "total")
MASSES_MEV: Final = Range(low=1e-9, high=1e9)
"""Masses of mediators and sterile neutrinos."""
NO_VALUES: Final[Mapping[str, float | str]] = FrozenMapping({})
OF_THE_ANGLE: Final = ("weak_angle",)
"""The question about sin²θ_W alone."""


def _values_in_words(values: Mapping[str, float | str]) -> str:
    from munu.physics.interactions.registry import named

    return ", ".join(
        named(name).text(value) if isinstance(value, float) else f"{name} = {value}"
        for name, value in values.items()
    )


@dataclass(frozen=True)
class InteractionSettings:
    """The part of `munu.physics.assumptions.Assumptions` that interactions take.

    Parameters
    ----------
    values : mapping of str to float or str
        Parameters that have another value than the Standard Model's and are neither asked for nor
        profiled: numbers in the unit of `munu.physics.parameters.Unit.key`, or texts with a unit.
    mediator_mass, sterile_mass : str, optional
        Mass of a light mediator and of a sterile neutrino, with their unit, as in ``30 MeV``; what
        depends on one must have it.
    charges : str, optional
        Charges of a light vector mediator, as in ``nu_e=1,u=1,e=1``.
    radius_kind : {"beyond", "total"}
        Whether a charge radius is what is added to the Standard Model's, or all of it.
    """

    values: Mapping[str, float | str] = field(
        default=NO_VALUES,
        metadata=option(
            help="Value of a parameter that is neither asked for nor profiled, such as "
            "charge_radius_mumu='1e-32 cm2'; may be repeated.  [default: the Standard Model's]",
            kind=dict,
            flag="with",
            key="with_values",
            metavar="NAME=VALUE",
            words=_values_in_words,
            restricts=True,
            left_out=OF_THE_ANGLE,
        ),
    )
    mediator_mass: str | None = field(
        default=None,
        metadata=option(
            help="Mass of a light mediator, as in '30 MeV'.",
            dimension="mass of a particle",
            allowed=MASSES_MEV,
            metavar="MASS",
            words=lambda mass: f"mediator of {mass}" if mass else "",
            restricts=True,
            left_out=OF_THE_ANGLE,
        ),
    )
    sterile_mass: str | None = field(
        default=None,
        metadata=option(
            help="Mass of a sterile neutrino, as in '10 MeV'.",
            dimension="mass of a particle",
            allowed=MASSES_MEV,
            metavar="MASS",
            words=lambda mass: f"sterile neutrino of {mass}" if mass else "",
            restricts=True,
            left_out=OF_THE_ANGLE,
        ),
    )
    charges: str | None = field(
        default=None,
        metadata=option(
            help="Charges of a light vector mediator, as in nu_e=1,u=1,e=1.",
            metavar="NAME=X,...",
            words=lambda charges: f"charges {charges}" if charges else "",
            restricts=True,
            left_out=OF_THE_ANGLE,
        ),
    )
    radius_kind: RadiusKind = field(
        default="beyond",
        metadata=option(
            help="Whether a charge radius is what is added to the Standard Model's, or all of it.",
            choices=RADIUS_KINDS,
            words=lambda kind: "" if kind == "beyond" else "total charge radii",
            restricts=True,
            left_out=OF_THE_ANGLE,
        ),
    )

    @property
    def mediator_mass_mev(self) -> float:
        """The mass of a mediator (MeV); `MunuError` if there is none."""
        return _mass_mev("mediator_mass", self.mediator_mass)

    @property
    def sterile_mass_mev(self) -> float:
        """The mass of a sterile neutrino (MeV); `MunuError` if there is none."""
        return _mass_mev("sterile_mass", self.sterile_mass)


class InteractionOptions(TypedDict, total=False):
    """The keywords of `InteractionSettings`."""

    values: Mapping[str, float | str]
    mediator_mass: str | None
    sterile_mass: str | None
    charges: str | None
    radius_kind: RadiusKind


def _mass_mev(name: str, mass: str | None) -> float:
    if mass is None:
        what = name.replace("_", " ")
        option_name = name.replace("_", "-")
        raise MunuError(
            f"no {what} is stated", f"State it, as in --{option_name} '30 MeV' or {name}='30 MeV'"
        )
    return parse_quantity(mass, "mass of a particle", MASSES_MEV)
