"""Parts of a likelihood whose signal is a sum of a few distributions that stay the same."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from munu.base.terms import Terms
from munu.base.typing import FloatArray
from munu.statistics.likelihoods.kinks import OtherSides
from munu.statistics.likelihoods.part import Part, PartData


class SummedPart(ABC):
    r"""χ² of one part for signals :math:`S = \sum_q a_q V_q`, a set of data for each."""

    @property
    @abstractmethod
    def numbers_per_set(self) -> int:
        """How many numbers of one set stand beside those of others where these are worked on."""

    @abstractmethod
    def terms(
        self, a: FloatArray, theta: FloatArray, slopes: FloatArray | None, data: PartData
    ) -> Terms:
        """Return χ² and derivatives, as `Part.terms`.

        Parameters
        ----------
        a : array, shape (m, n_basis)
        theta : array, shape (m, k)
        slopes : array, shape (m, p, n_basis), or None
            ∂a/∂x of coordinates x that the signal depends on.
        data : PartData

        Returns
        -------
        Terms
            Its ``signal_gradient`` is ∂χ²/∂a, shape (m, n_basis).
        """

    @abstractmethod
    def value(self, a: FloatArray, theta: FloatArray, data: PartData) -> FloatArray:
        """Return χ², shape (m,), alone."""

    @abstractmethod
    def slopes(
        self, a: FloatArray, theta: FloatArray, slopes: FloatArray, data: PartData, n: int
    ) -> FloatArray:
        """Return the first derivatives in x and θ of each of n sets, all at one point."""

    @abstractmethod
    def other_sides(
        self,
        a: FloatArray,
        theta: FloatArray,
        slopes: FloatArray,
        data: PartData,
        response: FloatArray,
    ) -> OtherSides:
        """Return what is beyond the kinks that minima of χ² are near to.

        Parameters
        ----------
        a, theta, slopes, data
            As of `terms`.
        response : array, shape (m, p + k, p + k)
            The inverse of the second derivatives.
        """


@final
@dataclass(frozen=True, eq=False)
class SummedSignal(SummedPart):
    """Any part, whose signal is summed first.

    Parameters
    ----------
    part : Part
    basis : array, shape (n_basis, n_signal)
        V.
    """

    part: Part
    basis: FloatArray

    @property
    def numbers_per_set(self) -> int:
        """Those of the signal."""
        return int(self.basis.shape[1])

    def terms(
        self, a: FloatArray, theta: FloatArray, slopes: FloatArray | None, data: PartData
    ) -> Terms:
        """Return those of the part."""
        moved = None if slopes is None else slopes @ self.basis
        found = self.part.terms(a @ self.basis, theta, moved, data=data)
        if found.signal_gradient is None:
            return found
        return replace(found, signal_gradient=found.signal_gradient @ self.basis.T)

    def value(self, a: FloatArray, theta: FloatArray, data: PartData) -> FloatArray:
        """Return that of the part."""
        return np.asarray(self.part.value(a @ self.basis, theta, data=data))

    def slopes(
        self, a: FloatArray, theta: FloatArray, slopes: FloatArray, data: PartData, n: int
    ) -> FloatArray:
        """Return the first derivatives."""
        a, theta, slopes = (np.repeat(one, n, axis=0) for one in (a, theta, slopes))
        return self.terms(a, theta, slopes, data).gradient

    def other_sides(
        self,
        a: FloatArray,
        theta: FloatArray,
        slopes: FloatArray,
        data: PartData,
        response: FloatArray,
    ) -> OtherSides:
        """Return none: they are not looked for."""
        return OtherSides.joined([], slopes.shape[1] + theta.shape[1])
