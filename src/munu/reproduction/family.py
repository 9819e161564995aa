"""Limits of today's data on couplings beside the magnetic moments: `munu reproduce family`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar, final

import numpy as np

from munu.analysis.coupling_axes import axes_of
from munu.analysis.coupling_limit import allowed_values
from munu.analysis.couplings import couplings_of
from munu.analysis.origin import make_origin
from munu.analysis.question import question
from munu.analysis.region import region
from munu.analysis.scan import scan
from munu.analysis.statement import fold_assumed
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.experiments.model import CountingExperiment
from munu.folding.folded import load_experiments
from munu.folding.reachable import check_reachable
from munu.physics.assumptions import Assumptions
from munu.reproduction.family_published import comparison, entries
from munu.reproduction.family_questions import (
    ASKED,
    CURVES,
    PLANES,
    SETS,
    Asked,
    FamilyCurve,
    FamilyPlane,
)
from munu.results.coupling_region import CouplingRegionResult
from munu.results.paper.family import FamilyLimit, FamilyResult
from munu.results.scan import ScanResult

CL: Final = 0.90
Progress = Callable[[int, int], None]
Step = TypeVar("Step")


@final
@dataclass
class CountedSteps:
    """CountedSteps of a run, counted for whoever watches.

    Parameters
    ----------
    total : int
    progress : callable or None
    """

    total: int
    progress: Progress | None
    done: int = 0

    def after(self, result: Step) -> Step:
        """Count a step, and return what it gave."""
        self.done += 1
        if self.progress:
            self.progress(self.done, self.total)
        return result


def compute(progress: Progress | None = None) -> FamilyResult:
    """Return limits, published numbers beside ours, planes and curves.

    Parameters
    ----------
    progress : callable, optional
        Called with the numbers of steps done and in all.
    """
    wanted = [(asked, data) for asked in ASKED for data in SETS]
    steps = CountedSteps(len(wanted) + len(entries()) + len(PLANES) + len(CURVES), progress)
    limits = [steps.after(family_limit(data, SETS[data], asked)) for asked, data in wanted]
    compared = [steps.after(comparison(entry)) for entry in entries()]
    regions = [steps.after(_or_reason(_region, one)) for one in PLANES]
    scans = [steps.after(_or_reason(_scan, one)) for one in CURVES]
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
        conditions=settled.stored(),
        origin=make_origin([one.experiment for one in folded], settled.neutrino_mixing),
    )


def family_limit(data: str, members: Sequence[str], asked: Asked) -> FamilyLimit:
    """Return every interval of a parameter from data taken together.

    Data whose source makes no sterile neutrino of the mass are left out; a limit that fails is
    marked and the rest goes on.
    """
    given = Assumptions(mediator_mass=asked.mediator_mass, sterile_mass=asked.sterile_mass)
    reached, reason = _reached(members, given)
    intervals, best, failure = np.empty((0, 2)), None, reason
    if reached:
        try:
            about = question((asked.parameter,), (), given)
            folded, settled = fold_assumed(reached, None, given)
            couplings = couplings_of(folded, about, settled)
            found = allowed_values(axes_of(about, couplings, given), couplings, delta_chi2(CL, 1))
            intervals, best, failure = found.intervals, found.best_fit, ""
        except MunuError as error:
            failure = str(error)
    return FamilyLimit(
        table=asked.table,
        data=data,
        experiments=tuple(reached),
        parameter=asked.parameter,
        mass=asked.mass,
        intervals=intervals,
        best_fit=best,
        unreached=not reached,
        failure=failure,
    )


def _reached(members: Sequence[str], given: Assumptions) -> tuple[list[str], str]:
    """Return the members whose source makes a sterile neutrino of the mass, or why none does."""
    reached, reason = [], ""
    for name, experiment in zip(members, load_experiments(list(members), None), strict=True):
        try:
            if isinstance(experiment, CountingExperiment):
                check_reachable(experiment, given)
            reached.append(name)
        except MunuError as error:
            reason = str(error)
    return reached, "" if reached else reason


Question = TypeVar("Question", FamilyPlane, FamilyCurve)


def _or_reason(ask: Callable[[Question], Step], one: Question) -> Step | str:
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


def _scan(one: FamilyCurve) -> ScanResult:
    return scan(
        list(one.members),
        one.parameter,
        over=one.over,
        start=one.first,
        end=one.last,
        points=one.points,
        cl=CL,
    )
