"""Limits printed elsewhere, beside those from today's data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import final

from munu.results.core.codec import later
from munu.results.core.table import Table
from munu.results.paper.published import MOMENTS, NOT_STATED


@final
@dataclass(frozen=True, kw_only=True)
class PrintedLimit:
    """A published limit on a moment.

    Parameters
    ----------
    label : str
        Experiment, or setup of a projection.
    quantity : str
        A parameter of `munu.limit`, ``solar_effective`` or ``Lambda``, the modulus of all
        transition moments.
    limit_mu_b : float
    source : str
    sided : str
        ``one-sided``, ``two-sided`` or ``not stated``.
    text : str
        As printed, in 10⁻¹⁰ μ_B; empty in files of earlier versions.
    note : str
        What to know before the number is compared; empty for nothing.
    """

    label: str
    quantity: str
    limit_mu_b: float
    source: str
    sided: str = later(NOT_STATED)
    text: str = later("")
    note: str = later("")

    @property
    def remark(self) -> str:
        """Source and note in one line."""
        return f"{self.source}: {self.note}" if self.note else self.source


def projections_table(title: str, limits: Sequence[PrintedLimit]) -> Table:
    """Return a table with one row per label, source and note, one column per quantity."""
    quantities = [q for q in MOMENTS if any(limit.quantity == q for limit in limits)]
    numbers = {"": ""}
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for limit in limits:
        numbers.setdefault(limit.note, f"[{len(numbers)}]")
        cells = rows.setdefault((limit.label, limit.source, numbers[limit.note]), {})
        cells[limit.quantity] = _number(limit)
    return Table(
        title=title,
        columns=("~limit", *(MOMENTS[q] for q in quantities), "~source", "<note"),
        rows=tuple(
            (label, *(cells.get(q, "") for q in quantities), source, number)
            for (label, source, number), cells in rows.items()
        ),
        notes=(
            "Slices, from Eq. (34) with σ_sys = 0. `munu reproduce table2` has ours beside them.",
            *(f"{number} {note}" for note, number in numbers.items() if note),
        ),
        compact=True,
    )


def published_table(title: str, limits: Iterable[PrintedLimit]) -> Table:
    """Return a table with one row per limit, the strongest of each moment first."""
    order = list(MOMENTS)
    ordered = sorted(limits, key=lambda one: (order.index(one.quantity), one.limit_mu_b))
    return Table(
        title=title,
        columns=("<moment", "limit", "<sides", "~data", "~source"),
        rows=tuple(
            (MOMENTS[one.quantity], _number(one), one.sided, one.label, one.source)
            for one in ordered
        ),
        notes=(
            "sides: of the confidence level; at 90 % one-sided limits have Δχ² = 1.64, two-sided "
            "ones 2.71. by others: not by the experiment. |Λ|: of all transition moments together. "
            "`munu reproduce published` lists more.",
        ),
        compact=True,
    )


def _number(limit: PrintedLimit) -> str:
    return limit.text or f"{limit.limit_mu_b / 1e-10:.4g}"
