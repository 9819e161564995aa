"""Experiment files as trees whose values know their source.

A value is written plainly, ``mass = "1 kg"``, or with its origin,
``mass = { value = "1 kg", source = "...", note = "..." }``. A ``source`` key in a table is that of
every value in it which has none of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, final

from munu.base.errors import MunuError, unknown
from munu.experiments.identity import Provenance
from munu.experiments.locate import PlacedError

SELECTORS: Final = ("kind", "model", "observable")
"""Keys that choose a model; a table with another choice replaces the one it overrides."""

QUANTITY_KEYS: Final = ("value", "source", "note")


@final
@dataclass(frozen=True)
class Leaf:
    """A value with its source and note, and whether the source is that of its table."""

    value: object
    source: str = ""
    note: str = ""
    is_of_table: bool = field(default=False, compare=False)


@final
@dataclass(frozen=True)
class Branch:
    """A table of nodes with a remark."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    note: str = ""

    def choice(self) -> tuple[tuple[str, object], ...]:
        """Return the selectors and their values."""
        chosen = ((key, self.nodes.get(key)) for key in SELECTORS)
        return tuple((key, node.value) for key, node in chosen if isinstance(node, Leaf))


@final
@dataclass(frozen=True)
class Array:
    """An array that holds tables."""

    nodes: tuple[Node, ...]


Node: TypeAlias = Leaf | Branch | Array


def annotate(raw: object, path: tuple[str, ...], source: str = "") -> Node:
    """Return the tree of a parsed TOML value, each leaf with its source.

    Raises
    ------
    PlacedError
        For an unknown key beside ``value``, or a source or note that is not text.
    """
    if isinstance(raw, list) and any(isinstance(item, dict) for item in raw):
        items = (annotate(item, (*path, str(i)), source) for i, item in enumerate(raw))
        return Array(tuple(items))
    if not isinstance(raw, dict):
        return Leaf(raw, source, is_of_table=True)
    own, note = _text(raw, "source", path), _text(raw, "note", path)
    is_of_table, source = not own, own or source
    if "value" in raw and not any(key in raw for key in SELECTORS):
        for key in raw:
            if key not in QUANTITY_KEYS:
                raise PlacedError(path, unknown("key", key, QUANTITY_KEYS))
        return _valued(raw["value"], path, Leaf(None, source, note, is_of_table))
    nodes = {
        key: annotate(item, (*path, key), source)
        for key, item in raw.items()
        if key not in ("source", "note")
    }
    return Branch(nodes, note)


def _valued(value: object, path: tuple[str, ...], words: Leaf) -> Node:
    """Return the node of a value with its origin; a table of numbers may stand for a value."""
    if not isinstance(value, dict):
        return replace(words, value=value)
    if any(key in value for key in (*QUANTITY_KEYS, *SELECTORS)):
        error = MunuError("its value is a table of its own", "Write a number, a text or an array")
        raise PlacedError(path, error)
    nodes = {key: annotate(item, (*path, key), words.source) for key, item in value.items()}
    return Branch(nodes, words.note)


UP_AND_DOWN: Final = frozenset({"error_up", "error_down", "treatment"})
ALTERNATIVES: Final[tuple[tuple[frozenset[str], ...], ...]] = (
    (frozenset({"bins"}), frozenset({"threshold", "upper"})),
    (
        frozenset({"response"}),
        frozenset({"quenching", "efficiency", "resolution", "light_yield", "threshold", "upper"}),
    ),
    (
        frozenset({"protons"}),
        frozenset({"proton_rate"}),
        frozenset({"beam_power", "beam_energy"}),
    ),
    (frozenset({"activity"}), frozenset({"activity_at_start"})),
    (frozenset({"columns"}), frozenset({"species", "column", "lines"})),
    (frozenset({"columns"}), frozenset({"prefix"})),
    (frozenset({"file", "column", "x"}), frozenset({"points"})),
    (frozenset({"variance"}), frozenset({"error"}), UP_AND_DOWN),
    (frozenset({"covariance", "components"}), UP_AND_DOWN),
)
"""Keys of which one set takes the place of another: ways to say one thing."""

