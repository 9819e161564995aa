r"""Priors of single parameters: where a density is flat, and between which ends.

A prior is flat in a coordinate t of the parameter x, t = x, ln x or x², between two ends, or normal
in x and cut at the ends. Nested sampling needs x as a function of the probability u below it:

.. math:: x(u) = t^{-1}\left[t_- + u\,(t_+ - t_-)\right]
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Final, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray

LEAST_MASS: Final = 1e-6
"""Probability that a Gaussian must have inside the values that a parameter may have."""


@dataclass(frozen=True)
class Prior(ABC):
    """The probability density of one parameter before the data.

    Parameters
    ----------
    low, high : float
        FreeBetween which it is not zero, in the parameter's unit.
    """

    low: float
    high: float

    @abstractmethod
    def coordinate(self, x: FloatArray) -> FloatArray:
        """Return t, the coordinate in which densities are compared."""

    @abstractmethod
    def value(self, t: FloatArray) -> FloatArray:
        """Return x from t."""

    @abstractmethod
    def at(self, u: FloatArray) -> FloatArray:
        """Return x below which the probability is u, from 0 to 1."""


def _evenly(prior: Prior, u: FloatArray) -> FloatArray:
    """Return x where t has gone the part u of its way from end to end."""
    first, last = prior.coordinate(np.array([prior.low, prior.high]))
    return np.clip(prior.value(first + u * (last - first)), prior.low, prior.high)


@final
@dataclass(frozen=True)
class FlatPrior(Prior):
    """Flat in x."""

    def coordinate(self, x: FloatArray) -> FloatArray:
        """Return x."""
        return x

    def value(self, t: FloatArray) -> FloatArray:
        """Return t."""
        return t

    def at(self, u: FloatArray) -> FloatArray:
        """Return x below which the probability is u, from 0 to 1."""
        return _evenly(self, u)


@final
@dataclass(frozen=True)
class LogPrior(Prior):
    """Flat in ln x, from an end above zero."""

    def coordinate(self, x: FloatArray) -> FloatArray:
        """Return ln x."""
        return np.asarray(np.log(x))

    def value(self, t: FloatArray) -> FloatArray:
        """Return exp t."""
        return np.asarray(np.exp(t))

    def at(self, u: FloatArray) -> FloatArray:
        """Return x below which the probability is u, from 0 to 1."""
        return _evenly(self, u)


@final
@dataclass(frozen=True)
class SquarePrior(Prior):
    """Flat in x², as in μ², to which a number of events is proportional; x is not negative."""

    def coordinate(self, x: FloatArray) -> FloatArray:
        """Return x²."""
        return np.asarray(x**2)

    def value(self, t: FloatArray) -> FloatArray:
        """Return √t."""
        return np.asarray(np.sqrt(t))

    def at(self, u: FloatArray) -> FloatArray:
        """Return x below which the probability is u, from 0 to 1."""
        return _evenly(self, u)


@final
@dataclass(frozen=True)
class GaussianPrior(Prior):
    """Normal in x, cut at the ends.

    Parameters
    ----------
    mean, sigma : float

    Raises
    ------
    MunuError
        If less than a millionth of it is between the ends.
    """

    mean: float
    sigma: float

    def __post_init__(self) -> None:
        first, last = self._ends
        if last - first < LEAST_MASS:
            raise MunuError(
                f"a Gaussian about {self.mean:g} with sigma {self.sigma:g} is outside of "
                f"{self.low:g} to {self.high:g}",
                "Take another mean, or a wider one",
            )

    def coordinate(self, x: FloatArray) -> FloatArray:
        """Return x."""
        return x

    def value(self, t: FloatArray) -> FloatArray:
        """Return t."""
        return t

    @cached_property
    def _ends(self) -> tuple[float, float]:
        """Return the probability of the whole Gaussian below each end."""
        normal = NormalDist(self.mean, self.sigma)
        return normal.cdf(self.low), normal.cdf(self.high)

    def at(self, u: FloatArray) -> FloatArray:
        """Return x below which the probability is u, from 0 to 1."""
        from scipy.special import ndtri

        first, last = self._ends
        x = self.mean + self.sigma * ndtri(first + u * (last - first))
        return np.asarray(np.clip(x, self.low, self.high))


def standard_normal(u: FloatArray) -> FloatArray:
    """Return the quantiles of the prior of a nuisance, in standard deviations."""
    from scipy.special import ndtri

    return np.asarray(ndtri(u))
