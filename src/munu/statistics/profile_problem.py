"""χ² at a given |Λ_i|, minimised over the other moments and the nuisances together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.errors import MunuError
from munu.statistics.descent import Minimum
from munu.statistics.excess import QuadraticExcess
from munu.statistics.joint import SCOUTS, JointChi2
from munu.statistics.model import MomentModel, join_any, visibility
from munu.statistics.newton import NewtonLikelihood
from munu.statistics.ray_scan import NOTICEABLE
from munu.typing import ComplexArray, FloatArray

SIZES = (0.05, 0.7)
"""|Λ_i| from which the global minimum is looked for, in units of the slice limit."""
NEARBY = 0.1
"""Other moments, relative to |Λ_i|, from which a minimum close to a slice is looked for."""
SINGULAR = 1e-12
"""Eigenvalue of a Hessian, relative to the largest, that counts as zero."""


@final
@dataclass(frozen=True)
class ProfilePoint:
    """The minimum of χ² at one |Λ_i|, and how it changes with it.

    Parameters
    ----------
    y : array, shape (p,)
        |Λ_i| and the others.
    theta : array, shape (k,)
    chi2, slope, bend : float
        χ² and its first and second derivatives in |Λ_i|, all else at the minimum.
    tangent : array, shape (p - 1 + k,)
        Change of the others and of θ with |Λ_i|.
    """

    y: FloatArray
    theta: FloatArray
    chi2: float
    slope: float
    bend: float
    tangent: FloatArray

    def moved(self, size: float) -> tuple[FloatArray, FloatArray]:
        """Return about where the minimum is at another |Λ_i|: y (1, p) and θ (1, k)."""
        free, change = self.y.size - 1, (size - self.y[0]) * self.tangent
        y = np.concatenate([[size], self.y[1:] + change[:free]])
        return y[None], (self.theta + change[free:])[None]

    def step(self, over: float) -> float:
        """Return the change of |Λ_i| that lowers χ² by ``over``, infinite if none does."""
        square = self.slope**2 - 2 * self.bend * over
        if self.slope <= 0 or square <= 0:
            return -over / self.slope if self.slope > 0 else np.inf
        return float(-2 * over / (self.slope + np.sqrt(square)))


@final
@dataclass(frozen=True)
class ProfileProblem:
    """χ² in a unit that makes the moments of order one: |Λ_i|, Re and Im of the others, θ."""

    likelihood: NewtonLikelihood
    model: MomentModel
    w: ComplexArray
    index: int
    unit_mu_b: float
    phases_free: bool

    @classmethod
    def of(
        cls, model: MomentModel, w: ComplexArray, index: int, unit: float, *, phases_free: bool
    ) -> ProfileProblem:
        """Return the problem of a model whose likelihood may be Gaussian."""
        likelihood = model.likelihood
        if not isinstance(likelihood, NewtonLikelihood):
            likelihood = join_any([likelihood], model.sm)
        return cls(likelihood, model, w, index, unit, phases_free)

    @property
    def others(self) -> list[int]:
        """Indices of the other moments."""
        return [i for i in range(3) if i != self.index]

    @cached_property
    def standard_model_chi2(self) -> float:
        """χ² without moments."""
        return float(self.likelihood.chi2(self.model.sm))

    @cached_property
    def joint(self) -> JointChi2:
        """χ² of |Λ_i|, the others and the nuisances."""
        columns: ComplexArray = np.eye(3, dtype=complex)[:, [self.index, *self.others]]
        if self.phases_free:
            columns = np.concatenate([columns, 1j * columns[:, 1:]], axis=1)
        excess = QuadraticExcess.of(self.w, self.unit_mu_b * columns)
        return JointChi2(self.likelihood, self.model.sm, excess)

    @cached_property
    def directions(self) -> FloatArray:
        """Return the others, for |Λ_i| = 1, where χ² may be lowest, shape (n, p - 1).

        They are small; or they cancel the excess best, in all bins or in those of one experiment.
        None is zero: there χ² is stationary, and moments that do not interfere would stay.
        """
        ends = np.cumsum([part.n_signal for part in self.likelihood.parts])
        pieces = np.split(self.w, ends[:-1]) if len(ends) > 1 else []
        found = [self._cancelling(visibility(w)) for w in (self.w, *pieces)]
        found += [NEARBY * np.array(pair, np.complex128) for pair in ((1, -1), (-1j, -1))]
        rest = np.array(found)
        rows = np.concatenate([rest.real, rest.imag], axis=1) if self.phases_free else rest.real
        return np.unique(rows[np.abs(rows).max(axis=1) > SINGULAR], axis=0)

    def _cancelling(self, total: ComplexArray) -> ComplexArray:
        block = total[np.ix_(self.others, self.others)]
        inverse = np.linalg.pinv(block, rcond=1e-12, hermitian=True)
        return np.asarray(-inverse @ total[self.others, self.index])

    def starts(self, size: float, others: float | None = None) -> FloatArray:
        """Return points of |Λ_i| = size, shape (n, p), the others in proportion to it by default.

        ``others`` is the |Λ_i| to which the others are in proportion instead. The last point has
        those of the best fit.
        """
        scale = size if others is None else others
        rest = np.concatenate([scale * self.directions, self.best_fit[1][None, 1:]])
        return np.concatenate([np.full((len(rest), 1), size), rest], axis=1)

    def lowest(
        self, starts: FloatArray, theta: FloatArray | None = None, *, scouts: int = SCOUTS
    ) -> ProfilePoint:
        """Return the lowest minimum found from starts of one |Λ_i|, shape (n, p).

        Raises
        ------
        MunuError
            If the nuisances converge from no start.
        """
        y, found = self.joint.lowest(starts, fixed=1, theta=theta, scouts=scouts)
        if found.failed[0]:
            raise MunuError(*self.joint.failure(found.x[0], found.step[0], fixed=1))
        at = found.x[:, self.joint.dimension - 1 :]
        terms = self.joint.terms(y, at)
        mixed, others = terms.hessian[0, 0, 1:], terms.hessian[0, 1:, 1:]
        tangent = np.asarray(-np.linalg.lstsq(others, mixed, rcond=SINGULAR)[0], np.float64)
        return ProfilePoint(
            y=y[0],
            theta=at[0],
            chi2=float(found.chi2[0]),
            slope=float(terms.gradient[0, 0]),
            bend=float(terms.hessian[0, 0, 0] + mixed @ tangent),
            tangent=tangent,
        )

    def along(self, sizes: FloatArray) -> Minimum:
        """Return the minima over the others at each |Λ_i| of sizes, shape (n,).

        Each is the lowest of those found from `starts`, and then from where the minima of its
        neighbours lie.
        """
        n = sizes.size
        starts = [self.starts(size, others=max(size, NEARBY)) for size in sizes.tolist()]
        _, best = self.joint.lowest(np.concatenate(starts), fixed=1, n=n)
        for shift in (1, -1):
            neighbours = np.clip(np.arange(n) - shift, 0, n - 1)
            other = self._from(sizes, best.x[neighbours])
            best = best.or_lower(other)
        return best

    def _from(self, sizes: FloatArray, x: FloatArray) -> Minimum:
        """Return the minima at each |Λ_i| from starts x of the others, shape (n, p - 1 or more)."""
        free = self.joint.dimension - 1
        y = np.concatenate([sizes[:, None], x[:, :free]], axis=1)
        return self.joint.minimise(y, fixed=1)

    @cached_property
    def best_fit(self) -> tuple[float, FloatArray]:
        """The smallest χ² over all moments, and where it is, shape (p,)."""
        rows = self.directions
        starts = [np.column_stack([np.full(len(rows), size), size * rows]) for size in SIZES]
        y, found = self.joint.lowest(np.concatenate(starts), fixed=0)
        standard_model = self.standard_model_chi2
        rounding = NOTICEABLE * (1 + abs(standard_model))
        if found.failed[0] or standard_model <= found.chi2[0] + rounding:
            return standard_model, np.zeros(self.joint.dimension)
        return float(found.chi2[0]), y[0]
