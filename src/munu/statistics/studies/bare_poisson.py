"""A Poisson count without nuisances, whose numbers are ordered by their likelihood ratios."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.distinct import distinct
from munu.base.typing import FloatArray
from munu.statistics.studies.bare_count import BareCount

WIDTHS, COUNTS = 10.0, 40.0
"""Standard deviations, and counts more, from a mean beyond which nothing is counted."""


@final
@dataclass(frozen=True)
class BarePoisson(BareCount):
    """A number of events.

    Parameters
    ----------
    observed, lowest, highest : float
    """

    observed: float
    lowest: float
    highest: float

    def _saturated(self, n: FloatArray) -> FloatArray:
        """Return the smallest μ - n ln μ."""
        from scipy.special import xlogy

        best = np.clip(n, self.lowest, self.highest)
        return np.asarray(best - xlogy(n, best))

    def _rise(self, n: FloatArray, mean: FloatArray) -> FloatArray:
        from scipy.special import xlogy

        return np.asarray(np.maximum(2 * (mean - xlogy(n, mean) - self._saturated(n)), 0.0))

    def rise(self, means: FloatArray) -> FloatArray:
        """Return q of the data."""
        return self._rise(np.full(means.shape, self.observed), means)

    def _numbers(self, first: float, last: float) -> FloatArray:
        """Return what may be counted of means between two."""
        low, high = first - WIDTHS * np.sqrt(first), last + WIDTHS * np.sqrt(last)
        return np.arange(max(np.floor(low - COUNTS), 0.0), np.ceil(high + COUNTS))

    @cached_property
    def _orders(self) -> tuple[FloatArray, FloatArray]:
        """Numbers below and above the data's, each with the mean at which its q is the data's.

        q(n) - q(observed) is linear in ln μ: each n has one such mean, which rises with n.
        What is below the data's number has a smaller q than it at smaller means, what is above at
        larger ones.
        """
        first, last = self.reach
        n = self._numbers(min(first, self.observed), max(last, self.observed + 1))
        low, high = n[n < self.observed], n[n > self.observed]
        return np.column_stack([low, self._tied(low)]), np.column_stack([high, self._tied(high)])

    def _tied(self, n: FloatArray) -> FloatArray:
        """Return the means at which q of other numbers is the data's.

        It is the bound, without rounding, of those that fit best at the bound at which the data do.
        """
        own = self._saturated(np.array(self.observed))
        crossed = np.exp((own - self._saturated(n)) / (n - self.observed))
        return np.where(np.clip(n, self.lowest, self.highest) == self.best, self.best, crossed)

    def _first_and_end(self, ordered: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the first number that has a smaller q than the data at means, and that after."""
        low, high = self._orders
        below = np.searchsorted(low[:, 1], ordered, side="right")
        above = np.searchsorted(high[:, 1], ordered)
        is_below = below < len(low)
        first = np.where(is_below, np.append(low[:, 0], 0.0)[below], high[0, 0])
        end = np.where(is_below, np.ceil(self.observed), high[0, 0] + above)
        return first, end

    def fraction(self, means: FloatArray, ordered: FloatArray) -> FloatArray:
        r"""Return a sum of Poisson terms, those of numbers one after the other.

        .. math:: F = \sum_{k=n}^{m-1} \frac{\mu^k e^{-\mu}}{k!} = Q(m, \mu) - Q(n, \mu)

        with n to m - 1 the numbers of smaller q, and Q the regularised upper incomplete Γ.
        """
        first, end = self._first_and_end(ordered)
        return np.asarray(_fewer(end, means) - _fewer(first, means))

    @cached_property
    def turns(self) -> FloatArray:
        r"""Where the ordering changes, and where between the sums are largest.

        .. math:: \frac{dF}{d\mu} = \frac{\mu^{n-1}e^{-\mu}}{(n-1)!} -
            \frac{\mu^{m-1}e^{-\mu}}{(m-1)!}

        of the sum from n to m - 1 is zero at :math:`\mu^{m-n} = (m-1)!/(n-1)!`; where n is zero the
        sum only falls.
        """
        from scipy.special import gammaln

        first, last = self.reach
        jumps = np.clip(np.concatenate([one[:, 1] for one in self._orders]), first, last)
        ends = distinct(jumps, [first, last])
        start, end = self._first_and_end(0.5 * (ends[:-1] + ends[1:]))
        held = (start > 0) & (end > start)
        start, end = start[held], end[held]
        peaks = np.exp((gammaln(end) - gammaln(start)) / (end - start))
        return distinct(ends, np.clip(peaks, ends[:-1][held], ends[1:][held]))

    def critical(self, mean: float, cl: float) -> float:
        """Return q of the last number that is accepted."""
        n = self._numbers(mean, mean)
        q = self._rise(n, np.array(mean))
        order = np.argsort(q, kind="stable")
        held = np.cumsum(_fewer(n + 1, mean)[order] - _fewer(n, mean)[order])
        return float(q[order][min(int(np.searchsorted(held, cl)), len(n) - 1)])


def _fewer(n: FloatArray, means: FloatArray | float) -> FloatArray:
    """Return the Poisson probability of fewer than n."""
    from scipy.special import gammaincc

    return np.where(n > 0, gammaincc(np.maximum(n, 1.0), means), 0.0)
