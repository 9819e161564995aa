"""A function of a plane above a smooth one: where it is at most that, and not at most a number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray
from munu.statistics.models.threshold import Threshold
from munu.statistics.regions.surface import Surface, Values


@final
@dataclass(frozen=True, eq=False)
class Raised(Surface):
    """A surface less a threshold, so that its level is that of the highest threshold.

    Parameters
    ----------
    plane : Surface
        Of coordinates (a, b), (x, y) = T (a, b).
    threshold : Threshold
        Of (x, y).
    axes : array, shape (2, 2)
        T.
    highest : float
    """

    plane: Surface
    threshold: Threshold
    axes: FloatArray
    highest: float

    def below(self, points: FloatArray) -> FloatArray:
        """Return by how much the threshold is below the highest one, shape (n,)."""
        return np.asarray(self.highest - self.threshold.at(points @ self.axes.T)[0])

    def scan(self, points: FloatArray, shape: tuple[int, int]) -> Values:
        """Return those of the plane, less the threshold."""
        return self._less(points, self.plane.scan(points, shape))

    def near(self, points: FloatArray, *starts: FloatArray, leads: bool = False) -> Values:
        """Return those of the plane, less the threshold."""
        return self._less(points, self.plane.near(points, *starts, leads=leads))

    def elsewhere(
        self, points: FloatArray, value: FloatArray, inner: FloatArray, *starts: FloatArray
    ) -> tuple[IntArray, FloatArray]:
        """Return those of the plane."""
        return self.plane.elsewhere(points, value - self.below(points), inner, *starts)

    def terms(self, points: FloatArray, inner: FloatArray) -> Terms:
        """Return those of the plane, less the threshold, but for how it bends."""
        value, slope = self.threshold.at(points @ self.axes.T)
        found = self.plane.terms(points, inner)
        gradient = found.gradient.copy()
        gradient[:, :2] -= slope @ self.axes
        return replace(found, chi2=found.chi2 + self.highest - value, gradient=gradient)

    def linear_start(self, points: FloatArray) -> FloatArray:
        """Return that of the plane."""
        return self.plane.linear_start(points)

    def _less(self, points: FloatArray, found: Values) -> Values:
        value, slope = self.threshold.at(points @ self.axes.T)
        return replace(
            found,
            value=found.value + self.highest - value,
            slope=found.slope - slope @ self.axes,
        )
