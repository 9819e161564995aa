"""Pydantic's findings as one clear error: file, line, key, allowed values, nearest name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, final

from pydantic import ValidationError

from munu.base.errors import MunuError, nearest, shown, unknown
from munu.experiments.include import Included
from munu.experiments.locate import PlacedError, Text, dotted, place_of
from munu.experiments.schema.allowed import allowed

KINDS: Final = {
    "string_type": "a text in quotes",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "an array [...]",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}
"""What a value should have been, by pydantic's error type."""

OTHERS: Final[Mapping[tuple[str, type], tuple[str, str]]] = {
    ("source.low_energy", dict): (
        "spectra by isotope, and here stands the name of a set",
        'Write a name such as "vogel-engel1989"; own spectra stand in high_energy, and'
        ' low_energy = "continued" takes them below 2 MeV too',
    ),
    ("source.species", list): (
        "several species, and a table of flux is that of one",
        'Write columns = { nu_e = "NAME", nu_mu = "NAME" } instead, with the names in the first'
        " line of the file; pions and muons that decay at rest have all of theirs with"
        ' kind = "spallation"',
    ),
}
"""What cannot be written, by key and type of the value: what it is, and the way out."""

_LINEAR: Final = (
    'A width a sqrt(E) + b E is combination = "linear" with noise = 0, stochastic = a and'
    " proportional = b"
)
_EVENTS: Final = (
    'A list of events is observed = { events = "events.csv", column = "energy" }; the counts of a'
    " background are in backgrounds"
)
_ROWS: Final = (
    "Errors that differ up and down are error_up = [...] and error_down = [...]; those that are"
    " correlated between bins are covariance = [[...], ...]"
)
INSTEAD: Final[Mapping[tuple[str, str], str]] = {
    ("detector.resolution", "a_sqrtE"): _LINEAR,
    ("detector.resolution", "b_E"): _LINEAR,
    ("statistic", "events"): _EVENTS,
}
"""How a file says what others call by another key, by table and that key."""

_FLAT: Final = (
    "With further axes write all bins in one list, the energy the slowest and the last of [axes]"
    " the fastest: all of the first energy bin, then all of the second, ..."
)
ROWS: Final[Mapping[str, str]] = {
    "statistic.error": _ROWS,
    "statistic.variance": _ROWS,
    **dict.fromkeys(
        (
            "statistic.observed",
            "statistic.off_beam.counts",
            "statistic.backgrounds[].events",
            "statistic.backgrounds[].shapes.*.minus",
            "statistic.backgrounds[].shapes.*.plus",
        ),
        _FLAT,
    ),
}
"""What a matrix may be meant as where a key takes one number per bin."""

LIMITS: Final = {
    "ge": "at least",
    "le": "at most",
    "min_length": "at least",
    "max_length": "at most",
}
"""What pydantic's limits mean."""


@final
@dataclass(frozen=True)
class SourceText:
    """The file that errors are about.

    Parameters
    ----------
    name : str
        The file's name.
    text : str
        Its content.
    setup : str
        The setup being read.
    included : tuple of Included
        The files that it includes.
    """

    name: str
    text: str
    setup: str = ""
    included: tuple[Included, ...] = ()

    def without_lines(self, name: str) -> SourceText:
        """Return the same under another name, no line of which is that of a key."""
        included = (replace(one, text=replace(one.text, text="")) for one in self.included)
        return replace(self, name=name, text="", included=tuple(included))

    def error(self, path: tuple[str, ...], message: str, remedy: str) -> MunuError:
        """Return an error that starts with the file and, where known, the line."""
        texts = [Text(self.name, self.text), *(one.text for one in reversed(self.included))]
        place = place_of(texts, path, self.setup)
        return MunuError(f"{place}: {message}", remedy)

    def at(self, path: tuple[str, ...], error: MunuError) -> MunuError:
        """Return an error of a key with the file, the line and the key in front."""
        if isinstance(error, PlacedError):
            path = error.path
        return self.error(path, f"{dotted(path)}: {error.message}", error.remedy)


def translate(
    error: ValidationError, content: Mapping[str, object], source_text: SourceText
) -> MunuError:
    """Return the error for the most specific finding of a validation."""
    every = error.errors(include_url=False)
    return _translated(max(every, key=_specificity), content, source_text, every)


def findings(
    error: ValidationError, content: Mapping[str, object], source_text: SourceText
) -> list[tuple[tuple[str, ...], MunuError]]:
    """Return the keys that a validation finds wrong, each with its error.

    What is wrong with a value in several ways, as with one that no model of a union takes, is
    reported once, in the most specific way.
    """
    found: list[tuple[tuple[str, ...], MunuError]] = []
    every = error.errors(include_url=False)
    for finding in sorted(every, key=_specificity, reverse=True):
        path = _place(finding, content)
        if not any(path[: len(kept)] == kept[: len(path)] for kept, _ in found):
            found.append((path, _translated(finding, content, source_text, every)))
    return found


def _place(finding: Any, content: Mapping[str, object]) -> tuple[str, ...]:
    """Return the path of the key that a finding is about, present or missing."""
    location = finding["loc"]
    if finding["type"] == "missing":
        return (*_path(location[:-1], content), str(location[-1]))
    path = _path(location, content)
    if _is_row(path, finding):
        return path[:-1]
    return (*path, str(finding["ctx"]["key"])) if finding["type"] == "unknown_key" else path


def _is_row(path: tuple[str, ...], finding: Any) -> bool:
    """Whether a finding is about a row of a matrix where one number per bin is taken."""
    return _of_rows(path[:-1]) in ROWS and isinstance(finding["input"], list)


