"""Limits of today's data on couplings beside the magnetic moments: tables, planes and curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.results.core.base import Result
from munu.results.core.cells import finite_cell
from munu.results.core.table import Table, csv_text, percent
from munu.results.coupling_region import CouplingRegionResult
from munu.results.paper.family_comparison import FamilyComparison, comparisons_table
from munu.results.paper.family_limit import FamilyLimit, limit_notes, limit_rows
from munu.results.scan import ScanResult

COLUMNS: Final = (
    *("kind", "data", "parameter", "mass", "unit", "cl", "sided"),
    *("low", "high", "remark"),
)
NO_ENDS: Final = (None, None)


@final
@dataclass(frozen=True, kw_only=True)
class FamilyResult(Result, kind="family"):
    """Limits of today's data on couplings beside the magnetic moments.

    Parameters
    ----------
    cl, delta_chi2 : float
        Confidence level of the limits, and its Δχ² with one degree of freedom.
    limits : tuple of FamilyLimit
        By table, parameter and set of data.
    comparisons : tuple of FamilyComparison
        Published numbers beside ours in their convention.
    regions : tuple of CouplingRegionResult
        Planes, two degrees of freedom.
    region_labels : tuple of str
        Data of each region.
    scans : tuple of ScanResult
        Limits over masses of mediators and sterile neutrinos.
    scan_labels : tuple of str
    remarks : tuple of str
    assumptions : Assumptions
    """

    cl: float
    delta_chi2: float
    limits: tuple[FamilyLimit, ...]
    comparisons: tuple[FamilyComparison, ...]
    regions: tuple[CouplingRegionResult, ...]
    region_labels: tuple[str, ...]
    scans: tuple[ScanResult, ...]
    scan_labels: tuple[str, ...]
    remarks: tuple[str, ...]
    assumptions: Assumptions

    def find(self, data: str, parameter: str, mass: str = "") -> FamilyLimit:
        """Return the limit on a parameter from a set of data."""
        asked = (data, parameter, mass)
        return next(x for x in self.limits if (x.data, x.parameter, x.mass) == asked)

    def summary(self) -> tuple[str, ...]:
        """Return the title of its first table."""
        return (self.tables()[0].title,)

    def tables(self) -> tuple[Table, ...]:
        """Return a table for each family, and published numbers beside ours."""
        titles = list(dict.fromkeys(one.table for one in self.limits))
        found = [self._table(title, is_first=title == titles[0]) for title in titles]
        return (*found, comparisons_table(self.comparisons, self._without_published()))

    def _without_published(self) -> tuple[str, ...]:
        """Return the parameters of the tables that no published number stands beside."""
        compared = {one.parameter for one in self.comparisons}
        asked = dict.fromkeys(one.parameter for one in self.limits)
        return tuple(parameter_of(name).symbol for name in asked if name not in compared)

    def _table(self, title: str, *, is_first: bool) -> Table:
        limits = [one for one in self.limits if one.table == title]
        columns = list(dict.fromkeys((one.parameter, one.mass) for one in limits))
        headings = [
            next(x.heading for x in limits if (x.parameter, x.mass) == column) for column in columns
        ]
        unit = parameter_of(limits[0].parameter).unit.text
        level = f"{percent(self.cl)} C.L., {self.assumptions.sided}"
        return Table(
            title=f"{title}: allowed at {level}{f', {unit}' if unit else ''}",
            columns=("<data", *(f"~{heading}" for heading in headings)),
            rows=tuple(
                row
                for data in dict.fromkeys(one.data for one in limits)
                for row in limit_rows(data, [self.find(data, *column) for column in columns])
            ),
            notes=(*(self._reading() if is_first else ()), *limit_notes(limits)),
            compact=True,
        )

    def _reading(self) -> tuple[str, ...]:
        return (
            f"Δχ² = {self.delta_chi2:.3f}, one degree of freedom; all other couplings as in the "
            "Standard Model. Two intervals: in the second the amplitude has the other sign. "
            "∞: no event tells it. Expected: with data as the Standard Model predicts. Weak "
            "couplings as in the files, Eq. (21) of arXiv:1905.03750.",
            *self.remarks,
        )

    def to_csv(self) -> str:
        """Return a row for each interval, then the published ones beside ours."""
        rows: list[tuple[object, ...]] = []
        for one in self.limits:
            rest = (one.data, one.parameter, one.mass, one.unit, self.cl, self.assumptions.sided)
            for kind, intervals, failure in one.by_kind():
                rows += [(kind, *rest, *pair, failure) for pair in _ends(intervals) or [NO_ENDS]]
        for compared in self.comparisons:
            about = (compared.parameter, compared.mass, compared.unit)
            ours = ("munu", compared.our_data, *about, compared.our_cl, compared.our_sides)
            beside = f"beside {compared.source}: {compared.convention}"
            rows += [(*ours, *pair, beside) for pair in _ends(compared.ours)]
            theirs = ("published", compared.published_data, *about, compared.cl, compared.sided)
            rows += [(*theirs, *pair, compared.source) for pair in _ends(compared.published)]
        return csv_text(COLUMNS, rows)


def _ends(intervals: FloatArray) -> list[tuple[float | None, float | None]]:
    """Return the ends of intervals as cells of CSV."""
    return [(finite_cell(low), finite_cell(high)) for low, high in intervals.tolist()]
