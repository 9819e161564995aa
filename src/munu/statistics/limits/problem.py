"""χ² at a given |Λ_i|, minimised over the other moments and the nuisances together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.anchors import Anchors, shared_with_neighbours
from munu.base.descent import Minimum
from munu.base.errors import MunuError
from munu.base.typing import ComplexArray, FloatArray
from munu.statistics.likelihoods import NewtonLikelihood, as_newton
from munu.statistics.limits.slices import seen_diagonal
from munu.statistics.models.dipole_events import QuadraticEvents
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.moments import MomentModel, normalised_w
from munu.statistics.models.ray_scan import FIRST, scan_range
from munu.statistics.models.valleys import Valleys, find_valleys, frame, lattice

NEARBY = 0.1
"""Other moments, relative to |Λ_i|, from which a minimum close to a slice is looked for."""
AROUND = (0.5, 3.0)
"""Distances of other starts from a cancelling one, in standard deviations of the data."""
SCOUTS, REAL_SCOUTS = 6, 12
"""Starts of one |Λ_i| that are followed: with fixed phases each choice of signs has a minimum."""
ANCHORS = 24
"""|Λ_i| of a curve, at most, at which its minimum is looked for from scratch."""
VANISHING = 1e-9
"""|Λ_i|, relative to all moments, that is zero."""
SINGULAR = 1e-12
"""Eigenvalue of a matrix, relative to the largest, that counts as zero."""


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

    def step(self, over: float, side: int) -> float:
        """Return the change of |Λ_i| that lowers χ² by ``over``, infinite if none does.

        ``side`` is the direction, +1 or -1, in which χ² rises.
        """
        slope = side * self.slope
        square = slope**2 - 2 * self.bend * over
        if slope <= 0 or square <= 0:
            return side * (-over / slope if slope > 0 else np.inf)
        return float(side * -2 * over / (slope + np.sqrt(square)))


def _rough_rise(likelihood: NewtonLikelihood, sm: FloatArray, w: FloatArray, delta: float) -> float:
    """Return the t at which the parabola of χ²(sm + t w) at zero has risen by ``delta``."""
    first, last = scan_range(likelihood.scale, sm, w[None])
    if not np.isfinite(last[0]):
        return 1.0
    t = float(first[0] / FIRST)
    terms = likelihood.terms(sm[None], likelihood.start[None], t * w[None, None])
    slope, mixed, own = terms.gradient[0, 0], terms.hessian[0, 0, 1:], terms.hessian[0, 1:, 1:]
    bend = terms.hessian[0, 0, 0] - mixed @ np.linalg.solve(own, mixed)
    bend = max(float(bend), SINGULAR)
    root = np.sqrt(slope**2 + 2 * bend * delta)
    rise = 2 * delta / (slope + root) if slope > 0 else (root - slope) / bend
    return float(t * np.clip(rise, 1.0, last[0] / t))


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
        cls, model: MomentModel, w: ComplexArray, index: int, delta: float, *, phases_free: bool
    ) -> ProfileProblem:
        """Return the problem of a model whose likelihood may be Gaussian.

        The unit is about the |Λ_i| that alone raises χ² by ``delta``.
        """
        likelihood = as_newton([model.likelihood], model.sm)
        ray = seen_diagonal(model, index)
        unit = float(np.sqrt(_rough_rise(likelihood, model.sm, ray, delta)))
        return cls(likelihood, model, w, index, unit, phases_free)

    @property
    def others(self) -> list[int]:
        """Indices of the other moments."""
        return [i for i in range(3) if i != self.index]

    @cached_property
    def joint(self) -> JointChi2:
        """χ² of |Λ_i|, the others and the nuisances."""
        columns: ComplexArray = np.eye(3, dtype=complex)[:, [self.index, *self.others]]
        if self.phases_free:
            columns = np.concatenate([columns, 1j * columns[:, 1:]], axis=1)
        dipole = QuadraticEvents.of(self.w, self.unit_mu_b * columns)
        return JointChi2(self.likelihood, self.model.sm, dipole)

    @cached_property
    def directions(self) -> FloatArray:
        """Return the others, for |Λ_i| = 1, where χ² may be lowest, shape (n, p - 1).

        They are small; or they cancel the excess best, in all bins or in those of one experiment.
        None is zero: there χ² is stationary, and moments that do not interfere would stay.
        """
        ends = np.cumsum([part.n_signal for part in self.likelihood.parts])
        pieces = np.split(self.w, ends[:-1]) if len(ends) > 1 else []
        found = [self._cancelling(normalised_w(w)) for w in (self.w, *pieces)]
        found += [NEARBY * np.array(pair, np.complex128) for pair in ((1, -1), (-1j, -1))]
        rows = self._parts(np.array(found))
        return np.unique(rows[np.abs(rows).max(axis=1) > SINGULAR], axis=0)

    def _cancelling(self, total: ComplexArray) -> ComplexArray:
        block = total[np.ix_(self.others, self.others)]
        inverse = np.linalg.pinv(block, rcond=SINGULAR, hermitian=True)
        return np.asarray(-inverse @ total[self.others, self.index])

    @cached_property
    def valleys(self) -> Valleys:
        """The minima over all moments, whichever is asked for."""
        return find_valleys(self.likelihood, self.model.sm, self.w, phases_free=self.phases_free)

    @property
    def standard_model_chi2(self) -> float:
        """χ² without moments."""
        return self.valleys.standard_model_chi2

    @cached_property
    def bottoms(self) -> FloatArray:
        """Return the coordinates of the valleys, shape (n, p): |Λ_i| is not negative."""
        moments = self.valleys.moments / self.unit_mu_b
        size = np.abs(moments[:, self.index])
        size = np.where(size > VANISHING * np.linalg.norm(moments, axis=1), size, 0.0)
        turn = np.where(size > 0, moments[:, self.index].conj() / np.where(size > 0, size, 1), 1)
        rest = turn[:, None] * moments[:, self.others]
        return np.concatenate([size[:, None], self._parts(rest)], axis=1)

    @cached_property
    def without(self) -> float:
        """The smallest χ² of the others alone."""
        w = self.w[:, self.others][:, :, self.others]
        found = find_valleys(self.likelihood, self.model.sm, w, phases_free=self.phases_free)
        return float(found.chi2[0])

    @property
    def _scouts(self) -> int:
        """How many starts are followed."""
        return SCOUTS if self.phases_free else REAL_SCOUTS

    @cached_property
    def _around(self) -> FloatArray:
        """Return other moments of some significance, in all directions, shape (n, p - 1)."""
        b = frame(self.likelihood, self.w[:, self.others][:, :, self.others]) / self.unit_mu_b
        rows = lattice(b.shape[1], phases_free=self.phases_free)
        turns = (1, 1j, -1, -1j) if self.phases_free else (1, -1)
        rest = np.concatenate([turn * rows for turn in turns]) @ b.T
        return np.concatenate([size * self._parts(rest) for size in AROUND])

    def _parts(self, rest: ComplexArray) -> FloatArray:
        """Return the coordinates of other moments (n, 2), shape (n, p - 1)."""
        return np.concatenate([rest.real, rest.imag], axis=1) if self.phases_free else rest.real

    def starts(self, size: float, *, around: bool = True) -> tuple[FloatArray, FloatArray]:
        """Return points of |Λ_i| = size, shape (n, p), and where their nuisances start.

        The others are in proportion to it; some significance away from what cancels the excess; or
        those of the valleys, as they are and in proportion. Without ``around`` those in the middle
        are left out.
        """
        cancelling = size * self.directions
        best = size * self._parts(self._cancelling(normalised_w(self.w))[None])
        beside = [self._around, best + self._around] if around else []
        moved = self.bottoms[:, 0] > 0
        ratio = size / np.where(moved, self.bottoms[:, 0], 1.0)
        as_they_are, theta = self.bottoms[:, 1:], self.valleys.theta
        scaled = (ratio[:, None] * as_they_are)[moved]
        rest = np.concatenate([cancelling, *beside, as_they_are, scaled])
        y = np.concatenate([np.full((len(rest), 1), size), rest], axis=1)
        known = np.concatenate([theta, theta[moved]])
        return y, np.concatenate([self.joint.linear_start(y[: len(y) - len(known)]), known])

    def lowest(
        self, starts: FloatArray, theta: FloatArray | None = None, *, scouts: int | None = None
    ) -> ProfilePoint:
        """Return the lowest minimum found from starts of one |Λ_i|, shape (n, p).

        Raises
        ------
        MunuError
            If the nuisances converge from no start.
        """
        scouts = self._scouts if scouts is None else scouts
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

        Some are looked for from `starts`, the others from the nearest of those, and all from where
        the minima of their neighbours lie.
        """
        anchors = Anchors.at_most(sizes.size, ANCHORS)
        pieces = [self.starts(size) for size in sizes[anchors.rows].tolist()]
        y, theta = (np.concatenate(arrays) for arrays in zip(*pieces, strict=True))
        n = anchors.rows.size
        scratch = self.joint.valleys(y, fixed=1, n=n, scouts=self._scouts, theta=theta)
        best = anchors.between(lambda side: self._from(sizes, scratch.x[side]), Minimum.or_lower)
        return shared_with_neighbours(
            best,
            sizes.size,
            lambda found, beside: self._from(sizes, found.x[beside]),
            Minimum.or_lower,
        )

    def _from(self, sizes: FloatArray, x: FloatArray) -> Minimum:
        """Return the minima at each |Λ_i| from starts x of the others and the nuisances."""
        free = self.joint.dimension - 1
        y = np.concatenate([sizes[:, None], x[:, :free]], axis=1)
        return self.joint.minimise(y, fixed=1, theta=x[:, free:])
