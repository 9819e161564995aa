"""χ² per bin as a function of the prediction: Poisson, Gaussian, on-off."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self, final

import numpy as np

from munu.base.tolerances import TINY
from munu.base.typing import FloatArray, Rows
from munu.statistics.likelihoods.part import PartData

SMALLEST_FRACTION = 1e-6
"""Of the counts: no minimum lies at a prediction so far below them."""
FEW_COUNTS = 1e4
"""Of all bins, up to which n ln μ may be summed before n ln n is taken off: no digit is lost that
counts in χ²."""
LARGE_COUNT = 1e5
"""Counts above which μ - n + n ln(n/μ) loses digits of χ²; ln(1 + (μ-n)/n) keeps them, slowly."""
EMPTY_BIN_CURVATURE = 1e6
"""Of χ² below a prediction of zero where it would fall, as in a bin without counts."""


class Loss(PartData):
    """χ² per bin as a function of the prediction, with its first two derivatives."""

    observed: FloatArray
    """Counts per bin, shape (n_bins,); of many data sets (m, n_bins), as the predictions are."""

    @property
    @abstractmethod
    def spread(self) -> FloatArray:
        """The data's own standard deviation per bin, shape (n_bins,); one for an empty bin."""

    @abstractmethod
    def steady_background(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray] | None:
        """Return a background measured off beam, shape (n_bins,): as counted, and as fitted.

        None where there is none. ``prediction`` is that of all else, shape (n_bins,).
        """

    @abstractmethod
    def __call__(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return χ²_b, ∂χ²/∂μ_b and a non-negative ∂²χ²/∂μ_b², each of shape (m, n_bins).

        The last is a matrix, (m or 1, n_bins, n_bins), where the errors of bins are correlated.
        """

    @abstractmethod
    def value(self, prediction: FloatArray) -> FloatArray:
        """Return χ²_b alone, shape (m, n_bins)."""

    @abstractmethod
    def total(self, prediction: FloatArray) -> FloatArray:
        """Return χ² of all bins, shape (m,)."""

    @abstractmethod
    def summed(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return χ² of all bins, shape (m,), and its derivatives bin by bin as a call does."""


class BinnedLoss(Loss):
    """χ² whose terms are found bin by bin, and then summed."""

    def total(self, prediction: FloatArray) -> FloatArray:
        """Return the sum."""
        return np.asarray(self.value(prediction).sum(axis=-1))

    def summed(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the sum, and the derivatives of the terms."""
        value, slope, curvature = self(prediction)
        return value.sum(axis=-1), slope, curvature


@final
@dataclass(frozen=True, eq=False)
class PoissonLoss(Loss):
    r"""Poisson: :math:`2\,[\mu - n + n\ln(n/\mu)]`.

    Below `SMALLEST_FRACTION` of n it continues as its parabola there, so that a minimisation that
    strays to predictions of zero or less comes back.

    Parameters
    ----------
    observed : array, shape (n_bins,) or (m, n_bins)
    beside : array of the same shape, optional
        What χ² of bins that are one here has besides (`munu.statistics.likelihoods.pooling`).
    """

    observed: FloatArray
    beside: FloatArray | None = None

    def chosen(self, rows: Rows) -> Self:
        """Return the terms of some of many data sets."""
        beside = None if self.beside is None else self.beside[rows]
        found = replace(self, observed=self.observed[rows], beside=beside)
        # What is known of all sets is not found again for some of them at each step of their fits.
        vars(found).update(_most=self._most, _saturated=self._saturated[rows])
        return found

    @property
    def spread(self) -> FloatArray:
        """The square root of the counts."""
        return np.sqrt(np.maximum(self.observed, 1.0))

    @cached_property
    def _is_large(self) -> bool:
        return bool(np.any(self.observed > LARGE_COUNT))

    @cached_property
    def _most(self) -> tuple[float, float]:
        """The most counts of a bin, and of all bins of a set."""
        return float(self.observed.max(initial=0.0)), float(
            self.observed.sum(axis=-1).max(initial=0.0)
        )

    @cached_property
    def _saturated(self) -> FloatArray:
        """2 Σ_b (n ln n - n) and what else is beside, shape (m,)."""
        n = self.observed
        found = 2 * (n * np.log(n + self._limits[1]) - n).sum(axis=-1)
        return np.asarray(found if self.beside is None else found + self.beside.sum(axis=-1))

    def _holds(self, prediction: FloatArray) -> bool:
        """Whether the counts are few, and the formula holds in all bins."""
        largest, total = self._most
        return total < FEW_COUNTS and prediction.min(initial=np.inf) > SMALLEST_FRACTION * largest

    def total(self, prediction: FloatArray) -> FloatArray:
        """Return 2 Σ_b [μ - n + n ln(n/μ)]."""
        if self._holds(prediction):
            return self._total(prediction)
        return np.asarray(self.value(prediction).sum(axis=-1))

    def summed(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the sum of the Poisson terms, and their derivatives."""
        if not self._holds(prediction):
            value, slope, curvature = self(prediction)
            return value.sum(axis=-1), slope, curvature
        ratio = self.observed / prediction
        ratio *= 2
        curvature = ratio / prediction
        return self._total(prediction), np.subtract(2.0, ratio, out=ratio), curvature

    def _total(self, mu: FloatArray) -> FloatArray:
        counted = np.einsum("...b,...b->...", self.observed, np.log(mu))
        return np.asarray(2 * (mu.sum(axis=-1) - counted) + self._saturated)

    @cached_property
    def _limits(self) -> tuple[FloatArray, FloatArray]:
        """Return the prediction above which the formula holds, and 1 in the bins without counts."""
        return SMALLEST_FRACTION * self.observed, (self.observed == 0).astype(float)

    def steady_background(self, prediction: FloatArray) -> None:
        """Return None."""

    def __call__(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the Poisson terms."""
        if not np.all(prediction > self._limits[0]):
            return self._continued(prediction)
        ratio = self.observed / prediction
        value, slope = self._whole(prediction, ratio), ratio * -2
        slope += 2
        ratio *= 2
        ratio /= prediction
        return value, slope, ratio

    def value(self, prediction: FloatArray) -> FloatArray:
        """Return 2 [μ - n + n ln(n/μ)]."""
        if not np.all(prediction > self._limits[0]):
            return self._continued(prediction)[0]
        return self._whole(prediction, self.observed / prediction)

    def _whole(self, mu: FloatArray, ratio: FloatArray) -> FloatArray:
        """Return χ²_b where the formula holds, n/μ being the ratio."""
        found = self._half(mu, ratio)
        found *= 2
        if self.beside is not None:
            found += self.beside
        return found

    def _half(self, mu: FloatArray, ratio: FloatArray) -> FloatArray:
        """Return μ - n + n ln(n/μ) at positive predictions whose n/μ is the ratio."""
        n, (_, empty) = self.observed, self._limits
        if self._is_large:
            return np.asarray(mu - n - n * np.log1p((mu - n) / (n + empty)))
        logarithm = ratio + empty
        np.log(logarithm, out=logarithm)
        logarithm *= n
        logarithm += mu - n
        return np.asarray(logarithm)

    def _continued(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the terms with parabolas below the predictions where the formula holds."""
        n = self.observed
        mu = np.where(n > 0, np.maximum(prediction, SMALLEST_FRACTION * n), 1.0)
        ratio = n / mu
        beyond = np.where(n > 0, prediction - mu, 0.0)
        curvature = 2 * ratio / mu
        slope = 2 * (1 - ratio) + curvature * beyond
        value = 2 * self._half(mu, ratio)
        value = value + (2 * (1 - ratio) + 0.5 * curvature * beyond) * beyond
        below = np.minimum(prediction, 0.0)
        empty = 2 * prediction + 0.5 * EMPTY_BIN_CURVATURE * below**2
        slope = slope + np.where(n > 0, 0.0, EMPTY_BIN_CURVATURE * below)
        curvature = np.where((n > 0) | (below == 0), curvature, EMPTY_BIN_CURVATURE)
        value = np.where(n > 0, value, empty)
        return value if self.beside is None else value + self.beside, slope, curvature


@final
@dataclass(frozen=True, eq=False)
class GaussianLoss(BinnedLoss):
    r"""Gaussian with a given variance: :math:`(n-\mu)^2/\sigma^2`."""

    observed: FloatArray
    variance: FloatArray

    def chosen(self, rows: Rows) -> Self:
        """Return the terms of some of many data sets."""
        return replace(self, observed=self.observed[rows], variance=self.variance[rows])

    @property
    def spread(self) -> FloatArray:
        """The square root of the variance."""
        return np.sqrt(self.variance)

    def steady_background(self, prediction: FloatArray) -> None:
        """Return None."""

    def __call__(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the Gaussian terms."""
        difference = prediction - self.observed
        residual = difference / self.variance
        return residual * difference, 2 * residual, np.zeros_like(residual) + 2 / self.variance

    def value(self, prediction: FloatArray) -> FloatArray:
        """Return (n-μ)²/σ²."""
        return np.asarray((prediction - self.observed) ** 2 / self.variance)


@final
@dataclass(frozen=True, eq=False)
class OnOffLoss(BinnedLoss):
    r"""Poisson counts with a steady background measured off beam, minimised bin by bin.

    On: n of mean μ + b; off: m of mean τ b. The background that minimises χ² is the positive root
    of :math:`(1+\tau)b^2 + [(1+\tau)\mu - n - m]\,b - m\mu = 0`. Below μ = 0 it continues as
    its parabola there, steep where χ² would fall, so that a minimisation that strays comes back.

    Parameters
    ----------
    observed, off : array, shape (n_bins,)
        n and m.
    ratio : float
        τ, off-beam over on-beam exposure.
    """

    observed: FloatArray
    off: FloatArray
    ratio: float

    def chosen(self, rows: Rows) -> Self:
        """Return the terms of some of many data sets."""
        return replace(self, observed=self.observed[rows], off=self.off[rows])

    @property
    def spread(self) -> FloatArray:
        """That of the difference of the counts on beam and, scaled, off beam."""
        return np.sqrt(np.maximum(self.observed + self.off / self.ratio**2, 1.0))

    def steady_background(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return m/τ and b."""
        return self.off / self.ratio, self.background(prediction)

    def background(self, prediction: FloatArray) -> FloatArray:
        """Return b at each prediction μ."""
        n, m, tau = self.observed, self.off, self.ratio
        half = 0.5 * ((1 + tau) * prediction - n - m)
        root = np.sqrt(np.maximum(half**2 + (1 + tau) * m * prediction, 0.0))
        positive = np.where(half > 0, m * prediction / np.maximum(half + root, TINY), root - half)
        return np.asarray(np.where(half > 0, positive, positive / (1 + tau)))

    def __call__(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the terms at the minimum over b."""
        value, slope, curvature = self._terms(np.maximum(prediction, 0.0))
        below = np.minimum(prediction, 0.0)
        bend = np.where(slope > 0, EMPTY_BIN_CURVATURE, curvature)
        value = value + (slope + 0.5 * bend * below) * below
        return value, slope + bend * below, np.where(below < 0, bend, curvature)

    def value(self, prediction: FloatArray) -> FloatArray:
        """Return the terms alone."""
        return self(prediction)[0]

    def _terms(self, mu: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the terms at predictions of zero or more, by the envelope theorem."""
        n, m, tau = self.observed, self.off, self.ratio
        b = self.background(mu)
        on, slope, curvature = PoissonLoss(n)(mu + b)
        off, _, off_curvature = PoissonLoss(m)(tau * b)
        off_curvature = tau**2 * np.where(m > 0, off_curvature, 0.0)
        total = curvature + off_curvature
        share = np.where(b > 0, off_curvature / np.where(total > 0, total, 1.0), 1.0)
        return on + off, slope, curvature * share
