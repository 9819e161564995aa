r"""Critical values of Δχ² over a plane, from quantiles of toys at some points of it.

They are taken as a smooth random function with covariance

.. math:: A^2\exp\left(-\frac{|u-u'|^2}{2\ell^2}\right)

and the errors of the quantiles, its length and size by the largest marginal likelihood
(C. E. Rasmussen and C. K. I. Williams, Gaussian Processes for Machine Learning, MIT Press 2006,
chapter 2); so each point of a contour has an error that the toys about it determine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.models.threshold import Threshold
from munu.statistics.studies.seen import Seen

LENGTHS: Final = (0.3, 0.5, 0.8, 1.3, 2.0, 4.0)
"""In units in which the region reaches from -1 to 1."""
SIZES: Final = (0.05, 0.15, 0.4, 0.8, 1.5)
"""Of Δχ²."""
MEAN: Final = 10.0
"""Standard deviation of the mean before any toy is drawn: about nothing is known."""


@final
@dataclass(frozen=True, eq=False)
class CriticalValues(Threshold):
    """A smooth function through values with errors.

    Parameters
    ----------
    points : array, shape (n, k)
        As they are seen.
    values, errors : array, shape (n,)
    coordinates : Seen
        In which the function is smooth.
    length, size : float
    """

    points: FloatArray
    values: FloatArray
    errors: FloatArray
    coordinates: Seen
    length: float = 1.0
    size: float = 0.4

    @classmethod
    def fitted(
        cls, points: FloatArray, values: FloatArray, errors: FloatArray, coordinates: Seen
    ) -> CriticalValues:
        """Return the function of the most likely length and size; points are in the plane's."""
        own = cls(coordinates.seen(points)[0], values, errors, coordinates)
        tried = [replace(own, length=length, size=size) for length in LENGTHS for size in SIZES]
        return max(tried, key=lambda one: one._evidence)

    def _covariance(self, u: FloatArray) -> FloatArray:
        """Return that with the points, shape (m, n)."""
        square = ((u[:, None] - self.points) ** 2).sum(axis=2)
        return np.asarray(MEAN**2 + self.size**2 * np.exp(-0.5 * square / self.length**2))

    @cached_property
    def _factor(self) -> FloatArray:
        own = self._covariance(self.points) + np.diag(self.errors**2)
        return np.asarray(np.linalg.cholesky(own))

    @property
    def _centre(self) -> float:
        return float(np.mean(self.values))

    @cached_property
    def _weights(self) -> FloatArray:
        half = np.linalg.solve(self._factor, self.values - self._centre)
        return np.asarray(np.linalg.solve(self._factor.T, half))

    @cached_property
    def _evidence(self) -> float:
        fit = float((self.values - self._centre) @ self._weights)
        return -0.5 * fit - float(np.log(self._factor.diagonal()).sum())

    def at(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return values (n,) and slopes (n, 2) at points (n, 2) of the plane."""
        u, along = self.coordinates.seen(points)
        near = self._covariance(u) - MEAN**2
        value = self._centre + self._covariance(u) @ self._weights
        away = (self.points - u[:, None]) / self.length**2
        slope = np.einsum("mn,mnk,n->mk", near, away, self._weights)
        return value, np.einsum("mk,mkj->mj", slope, along)

    def error(self, points: FloatArray) -> FloatArray:
        """Return the standard error at points (n, 2) of the plane."""
        half = np.linalg.solve(self._factor, self._covariance(self.coordinates.seen(points)[0]).T)
        left = MEAN**2 + self.size**2 - (half**2).sum(axis=0)
        return np.asarray(np.sqrt(np.maximum(left, 0.0)))

    def with_toys(self, point: FloatArray, error: float) -> CriticalValues:
        """Return what would be known with a further value of an error at a point (2,)."""
        value = self.at(point[None])[0]
        return replace(
            self,
            points=np.concatenate([self.points, self.coordinates.seen(point[None])[0]]),
            values=np.concatenate([self.values, value]),
            errors=np.append(self.errors, error),
        )
