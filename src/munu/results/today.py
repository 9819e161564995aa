"""What today's data say about the moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.parameters import COMMON_PARAMETER, MASS_PARAMETERS, OTHERS, SYMBOLS, Others
from munu.results.base import Conditions, Result
from munu.results.region import RegionResult
from munu.results.table import Table, csv_text, percent, significant
from munu.typing import ComplexArray

MASS_LIMITS: tuple[tuple[str, Others], ...] = tuple(
    (name, others) for others in OTHERS for name in MASS_PARAMETERS
)
EFFECTIVE_LIMITS: tuple[tuple[str, Others], ...] = (
    *((name, others) for others in OTHERS for name in ("mu_nu_e", "mu_nu_mu")),
    (COMMON_PARAMETER, "zero"),
)
"""Limits from data that tables show: the moment, and what happens to the others of its kind."""
QUANTITIES = {**SYMBOLS, "solar_effective": "μ_ν, solar"}


@final
@dataclass(frozen=True, kw_only=True)
class TodayLimit:
    """A limit from one set of data.

    Parameters
    ----------
    parameter, others : str
        As in `munu.limit`.
    limit_mu_b : float
        Infinite where there is none.
    unbounded_because, failure : str
        Why there is none: a property of the data, or of the fit.
    """

    parameter: str
    others: str
    limit_mu_b: float
    unbounded_because: str = ""
    failure: str = ""


@final
@dataclass(frozen=True, kw_only=True)
class TodaySet:
    """The limits from one data set, or from several combined.

    Parameters
    ----------
    label : str
    experiments : tuple of str
        ``id@setup``.
    limits : tuple of TodayLimit
    blind_directions : int
        Number of independent directions of Λ that nothing in the set sees.
    weakest_direction : array, shape (3,)
        Unit vector of the moments in the mass basis that the set bounds least; zero if it could
        not be found, for the reason in ``weakest.failure``.
    weakest : TodayLimit
        The limit on |Λ| along it.
    """

    label: str
    experiments: tuple[str, ...]
    limits: tuple[TodayLimit, ...]
    blind_directions: int
    weakest_direction: ComplexArray
    weakest: TodayLimit

    def find(self, parameter: str, others: str) -> TodayLimit:
        """Return the limit on a parameter."""
        return next(x for x in self.limits if (x.parameter, x.others) == (parameter, others))


@final
@dataclass(frozen=True, kw_only=True)
class PrintedLimit:
    """A published limit.

    Parameters
    ----------
    label : str
        Experiment, or setup of a projection.
    quantity : str
        A parameter of `munu.limit`, or ``solar_effective``.
    limit_mu_b : float
    source : str
    """

    label: str
    quantity: str
    limit_mu_b: float
    source: str


@final
@dataclass(frozen=True, kw_only=True)
class TodayResult(Result, kind="today"):
    """Limits on the moments from today's data, alone and combined.

    Parameters
    ----------
    cl, delta_chi2 : float
        Confidence level, and its Δχ² with one degree of freedom.
    sets : tuple of TodaySet
    projected : tuple of PrintedLimit
        Projections of arXiv:1905.03750 for future setups, as printed.
    published : tuple of PrintedLimit
        Other published limits.
    regions : tuple of RegionResult
        Slices of the three planes: data, then projections.
    region_labels : tuple of str
        Name of each region.
    remarks : tuple of str
    conditions : Conditions
    """

    cl: float
    delta_chi2: float
    sets: tuple[TodaySet, ...]
    projected: tuple[PrintedLimit, ...]
    published: tuple[PrintedLimit, ...]
    regions: tuple[RegionResult, ...]
    region_labels: tuple[str, ...]
    remarks: tuple[str, ...]
    conditions: Conditions

    def tables(self) -> tuple[Table, ...]:
        """Return limits on the Λ's, on the flavours' moments, blindness, and printed limits."""
        level = f"{percent(self.cl)} C.L., 10⁻¹⁰ μ_B"
        return (
            Table(
                title=f"Limits on transition moments from today's data, {level}",
                columns=("<data", *limit_headings(MASS_LIMITS)),
                rows=self._rows(MASS_LIMITS),
                notes=(
                    f"Δχ² = {self.delta_chi2:.3f}, one degree of freedom; slice: others zero; "
                    "profiled: minimised over the others and their phases; ∞: blind.",
                    self.conditions.text(),
                    *self._failures(),
                ),
                compact=True,
            ),
            Table(
                title=f"Limits on effective moments of the flavours at the detector, {level}",
                columns=("<data", *limit_headings(EFFECTIVE_LIMITS)),
                rows=self._rows(EFFECTIVE_LIMITS),
                notes=(
                    "Slice: the moments of the other flavours zero; profiled: minimised over them; "
                    "μ_eff: one moment of all.",
                ),
                compact=True,
            ),
            self._blindness(level),
            _printed(f"Projections of arXiv:1905.03750, as printed, {level}", self.projected),
            _printed(f"Published limits, {level}", self.published),
        )

    def _rows(self, wanted: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
        return tuple(
            (one.label, *(limit_cell(one.find(*which)) for which in wanted)) for one in self.sets
        )

    def _blindness(self, level: str) -> Table:
        return Table(
            title=f"Directions that the data see least, and the limit on |Λ| along them, {level}",
            columns=("<data", "blind\ndirections", "Λ₁", "Λ₂", "Λ₃", "limit"),
            rows=tuple(
                (
                    one.label,
                    *_direction_cells(one),
                    limit_cell(one.weakest),
                )
                for one in self.sets
            ),
            notes=self.remarks,
        )

    def _failures(self) -> tuple[str, ...]:
        return tuple(
            f"✗ {one.label}, {_symbol(limit)}, {limit.others}: {limit.failure}"
            for one in self.sets
            for limit in (*one.limits, one.weakest)
            if limit.failure
        )

    def to_csv(self) -> str:
        """Return one row per data set and limit, then the printed limits."""
        rows: list[tuple[object, ...]] = [
            (
                one.label,
                " + ".join(one.experiments),
                limit.parameter,
                limit.others,
                limit.limit_mu_b if np.isfinite(limit.limit_mu_b) else None,
                limit.unbounded_because or limit.failure,
            )
            for one in self.sets
            for limit in one.limits
        ]
        rows += [
            (p.label, "", p.quantity, "", p.limit_mu_b, p.source)
            for p in (*self.projected, *self.published)
        ]
        columns = ("data", "experiments", "parameter", "others", "limit_mu_b", "remark")
        return csv_text(columns, rows)


def limit_headings(wanted: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the headings of columns of limits: how the others are treated, and the moment."""
    treatments = {"zero": "slice", "profiled": "profiled"}
    return tuple(
        SYMBOLS[name] if name == COMMON_PARAMETER else f"{treatments[others]}\n{SYMBOLS[name]}"
        for name, others in wanted
    )


