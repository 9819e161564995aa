r"""Boundaries of the allowed set along rays, with parameters profiled.

Profiling takes the union of the intervals in r: the outer boundary is :math:`\max_p r_+(s,p)`, the
inner one :math:`\min_p r_-(s,p)`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.batch import minimise_along, minimise_batch
from munu.base.errors import MunuError
from munu.base.typing import FloatArray, IntArray
from munu.statistics.models import rays
from munu.statistics.models.moments import MomentModel
from munu.statistics.models.plane import Plane
from munu.statistics.regions.solved_rays import SolvedRays

ON_AXIS = 1e-15
"""Largest component of a unit vector that is rounding: an endless ray along an axis stays on it."""
EXCLUDED = 1e300
"""1/r² of a ray on which nothing is allowed."""


@dataclass(frozen=True)
class Rays(ABC):
    """Boundaries of a plane with at least one modulus, along rays s.

    Parameters
    ----------
    model : MomentModel
    plane : Plane
    """

    model: MomentModel
    plane: Plane

    @property
    @abstractmethod
    def best_fit(self) -> tuple[float, FloatArray]:
        """The global minimum of χ² and the (s, r) where it is."""

    @abstractmethod
    def solve(self, shown: FloatArray, level: float, near: SolvedRays | None = None) -> SolvedRays:
        """Return the boundaries of the union over the profiled parameters along rays s.

        A ray whose fit does not converge is marked.

        Parameters
        ----------
        shown : array, shape (n,)
            In increasing order.
        level : float
            Absolute χ².
        near : SolvedRays, optional
            Rays solved before.

        Raises
        ------
        MunuError
            If no ray's fit converges.
        """

    @abstractmethod
    def sharpest(
        self, minima: IntArray, reach: float, near: SolvedRays, level: float
    ) -> tuple[FloatArray, FloatArray]:
        """Return the s within ``reach`` of some of the solved rays where 1/t_+ is smallest, and it.

        Parameters
        ----------
        minima : array
            Which of the rays.
        """

    @property
    def span(self) -> tuple[float, float]:
        """Range of s: a quadrant or a turn for two moduli, a turn for a phase."""
        if len(self.plane.moduli) == 2 and not self.plane.signed:
            return (0.0, 0.5 * np.pi)
        return (-np.pi, np.pi)

    def origin_allowed(self, level: float) -> bool:
        """Whether the Standard Model lies in the region."""
        return self.model.standard_model_chi2 <= level

    def points(self, shown: FloatArray, radius: FloatArray) -> FloatArray:
        """Return the points (x, y), shape (n, 2), at radii or moduli r along rays s.

        A coordinate of zero has no sign: the origin is (0, 0) on every ray.
        """
        if len(self.plane.moduli) == 2:
            direction = np.column_stack([np.cos(shown), np.sin(shown)])
            off_axis = np.abs(direction) > ON_AXIS
            reach = np.where(off_axis, radius[:, None], 0.0)
            return np.asarray(reach * direction + 0.0)
        columns = [radius, shown] if self.plane.x in self.plane.moduli else [shown, radius]
        return np.column_stack(columns)


@final
@dataclass(frozen=True)
class RaySolver(Rays):
    """Each ray solved for t at given p, and the ends of its interval minimised over p."""

    def w(self, shown: FloatArray, profiled: FloatArray) -> FloatArray:
        """Return n†W_bn, shape (m, n_signal)."""
        return self.model.dipole_events(*self.plane.directions(shown, profiled))

    def minimum_along(self, shown: FloatArray, profiled: FloatArray) -> rays.RayMinimum:
        """Return the minimum of χ² along rays of given profiled parameters."""
        return rays.minimise(self.model.likelihood, self.model.sm, self.w(shown, profiled))

    @cached_property
    def best_fit(self) -> tuple[float, FloatArray]:
        """Return the global minimum of χ² and the (s, r) where it is."""
        if self.model.closed_form is not None:
            shown = np.linspace(*self.span, 5)
            profiled = np.tile(self.plane.samples()[:1], (5, 1))
            found = self.minimum_along(shown, profiled)
            index = int(np.argmin(found.chi2))
            return float(found.chi2[index]), np.array([shown[index], np.sqrt(found.t[index])])
        return self._search_best_fit()

    def _search_best_fit(self) -> tuple[float, FloatArray]:
        shown = np.linspace(*self.span, 25)
        samples = self.plane.samples()
        start = np.column_stack([np.repeat(shown, len(samples)), np.tile(samples, (shown.size, 1))])
        value = self.minimum_along(start[:, 0], start[:, 1:]).chi2
        order = np.argsort(value)[:5]

        def objective(x: FloatArray, _: IntArray) -> FloatArray:
            inside = np.clip(x[:, 0], *self.span)
            return self.minimum_along(inside, x[:, 1:]).chi2

        x, refined = minimise_batch(objective, start[order])
        index = int(np.argmin(refined))
        shown_best = np.clip(x[index, :1], *self.span)
        t = self.minimum_along(shown_best, x[index : index + 1, 1:]).t
        return float(refined[index]), np.array([shown_best[0], np.sqrt(t[0])])

    def solve(self, shown: FloatArray, level: float, near: SolvedRays | None = None) -> SolvedRays:
        """Return the ends of the union of the intervals over p, by halves where a fit fails."""
        try:
            return self._solve(shown, level)
        except MunuError:
            if shown.size == 1:
                raise
            middle = shown.size // 2
            halves = [self._marked(half, level) for half in (shown[:middle], shown[middle:])]
            found = halves[0].joined(halves[1])
            if len(found.failures) == shown.size:
                raise
            return found

    def _marked(self, shown: FloatArray, level: float) -> SolvedRays:
        """Return rays as `solve`, all marked if none converges."""
        try:
            return self.solve(shown, level)
        except MunuError as error:
            unknown = np.full(shown.size, np.nan)
            p = np.full((shown.size, len(self.plane.free)), np.nan)
            failures = tuple((float(s), str(error)) for s in shown)
            return SolvedRays(shown, unknown, unknown, p, failures)

    def _solve(self, shown: FloatArray, level: float) -> SolvedRays:
        samples, n = self.plane.samples(), shown.size

        def inner(p: FloatArray, rows: IntArray) -> FloatArray:
            low, _ = rays.allowed(
                self.model.likelihood, self.model.sm, self.w(shown[rows], p), level
            )
            return np.where(np.isnan(low), EXCLUDED, low)

        inverse, p_outer = self.outer_boundary(shown, level)
        low = np.zeros(n)
        if not self.origin_allowed(level):
            _, low = minimise_along(inner, samples, n)
        return SolvedRays(shown, np.where(np.isnan(inverse), np.nan, low), inverse, p_outer)

    def outer_boundary(self, shown: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
        """Return 1/t_+ of the union over the profiled parameters, and the p that give it."""

        def outer(p: FloatArray, rows: IntArray) -> FloatArray:
            return self.inverse_outer(shown[rows], p, level)

        p, inverse = minimise_along(outer, self.plane.samples(), shown.size)
        return np.where(inverse >= EXCLUDED, np.nan, inverse), p

    def inverse_outer(self, shown: FloatArray, profiled: FloatArray, level: float) -> FloatArray:
        """Return 1/t_+ along rays of given profiled parameters, huge if none is allowed."""
        likelihood, sm = self.model.likelihood, self.model.sm
        _, high = rays.allowed(likelihood, sm, self.w(shown, profiled), level)
        with np.errstate(divide="ignore"):
            return np.where(np.isnan(high), EXCLUDED, 1.0 / high)

    def sharpest(
        self, minima: IntArray, reach: float, near: SolvedRays, level: float
    ) -> tuple[FloatArray, FloatArray]:
        """Return the minima of 1/t_+ over s and p together."""
        centre = near.shown[minima]

        def displaced(x: FloatArray, rows: IntArray) -> FloatArray:
            return np.clip(centre[rows] + reach * np.tanh(x[:, 0]), *self.span)

        def objective(x: FloatArray, rows: IntArray) -> FloatArray:
            return self.inverse_outer(displaced(x, rows), x[:, 1:], level)

        start = np.column_stack([np.zeros(centre.size), near.p[minima]])
        x, value = minimise_batch(objective, start)
        return displaced(x, np.arange(centre.size)), value
