r"""Binned likelihoods whose nuisances are minimised numerically.

The prediction of a bin is

.. math:: \mu_b = \Big(1+\sum_j\sigma_j\theta_j\Big)\,S_b(\theta)
          + \sum_k (1+\sigma_k\theta_k)\,B_{kb}(\theta)

with shapes interpolated between folded variants, :math:`S(\theta) = S + \theta\frac{S^+-S^-}{2} +
\theta^2\frac{S^++S^--2S}{2}`, exact at θ = -1, 0, 1.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import final

import numpy as np

from munu.statistics.components import Component
from munu.statistics.gaussian import GaussianLikelihood
from munu.statistics.losses import Loss
from munu.typing import FloatArray, IntArray


@final
@dataclass(frozen=True)
class Terms:
    """χ² of one experiment without the nuisances' own terms, and its derivatives in them.

    Parameters
    ----------
    chi2 : array, shape (m,)
    gradient, hessian : arrays, shape (m, k) and (m, k, k)
        First and second derivatives in the nuisances.
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

    def _columns(self, names: Iterable[str]) -> IntArray:
        index = {name: i for i, name in enumerate(self.names)}
        return np.array([index[name] for name in names], dtype=int)

    def _scale(self, sigmas: Mapping[str, float]) -> FloatArray:
        scale = np.zeros(len(self.names))
        scale[self._columns(sigmas)] = list(sigmas.values())
        return scale

    @cached_property
    def _signal_nuisances(self) -> tuple[FloatArray, IntArray]:
        return self._scale(self.normalisations), self._columns(self.variants)

    @cached_property
    def _linear(self) -> tuple[FloatArray, FloatArray]:
        """Return the backgrounds without shapes: their sum (n_bins,) and change (k, n_bins)."""
        total, change = np.zeros(self.n_bins), np.zeros((len(self.names), self.n_bins))
        for template in self.templates:
            if not template.shapes:
                total += template.events
                if template.sigma > 0:
                    change[self._columns([template.name])] += template.sigma * template.events
        return total, change

    @cached_property
    def _shaped(self) -> tuple[Component, ...]:
        """Return the backgrounds with shapes."""
        return tuple(
            Component.between(
                template.events,
                np.array([shape.minus for shape in template.shapes]),
                np.array([shape.plus for shape in template.shapes]),
                scale=self._scale({template.name: template.sigma} if template.sigma > 0 else {}),
                columns=self._columns(shape.name for shape in template.shapes),
            )
            for template in self.templates
            if template.shapes
        )

    def _components(self, signal: FloatArray) -> tuple[Component, ...]:
        """Return the signal and the backgrounds with shapes."""
        blocks = signal.reshape(signal.shape[0], -1, self.n_bins)
        scale, columns = self._signal_nuisances
        own = Component.between(
            blocks[:, 0], blocks[:, 1::2], blocks[:, 2::2], scale=scale, columns=columns
        )
        return (own, *self._shaped)

    def predict(self, signal: FloatArray, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the predictions (m, n_bins) and their derivatives in θ, (m, k, n_bins)."""
        return self._predict(self._components(signal), theta)

    def _predict(
        self, components: tuple[Component, ...], theta: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        total, change = self._linear
        prediction = total + theta @ change
        derivative = np.repeat(change[None], theta.shape[0], axis=0)
        for component in components:
            component.add_to(theta, prediction, derivative)
        return prediction, derivative

    def terms(self, signal: FloatArray, theta: FloatArray) -> Terms:
        """Return χ² and its derivatives."""
        components = self._components(signal)
        prediction, derivative = self._predict(components, theta)
        chi2, slope, curvature = self.loss(prediction)
        hessian = np.matmul(derivative * curvature[:, None, :], derivative.swapaxes(1, 2))
        for component in components:
            component.add_bending(theta, slope, hessian)
        return Terms(
            chi2=chi2.sum(axis=-1),
            gradient=np.matmul(derivative, slope[..., None])[..., 0],
            hessian=hessian,
        )

    def signal_gradient(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the slope in the nominal bins, then in those of each variant at -1 and +1."""
        prediction, _ = self.predict(signal, theta)
        scale, columns = self._signal_nuisances
        slope = self.loss(prediction)[1] * (1 + theta @ scale)[:, None]
        t = theta[:, columns, None]
        weights = np.concatenate([0.5 * (t**2 - t), 0.5 * (t**2 + t)], axis=2)
        varied = weights.reshape(theta.shape[0], -1, 1) * slope[:, None, :]
        nominal = slope * (1 - np.sum(t**2, axis=1))
        return np.concatenate([nominal, varied.reshape(theta.shape[0], -1)], axis=1)


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
