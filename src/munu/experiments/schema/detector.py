"""The ``[detector]`` section: what is measured, and how well."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias, final

import numpy as np
from pydantic import Discriminator, Tag

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.detectors.detector import UNITS, Detector, Observable
from munu.detectors.efficiency import Flat
from munu.detectors.quenching import Quenching, Unquenched
from munu.detectors.resolution import Perfect
from munu.experiments.locate import PlacedError
from munu.experiments.schema.bins import BinsSection
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.context import Context
from munu.experiments.schema.efficiency import EfficiencySection
from munu.experiments.schema.fields import (
    IonisationEnergy,
    LightYield,
    Photoelectrons,
    RecoilEnergy,
    Section,
)
from munu.experiments.schema.quenching import QuenchingSection
from munu.experiments.schema.resolution import (
    PhotoelectronResolutionSection,
    ResolutionSection,
)
from munu.experiments.schema.response import MatrixSection
from munu.experiments.tables import Folder

LEAST_RECOIL_KEV: Final = 1e-9
"""Far below the energy of one phonon in a crystal."""


class _MeasuredSection(Section):
    """What every observable has in common."""

    observable: Observable
    threshold: float | None = None
    upper: float | None = None
    bins: BinsSection | None = None
    recoil_threshold: RecoilEnergy | None = None
    efficiency: EfficiencySection
    resolution: ResolutionSection | PhotoelectronResolutionSection

    def _detector(
        self, context: Context, quenching: Quenching, light_yield: float = 1.0
    ) -> Detector:
        unit = UNITS[self.observable]
        edges = self._edges(unit, context.folder)
        resolution = self.resolution.build(unit, light_yield, context.folder)
        self._check_lowest_recoil(edges, is_sharp=resolution.is_sharp)
        return Detector(
            observable=self.observable,
            bin_edges=edges,
            quenching=quenching,
            efficiency=self.efficiency.build(unit, context.folder),
            resolution=resolution,
            light_yield_pe_per_kev=light_yield,
            recoil_threshold_kev=self.recoil_threshold or 0.0,
        )

    def _edges(self, unit: str, folder: Folder) -> FloatArray:
        """Return the bin edges: explicit ones, or one bin from the threshold up."""
        threshold, upper = self.threshold, self.upper
        if (self.bins is None) == (threshold is None):
            raise MunuError(
                "state either 'threshold' or 'bins'",
                f'Write threshold = "1 {unit}" or bins = {{ kind = "edges", ... }}',
            )
        if self.bins is not None:
            if upper is not None:
                raise MunuError("'upper' beside 'bins'", "The last bin edge is the upper end")
            return self.bins.edges_in(unit, folder)
        top = np.inf if upper is None else upper
        if top <= (threshold or 0.0):
            raise MunuError(
                f"the upper end {top:g} {unit} is not above the threshold {threshold:g} {unit}",
                "Give upper > threshold, or leave upper out",
            )
        return np.array([threshold, top], float)

    def _check_lowest_recoil(self, edges: FloatArray, *, is_sharp: bool) -> None:
        """Keep the dipole rate, which grows as 1/T, away from T = 0."""
        if (self.recoil_threshold or 0.0) >= LEAST_RECOIL_KEV:
            return
        if is_sharp and edges[0] >= LEAST_RECOIL_KEV and not self.recoil_threshold:
            return
        why = "starts at 0" if is_sharp else "is smeared by its resolution"
        raise MunuError(
            f"the detector {why}, so recoils of any energy would count",
            'Give recoil_threshold, the least recoil that can be seen, as in "0.1 keV"; the dipole'
            f" rate grows as 1/T, and {LEAST_RECOIL_KEV:g} keV is the least allowed",
        )


@final
class RecoilSection(_MeasuredSection):
    """The recoil energy itself is the observable."""

    observable: Literal["recoil"]
    threshold: RecoilEnergy | None = None
    upper: RecoilEnergy | None = None
    resolution: ResolutionSection

    def build(self, context: Context) -> Detector:
        """Return the detector, without quenching."""
        return self._detector(context, Unquenched())


@final
class IonisationSection(_MeasuredSection):
    """The electron-equivalent energy Q(T) T is the observable."""

    observable: Literal["ionisation"]
    threshold: IonisationEnergy | None = None
    upper: IonisationEnergy | None = None
    quenching: QuenchingSection
    resolution: ResolutionSection

    def build(self, context: Context) -> Detector:
        """Return the detector; its observable is in keVee."""
        return self._detector(context, self.quenching.build(context.folder))


@final
class PhotoelectronSection(_MeasuredSection):
    """The number of photoelectrons Y Q(T) T is the observable."""

    observable: Literal["photoelectrons"]
    threshold: Photoelectrons | None = None
    upper: Photoelectrons | None = None
    light_yield: LightYield
    quenching: QuenchingSection
    resolution: PhotoelectronResolutionSection

    def build(self, context: Context) -> Detector:
        """Return the detector; its observable is in photoelectrons, the light yield times keVee."""
        quenching = self.quenching.build(context.folder)
        return self._detector(context, quenching, self.light_yield)


@final
class MatrixDetectorSection(Section):
    """A detector whose response is a matrix: it has no quenching, efficiency or resolution."""

    observable: Observable
    bins: BinsSection
    recoil_threshold: RecoilEnergy | None = None
    response: Annotated[MatrixSection, Choice("model")]

    def build(self, context: Context) -> Detector:
        """Return the detector; its bins are those of the columns of the matrix."""
        try:
            return self._build(context)
        except MunuError as error:
            raise PlacedError(("detector", "response"), error) from error

    def _build(self, context: Context) -> Detector:
        return Detector(
            observable=self.observable,
            bin_edges=self.bins.edges_in(UNITS[self.observable], context.folder),
            quenching=Unquenched(),
            efficiency=Flat(1.0),
            resolution=Perfect(),
            recoil_threshold_kev=self.recoil_threshold or 0.0,
            matrix=self.response.build(context),
        )


_Parts: TypeAlias = Annotated[
    RecoilSection | IonisationSection | PhotoelectronSection,
    Choice("observable"),
]
"""The observables; a new one is a class above and its name here."""


def _how(table: object) -> str:
    """Return which of the two kinds of detector a table is."""
    stated = table if isinstance(table, dict) else getattr(table, "__dict__", {})
    return "as a matrix" if "response" in stated else "by its parts"


DetectorSection: TypeAlias = Annotated[
    Annotated[MatrixDetectorSection, Tag("as a matrix")] | Annotated[_Parts, Tag("by its parts")],
    Discriminator(_how),
]
"""A detector by its quenching, efficiency and resolution, or with all of them in a matrix."""


def written_unit(section: DetectorSection) -> str:
    """Return the unit that the bins of a detector are written in; empty for a threshold."""
    return section.bins.unit if section.bins is not None else ""
