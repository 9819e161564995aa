"""What-if values: keys of a file replaced by their path, checked like the file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from munu.base.arguments import plain_value
from munu.base.errors import MunuError, shown, unknown
from munu.experiments.schema.document import SECTIONS
from munu.experiments.trees import (
    MAPPINGS,
    MODELS,
    SELECTORS,
    Array,
    Branch,
    Leaf,
    Node,
    annotate,
    overlay,
)
from munu.statistics.specification import Counts, FirstRun, StatisticSpecification

COUNTED_BY: Final = frozenset({"source", "target", "exposure", "detector"})
"""Sections that say what is counted, and how long."""
MOST_NAMED: Final = 3
"""Keys that an error names."""
CHANGED: Final = "changed by the question"
"""Source of a value that was replaced."""


def parsed_changes(given: object) -> dict[str, Any]:
    """Return values by key path, texts of the command line as TOML reads them.

    Parameters
    ----------
    given : mapping, or sequence of texts KEY=VALUE
        As in ``{"detector.threshold": "0.2 keVee"}`` or ``["detector.threshold=0.2 keVee"]``.

    Raises
    ------
    MunuError
        For what is neither, and a key that stands twice.
    """
    if isinstance(given, Mapping):
        return {plain_path(str(path)): plain_value(value) for path, value in given.items()}
    given = plain_value(given)
    remedy = "Write KEY=VALUE, as in detector.threshold='0.2 keVee'"
    if not isinstance(given, list):
        raise MunuError(f"changes = {shown(given)} do not name keys", remedy)
    found: dict[str, Any] = {}
    for text in given:
        path, equals, value = str(text).partition("=")
        if not equals or not path.strip() or not value.strip():
            raise MunuError(f"{shown(text)} is not KEY=VALUE", remedy)
        path = plain_path(path.strip())
        if path in found:
            raise MunuError(f"{path} is changed twice", "Give each key once")
        found[path] = _toml(value.strip())
    return found


def plain_path(path: str) -> str:
    """Return a path with the numbers of entries behind points, as in target.2.mass."""
    return re.sub(r"\[(\d+)\]", r".\1", path)


def _toml(text: str) -> Any:
    """Return a value of TOML; what is none is a text, so that quantities need no quotes."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except ValueError:
        return text


def changed(tree: Branch, changes: Mapping[str, Any]) -> Branch:
    """Return the sections of a file with the values of some keys replaced, or added.

    As over ``like``, another model takes the place of a whole table, and a key that of those which
    say the same in another way. Models are changed first, so that keys of theirs may be.

    Parameters
    ----------
    tree : Branch
        The merged sections.
    changes : mapping of str to value
        By path, as in ``detector.quenching.kappa``; the number of an entry, from 1, names it in an
        array.

    Raises
    ------
    MunuError
        For a path that begins with no section or leads through a value.
    """
    for path, value in sorted(changes.items(), key=_depth):
        parts = tuple(path.split("."))
        if parts[0] not in SECTIONS:
            raise _no_section(tree, path)
        made = _replaced(tree, parts, value, path, ())
        assert isinstance(made, Branch)
        tree = made
    return tree


def _no_section(tree: Branch, path: str) -> MunuError:
    """Return the error for a path that begins with no section; it names whole paths that end so."""
    first = path.partition(".")[0]
    error = unknown("section", first, SECTIONS, where=f"the key {path}")
    whole = [repr(one) for one in _paths(tree, ()) if one.endswith(f".{path}")]
    if not whole:
        return error
    remedy = f"Did you mean {' or '.join(whole[:MOST_NAMED])}? Sections: {', '.join(SECTIONS)}"
    return MunuError(error.message, remedy)


def _paths(node: Node, above: tuple[str, ...]) -> Iterator[str]:
    """Yield the paths of all that is below a node."""
    if isinstance(node, Leaf):
        return
    named = enumerate(node.nodes, start=1) if isinstance(node, Array) else node.nodes.items()
    for name, below in named:
        path = (*above, str(name))
        yield ".".join(path)
        yield from _paths(below, path)


