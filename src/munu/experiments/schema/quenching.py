"""``quenching`` of a detector: one class per model of `munu.detectors.quenching`."""

from __future__ import annotations

from math import inf
from typing import Annotated, Literal, TypeAlias, final

from pydantic import Field

from munu.base.errors import MunuError
from munu.base.units import PROBABILITY
from munu.detectors import quenching
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.fields import (
    Number,
    PositiveFraction,
    PositiveNumber,
    RecoilEnergy,
    Section,
)
from munu.experiments.schema.table import TableSection
from munu.experiments.tables import Folder


@final
class NoQuenchingSection(Section):
    """The recoil energy is seen in full, or the light yield is per recoil energy."""

    model: Literal["none"]

    def build(self, folder: Folder) -> quenching.Quenching:
        """Return Q = 1."""
        return quenching.Unquenched()


@final
class LindhardSection(Section):
    """Lindhard theory, Eq. (26) of arXiv:1905.03750; kappa if it is not 0.133 Z^(2/3) A^(-1/2)."""

    model: Literal["lindhard"]
    kappa: PositiveNumber | None = None

    def build(self, folder: Folder) -> quenching.Quenching:
        """Return Lindhard's Q(T), with the standard κ unless one is stated."""
        return quenching.Lindhard(self.kappa)


@final
class ConstantQuenchingSection(Section):
    """One factor at every energy."""

    model: Literal["constant"]
    factor: PositiveFraction

    def build(self, folder: Folder) -> quenching.Quenching:
        """Return a polynomial of degree zero, valid everywhere."""
        return quenching.Polynomial((self.factor,))


class _FittedSection(Section):
    """A fit with the recoil energies it covers."""

    valid_from: RecoilEnergy
    valid_to: RecoilEnergy | None = None

    def _polynomial(self, coefficients: tuple[float, ...]) -> quenching.Quenching:
        valid = (self.valid_from, inf if self.valid_to is None else self.valid_to)
        if valid[0] >= valid[1]:
            raise MunuError("valid_from is not below valid_to", "Give an increasing range")
        if not any(coefficients):
            raise MunuError("every coefficient of the quenching is zero", "Give one above zero")
        return quenching.Polynomial(coefficients, valid)


@final
class LinearQuenchingSection(_FittedSection):
    """Q = intercept + slope T, with T in keV."""

    model: Literal["linear"]
    intercept: Number
    slope_per_kev: Number

    def build(self, folder: Folder) -> quenching.Quenching:
        """Return a polynomial of degree one in the range that was fitted."""
        return self._polynomial((self.intercept, self.slope_per_kev))


@final
class PolynomialQuenchingSection(_FittedSection):
    """Q = c₀ + c₁ T + ..., with T in keV."""

    model: Literal["polynomial"]
    coefficients_per_kev_power: Annotated[list[Number], Field(min_length=1, max_length=12)]

    def build(self, folder: Folder) -> quenching.Quenching:
        """Return the polynomial in the range that was fitted."""
        return self._polynomial(tuple(self.coefficients_per_kev_power))


@final
class QuenchingTableSection(TableSection):
    """Interpolation of a CSV file or of pairs (T in keV, Q)."""

    model: Literal["table"]

    def build(self, folder: Folder) -> quenching.Quenching:
        """Return the table; `MunuError` for a factor outside 0 to 1."""
        pairs = self.pairs(folder, "keV", PROBABILITY)
        return quenching.TabulatedQuenching(*pairs, self.interpolation)


QuenchingSection: TypeAlias = Annotated[
    NoQuenchingSection
    | LindhardSection
    | ConstantQuenchingSection
    | LinearQuenchingSection
    | PolynomialQuenchingSection
    | QuenchingTableSection,
    Choice("model"),
]
"""The quenching models; a new one is a class above and its name here."""
