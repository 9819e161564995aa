"""What-if values: keys of a file replaced by their path, checked like the file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, Final

from munu.base.errors import MunuError, shown, unknown
from munu.experiments.schema.document import SECTIONS
from munu.experiments.trees import SELECTORS, Array, Branch, Leaf, Node, annotate, overlay

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
        return {str(path): value for path, value in given.items()}
    remedy = "Write KEY=VALUE, as in detector.threshold='0.2 keVee'"
    if isinstance(given, str) or not isinstance(given, tuple | list):
        raise MunuError(f"changes = {shown(given)} do not name keys", remedy)
    found: dict[str, Any] = {}
    for text in given:
        path, equals, value = str(text).partition("=")
        if not equals or not path.strip() or not value.strip():
            raise MunuError(f"{shown(text)} is not KEY=VALUE", remedy)
        if path.strip() in found:
            raise MunuError(f"{path.strip()} is changed twice", "Give each key once")
        found[path.strip()] = _toml(value.strip())
    return found


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
            raise unknown("section", parts[0], SECTIONS, where=f"the key {path}")
        made = _replaced(tree, parts, value, path, ())
        assert isinstance(made, Branch)
        tree = made
    return tree


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
        if isinstance(node, Branch) and not isinstance(value, dict) and not is_model:
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
        if first not in SELECTORS or not isinstance(node.value, str):
            raise MunuError(f"{path} leads through a value, not a table", "Stop at that value")
        node = None
    own = node or Branch()
    found = _replaced(own.nodes.get(first), rest, value, path, (*above, first))
    if rest:
        return Branch({**own.nodes, first: found}, own.note)
    cleared = {**own.nodes, first: Leaf(None)} if isinstance(found, Branch) else own.nodes
    return overlay(Branch(cleared, own.note), Branch({first: found}))
