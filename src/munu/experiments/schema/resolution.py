"""``resolution`` of a detector: one class per model of `munu.detectors.resolution`."""

from __future__ import annotations

from math import sqrt
from typing import Annotated, Literal, TypeAlias, final

from munu import detectors
from munu.detectors import resolution
from munu.experiments.schema.bins import scale_of
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.fields import Count, ObservableUnit, PositiveNumber, Section
from munu.experiments.schema.table import TableSection
from munu.experiments.tables import Folder


@final
class PerfectSection(Section):
    """The mean itself is measured."""

    model: Literal["perfect"]

    def build(self, unit: str, light_yield: float, folder: Folder) -> resolution.Resolution:
        """Return a resolution without width."""
        return resolution.Perfect()


@final
class GaussianResolutionSection(Section):
    """A Gaussian with σ² = noise² + stochastic² x + (proportional x)², or σ their linear sum."""

    model: Literal["gaussian"]
    noise: Count
    stochastic: Count
    proportional: Count
    unit: ObservableUnit
    renormalised: bool | None = None
    combination: resolution.Combination = "quadrature"

    def build(self, unit: str, light_yield: float, folder: Folder) -> resolution.Resolution:
        """Return the Gaussian; `MunuError` unless it is in a unit of the observable."""
        scale = scale_of("numbers of the resolution", self.unit, unit)
        return resolution.Gaussian(
            self.noise * scale,
            self.stochastic * sqrt(scale),
            self.proportional,
            renormalised=bool(self.renormalised),
            combination=self.combination,
        )


@final
class ResolutionTableSection(TableSection):
    """A Gaussian whose σ is a CSV file or pairs (x, σ) in the unit of the observable.

    With relative = true the second column is σ/x.
    """

    model: Literal["table"]
    unit: ObservableUnit
    relative: bool | None = None

    def build(self, unit: str, light_yield: float, folder: Folder) -> resolution.Resolution:
        """Return the Gaussian; `MunuError` unless it is in a unit of the observable."""
        scale = scale_of("numbers of the resolution", self.unit, unit)
        pairs = self.pairs(folder, self.unit, key="unit")
        x, width = (tuple(scale * one for one in column) for column in pairs)
        if not self.relative:
            self.check_unit_of("y", folder, self.unit, key="unit")
        if self.relative:
            width = tuple(x * part / scale for x, part in zip(x, width, strict=True))
        return detectors.tabulated_resolution.TabulatedWidth(x, width, self.interpolation)


@final
class PoissonResolutionSection(Section):
    """Poisson fluctuation of the number n of photoelectrons; the efficiency is that at n + 1/2."""

    model: Literal["poisson"]

    def build(self, unit: str, light_yield: float, folder: Folder) -> resolution.Resolution:
        """Return the Poisson distribution, which is for photoelectrons alone."""
        return resolution.PoissonPhotoelectrons()


@final
class GammaSection(Section):
    """The Gamma distribution of the COHERENT CsI release, arXiv:2110.07730."""

    model: Literal["gamma"]
    beta_per_keVee: PositiveNumber

    def build(self, unit: str, light_yield: float, folder: Folder) -> resolution.Resolution:
        """Return the Gamma distribution with the light yield (PE/keVee) of the detector."""
        return resolution.Gamma(self.beta_per_keVee, light_yield)


ResolutionSection: TypeAlias = Annotated[
    PerfectSection | GaussianResolutionSection | ResolutionTableSection,
    Choice("model"),
]
"""The resolutions in energy; a new one is a class above and its name here."""

PhotoelectronResolutionSection: TypeAlias = Annotated[
    PerfectSection
    | GaussianResolutionSection
    | ResolutionTableSection
    | PoissonResolutionSection
    | GammaSection,
    Choice("model"),
]
"""The resolutions in photoelectrons; a new one is a class above and its name here."""
