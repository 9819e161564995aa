"""χ² at a given |Λ_i|, minimised over the other moments and the nuisances together."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.anchors import Anchors, shared_with_neighbours
from munu.base.descent import Minimum
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.statistics.likelihoods import NewtonLikelihood
from munu.statistics.limits.slices import seen_diagonal
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.moments import MomentModel
from munu.statistics.models.ray_scan import FIRST, scan_range

ANCHORS = 24
"""|Λ_i| of a curve, at most, at which its minimum is looked for from scratch."""
SINGULAR = 1e-12
"""Eigenvalue of a matrix, relative to the largest, that counts as zero."""


@final
@dataclass(frozen=True, eq=False)
class SizeStarts:
    """Where the lowest minimum at one size is looked for.

    Parameters
    ----------
    y : array, shape (n, p)
    theta : array, shape (n, k)
    scouts : int
        How many are followed, those whose χ² is lowest.
    """

    y: FloatArray
    theta: FloatArray
    scouts: int


@final
@dataclass(frozen=True, eq=False)
class ProfilePoint:
    """The minimum of χ² at one size of |Λ_i|, and how it changes with it.

    Parameters
    ----------
    y : array, shape (p,)
        The size and the others.
    theta : array, shape (k,)
    chi2, slope, bend : float
        χ² and its first and second derivatives in the size, all else at the minimum.
    tangent : array, shape (p - 1 + k,)
        Change of the others and of θ with it.
    """

    y: FloatArray
    theta: FloatArray
    chi2: float
    slope: float
    bend: float
    tangent: FloatArray

    def moved(self, size: float) -> SizeStarts:
        """Return about where the minimum is at another size."""
        free, change = self.y.size - 1, (size - self.y[0]) * self.tangent
        y = np.concatenate([[size], self.y[1:] + change[:free]])
        return SizeStarts(y[None], (self.theta + change[free:])[None], 1)

    def step(self, over: float, side: int) -> float:
        """Return the change of the size that lowers χ² by ``over``, infinite if none does.

        ``side`` is the direction, +1 or -1, in which χ² rises.
        """
        slope = side * self.slope
        square = slope**2 - 2 * self.bend * over
        if slope <= 0 or square <= 0:
            return side * (-over / slope if slope > 0 else np.inf)
        return float(side * -2 * over / (slope + np.sqrt(square)))


def profile_points(
    joint: JointChi2, y: FloatArray, found: Minimum, fixed: int
) -> list[ProfilePoint | MunuError]:
    """Return minima as points of their curves, or why there is none.

    Parameters
    ----------
    joint : JointChi2
    y : array, shape (n, p)
        All coordinates; the last of those that are fixed is the size.
    found : Minimum
        Of the others and the nuisances.
    fixed : int
    """
    points: list[ProfilePoint | MunuError] = [
        MunuError(*joint.failure(x, step, fixed))
        for x, step in zip(found.x, found.step, strict=True)
    ]
    good, at = np.flatnonzero(~found.failed), found.x[:, joint.dimension - fixed :]
    if good.size == 0:
        return points
    terms = joint.terms(y[good], at[good])
    for place, row in enumerate(good.tolist()):
        bends = terms.hessian[place, fixed - 1 :, fixed - 1 :]
        mixed, others = bends[0, 1:], bends[1:, 1:]
        tangent = np.asarray(-np.linalg.lstsq(others, mixed, rcond=SINGULAR)[0], np.float64)
        points[row] = ProfilePoint(
            y=y[row, fixed - 1 :],
            theta=at[row],
            chi2=float(found.chi2[row]),
            slope=float(terms.gradient[place, fixed - 1]),
            bend=float(bends[0, 0] + mixed @ tangent),
            tangent=tangent,
        )
    return points


@final
@dataclass(frozen=True, eq=False)
class Bottoms:
    """The minima over all moments, that of no moment among them, the lowest first.

    Parameters
    ----------
    y : array, shape (n, p)
    theta : array, shape (n, k)
    chi2 : array, shape (n,)
    standard_model_chi2 : float
        χ² without moments.
    """

    y: FloatArray
    theta: FloatArray
    chi2: FloatArray
    standard_model_chi2: float


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


def unit_mu_b(likelihood: NewtonLikelihood, model: MomentModel, index: int, delta: float) -> float:
    """Return about the |Λ_index| (μ_B) that alone raises χ² by ``delta``."""
    return float(np.sqrt(_rough_rise(likelihood, model.sm, seen_diagonal(model, index), delta)))


@dataclass(frozen=True)
class ModulusProblem(ABC):
    """χ² of coordinates of order one: that of |Λ_i|, its size, those of the others, and θ.

    Parameters
    ----------
    likelihood : NewtonLikelihood
    model : MomentModel
    index : int
    unit_mu_b : float
        About the |Λ_i| that alone raises χ² by some Δχ².
    """

    likelihood: NewtonLikelihood
    model: MomentModel
    index: int
    unit_mu_b: float

    @property
    @abstractmethod
    def joint(self) -> JointChi2:
        """χ² of the size, the others and the nuisances."""

    @property
    @abstractmethod
    def bottoms(self) -> Bottoms:
        """The minima over all moments."""

    @property
    @abstractmethod
    def without(self) -> float:
        """The smallest χ² of the others alone."""

    @property
    @abstractmethod
    def scouts(self) -> int:
        """How many starts of one size are followed."""

    @property
    @abstractmethod
    def followed(self) -> int:
        """How many starts of a toy are followed."""

    @abstractmethod
    def anywhere(self, y: FloatArray, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return where the best fits of toys may be, as `starts`, from those of the true size.

        The first of the latter, of shape (n, p) and (n, k), are the lowest minima of the data.
        """

    @abstractmethod
    def beside(self, y: FloatArray, fixed: int) -> FloatArray:
        """Return where to start beside points, (n, p), that may be stationary and no minima.

        None at all where there are no such points. The first ``fixed`` coordinates are held.
        """

    @abstractmethod
    def sizes(self, moduli_mu_b: FloatArray) -> FloatArray:
        """Return the sizes of |Λ_i| (μ_B), increasing with them."""

    @abstractmethod
    def moduli_mu_b(self, sizes: FloatArray) -> FloatArray:
        """Return |Λ_i| (μ_B) of sizes, of either sign."""

    @abstractmethod
    def starts(self, size: float, *, around: bool = True) -> tuple[FloatArray, FloatArray]:
        """Return points of one size, shape (n, p), and where their nuisances start.

        Without ``around`` there are fewer.
        """

    @property
    def others(self) -> list[int]:
        """Indices of the other moments."""
        return [i for i in range(3) if i != self.index]

    def modulus_mu_b(self, size: float) -> float:
        """Return |Λ_i| (μ_B) of a size."""
        return float(self.moduli_mu_b(np.array([size]))[0])

    def lowest(self, starts: SizeStarts) -> ProfilePoint:
        """Return the lowest minimum found from starts of one size.

        Raises
        ------
        MunuError
            If the nuisances converge from no start.
        """
        y, found = self.joint.lowest(starts.y, fixed=1, theta=starts.theta, scouts=starts.scouts)
        (point,) = profile_points(self.joint, y, found, fixed=1)
        if isinstance(point, MunuError):
            raise point
        return point

    def along(self, sizes: FloatArray) -> Minimum:
        """Return the minima over the others at each of sizes, shape (n,).

        Some are looked for from `starts`, the others from the nearest of those, and all from where
        the minima of their neighbours lie.
        """
        anchors = Anchors.at_most(sizes.size, ANCHORS)
        pieces = [self.starts(size) for size in sizes[anchors.rows].tolist()]
        y, theta = (np.concatenate(arrays) for arrays in zip(*pieces, strict=True))
        n = anchors.rows.size
        scratch = self.joint.valleys(y, fixed=1, n=n, scouts=self.scouts, theta=theta)
        best = anchors.between(lambda side: self._from(sizes, scratch.x[side]), Minimum.or_lower)
        return shared_with_neighbours(
            best,
            sizes.size,
            lambda found, beside: self._from(sizes, found.x[beside]),
            Minimum.or_lower,
        )

    def _from(self, sizes: FloatArray, x: FloatArray) -> Minimum:
        """Return the minima at each size from starts x of the others and the nuisances."""
        free = self.joint.dimension - 1
        y = np.concatenate([sizes[:, None], x[:, :free]], axis=1)
        return self.joint.minimise(y, fixed=1, theta=x[:, free:])
