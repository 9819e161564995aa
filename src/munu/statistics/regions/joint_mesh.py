"""χ² at the points of a grid, minimised over what is profiled and the nuisances together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import final

import numpy as np

from munu.base.anchors import Anchors
from munu.base.descent import Minimum
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.statistics.models.joint import SCOUTS, JointChi2
from munu.statistics.models.moments import MomentModel
from munu.statistics.models.plane import PHASE_SAMPLES, PHASES, Plane, turned
from munu.statistics.models.plane_events import plane_chi2, unit_mu_b
from munu.statistics.regions.mesh import POLISHED, MeshMinima, Window

SPACING = 9
"""Every so many points of an axis minima are looked for from scratch: between anchors of a grid a
minimum changes along both axes, more than along a row."""
SIZES = (0.1, 1.0, 2.0)
"""Profiled moduli from which minima are looked for, in the unit."""


@final
@dataclass(frozen=True)
class JointMesh(MeshMinima):
    """Minima of which some are looked for from samples, the others near them.

    Parameters
    ----------
    model : MomentModel
        Of a likelihood with nuisances.
    plane : Plane
    """

    model: MomentModel
    plane: Plane

    @cached_property
    def _unit_mu_b(self) -> float:
        return unit_mu_b(self.model, self.plane)

    @cached_property
    def _scale(self) -> FloatArray:
        """Return the unit of x and y."""
        axes = (self.plane.x, self.plane.y)
        return np.array([1.0 if name in PHASES else self._unit_mu_b for name in axes])

    @cached_property
    def joint(self) -> JointChi2:
        """χ² of the point shown, of what is profiled and of the nuisances."""
        return plane_chi2(self.model, self.plane, self._unit_mu_b, self.plane.profiled)

    @cached_property
    def _samples(self) -> FloatArray:
        """Return coordinates of what is profiled, shape (n, d)."""
        turns = 2 * np.pi * np.arange(PHASE_SAMPLES) / PHASE_SAMPLES
        sizes = np.array(SIZES)
        moduli = np.concatenate([-sizes, sizes]) if self.plane.signed else np.sqrt(sizes)
        axes = [turns if name in PHASES else moduli for name in self.plane.profiled]
        return np.array(list(product(*axes)), float)

    def _from(self, points: FloatArray, *starts: FloatArray) -> Minimum:
        """Return the lowest of the minima at points from starts of what is profiled."""
        d, best = len(self.plane.profiled), None
        for start in starts:
            y = np.concatenate([points / self._scale, start[:, :d]], axis=1)
            found = self.joint.minimise(y, fixed=2)
            best = found if best is None else best.or_lower(found)
        assert best is not None
        return best

    def _from_samples(self, points: FloatArray) -> Minimum:
        n, m = len(points), len(self._samples)
        y = np.concatenate(
            [np.repeat(points / self._scale, m, axis=0), np.tile(self._samples, (n, 1))], axis=1
        )
        return self.joint.lowest(y, fixed=2, n=n, scouts=SCOUTS)[1]

    def solve(self, window: Window) -> tuple[FloatArray, FloatArray]:
        """Return the minima, each near those of the anchors around it."""
        rows, columns = (Anchors.every(axis.size, SPACING) for axis in (window.y, window.x))
        mesh, n_x, n_nodes = window.mesh(), window.x.size, columns.rows.size
        nodes = (rows.rows[:, None] * n_x + columns.rows).ravel()
        scratch = self._from_samples(mesh[nodes])
        row, column = np.divmod(np.arange(len(mesh)), n_x)
        above, below = rows.right[row], rows.left[row]
        right, left = columns.right[column], columns.left[column]
        corners = [(above, right), (below, left), (above, left), (below, right)]
        starts = [scratch.x[r * n_nodes + c] for r, c in corners]
        found = self._converged(self._from(mesh, *starts))
        return found.chi2, found.x[:, : len(self.plane.profiled)]

    def _converged(self, found: Minimum) -> Minimum:
        for row in np.flatnonzero(found.failed):
            raise MunuError(*self.joint.failure(found.x[row], found.step[row], fixed=2))
        return found

    def near(self, points: FloatArray, *starts: FloatArray) -> FloatArray:
        """Return the minima from the starts."""
        return self._converged(self._from(points, *starts)).chi2

    def lowest(self, window: Window, chi2: FloatArray, p: FloatArray) -> tuple[FloatArray, float]:
        """Minimise over the plane too, from the lowest points of the grid.

        A point beyond the window's edge is left out for the lowest of the grid.
        """
        chosen = np.argsort(chi2)[:POLISHED]
        point, value = window.mesh()[chosen[0]], float(chi2[chosen[0]])
        y = np.concatenate([window.mesh()[chosen] / self._scale, p[chosen]], axis=1)
        found = self.joint.minimise(y, fixed=0)
        low = np.array([window.x[0], window.y[0]])
        high = np.array([window.x[-1], window.y[-1]])
        for row in np.argsort(found.chi2)[::-1]:
            at = self._turned(found.x[row, :2] * self._scale)
            inside = np.all((at >= low) & (at <= high))
            if inside and not found.failed[row] and found.chi2[row] <= value:
                point, value = at, float(found.chi2[row])
        return point, value

    def _turned(self, point: FloatArray) -> FloatArray:
        """Return a point with its phases in (-π, π]."""
        phases = np.array([name in PHASES for name in (self.plane.x, self.plane.y)])
        return np.where(phases, turned(point), point)
