"""Coverage of the Δχ² threshold of a region, by toy experiments at points of its plane."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from munu.analysis.feldman_cousins_region import PlaneConstruction
from munu.analysis.plane_toys import PlaneToys
from munu.analysis.toy_plan import Plan, Told
from munu.base.arguments import checked_numbers
from munu.base.errors import MunuError, shown
from munu.base.progress import Progress
from munu.base.thresholds import delta_chi2
from munu.base.tolerances import TINY
from munu.base.typing import FloatArray
from munu.base.units import canonical_unit
from munu.engine import State, Workers
from munu.physics.parameters import Parameter
from munu.results.plane_coverage import PlaneCoverageResult
from munu.statistics.studies import (
    OUTCOMES,
    Blocks,
    OneStrength,
    Outcome,
    drawing_points,
    far_apart,
)

ON_EDGE: Final = 6
"""Default points on the edge of the region, besides the Standard Model and the best fit."""
SAME: Final = 1e-6
"""Of the region's extent, within which the best fit is the Standard Model."""


def plane_coverage(
    toys: PlaneToys,
    *,
    cl: float,
    at: object,
    plan: Plan,
    seed: int,
    path: Path | None,
    workers: Workers,
    progress: Progress | None,
) -> PlaneCoverageResult:
    """Return what the threshold of a region covers; arguments as of `munu.coverage`.

    Raises
    ------
    MunuError
        As `munu.coverage`; and for points that are no pairs.
    """
    threshold, study = delta_chi2(cl, 2), toys.study
    islands = PlaneConstruction(toys, cl).islands()
    points = _default(islands.arcs, islands.best_fit) if at is None else _asked(toys, at)
    values = toys.values(points)
    pairs = [(x, y) for x, y in points.tolist()]
    kept_toys = State.opened(path, _key(toys, pairs, seed), OUTCOMES)
    told = Told(progress, plan, len(pairs))
    blocks = Blocks(OneStrength.of(study) or study, seed)
    with drawing_points(blocks, pairs, workers, kept_toys, told) as outcomes:
        rows = plan.rows(outcomes, np.arange(len(pairs), dtype=float))
    kept = [np.array([one for one in row if not isinstance(one, str)]) for row in rows]
    failure = _first_failure(rows, toys.shown, values)
    if not all(row.size for row in kept):
        raise MunuError(
            f"every toy of a point failed; {failure}", "Check the uncertainties of the experiment"
        )
    covered = np.array([float((row <= threshold).mean()) for row in kept])
    number = np.array([row.size for row in kept])
    return PlaneCoverageResult(
        plane=tuple(one.name for one in toys.shown),
        units=tuple(one.unit.key for one in toys.shown),
        profiled=toys.profiled,
        cl=cl,
        delta_chi2=threshold,
        toys=plan.total,
        seed=seed,
        workers=workers.processes,
        points=values,
        coverage=covered,
        coverage_error=np.sqrt(np.maximum(covered * (1 - covered), 1 / number) / number),
        failed=plan.total - number,
        first_failure=failure,
        feldman_cousins_delta_chi2=np.array([float(np.quantile(row, cl)) for row in kept]),
        observed_delta_chi2=np.maximum(study.rises(points)[0] - islands.chi2_min, 0.0),
        polygons=tuple(toys.values(arc) for arc in islands.arcs),
        assumptions=toys.assumptions,
        origin=toys.origin(),
    )


def _key(toys: PlaneToys, pairs: Sequence[tuple[float, float]], seed: int) -> dict[str, object]:
    """Return what toys depend on besides the number of their point and block."""
    return {**toys.key("coverage", seed), "at": [list(pair) for pair in pairs]}


def _default(arcs: Sequence[FloatArray], best: FloatArray) -> FloatArray:
    """Return the Standard Model, the best fit if it is another, and points on the edge."""
    line = np.concatenate(arcs) if arcs else best[None]
    scale = np.maximum(np.ptp(line, axis=0), TINY)
    is_another = np.any(np.abs(best) > SAME * scale)
    first = np.array([[0.0, 0.0], best]) if is_another else np.zeros((1, 2))
    return np.concatenate([first, far_apart(line / scale, ON_EDGE) * scale]) if arcs else first


def _asked(toys: PlaneToys, at: object) -> FloatArray:
    """Return the coordinates of points that are asked for, in their order."""
    remedy = "Give pairs, as in at=[(0, 1e-9)] in Python, --at 0,1e-9 on the command line"
    pairs = list(at) if isinstance(at, Sequence | np.ndarray) and not isinstance(at, str) else []
    if not pairs or any(np.shape(one) != (2,) for one in pairs):
        raise MunuError(f"at = {shown(at)} is not a list of points of a plane", remedy)
    columns = [
        checked_numbers("at", list(column), one.allowed, unit=canonical_unit(one.unit.dimension))
        for one, column in zip(toys.shown, zip(*pairs, strict=True), strict=True)
    ]
    return toys.coordinates(np.column_stack(columns))


def _first_failure(
    rows: Sequence[Sequence[Outcome]], shown_: Sequence[Parameter], values: FloatArray
) -> str:
    """Return at which point the first toy failed and why; empty if none did."""
    for row, pair in zip(rows, values.tolist(), strict=True):
        for number, one in enumerate(row, start=1):
            if isinstance(one, str):
                where = ", ".join(p.text(v) for p, v in zip(shown_, pair, strict=True))
                return f"{where}, toy {number}: {one}"
    return ""
