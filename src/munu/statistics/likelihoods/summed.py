"""χ² of many sets of data for signals that are sums of a few distributions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, final

import numpy as np

from munu.base.identity import Same
from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray
from munu.statistics.likelihoods.binned_part import BinnedPart
from munu.statistics.likelihoods.data_sets import DataSets
from munu.statistics.likelihoods.gaussian_losses import CovarianceLoss
from munu.statistics.likelihoods.kinks import OtherSides
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.likelihoods.paired_part import PairedPart
from munu.statistics.likelihoods.part import Part
from munu.statistics.likelihoods.summed_part import SummedPart, SummedSignal

KEPT: Final = 16
"""Likelihoods whose products of matrices are kept."""
MANY_PAIRS: Final = 700
"""Pairs of rows from which the derivatives of predictions cost less than all their products."""


@final
@dataclass(frozen=True, eq=False)
class SummedLikelihood:
    r"""χ² of signals :math:`S = V_0 + \sum_q a_q V_q`, with its nuisances as numbers.

    Parameters
    ----------
    parts : tuple
        Each part, and its columns of the nuisances.
    """

    parts: tuple[tuple[SummedPart, IntArray], ...]

    @staticmethod
    def of(likelihood: NewtonLikelihood, sm: FloatArray, basis: FloatArray) -> SummedLikelihood:
        """Return that of a likelihood; that of the same objects is made once.

        Parameters
        ----------
        likelihood : NewtonLikelihood
        sm : array, shape (n_signal,)
            V₀.
        basis : array, shape (n_basis, n_signal)
        """
        return _summed(Same(likelihood), Same(sm, basis))

    @property
    def numbers_per_set(self) -> int:
        """Those of all parts."""
        return sum(part.numbers_per_set for part, _ in self.parts)

    def value(self, sets: DataSets, a: FloatArray, theta: FloatArray) -> FloatArray:
        """Return χ², shape (n,), each set at its coefficients (n, n_basis) and nuisances (n, k)."""
        pulls, a = theta - sets.auxiliary, _with_one(a)
        chi2 = np.einsum("mk,mk->m", pulls, pulls)
        for data, (part, columns) in zip(sets.data, self.parts, strict=True):
            chi2 += part.value(a, theta[:, columns], data)
        return np.asarray(chi2)

    def slopes(
        self, sets: DataSets, a: FloatArray, theta: FloatArray, slopes: FloatArray
    ) -> FloatArray:
        """Return the first derivatives of χ² of each set, all at one point, as of `terms`.

        Parameters
        ----------
        sets : DataSets
        a, theta, slopes : array, shape (1, n_basis), (1, k) and (1, p, n_basis)
        """
        p = slopes.shape[1]
        found = np.zeros((len(sets), p + theta.shape[1]))
        found[:, p:] = 2 * (theta - sets.auxiliary)
        a, slopes = _with_one(a), np.concatenate([np.zeros((1, p, 1)), slopes], axis=2)
        for data, (part, columns) in zip(sets.data, self.parts, strict=True):
            where = np.concatenate([np.arange(p), p + columns])
            found[:, where] += part.slopes(a, theta[:, columns], slopes, data, len(sets))
        return found

    def terms(
        self, sets: DataSets, a: FloatArray, theta: FloatArray, slopes: FloatArray | None = None
    ) -> Terms:
        """Return χ² and its derivatives, each set at its coefficients and nuisances.

        Parameters
        ----------
        sets : DataSets
        a : array, shape (n, n_basis)
        theta : array, shape (n, k)
        slopes : array, shape (n, p, n_basis), optional
            ∂a/∂x of coordinates x; their derivatives then come before those in θ, and the
            ``signal_gradient`` is ∂χ²/∂a.
        """
        pulls, (m, k) = theta - sets.auxiliary, theta.shape
        p = 0 if slopes is None else slopes.shape[1]
        chi2 = np.einsum("mk,mk->m", pulls, pulls)
        gradient, hessian = np.zeros((m, p + k)), np.zeros((m, p + k, p + k))
        own = np.arange(p, p + k)
        gradient[:, p:], hessian[:, own, own] = 2 * pulls, 2.0
        by_a = None if slopes is None else np.zeros((m, 1 + a.shape[1]))
        a = _with_one(a)
        if slopes is not None:
            slopes = np.concatenate([np.zeros((m, p, 1)), slopes], axis=2)
        for data, (part, columns) in zip(sets.data, self.parts, strict=True):
            terms = part.terms(a, theta[:, columns], slopes, data)
            chi2 += terms.chi2
            where = np.concatenate([np.arange(p), p + columns])
            gradient[:, where] += terms.gradient
            hessian[:, where[:, None], where] += terms.hessian
            if by_a is not None and terms.signal_gradient is not None:
                by_a += terms.signal_gradient
        return Terms(chi2, gradient, hessian, None if by_a is None else by_a[:, 1:])

    def other_sides(
        self,
        sets: DataSets,
        a: FloatArray,
        theta: FloatArray,
        slopes: FloatArray,
        response: FloatArray,
    ) -> OtherSides:
        """Return what is beyond kinks near minima of χ² of each set.

        Parameters
        ----------
        sets, a, theta, slopes
            As of `terms`.
        response : array, shape (n, p + k, p + k)
            The inverse of the second derivatives.
        """
        (p, d), a = (slopes.shape[1], slopes.shape[1] + theta.shape[1]), _with_one(a)
        slopes = np.concatenate([np.zeros((len(a), p, 1)), slopes], axis=2)
        found = []
        for data, (part, columns) in zip(sets.data, self.parts, strict=True):
            where = np.concatenate([np.arange(p), p + columns])
            own = response[:, where[:, None], where]
            sides = part.other_sides(a, theta[:, columns], slopes, data, own)
            found.append(sides.within(where, d))
        return OtherSides.joined(found, d)


def _with_one(a: FloatArray) -> FloatArray:
    """Return the coefficients of all distributions, that of V₀ first."""
    return np.concatenate([np.ones((len(a), 1)), a], axis=1)


@lru_cache(maxsize=KEPT)
def _summed(likelihood: Same[NewtonLikelihood], arrays: Same[FloatArray]) -> SummedLikelihood:
    index = {name: i for i, name in enumerate(likelihood.objects[0].names)}
    basis, found = np.vstack(arrays.objects), []
    for part, entries in likelihood.objects[0].entries:
        own = np.ascontiguousarray(basis[:, entries])
        found.append((_part_of(part, own), np.array([index[name] for name in part.names], int)))
    return SummedLikelihood(tuple(found))


def _part_of(part: Part, basis: FloatArray) -> SummedPart:
    if isinstance(part, BinnedPart) and not isinstance(part.loss, CovarianceLoss):
        paired = PairedPart(part, basis)
        if paired.n_pairs <= MANY_PAIRS:
            return paired
    return SummedSignal(part, basis)
