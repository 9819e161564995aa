"""Load an experiment from the catalogue or from a user's TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from munu.base.arguments import check_text, checked_path
from munu.base.calls import checked_call
from munu.base.errors import LONGEST_SHOWN, MunuError, shown, unknown
from munu.experiments.assemble import identify, layers, merge_setup, validated
from munu.experiments.changes import changed, counts_that_stay, parsed_changes
from munu.experiments.diagnostics import SourceText
from munu.experiments.files import check_setup_is_named, is_file, path_and_setup, read_file
from munu.experiments.header import mistakes_of_header
from munu.experiments.include import included
from munu.experiments.like import completed, lacks_sections, note_of, other_setup, takes_data
from munu.experiments.locate import PlacedError
from munu.experiments.model import Experiment
from munu.experiments.named import catalogue, no_name, unknown_experiment
from munu.experiments.setups import DEFAULT_SETUP, choose_setup, setup_names
from munu.experiments.tables import Folder
from munu.experiments.template.borrowed import Stated
from munu.experiments.trees import Branch, plain
from munu.experiments.unused import (
    Unused,
    check_changes,
    notes_of_changes,
    notes_of_files,
    unused,
    unused_by_electrons,
)

CHANGED_HERE: Final = "Changed here:"
"""What the note begins with that says which values a question replaced."""


@checked_call
def setups(name: str | Path) -> tuple[str, ...]:
    """Return the setups of an experiment of the catalogue, or of a file, in the file's order.

    Parameters
    ----------
    name : str or Path
        As in :func:`load`.

    Raises
    ------
    MunuError
        As :func:`load` does for the name and for a malformed file.

    Examples
    --------
    >>> munu.setups("conus")
    ('current', 'future')
    """
    text, label, _, _ = find_experiment(name)
    return setup_names(parse(text, label), SourceText(label, text))


@checked_call
def load(
    name: str | Path,
    setup: str | None = None,
    *,
    changes: Mapping[str, object] | Sequence[str] = (),
) -> Experiment:
    """Return an experiment of the catalogue, or of a TOML file.

    Parameters
    ----------
    name : str or Path
        An identifier (``conus``) or the path of a file (``my.toml``), with ``@SETUP`` after it if
        not the default setup is meant (``conus@future``).
    setup : str, optional
        Name of the setup. Without one: the only one, or ``current``.
    changes : mapping of str to value, or sequence of str, optional
        Values in the place of the file's by the path of their key, checked like the file:
        ``{"detector.threshold": "0.2 keVee"}`` or ``["detector.threshold=0.2 keVee"]``.

    Raises
    ------
    MunuError
        For an unknown experiment or setup, and everything wrong in a file, naming file, line, key
        and the allowed values.

    Examples
    --------
    >>> conus = munu.load("conus", setup="future")
    >>> print(conus.identity.name, f"{conus.mass_kg:g} kg")
    conus@future 100 kg
    >>> print(f"{munu.load('conus', changes={'target.mass': '5 kg'}).mass_kg:g} kg")
    5 kg
    """
    check_setup(setup)
    text, label, folder, named = find_experiment(name)
    if setup is not None and named is not None and setup != named:
        raise MunuError(f"'{name}' names a setup other than '{setup}'", "State the setup once")
    chosen = named if setup is None else setup
    return loads(text, name=label, setup=chosen, folder=folder, changes=changes)


def load_setups(name: str | Path) -> tuple[Experiment, ...]:
    """Return every setup of an experiment, as `munu validate` checks a file."""
    text, label, folder, _ = find_experiment(name)
    names = setup_names(parse(text, label), SourceText(label, text))
    return tuple(loads(text, name=label, setup=setup, folder=folder) for setup in names)


@checked_call
def loads(
    text: str,
    *,
    name: str = "text",
    setup: str | None = None,
    folder: Path | None = None,
    changes: Mapping[str, object] | Sequence[str] = (),
) -> Experiment:
    """Return the experiment in a TOML text.

    Parameters
    ----------
    text : str
        Content of an experiment file.
    name : str
        The file's name, for error messages.
    setup : str, optional
        As in :func:`load`.
    folder : Path, optional
        Where the tables are that the text names.
    changes : mapping of str to value, or sequence of str, optional
        As in :func:`load`.

    Raises
    ------
    MunuError
        As :func:`load` for an unknown setup and everything wrong in a file; and for an argument
        that is not text or a path.

    Examples
    --------
    The content of a file, here CONUS's with twice its mass:

    >>> from importlib.resources import files
    >>> conus = files("munu").joinpath("experiments/catalogue/conus.toml")
    >>> text = conus.read_text(encoding="utf-8")
    >>> twice = munu.loads(text.replace('"3.85 kg"', '"7.7 kg"'), setup="current")
    >>> print(f"{munu.rate(twice).sm_events / munu.rate('conus').sm_events:.3g}")
    2
    """
    if not isinstance(text, str):
        raise MunuError(f"{shown(text)} is not text", "Give the content of an experiment file")
    check_text("name", name)
    check_setup(setup)
    folder = None if folder is None else checked_path("folder", folder)
    raw = parse(text, name)
    source_text = with_included(raw, SourceText(name, text), folder)
    _check_header(raw, source_text)
    chosen = choose_setup(raw, setup, source_text)
    source_text = replace(source_text, setup=chosen)
    merged = sections(raw, chosen, source_text)
    replaced = parsed_changes(changes)
    said = ", ".join(f"{path} = {value}" for path, value in replaced.items())
    if replaced:
        merged = changed(merged, replaced)
        short = ", ".join(f"{path} = {_cut(value)}" for path, value in replaced.items())
        source_text = source_text.without_lines(f"{name} with {short}")
        raw = {**raw, "notes": [*raw.get("notes", []), f"{CHANGED_HERE} {said}."]}
    content = plain(merged)
    assert isinstance(content, dict)
    _check_used(unused_by_electrons(content), replaced, source_text)
    document = validated(content, source_text)
    identity = replace(identify(*_own_words(raw, merged, source_text), chosen), changes=said)
    not_used = unused(document)
    _check_used(not_used, replaced, source_text)
    try:
        built = document.build(identity, Folder(folder))
    except PlacedError as error:
        raise source_text.at(error.path, error) from error
    added = (
        *counts_that_stay(built.statistic, tuple(replaced)),
        *notes_of_changes(document, replaced),
        *notes_of_files(not_used, _layers(raw, source_text) if not_used else ()),
    )
    notes = (*built.identity.notes, *added)
    return replace(built, identity=replace(built.identity, notes=notes)) if added else built


def _check_used(found: Sequence[Unused], paths: Iterable[str], source_text: SourceText) -> None:
    """Raise `MunuError` for the change of a key that is not used."""
    try:
        check_changes(found, paths)
    except PlacedError as error:
        raise source_text.at(error.path, error) from error


def _layers(raw: Mapping[str, Any], source_text: SourceText) -> tuple[Branch, ...]:
    """Return what lies above each other in a file, above what it is like."""
    below = layers(*_other(raw)) if "like" in raw else ()
    return (*below, *layers(raw, source_text.setup, source_text))


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def with_included(
    raw: Mapping[str, Any], source_text: SourceText, folder: Path | None
) -> SourceText:
    """Return a file's text with those of the files that it includes."""
    try:
        return replace(source_text, included=included(raw, folder))
    except PlacedError as error:
        raise source_text.error(error.path, error.message, error.remedy) from error


