"""An experiment file's sections together: strict models at the border, frozen data inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, TypeAlias, final

from pydantic import Field

from munu.base.errors import MunuError
from munu.experiments.locate import PlacedError
from munu.experiments.model import CountingExperiment, Identity, Measurement, MomentBound
from munu.experiments.schema.axes import AxisSection
from munu.experiments.schema.context import Context
from munu.experiments.schema.detector import DetectorSection
from munu.experiments.schema.events import EventsSection
from munu.experiments.schema.fields import Duration, Mass, PositiveNumber, Probability, Section
from munu.experiments.schema.interaction import InteractionSection, MixingSection
from munu.experiments.schema.isotopes import IsotopeSection, check_sources
from munu.experiments.schema.nuclear import atomic_notes, build_atomic, build_nuclear_model
from munu.experiments.schema.response import check_recoils
from munu.experiments.schema.source import SourcesSection, build_sources
from munu.experiments.schema.statistic import BoundSection, StatisticSection
from munu.experiments.schema.unbinned import in_cells
from munu.experiments.schema.variants import VariantSection, check_beams
from munu.experiments.tables import Folder
from munu.physics.nuclei import Target, parse_material
from munu.physics.own_isotopes import with_own_isotopes
from munu.sources.base import Source

FORMAT = 1
"""Version of the file format."""

SECTIONS = (
    "source",
    "target",
    "exposure",
    "detector",
    "axes",
    "variants",
    "interaction",
    "statistic",
)


@contextmanager
def building(section: str) -> Iterator[None]:
    """Name the section in errors raised while it is built."""
    try:
        yield
    except PlacedError:
        raise
    except MunuError as error:
        raise PlacedError((section,), error) from error


@final
class TargetSection(Section):
    """What the detector is made of."""

    material: str | Annotated[dict[str, PositiveNumber], Field(min_length=1)]
    mass: Mass
    enrichment: dict[str, Probability] | None = None
    isotopes: dict[str, IsotopeSection] = Field(default_factory=dict)

    def build(self) -> Target:
        """Return the nuclei; `MunuError` names an own isotope that is not among them."""
        own = [section.build(name) for name, section in self.isotopes.items()]
        target = parse_material(self.material, self.enrichment, with_own_isotopes(own))
        held = {nucleus.name for nucleus, _ in target.fractions}
        for name in self.isotopes:
            if name not in held:
                text = f"the material has no {name}, which target.isotopes states"
                raise PlacedError(
                    ("target", "isotopes", name),
                    MunuError(text, "Name it in the material, give it an abundance, or leave it"),
                )
        return target


@final
class ExposureSection(Section):
    """How long it counts."""

    live_time: Duration


class _CountingSections(Section):
    """A detector that counts, without its statistic."""

    source: SourcesSection
    target: TargetSection
    exposure: ExposureSection
    detector: DetectorSection
    axes: dict[str, AxisSection] = Field(default_factory=dict)
    variants: dict[str, VariantSection] = Field(default_factory=dict)
    interaction: InteractionSection
    statistic: StatisticSection | BoundSection

    def build_counting(self, identity: Identity, folder: Folder) -> CountingExperiment:
        """Return the experiment, its sections built in the order in which they need each other."""
        with building("interaction"):
            mixing = self.interaction.build_mixing()
            recoils = self.interaction.build_channels()
            form_factor = self.interaction.form_factor.build()
            couplings = self.interaction.build_couplings()
            electron_couplings = self.interaction.build_electron_couplings()
        context = Context(folder, mixing, self.exposure.live_time)
        with building("source"):
            source = build_sources(self.source, context)
        with building("target"):
            target = self.target.build()
            check_sources(identity.provenance)
        with building("detector"):
            detector = self.detector.build(context)
        with building("axes"):
            axes = tuple(axis.build(name, folder) for name, axis in self.axes.items())
        with building("variants"):
            nominal = Measurement(detector, axes)
            variants = tuple(
                variant.build(name, nominal, self.detector, self.axes, context)
                for name, variant in self.variants.items()
            )
            if any(side.flux_factors for v in variants for side in (v.minus, v.plus)):
                check_beams(variants, {one.beam for one in source.components(mixing)})
        for measurement in (nominal, *(m for v in variants for m in (v.minus, v.plus))):
            check_recoils(measurement.detector, recoils)
        context = context.with_bins(detector, axes)
        with building("statistic"):
            statistic = self.statistic.build(context)
        with building("interaction"):
            nuclear_model = build_nuclear_model(self.interaction, target, form_factor)
            atomic = build_atomic(self.interaction, target, detector)
        notes = (*identity.notes, *atomic_notes(atomic, target))
        experiment = CountingExperiment(
            identity=replace(identity, notes=notes),
            source=source,
            target=target,
            mass_kg=self.target.mass,
            live_time_s=self.exposure.live_time,
            detector=detector,
            form_factor=form_factor,
            couplings=couplings,
            statistic=statistic,
            mixing=mixing,
            recoils=recoils,
            axes=axes,
            variants=variants,
            electron_couplings=electron_couplings,
            nuclear_model=nuclear_model,
            atomic=atomic,
        )
        events = getattr(self.statistic, "observed", None)
        if not isinstance(events, EventsSection) or not events.unbinned:
            return experiment
        try:
            return in_cells(experiment, events, context)
        except MunuError as error:
            raise PlacedError(("statistic", "observed"), error) from error


@final
class CountingDocument(_CountingSections):
    """A detector that counts."""

    statistic: StatisticSection

    def build(self, identity: Identity, folder: Folder) -> CountingExperiment:
        """Return the experiment that the file describes."""
        return self.build_counting(identity, folder)


@final
class BoundDocument(Section):
    """A published bound on the moment of a source."""

    source: SourcesSection
    interaction: MixingSection
    statistic: BoundSection

    def build(self, identity: Identity, folder: Folder) -> MomentBound:
        """Return the bound; it has a source and a mixing, and no detector."""
        with building("interaction"):
            context = Context(folder, self.interaction.build_mixing())
        with building("source"):
            source = build_sources(self.source, context)
        return _moment_bound(self.statistic, identity, source, context)


@final
class CountingBoundDocument(_CountingSections):
    """A published bound on the moment of a source, and the detector whose events it is from."""

    statistic: BoundSection

    def build(self, identity: Identity, folder: Folder) -> MomentBound:
        """Return the bound, with the detector whose events it is from."""
        counting = self.build_counting(identity, folder)
        context = Context(folder, counting.mixing)
        return _moment_bound(self.statistic, identity, counting.source, context, counting)


def _moment_bound(
    section: BoundSection,
    identity: Identity,
    source: Source,
    context: Context,
    counting: CountingExperiment | None = None,
) -> MomentBound:
    with building("statistic"):
        return MomentBound(
            identity=identity,
            source=source,
            statistic=section.build(context),
            mixing=context.mixing,
            beams=tuple(section.beams or ()),
            counting=counting,
        )


Document: TypeAlias = CountingDocument | BoundDocument | CountingBoundDocument


def document_of(content: Mapping[str, object]) -> type[Document]:
    """Return the model of a file's sections: a bound counts if it states any part of a detector."""
    statistic = content.get("statistic")
    if not isinstance(statistic, dict) or statistic.get("kind") != "bound":
        return CountingDocument
    counts = CountingBoundDocument.model_fields.keys() - BoundDocument.model_fields
    return CountingBoundDocument if counts & content.keys() else BoundDocument
