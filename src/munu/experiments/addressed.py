"""What-if values of one of several experiments: keys with its name before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from munu.base.errors import MunuError, unknown
from munu.experiments.changes import parsed_changes
from munu.experiments.load import find_experiment, load, parse
from munu.experiments.model import Experiment
from munu.experiments.schema.document import SECTIONS

OF_ONE_ALONE: Final = ("unknown key", "to change it changes nothing")
"""Words of errors over a key that other experiments may have."""


def load_with(
    names: Sequence[str | Path], setup: str | None, changes: Mapping[str, object] | Sequence[str]
) -> tuple[Experiment, ...]:
    """Return experiments with values replaced: in each of them, or in the one that a key names.

    Parameters
    ----------
    names : sequence of str or Path
        As in `munu.load`.
    setup : str, optional
    changes : mapping of str to value, or sequence of str
        As in `munu.load`; the key ``NAME:target.mass`` is that of one experiment, which is named as
        it was asked for or by its identifier, and goes before that of all.

    Raises
    ------
    MunuError
        As `munu.load`; for a name that is none of the experiments, and for a key that stands twice,
        with two names of one experiment.
    """
    given = parsed_changes(changes)
    split = {path: split_key(path, names) for path in given}
    found = []
    for name in names:
        every = {key: given[path] for path, (one, key) in split.items() if not one}
        alone: dict[str, Any] = {}
        called = _called(name)
        for path, (one, key) in split.items():
            if one in called:
                if key in alone:
                    raise MunuError(f"{key} of {name} is changed twice", "Give each key once")
                alone[key] = given[path]
        found.append(_loaded(name, setup, {**every, **alone}, several=len(names) > 1))
    return tuple(found)


def split_key(path: str, names: Sequence[str | Path]) -> tuple[str, str]:
    """Return the experiment whose name stands before a key, empty for that of all, and the key.

    Keys may have colons of their own, as that of the variant ``flux:7Be`` does.

    Raises
    ------
    MunuError
        For a name that is none of the experiments.
    """
    if ":" not in path:
        return "", path
    known = dict.fromkeys(called for name in names for called in _called(name))
    for called in sorted(known, key=len, reverse=True):
        if path.startswith(f"{called}:"):
            return called, path[len(called) + 1 :]
    name = path.partition(":")[0]
    if name.partition(".")[0] not in SECTIONS:
        raise unknown("experiment", name, known, where=f"the key {path}")
    return "", path


def addressed(called: str, names: Sequence[str | Path]) -> tuple[int, ...]:
    """Return the numbers of the experiments of a name that `split_key` found, of all if empty."""
    return tuple(i for i, name in enumerate(names) if not called or called in _called(name))


def _called(name: str | Path) -> tuple[str, ...]:
    """Return what an experiment is called: as it is asked for, without a setup, by its file."""
    text, label, _, _ = find_experiment(name)
    identifier = parse(text, label).get("id")
    own = (identifier,) if isinstance(identifier, str) and identifier else ()
    return (str(name), str(name).partition("@")[0], *own)


def _loaded(
    name: str | Path, setup: str | None, changes: Mapping[str, Any], *, several: bool
) -> Experiment:
    """Return an experiment; an error over a key that only others have says how these are named."""
    try:
        return load(name, setup, changes=changes)
    except MunuError as error:
        if not (several and any(words in error.message for words in OF_ONE_ALONE)):
            raise
        remedy = "; a key of one experiment alone has its name before it, as in ID:KEY"
        raise MunuError(error.message, f"{error.remedy}{remedy}") from error
