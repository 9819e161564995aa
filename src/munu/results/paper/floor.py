"""Natural neutrinos in detectors of dark matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.alike import ByContent
from munu.base.thresholds import TWO_SIDED, limit_delta_chi2
from munu.base.typing import FloatArray
from munu.results.core.base import Result
from munu.results.core.cells import finite_cell
from munu.results.core.codec import later
from munu.results.core.table import Table, csv_text, percent, significant

SHOWN_KEV = (0.001, 0.01, 0.1, 0.5, 1.0, 3.0)
"""Recoil thresholds that the tables show."""
ABSENT = "limit as if the other sources were absent"
"""Remark on the limit of one source."""


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class FloorCurve(ByContent):
    """Nuclear recoils of one source on one target, above thresholds.

    Parameters
    ----------
    target, source : str
    sm_events : array, shape (n,)
        Standard Model events.
    dipole_events_per_mu_b2 : array, shape (n,)
        Events of an effective moment of 1 μ_B of every species.
    limit_mu_b : array, shape (n,)
        Moment that the source excludes as if it were the only one, the others absent.
    """

    target: str
    source: str
    sm_events: FloatArray
    dipole_events_per_mu_b2: FloatArray
    limit_mu_b: FloatArray


@final
@dataclass(frozen=True, kw_only=True)
class FloorResult(Result, kind="floor"):
    """Rates and sensitivity of a tonne-year against the threshold.

    Parameters
    ----------
    exposure_tonne_yr, cl : float
    sided : str
    delta_chi2 : float
        Of the limits, with one degree of freedom.
    recoil_threshold_kev : array, shape (n,)
    curves : tuple of FloorCurve
        Each source, then ``all`` of them, target by target.
    """

    exposure_tonne_yr: float
    cl: float
    recoil_threshold_kev: FloatArray
    curves: tuple[FloorCurve, ...]
    sided: str = later(TWO_SIDED)
    delta_chi2: float = later(limit_delta_chi2(0.9))  # that of earlier versions

    @property
    def level(self) -> str:
        """Confidence level of the limits, its sides and its Δχ²."""
        return f"{percent(self.cl)} C.L., {self.sided} (Δχ² = {self.delta_chi2:.3f})"

    def summary(self) -> tuple[str, ...]:
        """Return the title of its first table."""
        return (self.tables()[0].title,)

    def tables(self) -> tuple[Table, ...]:
        """Return one table per target, at a few thresholds."""
        shown = np.flatnonzero(np.isin(self.recoil_threshold_kev, SHOWN_KEV))
        targets = dict.fromkeys(curve.target for curve in self.curves)
        return tuple(self._table(target, shown.tolist()) for target in targets)

    def _table(self, target: str, shown: list[int]) -> Table:
        curves = [curve for curve in self.curves if curve.target == target]
        thresholds = [f"> {self.recoil_threshold_kev[i]:.2g} keV" for i in shown]
        total = curves[-1]
        rows = [(c.source, *(significant(c.sm_events[i]) for i in shown)) for c in curves]
        reach = [
            significant(limit / 1e-10) if np.isfinite(limit) else "∞"
            for limit in total.limit_mu_b[shown]
        ]
        return Table(
            title=f"Nuclear recoils of natural neutrinos in {self.exposure_tonne_yr:g} tonne-year "
            f"of {target}",
            columns=("<source", *thresholds),
            rows=(*rows, ("μ_eff (10⁻¹⁰ μ_B)", *reach)),
            sections=(len(rows) - 1, len(rows)),
            notes=(
                f"μ_eff: moment of all species that the expected counts of all sources exclude at "
                f"{self.level}, with nuclear recoils alone; no other background, no systematic "
                "uncertainty, thresholds in true recoil energy.",
            ),
            compact=True,
        )

    def to_csv(self) -> str:
        """Return one row per target, source and threshold."""
        columns = (
            "target",
            "source",
            "recoil_threshold_kev",
            "sm_events",
            "dipole_events_per_mu_b2",
            "limit_mu_b",
            "cl",
            "sided",
            "delta_chi2",
            "remark",
        )
        level = (self.cl, self.sided, self.delta_chi2)
        rows = (
            (
                *(c.target, c.source, threshold, sm, dipole, finite_cell(limit), *level),
                "" if c.source == "all" else ABSENT,
            )
            for c in self.curves
            for threshold, sm, dipole, limit in zip(
                self.recoil_threshold_kev,
                c.sm_events,
                c.dipole_events_per_mu_b2,
                c.limit_mu_b,
                strict=True,
            )
        )
        return csv_text(columns, rows)
