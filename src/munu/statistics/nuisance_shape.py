"""Where nuisances are and how far they may go at each signal, about: a change of variables."""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.likelihoods import NewtonLikelihood

STEPS: Final = 2
"""Of Newton's method: the place need not be the minimum."""
FARTHEST: Final = 3.0
"""Standard deviations that a step may go."""


def centre_and_width(
    likelihood: NewtonLikelihood, signal: FloatArray
) -> tuple[FloatArray, FloatArray]:
    r"""Return θ₀, shape (m, k), and A, shape (m, k, k), of signals (m, n_signal).

    .. math:: A A^T = 2 H^{-1}

    with H the second derivatives of χ² at the last step before θ₀, so that χ² rises by z² to
    θ₀ + Az. Where H is not positive, θ₀ is where the steps began and A is the identity.
    """
    start = likelihood.linear_start(signal)
    m, k = start.shape
    if not k:
        return start, np.empty((m, 0, 0))
    centre, steep = start, np.ones(m, bool)
    hessian = np.broadcast_to(2 * np.eye(k), (m, k, k))
    for _ in range(STEPS):
        terms = likelihood.terms(signal, centre)
        steep &= np.linalg.eigvalsh(terms.hessian)[:, 0] > 0
        hessian = np.where(steep[:, None, None], terms.hessian, 2 * np.eye(k))
        step = np.linalg.solve(hessian, terms.gradient[..., None])[..., 0]
        size = np.abs(step).max(axis=1, keepdims=True) / FARTHEST
        centre = np.where(steep[:, None], centre - step / np.maximum(size, 1.0), start)
    lower = np.linalg.cholesky(hessian)
    return centre, np.sqrt(2) * np.linalg.inv(lower).swapaxes(-1, -2)
