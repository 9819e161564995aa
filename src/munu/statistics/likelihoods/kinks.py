r"""Minima on the other side of a kink, where the events of a component in a bin run out.

Events r of a component count as c(r) (`munu.statistics.likelihoods.positive`): as they are, or not
at all. In a bin with more counts than are predicted χ² then has a bump at r = 0 and may have a
valley on either side, some hundredths of a standard deviation apart. From a minimum x in one of
them, with a prediction μ, χ²(μ) of the bin and the second derivatives H, what is beyond is

.. math:: \mu' = \mu - c(r) + o(r),\qquad o(r) = \begin{cases} 0 & r > 0\\ r & r\le 0\end{cases}

.. math:: g = \chi^{2\prime}(\mu')\nabla\mu' - \chi^{2\prime}(\mu)\nabla\mu,\qquad
          H' = H + \chi^{2\prime\prime}(\mu')\nabla\mu'\nabla\mu'^T
             - \chi^{2\prime\prime}(\mu)\nabla\mu\nabla\mu^T

and a Newton step :math:`\Delta = -H'^{-1}g` leads to a lower minimum if r has the other sign there
and :math:`\chi^2(\mu') - \chi^2(\mu) + \frac12 g\Delta < 0`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.descent import each_positive, scaled
from munu.base.typing import BoolArray, FloatArray, IntArray

REACH: Final = 1.5
"""Times the way that the pull alone leads, within which a kink is looked at."""
PROMISE: Final = 2.0
"""Times the gain of the step, which is not exactly that of a parabola."""


@final
@dataclass(frozen=True)
class OtherSides:
    """What lies beyond n kinks, each near one of m minima in d coordinates.

    Parameters
    ----------
    rows : array of int, shape (n,)
        The minima.
    events : array, shape (n,)
        r.
    slope : array, shape (n, d)
        ∇r.
    rise : array, shape (n,)
        χ²(μ') - χ²(μ).
    gradient, bend : array, shape (n, d) and (n, d, d)
        g and H' - H.
    """

    rows: IntArray
    events: FloatArray
    slope: FloatArray
    rise: FloatArray
    gradient: FloatArray
    bend: FloatArray

    @classmethod
    def across(
        cls,
        rows: IntArray,
        events: tuple[FloatArray, FloatArray],
        here: tuple[FloatArray, FloatArray],
        there: tuple[FloatArray, FloatArray],
    ) -> OtherSides:
        """Return what χ² of the bins is on both sides.

        Parameters
        ----------
        rows : array of int, shape (n,)
        events : tuple of array, shape (n,) and (n, d)
            r and ∇r.
        here, there : tuple of array, shape (3, n) and (n, d)
            χ², χ²' and χ²'' at μ, and ∇μ; and at μ', and ∇μ'.
        """
        (low, pull, bend), along = here
        (high, pull_there, bend_there), beyond = there
        return cls(
            rows,
            *events,
            high - low,
            pull_there[:, None] * beyond - pull[:, None] * along,
            bend_there[:, None, None] * beyond[:, :, None] * beyond[:, None]
            - bend[:, None, None] * along[:, :, None] * along[:, None],
        )

    @classmethod
    def joined(cls, pieces: Sequence[OtherSides], d: int) -> OtherSides:
        """Return several as one, of d coordinates."""
        none = np.empty(0)
        every = [cls(none.astype(int), none, none.reshape(0, d), none, *_empty(d)), *pieces]
        names = ("rows", "events", "slope", "rise", "gradient", "bend")
        return cls(*(np.concatenate([getattr(one, name) for one in every]) for name in names))

    def within(self, columns: IntArray, d: int) -> OtherSides:
        """Return the same among d coordinates, of which these are some."""
        n = self.rows.size
        slope, gradient, bend = np.zeros((n, d)), np.zeros((n, d)), np.zeros((n, d, d))
        slope[:, columns], gradient[:, columns] = self.slope, self.gradient
        bend[:, columns[:, None], columns] = self.bend
        return OtherSides(self.rows, self.events, slope, self.rise, gradient, bend)

    def promising(self, hessian: FloatArray) -> tuple[IntArray, FloatArray]:
        """Return minima that have lower ones beyond a kink, (k,), and the steps to them, (k, d).

        Parameters
        ----------
        hessian : array, shape (m, d, d)
            H, positive.
        """
        own, scale = scaled(hessian)
        size = scale[self.rows]
        beyond = own[self.rows] + self.bend / size[:, :, None] / size[:, None, :]
        positive = each_positive(beyond)
        step, slope = np.zeros_like(size), self.gradient / size
        step[positive] = -np.linalg.solve(beyond[positive], slope[positive, :, None])[..., 0]
        step /= size
        ahead = self.events + (self.slope * step).sum(axis=1)
        promised = self.rise + 0.5 * PROMISE * (self.gradient * step).sum(axis=1)
        good = positive & (promised < 0) & ((ahead > 0) != (self.events > 0))
        return self.rows[good], step[good]


def are_near(events: FloatArray, variance: FloatArray, pull: FloatArray) -> BoolArray:
    """Return which kinks may have a valley beyond them.

    Parameters
    ----------
    events, variance, pull : arrays of one shape
        r, what H⁻¹ says of its variance or more, and ∂χ²/∂μ beyond the kink.
    """
    return np.asarray((pull < 0) & (np.abs(events) < -REACH * pull * variance))


def _empty(d: int) -> tuple[FloatArray, FloatArray]:
    return np.empty((0, d)), np.empty((0, d, d))
