r"""χ² as a function of the moments and of δ_CP: the matrices W_b(δ) as a Fourier series.

U is linear in :math:`e^{\pm i\delta}`, and a state's M is constant in one of the two bases, so
:math:`U^\dagger MU` or :math:`UMU^\dagger` in the other: :math:`W_b(\delta)` is a trigonometric
polynomial of second degree, which five values determine,
:math:`W_b(\delta) = \sum_{|k|\le2} C_{kb} e^{ik\delta}`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.typing import ComplexArray, FloatArray
from munu.statistics.likelihoods.likelihood import Likelihood

DEGREE: Final = 2
SAMPLES: Final = 2 * DEGREE + 1
NEGLIGIBLE: Final = 1e-13
"""Coefficients below this part of the largest are rounding: what δ_CP does not change stays so."""


@final
@dataclass(frozen=True)
class MomentFamily:
    r"""The model of one or several experiments for every δ_CP, in one basis of the moments.

    Parameters
    ----------
    likelihood : Likelihood
    sm : array, shape (n_signal,)
        Standard Model events, which do not depend on δ_CP.
    harmonics : array, shape (n_k,)
        The k of the series.
    coefficients : array, shape (n_k, n_signal, 3, 3)
        C_kb (events per μ_B²).
    """

    likelihood: Likelihood
    sm: FloatArray
    harmonics: FloatArray
    coefficients: ComplexArray

    @classmethod
    def sampled(
        cls, likelihood: Likelihood, sm: FloatArray, w_of_delta: Callable[[float], ComplexArray]
    ) -> MomentFamily:
        """Return the family from a function δ (rad) -> W_b, shape (n_signal, 3, 3).

        The function is a trigonometric polynomial of second degree, as all W_b are.
        """
        deltas = 2 * np.pi * np.arange(SAMPLES) / SAMPLES
        transform = np.fft.fft(np.stack([w_of_delta(d) for d in deltas]), axis=0) / SAMPLES
        size = np.abs(transform).max(axis=(1, 2, 3))
        kept = size > NEGLIGIBLE * size.max()
        return cls(likelihood, sm, np.fft.fftfreq(SAMPLES, 1 / SAMPLES)[kept], transform[kept])

    @classmethod
    def fixed(cls, likelihood: Likelihood, sm: FloatArray, w: ComplexArray) -> MomentFamily:
        """Return the family of a single δ_CP: only k = 0."""
        return cls(likelihood, sm, np.zeros(1), w[None])

    @property
    def standard_model_chi2(self) -> float:
        """χ² without moments."""
        return float(self.likelihood.chi2(self.sm))

    def excess(self, moments: ComplexArray, delta_cp: FloatArray) -> FloatArray:
        """Return Λ†W_b(δ)Λ, shape (m, n_signal), for moments (m, 3) and δ (m,)."""
        outer = (moments.conj()[:, :, None] * moments[:, None, :]).reshape(-1, 9)
        total = np.zeros((moments.shape[0], self.sm.size))
        for k, matrices in zip(self.harmonics, self.coefficients, strict=True):
            projected = outer @ matrices.reshape(-1, 9).T
            if k == 0:
                total += projected.real
            else:
                total += (np.exp(1j * k * delta_cp)[:, None] * projected).real
        return total

    def chi2(self, moments: ComplexArray, delta_cp: FloatArray) -> FloatArray:
        """Return χ², shape (m,), at moments (m, 3) in μ_B and δ (m,)."""
        return self.likelihood.chi2(self.sm + self.excess(moments, delta_cp))
