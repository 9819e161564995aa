"""Table II of arXiv:1905.03750: computed beside published limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import isfinite
from typing import final

from munu.results.core.base import Result
from munu.results.core.cells import finite_cell
from munu.results.core.codec import later
from munu.results.core.standard_model import differ
from munu.results.core.table import Table, csv_text, percent, significant, terminal_width

WIDE = 116
"""Columns from which on everything stands in one table."""

LAMBDAS = ("Λ₁", "Λ₂", "Λ₃")


@final
@dataclass(frozen=True, kw_only=True)
class Table2Row:
    """One cell of Table II.

    Parameters
    ----------
    group, label : str
        Heading and name in the table.
    experiment, setup, beam, parameter : str
    limit_mu_b : float
        Computed as the paper did: `convention` and `sigma_sys`.
    published_mu_b, published_half_width_mu_b : float
        Printed limit and half of its last digit (μ_B).
    published_text : str
        As printed, in 10⁻¹⁰ μ_B.
    ratio : float
        Computed over published.
    per_species_limit_mu_b : float
        The consistent limit, each species scattering with its own moment.
    implied_flux_ratio : float or None
        The flux, in units of ours, at which the computed limit is the published one.
    convention : str
    sigma_sys : float or None
        None is the experiment's own.
    note : str
        Why they differ.
    expected_limit_mu_b : float
        Where the limit is one from data: with data as the Standard Model predicts; else infinite.
    has_expected : bool
        Whether it is known what expected data say, be it that they set no limit.
    """

    group: str
    label: str
    experiment: str
    setup: str
    beam: str
    parameter: str
    limit_mu_b: float
    published_mu_b: float
    published_half_width_mu_b: float
    published_text: str
    ratio: float
    per_species_limit_mu_b: float
    implied_flux_ratio: float | None
    convention: str
    sigma_sys: float | None
    note: str
    expected_limit_mu_b: float = later(float("inf"))
    has_expected: bool = later(False)

    def __post_init__(self) -> None:
        """Say what files without the key know."""
        known = isfinite(self.expected_limit_mu_b)
        object.__setattr__(self, "has_expected", self.has_expected or known)


@final
@dataclass(frozen=True, kw_only=True)
class Table2Result(Result, kind="table2"):
    """All cells of Table II, and the full-beam limits of the text.

    Parameters
    ----------
    rows : tuple of Table2Row
    cl, delta_chi2 : float
    mixing : str
    delta_cp : float
    others : str
        ``zero``: every limit is a slice.
    """

    rows: tuple[Table2Row, ...]
    cl: float
    delta_chi2: float
    mixing: str
    delta_cp: float
    others: str

    def summary(self) -> tuple[str, ...]:
        """Return the title of its first table."""
        return (self.tables()[0].title,)

    def tables(self) -> tuple[Table, ...]:
        """Return one table in a wide terminal, two below each other in a narrow one."""
        numbers = {text: str(i + 1) for i, text in enumerate(self._notes())}
        lines = self._lines()
        names = [(f" {cells[0].label}", cells[0].setup) for cells in lines]
        compared = [_comparison(cells) for cells in lines]
        consistent = [_consistency(cells) for cells in lines]
        marks = [numbers.get(cells[0].note, "") for cells in lines]
        title = (
            "Table II of arXiv:1905.03750: limits on |Λ₁|, |Λ₂|, |Λ₃| in 10⁻¹⁰ μ_B, "
            f"{percent(self.cl)} C.L."
        )
        notes = (*self._legend(), *(f"[{n}] {text}" for text, n in numbers.items()))
        if terminal_width() >= WIDE:
            rows = zip(names, compared, consistent, marks, strict=True)
            wide = [(*name, *c, "", *s, "", mark) for name, c, s, mark in rows]
            columns = (*NAMES, *COMPARED, "", *CONSISTENT, "", "<note")
            return (self._table(title, columns, wide, notes),)
        first = [(*n, *c, m) for n, c, m in zip(names, compared, marks, strict=True)]
        second = [(*n, "", *s) for n, s in zip(names, consistent, strict=True)]
        return (
            self._table(title, (*NAMES, *COMPARED, "<note"), first, ()),
            self._table(
                "The consistent limits, each species scattering with its own moment",
                (*NAMES, "", *CONSISTENT),
                second,
                notes,
            ),
        )

    def _table(
        self,
        title: str,
        columns: tuple[str, ...],
        rows: Sequence[tuple[str, ...]],
        notes: tuple[str, ...],
    ) -> Table:
        """Return a table with a line for each group's heading."""
        grouped: list[tuple[str, ...]] = []
        sections = []
        heading = ""
        for cells, row in zip(self._lines(), rows, strict=True):
            if cells[0].group != heading:
                heading = cells[0].group
                sections.append(len(grouped))
                grouped.append((heading, *[""] * (len(columns) - 1)))
            grouped.append(row)
        return Table(
            title=title,
            columns=columns,
            rows=tuple(grouped),
            sections=tuple(sections),
            notes=notes,
            compact=True,
        )

    def _lines(self) -> list[list[Table2Row]]:
        """Return the cells of each line, the three moments together."""
        return [list(self.rows[i : i + len(LAMBDAS)]) for i in range(0, len(self.rows), 3)]

    def _notes(self) -> list[str]:
        return list(dict.fromkeys(row.note for row in self.rows if row.note))

    def _legend(self) -> tuple[str, ...]:
        return (
            "munu: published convention (moments of the species added, times the summed spectra); "
            "Eq. (34) with σ_sys = 0, Eq. (33) as printed; slices, δ_CP = 0, mixing "
            f"{self.mixing}. per-species: Σ over species of its moment times its own spectrum.",
            "flux: what the true flux would have to be, in units of ours, for munu to give the "
            "printed limits (limit ~ flux^(-1/4)); mean over the three moments.",
            f"All limits are two-sided, Δχ² = {self.delta_chi2:.3f}, one degree of freedom.",
            *map(_expected, filter(_has_expected, self._lines())),
        )

    def to_csv(self) -> str:
        """Return one row per cell."""
        names = [field.name for field in fields(Table2Row)]
        return csv_text(names, ([_csv_cell(row, name) for name in names] for row in self.rows))


