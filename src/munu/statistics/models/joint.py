"""χ² of moments and nuisances together, with exact derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.descent import MAXIMUM_STEPS, Minimum, Pruning, minimise
from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray
from munu.statistics.likelihoods import DataSets, NewtonLikelihood, SummedLikelihood
from munu.statistics.models.dipole_events import ExtraEvents
from munu.statistics.models.followed import Followed

CHUNK_ENTRIES, SIGNAL_ENTRIES = 1_000_000, 200_000
"""Numbers worked on at once: derivatives of the bins, and bins alone, which stay in the cache."""
HESSIAN_ENTRIES = 4_000_000
"""Of the Hessians of problems that are minimised together, of which a few are held."""
MANY_POINTS, TOGETHER = 5, 128
"""Points from which sums over bins are products of matrices, and that are worked on together."""
BLOCKS = 25
"""Weights of blocks that there are about for each nuisance."""
SCOUTS, PRUNED = 8, (2, 6)
"""Starts that are followed, and the steps after which the better half of them goes on."""
ALIKE = 1e-9
"""Difference of χ², relative to 1 + χ², below which two starts are one."""


@final
@dataclass(frozen=True, eq=False)
class JointChi2:
    """χ²(y, θ).

    Parameters
    ----------
    likelihood : NewtonLikelihood
    sm : array, shape (n_signal,)
    extra : ExtraEvents
    """

    likelihood: NewtonLikelihood
    sm: FloatArray
    extra: ExtraEvents

    @property
    def dimension(self) -> int:
        """Number of coordinates y."""
        return self.extra.dimension

    def signal(self, y: FloatArray) -> FloatArray:
        """Return S, shape (m, n_signal), at points (m, p)."""
        return np.asarray(self.sm + self.extra.events(y))

    @cached_property
    def _changes(self) -> tuple[FloatArray, FloatArray]:
        """Return how the nuisances follow the Standard Model and each row of the dipole's basis."""
        respond = self.likelihood.change
        return respond(self.sm - self.likelihood.reference), respond(self.extra.basis)

    def linear_start(self, y: FloatArray) -> FloatArray:
        """Return the nuisances, shape (m, k), that are expected at points (m, p)."""
        at_sm, per_basis = self._changes
        theta = self.likelihood.started(at_sm + self.extra.coefficients(y) @ per_basis)
        if not self.likelihood.starts_far:
            return theta
        return self.likelihood.better_start(self.signal(y), theta)

    @cached_property
    def _summed(self) -> SummedLikelihood:
        """χ² whose signals are sums of the basis: of many points at once it costs a fraction."""
        return SummedLikelihood.of(self.likelihood, self.sm, self.extra.basis)

    @cached_property
    def _data(self) -> DataSets:
        return DataSets.own(self.likelihood)

    def terms(self, y: FloatArray, theta: FloatArray) -> Terms:
        """Return χ² with the nuisances' own terms, and its derivatives in y and θ."""
        p, at, basis = self.dimension, self.extra.at(y), self.extra.basis
        if len(y) < MANY_POINTS:
            signal = self.sm + at.coefficients @ basis
            found = self.likelihood.terms(signal, theta, at.slopes @ basis)
            assert found.signal_gradient is not None
            weights = found.signal_gradient @ basis.T
        else:
            found = self._summed.terms(self._data, at.coefficients, theta, at.slopes)
            assert found.signal_gradient is not None
            weights = found.signal_gradient
        found.hessian[:, :p, :p] += at.bending(weights)
        return Terms(found.chi2, found.gradient, found.hessian)

    def minimise(
        self,
        y: FloatArray,
        fixed: int,
        *,
        theta: FloatArray | None = None,
        steps: int = MAXIMUM_STEPS,
        above: FloatArray | None = None,
        prunings: Sequence[Pruning] = (),
    ) -> Minimum:
        """Minimise over the nuisances and all coordinates but the first ``fixed``.

        Arguments as of `followed`.
        """
        return self.followed(
            y, fixed, theta=theta, steps=steps, above=above, prunings=prunings
        ).minimum

    def followed(
        self,
        y: FloatArray,
        fixed: int,
        *,
        theta: FloatArray | None = None,
        steps: int = MAXIMUM_STEPS,
        above: FloatArray | None = None,
        starts: int = 1,
        prunings: Sequence[Pruning] = (),
    ) -> Followed:
        """Return the minima over the nuisances and all coordinates but the first ``fixed``.

        Parameters
        ----------
        y : array, shape (m, p)
            Where to start, and the values of what is fixed.
        fixed, steps : int
        theta : array, shape (m, k), optional
            Where the nuisances start; by default where they are expected.
        above : array, shape (m,), optional
            Values of which it is enough to know that χ² is higher, as of
            `munu.base.descent.minimise`.
        starts : int, optional
            How many points, one after another, are starts of one problem: prunings see all of it.
        prunings : sequence of Pruning, optional
            As of `munu.base.descent.minimise`.

        Returns
        -------
        Followed
            x holds the free coordinates, then the nuisances.
        """
        y = self._unwound(y, fixed)
        if theta is None:
            theta = self.linear_start(y)
        free = max(self.dimension - fixed + theta.shape[1], 1)
        size = starts * max(1, HESSIAN_ENTRIES // (starts * free**2))
        chunks = [slice(first, first + size) for first in range(0, max(len(y), 1), size)]
        pieces = [
            self._followed(
                y[at],
                theta[at],
                fixed,
                steps=steps,
                above=None if above is None else above[at],
                prunings=prunings,
            )
            for at in chunks
        ]
        return pieces[0] if len(pieces) == 1 else Followed.joined(pieces)

    def _unwound(self, y: FloatArray, fixed: int) -> FloatArray:
        """Return points whose free angles are within a turn of zero.

        Where a modulus is zero nothing holds its angle, and what follows neighbours would turn it
        until its last digit is more than a turn.
        """
        periods = np.where(np.arange(self.dimension) < fixed, np.inf, self.extra.periods)
        far = np.abs(y) > periods
        if not far.any():
            return y
        return np.where(far, np.remainder(y, periods), y)

    def _followed(
        self,
        y: FloatArray,
        theta: FloatArray,
        fixed: int,
        *,
        steps: int,
        above: FloatArray | None,
        prunings: Sequence[Pruning],
    ) -> Followed:
        free = self.dimension - fixed
        m, size = len(y), free + theta.shape[1]
        most = max(TOGETHER, CHUNK_ENTRIES // max(size * (self.sm.size + BLOCKS * size), 1))
        last, slope, mixed = np.empty((m, size)), np.empty((m, fixed)), np.empty((m, fixed, size))

        def some(x: FloatArray, rows: IntArray) -> Terms:
            at = np.concatenate([y[rows, :fixed], x[:, :free]], axis=1)
            found = self.terms(at, x[:, free:])
            last[rows], slope[rows] = x, found.gradient[:, :fixed]
            mixed[rows] = found.hessian[:, :fixed, fixed:]
            return Terms(found.chi2, found.gradient[:, fixed:], found.hessian[:, fixed:, fixed:])

        def evaluate(x: FloatArray, rows: IntArray) -> Terms:
            firsts = range(0, max(rows.size, 1), most)
            pieces = [some(x[at : at + most], rows[at : at + most]) for at in firsts]
            return pieces[0] if len(pieces) == 1 else Terms.joined(pieces)

        start = np.concatenate([y[:, fixed:], theta], axis=1)
        found = minimise(evaluate, start, leading=free, steps=steps, above=above, prunings=prunings)
        # A minimum is a small step from where χ² was evaluated last, along which slopes change.
        slope += (mixed @ (found.x - last)[:, :, None])[:, :, 0]
        return Followed(found, slope, mixed)

    def profiled(self, y: FloatArray, theta: FloatArray | None = None) -> tuple[Terms, Minimum]:
        """Return χ² minimised over the nuisances, with its derivatives in y, and the minimum.

        Parameters
        ----------
        y : array, shape (m, p)
        theta : array, shape (m, k), optional
            Where the nuisances start.
        """
        p = self.dimension
        found = self.minimise(y, fixed=p, theta=theta)
        terms = self.terms(y, found.x)
        mixed, own = terms.hessian[:, p:, :p], terms.hessian[:, p:, p:]
        bent = terms.hessian[:, :p, :p] - mixed.swapaxes(1, 2) @ np.linalg.solve(own, mixed)
        return Terms(found.chi2, terms.gradient[:, :p], bent), found

    def lowest(
        self,
        y: FloatArray,
        fixed: int,
        *,
        n: int = 1,
        scouts: int = SCOUTS,
        theta: FloatArray | None = None,
        above: FloatArray | None = None,
    ) -> tuple[FloatArray, Minimum]:
        """Return the lowest minima found from several starts of each of n problems.

        A few steps from the lowest of the starts tell which of them goes on.

        Parameters
        ----------
        y : array, shape (n k, p)
            The starts of the first problem, then those of the second, ...
        n, fixed, scouts : int
        theta : array, shape (n k, nuisances), optional
            Where the nuisances start.
        above : array, shape (n,), optional
            As of `minimise`.

        Returns
        -------
        tuple of array, shape (n, p), and Minimum
            All coordinates of each minimum, and it, as of `minimise`.
        """
        k, free = len(y) // n, self.dimension - fixed
        if k > 1:
            found = self.valleys(y, fixed, n=n, scouts=scouts, theta=theta, above=above)
        else:
            found = self.minimise(y, fixed, theta=theta, above=above)
        return np.concatenate([y[::k, :fixed], found.x[:, :free]], axis=1), found

    def valleys(
        self,
        y: FloatArray,
        fixed: int,
        *,
        n: int = 1,
        scouts: int = SCOUTS,
        kept: int = 1,
        theta: FloatArray | None = None,
        above: FloatArray | None = None,
    ) -> Minimum:
        """Return the minima that the best starts lead to, ``kept`` of each problem, lowest first.

        Parameters
        ----------
        y, fixed, n, scouts, theta, above
            As in `lowest`; several starts of a problem may have their nuisances too.
        """
        found = self.best_followed(
            y, fixed, n=n, scouts=scouts, kept=kept, theta=theta, above=above
        )
        return found.minimum

    def best_followed(
        self,
        y: FloatArray,
        fixed: int,
        *,
        n: int = 1,
        scouts: int = SCOUTS,
        kept: int = 1,
        theta: FloatArray | None = None,
        above: FloatArray | None = None,
    ) -> Followed:
        """Return what `valleys` does, with how minima follow what is fixed.

        Those whose χ² is lowest at the start take a few steps, the better half of them a few more,
        and the better half of these go on. Starts of equal χ² count once.
        """
        theta = self.linear_start(y) if theta is None else theta
        several = len(y) > n
        rows = _best_rows(self._start_chi2(y, theta), n, scouts) if several else np.arange(n)
        starts = rows.size // n
        half = max(kept, (starts + 1) // 2)
        found = self.followed(
            y[rows],
            fixed,
            theta=theta[rows],
            above=None if above is None else np.repeat(above, starts),
            starts=starts,
            prunings=[
                best_of(starts, after, most)
                for after, most in zip(PRUNED, (half, kept), strict=True)
            ],
        )
        lost = np.where(found.failed, np.inf, found.chi2)
        return found.chosen(_best_rows(lost, n, kept))

    def at_linear_start(self, y: FloatArray) -> FloatArray:
        """Return χ², shape (m,), at points (m, p) and the nuisances expected there."""
        return self._start_chi2(y, self.linear_start(y))

    def at(self, y: FloatArray, theta: FloatArray) -> FloatArray:
        """Return χ², shape (m,), at points (m, p) and nuisances (m, k)."""
        return self._start_chi2(y, theta)

    def _start_chi2(self, y: FloatArray, theta: FloatArray) -> FloatArray:
        """Return χ², shape (m,), at points (m, p) and nuisances (m, k)."""
        size = max(1, SIGNAL_ENTRIES // self.sm.size)
        pieces = [slice(first, first + size) for first in range(0, max(len(y), 1), size)]
        return np.concatenate([self._value(y[at], theta[at]) for at in pieces])

    def _value(self, y: FloatArray, theta: FloatArray) -> FloatArray:
        if len(y) < MANY_POINTS:
            return self.likelihood.value(self.signal(y), theta)
        return self._summed.value(self._data, self.extra.coefficients(y), theta)

    def failure(self, x: FloatArray, step: FloatArray, fixed: int) -> tuple[str, str]:
        """Return what to say of a minimum that does not converge, and the remedy."""
        free = self.dimension - fixed
        if np.abs(step[free:]).max(initial=0.0) > np.abs(step[:free]).max(initial=0.0):
            return self.likelihood.failure(x[free:], step[free:])
        return (
            "the minimum over the other moments does not converge",
            "Check that the data are compatible with the model at all",
        )

    def slope(self, y: FloatArray, theta: FloatArray) -> FloatArray:
        """Return ∂χ²/∂y, shape (m, p)."""
        gradient = self.likelihood.signal_gradient(self.signal(y), theta)
        return np.asarray(np.einsum("mpb,mb->mp", self.extra.slopes(y), gradient))


def best_of(starts: int, steps: int, kept: int) -> Pruning:
    """Return the pruning after which the ``kept`` lowest of the starts of each problem go on."""
    return Pruning(steps, lambda chi2, _: _best_rows(chi2, chi2.size // starts, kept))


def _best_rows(chi2: FloatArray, n: int, kept: int) -> IntArray:
    """Return the rows of the ``kept`` lowest of each of n problems, of equal ones the first."""
    table = np.where(np.isfinite(chi2), chi2, np.inf).reshape(n, -1)
    order = np.argsort(table, axis=1, kind="stable")
    ranked = np.take_along_axis(table, order, axis=1)
    with np.errstate(invalid="ignore"):
        again = np.diff(ranked, axis=1) <= ALIKE * (1 + np.abs(ranked[:, 1:]))
    last = np.argsort(np.column_stack([np.zeros(n, bool), again]), axis=1, kind="stable")
    best = np.take_along_axis(order, last[:, :kept], axis=1)
    return np.asarray((best + table.shape[1] * np.arange(n)[:, None]).ravel())
