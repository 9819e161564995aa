"""What is allowed of one coupling, the others zero or minimised over: every interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.models.couplings import CouplingModel
from munu.statistics.models.line import Allowed, Line
from munu.statistics.models.parametrisation import Parametrisation


@final
@dataclass(frozen=True)
class CouplingLine:
    """χ² along a coupling's coordinate, the others minimised over.

    Parameters
    ----------
    line : Line
    unit : float
        What one of its coordinate is.
    """

    line: Line
    unit: float

    @classmethod
    def of(
        cls, model: CouplingModel, parametrisation: Parametrisation, low: float, high: float
    ) -> CouplingLine:
        """Return the line of the one axis that is shown, between two values of it."""
        unit = parametrisation.unit(model, 0)
        joint, reach = parametrisation.joint(model, np.array([[unit]]))
        return cls(Line(joint, reach, low / unit, high / unit), unit)

    def allowed(self, delta: float) -> Allowed:
        """Return every interval where χ² is at most delta above its lowest."""
        found = self.line.allowed(delta)
        return Allowed(found.intervals * self.unit, found.best_fit * self.unit, found.chi2_min)

    def chi2(self, values: FloatArray) -> FloatArray:
        """Return χ² at values, shape (n,), in any order."""
        order = np.argsort(values)
        found = np.empty(values.size)
        found[order] = self.line.at(values[order] / self.unit).chi2
        return found


def coupling_intervals(
    model: CouplingModel,
    along: FloatArray,
    others: FloatArray,
    delta: float,
    *,
    low: float = -np.inf,
    high: float = np.inf,
) -> Allowed:
    """Return where Δχ² along a direction is at most delta.

    Parameters
    ----------
    model : CouplingModel
    along : array, shape (n,)
        x for a coordinate of one.
    others : array, shape (n, k)
        Directions minimised over.
    delta, low, high : float
        Level, and the domain of the coordinate.

    Raises
    ------
    MunuError
        If no minimum over the nuisances converges.
    """
    parametrisation = Parametrisation.plain(along[:, None], others)
    return CouplingLine.of(model, parametrisation, low, high).allowed(delta)
