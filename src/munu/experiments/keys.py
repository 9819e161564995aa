"""The keys that an experiment's file states, by their paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from munu.experiments.diagnostics import SourceText
from munu.experiments.load import (
    find_experiment,
    parse,
    sections,
    with_included,
)
from munu.experiments.setups import choose_setup
from munu.experiments.trees import Array, Branch, Node


def keys_of(name: str | Path, setup: str | None = None) -> tuple[str, ...]:
    """Return the paths of all values of an experiment's file, in its order.

    Parameters
    ----------
    name, setup : as of `munu.load`

    Raises
    ------
    MunuError
        As `munu.load` for the name, the setup and a malformed file.

    Examples
    --------
    >>> keys_of("conus")[1:3]
    ('source.thermal_power', 'source.baseline')
    """
    return tuple(".".join(path) for path in _paths(_sections(name, setup), ()))


def _sections(name: str | Path, setup: str | None) -> Branch:
    text, label, folder, named = find_experiment(name)
    raw = parse(text, label)
    source_text = with_included(raw, SourceText(label, text), folder)
    chosen = choose_setup(raw, named if setup is None else setup, source_text)
    return sections(raw, chosen, replace(source_text, setup=chosen))


def _paths(node: Node, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(node, Branch):
        for key, below in node.nodes.items():
            yield from _paths(below, (*above, key))
    elif isinstance(node, Array):
        for number, below in enumerate(node.nodes, start=1):
            yield from _paths(below, (*above, str(number)))
    else:
        yield above
