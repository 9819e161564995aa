"""Building blocks of the schema: strict tables and quantities with units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from munu.base.constants import DAYS_PER_YEAR, SECONDS_PER_DAY
from munu.base.errors import MunuError
from munu.base.thresholds import HIGHEST_CL, LOWEST_CL
from munu.base.units import (
    ANY,
    BARE_NUMBERS,
    PROBABILITY,
    UNCERTAINTY,
    WRITTEN,
    Range,
    parse_quantity,
)


class Section(BaseModel):
    """A table of an experiment file: every key known, every type exact."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, defer_build=True
    )

    REPLACES: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Keys that take the place of others beside them, which are stated and not used."""

    @model_validator(mode="before")
    @classmethod
    def _only_known_keys(cls, table: object) -> object:
        for key in table if isinstance(table, dict) else ():
            if key not in cls.model_fields:
                context = {"key": key, "allowed": list(cls.model_fields)}
                raise PydanticCustomError("unknown_key", "unknown key", context)
        return table


def quantity(dimension: str, allowed: Range = ANY) -> BeforeValidator:
    """Return the annotation of a float that is written as a quantity with its unit."""

    def parse(value: object) -> float:
        if isinstance(value, dict):
            raise MunuError(
                "this table has no 'value'", 'Write { value = ..., source = "...", note = "..." }'
            )
        return parse_quantity(value, dimension, allowed)

    return BeforeValidator(parse)


def _name(value: object) -> object:
    """Return a name that a table can print; what is no text is told elsewhere."""
    if isinstance(value, str) and not (value.strip() and value.isprintable()):
        raise MunuError(f"{value!r} is not a name", "Write a text that is not empty, on one line")
    return value


Name: TypeAlias = Annotated[str, BeforeValidator(_name)]
"""Of a background, a shape, a nuisance, a control region or an axis, which results print."""
Mass: TypeAlias = Annotated[float, quantity("mass", Range(1e-6, 1e12))]
Duration: TypeAlias = Annotated[
    float, quantity("time", Range(1.0, 1e4 * DAYS_PER_YEAR * SECONDS_PER_DAY))
]
TimeOfArrival: TypeAlias = Annotated[float, quantity("arrival time", Range(-1e9, 1e9))]
Length: TypeAlias = Annotated[float, quantity("length", Range(1e-3, 1e12))]
NuclearLength: TypeAlias = Annotated[float, quantity("nuclear length", Range(0, 100))]
AtomicMass: TypeAlias = Annotated[float, quantity("atomic mass", Range(0.5, 500))]
Power: TypeAlias = Annotated[float, quantity("thermal power", Range(1e-9, 1e3))]
Activity: TypeAlias = Annotated[float, quantity("activity", Range(1e-12, 1e6))]
NeutrinoEnergy: TypeAlias = Annotated[float, quantity("neutrino energy", Range(1e-12, 1e6))]
ProtonNumber: TypeAlias = Annotated[float, quantity("number of protons", Range(1.0, 1e40))]
ProtonRate: TypeAlias = Annotated[float, quantity("proton rate", Range(1e-6, 1e30))]
RecoilEnergy: TypeAlias = Annotated[float, quantity("recoil energy", Range(0, 1e9))]
IonisationEnergy: TypeAlias = Annotated[float, quantity("ionisation energy", Range(0, 1e9))]
Photoelectrons: TypeAlias = Annotated[float, quantity("number of photoelectrons", Range(0, 1e9))]
LightYield: TypeAlias = Annotated[float, quantity("light yield", Range(1e-6, 1e6))]
Flux: TypeAlias = Annotated[float, quantity("flux", Range(1e-20, 1e20))]
Moment: TypeAlias = Annotated[float, quantity("magnetic moment", Range(1e-30, 1.0))]
Probability: TypeAlias = Annotated[float, quantity("fraction", PROBABILITY)]
PositiveFraction: TypeAlias = Annotated[float, quantity("fraction", Range(1e-12, 1))]
ConfidenceLevel: TypeAlias = Annotated[float, quantity("fraction", Range(LOWEST_CL, HIGHEST_CL))]
Uncertainty: TypeAlias = Annotated[float, quantity("fraction", UNCERTAINTY)]
Number: TypeAlias = Annotated[float, quantity("number", BARE_NUMBERS)]
PositiveNumber: TypeAlias = Annotated[float, quantity("number", Range(1e-6, 1e6))]
COUNTS: Final = Range(0, 1e15)
Count: TypeAlias = Annotated[float, quantity("number", COUNTS)]
SIGNED_COUNTS: Final = Range(-1e15, 1e15)
"""Counts of a difference, such as reactor on minus off."""
SignedCount: TypeAlias = Annotated[float, quantity("number", SIGNED_COUNTS)]
Pair: TypeAlias = Annotated[list[Number], Field(min_length=2, max_length=2)]
Written: TypeAlias = Annotated[float, quantity("number", WRITTEN)]
Row: TypeAlias = Annotated[list[Written], Field(min_length=2, max_length=2)]
"""A pair in a table, which says what its numbers may be."""
ObservableUnit: TypeAlias = Literal["eV", "keV", "eVee", "keVee", "PE"]
