"""Limits of today's data on couplings beside the magnetic moments: tables, planes and curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from munu.base.typing import FloatArray
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.results.core.base import Result
from munu.results.core.cells import finite_cell, intervals_cell, signed_ends
from munu.results.core.table import Table, csv_text, percent
from munu.results.coupling_region import CouplingRegionResult
from munu.results.paper.family_comparison import FamilyComparison, comparisons_table
from munu.results.scan import ScanResult

UNREACHED = "–"
FAILED = "✗"


@final
@dataclass(frozen=True, kw_only=True)
class FamilyLimit:
    """All intervals of a coupling from one set of data.

    Parameters
    ----------
    table : str
        Title of the table that it stands in.
    data : str
        Name of the set.
    experiments : tuple of str
        ``id@setup``.
    parameter, mass : str
        Mass of the mediator or of the sterile neutrino; empty for a parameter without.
    intervals : array, shape (k, 2)
        In the parameter's unit; none where there is no limit for the reason in ``failure``.
    best_fit : float or None
    unreached : bool
        Whether no neutrino of the sources makes a sterile one of this mass.
    failure : str
        Why there is no limit: a property of the source, or of the fit.
    """

    table: str
    data: str
    experiments: tuple[str, ...]
    parameter: str
    mass: str
    intervals: FloatArray
    best_fit: float | None
    unreached: bool = False
    failure: str = ""

    def __post_init__(self) -> None:
        """Give open ends their sign, which JSON has not."""
        object.__setattr__(self, "intervals", signed_ends(self.intervals))

    @property
    def heading(self) -> str:
        """The parameter with its unit, and the mass below."""
        parameter = parameter_of(self.parameter)
        return f"{parameter.symbol}\n{self.mass}" if self.mass else parameter.symbol

    @property
    def cell(self) -> str:
        """The intervals in the parameter's unit."""
        if self.failure:
            return UNREACHED if self.unreached else FAILED
        parameter = parameter_of(self.parameter)
        return intervals_cell(self.intervals / parameter.unit.scale, parameter.low)


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
    conditions : Assumptions
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
    conditions: Assumptions

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
        return (*found, comparisons_table(self.comparisons))

    def _table(self, title: str, *, is_first: bool) -> Table:
        limits = [one for one in self.limits if one.table == title]
        columns = list(dict.fromkeys((one.parameter, one.mass) for one in limits))
        headings = [
            next(x.heading for x in limits if (x.parameter, x.mass) == column) for column in columns
        ]
        unit = parameter_of(limits[0].parameter).unit.text
        level = f"{percent(self.cl)} C.L., {self.conditions.sided}"
        return Table(
            title=f"{title}: allowed at {level}{f', {unit}' if unit else ''}",
            columns=("<data", *(f"~{heading}" for heading in headings)),
            rows=tuple(
                (data, *(self.find(data, *column).cell for column in columns))
                for data in dict.fromkeys(one.data for one in limits)
            ),
            notes=(*(self._reading() if is_first else ()), *_notes(limits)),
            compact=True,
        )

    def _reading(self) -> tuple[str, ...]:
        return (
            f"Δχ² = {self.delta_chi2:.3f}, one degree of freedom; all other couplings as in the "
            "Standard Model. Two intervals: in the second the amplitude has the other sign. "
            "∞: no event tells it. Weak couplings as in the files, Eq. (21) of arXiv:1905.03750.",
            *self.remarks,
        )

    def to_csv(self) -> str:
        """Return a row for each interval, then the published ones beside ours."""
        rows: list[tuple[object, ...]] = []
        for one in self.limits:
            start = ("limit", one.data, one.parameter, one.mass, self.cl, self.conditions.sided)
            ends = [tuple(map(finite_cell, pair)) for pair in one.intervals.tolist()]
            rows += [(*start, *pair, one.failure) for pair in ends or [(None, None)]]
        for compared in self.comparisons:
            for kind, intervals in (("munu", compared.ours), ("published", compared.published)):
                rows += [
                    (
                        kind,
                        compared.our_data if kind == "munu" else compared.published_data,
                        compared.parameter,
                        compared.mass,
                        compared.cl,
                        compared.sided,
                        *map(finite_cell, pair),
                        compared.source,
                    )
                    for pair in intervals.tolist()
                ]
        columns = ("kind", "data", "parameter", "mass", "cl", "sided", "low", "high", "remark")
        return csv_text(columns, rows)


def _notes(limits: Sequence[FamilyLimit]) -> tuple[str, ...]:
    """Return what parameters leave out, and why there are limits missing."""
    parameters = dict.fromkeys(parameter_of(one.parameter) for one in limits)
    caveats = dict.fromkeys(c.text for one in parameters for c in one.caveats)
    found = [f"{text[0].upper()}{text[1:]}." for text in caveats]
    if any(one.unreached for one in limits):
        found.append(f"{UNREACHED}: no neutrino of the source makes a sterile one of this mass.")
    found += [
        f"{FAILED} {one.data}, {one.heading}: {one.failure}"
        for one in limits
        if one.failure and not one.unreached
    ]
    return tuple(found)
