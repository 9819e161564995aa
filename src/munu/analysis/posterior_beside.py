"""What Δχ² says of the parameters of a posterior: profiled intervals and regions, no priors.

The interval of one parameter is the extent of a region whose Δχ² is that of one degree of freedom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite
from typing import Final, final

import numpy as np

from munu.analysis.limit import limit
from munu.analysis.moment_phases import with_fixed_phases
from munu.analysis.region import region
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.base.typing import FloatArray
from munu.folding.folded import ExperimentLike
from munu.physics.assumptions import Assumptions

NONE: Final[FloatArray] = np.empty((0, 2))


@final
@dataclass(frozen=True, eq=False)
class Beside:
    """Profiled intervals and regions, where they exist.

    Parameters
    ----------
    intervals : dict of str to array, shape (k, 2)
    regions : dict of pairs to tuple of array, shape (n, 2)
    remarks : tuple of str
        Why some do not exist.
    """

    intervals: dict[str, FloatArray]
    regions: dict[tuple[str, str], tuple[FloatArray, ...]]
    remarks: tuple[str, ...]


def beside(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    names: Sequence[str],
    setup: str | None,
    given: Assumptions,
    cl: float,
) -> Beside:
    """Return what Δχ² says of parameters, each and in pairs; arguments as of `munu.posterior`."""
    if len(names) == 1:
        found = limit(experiment, names[0], setup=setup, cl=cl, assumptions=given)
        return Beside({names[0]: found.intervals}, {}, ())
    # A posterior has no phase that it does not name, and regions would free that of a coupling.
    given = with_fixed_phases(names, given)
    intervals: dict[str, FloatArray] = {}
    regions: dict[tuple[str, str], tuple[FloatArray, ...]] = {}
    remarks: list[str] = []
    of_one = 1 - exp(-delta_chi2(cl, 1) / 2)
    for first, x in enumerate(names):
        partner = names[first - 1] if first else names[1]
        try:
            pieces = _outlines(experiment, (x, partner), names, setup, given, of_one)
            intervals[x] = _extents(pieces)
        except MunuError as error:
            remarks.append(f"No profiled interval of {x}: {error.message}.")
        for y in names[first + 1 :]:
            try:
                regions[x, y] = _outlines(experiment, (x, y), names, setup, given, cl)
            except MunuError as error:
                remarks.append(f"No profiled region of {x} and {y}: {error.message}.")
    return Beside(intervals, regions, tuple(remarks))


def _outlines(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    plane: tuple[str, str],
    names: Sequence[str],
    setup: str | None,
    given: Assumptions,
    cl: float,
) -> tuple[FloatArray, ...]:
    """Return the closed outlines of a region, the other parameters profiled.

    Raises
    ------
    MunuError
        If it has no end, or as `munu.region`.
    """
    rest = tuple(name for name in names if name not in plane)
    found = region(experiment, plane, setup=setup, cl=cl, profile=rest, assumptions=given)
    if found.unbounded:
        raise MunuError("it has no end", "")
    return found.filled_polygons()


def _extents(pieces: Sequence[FloatArray]) -> FloatArray:
    """Return the intervals of x that outlines cover, shape (k, 2), increasing."""
    ends = sorted((float(one[:, 0].min()), float(one[:, 0].max())) for one in pieces)
    joined: list[list[float]] = []
    for low, high in ends:
        if joined and low <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], high)
        else:
            joined.append([low, high])
    return np.array(joined) if joined and isfinite(joined[-1][1]) else NONE
