"""How an experiment looks in a terminal and in a notebook: its name, and what its file states."""

from __future__ import annotations

from abc import ABC
from typing import Any, Final

from munu.base.alike import ByContent
from munu.base.html_table import html_table
from munu.base.visible import visible
from munu.experiments.identity import Identity

COLUMNS: Final = ("quantity", "value", "source", "note")


class Displayed(ByContent, ABC):
    """What has an identity, and shows it; `munu.show` gives what follows from the values too."""

    identity: Identity

    def _heading(self) -> str:
        title = " ".join(self.identity.title.split())
        changed = " (changed)" if self.identity.changes else ""
        return visible(f"{self.identity.id}@{self.identity.setup}{changed}: {title}")

    def _rows(self) -> list[tuple[str, ...]]:
        entries = self.identity.provenance
        return [tuple(map(visible, (e.key, e.value, e.source, e.note))) for e in entries]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._heading()}>"

    def __str__(self) -> str:
        """Return the name, and a line for each value with its source."""
        rows = [
            (key, f"{value}  [{source}]" if source else value)
            for key, value, source, _ in self._rows()
        ]
        width = max((len(key) for key, _ in rows), default=0)
        return "\n".join((self._heading(), *(f"  {key:<{width}}  {value}" for key, value in rows)))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show the short form in IPython, which calls this."""
        printer.text(repr(self))

    def _repr_html_(self) -> str:
        """Return a table of the values with their sources, for a notebook."""
        notes = (visible(note) for note in self.identity.notes)
        return html_table(self._heading(), COLUMNS, self._rows(), notes)
