r"""Minima on the other side of a kink, where the events of a component in a bin run out.

Events r of a component count as c(r) (`munu.statistics.likelihoods.positive`): as they are, or not
at all. In a bin with more counts than are predicted χ² then has a bump at r = 0 and may have a
valley on either side, some hundredths of a standard deviation apart. With a prediction μ and χ²(μ)
of the bin, and second derivatives H at a minimum x in one of them, what is beyond is

.. math:: \mu' = \mu - c(r) + o(r),\qquad o(r) = \begin{cases} 0 & r > 0\\ r & r\le 0\end{cases}

while the rest of χ² is a parabola, of slopes :math:`h = -\chi^{2\prime}(\mu)\nabla\mu` and second
derivatives :math:`H_0 = H - \chi^{2\prime\prime}(\mu)\nabla\mu\nabla\mu^T`. After a step

.. math:: \Delta = -H_0^{-1}(h + \lambda\nabla\mu'),\qquad \lambda = \chi^{2\prime}(m),\qquad
          m = \mu' + \nabla\mu'\cdot\Delta

to the minimum there, m is the root of :math:`m = \mu' - a - \lambda(m)\,b` with
:math:`a = \nabla\mu'^TH_0^{-1}h` and :math:`b = \nabla\mu'^TH_0^{-1}\nabla\mu'`: of a quadratic
equation for Poisson counts, of a linear one for a parabola. It is lower if r has the other sign
there and :math:`\chi^2(m) - \chi^2(\mu) + \frac12h\cdot\Delta - \frac12\lambda(m-\mu') < 0`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np

from munu.base.tolerances import TINY
from munu.base.typing import BoolArray, FloatArray, IntArray

REACH, FARTHER = 1.5, 6.0
"""Times the way that the pull alone leads, within which a kink is looked at; and, within a standard
deviation, as others pull as well: a component often runs out in several bins together."""
PROMISE: Final = 2.0
"""Times what is gained by the step, as the rest is not exactly a parabola."""
ACROSS: Final = 2.0
"""Times the way to a kink, at which it is tried what χ² is beyond: others are often close by."""
LEAST: Final = 1e-9
"""Of a direction's second derivative, what at least is not that of the bin alone; and of counts."""


