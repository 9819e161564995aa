"""What is allowed of one coupling, the others zero or minimised over: every interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.distinct import distinct
from munu.base.typing import FloatArray
from munu.statistics.models.chart import Chart
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
    chart : Chart
        x as a function of its coordinate and what is minimised over.
    unit : float
        What one of its coordinate is.
    """

    line: Line
    chart: Chart
    unit: float

    @classmethod
    def of(
        cls, model: CouplingModel, parametrisation: Parametrisation, low: float, high: float
    ) -> CouplingLine:
        """Return the line of the one axis that is shown, between two values of it."""
        unit = parametrisation.unit(model, 0)
        chart, reach = parametrisation.chart(model, np.array([[unit]]))
        joint = model.joint(chart.pieces, chart.dimension)
        return cls(Line(joint, reach, low / unit, high / unit), chart, unit)

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

    def coordinates(self, value: float) -> FloatArray:
        """Return x, shape (n,), where χ² is lowest at a value."""
        found = self.line.at(np.array([value / self.unit]))
        y = np.concatenate([found.v, found.x[0, : self.line.rest]])
        return np.asarray(self.chart(y[None])[0][0])

    def nuisances(self, value: float) -> dict[str, float]:
        """Return the nuisances by their names where χ² is lowest at a value."""
        theta = self.line.at(np.array([value / self.unit])).x[0, self.line.rest :]
        return dict(zip(self.line.joint.likelihood.names, theta.tolist(), strict=True))

    @property
    def minima(self) -> FloatArray:
        """Where χ² has minima, shape (n,)."""
        return np.asarray(self.line.minima.y[:, 0] * self.unit)

    def lowest(self, value: float) -> float:
        """Return the lowest χ² in the domain, of the minima, its borders and a value."""
        minima = self.line.minima
        inside = (minima.y[:, 0] >= self.line.low) & (minima.y[:, 0] <= self.line.high)
        borders = [end for end in (self.line.low, self.line.high) if np.isfinite(end)]
        others = self.line.at(distinct([*borders, value / self.unit])).chi2
        return float(np.concatenate([minima.chi2[inside], others]).min())
