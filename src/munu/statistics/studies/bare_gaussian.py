"""A Gaussian number without nuisances, whose mean has bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.distinct import distinct
from munu.base.roots import bracketed_roots
from munu.base.typing import FloatArray
from munu.statistics.studies.bare_count import FARTHEST, BareCount


@final
@dataclass(frozen=True)
class BareGaussian(BareCount):
    """A Gaussian number of known width.

    Parameters
    ----------
    observed, lowest, highest, sigma : float
    """

    observed: float
    lowest: float
    highest: float
    sigma: float

    def rise(self, means: FloatArray) -> FloatArray:
        """Return q of the data."""
        squares = (self.observed - means) ** 2 - (self.observed - self.best) ** 2
        return np.asarray(np.maximum(squares, 0.0) / self.sigma**2)

    def fraction(self, means: FloatArray, ordered: FloatArray) -> FloatArray:
        """Return the probability of an interval about the means, whose ends jump nowhere."""
        return self._within(means, self.rise(means))

    def _within(self, means: FloatArray, q: FloatArray) -> FloatArray:
        """Return P at means of a smaller q: of x between two ends, that may be beyond bounds."""
        from scipy.special import ndtr

        radius, sides = self.sigma * np.sqrt(q), []
        for bound in (self.lowest, self.highest):
            room = np.abs(means - bound)
            with np.errstate(divide="ignore", invalid="ignore"):
                beyond = 0.5 * (room + radius**2 / room)
            sides.append(np.where(radius <= room, radius, beyond) / self.sigma)
        return np.asarray(ndtr(sides[1]) - ndtr(-sides[0]))

    @property
    def turns(self) -> FloatArray:
        """The best fit, from which F rises on both sides."""
        return distinct([*self.reach, self.best])

    def critical(self, mean: float, cl: float) -> float:
        """Return the q within which the probability is CL."""
        at = np.array([mean])
        low, high = np.zeros(1), np.full(1, FARTHEST)
        return float(bracketed_roots(lambda q: self._within(at, q) - cl, low, high)[0])
