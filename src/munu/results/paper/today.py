"""Limits on the moments from today's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.alike import ByContent
from munu.base.typing import ComplexArray
from munu.physics.assumptions import Assumptions
from munu.results.core.base import Result
from munu.results.core.cells import finite_cell
from munu.results.core.codec import later
from munu.results.core.standard_model import StandardModelFit, exclusions
from munu.results.core.table import Table, csv_text, percent
from munu.results.paper.printed import PrintedLimit, projections_table, published_table
from munu.results.paper.today_limit import (
    EFFECTIVE_LIMITS,
    MASS_LIMITS,
    TodayLimit,
    differences,
    expected_cell,
    limit_cell,
    limit_headings,
    rows_of,
)
from munu.results.region import RegionResult


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class TodaySet(ByContent):
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
    standard_model : tuple of StandardModelFit
        How well the Standard Model fits the data of each experiment that has some.
    """

    label: str
    experiments: tuple[str, ...]
    limits: tuple[TodayLimit, ...]
    blind_directions: int
    weakest_direction: ComplexArray
    weakest: TodayLimit
    standard_model: tuple[StandardModelFit, ...] = later(())

    def find(self, parameter: str, others: str) -> TodayLimit:
        """Return the limit on a parameter."""
        return next(x for x in self.limits if (x.parameter, x.others) == (parameter, others))


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
    assumptions : Assumptions
    """

    cl: float
    delta_chi2: float
    sets: tuple[TodaySet, ...]
    projected: tuple[PrintedLimit, ...]
    published: tuple[PrintedLimit, ...]
    regions: tuple[RegionResult, ...]
    region_labels: tuple[str, ...]
    remarks: tuple[str, ...]
    assumptions: Assumptions

    def summary(self) -> tuple[str, ...]:
        """Return the title of its first table."""
        return (self.tables()[0].title,)

    def tables(self) -> tuple[Table, ...]:
        """Return limits on the Λ's, on the flavours' moments, blindness, and printed limits."""
        level = f"{self.assumptions.sided}, {percent(self.cl)} C.L., 10⁻¹⁰ μ_B"
        return (
            Table(
                title=f"Limits on transition moments, {level}",
                columns=("<data", *limit_headings(MASS_LIMITS)),
                rows=self._rows(MASS_LIMITS),
                notes=(
                    f"Δχ² = {self.delta_chi2:.3f}, one degree of freedom; slice: others zero; "
                    "profiled: minimised over the others and their phases; ∞: blind; expected: "
                    "with data as the Standard Model predicts.",
                    self.assumptions.text(),
                    *self._differences(MASS_LIMITS),
                    *self._exclusions(),
                    *self._failures(),
                ),
                compact=True,
            ),
            Table(
                title=f"Limits on effective moments of flavours, {level}",
                columns=("<data", *limit_headings(EFFECTIVE_LIMITS)),
                rows=self._rows(EFFECTIVE_LIMITS),
                notes=(
                    "Moments of the flavours at the detector. Slice: those of the others zero; "
                    "profiled: minimised over them; μ_eff: one moment of all.",
                    *self._differences(EFFECTIVE_LIMITS),
                ),
                compact=True,
            ),
            self._blindness(level),
            projections_table(
                f"Projections of arXiv:1905.03750, as printed, {level}", self.projected
            ),
            published_table(
                f"Published limits, {percent(self.cl)} C.L., 10⁻¹⁰ μ_B", self.published
            ),
        )

    def _rows(self, wanted: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
        found = ((one.label, [one.find(*which) for which in wanted]) for one in self.sets)
        return tuple(row for label, limits in found for row in rows_of((label,), limits))

    def _differences(self, wanted: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        return differences((one.label, [one.find(*which) for which in wanted]) for one in self.sets)

    def _exclusions(self) -> tuple[str, ...]:
        """Return which experiments' data exclude the Standard Model, each once."""
        fits = {fit.experiment: fit for one in self.sets for fit in one.standard_model}
        return exclusions(fits.values())

    def _blindness(self, level: str) -> Table:
        return Table(
            title=f"Directions seen least, and |Λ| along them, {level}",
            columns=("<data", "blind\ndirections", "Λ₁", "Λ₂", "Λ₃", "limit", "expected"),
            rows=tuple(
                (
                    one.label,
                    *_direction_cells(one),
                    limit_cell(one.weakest),
                    expected_cell(one.weakest),
                )
                for one in self.sets
            ),
            notes=self.remarks,
        )

    def _failures(self) -> tuple[str, ...]:
        return tuple(
            f"✗ {one.label}, {limit.symbol}, {limit.others}: {limit.failure}"
            for one in self.sets
            for limit in (*one.limits, one.weakest)
            if limit.failure
        ) + tuple(
            f"✗ {one.label}, {limit.symbol}, {limit.others}, expected: {limit.expected_failure}"
            for one in self.sets
            for limit in (*one.limits, one.weakest)
            if limit.expected_failure
        )

    def to_csv(self) -> str:
        """Return one row per data set and limit, then the printed limits."""
        rows: list[tuple[object, ...]] = [
            (
                one.label,
                " + ".join(one.experiments),
                limit.parameter,
                limit.others,
                self.assumptions.sided,
                finite_cell(limit.limit_mu_b),
                finite_cell(limit.expected_limit_mu_b),
                limit.unbounded_because or limit.failure,
            )
            for one in self.sets
            for limit in one.limits
        ]
        rows += [
            (p.label, "", p.quantity, "", p.sided, p.limit_mu_b, None, p.remark)
            for p in (*self.projected, *self.published)
        ]
        columns = (
            "data",
            "experiments",
            "parameter",
            "others",
            "sided",
            "limit_mu_b",
            "expected_limit_mu_b",
            "remark",
        )
        return csv_text(columns, rows)


def _direction_cells(one: TodaySet) -> tuple[str, ...]:
    """Return the number of blind directions and the components of the weakest one."""
    if not np.any(one.weakest_direction):
        return ("✗",) * 4
    return (str(one.blind_directions), *(_component(value) for value in one.weakest_direction))


def _component(value: complex) -> str:
    if abs(value.imag) < 5e-4:
        return f"{value.real:.2f}"
    return f"{value.real:.2f}{value.imag:+.2f}i"
