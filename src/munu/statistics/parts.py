r"""Binned likelihoods whose nuisances are minimised numerically.

The prediction of a bin is

.. math:: \mu_b = \Big(1+\sum_j\sigma_j\theta_j\Big)\,S_b(\theta)
          + \sum_k (1+\sigma_k\theta_k)\,B_{kb}(\theta)

with shapes interpolated between folded variants, :math:`S(\theta) = S + \theta\frac{S^+-S^-}{2} +
\theta^2\frac{S^++S^--2S}{2}`, exact at θ = -1, 0, 1.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import final

import numpy as np

from munu.statistics.gaussian import GaussianLikelihood
from munu.typing import FloatArray, IntArray

SMALLEST_FRACTION = 1e-6
SMALLEST_PREDICTION = 1e-10
EMPTY_BIN_CURVATURE = 1e6
"""Of χ² below a prediction of zero in a bin without counts, which would fall without end."""


@final
@dataclass(frozen=True)
class Terms:
    """χ² of one experiment without the nuisances' own terms, and its derivatives in them.

    Parameters
    ----------
    chi2 : array, shape (m,)
    gradient, hessian : arrays, shape (m, k) and (m, k, k)
        The Hessian is positive semidefinite (Gauss-Newton).
    """

    chi2: FloatArray
    gradient: FloatArray
    hessian: FloatArray


class Part(ABC):
    """One experiment's contribution to a likelihood with nuisances θ of unit width."""

    names: tuple[str, ...]
    """Names of its nuisances; equal names are one nuisance."""
    n_signal: int
    """Number of signal entries it takes."""

    @abstractmethod
    def terms(self, signal: FloatArray, theta: FloatArray) -> Terms:
        """Return χ² and derivatives for signals (m, n_signal) and nuisances (m, k)."""

    @abstractmethod
    def signal_gradient(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return ∂χ²/∂S at fixed nuisances, shape (m, n_signal)."""


class Loss(ABC):
    """χ² per bin as a function of the prediction, with its first two derivatives."""

    @abstractmethod
    def __call__(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return χ²_b, ∂χ²_b/∂μ_b and a non-negative ∂²χ²_b/∂μ_b², each of shape (m, n_bins)."""


@final
@dataclass(frozen=True)
class PoissonLoss(Loss):
    r"""Poisson: :math:`2\,[\mu - n + n\ln(n/\mu)]`.

    Below `SMALLEST_FRACTION` of n it continues as its parabola there, so that a minimisation that
    strays to predictions of zero or less comes back.
    """

    observed: FloatArray

    def __call__(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the Poisson terms."""
        n = self.observed
        mu = np.where(n > 0, np.maximum(prediction, SMALLEST_FRACTION * n), 1.0)
        ratio = n / mu
        beyond = np.where(n > 0, prediction - mu, 0.0)
        curvature = 2 * ratio / mu
        slope = 2 * (1 - ratio) + curvature * beyond
        value = 2 * (mu - n + n * np.log(np.where(n > 0, ratio, 1.0)))
        value = value + (2 * (1 - ratio) + 0.5 * curvature * beyond) * beyond
        below = np.minimum(prediction, 0.0)
        empty = 2 * prediction + 0.5 * EMPTY_BIN_CURVATURE * below**2
        slope = slope + np.where(n > 0, 0.0, EMPTY_BIN_CURVATURE * below)
        curvature = np.where((n > 0) | (below == 0), curvature, EMPTY_BIN_CURVATURE)
        return np.where(n > 0, value, empty), slope, curvature


@final
@dataclass(frozen=True)
class GaussianLoss(Loss):
    r"""Gaussian with a given variance: :math:`(n-\mu)^2/\sigma^2`."""

    observed: FloatArray
    variance: FloatArray

    def __call__(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the Gaussian terms."""
        residual = (prediction - self.observed) / self.variance
        chi2 = residual * (prediction - self.observed)
        return chi2, 2 * residual, np.broadcast_to(2 / self.variance, prediction.shape)


@final
@dataclass(frozen=True)
class OnOffLoss(Loss):
    r"""Poisson counts with a steady background measured off beam, minimised bin by bin.

    On: n of mean μ + b; off: m of mean τ b. The background that minimises χ² is the positive root
    of :math:`(1+\tau)b^2 + [(1+\tau)\mu - n - m]\,b - m\mu = 0`.

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

    def background(self, prediction: FloatArray) -> FloatArray:
        """Return b at each prediction μ."""
        n, m, tau = self.observed, self.off, self.ratio
        half = 0.5 * ((1 + tau) * prediction - n - m)
        root = np.sqrt(np.maximum(half**2 + (1 + tau) * m * prediction, 0.0))
        positive = np.where(half > 0, m * prediction / np.maximum(half + root, 1e-300), root - half)
        return np.asarray(np.where(half > 0, positive, positive / (1 + tau)))

    def __call__(self, prediction: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the terms at the minimum over b."""
        n, m, tau = self.observed, self.off, self.ratio
        mu = np.maximum(prediction, SMALLEST_PREDICTION)
        b = self.background(mu)
        on, _, curvature = PoissonLoss(n)(mu + b)
        off, _, off_curvature = PoissonLoss(m)(tau * b)
        slope = 2 * (1 - n / (mu + b))
        off_curvature = tau**2 * np.where(m > 0, off_curvature, 0.0)
        total = curvature + off_curvature
        share = np.where(b > 0, off_curvature / np.where(total > 0, total, 1.0), 1.0)
        return on + off, slope, curvature * share


@final
@dataclass(frozen=True)
class Shape:
    """A background's two variants at θ = -1 and θ = +1."""

    name: str
    minus: FloatArray
    plus: FloatArray


@final
@dataclass(frozen=True)
class Template:
    """A background with a normalisation nuisance and shape variants."""

    name: str
    events: FloatArray
    sigma: float
    shapes: tuple[Shape, ...] = ()


@final
@dataclass(frozen=True)
class BinnedPart(Part):
    """Binned data against signal and background templates.

    Parameters
    ----------
    loss : Loss
    normalisations : mapping of str to float
        Fractional uncertainties of the signal, by nuisance name.
    templates : tuple of Template
    variants : tuple of str
        Names of the signal's shape nuisances. The signal then holds the nominal bins followed by
        the bins at -1 and +1 of each variant.
    n_bins : int
    """

    loss: Loss
    normalisations: Mapping[str, float]
    templates: tuple[Template, ...]
    n_bins: int
    variants: tuple[str, ...] = field(default=())

    @cached_property
    def names(self) -> tuple[str, ...]:  # type: ignore[override]
        """Names of the nuisances."""
        scales = [t.name for t in self.templates if t.sigma > 0]
        shapes = [shape.name for t in self.templates for shape in t.shapes]
        return tuple(dict.fromkeys([*self.normalisations, *self.variants, *scales, *shapes]))

    @property
    def n_signal(self) -> int:  # type: ignore[override]
        """Entries of the signal: nominal bins and two per variant."""
        return self.n_bins * (1 + 2 * len(self.variants))

    @cached_property
    def _index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    @cached_property
    def _scale(self) -> FloatArray:
        """Return the signal's change per nuisance, shape (k,)."""
        scale = np.zeros(len(self.names))
        for name, sigma in self.normalisations.items():
            scale[self._index[name]] = sigma
        return scale

    @cached_property
    def _linear(self) -> tuple[FloatArray, FloatArray]:
        """Return the backgrounds without shapes: their sum (n_bins,) and change (k, n_bins)."""
        total, change = np.zeros(self.n_bins), np.zeros((len(self.names), self.n_bins))
        for template in self.templates:
            if not template.shapes:
                total += template.events
                if template.sigma > 0:
                    change[self._index[template.name]] += template.sigma * template.events
        return total, change

    @cached_property
    def _columns(self) -> IntArray:
        return np.array([self._index[name] for name in self.variants], dtype=int)

    def _signal_events(
        self, signal: FloatArray, theta: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return S(θ), shape (m, n_bins), and its derivatives in the variants, (m, v, n_bins)."""
        blocks = signal.reshape(signal.shape[0], -1, self.n_bins)
        nominal, minus, plus = blocks[:, 0], blocks[:, 1::2], blocks[:, 2::2]
        if not self.variants:
            return nominal, minus
        t = theta[:, self._columns, None]
        odd, even = 0.5 * (plus - minus), 0.5 * (plus + minus) - nominal[:, None]
        return nominal + np.sum(t * (odd + t * even), axis=1), odd + 2 * t * even

    def predict(self, signal: FloatArray, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the predictions (m, n_bins) and their derivatives in θ, (m, k, n_bins)."""
        events, slopes = self._signal_events(signal, theta)
        factor = 1 + theta @ self._scale
        total, change = self._linear
        prediction = factor[:, None] * events + total + theta @ change
        derivative = change + self._scale[:, None] * events[:, None, :]
        derivative[:, self._columns] += factor[:, None, None] * slopes
        for template in self.templates:
            if template.shapes:
                prediction += self._add_shapes(template, theta, derivative)
        return prediction, derivative

    def _add_shapes(
        self, template: Template, theta: FloatArray, derivative: FloatArray
    ) -> FloatArray:
        """Return the events (m, n_bins) of a background with shapes, adding its derivatives."""
        scale = np.ones((theta.shape[0], 1))
        if template.sigma > 0:
            scale = scale + template.sigma * theta[:, self._index[template.name], None]
        events = np.zeros((theta.shape[0], self.n_bins)) + template.events
        for shape in template.shapes:
            column = self._index[shape.name]
            t = theta[:, column, None]
            odd = 0.5 * (shape.plus - shape.minus)
            even = 0.5 * (shape.plus + shape.minus) - template.events
            events += t * (odd + t * even)
            derivative[:, column] += scale * (odd + 2 * t * even)
        if template.sigma > 0:
            derivative[:, self._index[template.name]] += template.sigma * events
        return np.asarray(scale * events)

    def terms(self, signal: FloatArray, theta: FloatArray) -> Terms:
        """Return χ² and its derivatives."""
        prediction, derivative = self.predict(signal, theta)
        chi2, slope, curvature = self.loss(prediction)
        hessian = np.matmul(derivative * curvature[:, None, :], derivative.swapaxes(1, 2))
        self._add_bending(signal, theta, slope, hessian)
        return Terms(
            chi2=chi2.sum(axis=-1),
            gradient=np.matmul(derivative, slope[..., None])[..., 0],
            hessian=hessian,
        )

    def _add_bending(
        self, signal: FloatArray, theta: FloatArray, slope: FloatArray, hessian: FloatArray
    ) -> None:
        """Add the slope times the second derivatives of the prediction in the shape nuisances.

        Only their positive diagonal: the Hessian stays positive semidefinite.
        """
        if self.variants:
            blocks = signal.reshape(signal.shape[0], -1, self.n_bins)
            even = 0.5 * (blocks[:, 2::2] + blocks[:, 1::2]) - blocks[:, :1]
            bend = (
                2 * np.matmul(even, slope[..., None])[..., 0] * (1 + theta @ self._scale)[:, None]
            )
            hessian[:, self._columns, self._columns] += np.maximum(bend, 0.0)
        for template in self.templates:
            for shape in template.shapes:
                even_events = 0.5 * (shape.plus + shape.minus) - template.events
                column = self._index[shape.name]
                hessian[:, column, column] += np.maximum(2 * slope @ even_events, 0.0)

    def signal_gradient(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the slope in the nominal bins, then in those of each variant at -1 and +1."""
        prediction, _ = self.predict(signal, theta)
        _, slope, _ = self.loss(prediction)
        slope = slope * (1 + theta @ self._scale)[:, None]
        t = theta[:, self._columns, None]
        weights = np.concatenate([0.5 * (t**2 - t), 0.5 * (t**2 + t)], axis=2)
        varied = (weights.reshape(theta.shape[0], -1, 1) * slope[:, None, :]).reshape(
            theta.shape[0], -1
        )
        return np.concatenate([slope * (1 - np.sum(t**2, axis=1)), varied], axis=1)


@final
@dataclass(frozen=True)
class GaussianPart(Part):
    """A `GaussianLikelihood` (Eqs. 33-34) as a part of a numerical combination."""

    likelihood: GaussianLikelihood

    @property
    def names(self) -> tuple[str, ...]:  # type: ignore[override]
        """Names of the nuisances."""
        return tuple(nuisance.name for nuisance in self.likelihood.linear)

    @property
    def n_signal(self) -> int:  # type: ignore[override]
        """Number of bins."""
        return self.likelihood.n_signal

    def _residual(
        self, signal: FloatArray, theta: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the residual over the variance, the variance (m, n_bins) and the shifts."""
        lk = self.likelihood
        diagonal = lk.variance + lk.variance_per_event * signal
        shifts = np.zeros((len(lk.linear), *signal.shape))
        for k, nuisance in enumerate(lk.linear):
            shifts[k] = nuisance.shift(signal)
        y = (lk.data - signal - np.einsum("mk,kmb->mb", theta, shifts)) / diagonal
        return y, diagonal, shifts

    def terms(self, signal: FloatArray, theta: FloatArray) -> Terms:
        """Return χ² and its derivatives."""
        y, diagonal, shifts = self._residual(signal, theta)
        return Terms(
            chi2=np.sum(y**2 * diagonal, axis=-1),
            gradient=-2 * np.einsum("kmb,mb->mk", shifts, y),
            hessian=2 * np.einsum("kmb,lmb->mkl", shifts / diagonal, shifts),
        )

    def signal_gradient(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the slope at fixed nuisances."""
        lk = self.likelihood
        y, _, _ = self._residual(signal, theta)
        scale = 1 + sum(
            (theta[:, k, None] * n.sigma for k, n in enumerate(lk.linear) if n.events is None),
            np.zeros((theta.shape[0], 1)),
        )
        return np.asarray(-2 * y * scale - lk.variance_per_event * y**2)
