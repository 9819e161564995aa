r"""What δ_CP adds to the matrices W_b: a short Fourier series.

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

DEGREE: Final = 2
SAMPLES: Final = 2 * DEGREE + 1
NEGLIGIBLE: Final = 1e-13
"""Coefficients below this part of the largest are rounding: what δ_CP does not change stays so."""


@final
@dataclass(frozen=True, eq=False)
class Harmonics:
    """The terms of the series with k ≠ 0.

    Parameters
    ----------
    k : array, shape (n_k,)
    coefficients : array, shape (n_k, n_signal, n, n)
        C_kb (events per μ_B²).
    """

    k: FloatArray
    coefficients: ComplexArray


def sampled(w_of_delta: Callable[[float], ComplexArray]) -> tuple[ComplexArray, Harmonics]:
    """Return C_0 and the other terms of a function δ (rad) -> W_b, shape (n_signal, n, n).

    The function is a trigonometric polynomial of second degree, as all W_b are.
    """
    deltas = 2 * np.pi * np.arange(SAMPLES) / SAMPLES
    transform = np.fft.fft(np.stack([w_of_delta(d) for d in deltas]), axis=0) / SAMPLES
    size = np.abs(transform).max(axis=(1, 2, 3))
    kept = size > NEGLIGIBLE * size.max()
    kept[0] = False
    return transform[0], Harmonics(np.fft.fftfreq(SAMPLES, 1 / SAMPLES)[kept], transform[kept])
