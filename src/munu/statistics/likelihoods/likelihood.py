"""The base of every likelihood: χ² of the expected signal, profiled over its nuisances."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

import numpy as np

from munu.base.typing import FloatArray, IntArray
from munu.statistics.likelihoods.one_bin import OneBin

if TYPE_CHECKING:
    from munu.statistics.likelihoods.newton import NewtonLikelihood


@final
@dataclass(frozen=True, eq=False)
class DataScale:
    """What a signal is compared with: it tells from how many events to how many χ² has to be known.

    Parameters
    ----------
    spread : array, shape (n_signal,)
        The data's own standard deviation in the bin of each entry of the signal, without nuisances;
        infinite where the entry alone changes no χ².
    content : array, shape (n_signal,)
        Its counts and backgrounds.
    part : array of int, shape (n_signal,)
        Number of the part that the entry belongs to: each has nuisances of its own.
    grows : bool
        Whether the spread grows with the signal, so that χ² can fall again far beyond its minimum.
    """

    spread: FloatArray
    content: FloatArray
    part: IntArray
    grows: bool = False

    @classmethod
    def joined(cls, scales: Sequence[DataScale]) -> DataScale:
        """Return the scale of several likelihoods side by side."""
        sizes = [scale.spread.size for scale in scales]
        return cls(
            np.concatenate([scale.spread for scale in scales]),
            np.concatenate([scale.content for scale in scales]),
            np.repeat(np.arange(len(scales)), sizes),
            grows=any(scale.grows for scale in scales),
        )


class SignalLikelihood(ABC):
    r"""−2 ln L up to a constant, as a function of the expected signal per bin.

    The signal holds the Standard Model and the dipole events before any nuisance,
    :math:`S_b = SM_b + \Lambda^\dagger W_b\Lambda`; nuisances are minimised inside.
    """

    @property
    @abstractmethod
    def n_signal(self) -> int:
        """Number of signal entries, the last axis of what `chi2` takes."""

    @property
    @abstractmethod
    def scale(self) -> DataScale:
        """What the signal is compared with."""

    @property
    @abstractmethod
    def closed_form(self) -> OneBin | None:
        """χ² of the only bin in closed form; None where there is no such form."""

    @property
    @abstractmethod
    def newton(self) -> NewtonLikelihood | None:
        """Itself where its nuisances are minimised numerically; None otherwise.

        They are then minimised together with moments and phases that are profiled.
        """

    @abstractmethod
    def chi2(self, signal: FloatArray) -> FloatArray:
        """Return χ², shape (...), for signals of shape (..., n_signal)."""

    @abstractmethod
    def value_and_gradient(self, signal: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return χ² and ∂χ²/∂S_b, shape (..., n_signal), at the minimum over the nuisances."""

    @final
    def gradient(self, signal: FloatArray) -> FloatArray:
        """Return ∂χ²/∂S_b, shape (..., n_signal), at the minimum over the nuisances."""
        return self.value_and_gradient(signal)[1]

    @abstractmethod
    def nuisances(self, signal: FloatArray) -> dict[str, float]:
        """Return the nuisances (in standard deviations) at one signal, shape (n_signal,)."""


def searching(likelihood: SignalLikelihood) -> SignalLikelihood:
    """Return the same χ², its lowest minimum looked for where the data exclude a signal."""
    return likelihood if likelihood.newton is None else likelihood.newton.searching
