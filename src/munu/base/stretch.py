r"""The minimum of χ² along steps that overshoot, many at once.

Along a step Δ from x, with a fraction f of it taken,

.. math:: h(f) = \chi^2(x + f\Delta), \qquad h' = \Delta\cdot\nabla\chi^2, \qquad
          h'' = \Delta^TH\Delta.

:math:`h' < 0` at f = 0 and h(1) is larger than h(0): a minimum lies between. A bracket [low, high]
around it is narrowed by turns to where Newton's step leads from its far end,
:math:`f_{\rm high} - h'/h''`, and to its middle.
"""

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
    """Brackets of the minima along steps.

    Parameters
    ----------
    before, beyond : Terms
        At f = 0 and at f = 1, where χ² is larger.
    step : array, shape (m, k)
        Δ.

    Attributes
    ----------
    best : array, shape (m,)
        The fraction of the lowest χ² found; zero where none is lower than at the beginning.
    """

    def __init__(self, before: Terms, beyond: Terms, step: FloatArray) -> None:
        m = step.shape[0]
        self.step = step
        self.best = np.zeros(m)
        self._lowest = self._at_zero = before.chi2
        self._slope_at_zero = self._slope(before)
        self._low, self._high = np.zeros(m), np.ones(m)
        self._newton = self._from(np.ones(m), beyond)
        self._flat = np.zeros(m, dtype=bool)
        self._trials = 0

    @property
    def found(self) -> BoolArray:
        """Return which steps need no more trials, shape (m,)."""
        return self._flat | (self._trials >= MAXIMUM_TRIALS)

    def _slope(self, terms: Terms) -> FloatArray:
        """Return h'."""
        return np.asarray(np.einsum("mk,mk->m", self.step, terms.gradient))

    def _from(self, fraction: FloatArray, terms: Terms) -> FloatArray:
        """Return f - h'/h'', f itself where h does not bend upwards."""
        bend = np.einsum("mk,mkl,ml->m", self.step, terms.hessian, self.step)
        return np.asarray(fraction - self._slope(terms) / np.where(bend > 0, bend, np.inf))

    def next_fraction(self) -> FloatArray:
        """Return the next fraction of each step, by turns Newton's and the middle."""
        inside = (self._newton > self._low) & (self._newton < self._high)
        newtons_turn = self._trials % 2 == 0
        return np.where(inside & newtons_turn, self._newton, 0.5 * (self._low + self._high))

    def add(self, fraction: FloatArray, terms: Terms) -> None:
        """Take the terms at fractions of the steps."""
        slope = self._slope(terms)
        lower = (terms.chi2 <= self._lowest) & ~self._flat
        self.best = np.where(lower, fraction, self.best)
        self._lowest = np.where(lower, terms.chi2, self._lowest)
        # The minimum is before f where h rises there, or is higher than where it began.
        before = (slope > 0) | (terms.chi2 > self._at_zero)
        self._low = np.where(before, self._low, fraction)
        self._high = np.where(before, fraction, self._high)
        self._newton = np.where(before, self._from(fraction, terms), self._newton)
        self._flat |= lower & (np.abs(slope) <= FLAT * np.abs(self._slope_at_zero))
        self._trials += 1
