"""The minimum of χ² along steps that overshoot, many at once."""

from __future__ import annotations

from typing import final

import numpy as np

from munu.base.terms import Terms
from munu.base.typing import BoolArray, FloatArray

FLAT = 0.1
"""The slope left at the minimum along a step, in units of that at its beginning."""
MAXIMUM_TRIALS = 60


@final
class Stretch:
    """Brackets of the minimum of χ² along steps, halved or narrowed from their far ends.

    Parameters
    ----------
    before, beyond : Terms
        At the beginning of the steps, and at their ends, where χ² is larger.
    step : array, shape (m, k)
    """

    def __init__(self, before: Terms, beyond: Terms, step: FloatArray) -> None:
        m = step.shape[0]
        self.step = step
        self.best = np.zeros(m)
        self._chi2 = self._first_chi2 = before.chi2
        self._first_slope = self._slope(before)
        self._low, self._high = np.zeros(m), np.ones(m)
        self._inner = self._towards_low(np.ones(m), beyond)
        self._flat = np.zeros(m, dtype=bool)
        self._trials = 0

    @property
    def found(self) -> BoolArray:
        """Return which steps need no more trials, shape (m,)."""
        return self._flat | (self._trials >= MAXIMUM_TRIALS)

    def _slope(self, terms: Terms) -> FloatArray:
        return np.asarray(np.einsum("mk,mk->m", self.step, terms.gradient))

    def _towards_low(self, fraction: FloatArray, terms: Terms) -> FloatArray:
        """Return where the slope vanishes if the curvature stays."""
        curvature = np.einsum("mk,mkl,ml->m", self.step, terms.hessian, self.step)
        return np.asarray(
            fraction - self._slope(terms) / np.where(curvature > 0, curvature, np.inf)
        )

    def next_fraction(self) -> FloatArray:
        """Return the next fraction of each step, by turns from the far end and in the middle."""
        middle = 0.5 * (self._low + self._high)
        inside = (self._inner > self._low) & (self._inner < self._high)
        return np.where(inside & (self._trials % 2 == 0), self._inner, middle)

    def add(self, fraction: FloatArray, terms: Terms) -> None:
        """Take the terms at fractions of the steps."""
        slope = self._slope(terms)
        lower = (terms.chi2 <= self._chi2) & ~self._flat
        self.best = np.where(lower, fraction, self.best)
        self._chi2 = np.where(lower, terms.chi2, self._chi2)
        high = (slope > 0) | (terms.chi2 > self._first_chi2)
        self._low = np.where(high, self._low, fraction)
        self._high = np.where(high, fraction, self._high)
        self._inner = np.where(high, self._towards_low(fraction, terms), self._inner)
        self._flat |= lower & (np.abs(slope) <= FLAT * np.abs(self._first_slope))
        self._trials += 1