MODELS: Final = frozenset({"quenching", "efficiency", "resolution", "form_factor", "shape"})
"""Keys whose table may be written as the name of its model, as ``quenching = "lindhard"``."""

MAPPINGS: Final = frozenset(
    {
        *("material", "enrichment", "fluxes", "columns", "neutron_radius", "nucleon_spins"),
        *("fission_fractions", "energies_per_fission", "high_energy"),
    }
)
"""Keys whose table, by isotope, nuclide, species or beam, is one value: it is replaced, not merged.
Carbon above germanium is carbon, and no carbide of it."""


def _replaced(above: Branch) -> frozenset[str]:
    """Return the keys of a base whose place those above take."""
    stated = above.nodes.keys()
    return frozenset(
        key
        for ways in ALTERNATIVES
        for mine in ways
        if mine & stated
        for other in ways
        if other != mine
        for key in other - stated
    )


def overlay(base: Node | None, above: Node) -> Node:
    """Return the base with the values above it replaced, table by table.

    A table that chooses another model than the base's replaces it as a whole, as one does that is
    one value (`MAPPINGS`), and a key that says in another way what the base says takes the place of
    the base's.
    """
    if not isinstance(base, Branch) or not isinstance(above, Branch):
        return above
    if any(dict(base.choice()).get(key, choice) != choice for key, choice in above.choice()):
        return above
    merged = {
        key: node if key in MAPPINGS else overlay(base.nodes.get(key), node)
        for key, node in above.nodes.items()
    }
    gone = _replaced(above)
    kept = {key: node for key, node in base.nodes.items() if key not in gone}
    return Branch({**kept, **merged}, above.note or base.note)


def plain(node: Node) -> object:
    """Return the tree without sources and notes, as dictionaries and lists."""
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, Array):
        return [plain(item) for item in node.nodes]
    return {key: plain(item) for key, item in node.nodes.items()}


def states(node: Node | None, path: tuple[str, ...]) -> bool:
    """Whether a tree has a value or a table at a path, entries of arrays numbered from 0."""
    if not path or node is None:
        return node is not None
    first, rest = path[0], path[1:]
    if isinstance(node, Array):
        entries = {str(i): item for i, item in enumerate(node.nodes)}
        return states(entries.get(first), rest)
    return isinstance(node, Branch) and states(node.nodes.get(first), rest)


def provenances(node: Node, path: str, note: str = "") -> Iterator[Provenance]:
    """Yield every value below a node; a table's note goes with its choice of model."""
    if isinstance(node, Leaf):
        yield Provenance(path, _written(node.value), node.source, node.note or note)
    elif isinstance(node, Array):
        for number, item in enumerate(node.nodes, start=1):
            yield from provenances(item, f"{path}[{number}]")
    else:
        for key, item in node.nodes.items():
            yield from provenances(item, f"{path}.{key}", node.note if key in SELECTORS else "")


def remarks(node: Node, path: str) -> Iterator[str]:
    """Yield the notes of tables that choose no model."""
    if isinstance(node, Branch):
        if node.note and not node.choice():
            yield f"{path}: {node.note}"
        for key, item in node.nodes.items():
            yield from remarks(item, f"{path}.{key}")
    elif isinstance(node, Array):
        for number, item in enumerate(node.nodes, start=1):
            yield from remarks(item, f"{path}[{number}]")


def _written(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text(table: Mapping[str, object], key: str, path: tuple[str, ...]) -> str:
    text = table.get(key, "")
    if not isinstance(text, str):
        raise PlacedError((*path, key), MunuError(f"{text!r} is not text", f'Write {key} = "..."'))
    return text