def sections(raw: Mapping[str, Any], setup: str, source_text: SourceText) -> Branch:
    """Return the sections of a setup; what they lack is that of the experiment they are like."""
    own = merge_setup(raw, setup, source_text)
    if "like" not in raw or not lacks_sections(own):
        return own
    for error in _like_mistakes(raw["like"], source_text):
        raise error
    return completed(own, _other_sections(raw))


def _like(raw: Mapping[str, Any]) -> tuple[dict[str, Any], str, str]:
    """Return the file of the experiment that one is like: its content, its name and its text."""
    text, label, _, _ = find_experiment(raw["like"])
    return parse(text, label), label, text


def _other(raw: Mapping[str, Any]) -> tuple[dict[str, Any], str, SourceText]:
    """Return the file of the experiment that one is like, the setup of it, and its text."""
    other, label, text = _like(raw)
    names = setup_names(other, SourceText(label, text))
    name = other_setup(raw["like"], names, DEFAULT_SETUP)
    return other, name, SourceText(label, text, name)


def _other_sections(raw: Mapping[str, Any]) -> Branch:
    return merge_setup(*_other(raw))


def _own_words(
    raw: Mapping[str, Any], merged: Branch, source_text: SourceText
) -> tuple[Mapping[str, Any], Branch]:
    """Return a file and its sections without what it says in the words of the one it is like."""
    if "like" not in raw:
        return raw, merged
    other, label, text = _like(raw)
    names = setup_names(other, SourceText(label, text))
    stated = Stated.of([merge_setup(other, name, SourceText(label, text, name)) for name in names])
    theirs = [*other.get("notes", []), *_setup_notes(other)]
    setups = {
        name: {**table, "notes": [note for note in table.get("notes", []) if note not in theirs]}
        for name, table in raw.get("setup", {}).items()
    }
    notes = [note for note in raw.get("notes", []) if note not in theirs]
    own = stated.own(merged)
    assert isinstance(own, Branch)
    words = {**raw, "notes": notes, "setup": setups}
    return _completed_words(words, source_text), own


