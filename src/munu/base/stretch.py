r"""The minimum of χ² along steps that overshoot, many at once.

Along a step Δ from x, with a fraction f of it taken,

.. math:: h(f) = \chi^2(x + f\Delta), \qquad h' = \Delta\cdot\nabla\chi^2.

:math:`h' < 0` at f = 0 and h(1) is larger than h(0): a minimum lies between. A bracket [low, high]
around it is narrowed to where the cubic with h and h' of both ends is least, cutting off a part of
it at least. After one that cut off less than half, the next trial goes several times as far from
that end, at most to the middle, and each time farther: beyond a wall the cubic sees nothing of the
valley before it.
"""

from __future__ import annotations

from typing import final

import numpy as np

from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray

FLAT = 0.5
"""The slope left at the minimum along a step, in units of that at its beginning."""
MAXIMUM_TRIALS = 60
LEAST = 0.05
"""Part of a bracket that a trial cuts off at least."""
FARTHER = 4.0
"""Times as far as the last trial that was short, the first time."""
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
        # f, h and h' of the ends of each bracket, and what was cut off last, from above negative.
        self._low = np.column_stack([np.zeros(m), before.chi2, self._slope_at_zero])
        self._high = np.column_stack([np.ones(m), beyond.chi2, _slope(step, beyond)])
        self._cut, self._times, self._short = np.zeros(m), np.ones(m), np.zeros(m, dtype=bool)
        self._flat = np.zeros(m, dtype=bool)
        self._trials = 0

    @property
    def left(self) -> IntArray:
        """Return the numbers of the steps that need more trials."""
        return np.flatnonzero(~self._flat) if self._trials < MAXIMUM_TRIALS else np.empty(0, int)

    def next_fraction(self, rows: IntArray) -> FloatArray:
        """Return the next fraction of some steps."""
        low, high, cut = self._low[rows], self._high[rows], self._cut[rows]
        middle, width = 0.5 * (low[:, 0] + high[:, 0]), high[:, 0] - low[:, 0]
        at = np.clip(
            _cubic_minimum(low, high), low[:, 0] + LEAST * width, high[:, 0] - LEAST * width
        )
        at = np.where(np.isfinite(at), at, middle)
        ahead = (self._times[rows] - 1) * cut
        farther = np.where(
            cut > 0, np.minimum(low[:, 0] + ahead, middle), np.maximum(high[:, 0] + ahead, middle)
        )
        return np.where(self._short[rows], farther, at)

    def add(self, rows: IntArray, fraction: FloatArray, terms: Terms) -> None:
        """Take the terms at fractions of some steps."""
        slope = _slope(self.step[rows], terms)
        lower = terms.chi2 <= self.terms.chi2[rows]
        self.best[rows[lower]] = fraction[lower]
        self.terms = self.terms.replaced(rows[lower], terms.chosen(lower))
        # The minimum is before f where h rises there, or is higher than where it began.
        before = (slope > 0) | (terms.chi2 > self._at_zero[rows])
        low, high = self._low[rows, 0], self._high[rows, 0]
        self._cut[rows] = fraction - np.where(before, high, low)
        short, went = np.abs(self._cut[rows]) < 0.5 * (high - low), self._short[rows]
        self._short[rows] = short & ~went
        self._times[rows] = np.where(short, self._times[rows] * np.where(went, 1, FARTHER), 1.0)
        end = np.column_stack([fraction, terms.chi2, slope])
        self._low[rows[~before]] = end[~before]
        self._high[rows[before]] = end[before]
        flat = lower & (np.abs(slope) <= FLAT * np.abs(self._slope_at_zero[rows]))
        self._flat[rows] = flat | (self._high[rows, 0] - self._low[rows, 0] <= NARROW)
        self._trials += 1


def _slope(step: FloatArray, terms: Terms) -> FloatArray:
    """Return h'."""
    return np.asarray(np.einsum("mk,mk->m", step, terms.gradient))


def _cubic_minimum(low: FloatArray, high: FloatArray) -> FloatArray:
    """Return where the cubic through f, h and h' of two ends, (m, 3), is least between them."""
    width, slopes = high[:, 0] - low[:, 0], low[:, 2] * high[:, 2]
    with np.errstate(all="ignore"):
        across = low[:, 2] + high[:, 2] - 3 * (high[:, 1] - low[:, 1]) / width
        root = np.sqrt(across**2 - slopes)
        part = (high[:, 2] + root - across) / (high[:, 2] - low[:, 2] + 2 * root)
    return np.asarray(high[:, 0] - width * part)
