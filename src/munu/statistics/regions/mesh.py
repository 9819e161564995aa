"""χ² at the points of a grid in a plane, minimised over the profiled parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.batch import minimise_batch, minimise_from_samples
from munu.base.typing import FloatArray, IntArray
from munu.statistics.models import rays
from munu.statistics.models.moments import MomentModel
from munu.statistics.models.plane import PHASES, Plane

ABSOLUTE_SAMPLES = (0.0, 0.1, 0.3, 0.6, 1.0)
"""Profiled moduli tried, in their unit, each in the place of one of `Plane.samples`: a ratio to r
says nothing near the origin."""
STARTS = 2
"""Samples refined at each point: the best may lie in the wrong valley."""
POLISHED = 5
"""Lowest points of the grid from which the global minimum is refined."""


@final
@dataclass(frozen=True, eq=False)
class Window:
    """The grid's axes, shape (n_x,) and (n_y,)."""

    x: FloatArray
    y: FloatArray

    @property
    def start(self) -> FloatArray:
        """The first point."""
        return np.array([self.x[0], self.y[0]])

    @property
    def spacing(self) -> FloatArray:
        """Distance of two points along x and along y."""
        return np.array([self.x[1] - self.x[0], self.y[1] - self.y[0]])

    def mesh(self) -> FloatArray:
        """Return all points, shape (n_y n_x, 2)."""
        return np.stack(np.meshgrid(self.x, self.y), axis=-1).reshape(-1, 2)


class MeshMinima(ABC):
    """Minima over the profiled parameters p at points (x, y) of a plane: μ_B and rad."""

    @abstractmethod
    def solve(self, window: Window) -> tuple[FloatArray, FloatArray]:
        """Return χ², shape (n,), and p, shape (n, d), at the points of a grid."""

    @abstractmethod
    def near(self, points: FloatArray, *starts: FloatArray) -> FloatArray:
        """Return χ² at points (n, 2) between others of the grid, whose p are the starts (n, d)."""

    @abstractmethod
    def lowest(self, window: Window, chi2: FloatArray, p: FloatArray) -> tuple[FloatArray, float]:
        """Return the point in the window where χ² is smallest, and χ² there, from `solve`."""


@final
@dataclass(frozen=True)
class SampledMesh(MeshMinima):
    """Minima looked for at each point from samples of the profiled parameters.

    Parameters
    ----------
    model : MomentModel
    plane : Plane
    unit_mu_b : float or None
        Unit of the profiled moduli; None if the plane shows two phases, where a modulus is r.
    """

    model: MomentModel
    plane: Plane
    unit_mu_b: float | None

    def _objective(self, points: FloatArray, p: FloatArray) -> FloatArray:
        model, plane = self.model, self.plane
        if self.unit_mu_b is None:
            w = model.dipole_events(*plane.directions(points, p))
            return rays.minimise(model.likelihood, model.sm, w).chi2
        shown, radius = _polar(plane, points)
        moduli = [i for i, name in enumerate(plane.profiled) if name not in PHASES]
        bare = p.copy()
        bare[:, moduli] = 0.0
        base, delta_cp = plane.directions(shown, bare)
        moments = radius[:, None] * base
        for i in moduli:
            one = bare.copy()
            one[:, i] = 1.0
            size = self.unit_mu_b * (p[:, i] if plane.signed else np.abs(p[:, i]))
            moments = moments + size[:, None] * (plane.directions(shown, one)[0] - base)
        return model.chi2(moments, delta_cp)

    def _samples(self) -> FloatArray:
        samples = self.plane.samples()
        if self.unit_mu_b is None:
            return samples
        for i, name in enumerate(self.plane.profiled):
            if name not in PHASES:
                ratios = np.unique(np.abs(samples[:, i]))
                absolute = np.array(ABSOLUTE_SAMPLES)
                sizes = absolute[np.searchsorted(ratios, np.abs(samples[:, i]))]
                samples[:, i] = np.sign(samples[:, i]) * sizes
        return samples

    def _from_samples(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        return minimise_from_samples(
            lambda p, rows: self._objective(points[rows], p),
            self._samples(),
            len(points),
            starts=STARTS,
        )

    def solve(self, window: Window) -> tuple[FloatArray, FloatArray]:
        """Return the minima from the samples."""
        p, chi2 = self._from_samples(window.mesh())
        return chi2, p

    def near(self, points: FloatArray, *starts: FloatArray) -> FloatArray:
        """Return the minima from the samples."""
        return self._from_samples(points)[1]

    def lowest(self, window: Window, chi2: FloatArray, p: FloatArray) -> tuple[FloatArray, float]:
        """Refine the lowest points of the grid over the plane and the profiled parameters."""
        low = np.array([window.x[0], window.y[0]])
        high = np.array([window.x[-1], window.y[-1]])
        chosen = np.argsort(chi2)[:POLISHED]

        def inside(x: FloatArray) -> FloatArray:
            return np.asarray(np.clip(low + x[:, :2] * (high - low), low, high))

        def everywhere(x: FloatArray, _: IntArray) -> FloatArray:
            return self._objective(inside(x), x[:, 2:])

        start = np.column_stack([(window.mesh()[chosen] - low) / (high - low), p[chosen]])
        x, value = minimise_batch(everywhere, start)
        index = int(np.argmin(value))
        return inside(x)[index], float(value[index])


def _polar(plane: Plane, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return s and r of points of a plane with a modulus."""
    if len(plane.moduli) == 2:
        return np.arctan2(points[:, 1], points[:, 0]), np.hypot(*points.T)
    modulus, phase = (0, 1) if plane.x in plane.moduli else (1, 0)
    return points[:, phase], points[:, modulus]
