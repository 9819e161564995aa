"""χ² of moments and nuisances together, with exact derivatives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.statistics.descent import MAXIMUM_STEPS, Minimum, minimise
from munu.statistics.excess import Excess
from munu.statistics.newton import NewtonLikelihood
from munu.statistics.parts import Terms
from munu.typing import FloatArray, IntArray

CHUNK_ENTRIES, SIGNAL_ENTRIES = 1_000_000, 200_000
"""Numbers worked on at once: derivatives of the bins, and bins alone, which stay in the cache."""
SCOUTS, SCOUTING_STEPS = 3, 8
"""Starts that are followed, and the steps after which the lowest alone goes on."""


@final
@dataclass(frozen=True)
class JointChi2:
    """χ²(y, θ).

    Parameters
    ----------
    likelihood : NewtonLikelihood
    sm : array, shape (n_signal,)
    excess : Excess
    """

    likelihood: NewtonLikelihood
    sm: FloatArray
    excess: Excess

    @property
    def dimension(self) -> int:
        """Number of coordinates y."""
        return self.excess.dimension

    def signal(self, y: FloatArray) -> FloatArray:
        """Return S, shape (m, n_signal), at points (m, p)."""
        return np.asarray(self.sm + self.excess.events(y))

    @cached_property
    def _changes(self) -> tuple[FloatArray, FloatArray]:
        """Return how the nuisances follow the Standard Model and each pattern of the excess."""
        respond = self.likelihood.change
        return respond(self.sm - self.likelihood.reference), respond(self.excess.patterns)

    def expected(self, y: FloatArray) -> FloatArray:
        """Return the nuisances, shape (m, k), that are expected at points (m, p)."""
        at_sm, per_pattern = self._changes
        return self.likelihood.started(at_sm + self.excess.amounts(y) @ per_pattern)

    def terms(self, y: FloatArray, theta: FloatArray) -> Terms:
        """Return χ² with the nuisances' own terms, and its derivatives in y and θ."""
        p = self.dimension
        found = self.likelihood.terms(self.signal(y), theta, self.excess.slopes(y))
        assert found.signal_gradient is not None
        found.hessian[:, :p, :p] += self.excess.bending(y, found.signal_gradient)
        return found

    def minimise(
        self,
        y: FloatArray,
        fixed: int,
        *,
        theta: FloatArray | None = None,
        steps: int = MAXIMUM_STEPS,
    ) -> Minimum:
        """Minimise over the nuisances and all coordinates but the first ``fixed``.

        Parameters
        ----------
        y : array, shape (m, p)
            Where to start, and the values of what is fixed.
        fixed, steps : int
        theta : array, shape (m, k), optional
            Where the nuisances start; by default where they are expected.

        Returns
        -------
        Minimum
            x holds the free coordinates, then the nuisances.
        """
        if theta is None:
            theta = self.expected(y)
        rows = max(self.dimension - fixed + theta.shape[1], 1)
        size = max(1, CHUNK_ENTRIES // (self.sm.size * rows))
        pieces = [
            self._minimise(y[first : first + size], theta[first : first + size], fixed, steps)
            for first in range(0, len(y), size)
        ]
        return pieces[0] if len(pieces) == 1 else Minimum.joined(pieces)

    def _minimise(self, y: FloatArray, theta: FloatArray, fixed: int, steps: int) -> Minimum:
        free = self.dimension - fixed

        def evaluate(x: FloatArray, rows: IntArray) -> Terms:
            at = np.concatenate([y[rows, :fixed], x[:, :free]], axis=1)
            found = self.terms(at, x[:, free:])
            return Terms(found.chi2, found.gradient[:, fixed:], found.hessian[:, fixed:, fixed:])

        start = np.concatenate([y[:, fixed:], theta], axis=1)
        return minimise(evaluate, start, leading=free, steps=steps)

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
    ) -> tuple[FloatArray, Minimum]:
        """Return the lowest minima found from several starts of each of n problems.

        A few steps from the lowest of the starts tell which of them goes on.

        Parameters
        ----------
        y : array, shape (n k, p)
            The starts of the first problem, then those of the second, ...
        n, fixed, scouts : int
        theta : array, shape (n k, nuisances), optional
            Where the nuisances of a single start of each problem begin.

        Returns
        -------
        tuple of array, shape (n, p), and Minimum
            All coordinates of each minimum, and it, as of `minimise`.
        """
        k, free = len(y) // n, self.dimension - fixed
        if k > 1:
            kept = min(scouts, k)
            order = np.argsort(self.at_expected(y).reshape(n, k), axis=1)[:, :kept]
            y = y[(order + k * np.arange(n)[:, None]).ravel()]
            tried = self.minimise(y, fixed, steps=SCOUTING_STEPS)
            chi2 = np.where(np.isnan(tried.chi2), np.inf, tried.chi2).reshape(n, kept)
            best = np.argmin(chi2, axis=1) + kept * np.arange(n)
            y = np.concatenate([y[best, :fixed], tried.x[best, :free]], axis=1)
            theta = tried.x[best, free:]
        found = self.minimise(y, fixed, theta=theta)
        return np.concatenate([y[:, :fixed], found.x[:, :free]], axis=1), found

    def at_expected(self, y: FloatArray) -> FloatArray:
        """Return χ², shape (m,), at points (m, p) and the nuisances expected there."""
        size = max(1, SIGNAL_ENTRIES // self.sm.size)
        pieces = [y[first : first + size] for first in range(0, len(y), size)]
        return np.concatenate(
            [self.likelihood.value(self.signal(at), self.expected(at)) for at in pieces]
        )

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
        return np.asarray(np.einsum("mpb,mb->mp", self.excess.slopes(y), gradient))
