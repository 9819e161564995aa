"""A `GaussianLikelihood` as a part of a likelihood with numerical nuisances."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self, final

import numpy as np

from munu.base.terms import Terms
from munu.base.typing import FloatArray, Rows
from munu.statistics.likelihoods.gaussian import GaussianLikelihood
from munu.statistics.likelihoods.likelihood import DataScale
from munu.statistics.likelihoods.part import Part, PartData


@final
@dataclass(frozen=True, eq=False)
class GaussianData(PartData):
    """d and σ₀² of `GaussianPart`, arrays of one shape."""

    data: FloatArray
    variance: FloatArray

    def chosen(self, rows: Rows) -> Self:
        """Return some of many data sets."""
        return type(self)(self.data[rows], self.variance[rows])


@final
@dataclass(frozen=True)
class GaussianPart(Part):
    r"""Eqs. (33) and (34) of arXiv:1905.03750 before their nuisances are minimised.

    It is :math:`\sum_b y_b^2 V_b` with :math:`y = (d-\mu)/V`, the prediction
    :math:`\mu = (1+\sum_j\sigma_j\theta_j)S + \sum_k\theta_k\sigma_kB_k` and the variance
    :math:`V = \sigma_0^2+\sigma_1S`.
    """

    likelihood: GaussianLikelihood

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the nuisances."""
        return tuple(nuisance.name for nuisance in self.likelihood.linear)

    @property
    def shapes(self) -> frozenset[str]:
        """No nuisance changes a shape."""
        return frozenset()

    @property
    def is_difference(self) -> bool:
        """False."""
        return False

    @property
    def n_signal(self) -> int:
        """Number of bins."""
        return self.likelihood.n_signal

    @property
    def scale(self) -> DataScale:
        """Return what the signal is compared with."""
        return self.likelihood.scale

    @property
    def data(self) -> GaussianData:
        """D and σ₀²."""
        return GaussianData(self.likelihood.data, self.likelihood.variance)

    def with_data(self, data: PartData) -> Self:
        """Return the part with another d and σ₀²."""
        assert isinstance(data, GaussianData)
        own = replace(self.likelihood, data=data.data, variance=data.variance)
        return replace(self, likelihood=own)

    @cached_property
    def _shifts(self) -> tuple[FloatArray, FloatArray]:
        """Return what each nuisance adds, (k, n_bins): per event of the signal, and by itself."""
        per_event = np.zeros((len(self.names), self.n_signal))
        fixed = np.zeros_like(per_event)
        for k, nuisance in enumerate(self.likelihood.linear):
            if nuisance.events is None:
                per_event[k] = nuisance.sigma
            else:
                fixed[k] = nuisance.sigma * nuisance.events
        return per_event, fixed

    def _pull(
        self, signal: FloatArray, theta: FloatArray, data: PartData | None = None
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return y, V and ∂μ/∂S, each (m, n_bins); a bin without variance weighs nothing."""
        per_event, fixed = self._shifts
        data = self.data if data is None else data
        assert isinstance(data, GaussianData)
        variance = data.variance + self.likelihood.variance_per_event * signal
        variance = np.where(variance > 0, variance, np.inf)
        factor = 1 + theta @ per_event
        return (data.data - factor * signal - theta @ fixed) / variance, variance, factor

    def predict(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the predictions, shape (m, n_bins), of counts less the expected background."""
        per_event, fixed = self._shifts
        return np.asarray((1 + theta @ per_event) * signal + theta @ fixed)

    def excess(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the data less one prediction."""
        return np.asarray(self.data.data - self.predict(signal, theta)[0])

    def terms(
        self,
        signal: FloatArray,
        theta: FloatArray,
        slopes: FloatArray | None = None,
        *,
        data: PartData | None = None,
    ) -> Terms:
        """Return χ² and its derivatives."""
        y, variance, factor = self._pull(signal, theta, data)
        per_event, fixed = self._shifts
        chi2 = _squares(y, variance)
        shifts = per_event * signal[:, None, :] + fixed
        if slopes is None:
            gradient = -2 * (shifts @ y[..., None])[..., 0]
            return Terms(chi2, gradient, 2 * (shifts / variance[:, None]) @ shifts.swapaxes(1, 2))
        p = slopes.shape[1]
        prediction = np.concatenate([factor[:, None] * slopes, shifts], axis=1)
        wider = np.concatenate([slopes, np.zeros_like(shifts)], axis=1)
        pulled = prediction + (self.likelihood.variance_per_event * y)[:, None] * wider
        hessian = 2 * (pulled / variance[:, None]) @ pulled.swapaxes(1, 2)
        cross = -2 * (slopes * y[:, None]) @ per_event.T
        hessian[:, :p, p:] += cross
        hessian[:, p:, :p] += cross.swapaxes(1, 2)
        own = self._signal_gradient(y, factor)
        gradient = np.concatenate(
            [(slopes @ own[..., None])[..., 0], -2 * (shifts @ y[..., None])[..., 0]], axis=1
        )
        return Terms(chi2, gradient, hessian, own)

    def value(
        self, signal: FloatArray, theta: FloatArray, *, data: PartData | None = None
    ) -> FloatArray:
        """Return χ²."""
        y, variance, _ = self._pull(signal, theta, data)
        return _squares(y, variance)

    def mixed(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the second derivatives in the nuisances and the signal."""
        y, variance, factor = self._pull(signal, theta)
        per_event, fixed = self._shifts
        pulled = (factor + self.likelihood.variance_per_event * y) / variance
        return np.asarray(2 * (per_event * signal + fixed) * pulled - 2 * per_event * y)

    def _signal_gradient(self, y: FloatArray, factor: FloatArray) -> FloatArray:
        return np.asarray(-2 * y * factor - self.likelihood.variance_per_event * y**2)

    def signal_gradient(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the slope at fixed nuisances."""
        y, _, factor = self._pull(signal, theta)
        return self._signal_gradient(y, factor)


def _squares(y: FloatArray, variance: FloatArray) -> FloatArray:
    """Return Σ_b y_b² V_b, shape (m,), without the bins that weigh nothing."""
    return np.asarray(np.sum(y**2 * np.where(np.isfinite(variance), variance, 0.0), axis=-1))
