r"""Gaussian χ² with linear nuisances, minimised analytically.

Eqs. (33) and (34) of arXiv:1905.03750 are cases of

.. math:: \chi^2 = \min_\theta \sum_b\frac{\left(d_b - S_b - \sum_j\sigma_j\theta_j v_{jb}\right)^2}
          {\sigma_{0b}^2 + \sigma_{1b} S_b} + \sum_j\theta_j^2

with v_jb the signal itself or a background. The minimum over θ is
:math:`r^T C^{-1} r` with :math:`r = d - S` and
:math:`C = {\rm diag}(\sigma_0^2+\sigma_1 S) + \sum_j\sigma_j^2 v_jv_j^T`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.likelihoods.likelihood import DataScale, SignalLikelihood
from munu.statistics.likelihoods.one_bin import OneBin


@final
@dataclass(frozen=True, eq=False)
class LinearNuisance:
    """A nuisance that moves the prediction along a vector.

    Parameters
    ----------
    name : str
        The same name in two experiments is the same nuisance.
    sigma : array, shape (n_bins,)
        Fractional uncertainty of the signal (or of ``events``) in each bin; 0 where it has none.
    events : array, shape (n_bins,), or None
        Background it scales; None for the signal.
    """

    name: str
    sigma: FloatArray
    events: FloatArray | None = None

    @property
    def effect(self) -> FloatArray:
        """Return zero where the nuisance has no effect, shape (n_bins,)."""
        return self.sigma if self.events is None else self.sigma * self.events

    def shift(self, signal: FloatArray) -> FloatArray:
        """Return the change of the prediction by one standard deviation, shape of the signal."""
        return np.asarray(self.sigma * (signal if self.events is None else self.events))


def _dot(left: FloatArray, right: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("...b,...b->...", left, right))


@final
@dataclass(frozen=True, eq=False)
class GaussianLikelihood(SignalLikelihood):
    """The χ² of this module.

    Parameters
    ----------
    data : array, shape (n_bins,)
        Observed minus expected background.
    variance, variance_per_event : array, shape (n_bins,)
        σ₀² and σ₁.
    linear : tuple of LinearNuisance
    """

    data: FloatArray
    variance: FloatArray
    variance_per_event: FloatArray
    linear: tuple[LinearNuisance, ...] = ()

    @property
    def n_signal(self) -> int:
        """Number of bins."""
        return int(self.data.size)

    @cached_property
    def scale(self) -> DataScale:
        """Return what the signal is compared with; a bin without variance weighs nothing."""
        count = np.abs(self.data)
        variance = self.variance + self.variance_per_event * count
        backgrounds = [n.events for n in self.linear if n.events is not None]
        spread = np.where(variance > 0, np.sqrt(np.maximum(variance, 0.0)), np.inf)
        content = sum((np.abs(b) for b in backgrounds), count)
        grows = bool(self.variance_per_event.any())
        return DataScale(spread, content, np.zeros(count.size, int), grows=grows)

    @cached_property
    def _split(self) -> tuple[tuple[LinearNuisance, ...], tuple[LinearNuisance, ...]]:
        """Return the nuisances of one bin only, which are variances, and those that correlate."""
        local = tuple(n for n in self.linear if np.count_nonzero(n.effect) <= 1)
        return local, tuple(n for n in self.linear if np.count_nonzero(n.effect) > 1)

    def _weighted(self, signal: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the residual r and C⁻¹r, adding one correlating nuisance to C at a time.

        Sherman-Morrison: with u_j = C⁻¹v_j, adding v_kv_k^T turns C⁻¹x into
        C⁻¹x - u_k (v_k·C⁻¹x)/(1 + v_k·u_k).
        """
        local, correlating = self._split
        diagonal = self.variance + self.variance_per_event * signal
        for nuisance in local:
            diagonal = diagonal + nuisance.shift(signal) ** 2
        # A projected bin above the endpoint has no events and no variance: it weighs nothing.
        diagonal = np.where(diagonal > 0, diagonal, np.inf)
        residual = self.data - signal
        shifts = [nuisance.shift(signal) for nuisance in correlating]
        solved = [vector / diagonal for vector in (residual, *shifts)]
        for k, shift in enumerate(shifts):
            u = solved[k + 1]
            gain = 1 + _dot(shift, u)
            for m in (0, *range(k + 2, len(solved))):
                solved[m] = solved[m] - u * (_dot(shift, solved[m]) / gain)[..., None]
        return residual, solved[0]

    def chi2(self, signal: FloatArray) -> FloatArray:
        """Return r^T C⁻¹ r."""
        return _dot(*self._weighted(np.asarray(signal, float)))

    def value_and_gradient(self, signal: FloatArray) -> tuple[FloatArray, FloatArray]:
        r"""Return χ² and :math:`-2y - \sigma_1 y^2 - 2 y\sum_j\sigma_j (v_j\cdot y)`, y = C⁻¹r.

        The last sum runs over nuisances that scale the signal.
        """
        signal = np.asarray(signal, float)
        residual, y = self._weighted(signal)
        slope = -2 * y - self.variance_per_event * y**2
        for nuisance in self.linear:
            if nuisance.events is None:
                pull = _dot(nuisance.shift(signal), y)[..., None]
                slope = slope - 2 * y * nuisance.sigma * pull
        return _dot(residual, y), np.asarray(slope)

    def nuisances(self, signal: FloatArray) -> dict[str, float]:
        """Return θ_j = v_j · C⁻¹ r."""
        signal = np.asarray(signal, float)
        _, y = self._weighted(signal)
        return {n.name: float(n.shift(signal) @ y) for n in self.linear}

    @cached_property
    def closed_form(self) -> OneBin | None:
        """Return χ² of the only bin, if it is one."""
        if self.n_signal != 1:
            return None
        backgrounds = sum(
            float(n.shift(np.ones(1))[0]) ** 2 for n in self.linear if n.events is not None
        )
        return OneBin(
            data=float(self.data[0]),
            variance=float(self.variance[0]) + backgrounds,
            variance_per_event=float(self.variance_per_event[0]),
            normalisations={n.name: float(n.sigma[0]) for n in self.linear if n.events is None},
        )

    @property
    def newton(self) -> None:
        """Return None: the nuisances are minimised analytically."""
        return None

    def bin(self, b: int) -> GaussianLikelihood:
        """Return that of one bin, with the nuisances that have an effect there."""
        one = slice(b, b + 1)
        return GaussianLikelihood(
            data=self.data[one],
            variance=self.variance[one],
            variance_per_event=self.variance_per_event[one],
            linear=tuple(
                LinearNuisance(
                    nuisance.name,
                    nuisance.sigma[one],
                    None if nuisance.events is None else nuisance.events[one],
                )
                for nuisance in self.linear
                if nuisance.effect[b]
            ),
        )


def join(likelihoods: Sequence[GaussianLikelihood]) -> GaussianLikelihood:
    """Return the likelihood of several experiments, nuisances of equal name being one."""
    sizes = [likelihood.n_signal for likelihood in likelihoods]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    merged: dict[tuple[str, bool], tuple[FloatArray, FloatArray]] = {}
    for start, likelihood in zip(starts, likelihoods, strict=False):
        for nuisance in likelihood.linear:
            key = (nuisance.name, nuisance.events is None)
            sigma, events = merged.setdefault(key, (np.zeros(starts[-1]), np.zeros(starts[-1])))
            place = slice(start, start + likelihood.n_signal)
            sigma[place] = nuisance.sigma
            if nuisance.events is not None:
                events[place] = nuisance.events
    return GaussianLikelihood(
        data=np.concatenate([likelihood.data for likelihood in likelihoods]),
        variance=np.concatenate([likelihood.variance for likelihood in likelihoods]),
        variance_per_event=np.concatenate([lk.variance_per_event for lk in likelihoods]),
        linear=tuple(
            LinearNuisance(name, sigma, None if is_signal else events)
            for (name, is_signal), (sigma, events) in merged.items()
        ),
    )