def _depth(change: tuple[str, Any]) -> int:
    """Return how deep a table is replaced, so that models come before keys of theirs."""
    *above, last = change[0].split(".")
    return len(above) + (last not in SELECTORS)


def _replaced(
    node: Node | None, parts: tuple[str, ...], value: object, path: str, above: tuple[str, ...]
) -> Node:
    """Return a node with the value at the end of a path below it, the node being below others."""
    if not parts:
        is_model = isinstance(node, Branch) and node.choice() and isinstance(value, str)
        # The column of a file stands for its numbers, and so may the numbers for it.
        is_column = isinstance(node, Branch) and "file" in node.nodes and isinstance(value, list)
        if isinstance(node, Branch) and not (isinstance(value, dict) or is_model or is_column):
            keys = ", ".join(node.nodes)
            raise MunuError(f"{path} is a table, not a value", f"Name one of its keys: {keys}")
        return annotate(value, above, CHANGED)
    first, rest = parts[0], parts[1:]
    if isinstance(node, Array):
        numbers = [str(1 + i) for i in range(len(node.nodes))]
        if first not in numbers:
            raise unknown("entry", first, numbers, where=f"the key {path}")
        items = [
            _replaced(item, rest, value, path, (*above, str(i))) if number == first else item
            for i, (number, item) in enumerate(zip(numbers, node.nodes, strict=True))
        ]
        return Array(tuple(items))
    if isinstance(node, Leaf):
        node = _as_table(node, parts, path, above)
    own = node or Branch()
    found = _replaced(own.nodes.get(first), rest, value, path, (*above, first))
    if rest:
        return Branch({**own.nodes, first: found}, own.note)
    cleared = {**own.nodes, first: Leaf(None)} if isinstance(found, Branch) else own.nodes
    return overlay(Branch(cleared, own.note), Branch({first: found}))


def _as_table(leaf: Leaf, parts: tuple[str, ...], path: str, above: tuple[str, ...]) -> Branch:
    """Return the table that a name stands for: a model that is written as its name alone.

    Raises
    ------
    MunuError
        For any other value, as that of a name whose table is not in the file.
    """
    key, is_name = ".".join(path.split(".")[: -len(parts)]), isinstance(leaf.value, str)
    if is_name and parts[0] in SELECTORS:
        return Branch()
    if is_name and above[-1] in MODELS:
        return Branch({"model": leaf})
    remedy = f"Change {key} itself"
    if is_name and above[-1] in MAPPINGS:
        remedy = f"State {key} as a table of its own too, {{ {parts[0]} = ..., ... }}"
    raise MunuError(f"{path} leads through {key} = {shown(leaf.value)}, which is no table", remedy)


def counts_that_stay(statistic: StatisticSpecification, paths: Sequence[str]) -> tuple[str, ...]:
    """Return that counts of a file were not rescaled where what they are of is changed.

    Parameters
    ----------
    statistic : StatisticSpecification
    paths : sequence of str
        Of the keys that are changed.
    """
    if not {path.partition(".")[0] for path in paths} & COUNTED_BY:
        return ()
    stays = [
        key
        for key in _counts(statistic)
        if not any(f"{path}.".startswith(f"statistic.{key}.") for path in paths)
    ]
    return (f"The counts in {', '.join(stays)} were not rescaled.",) if stays else ()


def _counts(statistic: StatisticSpecification) -> Iterator[str]:
    """Yield the keys of a statistic that hold counts."""
    if isinstance(statistic, FirstRun):
        yield from ("observed", "prompt_neutrons", "steady_state")
    if isinstance(statistic, Counts):
        held = {
            "observed": statistic.observed is not None,
            "backgrounds": bool(statistic.backgrounds),
            "off_beam": statistic.off_beam is not None,
            "control_regions": bool(statistic.control_regions),
        }
        yield from (key for key, there in held.items() if there)
