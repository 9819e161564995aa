"""Keys of an experiment file outside of its sections: a short name, notes, overlapping data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from munu.base.errors import MunuError, unknown
from munu.experiments.diagnostics import SourceText
from munu.experiments.schema.document import FORMAT, SECTIONS

HEADER_KEYS: Final = (
    *("format", "id", "title", "label", "reference"),
    *("notes", "like", "include", "same_events"),
)

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


def mistakes_of_header(raw: Mapping[str, Any], source_text: SourceText) -> Iterator[MunuError]:
    """Yield what is wrong with the keys outside the sections, but for the name after ``like``."""
    for key in raw:
        if key not in (*HEADER_KEYS, *SECTIONS, "setup"):
            error = unknown("key", key, (*HEADER_KEYS, *SECTIONS, "setup"), where="the file")
            yield source_text.error((key,), error.message, error.remedy)
    if "format" not in raw:
        yield source_text.error(
            (), "the file lacks 'format'", f"Write format = {FORMAT} at its top"
        )
    elif raw["format"] != FORMAT or isinstance(raw["format"], bool):
        message = f"format = {raw['format']!r} is unknown"
        yield source_text.error(("format",), message, f"Allowed: {FORMAT}")
    if isinstance(raw.get("id"), str) and not IDENTIFIER.fullmatch(raw["id"]):
        message = f"id = {raw['id']!r} is not an identifier"
        yield source_text.error(("id",), message, "Allowed: letters, digits, '.', '_' and '-'")
    for key in ("id", "title", "reference"):
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            yield source_text.error(
                (key,), f"the file needs a text '{key}'", f'Write {key} = "..."'
            )
    if "label" in raw and not is_label(raw["label"]):
        message = f"label = {raw['label']!r} is not a short name"
        remedy = f"Allowed: a text of 1 to {LONGEST_LABEL} characters on one line"
        yield source_text.error(("label",), message, remedy)
    try:
        check_notes(raw, (), source_text)
    except MunuError as error:
        yield error
    try:
        check_same_events(raw, source_text)
    except MunuError as error:
        yield error