def _of_rows(path: tuple[str, ...]) -> str:
    """Return a path as `ROWS` has it: of any background, and of a shape of any name."""
    kind = ["*" if at and path[at - 1] == "shapes" else part for at, part in enumerate(path)]
    return re.sub(r"\[\d+\]", "[]", dotted(tuple(kind)))


def _translated(
    finding: Any, content: Mapping[str, object], source_text: SourceText, every: Sequence[Any]
) -> MunuError:
    location, kind, context = finding["loc"], finding["type"], finding.get("ctx", {})
    if kind == "missing":
        return _missing(source_text, _path(location[:-1], content), str(location[-1]), content)
    path = _path(location, content)
    if _is_row(path, finding):
        parent = dotted(path[:-1])
        written = repr(finding["input"])[:60]
        message = f"{parent} holds {written}, and takes one number per bin"
        return source_text.error(path[:-1], message, ROWS[_of_rows(path[:-1])])
    if kind == "literal_error":
        beside = [one for one in every if _path(one["loc"], content) == path]
        return _literal(source_text, path, finding, beside)
    if kind in _SPECIAL:
        return _SPECIAL[kind](source_text, path, context)
    other = OTHERS.get((dotted(path), type(finding["input"])))
    if kind in KINDS and other is not None:
        return source_text.error(path, f"{dotted(path)} holds {other[0]}", other[1])
    if kind in KINDS:
        written = repr(finding["input"])[:60]
        return source_text.error(path, f"{dotted(path)} = {written}", f"Write {KINDS[kind]}")
    limits = [f"{said} {context[name]}" for name, said in LIMITS.items() if name in context]
    if not limits:
        return source_text.error(path, f"{dotted(path)}: {finding['msg']}", "")
    entries = context.get("actual_length")
    message = (
        f" = {shown(finding['input'])} is out of range"
        if entries is None
        else (f" has {entries} {'entry' if entries == 1 else 'entries'}")
    )
    remedy = f"Allowed: {' and '.join(limits)}{' entries' if entries is not None else ''}"
    return source_text.error(path, f"{dotted(path)}{message}", remedy)


def _specificity(finding: Any) -> tuple[bool, int, bool]:
    known = finding["type"] not in KINDS
    return (finding["type"] == "unknown_key", len(finding["loc"]), known)


def _path(location: tuple[int | str, ...], content: object) -> tuple[str, ...]:
    """Drop from pydantic's location the names of union members, which are not keys of the file."""
    path: list[str] = []
    for part in location:
        entries = dict(enumerate(content)) if isinstance(content, list) else content
        if isinstance(entries, Mapping) and part in entries:
            content = entries[part]
            path.append(str(part))
    return tuple(path)


def _unknown_key(
    source_text: SourceText, path: tuple[str, ...], context: Mapping[str, Any]
) -> MunuError:
    key = str(context["key"])
    where = f"[{dotted(path)}]" if path else "the file"
    error = unknown("key", key, context["allowed"], where=where)
    remedy = INSTEAD.get((dotted(path), key), error.remedy)
    return source_text.error((*path, key), error.message, remedy)


def _missing(
    source_text: SourceText, path: tuple[str, ...], key: str, content: Mapping[str, object]
) -> MunuError:
    where = f"[{dotted(path)}]" if path else "the file"
    said = allowed(content, path, key) or "`munu init` writes an example"
    remedy = f"Add {key}; nothing is taken for granted. {said}"
    return source_text.error(path, f"{where} lacks '{key}'", remedy)


def _choice(
    source_text: SourceText, path: tuple[str, ...], context: Mapping[str, Any]
) -> MunuError:
    selector, name, allowed = context["selector"], context["name"], context["allowed"]
    if not name:
        remedy = f"Allowed: {', '.join(allowed)}"
        return source_text.error(path, f"[{dotted(path)}] lacks '{selector}'", remedy)
    error = unknown(selector, name, allowed, where=f"[{dotted(path)}]")
    return source_text.error((*path, selector), error.message, error.remedy)


def _literal(
    source_text: SourceText, path: tuple[str, ...], finding: Any, beside: Sequence[Any]
) -> MunuError:
    written, expected = finding["input"], finding["ctx"]["expected"]
    allowed = [name.strip(" '") for name in expected.replace(" or ", ", ").split(",")]
    guess = nearest(written, allowed) if isinstance(written, str) else None
    hint = f"Did you mean '{guess}'? " if guess else ""
    message = f"{dotted(path)} = {shown(written)} is not one of the allowed values"
    others = dict.fromkeys(filter(None, map(_instead_of_a_name, beside)))
    return source_text.error(path, message, f"{hint}Allowed: {', or '.join((expected, *others))}")


def _instead_of_a_name(finding: Any) -> str:
    """Return what else a key takes that takes a name, as a number in a range; empty for none."""
    error = finding.get("ctx", {}).get("error")
    if isinstance(error, MunuError):
        return error.remedy.removeprefix("Allowed: ").removeprefix("Write ")
    return KINDS.get(finding["type"], "")


def _value(source_text: SourceText, path: tuple[str, ...], context: Mapping[str, Any]) -> MunuError:
    error = context["error"]
    return source_text.at(path, error if isinstance(error, MunuError) else MunuError(str(error)))


_SPECIAL: Final[
    Mapping[str, Callable[[SourceText, tuple[str, ...], Mapping[str, Any]], MunuError]]
] = {
    "unknown_key": _unknown_key,
    "unknown_choice": _choice,
    "value_error": _value,
}
