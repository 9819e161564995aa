"""The ``[variants]`` section: shape uncertainties as a measurement one sigma below and above."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, final

from pydantic import Field

from munu.base.errors import MunuError, unknown
from munu.base.units import Range
from munu.experiments.locate import PlacedError
from munu.experiments.model import Measurement, Variant
from munu.experiments.schema.axes import AxisSection
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.context import Context
from munu.experiments.schema.detector import DetectorSection
from munu.experiments.schema.efficiency import EfficiencySection
from munu.experiments.schema.fields import Section, quantity
from munu.experiments.schema.quenching import QuenchingSection
from munu.experiments.schema.resolution import PhotoelectronResolutionSection
from munu.experiments.schema.response import MatrixSection
from munu.experiments.schema.targets import TargetSection, check_model, each_target

if TYPE_CHECKING:
    from munu.detectors.axes import Axis

FluxFactor: TypeAlias = Annotated[float, quantity("number", Range(0, 100))]
"""What a variant multiplies a flux by."""

PARTS = ("quenching", "efficiency", "resolution", "response")


@final
class SideSection(Section):
    """What differs from the nominal measurement; an axis replaces the one of its name.

    fluxes are factors of the fluxes of beams, such as { 7Be = 1.06 }.
    """

    quenching: QuenchingSection | None = None
    efficiency: EfficiencySection | None = None
    resolution: PhotoelectronResolutionSection | None = None
    response: Annotated[MatrixSection, Choice("model")] | None = None
    axes: dict[str, AxisSection] | None = None
    fluxes: dict[str, FluxFactor] | None = None

    def parts(self) -> dict[str, Any]:
        """Return the parts of the response that differ, by key."""
        return {part: getattr(self, part) for part in PARTS if getattr(self, part) is not None}

    def varies(self) -> bool:
        """Whether anything differs."""
        return bool(self.parts() or self.axes or self.fluxes)

    def build(
        self,
        nominal: Measurement,
        detector: DetectorSection,
        axes: dict[str, AxisSection],
        context: Context,
        kept: Collection[str] = (),
    ) -> Measurement:
        """Return the nominal measurement with the stated parts replaced, but for those kept."""
        parts = {part: section for part, section in self.parts().items() if part not in kept}
        for part, section in parts.items():
            _check_part(part, section, detector)
        for name in self.axes or {}:
            if name not in axes:
                raise unknown("axis", name, axes, where="a variant")
        varied = detector.model_copy(update=parts).build(context) if parts else nominal.detector
        if varied.n_bins != nominal.detector.n_bins:
            raise MunuError(
                f"the response of a variant has {varied.n_bins} bins, that of the experiment"
                f" {nominal.detector.n_bins}",
                "Give both the same axes",
            )
        return Measurement(
            varied,
            tuple(self._varied(axis, varied.unit, context) for axis in nominal.axes),
            tuple((self.fluxes or {}).items()),
        )

    def _varied(self, nominal: Axis, unit: str, context: Context) -> Axis:
        """Return the axis that stands for a nominal one: it has as many bins."""
        section = (self.axes or {}).get(nominal.name)
        if section is None:
            return nominal
        axis = section.build(nominal.name, context.folder, unit)
        if axis.n_bins != nominal.n_bins:
            raise MunuError(
                f"the axis '{axis.name}' of a variant has {axis.n_bins} bins, that of the"
                f" experiment {nominal.n_bins}",
                "Give both the same number of bins",
            )
        return axis


def _check_part(part: str, section: Section, detector: DetectorSection) -> None:
    """Raise `MunuError` for a part that the detector does not have, or a model it does not take."""
    if part not in type(detector).model_fields:
        raise MunuError(
            f"the {part} is varied, and the detector has none", "Leave it out of the variant"
        )
    check_model(part, section, detector, "a variant")


@final
class VariantSection(Section):
    """A shape uncertainty; a side left out is the nominal measurement (a one-sided effect).

    Of several targets it varies those that do not state what is varied themselves, or the one whose
    number, from 1, is target.
    """

    minus: SideSection | None = None
    plus: SideSection | None = None
    target: Annotated[int, Field(ge=1)] | None = None

    def parts(self) -> set[str]:
        """Return the parts of the response that either side varies."""
        return {part for side in (self.minus, self.plus) if side for part in side.parts()}

    def build(
        self,
        name: str,
        nominal: Measurement,
        detector: DetectorSection,
        axes: dict[str, AxisSection],
        context: Context,
        kept: Collection[str],
    ) -> Variant:
        """Return the variant under its name; a missing side is the nominal measurement.

        What is kept of the response of a target is not varied.
        """
        sides = [
            nominal if side is None else side.build(nominal, detector, axes, context, kept)
            for side in (self.minus, self.plus)
        ]
        return Variant(name, *sides)

    def kept(self, number: int, targets: Sequence[TargetSection]) -> Collection[str]:
        """Return the parts of the response of a target, by its number from 0, that stay."""
        if self.target is None:
            return targets[number].stated()
        return () if number == self.target - 1 else PARTS

    def check(self, targets: Sequence[TargetSection]) -> None:
        """Raise `MunuError` for a variant of nothing, or of a target that is not there."""
        if not any(side and side.varies() for side in (self.minus, self.plus)):
            raise MunuError(
                "the variant varies nothing", f"Vary {', '.join((*PARTS, 'axes', 'fluxes'))}"
            )
        if self.target is not None and self.target > len(targets):
            raise MunuError(
                f"a variant is of target {self.target}, and there are {len(targets)}",
                f"Allowed: 1 to {len(targets)}",
            )
        if self.target is not None and not self.parts():
            raise MunuError(
                "a variant of one target varies no part of its response",
                f"Vary {', '.join(PARTS)}, or leave target out",
            )
        for part in self.parts():
            if all(part in self.kept(i, targets) for i in range(len(targets))):
                raise MunuError(
                    f"the {part} is varied, and each target states its own",
                    f"Name the target by its number: target = 1, up to {len(targets)}",
                )


def build_variants(
    sections: Mapping[str, VariantSection],
    nominals: Sequence[Measurement],
    target: TargetSection | list[TargetSection],
    detector: DetectorSection,
    axes: dict[str, AxisSection],
    context: Context,
) -> list[tuple[Variant, ...]]:
    """Return the variants of the measurement of each target.

    Raises
    ------
    MunuError
        As `VariantSection.check`, and for what the sides of a variant refuse.
    """
    targets = [one for _, one in each_target(target)]
    for name, section in sections.items():
        try:
            section.check(targets)
        except MunuError as error:
            raise PlacedError(("variants", name), error) from error
    return [
        tuple(
            section.build(
                name, nominal, own.detector(detector), axes, context, section.kept(i, targets)
            )
            for name, section in sections.items()
        )
        for i, (own, nominal) in enumerate(zip(targets, nominals, strict=True))
    ]


def check_beams(variants: Sequence[Variant], beams: Collection[str]) -> None:
    """Raise `MunuError` for a variant of the flux of a beam that the source does not have."""
    for variant in variants:
        for side in (variant.minus, variant.plus):
            for beam, _ in side.flux_factors:
                if beam not in beams:
                    raise unknown("beam", beam, beams, where=f"the variant '{variant.name}'")
