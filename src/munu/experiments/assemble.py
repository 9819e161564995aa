"""From a parsed file and a setup to validated sections and provenance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from munu.experiments.diagnostics import SourceText, translate
from munu.experiments.identity import Identity
from munu.experiments.locate import PlacedError
from munu.experiments.schema.document import SECTIONS, Document, document_of
from munu.experiments.schema.electrons_only import with_keys_of_nuclei
from munu.experiments.trees import (
    Branch,
    Node,
    annotate,
    overlay,
    provenances,
    remarks,
)


def layers(raw: Mapping[str, Any], setup: str, source_text: SourceText) -> tuple[Branch, ...]:
    """Return the sections of the files included, of the file, and of one setup, each above these.

    Raises
    ------
    MunuError
        For a source or note that is no text, and other mistakes of `annotate`.
    """
    tables = (
        *(one.tables for one in source_text.included),
        raw,
        raw.get("setup", {}).get(setup, {}),
    )
    try:
        return tuple(
            Branch({key: annotate(table[key], (key,)) for key in SECTIONS if key in table})
            for table in tables
        )
    except PlacedError as error:
        raise source_text.at(error.path, error) from error


def merge_setup(raw: Mapping[str, Any], setup: str, source_text: SourceText) -> Branch:
    """Return the sections of a file above those it includes, and those of one setup above both."""
    merged: Node = Branch()
    for layer in layers(raw, setup, source_text):
        merged = overlay(merged, layer)
    assert isinstance(merged, Branch)
    return merged


def validated(content: object, source_text: SourceText) -> Document:
    """Return the sections in canonical units.

    Raises
    ------
    MunuError
        For the first thing wrong, naming file, line, key and the allowed values.
    """
    assert isinstance(content, dict)
    content = with_keys_of_nuclei(content)
    try:
        return document_of(content).model_validate(content)
    except ValidationError as error:
        raise translate(error, content, source_text) from error


def identify(raw: Mapping[str, Any], merged: Branch, setup: str) -> Identity:
    """Return names, provenance, notes, references and the data that hold the same events."""
    values = tuple(entry for key, node in merged.nodes.items() for entry in provenances(node, key))
    notes = [
        *raw.get("notes", []),
        *raw.get("setup", {}).get(setup, {}).get("notes", []),
        *(note for key, node in merged.nodes.items() for note in remarks(node, key)),
    ]
    sources = [raw["reference"], *(entry.source for entry in values if entry.source)]
    return Identity(
        id=raw["id"],
        setup=setup,
        title=raw["title"],
        provenance=values,
        notes=tuple(notes),
        references=tuple(dict.fromkeys(sources)),
        same_events=tuple(raw.get("same_events", ())),
        label=raw.get("label", ""),
    )
