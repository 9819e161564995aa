"""What is allowed of one coupling, the others zero or minimised over: every interval."""

from __future__ import annotations

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.models.chart import Straight
from munu.statistics.models.couplings import CouplingModel, whitened
from munu.statistics.models.line import Allowed, Line


def coupling_line(
    model: CouplingModel, along: FloatArray, others: FloatArray, low: float, high: float
) -> tuple[Line, float]:
    """Return χ² along a direction, others minimised over, and the unit of its coordinate.

    Parameters
    ----------
    model : CouplingModel
    along : array, shape (n,)
        x for a coordinate of one.
    others : array, shape (n, k)
    low, high : float
        Domain of the coordinate.
    """
    direction, free, unit = whitened(model.metric, along, others)
    pieces = [Straight(i, column) for i, column in enumerate((direction, *free.T))]
    joint = model.joint(pieces, len(pieces))
    reach = model.reach(np.column_stack([direction, free]))
    return Line(joint, reach, low / unit, high / unit), unit


def coupling_intervals(
    model: CouplingModel,
    along: FloatArray,
    others: FloatArray,
    delta: float,
    *,
    low: float = -np.inf,
    high: float = np.inf,
) -> Allowed:
    """Return where Δχ² along a direction is at most delta; arguments as of `coupling_line`.

    Raises
    ------
    MunuError
        If no minimum over the nuisances converges.
    """
    line, unit = coupling_line(model, along, others, low, high)
    found = line.allowed(delta)
    return Allowed(found.intervals * unit, found.best_fit * unit, found.chi2_min)
