"""χ² and its derivatives at many points, as minimisers take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import BoolArray, FloatArray, IntArray


@final
@dataclass(frozen=True, eq=False)
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

    @classmethod
    def joined(cls, pieces: Sequence[Terms]) -> Terms:
        """Return the terms of several batches of points as one, without the signal's gradient."""
        return cls(
            np.concatenate([piece.chi2 for piece in pieces]),
            np.concatenate([piece.gradient for piece in pieces]),
            np.concatenate([piece.hessian for piece in pieces]),
        )

    def chosen(self, rows: IntArray | BoolArray) -> Terms:
        """Return the terms at some of the points, without the signal's gradient."""
        return Terms(self.chi2[rows], self.gradient[rows], self.hessian[rows])

    def replaced(self, rows: IntArray, other: Terms) -> Terms:
        """Return the terms with others in the place of those at some points, (len(rows),)."""
        chi2, gradient, hessian = self.chi2.copy(), self.gradient.copy(), self.hessian.copy()
        chi2[rows], gradient[rows], hessian[rows] = other.chi2, other.gradient, other.hessian
        return Terms(chi2, gradient, hessian)

    def along(self, steps: FloatArray) -> Terms:
        """Return the terms along steps (m, n) of the first n coordinates, in the place of these."""
        (m, size), n = self.gradient.shape, steps.shape[1]
        turn = np.zeros((m, 1 + size - n, size))
        turn[:, 0, :n] = steps
        turn[:, np.arange(1, 1 + size - n), np.arange(n, size)] = 1.0
        gradient = (turn @ self.gradient[:, :, None])[:, :, 0]
        return Terms(self.chi2, gradient, turn @ self.hessian @ turn.swapaxes(1, 2))
