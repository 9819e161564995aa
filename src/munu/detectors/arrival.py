r"""Arrival times of neutrinos from pions and muons stopped in a pulsed target.

Prompt neutrinos follow the pion's decay, delayed ones the pion's and then the muon's. The beam
pulse is folded in analytically: with :math:`F_\tau` the cumulative distribution of an exponential
decay of lifetime τ after the pulse,

.. math:: F_{prompt} = F_{\tau_\pi},\qquad
          F_{delayed} = \frac{\tau_\mu F_{\tau_\mu} - \tau_\pi F_{\tau_\pi}}{\tau_\mu-\tau_\pi}
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.errors import MunuError, unknown
from munu.base.frozen import freeze
from munu.base.special import log_normal_cdf, normal_cdf
from munu.base.typing import FloatArray

PION_LIFETIME_US: Final = 0.026033
"""PDG 2018, mean life of the charged pion."""

MUON_LIFETIME_US: Final = 2.1969811
"""PDG 2018, mean life of the muon."""

PION_BEAMS: Final = ("prompt", "delayed")
"""Beams of pions and muons that decay at rest after a pulse."""

SPARE: Final = 0.05
"""By how much the shares of a beam, printed with two digits, may add up to more than one."""


def _increase(edges_us: FloatArray) -> bool:
    """Tell whether edges (μs) are finite and increase; NaN does not."""
    return bool(np.all(np.isfinite(edges_us)) and np.all(np.diff(edges_us) > 0))


def no_arrival(beam: str, known: tuple[str, ...]) -> MunuError:
    """Return the error for a beam of the source whose arrival times a shape does not describe."""
    error = unknown("beam", beam, known, where="the arrival times")
    return MunuError(
        error.message,
        f"{error.remedy}. A steady source, as a reactor or the Sun, has no arrival times: leave the"
        ' axis out; those of another pulsed beam stand in a table, model = "tabulated-arrival"'
        f' with beams = ["{beam}"]',
    )


class ArrivalShape(ABC):
    """Distribution of the arrival times of each beam."""

    @abstractmethod
    def cumulative(self, beam: str, time_us: FloatArray) -> FloatArray:
        """Return the share of the beam's neutrinos that arrive before each time (μs).

        Raises
        ------
        MunuError
            For a beam that the shape does not describe.
        """

    @abstractmethod
    def describe(self) -> str:
        """Return a one-line description for ``munu show``."""


class Pulse(ArrivalShape):
    """A beam pulse followed by the decays of pions and muons."""

    @abstractmethod
    def after_decay(self, lifetime_us: float, time_us: FloatArray) -> FloatArray:
        """Return F_τ: the cumulative distribution of decays of lifetime τ (μs) after the pulse."""

    def cumulative(self, beam: str, time_us: FloatArray) -> FloatArray:
        """Return F of ``prompt`` (pion decay) or ``delayed`` (pion and muon decay) neutrinos."""
        if beam not in PION_BEAMS:
            raise no_arrival(beam, PION_BEAMS)
        after_pion = self.after_decay(PION_LIFETIME_US, time_us)
        if beam == "prompt":
            return after_pion
        after_muon = self.after_decay(MUON_LIFETIME_US, time_us)
        weighted = MUON_LIFETIME_US * after_muon - PION_LIFETIME_US * after_pion
        return np.asarray(weighted / (MUON_LIFETIME_US - PION_LIFETIME_US))


@final
@dataclass(frozen=True)
class GaussianPulse(Pulse):
    r"""A Gaussian pulse.

    :math:`F_\tau = \Phi(z) - e^{r^2/2 - rz}\,\Phi(z-r)` with :math:`z = (t-\mu)/\sigma`,
    :math:`r = \sigma/\tau`.

    Parameters
    ----------
    mean_us, sigma_us : float
        μ and σ (μs).

    Raises
    ------
    MunuError
        If σ is not positive.
    """

    mean_us: float
    sigma_us: float

    def __post_init__(self) -> None:
        if not self.sigma_us > 0:
            raise MunuError(f"a beam pulse of width {self.sigma_us} us", "Allowed: above 0")

    def after_decay(self, lifetime_us: float, time_us: FloatArray) -> FloatArray:
        """Return F_τ at times (μs), the Gaussian folded with the exponential decay."""
        z = (time_us - self.mean_us) / self.sigma_us
        ratio = self.sigma_us / lifetime_us
        decayed = 0.5 * ratio**2 - ratio * z + log_normal_cdf(z - ratio)
        return np.asarray(normal_cdf(z) - np.exp(decayed))

    def describe(self) -> str:
        """Return its mean and width, in μs."""
        return f"Gaussian pulse at {self.mean_us:g} us, sigma {self.sigma_us:g} us"


@final
@dataclass(frozen=True, eq=False)
class TabulatedPulse(Pulse):
    r"""A pulse of constant intensity between edges.

    A uniform pulse on [a, b] gives :math:`F_\tau = [G(t-a)-G(t-b)]/(b-a)` with
    :math:`G(u) = u - \tau(1-e^{-u/\tau})` for u > 0.

    Parameters
    ----------
    edges_us : array, shape (n + 1,)
    intensity : array, shape (n,)
        Protons in each interval, in any unit.

    Raises
    ------
    MunuError
        If the edges do not increase or the intensities are not a distribution.
    """

    edges_us: FloatArray
    intensity: FloatArray

    def __post_init__(self) -> None:
        edges, intensity = np.asarray(self.edges_us, float), np.asarray(self.intensity, float)
        if edges.size != intensity.size + 1 or not _increase(edges):
            raise MunuError(
                "the edges of the beam pulse must increase", "One more than intensities"
            )
        if not np.all(intensity >= 0) or not 0 < intensity.sum() < np.inf:
            raise MunuError("the intensities of the beam pulse must be >= 0, not all zero")
        object.__setattr__(self, "edges_us", edges)
        object.__setattr__(self, "intensity", intensity / intensity.sum())
        freeze(self)

    def after_decay(self, lifetime_us: float, time_us: FloatArray) -> FloatArray:
        """Return F_τ at times (μs), each interval of the pulse folded with the decay."""
        elapsed = np.maximum(time_us[..., None] - self.edges_us, 0.0)
        ramp = elapsed + lifetime_us * np.expm1(-elapsed / lifetime_us)
        rise = -np.diff(ramp, axis=-1) / np.diff(self.edges_us)
        return np.asarray(rise @ self.intensity)

    def describe(self) -> str:
        """Return where the pulse begins and ends, in μs."""
        return f"tabulated pulse from {self.edges_us[0]:g} to {self.edges_us[-1]:g} us"


@final
@dataclass(frozen=True, eq=False)
class TabulatedArrival(ArrivalShape):
    """Published shares of each beam per interval of time, uniform inside an interval.

    Parameters
    ----------
    edges_us : array, shape (n + 1,)
    shares : mapping of beam to array, shape (n,)
        As published: not normalised again.

    Raises
    ------
    MunuError
        If the edges do not increase, a share is negative or not finite, or those of a beam add up
        to more than one.
    """

    edges_us: FloatArray
    shares: dict[str, FloatArray]

    def __post_init__(self) -> None:
        edges = np.asarray(self.edges_us, float)
        for beam, share in self.shares.items():
            is_share = np.isfinite(share) & (np.asarray(share) >= 0)
            if is_share.size + 1 != edges.size or not np.all(is_share) or not _increase(edges):
                raise MunuError(
                    f"the arrival times of the {beam} beam are not a distribution",
                    "Give increasing edges, and one share >= 0 per interval",
                )
            if np.sum(share) > 1 + SPARE:
                raise MunuError(
                    f"the arrival times of the {beam} beam add up to {np.sum(share):.6g}",
                    "Give shares of the beam, of which all intervals together have one at most",
                )
        freeze(self)

    def cumulative(self, beam: str, time_us: FloatArray) -> FloatArray:
        """Return the interpolated sum of the shares."""
        if beam not in self.shares:
            raise no_arrival(beam, tuple(self.shares))
        total = np.concatenate([[0.0], np.cumsum(self.shares[beam])])
        return np.asarray(np.interp(time_us, self.edges_us, total))

    def describe(self) -> str:
        """Name the beams and the range."""
        beams = ", ".join(self.shares)
        return f"tabulated arrival of {beams}, {self.edges_us[0]:g} to {self.edges_us[-1]:g} us"