def limit_cell(limit: TodayLimit) -> str:
    """Return a limit in 10⁻¹⁰ μ_B, or a cross where its fit failed."""
    return "✗" if limit.failure else significant(limit.limit_mu_b / 1e-10)


def _direction_cells(one: TodaySet) -> tuple[str, ...]:
    """Return the number of blind directions and the components of the weakest one."""
    if not np.any(one.weakest_direction):
        return ("✗",) * 4
    return (str(one.blind_directions), *(_component(value) for value in one.weakest_direction))


def _symbol(limit: TodayLimit) -> str:
    return SYMBOLS.get(limit.parameter, "|Λ|")


def _component(value: complex) -> str:
    if abs(value.imag) < 5e-4:
        return f"{value.real:.2f}"
    return f"{value.real:.2f}{value.imag:+.2f}i"


def _printed(title: str, limits: tuple[PrintedLimit, ...]) -> Table:
    """Return a table with one row per label and source, one column per quantity."""
    quantities = [q for q in QUANTITIES if any(limit.quantity == q for limit in limits)]
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for limit in limits:
        cells = rows.setdefault((limit.label, limit.source), {})
        cells[limit.quantity] = f"{limit.limit_mu_b / 1e-10:.3g}"
    return Table(
        title=title,
        columns=("~limit", *(QUANTITIES[q] for q in quantities), "~source"),
        rows=tuple(
            (label, *(cells.get(q, "") for q in quantities), source)
            for (label, source), cells in rows.items()
        ),
        compact=True,
    )
