r"""Minima of χ² for many sets of data at once, over coordinates y and nuisances θ.

The data vary and the signal :math:`S(y) = SM + E(y)` does not: all sets are minimised in one
descent. Where shapes of the signal or of backgrounds bend, χ² has several minima: from each one
found, `basins` looks for a lower one beyond the next bend of each shape.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np

from munu.base.damped import minimise_damped
from munu.base.descent import Minimum, minimise
from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray
from munu.statistics.likelihoods import DataSets, NewtonLikelihood, SummedLikelihood
from munu.statistics.models.dipole_events import ExtraEvents

CENTRES = (-1.3, -0.7, 0.0, 0.7, 1.3)
"""Standard deviations of a shape about which χ² may have another minimum: within one its events go
on as a parabola, from 1.5 on along straight lines (`munu.statistics.likelihoods.interpolation`)."""
APART = 0.25
"""Standard deviations within which a minimum is the one that is known."""
PROMISING = 1.0
"""χ² above that of the minimum known, at the start, from which another one is followed."""
CACHED_ENTRIES, LEAST_ROWS = 300_000, 64
"""Numbers of the signal that are worked on at once, to stay in the cache; and the fewest sets."""
ROUNDS = 3
LOWER = 1e-8
"""Difference of χ² of another minimum."""


@final
@dataclass(frozen=True)
class SetFits:
    """χ²(y, θ) of many sets of data.

    Parameters
    ----------
    sets : DataSets
    sm : array, shape (n_signal,)
    extra : ExtraEvents
        The other events, as a function of y.
    """

    sets: DataSets
    sm: FloatArray
    extra: ExtraEvents

    def chosen(self, rows: IntArray) -> SetFits:
        """Return those of some of the sets, which may repeat."""
        return replace(self, sets=self.sets.chosen(rows))

    def value(self, y: FloatArray, theta: FloatArray) -> FloatArray:
        """Return χ², shape (n,), of each set at its y (n, p) and θ (n, k)."""
        return self._summed.value(self.sets, self.extra.coefficients(y), theta)

    @property
    def _summed(self) -> SummedLikelihood:
        return SummedLikelihood.of(self.sets.likelihood, self.sm, self.extra.basis)

    def _terms(self, rows: IntArray, y: FloatArray, theta: FloatArray, fixed: int) -> Terms:
        """Return χ² and its derivatives in the coordinates that are free and in θ."""
        size = max(LEAST_ROWS, CACHED_ENTRIES // self.sm.size)
        pieces = [slice(first, first + size) for first in range(0, rows.size, size)]
        found = [self._terms_of(rows[at], y[at], theta[at], fixed) for at in pieces]
        if len(found) == 1:
            return found[0]
        return Terms(
            np.concatenate([one.chi2 for one in found]),
            np.concatenate([one.gradient for one in found]),
            np.concatenate([one.hessian for one in found]),
        )

    def _terms_of(self, rows: IntArray, y: FloatArray, theta: FloatArray, fixed: int) -> Terms:
        sets = self.sets if rows.size == len(self.sets) else self.sets.chosen(rows)
        p, a = self.extra.dimension, self.extra.coefficients(y)
        if fixed == p:
            return self._summed.terms(sets, a, theta)
        slopes = self.extra.coefficient_slopes(y)[:, fixed:]
        found = self._summed.terms(sets, a, theta, slopes)
        assert found.signal_gradient is not None
        bending = self.extra.coefficient_bending(y, found.signal_gradient)
        found.hessian[:, : p - fixed, : p - fixed] += bending[:, fixed:, fixed:]
        return found

    def minimise(
        self, y: FloatArray, theta: FloatArray, fixed: int, *, thorough: bool = False
    ) -> Minimum:
        """Minimise over θ and all coordinates but the first ``fixed``.

        Parameters
        ----------
        y, theta : array, shape (n, p) and (n, k)
            Where to start, and the values of what is fixed.
        fixed : int
        thorough : bool
            Whether to go on where a narrow bent valley takes too many damped steps.

        Returns
        -------
        Minimum
            x holds the free coordinates, then θ.
        """
        free = self.extra.dimension - fixed

        def evaluate(x: FloatArray, rows: IntArray) -> Terms:
            at = np.concatenate([y[rows, :fixed], x[:, :free]], axis=1)
            return self._terms(rows, at, x[:, free:], fixed)

        start = np.concatenate([y[:, fixed:], theta], axis=1)
        found = minimise_damped(evaluate, start, leading=free)
        left = np.flatnonzero(found.failed & np.isfinite(found.chi2))
        if left.size == 0 or not thorough:
            return found
        further = minimise(lambda x, rows: evaluate(x, left[rows]), found.x[left], leading=free)
        return found.replaced(left, further)

    def lowest(
        self,
        y: FloatArray,
        theta: FloatArray,
        fixed: int,
        *,
        followed: int = 1,
        within: float = np.inf,
    ) -> Minimum:
        """Return the lowest of the minima from several starts, shapes (s, n, p) and (s, n, k).

        Those of the lowest χ² are followed, if it is ``within`` that of the first, then the basins
        beside the lowest minimum.
        """
        value = np.array([self.value(*one) for one in zip(y, theta, strict=True)])
        order = np.argsort(np.where(np.isfinite(value), value, np.inf), axis=0, kind="stable")
        rows = np.arange(len(self.sets))
        found = self.minimise(y[order[0], rows], theta[order[0], rows], fixed)
        first = value[order[0], rows] + within
        for which in order[1:followed]:
            close = np.flatnonzero(value[which, rows] <= first)
            if close.size == 0:
                break
            at = which[close], close
            other = self.chosen(close).minimise(y[at], theta[at], fixed)
            lower = other.chi2 < found.chi2[close]
            found = found.replaced(close[lower], other.chosen(np.flatnonzero(lower)))
        left = np.flatnonzero(found.failed & np.isfinite(found.chi2))
        if left.size:
            at_end, nuisances = self._split(found.x[left], y[0, left], fixed)
            further = self.chosen(left).minimise(at_end, nuisances, fixed, thorough=True)
            found = found.replaced(left, further)
        return self.basins(found, y[0, :, :fixed], fixed)

    def or_lower(self, found: Minimum, start: FloatArray, y: FloatArray, fixed: int) -> Minimum:
        """Return the minima, or those from other starts x (n, ...) where these are lower."""
        at, theta = self._split(start, y, fixed)
        rows = np.flatnonzero(
            found.failed | (self.value(at, theta) < found.chi2 - LOWER * (1 + np.abs(found.chi2)))
        )
        if rows.size == 0:
            return found
        other = self.chosen(rows).minimise(at[rows], theta[rows], fixed)
        return found.replaced(rows, found.chosen(rows).or_lower(other))

    def _split(self, x: FloatArray, y: FloatArray, fixed: int) -> tuple[FloatArray, FloatArray]:
        """Return all coordinates and the nuisances of x of a minimum."""
        free = self.extra.dimension - fixed
        return np.concatenate([y[:, :fixed], x[:, :free]], axis=1), x[:, free:]

    @cached_property
    def _shapes(self) -> IntArray:
        return shape_columns(self.sets.likelihood)

    def basins(self, found: Minimum, y: FloatArray, fixed: int) -> Minimum:
        """Return the minima, or lower ones that lie beyond the next bend of a shape.

        Each shape nuisance is moved to where χ² may have another minimum, all else following as
        the Hessian tells; the lowest of these points is followed if it promises a lower one.
        """
        active = np.arange(len(self.sets)) if self._shapes.size else np.arange(0)
        for _ in range(ROUNDS):
            if active.size == 0:
                break
            own = self.chosen(active)
            before = found.chosen(active)
            start, value = own._beside(before, y[active], fixed)
            tried = np.flatnonzero(value < before.chi2 + PROMISING)
            if tried.size == 0:
                break
            rows = active[tried]
            at, theta = self._split(start[tried], y[rows], fixed)
            other = self.chosen(rows).minimise(at, theta, fixed)
            lower = ~other.failed & (other.chi2 < before.chi2[tried] - LOWER)
            found = found.replaced(rows, before.chosen(tried).or_lower(other))
            active = rows[lower]
        return found

    def _beside(self, found: Minimum, y: FloatArray, fixed: int) -> tuple[FloatArray, FloatArray]:
        """Return the lowest point beside each minimum, and χ² there."""
        free = self.extra.dimension - fixed
        best, lowest = found.x, np.full(len(found.x), np.inf)
        for column in free + self._shapes:
            tangent = _tangent(found.hessian, int(column))
            at = found.x[:, column]
            # The events of a one-sided shape are about the same at -θ, all else as it is.
            own = np.eye(tangent.shape[1])[column]
            tried = [(-2 * at, own), *((centre - at, tangent) for centre in CENTRES)]
            for move, along in tried:
                x = found.x + move[:, None] * along
                value = self.value(*self._split(x, y, fixed))
                value = np.where(np.abs(move) < APART, np.inf, value)
                better = value < lowest
                best = np.where(better[:, None], x, best)
                lowest = np.where(better, value, lowest)
        return best, lowest


def shape_columns(likelihood: NewtonLikelihood) -> IntArray:
    """Return the nuisances that are shapes, among those of a likelihood."""
    names = frozenset().union(*(part.shapes for part in likelihood.parts))
    return np.flatnonzero([name in names for name in likelihood.names])


def _tangent(hessian: FloatArray, column: int) -> FloatArray:
    """Return how x follows one of its entries along the bottom of a parabola, shape (n, d)."""
    d = hessian.shape[1]
    rest = np.delete(np.arange(d), column)
    found = np.ones((len(hessian), d))
    own = hessian[:, rest[:, None], rest]
    slope = hessian[:, rest, column][..., None]
    try:
        found[:, rest] = -np.linalg.solve(own, slope)[..., 0]
    except np.linalg.LinAlgError:
        # Along a coordinate that the data do not tell nothing follows.
        found[:, rest] = -(np.linalg.pinv(own, hermitian=True) @ slope)[..., 0]
    return found
