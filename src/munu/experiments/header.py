"""Keys of an experiment file outside of its sections: a short name, notes, overlapping data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from munu.experiments.diagnostics import SourceText

IDENTIFIER: Final = re.compile(r"[A-Za-z0-9._-]+")
LONGEST_LABEL: Final = 24
"""Characters of the short name of an experiment, for legends."""


def is_label(value: object) -> bool:
    """Whether a value is a short name."""
    return (
        isinstance(value, str) and value.isprintable() and 0 < len(value.strip()) <= LONGEST_LABEL
    )


def check_notes(table: Mapping[str, Any], path: tuple[str, ...], source_text: SourceText) -> None:
    """Raise `MunuError` for notes that are not texts."""
    notes = table.get("notes", [])
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        where = (*path, "notes")
        raise source_text.error(where, "notes is not an array of texts", 'Write notes = ["..."]')


def check_same_events(raw: Mapping[str, Any], source_text: SourceText) -> None:
    """Raise `MunuError` for what does not name other data sets."""
    names = raw.get("same_events", [])
    texts = isinstance(names, list) and all(isinstance(name, str) for name in names)
    if not texts or not all(IDENTIFIER.fullmatch(name) for name in names):
        message = "same_events is not an array of identifiers"
        raise source_text.error(("same_events",), message, 'Write same_events = ["coherent-csi"]')
    if raw.get("id") in names:
        message = f"same_events names '{raw['id']}' itself"
        raise source_text.error(("same_events",), message, "Name the other data sets only")
