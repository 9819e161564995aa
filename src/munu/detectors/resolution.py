"""Resolutions: the probability that a mean response is measured in a bin."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import prod
from typing import Literal, final

import numpy as np

from munu.base.distinct import distinct
from munu.base.errors import MunuError
from munu.base.quadrature import legendre
from munu.base.special import log_gamma, normal_cdf
from munu.base.typing import FloatArray
from munu.detectors.blocks import counted_by, in_reach
from munu.detectors.cells import split, too_narrow
from munu.detectors.efficiency import Efficiency

Combination = Literal["quadrature", "linear"]
"""How the terms of a Gaussian's width are added."""

NODES_PER_CELL = 6
SPAN_SIGMAS = 8.0
GAMMA_SPAN_SIGMAS = 25.0
NODES_PER_NARROW_CELL = 3
NARROW_SIGMAS = 0.1
"""Width of cells, in standard deviations, that need `NODES_PER_NARROW_CELL` only: with h of it, the
integral of a Gaussian is off by h^6/2e6 of itself, times a polynomial of a few tens."""
MOST_VALUES = 50_000_000
"""Most values of the density for one set of bins."""
SMALLEST_SIGMA = 1e-12
"""Width where all terms vanish, in the unit of the observable."""


class Resolution(ABC):
    """Turns the mean observable of a recoil into probabilities of the measured bins."""

    @abstractmethod
    def accept(self, mean: FloatArray, edges: FloatArray, efficiency: Efficiency) -> FloatArray:
        """Return the probability of being kept in each bin, shape (n, n_bins).

        Parameters
        ----------
        mean : array, shape (n,)
            Mean observable of each recoil.
        edges : array, shape (n_bins + 1,)
            Bin edges of the measured observable; the last may be infinite.
        efficiency : Efficiency
            Applied at the measured value.
        """

    @abstractmethod
    def counted(
        self, rates: FloatArray, mean: FloatArray, edges: FloatArray, efficiency: Efficiency
    ) -> FloatArray:
        """Return the sum over recoils of rates, shape (..., n), times `accept`: (..., n_bins)."""

    @abstractmethod
    def sigma(self, mean: FloatArray) -> FloatArray:
        """Return the standard deviation of the measured value at each mean."""

    @abstractmethod
    def kinks(self) -> FloatArray:
        """Return the means at which the width is not smooth, such as rows of a table."""

    @abstractmethod
    def describe(self) -> str:
        """Return a one-line description for ``munu show``."""

    @property
    @abstractmethod
    def is_sharp(self) -> bool:
        """Whether the mean is measured exactly, so that bin edges are kinks of the acceptance."""


@final
@dataclass(frozen=True)
class Perfect(Resolution):
    """The mean itself is measured."""

    def accept(self, mean: FloatArray, edges: FloatArray, efficiency: Efficiency) -> FloatArray:
        """Return the efficiency in the bin that holds the mean."""
        inside = (mean[:, None] >= edges[:-1]) & (mean[:, None] < edges[1:])
        return np.asarray(inside * efficiency(mean)[:, None])

    def counted(
        self, rates: FloatArray, mean: FloatArray, edges: FloatArray, efficiency: Efficiency
    ) -> FloatArray:
        """Return the sum over the recoils in each bin, which is the only one of each."""
        index = np.searchsorted(edges, mean, side="right") - 1
        inside = (index >= 0) & (index < edges.size - 1)
        seen = (rates * efficiency(mean))[..., inside]
        kept = seen.reshape(prod(rates.shape[:-1]), seen.shape[-1])
        sums = [np.bincount(index[inside], row, minlength=edges.size - 1) for row in kept]
        return np.reshape(sums, (*rates.shape[:-1], edges.size - 1))

    def sigma(self, mean: FloatArray) -> FloatArray:
        """Return zero at each mean: nothing fluctuates."""
        return np.zeros_like(mean)

    def kinks(self) -> FloatArray:
        """Return none."""
        return np.empty(0)

    @property
    def is_sharp(self) -> bool:
        """True: a recoil is counted in the one bin that holds its mean."""
        return True

    def describe(self) -> str:
        """Say that there is none."""
        return "perfect"


class Smearing(Resolution):
    """A resolution by which a recoil can be counted in several bins."""

    @property
    @final
    def is_sharp(self) -> bool:
        """False: the acceptance is smooth across the bin edges."""
        return False

    @final
    def counted(
        self, rates: FloatArray, mean: FloatArray, edges: FloatArray, efficiency: Efficiency
    ) -> FloatArray:
        """Return the sum by blocks of recoils."""

        def accept(some: FloatArray) -> FloatArray:
            return self.accept(some, edges, efficiency)

        return counted_by(accept, rates, mean, edges.size - 1)


