"""Limits of today's data on couplings beside the magnetic moments: `munu reproduce family`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from munu.analysis.assumptions import ABSENT
from munu.analysis.origin import make_origin
from munu.analysis.region import region
from munu.analysis.statement import fold_assumed
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.physics.assumptions import Assumptions
from munu.reproduction.family_curves import curve
from munu.reproduction.family_limits import CL, family_limit
from munu.reproduction.family_published import comparison, entries
from munu.reproduction.family_questions import (
    ASKED,
    CURVES,
    PLANES,
    SETS,
    FamilyCurve,
    FamilyPlane,
)
from munu.reproduction.work import Work
from munu.results.coupling_region import CouplingRegionResult
from munu.results.paper.family import FamilyResult
from munu.results.scan import ScanResult

Answer = TypeVar("Answer")


def compute(work: Work | None = None) -> FamilyResult:
    """Return limits, published numbers beside ours, planes and curves.

    Parameters
    ----------
    work : Work, optional
        Who does them, and is told.
    """
    wanted = [partial(family_limit, data, SETS[data], asked) for asked in ASKED for data in SETS]
    printed = [partial(comparison, entry) for entry in entries()]
    planes = [partial(_or_reason, _region, one) for one in PLANES]
    curves = [partial(_or_reason, curve, one) for one in CURVES]
    total = len(wanted) + len(printed) + len(planes) + len(curves)
    with (work or Work()).begun(total) as do:
        limits, compared = do(wanted), do(printed)
        regions, scans = do(planes), do(curves)
    names = list(dict.fromkeys(name for members in SETS.values() for name in members))
    folded, settled = fold_assumed(names, None, Assumptions())
    return FamilyResult(
        cl=CL,
        delta_chi2=delta_chi2(CL, 1),
        limits=tuple(limits),
        comparisons=tuple(compared),
        regions=tuple(one for one in regions if isinstance(one, CouplingRegionResult)),
        region_labels=_labels(PLANES, regions),
        scans=tuple(one for one in scans if isinstance(one, ScanResult)),
        scan_labels=_labels(CURVES, scans),
        remarks=tuple(one for one in (*regions, *scans) if isinstance(one, str)),
        assumptions=settled.stored(ABSENT),
        origin=make_origin([one.experiment for one in folded], settled.neutrino_mixing),
    )


Question = TypeVar("Question", FamilyPlane, FamilyCurve)


def _or_reason(ask: Callable[[Question], Answer], one: Question) -> Answer | str:
    """Return an answer, or the reason why there is none."""
    try:
        return ask(one)
    except MunuError as error:
        return f"✗ {one.label}, {one.title}: {error}"


def _labels(
    asked: Sequence[FamilyPlane | FamilyCurve], answers: Sequence[object]
) -> tuple[str, ...]:
    pairs = zip(asked, answers, strict=True)
    return tuple(one.label for one, answer in pairs if not isinstance(answer, str))


def _region(one: FamilyPlane) -> CouplingRegionResult:
    found = region(list(one.members), one.plane, cl=CL)
    assert isinstance(found, CouplingRegionResult)
    return found
