"""Regions of two couplings that interfere, as results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from munu.analysis.blindness import why_blind
from munu.analysis.coupling_axes import Axes, axes_of
from munu.analysis.coupling_toys import coupling_toys
from munu.analysis.couplings import couplings_by_bin, couplings_of
from munu.analysis.goodness import standard_model_fits
from munu.analysis.moment_phases import stored_for
from munu.analysis.plane_toys import PlaneToys
from munu.analysis.question import Question
from munu.analysis.statement import fold_assumed, origin_of
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.folding.folded import ExperimentLike, Folded
from munu.physics.assumptions import Assumptions
from munu.results.coupling_region import CouplingRegionResult
from munu.statistics import regions


def coupling_region(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    asked: Question,
    setup: str | None,
    given: Assumptions,
    *,
    cl: float,
) -> CouplingRegionResult:
    r"""Return the region of two couplings, every island of it; arguments as of `munu.region`.

    Raises
    ------
    MunuError
        As `munu.region`; and for an axis that no event tells, or two that are one direction.
    """
    threshold = delta_chi2(cl, 2)
    folded, settled = fold_assumed(experiment, setup, given)
    couplings = couplings_of(folded, asked, settled)
    axes = axes_of(asked, couplings, given)
    check_seen(axes, folded, asked, settled)
    found = regions.coupling_region(axes.model, axes.parametrisation, axes.domain, threshold)
    return CouplingRegionResult(
        plane=tuple(one.name for one in asked.shown),
        units=tuple(one.unit.key for one in asked.shown),
        cl=cl,
        delta_chi2=threshold,
        polygons=tuple(axes.values(arc) for arc in found.arcs),
        outlines=tuple(axes.values(one) for one in found.outlines),
        unbounded=bool(len(found.unbounded)),
        unbounded_directions=found.unbounded,
        chi2_min=found.chi2_min,
        standard_model_delta_chi2=couplings.standard_rise(found.chi2_min),
        standard_model=axes.values(np.zeros(2)),
        best_fit=axes.values(found.best_fit),
        others="profiled" if asked.profiled else "zero",
        profiled=tuple(one.name for one in asked.profiled),
        assumptions=stored_for(asked, settled, given),
        origin=origin_of(folded, settled, standard_model_fits(folded, settled), asked),
    )


def check_seen(
    axes: Axes, folded: Sequence[Folded], asked: Question, assumptions: Assumptions
) -> None:
    """Raise `MunuError` for an axis that no event tells, and two that act as one."""
    for number, one in enumerate(asked.shown):
        if axes.is_blind(number):
            alone = Question((one,), asked.profiled, asked.values)
            raise MunuError(
                f"no event tells {one.name} here: {why_blind(folded, alone, assumptions)}",
                "Take another parameter, experiment or profile",
            )
    if axes.are_one_direction:
        first, second = (one.name for one in asked.shown)
        names = " + ".join(one.counts.experiment for one in folded)
        raise MunuError(
            f"{first} and {second} are one direction for {names}: what one changes in any bin the "
            "other undoes",
            "Ask for a limit on one of them, or add data that tell them apart",
        )


def coupling_plane_toys(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    asked: Question,
    setup: str | None,
    given: Assumptions,
) -> PlaneToys:
    """Return the toys of a plane of two couplings; arguments as of `munu.region`.

    Raises
    ------
    MunuError
        As `coupling_region`; and for an experiment without data.
    """
    folded, settled = fold_assumed(experiment, setup, given)
    axes = axes_of(asked, couplings_by_bin(folded, asked, settled), given)
    check_seen(axes, folded, asked, settled)
    return PlaneToys(
        folded,
        settled,
        asked.shown,
        coupling_toys(folded, axes, settled),
        axes.values,
        axes.coordinates,
        tuple(one.name for one in asked.profiled),
        stored_for(asked, settled, given),
        asked,
    )
