"""``efficiency`` of a detector: one class per model of `munu.detectors.efficiency`."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, final

from pydantic import Field

from munu.base.units import PROBABILITY
from munu.detectors import efficiency
from munu.experiments.schema.bins import scale_of
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.fields import (
    Number,
    ObservableUnit,
    Pair,
    PositiveFraction,
    PositiveNumber,
    Section,
)
from munu.experiments.schema.table import TableSection
from munu.experiments.tables import Folder


@final
class FlatEfficiencySection(Section):
    """One number at every energy."""

    model: Literal["flat"]
    fraction: PositiveFraction

    def build(self, unit: str, folder: Folder) -> efficiency.Efficiency:
        """Return the constant, which needs no unit."""
        return efficiency.Flat(self.fraction)


@final
class StepsSection(Section):
    """Constant between steps, as of detectors with several thresholds."""

    model: Literal["steps"]
    steps: list[Pair]
    unit: ObservableUnit

    def build(self, unit: str, folder: Folder) -> efficiency.Efficiency:
        """Return the steps; `MunuError` unless they are in a unit of the observable."""
        scale = scale_of("numbers of the efficiency", self.unit, unit)
        return efficiency.Steps(tuple((scale * start, value) for start, value in self.steps))


@final
class LogisticSection(Section):
    """Eq. (29) of arXiv:1905.03750, with its steps, Eq. (30)."""

    model: Literal["logistic"]
    plateau: PositiveNumber
    slope: PositiveNumber
    midpoint: Number
    offset: Number = 0.0
    steps: list[Pair] = Field(default_factory=list)
    unit: ObservableUnit

    def build(self, unit: str, folder: Folder) -> efficiency.Efficiency:
        """Return the curve; `MunuError` unless it is in a unit of the observable."""
        scale = scale_of("numbers of the efficiency", self.unit, unit)
        return efficiency.Logistic(
            plateau=self.plateau,
            slope=self.slope / scale,
            midpoint=self.midpoint * scale,
            offset=self.offset,
            steps=tuple((scale * start, height) for start, height in self.steps),
        )


@final
class EfficiencyTableSection(TableSection):
    """Interpolation of a CSV file or of pairs (x, efficiency)."""

    model: Literal["table"]
    unit: ObservableUnit

    def build(self, unit: str, folder: Folder) -> efficiency.Efficiency:
        """Return the table; `MunuError` unless it is in a unit of the observable, from 0 to 1."""
        scale = scale_of("numbers of the efficiency", self.unit, unit)
        x, values = self.pairs(folder, self.unit, PROBABILITY, key="unit")
        x = tuple(scale * one for one in x)
        return efficiency.TabulatedEfficiency(x, values, self.interpolation)


EfficiencySection: TypeAlias = Annotated[
    FlatEfficiencySection | StepsSection | LogisticSection | EfficiencyTableSection,
    Choice("model"),
]
"""The efficiencies; a new one is a class above and its name here."""
