r"""Binned counts as a part of a likelihood whose nuisances are minimised numerically.

The prediction of a bin of binned data is

.. math:: \mu_b = \Big(1+\sum_j\sigma_j\theta_j\Big)\,S_b(\theta)
          + \sum_k (1+\sigma_k\theta_k)\,B_{kb}(\theta)

with shapes interpolated between folded variants, factors that stay positive
(`munu.statistics.likelihoods.interpolation`) and, in each bin, components that do
(`munu.statistics.likelihoods.positive`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Self, final

import numpy as np

from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray
from munu.statistics.likelihoods.interpolation import Interpolation, Weights
from munu.statistics.likelihoods.likelihood import DataScale
from munu.statistics.likelihoods.losses import Loss
from munu.statistics.likelihoods.part import Part, PartData
from munu.statistics.likelihoods.positive import Kept, kept, margin
from munu.statistics.likelihoods.template import Template
from munu.statistics.specification import ShapeInterpolation

EVERY: Final = slice(None)
"""All bins."""


@final
@dataclass(frozen=True, eq=False)
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
    signal_margin : array, shape (n_bins,), optional
        δ of the signal (`munu.statistics.likelihoods.positive`), of the Standard Model's; zero
        without.
    interpolation : str
        How events follow the nuisance of a shape: ``quadratic``, ``polynomial`` or ``saturating``.
    """

    loss: Loss
    normalisations: Mapping[str, float]
    templates: tuple[Template, ...]
    n_bins: int
    variants: tuple[str, ...] = field(default=())
    has_signal: bool = True
    signal_margin: FloatArray | None = None
    interpolation: ShapeInterpolation = "quadratic"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the nuisances."""
        scales = [t.name for t in self.templates if t.sigma > 0]
        shapes = [shape.name for t in self.templates for shape in t.shapes]
        return tuple(dict.fromkeys([*self.normalisations, *self.variants, *scales, *shapes]))

    @property
    def shapes(self) -> frozenset[str]:
        """Names of the shapes of the signal and of the backgrounds."""
        names = {shape.name for template in self.templates for shape in template.shapes}
        return frozenset({*self.variants, *names})

    @property
    def is_difference(self) -> bool:
        """Whether a background is negative, as what was taken off the counts is."""
        return any(np.any(template.events < 0) for template in self.templates)

    @property
    def n_signal(self) -> int:
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

    @property
    def data(self) -> Loss:
        """The loss."""
        return self.loss

    def with_data(self, data: PartData) -> Self:
        """Return the part with another loss."""
        assert isinstance(data, Loss)
        return replace(self, loss=data)

    def _columns(self, names: Iterable[str]) -> IntArray:
        index = {name: i for i, name in enumerate(self.names)}
        return np.array([index[name] for name in names], dtype=int)

    def _scale(self, sigmas: Mapping[str, float]) -> FloatArray:
        scale = np.zeros(len(self.names))
        scale[self._columns(sigmas)] = list(sigmas.values())
        return scale

    @cached_property
    def block_weights(self) -> Interpolation:
        """Return the weights of the signal's blocks, if it has any, then of the backgrounds'."""
        scales = [self._scale({t.name: t.sigma} if t.sigma > 0 else {}) for t in self.templates]
        columns = [self._columns(shape.name for shape in t.shapes) for t in self.templates]
        if self.has_signal:
            scales.insert(0, self._scale(self.normalisations))
            columns.insert(0, self._columns(self.variants))
        return Interpolation.of(scales, columns, len(self.names), self.interpolation)

    @cached_property
    def background_blocks(self) -> FloatArray:
        """Return the blocks of the backgrounds, shape (n_blocks, n_bins)."""
        blocks = [block for template in self.templates for block in template.blocks()]
        return np.array(blocks, float).reshape(-1, self.n_bins)

    def _blocks(self, signal: FloatArray) -> FloatArray:
        return signal.reshape(*signal.shape[:-1], self.n_signal // self.n_bins, self.n_bins)

    @cached_property
    def shaped_blocks(self) -> tuple[tuple[slice, FloatArray], ...]:
        """Return the blocks of each component that has shapes, and its δ per bin."""
        found, start = [], 0
        if self.has_signal:
            start = 1 + 2 * len(self.variants)
            least = np.zeros(self.n_bins) if self.signal_margin is None else self.signal_margin
            found = [(slice(0, start), least)] if self.variants else []
        for template in self.templates:
            blocks = template.blocks()
            if template.shapes:
                found.append((slice(start, start + len(blocks)), margin(blocks)))
            start += len(blocks)
        return tuple(found)

    def _mixed(
        self,
        weights: FloatArray,
        signal: FloatArray,
        own: slice | None,
        bins: IntArray | slice = EVERY,
    ) -> FloatArray:
        """Return Σ_q Q_q A_q over the blocks of one component, or of all, shape (m, ..., n_bins).

        Parameters
        ----------
        weights : array, shape (m, ..., n_blocks)
        signal : array, shape (m, n, n_bins)
            The blocks of the signal.
        own : slice or None
            The blocks of the component.
        bins : array of int, optional
            The bins that are wanted.
        """
        n = signal.shape[1]
        if own is not None and own.start >= n:
            blocks = self.background_blocks[own.start - n : own.stop - n, bins]
            return np.asarray(weights[..., own] @ blocks)
        many = weights[:, None, :n] if weights.ndim == 2 else weights[:, :, :n]
        events = many @ signal[:, :, bins]
        events = events[:, 0] if weights.ndim == 2 else events
        return np.asarray(events if own else events + weights[..., n:] @ self.background_blocks)

    def _kept(self, weights: FloatArray, blocks: FloatArray) -> list[tuple[slice, Kept]]:
        """Return what keeps components from being negative, for those that come close to it."""
        found = ((own, kept(self._mixed(weights, blocks, own), d)) for own, d in self.shaped_blocks)
        return [(own, correction) for own, correction in found if correction is not None]

    def _corrected(self, events: FloatArray, corrections: list[tuple[slice, Kept]]) -> FloatArray:
        """Return the events of all components, none of which is negative."""
        for _, c in corrections:
            events = c.corrected(events)
        return events

    def predict(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the predictions, shape (m, n_bins)."""
        weights, blocks = self.block_weights.weights(theta).value, self._blocks(signal)
        return self._corrected(self._mixed(weights, blocks, None), self._kept(weights, blocks))

    def excess(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the data less one prediction, zero for variants."""
        found, mu = np.zeros(self.n_signal), self.predict(signal, theta)[0]
        if self.has_signal:
            steady = self.loss.steady_background(mu)
            found[: self.n_bins] = self.loss.observed - mu - (0.0 if steady is None else steady[0])
        return found

    def terms(
        self,
        signal: FloatArray,
        theta: FloatArray,
        slopes: FloatArray | None = None,
        *,
        data: PartData | None = None,
    ) -> Terms:
        """Return χ² and its derivatives."""
        blocks, weights = self._blocks(signal), self.block_weights.weights(theta)
        corrections = self._kept(weights.value, blocks)
        # μ_b = Σ_q Q_q(θ) A_qb, with c(r) instead of r for components that come close to zero
        prediction = self._corrected(self._mixed(weights.value, blocks, None), corrections)
        loss, slope, curvature = self._loss(data)(prediction)
        chi2 = loss.sum(axis=-1)
        moved = None if slopes is None else self._blocks(slopes)
        # ∂μ_b in x and θ: that of all components, and c'(r) - 1 times that of those corrected
        derivative = self._derivative(weights, blocks, moved, None)
        bent = np.zeros(1)
        for own, c in corrections:
            bins, place = np.unique(c.bins, return_inverse=True)
            part = self._derivative(weights, blocks, moved, own, bins)
            derivative[c.rows, :, c.bins] += (c.slope - 1)[:, None] * part[c.rows, :, place]
            weight = np.zeros((len(slope), bins.size))
            weight[c.rows, place] = c.bent(slope)
            bent = bent + _weighted_squares(part, weight)
        # ∂χ² = Σ_b χ²_b' ∂μ_b and ∂²χ² = Σ_b χ²_b'' ∂μ_b ∂μ_b + Σ_b χ²_b' ∂²μ_b
        gradient = (derivative @ slope[..., None])[..., 0]
        hessian = _weighted_squares(derivative, curvature) + bent
        p, n = 0 if slopes is None else slopes.shape[1], blocks.shape[1]
        if weights.bends:
            # ∂²μ_b in θ twice
            hessian[:, p:, p:] += self._bending(blocks, weights, slope, corrections)
        if moved is None:
            return Terms(chi2, gradient, hessian)
        # ∂²μ_b in x and θ: Σ_q ∂Q_q/∂θ ∂A_qb/∂x
        slope = self._signal_slope(slope, corrections)
        cross = (moved @ slope[:, None, :, None])[..., 0] @ weights.change[:, :, :n].swapaxes(1, 2)
        hessian[:, :p, p:] += cross
        hessian[:, p:, :p] += cross.swapaxes(1, 2)
        # ∂χ²/∂S_qb = Q_q χ²_b'
        by_signal = weights.value[:, :n, None] * slope[:, None, :]
        return Terms(chi2, gradient, hessian, by_signal.reshape(signal.shape))

    def _derivative(
        self,
        weights: Weights,
        blocks: FloatArray,
        moved: FloatArray | None,
        own: slice | None,
        bins: IntArray | slice = EVERY,
    ) -> FloatArray:
        """Return the slopes in x, if there are any, and in θ of one component, or of all."""
        by_theta = self._mixed(weights.change, blocks, own, bins)
        if moved is None:
            return by_theta
        n, by_x = blocks.shape[1], np.zeros((*moved.shape[:2], by_theta.shape[-1]))
        if own is None or own.start < n:
            by_x = (weights.value[:, None, None, :n] @ moved[..., bins])[:, :, 0]
        return np.concatenate([by_x, by_theta], axis=1)

    def _signal_slope(self, slope: FloatArray, corrections: list[tuple[slice, Kept]]) -> FloatArray:
        """Return ∂χ²/∂r_b of the signal's events r before they are kept from being negative."""
        if self.has_signal and corrections and corrections[0][0].start == 0:
            return corrections[0][1].along(slope)
        return slope

    def _loss(self, data: PartData | None) -> Loss:
        """Return χ² of other data than its own, if there are any."""
        if data is None:
            return self.loss
        assert isinstance(data, Loss)
        return data

    def value(
        self, signal: FloatArray, theta: FloatArray, *, data: PartData | None = None
    ) -> FloatArray:
        """Return χ²."""
        return np.asarray(self._loss(data).value(self.predict(signal, theta)).sum(axis=-1))

    def mixed(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the second derivatives in the nuisances and the signal."""
        blocks, weights = self._blocks(signal), self.block_weights.weights(theta)
        corrections = self._kept(weights.value, blocks)
        _, slope, curvature = self.loss(self.predict(signal, theta))
        by_bin = self._derivative(weights, blocks, None, None)[0]
        for own, c in corrections:
            part = self._derivative(weights, blocks, None, own, c.bins)[0]
            by_bin[:, c.bins] += (c.slope - 1) * part
        signal_slope, n = self._signal_slope(slope, corrections)[0], blocks.shape[1]
        by_bin = by_bin @ curvature[0] if curvature.ndim == 3 else by_bin * curvature
        by_bin = by_bin * self._signal_slope(np.ones_like(slope), corrections)
        for own, c in corrections[: self.has_signal]:
            if own.start == 0:
                part = self._derivative(weights, blocks, None, own, c.bins)[0]
                by_bin[:, c.bins] += part * c.bent(slope)
        bent = by_bin[:, None, :] * weights.value[0, :n, None]
        return np.asarray(bent + weights.change[0, :, :n, None] * signal_slope).reshape(
            len(self.names), self.n_signal
        )

    def _bending(
        self,
        blocks: FloatArray,
        weights: Weights,
        slope: FloatArray,
        corrections: list[tuple[slice, Kept]],
    ) -> FloatArray:
        """Return Σ_b ∂χ²/∂r_b ∂²r_b/∂θ² of the components' events r, shape (m, k, k)."""
        n = blocks.shape[1]
        own = (blocks @ self._signal_slope(slope, corrections)[..., None])[..., 0]
        sums = np.concatenate([own, slope @ self.background_blocks.T], axis=1)
        for which, c in corrections:
            if which.start >= n:
                shape = self.background_blocks[which.start - n : which.stop - n]
                sums[:, which] = c.along(slope) @ shape.T
        return self.block_weights.bending(weights, sums)

    def signal_gradient(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the slope in the nominal bins, then in those of each variant at -1 and +1."""
        blocks, weights = self._blocks(signal), self.block_weights.weights(theta).value
        corrections = self._kept(weights, blocks)
        total = self._corrected(self._mixed(weights, blocks, None), corrections)
        slope = self._signal_slope(self.loss(total)[1], corrections)
        own = weights[:, : self.n_signal // self.n_bins, None]
        return np.asarray(own * slope[:, None, :]).reshape(signal.shape)


def _weighted_squares(derivative: FloatArray, weight: FloatArray) -> FloatArray:
    """Return Σ_b w_b ∂μ_b ∂μ_b, shape (m, k, k), for (m, k, n_bins) and weights (m, n_bins).

    Weights of pairs of bins are of shape (m or 1, n_bins, n_bins).
    """
    if weight.ndim == 3:
        return np.asarray(derivative @ weight @ derivative.swapaxes(1, 2))
    return np.asarray((derivative * weight[:, None, :]) @ derivative.swapaxes(1, 2))
