r"""The nearest boundary along rays as phases vary, with numerical nuisances.

There χ², minimised over the nuisances and largest among the phases, crosses the level: phases and
distance are followed to that saddle together, with exact derivatives.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TypeAlias, final

import numpy as np

from munu.base.anchors import Anchors, shared_with_neighbours
from munu.base.tolerances import FARTHEST, PRECISION, ROUNDING, TINY
from munu.base.typing import BoolArray, FloatArray, IntArray
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.plane_events import plane_chi2
from munu.statistics.regions.ray_solver import RaySolver

STARTS = 3
"""Samples followed there: saddles of different phases can be nearly as close."""
STEPS = 60
"""Newton takes about ten; a ray that takes more is left to a search without derivatives."""
LONGEST_TURN, LONGEST_STRETCH = 0.6, 2.0
"""In one step, of the phases (rad) and of the distance (a factor): derivatives hold no farther."""
LEAST_CURVATURE = 1e-7
"""Of χ² in a phase: a smaller one counts as none."""


Saddles: TypeAlias = tuple[FloatArray, FloatArray]
"""Distances (n,) and phases (n, n_phases) of each ray."""


@final
@dataclass(frozen=True)
class InnerRays:
    """The smallest distance, over the profiled phases, at which χ² reaches a level.

    Parameters
    ----------
    solver : RaySolver
        Of a likelihood with nuisances, in a plane of two moduli; the Standard Model is allowed.
    unit_mu_b : float
        A typical distance.
    level : float
        Absolute χ².
    """

    solver: RaySolver
    unit_mu_b: float
    level: float

    @cached_property
    def _joint(self) -> JointChi2:
        return plane_chi2(self.solver.model, self.solver.plane, self.unit_mu_b, ())

    def solve(self, angle: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the distances (μ_B), shape (n,), and the phases, shape (n, n_phases).

        A distance is infinite where χ² never reaches the level, and nan where none was found.
        """
        anchors = Anchors.every(angle.size)
        shown = angle[anchors.rows]
        known = shared_with_neighbours(
            self._from_samples(shown), shown.size, partial(self._beside, shown), _nearer
        )
        radius, phases = anchors.between(partial(self._beside, angle, known), _nearer)
        return self.unit_mu_b * radius, phases

    def _beside(self, angle: FloatArray, known: Saddles, beside: IntArray) -> Saddles:
        """Return the saddles that known ones, of the rows given, lead to."""
        radius, phases = known
        return self._saddles(angle, radius[beside], phases[beside])

    def _from_samples(self, angle: FloatArray) -> Saddles:
        """Return the nearest saddle found from the samples that are most excluded."""
        samples, n = self.solver.plane.samples(), angle.size
        every, each = np.repeat(angle, len(samples)), np.tile(samples, (n, 1))
        chi2 = self._joint.at_linear_start(self._points(every, np.ones(every.size), each))
        kept = min(STARTS, len(samples))
        best = np.argsort(-chi2.reshape(n, -1), axis=1)[:, :kept]
        starts, shown = samples[best].reshape(n * kept, -1), np.repeat(angle, kept)
        inverse = self.solver.inverse_outer(shown, starts, self.level)
        with np.errstate(divide="ignore"):
            radius = np.minimum(1 / np.sqrt(inverse) / self.unit_mu_b, FARTHEST)
        found, phases = self._saddles(shown, radius, starts)
        return _nearest(found.reshape(n, kept), phases.reshape(n, kept, -1))

    def _points(self, angle: FloatArray, radius: FloatArray, phases: FloatArray) -> FloatArray:
        return np.concatenate([self.solver.points(angle, radius), phases], axis=1)

    def _saddles(self, angle: FloatArray, radius: FloatArray, phases: FloatArray) -> Saddles:
        """Follow distances and phases to saddles: phases uphill, the distance to the level."""
        radius, phases = radius.copy(), phases.copy()
        found, rows = np.full(angle.size, np.nan), np.flatnonzero(np.isfinite(radius))
        theta = None
        for _ in range(STEPS):
            at, shown = radius[rows], angle[rows]
            terms, minimum = self._joint.profiled(self._points(shown, at, phases[rows]), theta)
            ray = self.solver.points(shown, np.ones(rows.size))
            step = _Step.of(terms.gradient, terms.hessian, ray, self.level - terms.chi2)
            endless = (at >= FARTHEST) & (terms.chi2 < self.level)
            done = endless | step.arrived(self.level)
            found[rows[done]] = np.where(endless, np.inf, at)[done]
            go = ~(done | minimum.failed)
            rows, theta = rows[go], minimum.x[go]
            if rows.size == 0:
                break
            stretched = radius[rows] + step.radius[go]
            near, far = radius[rows] / LONGEST_STRETCH, radius[rows] * LONGEST_STRETCH
            radius[rows] = np.minimum(np.clip(stretched, near, far), FARTHEST)
            phases[rows] += step.phases[go]
        return found, phases


@final
@dataclass(frozen=True, eq=False)
class _Step:
    """Newton steps of the distance and the phases, and what is left of χ² to gain.

    Parameters
    ----------
    radius : array, shape (m,)
    phases : array, shape (m, n_phases)
    over, gain : array, shape (m,)
        The level less χ², and what the phases could add.
    """

    radius: FloatArray
    phases: FloatArray
    over: FloatArray
    gain: FloatArray

    @classmethod
    def of(
        cls, gradient: FloatArray, hessian: FloatArray, ray: FloatArray, over: FloatArray
    ) -> _Step:
        """Return the steps for derivatives in (x, y, phases) along rays of unit vectors (m, 2)."""
        slope = np.einsum("mi,mi->m", ray, gradient[:, :2])
        with np.errstate(divide="ignore", invalid="ignore"):
            radius = np.where(slope > 0, over / slope, np.copysign(np.inf, over))
        uphill, mixed = gradient[:, 2:], np.einsum("mi,mip->mp", ray, hessian[:, :2, 2:])
        values, vectors = np.linalg.eigh(hessian[:, 2:, 2:])
        sizes = np.maximum(np.abs(values), LEAST_CURVATURE)
        turned = np.einsum("mpq,mp->mq", vectors, uphill)
        ahead = uphill + mixed * np.where(np.isfinite(radius), radius, 0.0)[:, None]
        eigen_step = np.einsum("mpq,mp->mq", vectors, ahead) / sizes
        phases = np.einsum("mpq,mq->mp", vectors, eigen_step)
        length = np.linalg.norm(phases, axis=1, keepdims=True)
        phases *= np.minimum(1.0, LONGEST_TURN / np.maximum(length, TINY))
        return cls(radius, phases, over, 0.5 * np.sum(turned**2 / sizes, axis=1))

    def arrived(self, level: float) -> BoolArray:
        """Whether χ² is the level and largest among the phases."""
        return np.asarray(
            np.maximum(np.abs(self.over), self.gain) <= PRECISION + ROUNDING * abs(level)
        )


def _nearer(first: Saddles, second: Saddles) -> Saddles:
    """Return the nearer of two saddles of each ray."""
    radius, phases = (np.stack(arrays, axis=1) for arrays in zip(first, second, strict=True))
    return _nearest(radius, phases)


def _nearest(radius: FloatArray, phases: FloatArray) -> Saddles:
    """Return the smallest of the distances (n, k) and its phases (n, k, n_phases)."""
    best = np.argmin(np.where(np.isnan(radius), np.inf, radius), axis=1)
    best = np.where(np.isnan(radius).all(axis=1), 0, best)
    rows = np.arange(len(radius))
    return radius[rows, best], phases[rows, best]
