"""The ``[target]`` section: what recoils, once or several times, each with its own response."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final, TypeAlias, final, get_args

from pydantic import Discriminator, Field, Tag

from munu.base.errors import MunuError, unknown
from munu.detectors.detector import Detector
from munu.experiments.locate import PlacedError
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.context import Context
from munu.experiments.schema.detector import DetectorSection
from munu.experiments.schema.efficiency import EfficiencySection
from munu.experiments.schema.fields import (
    LightYield,
    Mass,
    PositiveNumber,
    Probability,
    RecoilEnergy,
    Section,
)
from munu.experiments.schema.isotopes import IsotopeSection
from munu.experiments.schema.quenching import QuenchingSection
from munu.experiments.schema.resolution import PhotoelectronResolutionSection
from munu.experiments.schema.response import MatrixSection
from munu.physics.nuclei import Target, parse_material
from munu.physics.own_isotopes import with_own_isotopes

RESPONSE: Final = (
    *("quenching", "efficiency", "resolution", "response"),
    *("light_yield", "recoil_threshold"),
)
"""Keys of a target that take the place of the detector's."""


@final
class TargetSection(Section):
    """What the detector is made of; with its own response where it is one of several.

    quenching, efficiency, resolution, response, light_yield and recoil_threshold take the place of
    those of [detector] for its recoils.
    """

    material: str | Annotated[dict[str, PositiveNumber], Field(min_length=1)]
    mass: Mass
    enrichment: dict[str, Probability] | None = None
    isotopes: dict[str, IsotopeSection] = Field(default_factory=dict)
    quenching: QuenchingSection | None = None
    efficiency: EfficiencySection | None = None
    resolution: PhotoelectronResolutionSection | None = None
    response: Annotated[MatrixSection, Choice("model")] | None = None
    light_yield: LightYield | None = None
    recoil_threshold: RecoilEnergy | None = None

    def build(self, path: tuple[str, ...] = ("target",)) -> Target:
        """Return the nuclei; `MunuError` names an own isotope that is not among them."""
        own = [section.build(name, path) for name, section in self.isotopes.items()]
        target = parse_material(self.material, self.enrichment, with_own_isotopes(own))
        held = {nucleus.name for nucleus, _ in target.fractions}
        for name in self.isotopes:
            if name not in held:
                text = f"the material has no {name}, which target.isotopes states"
                raise PlacedError(
                    (*path, "isotopes", name),
                    MunuError(text, "Name it in the material, give it an abundance, or leave it"),
                )
        return target

    def stated(self) -> dict[str, Any]:
        """Return the parts of the response that are its own, by key."""
        return {key: getattr(self, key) for key in RESPONSE if getattr(self, key) is not None}

    def detector(self, general: DetectorSection) -> DetectorSection:
        """Return the section of the detector as it is for recoils of this target.

        Raises
        ------
        MunuError
            For a part that a detector of this observable does not have.
        """
        own = self.stated()
        for key, value in own.items():
            if key not in type(general).model_fields:
                raise _absent(key, general)
            if isinstance(value, Section):
                check_model(key, value, general, "a target")
        return general.model_copy(update=own)


def _absent(key: str, general: DetectorSection) -> MunuError:
    """Return the error of a part of the response that the detector does not have."""
    is_matrix = hasattr(general, "response")
    if is_matrix or key == "response":
        by = "a matrix" if is_matrix else "its parts"
        return MunuError(
            f"the target has its own {key}, and [detector] states its response by {by}",
            f"Leave {key} out, or state the detector's in the same way",
        )
    return MunuError(
        f"the target has its own {key}, and a detector whose observable is {general.observable} has"
        " none",
        f"Leave {key} out",
    )


def check_model(part: str, section: Section, detector: DetectorSection, where: str) -> None:
    """Raise `MunuError` for a model of a part of the response that the observable does not take.

    Parameters
    ----------
    part : str
        Key of the detector.
    section : Section
        What stands for it elsewhere.
    detector : DetectorSection
    where : str
        What it stands in, for the message.
    """
    annotation = type(detector).model_fields[part].annotation
    models = {_model(taken): taken for taken in get_args(annotation) or (annotation,)}
    name = _model(type(section))
    if name not in models:
        where = f"{where}, where the observable is {detector.observable}"
        raise unknown(f"{part} model", name, models, where=where)


def _model(section: type[Section]) -> str:
    """Return the name of a section's model."""
    (name,) = get_args(section.model_fields["model"].annotation)
    return str(name)


def _how_many(table: object) -> str:
    """Return whether a value is one target or a list of them."""
    return "as a list" if isinstance(table, list) else "as one"


TargetsSection: TypeAlias = Annotated[
    Annotated[TargetSection, Tag("as one")]
    | Annotated[list[TargetSection], Field(min_length=1), Tag("as a list")],
    Discriminator(_how_many),
]
"""One target, [target], or several, each [[target]]."""


def each_target(
    sections: TargetSection | list[TargetSection],
) -> list[tuple[tuple[str, ...], TargetSection]]:
    """Return the targets of a file, each with its path."""
    if not isinstance(sections, list):
        return [(("target",), sections)]
    return [(("target", str(i)), one) for i, one in enumerate(sections)]


def build_targets(sections: TargetSection | list[TargetSection]) -> list[Target]:
    """Return the nuclei of each target; a mistake is placed in its table."""
    found = []
    for path, section in each_target(sections):
        try:
            found.append(section.build(path))
        except PlacedError:
            raise
        except MunuError as error:
            raise PlacedError(path, error) from error
    return found


def build_detectors(
    sections: TargetSection | list[TargetSection], general: DetectorSection, context: Context
) -> list[Detector]:
    """Return the response to recoils of each target.

    Raises
    ------
    PlacedError
        For a part that the detector lacks, and a response of other bins than those of the first.
    """
    found: list[Detector] = []
    for path, section in each_target(sections):
        try:
            own = section.detector(general).build(context)
            check_bins(own, found or [own])
        except PlacedError:
            raise
        except MunuError as error:
            place = path if section.stated() else ("detector",)
            raise PlacedError(place, error) from error
        found.append(own)
    return found


def check_bins(own: Detector, others: Sequence[Detector]) -> None:
    """Raise `MunuError` for a response with another number of bins than the first target's."""
    if own.n_bins != others[0].n_bins:
        raise MunuError(
            f"the response of a target has {own.n_bins} bins, that of the first {others[0].n_bins}",
            "Give both the same axes",
        )
