"""Table I of arXiv:1905.03750: the setups in use beside the printed ones."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import final

from munu.results.core.base import Result
from munu.results.core.table import Table, csv_text


@final
@dataclass(frozen=True, kw_only=True)
class Table1Row:
    """One value of a setup.

    Parameters
    ----------
    experiment, label, setup : str
        Identifier, detector as the table names it, setup.
    quantity : str
        ``mass``, ``threshold``, ``efficiency``, ``live time`` or ``baseline``.
    value, published : str
        As used here, and as printed.
    agrees : bool
    """

    experiment: str
    label: str
    setup: str
    quantity: str
    value: str
    published: str
    agrees: bool


@final
@dataclass(frozen=True, kw_only=True)
class Table1Result(Result, kind="table1"):
    """The setups of Table I.

    Parameters
    ----------
    rows : tuple of Table1Row
    """

    rows: tuple[Table1Row, ...]

    def summary(self) -> tuple[str, ...]:
        """Return the title of its first table."""
        return (self.tables()[0].title,)

    def tables(self) -> tuple[Table, ...]:
        """Return one line per setup; a value that differs from the printed one says so."""
        quantities = tuple(dict.fromkeys(row.quantity for row in self.rows))
        setups = tuple(dict.fromkeys((r.experiment, r.label, r.setup) for r in self.rows))
        cells = {(r.experiment, r.setup, r.quantity): _cell(r) for r in self.rows}
        lines = tuple(
            (name, label, setup, *(cells[name, setup, quantity] for quantity in quantities))
            for name, label, setup in setups
        )
        names = [name for name, _, _ in setups]
        sections = tuple(i for i in range(1, len(names)) if names[i] != names[i - 1])
        differing = sum(not row.agrees for row in self.rows)
        return (
            Table(
                title="Table I of arXiv:1905.03750: the setups, as used here",
                columns=("<experiment", "<detector", "<setup", *quantities),
                rows=lines,
                compact=True,
                sections=sections,
                notes=(
                    f"{len(self.rows) - differing} of {len(self.rows)} values are as printed"
                    + ("; the others are marked ≠ with the printed value." if differing else "."),
                    "keVee: ionisation energy, to which Eq. (26) quenches the recoil. 1 yr = "
                    "365.25 d.",
                ),
            ),
        )

    def to_csv(self) -> str:
        """Return one row per value."""
        names = [field.name for field in fields(Table1Row)]
        return csv_text(names, ([getattr(row, name) for name in names] for row in self.rows))


def _cell(row: Table1Row) -> str:
    return row.value if row.agrees else f"{row.value} ≠ {row.published}"