@final
@dataclass(frozen=True)
class PoissonPhotoelectrons(Smearing):
    """Poisson fluctuation of the number of photoelectrons n around its mean.

    An event with n photoelectrons is kept with the efficiency at n + 1/2, the centre of its
    one-photoelectron bin (arXiv:1804.09459); edges are in photoelectrons.
    """

    def accept(self, mean: FloatArray, edges: FloatArray, efficiency: Efficiency) -> FloatArray:
        """Return the sum over n in each bin of Poisson(n; mean) times the efficiency."""
        first = max(int(np.ceil(edges[0])), 0)
        top = mean.max(initial=1.0)
        last = int(np.ceil(min(edges[-1], top + SPAN_SIGMAS * np.sqrt(top) + 20)))
        n = np.arange(first, last)
        kept = efficiency(np.asarray(n + 0.5, float))
        n, kept = n[kept > 0], kept[kept > 0]
        log_factorial = np.cumsum(np.log(np.maximum(np.arange(last), 1)))[n]
        found = np.zeros((mean.size, edges.size - 1))
        for block, near in in_reach(mean, SPAN_SIGMAS * np.sqrt(mean) + 20, np.asarray(n, float)):
            some, here = mean[block, None], n[near]
            log_probability = here * np.log(np.maximum(some, np.finfo(float).tiny)) - some
            probability = np.exp(log_probability - log_factorial[near]) * kept[near]
            in_bin = (here[:, None] >= edges[:-1]) & (here[:, None] < edges[1:])
            found[block] = probability @ in_bin.astype(float)
        return found

    def sigma(self, mean: FloatArray) -> FloatArray:
        """Return the square root of the mean."""
        return np.sqrt(mean)

    def kinks(self) -> FloatArray:
        """Return none: the root is smooth where it is above zero."""
        return np.empty(0)

    def describe(self) -> str:
        """Return its name; it has no parameter."""
        return "Poisson photoelectrons n, efficiency at n + 1/2"


class Continuous(Smearing):
    """A continuous density of the measured value, integrated with the efficiency over the bins."""

    @abstractmethod
    def _density(self, x: FloatArray, mean: FloatArray) -> FloatArray:
        """Return the density at x, shape (m,), for each mean, shape (n, 1)."""

    @abstractmethod
    def _kinks(self) -> FloatArray:
        """Return the measured values at which the density is not smooth."""

    @abstractmethod
    def _span_sigmas(self) -> float:
        """Return how far from the mean the density is integrated."""

    def accept(self, mean: FloatArray, edges: FloatArray, efficiency: Efficiency) -> FloatArray:
        """Return the integral over each bin of density times efficiency."""
        top = float((mean + self._span_sigmas() * self.sigma(mean)).max(initial=edges[0]))
        finite = np.where(np.isinf(edges), max(top, edges[-2] * (1 + 1e-9)), edges)
        cells = self._cells(finite, efficiency, mean)
        half = 0.5 * np.diff(cells)[:, None]
        narrow = 2 * half[:, 0] <= NARROW_SIGMAS * self.sigma(np.maximum(cells[:-1], 0.0))
        nodes = NODES_PER_NARROW_CELL if narrow.all() else NODES_PER_CELL
        abscissae, weights = legendre(nodes)
        x = (0.5 * (cells[1:] + cells[:-1])[:, None] + half * abscissae).ravel()
        weight = (half * weights).ravel() * efficiency(x)
        x, weight = x[weight > 0], weight[weight > 0]
        blocks = in_reach(mean, self._span_sigmas() * self.sigma(mean), x)
        values = sum(mean[block].size * x[near].size for block, near in blocks)
        if values > MOST_VALUES:
            raise too_narrow("smears too many bins at too many energies")
        kept = np.zeros((mean.size, edges.size - 1))
        for block, near in blocks:
            starts = np.searchsorted(x[near], finite[:-1])
            held = starts < np.append(starts[1:], x[near].size)
            if held.any():
                density = self._density(x[near], mean[block, None]) * weight[near]
                kept[block, held] = np.add.reduceat(density, starts[held], axis=1)
        return kept

    def _cells(self, edges: FloatArray, efficiency: Efficiency, mean: FloatArray) -> FloatArray:
        """Split the bins at the efficiency's kinks and into cells short beside the resolution."""
        kinks = distinct(efficiency.kinks(), self._kinks())
        kinks = kinks[(kinks > edges[0]) & (kinks < edges[-1])]
        borders = distinct(edges, kinks)
        span = min(self._span_sigmas(), SPAN_SIGMAS)
        return split(borders, mean, self.sigma, span, efficiency)


