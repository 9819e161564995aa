"""What is allowed of two couplings for some phases, and for all: envelopes, as results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from munu.analysis.coupling_axes import Axes, axes_of
from munu.analysis.coupling_region import check_seen
from munu.analysis.couplings import couplings_of
from munu.analysis.goodness import standard_model_fits
from munu.analysis.moment_phases import stored_for
from munu.analysis.question import Question, question
from munu.analysis.statement import fold_assumed, origin_of
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.base.typing import FloatArray
from munu.folding.folded import ExperimentLike
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import phase_of
from munu.results.coupling_envelope import CouplingEnvelopeResult
from munu.statistics import regions

MOST_PHASES = 2


def coupling_envelope(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    plane: tuple[str, str],
    vary: Sequence[str],
    setup: str | None,
    given: Assumptions,
    *,
    cl: float,
) -> CouplingEnvelopeResult:
    """Return both regions of a plane of couplings; arguments as of `munu.envelope`.

    Raises
    ------
    MunuError
        As `munu.region`; for what varies and is no phase, none or more than two phases, and a
        plane that goes on without end.
    """
    phases = tuple(vary) or _own_phases(plane, given)
    asked = question(plane, phases, given)
    if any(one.kind != "phase" for one in asked.profiled) or any(
        one.kind == "phase" for one in asked.shown
    ):
        raise MunuError("an envelope shows couplings and varies phases", "Name phases in vary")
    if not phases:
        raise MunuError(
            f"no phase is varied: neither {plane[0]} nor {plane[1]} is complex",
            "Show one that is, such as epsilon_u_emu, or name phases: vary in Python, --vary on "
            "the command line",
        )
    if len(phases) > MOST_PHASES:
        raise MunuError(
            f"{len(phases)} phases are varied in this plane",
            "Vary one or two: vary in Python, --vary on the command line",
        )
    threshold = delta_chi2(cl, 2)
    folded, settled = fold_assumed(experiment, setup, given)
    couplings = couplings_of(folded, asked, settled)
    axes = axes_of(asked, couplings, given)
    check_seen(axes, folded, asked, settled)
    outer = regions.coupling_region(axes.model, axes.parametrisation, axes.domain, threshold)
    if len(outer.unbounded):
        raise MunuError("the region goes on without end", "Add an experiment that closes it")
    turned = axes_of(_with_phases_shown(asked, axes), couplings, given)
    inner = _whatever_phases(outer, turned, threshold)
    return CouplingEnvelopeResult(
        plane=plane,
        units=tuple(one.unit.key for one in asked.shown),
        cl=cl,
        delta_chi2=threshold,
        varied=phases,
        outer=tuple(axes.values(one) for one in outer.outlines),
        inner=tuple(axes.values(one) for one in inner),
        chi2_min=outer.chi2_min,
        standard_model_delta_chi2=couplings.standard_rise(outer.chi2_min),
        standard_model=axes.values(np.zeros(2)),
        assumptions=stored_for(asked, settled, given),
        origin=origin_of(folded, settled, standard_model_fits(folded, settled), asked),
    )


def _whatever_phases(
    outer: regions.Islands, turned: Axes, threshold: float
) -> tuple[FloatArray, ...]:
    """Return the outlines of what is allowed for all phases shown after the plane's axes."""
    if len(turned.shown) == 2:
        return outer.outlines
    vertices = np.concatenate(outer.outlines)
    domain = np.column_stack([vertices.min(axis=0), vertices.max(axis=0)])
    level = outer.chi2_min + threshold
    return regions.worst_contour(turned.model, turned.parametrisation, domain, level).outlines


def _with_phases_shown(asked: Question, axes: Axes) -> Question:
    """Return a question that shows the phases varied, but for those that change nothing: zero."""
    turning = axes.parametrisation.turning
    idle = {turning[i].modulus for i in axes.parametrisation.idle(axes.model)}
    none = {phase_of(asked.shown[axis]) for axis in idle if axis is not None}
    shown = (*asked.shown, *(one for one in asked.profiled if one not in none))
    zero = {one.name: 0.0 for one in none if one is not None}
    return Question(shown, (), {**asked.values, **zero})


def _own_phases(plane: Sequence[str], given: Assumptions) -> tuple[str, ...]:
    """Return the phases of the plane's complex couplings."""
    found = (phase_of(one) for one in question(plane, (), given).shown)
    return tuple(one.name for one in found if one is not None)
