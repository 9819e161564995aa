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
from munu.base.typing import FloatArray, IntArray

FLAT = 0.5
"""The slope left at the minimum along a step, in units of that at its beginning."""
MAXIMUM_TRIALS = 60
NARROW = 1e-11
"""Width of a bracket, as a part of its step, in which nothing is looked for."""


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
    terms : Terms
        Those there.
    """

    def __init__(self, before: Terms, beyond: Terms, step: FloatArray) -> None:
        m = step.shape[0]
        self.step = step
        self.best = np.zeros(m)
        self.terms = before
        self._at_zero = before.chi2
        self._slope_at_zero = _slope(step, before)
        self._low, self._high = np.zeros(m), np.ones(m)
        self._newton = _newton(step, np.ones(m), beyond)
        self._flat = np.zeros(m, dtype=bool)
        self._trials = 0

    @property
    def left(self) -> IntArray:
        """Return the numbers of the steps that need more trials."""
        return np.flatnonzero(~self._flat) if self._trials < MAXIMUM_TRIALS else np.empty(0, int)

    def next_fraction(self, rows: IntArray) -> FloatArray:
        """Return the next fraction of some steps, by turns Newton's and the middle."""
        newton, low, high = self._newton[rows], self._low[rows], self._high[rows]
        inside = (newton > low) & (newton < high)
        newtons_turn = self._trials % 2 == 0
        return np.where(inside & newtons_turn, newton, 0.5 * (low + high))

    def add(self, rows: IntArray, fraction: FloatArray, terms: Terms) -> None:
        """Take the terms at fractions of some steps."""
        slope = _slope(self.step[rows], terms)
        lower = terms.chi2 <= self.terms.chi2[rows]
        self.best[rows[lower]] = fraction[lower]
        self.terms = self.terms.replaced(rows[lower], terms.chosen(lower))
        # The minimum is before f where h rises there, or is higher than where it began.
        before = (slope > 0) | (terms.chi2 > self._at_zero[rows])
        self._low[rows[~before]] = fraction[~before]
        self._high[rows[before]] = fraction[before]
        newton = _newton(self.step[rows], fraction, terms)
        self._newton[rows[before]] = newton[before]
        flat = lower & (np.abs(slope) <= FLAT * np.abs(self._slope_at_zero[rows]))
        self._flat[rows] = flat | (self._high[rows] - self._low[rows] <= NARROW)
        self._trials += 1


def _slope(step: FloatArray, terms: Terms) -> FloatArray:
    """Return h'."""
    return np.asarray(np.einsum("mk,mk->m", step, terms.gradient))


def _newton(step: FloatArray, fraction: FloatArray, terms: Terms) -> FloatArray:
    """Return f - h'/h'', f itself where h does not bend upwards."""
    bend = np.einsum("mk,mkl,ml->m", step, terms.hessian, step)
    return np.asarray(fraction - _slope(step, terms) / np.where(bend > 0, bend, np.inf))
