r"""Gaussian χ² of data whose errors are correlated between bins, or differ up and down.

With r = μ - n, the prediction minus what was measured:

- correlated: :math:`\chi^2 = r^TC^{-1}r`;
- ``split``: :math:`r^2/\sigma_+^2` for a prediction above the data, :math:`r^2/\sigma_-^2` below;
- ``variable-width``: :math:`r^2/V(r)` with the variance
  :math:`V = \sigma_+\sigma_- + (\sigma_+-\sigma_-)\,r`, which is :math:`\sigma_\pm^2` one error
  away (R. Barlow, arXiv:physics/0406120).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Self, final

import numpy as np

from munu.base.typing import FloatArray, Rows
from munu.statistics.likelihoods.losses import BinnedLoss

NARROWEST: Final = 0.05
"""Of σ₊σ₋: where the variance of `VariableWidthLoss` is less, χ² goes on as its parabola there."""


@final
@dataclass(frozen=True, eq=False)
class CovarianceLoss(BinnedLoss):
    """Gaussian with a covariance matrix between the bins.

    χ² of a bin is the term :math:`r_b(C^{-1}r)_b`, which may be negative: the sum is χ².

    Parameters
    ----------
    observed : array, shape (n_bins,)
    covariance : array, shape (n_bins, n_bins)
    """

    observed: FloatArray
    covariance: FloatArray

    def chosen(self, rows: Rows) -> Self:
        """Return the terms of some of many data sets."""
        return replace(self, observed=self.observed[rows])

    @cached_property
    def _inverse(self) -> FloatArray:
        return np.asarray(np.linalg.inv(self.covariance))

    @property
    def spread(self) -> FloatArray:
        """The standard deviation of each bin where all others are known."""
        return np.asarray(1 / np.sqrt(np.diagonal(self._inverse)))

    def steady_background(self, prediction: FloatArray) -> None:
        """Return None."""

    def __call__(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the terms; the second derivatives are a matrix, shape (1, n_bins, n_bins)."""
        residual = prediction - self.observed
        pulled = residual @ self._inverse
        return residual * pulled, 2 * pulled, 2 * self._inverse[None]

    def value(self, prediction: FloatArray) -> FloatArray:
        """Return the terms alone."""
        return self(prediction)[0]


@final
@dataclass(frozen=True, eq=False)
class SplitLoss(BinnedLoss):
    """A Gaussian whose width is the upper error where the prediction is above the data."""

    observed: FloatArray
    up: FloatArray
    down: FloatArray

    def chosen(self, rows: Rows) -> Self:
        """Return the terms of some of many data sets."""
        return replace(self, observed=self.observed[rows])

    @property
    def spread(self) -> FloatArray:
        """The geometric mean of the errors."""
        return np.sqrt(self.up * self.down)

    def steady_background(self, prediction: FloatArray) -> None:
        """Return None."""

    def __call__(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the Gaussian terms of the side that the prediction is on."""
        residual = prediction - self.observed
        variance = np.where(residual > 0, self.up, self.down) ** 2
        return residual**2 / variance, 2 * residual / variance, 2 / variance

    def value(self, prediction: FloatArray) -> FloatArray:
        """Return the terms alone."""
        return self(prediction)[0]


@final
@dataclass(frozen=True, eq=False)
class VariableWidthLoss(BinnedLoss):
    """A Gaussian whose variance is linear in the prediction, through both errors."""

    observed: FloatArray
    up: FloatArray
    down: FloatArray

    def chosen(self, rows: Rows) -> Self:
        """Return the terms of some of many data sets."""
        return replace(self, observed=self.observed[rows])

    @property
    def spread(self) -> FloatArray:
        """The geometric mean of the errors."""
        return np.sqrt(self.up * self.down)

    def steady_background(self, prediction: FloatArray) -> None:
        """Return None."""

    def __call__(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return r²/V and its derivatives; V'' = 0, so that χ²'' = 2 V₀²/V³ is positive."""
        residual = prediction - self.observed
        least, change = self.up * self.down, self.up - self.down
        beyond = least + change * residual < NARROWEST * least
        end = -(1 - NARROWEST) * least / np.where(change == 0, 1.0, change)
        r = np.where(beyond, end, residual)
        variance = least + change * r
        value, slope = r**2 / variance, r * (2 * variance - r * change) / variance**2
        curvature = 2 * least**2 / variance**3
        further = residual - r
        return (
            value + (slope + 0.5 * curvature * further) * further,
            slope + curvature * further,
            curvature,
        )

    def value(self, prediction: FloatArray) -> FloatArray:
        """Return the terms alone."""
        return self(prediction)[0]
