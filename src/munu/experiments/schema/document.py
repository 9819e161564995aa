"""An experiment file's sections together: strict models at the border, frozen data inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias, final

from pydantic import Field

from munu.detectors.axes import Axis
from munu.detectors.detector import Detector
from munu.experiments.identity import Identity
from munu.experiments.locate import placed
from munu.experiments.model import (
    CountingExperiment,
    FurtherTarget,
    Measurement,
    MomentBound,
    Variant,
)
from munu.experiments.schema.axes import AxisSection, check_arrivals
from munu.experiments.schema.context import Context
from munu.experiments.schema.detector import DetectorSection, written_unit
from munu.experiments.schema.events import EventsSection
from munu.experiments.schema.fields import Duration, Name, Section
from munu.experiments.schema.interaction import InteractionSection, MixingSection
from munu.experiments.schema.isotopes import check_sources
from munu.experiments.schema.nuclear import atomic_notes, build_atomic, build_nuclear_model
from munu.experiments.schema.response import check_light_yield, check_recoils
from munu.experiments.schema.source import SourcesSection, build_sources
from munu.experiments.schema.statistic import (
    BoundSection,
    StatisticSection,
    check_interpolation,
    check_template,
)
from munu.experiments.schema.targets import (
    TargetsSection,
    build_detectors,
    build_targets,
    each_target,
)
from munu.experiments.schema.unbinned import in_cells
from munu.experiments.schema.variants import VariantSection, build_variants, check_beams
from munu.experiments.tables import Folder
from munu.physics.nuclei import Target
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


@final
class ExposureSection(Section):
    """How long it counts, or the unit of rates."""

    live_time: Duration
    rates: bool = False


class _CountingSections(Section):
    """A detector that counts, without its statistic."""

    source: SourcesSection
    target: TargetsSection
    exposure: ExposureSection
    detector: DetectorSection
    axes: dict[Name, AxisSection] = Field(default_factory=dict)
    variants: dict[Name, VariantSection] = Field(default_factory=dict)
    interaction: InteractionSection
    statistic: StatisticSection | BoundSection

    def build_counting(self, identity: Identity, folder: Folder) -> CountingExperiment:
        """Return the experiment, its sections built in the order in which they need each other."""
        with placed("interaction"):
            mixing = self.interaction.build_mixing()
            recoils = self.interaction.build_channels()
            form_factor = self.interaction.form_factor.build()
            couplings = self.interaction.build_couplings()
            electron_couplings = self.interaction.build_electron_couplings()
        context = Context(folder, mixing, self.exposure.live_time)
        with placed("source"):
            source = build_sources(self.source, context)
        with placed("target"):
            target, *further = build_targets(self.target)
            check_sources(identity.provenance)
        with placed("detector"):
            detector, *detectors = build_detectors(self.target, self.detector, context)
        with placed("axes"):
            axes = tuple(
                axis.build(name, folder, detector.unit) for name, axis in self.axes.items()
            )
        with placed("variants"):
            nominals = [Measurement(one, axes) for one in (detector, *detectors)]
            variants, *varied = build_variants(
                self.variants, nominals, self.target, self.detector, self.axes, context
            )
            if any(side.flux_factors for v in variants for side in (v.minus, v.plus)):
                check_beams(variants, {one.beam for one in source.components(mixing)})
        if axes:
            beams = sorted({one.own_beam for one in source.components(mixing)})
            check_arrivals({("axes",): axes, **_varied_axes(variants)}, beams)
        sides = [s for own in (variants, *varied) for v in own for s in (v.minus, v.plus)]
        for measurement in (*nominals, *sides):
            check_recoils(measurement.detector, recoils)
            check_light_yield(measurement.detector, recoils)
        events = getattr(self.statistic, "observed", None)
        unbinned = events if isinstance(events, EventsSection) and events.unbinned else None
        for measurement in (*nominals, *sides) if unbinned is None else ():
            check_axes(measurement)
        context = context.with_bins(detector, axes, written_unit(self.detector))
        with placed("statistic"):
            statistic = self.statistic.build(context)
            check_template(statistic, recoils)
            check_interpolation(self.statistic, statistic, varied=bool(self.variants))
        with placed("interaction"):
            nuclei = Target(tuple(pair for one in (target, *further) for pair in one.fractions))
            nuclear_model = build_nuclear_model(self.interaction, nuclei, form_factor)
            atomic = build_atomic(self.interaction, nuclei, detector)
        notes = (*identity.notes, *atomic_notes(atomic, nuclei))
        experiment = CountingExperiment(
            identity=replace(identity, notes=notes),
            source=source,
            target=target,
            mass_kg=each_target(self.target)[0][1].mass,
            live_time_s=self.exposure.live_time,
            has_rates=self.exposure.rates,
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
            further_targets=tuple(
                FurtherTarget(one, section.mass, own, tuple(map(_detectors, sides)))
                for one, (_, section), own, sides in zip(
                    further, each_target(self.target)[1:], detectors, varied, strict=True
                )
            ),
        )
        if unbinned is None:
            return experiment
        with placed("statistic", "observed"):
            return in_cells(experiment, unbinned, context)


def check_axes(measurement: Measurement) -> None:
    """Refuse axes whose shares are not those of the events of an energy bin."""
    for axis in measurement.axes:
        with placed("axes", axis.name):
            axis.check_energies(measurement.detector.bin_edges)


def _varied_axes(variants: Sequence[Variant]) -> dict[tuple[str, ...], tuple[Axis, ...]]:
    """Return the axes of each side of each variant, by where they stand in the file."""
    sides = ("minus", "plus")
    return {
        ("variants", one.name, side, "axes"): getattr(one, side).axes
        for one in variants
        for side in sides
    }


def _detectors(variant: Variant) -> tuple[Detector, Detector]:
    return variant.minus.detector, variant.plus.detector


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
        with placed("interaction"):
            context = Context(folder, self.interaction.build_mixing())
        with placed("source"):
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
    with placed("statistic"):
        bound = section.build(context)
        said = (bound.conversion(),) if bound.conversion() else ()
        return MomentBound(
            identity=replace(identity, notes=(*identity.notes, *said)),
            source=source,
            statistic=bound,
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
