"""What an experiment adds to a likelihood whose nuisances are minimised numerically."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self

from munu.base.terms import Terms
from munu.base.typing import FloatArray, Rows
from munu.statistics.likelihoods.likelihood import DataScale


class PartData(ABC):
    """What was measured in the bins of a part; of many data sets with one more axis, the first."""

    @abstractmethod
    def chosen(self, rows: Rows) -> Self:
        """Return some of many data sets; a slice of them is a view."""


class Part(ABC):
    """One experiment's contribution to a likelihood with nuisances θ of unit width."""

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Names of its nuisances; equal names are one nuisance."""

    @property
    @abstractmethod
    def n_signal(self) -> int:
        """Number of signal entries it takes."""

    @property
    @abstractmethod
    def scale(self) -> DataScale:
        """What its entries of the signal are compared with."""

    @property
    @abstractmethod
    def shapes(self) -> frozenset[str]:
        """Names of the nuisances that change shapes, in which χ² may have several minima."""

    @property
    @abstractmethod
    def is_difference(self) -> bool:
        """Whether what is predicted may be negative, as counts less a background are."""

    @property
    @abstractmethod
    def data(self) -> PartData:
        """What was measured."""

    @abstractmethod
    def with_data(self, data: PartData) -> Self:
        """Return the part with other data, one set of its kind."""

    @abstractmethod
    def predict(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return what is compared with the data, shape (m, n_bins)."""

    @abstractmethod
    def excess(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the data less one prediction (1, ...) of each entry's bin, shape (n_signal,).

        Zero for an entry that alone changes no χ².
        """

    @abstractmethod
    def terms(
        self,
        signal: FloatArray,
        theta: FloatArray,
        slopes: FloatArray | None = None,
        *,
        data: PartData | None = None,
    ) -> Terms:
        """Return χ² and derivatives.

        Parameters
        ----------
        signal : array, shape (m, n_signal)
        theta : array, shape (m, k)
        slopes : array, shape (m, p, n_signal), optional
            ∂S/∂x of coordinates x that the signal depends on.
        data : PartData, optional
            Other data than its own, a set for each signal.
        """

    @abstractmethod
    def value(
        self, signal: FloatArray, theta: FloatArray, *, data: PartData | None = None
    ) -> FloatArray:
        """Return χ², shape (m,), alone."""

    @abstractmethod
    def mixed(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return ∂²χ²/∂θ∂S, shape (k, n_signal), at one signal (1, n_signal) and θ (1, k)."""

    @abstractmethod
    def signal_gradient(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return ∂χ²/∂S at fixed nuisances, shape (m, n_signal)."""
