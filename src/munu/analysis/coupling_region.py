"""Regions of two couplings that interfere, as results."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from munu.analysis.couplings import Couplings, couplings_of
from munu.analysis.goodness import standard_model_fits
from munu.analysis.statement import fold_assumed, origin_of
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.base.typing import FloatArray
from munu.folding.folded import ExperimentLike
from munu.physics.assumptions import Assumptions
from munu.physics.interactions.registry import parameter as parameter_of
from munu.physics.parameters import Parameter
from munu.results.coupling_region import CouplingRegionResult
from munu.statistics.models import CouplingModel, JointChi2, Straight, whitened
from munu.statistics.regions import Islands, islands


def coupling_region(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    plane: tuple[str, str],
    setup: str | None,
    assumptions: Assumptions,
    *,
    cl: float,
    profile: Sequence[str] = (),
) -> CouplingRegionResult:
    r"""Return the region of two couplings, every island of it; arguments as of `munu.region`.

    Raises
    ------
    MunuError
        As `munu.region`; and for two axes along one direction, or one that no event tells.
    """
    axes = [parameter_of(name) for name in plane]
    free = [parameter_of(name) for name in profile]
    names = [*plane, *profile]
    if len(set(names)) < len(names):
        raise MunuError("a parameter stands twice in the plane or the profile", "Name each once")
    threshold = delta_chi2(cl, 2)
    folded, settled = fold_assumed(experiment, setup, assumptions)
    couplings = couplings_of(folded, [*axes, *free], settled)
    found, start = _solved(couplings, axes, free, threshold)
    low, high = np.array([[one.low, one.high] for one in axes]).T
    return CouplingRegionResult(
        plane=plane,
        units=tuple(one.unit.key for one in axes),
        cl=cl,
        delta_chi2=threshold,
        polygons=tuple(np.clip(arc + start, low, high) for arc in found.arcs),
        outlines=tuple(np.clip(one + start, low, high) for one in found.outlines),
        unbounded=bool(len(found.unbounded)),
        unbounded_directions=found.unbounded,
        chi2_min=found.chi2_min,
        standard_model_delta_chi2=max(couplings.standard_chi2 - found.chi2_min, 0.0),
        standard_model=start,
        best_fit=found.best_fit + start,
        others="profiled" if free else "zero",
        profiled=tuple(profile),
        conditions=settled.stored(),
        origin=origin_of(folded, settled, standard_model_fits(folded, settled)),
    )


def _solved(
    couplings: Couplings, axes: Sequence[Parameter], free: Sequence[Parameter], delta: float
) -> tuple[Islands, FloatArray]:
    """Return the region about the Standard Model's point, and that point."""
    model = couplings.model.moved(couplings.origin)
    shown = np.column_stack([couplings.along(one) for one in axes])
    others = couplings.free(free)
    start = shown.T @ couplings.origin
    for index, one in enumerate(axes):
        if model.is_blind(shown[:, index], others):
            raise MunuError(
                f"no event tells {one.name} here, or what is profiled undoes it",
                "Take another parameter, experiment or profile",
            )
    domain = np.array([[one.low, one.high] for one in axes]) - start[:, None]
    matrix = _principal(model, shown, others)
    if np.any(np.isfinite(domain)):
        matrix = np.diag([model.unit(shown[:, 0]), model.unit(shown[:, 1])])
        domain = domain / matrix.diagonal()[:, None]
    return islands(_joint_of(model, shown, others), matrix, domain, delta), start


def _principal(model: CouplingModel, shown: FloatArray, others: FloatArray) -> FloatArray:
    """Return T, (x, y) = T (a, b), whose columns are the axes of the metric with others free."""
    _, free, _ = whitened(model.metric, shown[:, 0], others)
    left = shown - free @ (free.T @ model.metric @ shown)
    values, vectors = np.linalg.eigh(left.T @ model.metric @ left)
    return np.asarray(vectors / np.sqrt(np.maximum(values, 1e-12 * values[-1])))


def _joint_of(
    model: CouplingModel, shown: FloatArray, others: FloatArray
) -> Callable[[FloatArray], tuple[JointChi2, FloatArray]]:
    """Return χ², its first two coordinates those of T, and their reach, as a function of T."""
    _, free, _ = whitened(model.metric, shown[:, 0], others)
    sheared = shown - free @ (free.T @ model.metric @ shown)

    def joint(matrix: FloatArray) -> tuple[JointChi2, FloatArray]:
        columns = np.column_stack([sheared @ matrix, free])
        pieces = [Straight(i, one) for i, one in enumerate(columns.T)]
        return model.joint(pieces, len(pieces)), model.reach(columns)

    return joint
