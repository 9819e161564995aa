"""A plane seen along a narrow band in it: y = k x + b, between the borders that y has.

Couplings that can undo each other are allowed along a band that may be a thousand times as long as
wide. A lattice in x and b follows it; nodes beyond a border of y stand on the border.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray
from munu.statistics.regions.outlines import Contour
from munu.statistics.regions.surface import Surface, Values


@final
@dataclass(frozen=True)
class Sheared(Surface):
    """A function of (x, y) as one of (x, b).

    Parameters
    ----------
    plane : Surface
    tilt : float
        k.
    low, high : float
        Borders of y.
    """

    plane: Surface
    tilt: float
    low: float
    high: float

    def points(self, at: FloatArray) -> FloatArray:
        """Return (x, y), shape (n, 2), of (x, b)."""
        y = self.tilt * at[:, 0] + at[:, 1]
        return np.column_stack([at[:, 0], np.clip(y, self.low, self.high)])

    def sheared(self, points: FloatArray) -> FloatArray:
        """Return (x, b), shape (n, 2), of (x, y)."""
        return np.column_stack([points[:, 0], points[:, 1] - self.tilt * points[:, 0]])

    def scan(self, points: FloatArray, shape: tuple[int, int]) -> Values:
        """Return those of the plane."""
        return self._seen(points, self.plane.scan(self.points(points), shape))

    def near(self, points: FloatArray, *starts: FloatArray, leads: bool = False) -> Values:
        """Return those of the plane."""
        return self._seen(points, self.plane.near(self.points(points), *starts, leads=leads))

    def elsewhere(
        self, points: FloatArray, value: FloatArray, inner: FloatArray, *starts: FloatArray
    ) -> tuple[IntArray, FloatArray]:
        """Return those of the plane."""
        return self.plane.elsewhere(self.points(points), value, inner, *starts)

    def terms(self, points: FloatArray, inner: FloatArray) -> Terms:
        """Return those of the plane along x and b."""
        found, turn = self.plane.terms(self.points(points), inner), self._turns(points)
        gradient, hessian = found.gradient.copy(), found.hessian.copy()
        gradient[:, :2] = (turn @ gradient[:, :2, None])[:, :, 0]
        hessian[:, :2] = turn @ hessian[:, :2]
        hessian[:, :, :2] = hessian[:, :, :2] @ turn.swapaxes(1, 2)
        return replace(found, gradient=gradient, hessian=hessian)

    def linear_start(self, points: FloatArray) -> FloatArray:
        """Return that of the plane."""
        return self.plane.linear_start(self.points(points))

    def _turns(self, at: FloatArray) -> FloatArray:
        """Return ∂(x, y)/∂(x, b), shape (n, 2, 2): the border of y does not move with b."""
        y = self.tilt * at[:, 0] + at[:, 1]
        found = np.zeros((len(at), 2, 2))
        found[:, 0, 0] = 1.0
        found[:, 1, 1] = (y > self.low) & (y < self.high)
        found[:, 0, 1] = self.tilt * found[:, 1, 1]
        return found

    def _seen(self, at: FloatArray, found: Values) -> Values:
        """Return values with slopes and leads along x and b."""
        turn = self._turns(at)
        slope = (turn @ found.slope[:, :, None])[:, :, 0]
        return replace(found, slope=slope, lead=turn[: len(found.lead)] @ found.lead)

    def seen(self, contour: Contour) -> Contour:
        """Return a contour of (x, b) as one of (x, y), what stands on one point once."""
        return contour.mapped(self._once)

    def _once(self, line: FloatArray) -> FloatArray:
        points = self.points(line)
        moved = np.any(np.diff(points, axis=0) != 0, axis=1)
        return np.asarray(points[np.concatenate([[True], moved])])
