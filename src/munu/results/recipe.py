"""The recipe of an experiment: what ``munu show`` prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, Self, final

from munu.results.core.base import Result
from munu.results.core.table import Table, csv_text

TITLES = {
    "source": "Flux",
    "target": "Target",
    "interaction": "Cross section",
    "detector": "Detector",
    "exposure": "Exposure",
    "statistic": "Statistic",
    "axes": "Other observables",
    "variants": "Shape uncertainties (±1 σ)",
}
DERIVED: Final = "derived"
"""Source of what follows from other values."""
FROM_ZERO: Final = "0.1.0"
"""The version that counted entries of arrays from 0."""
_NUMBER: Final = re.compile(r"\[(\d+)\]")
LONGEST_LABEL: Final = 24
"""Characters of the names of several tables in one label."""
Row = tuple[str, str, str, str]


@final
@dataclass(frozen=True, kw_only=True)
class Ingredient:
    """One value of the recipe.

    Parameters
    ----------
    section : str
        ``source``, ``target``, ``interaction``, ``detector``, ``exposure`` or ``statistic``.
    quantity, value : str
        With its unit.
    source : str
        Paper and table; ``derived`` for what follows from other values.
    note : str
    """

    section: str
    quantity: str
    value: str
    source: str
    note: str


@final
@dataclass(frozen=True, kw_only=True)
class RecipeResult(Result, kind="recipe"):
    """Flux x cross section x detector x exposure x statistic of an experiment.

    Parameters
    ----------
    experiment, setup, title : str
    ingredients : tuple of Ingredient
        As the file states them, with their sources, and what is derived from them.
    """

    experiment: str
    setup: str
    title: str
    ingredients: tuple[Ingredient, ...]

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Return the recipe of a JSON object; 0.1.0 counted entries of arrays from 0."""
        found = super().from_dict(document)
        if document.get("version") != FROM_ZERO:
            return found
        own = (replace(one, quantity=_NUMBER.sub(_next, one.quantity)) for one in found.ingredients)
        return replace(found, ingredients=tuple(own))

    def _sections(self) -> Iterator[str]:
        present = [item.section for item in self.ingredients]
        yield from (name for name in (*TITLES, *present) if name in present)

    def summary(self) -> tuple[str, ...]:
        """Return the experiment, and how many values it consists of."""
        return (
            f"{self.experiment}, setup {self.setup}: {self.title} ({len(self.ingredients)} values)",
        )

    def tables(self) -> tuple[Table, ...]:
        """Return one table, a line between the sections, the notes below."""
        rows: list[Row] = []
        sections = []
        notes: list[str] = []
        for name in dict.fromkeys(self._sections()):
            sections.append(len(rows))
            rows.append((TITLES.get(name, name), "", "", ""))
            items = [item for item in self.ingredients if item.section == name]
            rows += _rows([(self._path(item), item) for item in items], notes, indent=" ")
        return (
            Table(
                title=f"{self.experiment}, setup {self.setup}: {self.title}",
                columns=("<quantity", "~value", "~source", "<note"),
                rows=tuple(rows),
                sections=tuple(sections),
                notes=(
                    *(f"[{i + 1}] {note}" for i, note in enumerate(notes)),
                    "derived: follows from the other values. T: recoil energy. An empty source: "
                    "as above.",
                    *self.origin.notes,
                    f"SHA-256 of the inputs: {self.origin.inputs_hash[0]}",
                ),
            ),
        )

    def _path(self, item: Ingredient) -> list[str]:
        """Return the names that lead to a value, as in backgrounds 1, sigma."""
        names = item.quantity.replace(f":{self.experiment}", "").split(".")
        return [_NUMBER.sub(r" \1", name) for name in names]

    def to_csv(self) -> str:
        """Return one row per value."""
        rows = ((i.section, i.quantity, i.value, i.source, i.note) for i in self.ingredients)
        return csv_text(("section", "quantity", "value", "source", "note"), rows)


def _next(found: re.Match[str]) -> str:
    return f"[{int(found[1]) + 1}]"


def _rows(
    items: Sequence[tuple[Sequence[str], Ingredient]],
    notes: list[str],
    indent: str,
    said: str | None = None,
) -> Iterator[Row]:
    """Yield the rows of values, those of one table below its name; ``notes`` are added to.

    Where all of a table have one source it stands beside the name, and ``said`` in no row below.
    """
    for (_, is_table), group in groupby(items, key=lambda pair: (pair[0][0], len(pair[0]) > 1)):
        members = list(group)
        if is_table and len(members) > 1:
            sources = {item.source for _, item in members}
            source = sources.pop() if len(sources) == 1 else said
            shared = _shared([path for path, _ in members])
            label = indent + " ".join(members[0][0][:shared])
            yield (label, "", _source(source, said), "")
            inner = [(path[shared:], item) for path, item in members]
            yield from _rows(inner, notes, indent + " ", source)
            continue
        for path, item in members:
            notes += [item.note] if item.note else []
            mark = f"[{len(notes)}]" if item.note else ""
            value = item.value[1:-1] if item.value[:1] == "[" else item.value
            yield (indent + " ".join(path), value, _source(item.source, said), mark)


def _source(source: str | None, said: str | None) -> str:
    """Return the cell of a source: empty where it is said above, or for each value by itself."""
    return "" if source == said or source is None else source or "none given"


def _shared(paths: Sequence[Sequence[str]]) -> int:
    """Return how many names all paths begin with, as far as they make a short label.

    Each path keeps at least one name of its own.
    """
    for i in range(min(map(len, paths)) - 1, 1, -1):
        is_common = len({tuple(path[:i]) for path in paths}) == 1
        if is_common and len(" ".join(paths[0][:i])) <= LONGEST_LABEL:
            return i
    return 1
