r"""The Feldman-Cousins set of the mean of one count without nuisances, which needs no toys.

.. math:: F(\mu) = P\,[q < q_{\rm obs}(\mu)\,|\,\mu]

is a sum of Poisson terms, or a closed form of Gaussians. Where the ordering of two numbers changes,
F of counts jumps; between jumps it rises or falls, once a maximum divides the stretch. G. J.
Feldman and R. D. Cousins, Phys. Rev. D 57 (1998) 3873, physics/9711021: their bare construction,
which is not made monotonic in the background.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Final

import numpy as np

from munu.base.roots import bracketed_roots
from munu.base.typing import FloatArray

FARTHEST: Final = 100.0
"""q of the data beyond which no mean is in a set: 1 - F ≤ 2 exp(-q/2), by Chernoff's bound for what
is more extreme on either side."""

SAME: Final = 1e-13
"""Relative difference of a mean from the best within which it is that, by rounding."""


class BareCount(ABC):
    """A count of known distribution, whose mean has a smallest and a largest value."""

    observed: float
    lowest: float
    highest: float

    @abstractmethod
    def rise(self, means: FloatArray) -> FloatArray:
        """Return q of the data at means, shape (n,)."""

    @abstractmethod
    def fraction(self, means: FloatArray, ordered: FloatArray) -> FloatArray:
        """Return P at means of what has a smaller q than the data at other means, shape (n,)."""

    @abstractmethod
    def critical(self, mean: float, cl: float) -> float:
        """Return the q that is not exceeded with a probability of CL."""

    @property
    @abstractmethod
    def turns(self) -> FloatArray:
        """Means between which F is continuous, and rises or falls, with both ends."""

    @property
    def best(self) -> float:
        """The mean that fits best."""
        return float(np.clip(self.observed, self.lowest, self.highest))

    @cached_property
    def reach(self) -> tuple[float, float]:
        """First and last mean that is looked at."""
        return self._end(self.lowest), self._end(self.highest)

    def _end(self, bound: float) -> float:
        end, step = self.best, float(np.sqrt(abs(self.best) + 1.0))
        step = step if bound > end else -step
        while end != bound and float(self.rise(np.array([end]))[0]) <= FARTHEST:
            end = float(np.clip(self.best + step, self.lowest, self.highest))
            step *= 2
        return end

    def below(self, means: FloatArray) -> FloatArray:
        """Return F at means, shape (n,)."""
        inside = np.clip(means, *self.reach)
        inside = np.where(np.abs(inside - self.best) <= SAME * abs(self.best), self.best, inside)
        return self.fraction(inside, inside)

    def allowed(self, cl: float) -> FloatArray:
        """Return the intervals of means in the set, shape (k, 2).

        The best fit is in it, as an interval of no width where F jumps past CL beside a bound.
        """
        low, high = self.turns[:-1], self.turns[1:]
        middle = 0.5 * (low + high)
        in_low, in_high = (self.fraction(end, middle) < cl for end in (low, high))
        crossed = in_low != in_high
        root = middle.copy()
        root[crossed] = bracketed_roots(
            lambda means: self.fraction(means, middle[crossed]) - cl, low[crossed], high[crossed]
        )
        pieces = np.column_stack([np.where(in_low, low, root), np.where(in_high, high, root)])
        return merged(np.vstack([pieces[in_low | in_high], [self.best, self.best]]))


def merged(intervals: FloatArray) -> FloatArray:
    """Return intervals, shape (k, 2), in order, of which those that touch or overlap are one.

    Examples
    --------
    >>> print(merged(np.array([[3.0, 4.0], [0.0, 1.0], [1.0, 2.0], [1.5, 1.5], [5.0, 5.0]])))
    [[0. 2.]
     [3. 4.]
     [5. 5.]]
    """
    ordered = intervals[np.argsort(intervals[:, 0], kind="stable")]
    starts, stops = ordered[:, 0], np.maximum.accumulate(ordered[:, 1])
    apart = starts[1:] > stops[:-1]
    starts = starts[np.append(True, apart)[: len(starts)]]
    stops = stops[np.append(apart, True)[-len(stops) :][: len(stops)]]
    return np.column_stack([starts, stops])
