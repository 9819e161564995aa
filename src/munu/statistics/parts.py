r"""Experiments as parts of a likelihood whose nuisances are minimised numerically.

The prediction of a bin of binned data is

.. math:: \mu_b = \Big(1+\sum_j\sigma_j\theta_j\Big)\,S_b(\theta)
          + \sum_k (1+\sigma_k\theta_k)\,B_{kb}(\theta)

with shapes interpolated between folded variants, and factors that stay positive
(`munu.statistics.interpolation`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import final

import numpy as np

from munu.statistics.interpolation import Interpolation, Weights
from munu.statistics.likelihood import DataScale
from munu.statistics.losses import Loss
from munu.typing import FloatArray, IntArray


@final
@dataclass(frozen=True)
class Terms:
    """χ² without the nuisances' own terms, and its derivatives in coordinates x and nuisances θ.

    Parameters
    ----------
    chi2 : array, shape (m,)
    gradient, hessian : arrays, shape (m, p + k) and (m, p + k, p + k)
        First and second derivatives, those in x first. The Hessian lacks what the second
        derivatives of the signal in x add.
    signal_gradient : array, shape (m, n_signal), or None
        ∂χ²/∂S at fixed nuisances, where there are coordinates x.
    """

    chi2: FloatArray
    gradient: FloatArray
    hessian: FloatArray
    signal_gradient: FloatArray | None = None


class Part(ABC):
    """One experiment's contribution to a likelihood with nuisances θ of unit width."""

    names: tuple[str, ...]
    """Names of its nuisances; equal names are one nuisance."""
    n_signal: int
    """Number of signal entries it takes."""

    @property
    @abstractmethod
    def scale(self) -> DataScale:
        """What its entries of the signal are compared with."""

    @abstractmethod
    def terms(
        self, signal: FloatArray, theta: FloatArray, slopes: FloatArray | None = None
    ) -> Terms:
        """Return χ² and derivatives.

        Parameters
        ----------
        signal : array, shape (m, n_signal)
        theta : array, shape (m, k)
        slopes : array, shape (m, p, n_signal), optional
            ∂S/∂x of coordinates x that the signal depends on.
        """

    @abstractmethod
    def value(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return χ², shape (m,), alone."""

    @abstractmethod
    def mixed(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return ∂²χ²/∂θ∂S, shape (k, n_signal), at one signal (1, n_signal) and θ (1, k)."""

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

    def blocks(self) -> list[FloatArray]:
        """Return the events, then those of each variant at -1 and +1."""
        sides = [side for shape in self.shapes for side in (shape.minus, shape.plus)]
        return [self.events, *sides]


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
    has_signal : bool
        False for the backgrounds alone, as in a control region: no entry of the signal is taken.
    """

    loss: Loss
    normalisations: Mapping[str, float]
    templates: tuple[Template, ...]
    n_bins: int
    variants: tuple[str, ...] = field(default=())
    has_signal: bool = True

    @cached_property
    def names(self) -> tuple[str, ...]:  # type: ignore[override]
        """Names of the nuisances."""
        scales = [t.name for t in self.templates if t.sigma > 0]
        shapes = [shape.name for t in self.templates for shape in t.shapes]
        return tuple(dict.fromkeys([*self.normalisations, *self.variants, *scales, *shapes]))

    @property
    def n_signal(self) -> int:  # type: ignore[override]
        """Entries of the signal: nominal bins and two per variant, none without a signal."""
        return self.n_bins * (1 + 2 * len(self.variants)) if self.has_signal else 0

    @property
    def scale(self) -> DataScale:
        """Return what the nominal bins are compared with; variants alone change no χ²."""
        if not self.has_signal:
            return DataScale(np.empty(0), np.empty(0), np.empty(0, int))
        count = sum((np.abs(t.events) for t in self.templates), np.abs(self.loss.observed))
        rest = self.n_signal - self.n_bins
        spread = np.concatenate([self.loss.spread, np.full(rest, np.inf)])
        content = np.concatenate([count, np.zeros(rest)])
        return DataScale(spread, content, np.zeros(self.n_signal, int))

    def _columns(self, names: Iterable[str]) -> IntArray:
        index = {name: i for i, name in enumerate(self.names)}
        return np.array([index[name] for name in names], dtype=int)

    def _scale(self, sigmas: Mapping[str, float]) -> FloatArray:
        scale = np.zeros(len(self.names))
        scale[self._columns(sigmas)] = list(sigmas.values())
        return scale

    @cached_property
    def _weights(self) -> Interpolation:
        """Return the weights of the signal's blocks, if it has any, then of the backgrounds'."""
        scales = [self._scale({t.name: t.sigma} if t.sigma > 0 else {}) for t in self.templates]
        columns = [self._columns(shape.name for shape in t.shapes) for t in self.templates]
        if self.has_signal:
            scales.insert(0, self._scale(self.normalisations))
            columns.insert(0, self._columns(self.variants))
        return Interpolation.of(scales, columns, len(self.names))

    @cached_property
    def _background(self) -> FloatArray:
        """Return the blocks of the backgrounds, shape (n_blocks, n_bins)."""
        blocks = [block for template in self.templates for block in template.blocks()]
        return np.array(blocks, float).reshape(-1, self.n_bins)

    def _blocks(self, signal: FloatArray) -> FloatArray:
        return signal.reshape(*signal.shape[:-1], self.n_signal // self.n_bins, self.n_bins)

    def predict(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the predictions, shape (m, n_bins)."""
        weights, blocks = self._weights.weights(theta).value, self._blocks(signal)
        n = blocks.shape[1]
        return (weights[:, None, :n] @ blocks)[:, 0] + weights[:, n:] @ self._background

    def terms(
        self, signal: FloatArray, theta: FloatArray, slopes: FloatArray | None = None
    ) -> Terms:
        """Return χ² and its derivatives."""
        blocks, weights = self._blocks(signal), self._weights.weights(theta)
        n = blocks.shape[1]
        own, change = weights.value[:, None, :n], weights.change[:, :, :n]
        prediction = (own @ blocks)[:, 0] + weights.value[:, n:] @ self._background
        derivative = change @ blocks + weights.change[:, :, n:] @ self._background
        chi2, slope, curvature = self.loss(prediction)
        if slopes is not None:
            moved = self._blocks(slopes)
            derivative = np.concatenate([(own[:, None] @ moved)[:, :, 0], derivative], axis=1)
        gradient = (derivative @ slope[..., None])[..., 0]
        hessian = (derivative * curvature[:, None, :]) @ derivative.swapaxes(1, 2)
        p = 0 if slopes is None else slopes.shape[1]
        if weights.bends:
            hessian[:, p:, p:] += self._bending(blocks, weights, slope)
        if slopes is None:
            return Terms(chi2.sum(axis=-1), gradient, hessian)
        cross = (moved @ slope[:, None, :, None])[..., 0] @ change.swapaxes(1, 2)
        hessian[:, :p, p:] += cross
        hessian[:, p:, :p] += cross.swapaxes(1, 2)
        by_block = own[:, 0, :, None] * slope[:, None, :]
        return Terms(chi2.sum(axis=-1), gradient, hessian, by_block.reshape(signal.shape))

    def value(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return χ²."""
        return np.asarray(self.loss(self.predict(signal, theta))[0].sum(axis=-1))

    def mixed(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the second derivatives in the nuisances and the signal."""
        blocks, weights = self._blocks(signal), self._weights.weights(theta)
        n = blocks.shape[1]
        own, change = weights.value[0, :n], weights.change[0, :, :n]
        derivative = change @ blocks[0] + weights.change[0, :, n:] @ self._background
        _, slope, curvature = self.loss(self.predict(signal, theta))
        bent = (derivative * curvature)[:, None, :] * own[:, None]
        return np.asarray(bent + change[..., None] * slope[0]).reshape(
            len(self.names), self.n_signal
        )

    def _bending(self, blocks: FloatArray, weights: Weights, slope: FloatArray) -> FloatArray:
        """Return Σ_b ∂χ²/∂μ_b ∂²μ_b/∂θ², shape (m, k, k)."""
        own = (blocks @ slope[..., None])[..., 0]
        sums = np.concatenate([own, slope @ self._background.T], axis=1)
        return self._weights.bending(weights, sums)

    def signal_gradient(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the slope in the nominal bins, then in those of each variant at -1 and +1."""
        slope = self.loss(self.predict(signal, theta))[1]
        own = self._weights.weights(theta).value[:, : self.n_signal // self.n_bins, None]
        return np.asarray(own * slope[:, None, :]).reshape(signal.shape)
