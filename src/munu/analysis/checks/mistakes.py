"""Every mistake of an experiment file at once, for ``munu validate``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from munu.analysis.model import moment_model
from munu.base.errors import MunuError
from munu.detectors.cells import TooNarrow
from munu.detectors.detector import UNITS
from munu.experiments.diagnostics import SourceText, findings
from munu.experiments.load import (
    find_experiment,
    header_mistakes,
    loads,
    parse,
    sections,
    with_included,
)
from munu.experiments.locate import PlacedError
from munu.experiments.model import Experiment
from munu.experiments.schema.axes import AxisSection
from munu.experiments.schema.context import Context
from munu.experiments.schema.detector import DetectorSection, written_unit
from munu.experiments.schema.document import (
    BoundDocument,
    CountingDocument,
    Document,
    ExposureSection,
    document_of,
)
from munu.experiments.schema.electrons_only import with_keys_of_nuclei
from munu.experiments.schema.interaction import InteractionSection, MixingSection
from munu.experiments.schema.source import SourcesSection, build_sources
from munu.experiments.schema.statistic import BoundSection, StatisticSection
from munu.experiments.schema.targets import TargetsSection, build_targets
from munu.experiments.setups import setup_names
from munu.experiments.tables import Folder
from munu.experiments.trees import plain
from munu.folding.folded import fold_moment
from munu.physics.assumptions import Assumptions
from munu.physics.mixing import global_fit

PARTS: Final[Mapping[str, Any]] = {
    "source": SourcesSection,
    "target": TargetsSection,
    "exposure": ExposureSection,
    "detector": DetectorSection,
    "axes": dict[str, AxisSection],
    "interaction": InteractionSection,
    "statistic": StatisticSection,
}
"""The sections that can be built without the others, and their models."""


def mistakes(name: str | Path) -> tuple[MunuError, ...]:
    """Return every mistake of an experiment's file, in all its setups.

    What follows from another mistake is left out: a section is built only where its keys are right,
    and the experiment is folded, and its likelihood built, only where its sections are. Of what is
    wrong with numbers that fit their keys, such as rows out of order, one is named per section.

    Parameters
    ----------
    name : str or Path
        As in `munu.load`.

    Raises
    ------
    MunuError
        If the file is missing or not TOML, or its setups are not tables.
    """
    text, label, folder, _ = find_experiment(name)
    raw = parse(text, label)
    source_text = with_included(raw, SourceText(label, text), folder)
    found = list(header_mistakes(raw, source_text))
    for setup in setup_names(raw, source_text):
        own = list(_of_setup(raw, setup, replace(source_text, setup=setup), folder))
        if not (own or found):
            own = list(_of_use(text, replace(source_text, setup=setup), folder))
        found += own
    return tuple({str(error): error for error in found}.values())


def _of_setup(
    raw: Mapping[str, Any], setup: str, source_text: SourceText, folder: Path | None
) -> Iterator[MunuError]:
    """Yield the mistakes in the sections of one setup."""
    try:
        merged = sections(raw, setup, source_text)
    except MunuError as error:
        yield error
        return
    content = plain(merged)
    assert isinstance(content, dict)
    known, wrong = _known(with_keys_of_nuclei(content), source_text)
    yield from wrong
    parts = {name: _part(name, known) for name in PARTS if name in known}
    if "axes" in parts and parts["axes"] is None:
        parts.pop("statistic", None)  # Its bins are not known.
    for found in _of_parts({n: p for n, p in parts.items() if p is not None}, Folder(folder)):
        yield source_text.at(found.path, found)


def _known(
    content: dict[str, Any], source_text: SourceText
) -> tuple[dict[str, Any], list[MunuError]]:
    """Return the sections without keys that nothing knows, and what is wrong with the keys."""
    known = deepcopy(content)
    wrong: list[MunuError] = []
    while True:
        try:
            document_of(known).model_validate(known)
            return known, wrong
        except ValidationError as error:
            found = findings(error, known, source_text)
        unknown = [path for path, one in found if "unknown key" in one.message]
        if not unknown:
            return known, [*wrong, *(one for _, one in found)]
        wrong += [one for path, one in found if path in unknown]
        for path in unknown:
            _remove(known, path)


def _part(name: str, content: Mapping[str, Any]) -> Any:
    """Return a section in canonical units, or None if something in it is wrong."""
    document = document_of(content)
    try:
        return _adapter(name, document).validate_python(content[name])
    except ValidationError:
        return None


@lru_cache(maxsize=len(PARTS) * 3)
def _adapter(name: str, document: type[Document]) -> TypeAdapter[Any]:
    """Return what checks a section of a kind of file; making one costs more than a check."""
    models = dict(PARTS)
    if document is not CountingDocument:
        models["statistic"] = BoundSection
    if document is BoundDocument:
        models["interaction"] = MixingSection
    return TypeAdapter(models[name])


def _remove(content: Any, path: tuple[str, ...]) -> None:
    """Take a key out of nested tables and arrays."""
    *tables, key = path
    for part in tables:
        content = content[int(part) if isinstance(content, list) else part]
    del content[key]


def _of_parts(parts: Mapping[str, Any], tables: Folder) -> list[PlacedError]:
    """Return what is wrong with sections whose keys are right, each built by itself."""
    found: list[PlacedError] = []

    def attempt(section: str, build: Callable[[], Any]) -> Any:
        try:
            return build()
        except MunuError as error:
            found.append(PlacedError(getattr(error, "path", (section,)), error))
            return None

    interaction, exposure = parts.get("interaction"), parts.get("exposure")
    mixing = attempt("interaction", interaction.build_mixing) if interaction else None
    live_time = exposure.live_time if exposure else 1.0
    context = Context(tables, mixing or global_fit("desalas2018-no"), live_time)
    if isinstance(interaction, InteractionSection):
        attempt("interaction", interaction.build_channels)
        attempt("interaction", interaction.form_factor.build)
    if "source" in parts:
        attempt("source", lambda: build_sources(parts["source"], context))
    if "target" in parts:
        attempt("target", lambda: build_targets(parts["target"]))
    if "detector" not in parts:
        return found
    detector = attempt("detector", lambda: parts["detector"].build(context))
    axes = [
        attempt("axes", partial(axis.build, name, tables, UNITS[parts["detector"].observable]))
        for name, axis in parts.get("axes", {}).items()
    ]
    if "statistic" in parts and detector is not None and None not in axes:
        whole = context.with_bins(detector, axes, written_unit(parts["detector"]))
        attempt("statistic", lambda: parts["statistic"].build(whole))
    return found


def _of_use(text: str, source_text: SourceText, folder: Path | None) -> Iterator[MunuError]:
    """Yield what keeps every command from taking an experiment whose sections are right."""
    label = source_text.name
    try:
        experiment = loads(text, name=label, setup=source_text.setup, folder=folder)
    except MunuError as error:
        yield error
        return
    try:
        use(experiment)
    except TooNarrow as error:
        yield source_text.at(("detector", "resolution"), error)
    except MunuError as error:
        yield MunuError(f"{label}: {error.message}", error.remedy)


def use(experiment: Experiment) -> None:
    """Fold an experiment and build its likelihood; raises the `MunuError` that a limit would."""
    mixing = experiment.mixing
    assumptions = Assumptions(mixing=mixing, delta_cp=mixing.delta_cp)
    moment_model(fold_moment(experiment), assumptions)