@final
@dataclass(frozen=True)
class Gaussian(Continuous):
    r"""Gaussian resolution whose width has three terms.

    In quadrature :math:`\sigma^2 = a^2 + b^2 x + c^2x^2` for mean x, and linear
    :math:`\sigma = a + b\sqrt{x} + cx`.

    Near zero a part of the Gaussian lies at negative values, where nothing is counted: the noise
    took the event below zero. Renormalised, the density is that of the Gaussian above zero alone,
    :math:`g(x)/\Phi(\bar x/\sigma)` for x > 0 with the normal distribution Φ: every event is
    measured above zero, and one of vanishing energy counts twice as much.

    Parameters
    ----------
    noise, stochastic, proportional : float
        a (unit of x), b (square root of it), c (dimensionless).
    renormalised : bool
        Whether the part above zero is scaled to one.
    combination : {"quadrature", "linear"}
        How they are added. Independent fluctuations add in quadrature; an empirical fit of a width
        may be a linear sum.

    Raises
    ------
    MunuError
        For a negative term, or none above 0.

    References
    ----------
    Renormalised: the public scripts of an author of arXiv:2202.10829.
    """

    noise: float = 0.0
    stochastic: float = 0.0
    proportional: float = 0.0
    renormalised: bool = False
    combination: Combination = "quadrature"

    def __post_init__(self) -> None:
        values = (self.noise, self.stochastic, self.proportional)
        if not all(0 <= value < np.inf for value in values) or max(values) == 0:
            raise MunuError(
                "a Gaussian resolution needs non-negative terms, not all zero",
                "Give at least one of noise, stochastic, proportional above 0",
            )

    def sigma(self, mean: FloatArray) -> FloatArray:
        """Return the standard deviation at each mean."""
        if self.combination == "linear":
            width = self.noise + self.stochastic * np.sqrt(mean) + self.proportional * mean
            return np.asarray(np.maximum(width, SMALLEST_SIGMA))
        variance = self.noise**2 + self.stochastic**2 * mean + (self.proportional * mean) ** 2
        return np.asarray(np.sqrt(np.maximum(variance, SMALLEST_SIGMA**2)))

    def _density(self, x: FloatArray, mean: FloatArray) -> FloatArray:
        width = self.sigma(mean)
        density = np.exp(-0.5 * ((x - mean) / width) ** 2) / (np.sqrt(2 * np.pi) * width)
        return np.asarray(density * self._scale_above_zero(x, mean / width))

    def _scale_above_zero(self, x: FloatArray, mean_in_sigmas: FloatArray) -> FloatArray:
        r"""Return what multiplies the density: 1, or 1/Φ above zero and 0 below."""
        if not self.renormalised:
            return np.ones(1)
        return np.asarray((x > 0) / normal_cdf(mean_in_sigmas))

    def _kinks(self) -> FloatArray:
        return np.array([0.0] if self.renormalised else [])

    def _span_sigmas(self) -> float:
        return SPAN_SIGMAS

    def kinks(self) -> FloatArray:
        """Return none: each term is smooth."""
        return np.empty(0)

    def describe(self) -> str:
        """Show σ(x), and what becomes of values below zero."""
        if self.combination == "linear":
            width = (
                f"sigma = {self.noise:g} + {self.stochastic:g} sqrt(x) + {self.proportional:g} x"
            )
        else:
            width = (
                f"sigma^2 = {self.noise:g}^2 + {self.stochastic:g}^2 x"
                f" + ({self.proportional:g} x)^2"
            )
        width = f"Gaussian, {width}"
        return f"{width}, renormalised above zero" if self.renormalised else width


@final
@dataclass(frozen=True)
class Gamma(Continuous):
    r"""Gamma resolution in photoelectrons, the model of the COHERENT CsI release.

    :math:`P(x) = \frac{[a(1+b)]^{1+b}}{\Gamma(1+b)} x^b e^{-a(1+b)x}` with :math:`a = 1/\bar x`
    and :math:`b = \beta\,\bar E`, where :math:`\bar E = \bar x/Y` is the electron-equivalent
    energy (arXiv:2110.07730).

    Parameters
    ----------
    beta_per_kev : float
        β (1/keVee).
    light_yield_pe_per_kev : float
        Y (photoelectrons per keVee).
    """

    beta_per_kev: float
    light_yield_pe_per_kev: float

    def _kinks(self) -> FloatArray:
        return np.empty(0)

    def _span_sigmas(self) -> float:
        """Return a longer span: at low energy the density falls as an exponential only."""
        return GAMMA_SPAN_SIGMAS

    def _shape(self, mean: FloatArray) -> FloatArray:
        return np.asarray(1 + self.beta_per_kev * mean / self.light_yield_pe_per_kev)

    def sigma(self, mean: FloatArray) -> FloatArray:
        """Return the standard deviation at each mean."""
        return np.asarray(mean / np.sqrt(self._shape(mean)))

    def _density(self, x: FloatArray, mean: FloatArray) -> FloatArray:
        shape = self._shape(mean)
        rate = shape / np.maximum(mean, 1e-12)
        positive = np.maximum(x, 1e-12)
        log_density = shape * np.log(rate) - log_gamma(shape) + (shape - 1) * np.log(positive)
        return np.asarray(np.exp(log_density - rate * positive))

    def kinks(self) -> FloatArray:
        """Return none: the width grows smoothly."""
        return np.empty(0)

    def describe(self) -> str:
        """Show β."""
        return f"Gamma, b = {self.beta_per_kev:g} E_ee"