def _csv_cell(row: Table2Row, name: str) -> object:
    value = getattr(row, name)
    return finite_cell(value) if name == "expected_limit_mu_b" else value


def _has_expected(cells: Sequence[Table2Row]) -> bool:
    return all(cell.has_expected for cell in cells)


def _expected(cells: Sequence[Table2Row]) -> str:
    """Return the expected limits of a row that is from data, and whether they differ."""
    first = cells[0]
    numbers = ", ".join(_number(cell.expected_limit_mu_b) for cell in cells)
    words = dict.fromkeys(differ(cell.limit_mu_b, cell.expected_limit_mu_b) for cell in cells)
    found = [f"the observed ones are {word} by more than 25 %" for word in words if word]
    told = "; ".join((f"expected {numbers}", *found))
    return f"{first.label}, {first.beam} beam, is from data: {told}."


def _headings(name: str) -> tuple[str, ...]:
    return tuple(f"{name if i == 0 else ''}\n{symbol}" for i, symbol in enumerate(LAMBDAS))


NAMES = ("<", "<setup")
COMPARED = (*_headings("munu"), "", *_headings("paper"), "", *_headings("ratio"))
CONSISTENT = (*_headings("per-species"), "", "flux")


def _number(value_mu_b: float) -> str:
    """Return a limit in 10⁻¹⁰ μ_B with three digits, at most three of them decimals."""
    value = value_mu_b / 1e-10
    return significant(value) if value >= 0.1 else f"{value:.3f}"


def _comparison(cells: Sequence[Table2Row]) -> tuple[str, ...]:
    return (
        *(_number(cell.limit_mu_b) for cell in cells),
        "",
        *(cell.published_text for cell in cells),
        "",
        *(f"{cell.ratio:.3f}" for cell in cells),
    )


def _consistency(cells: Sequence[Table2Row]) -> tuple[str, ...]:
    ratios = [cell.implied_flux_ratio for cell in cells if cell.implied_flux_ratio is not None]
    mean = sum(ratios) / len(ratios) if ratios else None
    flux = "—" if mean is None else f"{mean:.2f}" if mean < 10 else f"{mean:.0f}"
    return (*(_number(cell.per_species_limit_mu_b) for cell in cells), "", flux)
