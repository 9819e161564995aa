"""Sources and notes of a file that was made like another experiment, once values are changed.

``munu init --like conus`` writes CONUS's values with their sources, and ``like = "conus"`` at the
top. A source belongs to a value: where the value is no longer CONUS's, CONUS's source and note of
it are not its own, and are left out. A source that a value states itself is its own all the same
where CONUS has it of other values only: one paper has many numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import final

from munu.experiments.trees import Array, Branch, Leaf, Node, plain

Path = tuple[str, ...]
Words = tuple[Path, str, str]
"""Of a value: where it stands, how it is written, and its source or note."""


@final
@dataclass(frozen=True)
class Stated:
    """What the other experiment says of its values, in all its setups.

    Parameters
    ----------
    sources, notes : frozenset of (path, value, text)
        The source, or note, of each value; ``value`` is as written, with its type.
    """

    sources: frozenset[Words]
    notes: frozenset[Words]

    @classmethod
    def of(cls, setups: Sequence[Branch]) -> Stated:
        """Return what the setups of an experiment state."""
        nodes = [found for setup in setups for found in _nodes(setup, ())]
        leaves = [(path, node) for path, node in nodes if isinstance(node, Leaf)]
        return cls(
            frozenset((path, repr(leaf.value), leaf.source) for path, leaf in leaves),
            frozenset(
                (path, repr(plain(node)), node.note)
                for path, node in nodes
                if not isinstance(node, Array)
            ),
        )

    def own(self, node: Node, path: Path = ()) -> Node:
        """Return a tree without the sources and notes of values that differ from these."""
        if isinstance(node, Array):
            items = enumerate(node.nodes)
            return Array(tuple(self.own(item, (*path, str(i))) for i, item in items))
        note = _kept(self.notes, path, plain(node), node.note)
        if isinstance(node, Leaf):
            stated = self.sources if node.is_of_table else _at(self.sources, path)
            return replace(node, source=_kept(stated, path, node.value, node.source), note=note)
        return Branch({key: self.own(item, (*path, key)) for key, item in node.nodes.items()}, note)


def _at(stated: frozenset[Words], path: Path) -> frozenset[Words]:
    """Return what is stated of a path: of others the same paper may be this one's own source."""
    return frozenset(one for one in stated if one[0] == path)


def _kept(stated: frozenset[Words], path: Path, value: object, text: str) -> str:
    """Return a text unless it is one of those stated, of another value."""
    is_theirs = any(text == other for _, _, other in stated)
    return text if not is_theirs or (path, repr(value), text) in stated else ""


def _nodes(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    """Yield every node of a tree with its path."""
    yield path, node
    if isinstance(node, Branch):
        for key, item in node.nodes.items():
            yield from _nodes(item, (*path, key))
    elif isinstance(node, Array):
        for index, item in enumerate(node.nodes):
            yield from _nodes(item, (*path, str(index)))
