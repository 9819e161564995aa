"""Natural neutrinos in dark-matter detectors: Sect. 6 of arXiv:1905.03750, per tonne-year."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from munu.base.thresholds import TWO_SIDED, delta_chi2
from munu.base.typing import FloatArray
from munu.experiments.references import CONSTANTS, NUCLEI, PAPER
from munu.folding.natural import events_above, expected_limit_mu_b, natural_sources
from munu.reproduction.work import Work
from munu.results.core.base import Origin
from munu.results.paper.floor import SHOWN_KEV, FloorCurve, FloorResult

TARGETS: Final = ("Xe", "Ge", "Ar")
THRESHOLDS_KEV: Final = np.unique(
    np.concatenate([np.geomspace(1e-3, 10.0, 81).round(6), np.array(SHOWN_KEV)])
)
CL: Final = 0.90
NOTES: Final = (
    "limit_mu_b: two-sided, one degree of freedom, from nuclear recoils alone; of a source as if "
    "the others were absent, of all with all of them; no other background.",
)
SOURCES: Final = (
    "arXiv:1611.09867",
    "arXiv:1301.0365",
    "arXiv:1004.3311",
    "arXiv:2109.03116",
)


def compute(work: Work | None = None) -> FloorResult:
    """Return the rates of every source on every target, and the moments they exclude.

    Parameters
    ----------
    work : Work, optional
        Who does them, and is told.
    """
    with (work or Work()).begun(len(TARGETS)) as do:
        curves = do([partial(_curves, target) for target in TARGETS])
    return FloorResult(
        exposure_tonne_yr=1.0,
        cl=CL,
        sided=TWO_SIDED,
        delta_chi2=delta_chi2(CL, 1),
        recoil_threshold_kev=THRESHOLDS_KEV,
        curves=tuple(curve for own in curves for curve in own),
        origin=Origin(
            experiments=(),
            inputs_hash=(),
            notes=NOTES,
            references=(PAPER, *SOURCES, *CONSTANTS, *NUCLEI),
        ),
    )


def _curves(target: str) -> list[FloorCurve]:
    """Return the curves of a target, one of each source and that of all."""
    sm, dipole, curves = np.zeros(THRESHOLDS_KEV.size), np.zeros(THRESHOLDS_KEV.size), []
    for name, source in natural_sources().items():
        counts = events_above(source, target, THRESHOLDS_KEV)
        curves.append(_curve(target, name, *counts))
        sm, dipole = sm + counts[0], dipole + counts[1]
    return [*curves, _curve(target, "all", sm, dipole)]


def _curve(target: str, source: str, sm: FloatArray, dipole: FloatArray) -> FloorCurve:
    return FloorCurve(
        target=target,
        source=source,
        sm_events=sm,
        dipole_events_per_mu_b2=dipole,
        limit_mu_b=expected_limit_mu_b(sm, dipole, CL),
    )
