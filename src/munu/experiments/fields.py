"""Building blocks of the schema: strict tables and quantities with units."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from munu.errors import MunuError
from munu.quantities import (
    ANY,
    NOT_NEGATIVE,
    POSITIVE,
    PROBABILITY,
    Range,
    parse_quantity,
)


class Section(BaseModel):
    """A table of an experiment file: every key known, every type exact."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, defer_build=True
    )

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


def choice(selector: str) -> BeforeValidator:
    """Return the annotation of a union in which a table's key ``selector`` names the model.

    A text stands for the model of that name. A table without the key gets an empty one, so that
    the error can name the allowed choices.
    """

    def complete(table: object) -> object:
        if isinstance(table, str):
            return {selector: table}
        return {selector: "", **table} if isinstance(table, dict) else table

    return BeforeValidator(complete)


Mass: TypeAlias = Annotated[float, quantity("mass", POSITIVE)]
Duration: TypeAlias = Annotated[float, quantity("time", POSITIVE)]
ArrivalTime: TypeAlias = Annotated[float, quantity("arrival time")]
Length: TypeAlias = Annotated[float, quantity("length", POSITIVE)]
NuclearLength: TypeAlias = Annotated[float, quantity("nuclear length", NOT_NEGATIVE)]
Power: TypeAlias = Annotated[float, quantity("thermal power", POSITIVE)]
Activity: TypeAlias = Annotated[float, quantity("activity", POSITIVE)]
NeutrinoEnergy: TypeAlias = Annotated[float, quantity("neutrino energy", POSITIVE)]
ProtonNumber: TypeAlias = Annotated[float, quantity("number of protons", POSITIVE)]
ProtonRate: TypeAlias = Annotated[float, quantity("proton rate", POSITIVE)]
RecoilEnergy: TypeAlias = Annotated[float, quantity("recoil energy", NOT_NEGATIVE)]
IonisationEnergy: TypeAlias = Annotated[float, quantity("ionisation energy", NOT_NEGATIVE)]
Photoelectrons: TypeAlias = Annotated[float, quantity("number of photoelectrons", NOT_NEGATIVE)]
LightYield: TypeAlias = Annotated[float, quantity("light yield", POSITIVE)]
Flux: TypeAlias = Annotated[float, quantity("flux", POSITIVE)]
Moment: TypeAlias = Annotated[float, quantity("magnetic moment", POSITIVE)]
Probability: TypeAlias = Annotated[float, quantity("fraction", PROBABILITY)]
PositiveFraction: TypeAlias = Annotated[float, quantity("fraction", Range(0, 1, low_open=True))]
OpenProbability: TypeAlias = Annotated[
    float, quantity("fraction", Range(0, 1, low_open=True, high_open=True))
]
Uncertainty: TypeAlias = Annotated[float, quantity("fraction", NOT_NEGATIVE)]
Number: TypeAlias = Annotated[float, quantity("number")]
PositiveNumber: TypeAlias = Annotated[float, quantity("number", POSITIVE)]
Count: TypeAlias = Annotated[float, quantity("number", NOT_NEGATIVE)]
Pair: TypeAlias = Annotated[list[Number], Field(min_length=2, max_length=2)]
ObservableUnit: TypeAlias = Literal["keV", "keVee", "PE"]