@final
@dataclass(frozen=True, eq=False)
class Side:
    """χ² of n bins on one side of a kink.

    Parameters
    ----------
    prediction, value, pull, bend : array, shape (n,)
        μ, χ², χ²' and χ²''.
    along : array, shape (n, d)
        ∇μ.
    counts : array of bool, shape (n,)
        Where χ² is that of Poisson counts, a logarithm and a line; elsewhere it is a parabola.
    """

    prediction: FloatArray
    value: FloatArray
    pull: FloatArray
    bend: FloatArray
    along: FloatArray
    counts: BoolArray

    @property
    def _line(self) -> tuple[FloatArray, FloatArray]:
        """Return α and β of χ²' = α - β/μ of counts; β is zero of parabolas."""
        beta = np.where(self.counts, self.bend * self.prediction**2, 0.0)
        return self.pull + beta / np.where(self.counts, self.prediction, 1.0), beta

    def balanced(self, middle: FloatArray, width: FloatArray) -> FloatArray:
        """Return the root m of m = middle - width χ²'(m)."""
        alpha, beta = self._line
        # m² - 2 half m = width β, whose positive root loses no digits if half is negative.
        half = 0.5 * (middle - width * alpha)
        root = np.sqrt(np.maximum(half**2 + width * beta, 0.0))
        counted = np.where(half > 0, half + root, width * beta / np.maximum(root - half, TINY))
        linear = middle + width * (self.bend * self.prediction - self.pull)
        return np.where(self.counts, np.maximum(counted, LEAST), linear / (1 + width * self.bend))

    def at(self, m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return χ² and χ²' at other predictions, which are positive where they are of counts."""
        away, (alpha, beta) = m - self.prediction, self._line
        ratio = np.where(self.counts, m, 1.0) / np.where(self.counts, self.prediction, 1.0)
        counted = alpha * away - beta * np.log(ratio), alpha - beta / np.where(self.counts, m, 1.0)
        parabola = (self.pull + 0.5 * self.bend * away) * away, self.pull + self.bend * away
        rise, slope = (np.where(self.counts, *one) for one in zip(counted, parabola, strict=True))
        return self.value + rise, slope

    def within(self, columns: IntArray, d: int) -> Side:
        """Return the same among d coordinates, of which these are some."""
        return replace(self, along=_within(self.along, columns, d))

    @classmethod
    def joined(cls, pieces: Sequence[Side]) -> Side:
        """Return several as one."""
        names = ("prediction", "value", "pull", "bend", "along", "counts")
        return cls(*(np.concatenate([getattr(one, name) for one in pieces]) for name in names))

    @classmethod
    def none(cls, d: int) -> Side:
        """Return that of no bins, of d coordinates."""
        no = np.empty(0)
        return cls(no, no, no, no, np.empty((0, d)), np.empty(0, np.bool_))


@final
@dataclass(frozen=True, eq=False)
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
    here, there : Side
        χ² of the bins at μ and at μ'.
    """

    rows: IntArray
    events: FloatArray
    slope: FloatArray
    here: Side
    there: Side

    @classmethod
    def joined(cls, pieces: Sequence[OtherSides], d: int) -> OtherSides:
        """Return several as one, of d coordinates."""
        none = cls(np.empty(0, int), np.empty(0), np.empty((0, d)), Side.none(d), Side.none(d))
        every = [none, *pieces]
        return cls(
            np.concatenate([one.rows for one in every]),
            np.concatenate([one.events for one in every]),
            np.concatenate([one.slope for one in every]),
            Side.joined([one.here for one in every]),
            Side.joined([one.there for one in every]),
        )

    def within(self, columns: IntArray, d: int) -> OtherSides:
        """Return the same among d coordinates, of which these are some."""
        return replace(
            self,
            slope=_within(self.slope, columns, d),
            here=self.here.within(columns, d),
            there=self.there.within(columns, d),
        )

    def beyond(self, response: FloatArray) -> tuple[IntArray, FloatArray]:
        """Return minima that have lower ones beyond a kink, (k,), and the steps to them, (k, d).

        Parameters
        ----------
        response : array, shape (m, d, d)
            H⁻¹.
        """
        here, there, own = self.here, self.there, response[self.rows]
        by_here, by_there = (_product(own, one.along) for one in (here, there))
        # H₀⁻¹ = H⁻¹ + χ²'' H⁻¹∇μ (H⁻¹∇μ)ᵀ / left
        left = 1 - here.bend * _dot(here.along, by_here)
        good = left > LEAST
        by_here = by_here / np.where(good, left, 1.0)[:, None]
        across = _dot(there.along, by_here)
        by_there += (here.bend * np.where(good, left, 1.0) * across)[:, None] * by_here
        m = there.balanced(there.prediction + here.pull * across, _dot(there.along, by_there))
        value, pull = there.at(m)
        step = here.pull[:, None] * by_here - pull[:, None] * by_there
        rest = here.pull * _dot(here.along, step) + pull * (m - there.prediction)
        gained = value - there.value - 0.5 * rest
        ahead = self.events + _dot(self.slope, step)
        good &= there.value - here.value + PROMISE * gained < 0
        good &= (ahead > 0) != (self.events > 0)
        return self.rows[good], step[good]

    def across(self, response: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
        """Return the minima, the shortest steps across each kink, and how parabolas rise there.

        Several bins may be left on the way: what χ² is there has to be seen.

        Parameters
        ----------
        response : array, shape (m, d, d)
            H⁻¹.

        Returns
        -------
        tuple of array, shape (n,), (n, d) and (n,)
        """
        along = _product(response[self.rows], self.slope)
        variance = _dot(self.slope, along)
        step = -ACROSS * (self.events / variance)[:, None] * along
        return self.rows, step, 0.5 * (ACROSS * self.events) ** 2 / variance


def are_near(events: FloatArray, variance: FloatArray, pull: FloatArray) -> BoolArray:
    """Return which kinks may have a valley beyond them.

    Parameters
    ----------
    events, variance, pull : arrays of one shape
        r, what H⁻¹ says of its variance, and ∂χ²/∂μ beyond the kink.
    """
    way, size = -pull * variance, np.abs(events)
    return np.asarray((size < REACH * way) | ((size < FARTHER * way) & (events**2 < variance)))


def _within(vectors: FloatArray, columns: IntArray, d: int) -> FloatArray:
    """Return vectors (n, len(columns)) among d coordinates."""
    found = np.zeros((len(vectors), d))
    found[:, columns] = vectors
    return found


def _product(matrices: FloatArray, vectors: FloatArray) -> FloatArray:
    return np.asarray((matrices @ vectors[:, :, None])[:, :, 0])


def _dot(first: FloatArray, second: FloatArray) -> FloatArray:
    return np.asarray((first * second).sum(axis=1))
