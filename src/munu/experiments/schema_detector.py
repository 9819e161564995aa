"""The ``[detector]`` section: what is measured, and how well."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias, final

import numpy as np
from pydantic import Field

from munu.detectors.detector import Detector
from munu.detectors.quenching import Unquenched
from munu.errors import MunuError
from munu.experiments.context import Context
from munu.experiments.fields import (
    IonisationEnergy,
    LightYield,
    Photoelectrons,
    RecoilEnergy,
    Section,
    choice,
)
from munu.experiments.schema_bins import BinsSection
from munu.experiments.schema_efficiency import EfficiencySection
from munu.experiments.schema_quenching import QuenchingSection
from munu.experiments.schema_resolution import (
    PhotoelectronResolutionSection,
    ResolutionSection,
)
from munu.typing import FloatArray

LEAST_RECOIL_KEV: Final = 1e-9
"""Far below the energy of one phonon in a crystal."""


class _Measured(Section):
    """What every observable has in common."""

    bins: BinsSection | None = None
    recoil_threshold: RecoilEnergy | None = None
    efficiency: EfficiencySection

    def _edges(self, unit: str, threshold: float | None, upper: float | None) -> FloatArray:
        """Return the bin edges: explicit ones, or one bin from the threshold up."""
        if (self.bins is None) == (threshold is None):
            raise MunuError(
                "state either 'threshold' or 'bins'",
                f'Write threshold = "1 {unit}" or bins = {{ kind = "edges", ... }}',
            )
        if self.bins is not None:
            if upper is not None:
                raise MunuError("'upper' beside 'bins'", "The last bin edge is the upper end")
            return self.bins.edges_in(unit)
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
class Recoil(_Measured):
    """The recoil energy itself is the observable."""

    observable: Literal["recoil"]
    threshold: RecoilEnergy | None = None
    upper: RecoilEnergy | None = None
    resolution: ResolutionSection

    def build(self, context: Context) -> Detector:
        """Return the detector, without quenching."""
        edges = self._edges("keV", self.threshold, self.upper)
        resolution = self.resolution.build("keV")
        self._check_lowest_recoil(edges, is_sharp=resolution.is_sharp)
        return Detector(
            observable="recoil",
            bin_edges=edges,
            quenching=Unquenched(),
            efficiency=self.efficiency.build("keV", context.folder),
            resolution=resolution,
            recoil_threshold_kev=self.recoil_threshold or 0.0,
        )


@final
class Ionisation(_Measured):
    """The electron-equivalent energy Q(T) T is the observable."""

    observable: Literal["ionisation"]
    threshold: IonisationEnergy | None = None
    upper: IonisationEnergy | None = None
    quenching: QuenchingSection
    resolution: ResolutionSection

    def build(self, context: Context) -> Detector:
        """Return the detector."""
        edges = self._edges("keVee", self.threshold, self.upper)
        resolution = self.resolution.build("keVee")
        self._check_lowest_recoil(edges, is_sharp=resolution.is_sharp)
        return Detector(
            observable="ionisation",
            bin_edges=edges,
            quenching=self.quenching.build(context.folder),
            efficiency=self.efficiency.build("keVee", context.folder),
            resolution=resolution,
            recoil_threshold_kev=self.recoil_threshold or 0.0,
        )


@final
class PhotoelectronCount(_Measured):
    """The number of photoelectrons Y Q(T) T is the observable."""

    observable: Literal["photoelectrons"]
    threshold: Photoelectrons | None = None
    upper: Photoelectrons | None = None
    light_yield: LightYield
    quenching: QuenchingSection
    resolution: PhotoelectronResolutionSection

    def build(self, context: Context) -> Detector:
        """Return the detector."""
        edges = self._edges("PE", self.threshold, self.upper)
        resolution = self.resolution.build("PE", self.light_yield)
        self._check_lowest_recoil(edges, is_sharp=resolution.is_sharp)
        return Detector(
            observable="photoelectrons",
            bin_edges=edges,
            quenching=self.quenching.build(context.folder),
            efficiency=self.efficiency.build("PE", context.folder),
            resolution=resolution,
            light_yield_pe_per_kev=self.light_yield,
            recoil_threshold_kev=self.recoil_threshold or 0.0,
        )


DetectorSection: TypeAlias = Annotated[
    Recoil | Ionisation | PhotoelectronCount,
    Field(discriminator="observable"),
    choice("observable"),
]
"""The observables; a new one is a class above and its name here."""
