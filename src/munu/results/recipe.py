"""The recipe of an experiment: what ``munu show`` prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from munu.results.base import Result
from munu.results.table import Table, csv_text

TITLES = {
    "source": "Flux",
    "target": "Target",
    "interaction": "Cross section",
    "detector": "Detector",
    "exposure": "Exposure",
    "statistic": "Statistic",
}


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

    def _sections(self) -> Iterator[str]:
        present = [item.section for item in self.ingredients]
        yield from (name for name in (*TITLES, *present) if name in present)

    def tables(self) -> tuple[Table, ...]:
        """Return one table, a line between the sections, the notes below."""
        rows: list[tuple[str, ...]] = []
        sections, notes = [], []
        for name in dict.fromkeys(self._sections()):
            sections.append(len(rows))
            rows.append((TITLES.get(name, name), "", "", ""))
            for item in (item for item in self.ingredients if item.section == name):
                if item.note:
                    notes.append(item.note)
                mark = str(len(notes)) if item.note else ""
                rows.append((f" {item.quantity}", item.value, item.source, mark))
        return (
            Table(
                title=f"{self.experiment}, setup {self.setup}: {self.title}",
                columns=("<quantity", "~value", "~source", "<note"),
                rows=tuple(rows),
                sections=tuple(sections),
                notes=(
                    *(f"[{i + 1}] {note}" for i, note in enumerate(notes)),
                    *self.origin.notes,
                    f"SHA-256 of the inputs: {self.origin.inputs_hash[0]}",
                ),
            ),
        )

    def to_csv(self) -> str:
        """Return one row per value."""
        rows = ((i.section, i.quantity, i.value, i.source, i.note) for i in self.ingredients)
        return csv_text(("section", "quantity", "value", "source", "note"), rows)