def _completed_words(raw: Mapping[str, Any], source_text: SourceText) -> Mapping[str, Any]:
    """Return a file that says that it takes keys from the one it is like, and perhaps events."""
    stated = merge_setup(raw, source_text.setup, source_text)
    if not lacks_sections(stated):
        return raw
    added = [raw["like"].partition("@")[0]] if takes_data(stated, _other_sections(raw)) else []
    same = [*raw.get("same_events", []), *added]
    return {**raw, "notes": [*raw["notes"], note_of(raw)], "same_events": same}


def _setup_notes(raw: Mapping[str, Any]) -> list[str]:
    return [note for table in raw.get("setup", {}).values() for note in table.get("notes", [])]


def check_setup(setup: object) -> None:
    """Raise `MunuError` for what can be no name of a setup; None stands for the default one."""
    if setup is not None and not isinstance(setup, str):
        raise MunuError(f"setup = {shown(setup)} is not a name", "Name a setup, such as 'future'")


def find_experiment(name: str | Path) -> tuple[str, str, Path | None, str | None]:
    """Return text, label, folder and named setup of an experiment."""
    if not isinstance(name, str | Path):
        raise no_name(name)
    identifier, separator, setup = str(name).partition("@")
    if identifier in catalogue():
        check_setup_is_named(str(name), separator, setup)
        entry = files("munu.experiments").joinpath(f"catalogue/{identifier}.toml")
        return entry.read_text(encoding="utf-8"), f"{identifier}.toml", None, setup or None
    path, setup = path_and_setup(str(name))
    if "\n" in str(name).strip() and not is_file(path):
        message = f"{shown(name)} is a text of several lines, not the name of an experiment"
        raise MunuError(message, "munu.loads takes the content of a file")
    if path.suffix != ".toml" and not is_file(path):
        raise unknown_experiment(identifier, str(name))
    return read_file(path), str(path), path.parent, setup or None


def parse(text: str, name: str) -> dict[str, Any]:
    """Return a TOML text as tables; raises `MunuError` if it is none."""
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise MunuError(f"{name}: tables are nested too deeply", "Use the sections only") from error
    except ValueError as error:
        raise MunuError(f"{name} is not valid TOML: {error}", "Correct that line") from error


def _check_header(raw: Mapping[str, Any], source_text: SourceText) -> None:
    """Check the keys outside the sections."""
    for error in header_mistakes(raw, source_text):
        raise error


def header_mistakes(raw: Mapping[str, Any], source_text: SourceText) -> Iterator[MunuError]:
    """Yield what is wrong with the keys outside the sections."""
    yield from mistakes_of_header(raw, source_text)
    if "like" in raw:
        yield from _like_mistakes(raw["like"], source_text)


def _like_mistakes(like: object, source_text: SourceText) -> Iterator[MunuError]:
    """Yield what is wrong with the name of the experiment, and of its setup, that one is like."""
    identifier, separator, setup = like.partition("@") if isinstance(like, str) else ("", "", "")
    error = None
    if identifier not in catalogue():
        error = unknown("experiment", identifier or shown(like), catalogue())
        if identifier.endswith(".toml"):
            remedy = f'Take sections of a file of your own with include = "{identifier}"'
            error = MunuError(f"'{identifier}' is not in the catalogue", remedy)
    elif separator and setup not in setups(identifier):
        error = unknown("setup", setup, setups(identifier), where=f"experiment '{identifier}'")
    if error is not None:
        yield source_text.error(("like",), f"like: {error.message}", error.remedy)
