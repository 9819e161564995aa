"""χ² of a plane where phases are such that it is largest: what is allowed whatever they are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final, final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.models.couplings import CouplingModel
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.line import FIRST_END
from munu.statistics.models.parametrisation import TURN, Parametrisation
from munu.statistics.regions.lattice import Lattice, Surface, Values
from munu.statistics.regions.outlines import Contour

STARTS: Final = {1: 16, 2: 10}
"""Values of each phase from which the largest χ² is looked for, by the number of phases."""
STEPS: Final = 30
LONGEST: Final = 3.0
"""Of a step, in units of a phase."""
GAINED: Final = 1e-11
"""Rise of χ² that is none."""
POINTS: Final = 21
"""Of the lattice along each axis."""
MARGIN: Final = 0.03


@final
@dataclass(frozen=True)
class WorstSurface(Surface):
    """χ² of the first two coordinates, the nuisances minimised over, phases where it is largest.

    Parameters
    ----------
    joint : JointChi2
        Its coordinates after the first two are phases, in units of
        `munu.statistics.models.parametrisation.TURN`.
    """

    joint: JointChi2

    @property
    def phases(self) -> int:
        """Number of phases."""
        return self.joint.dimension - 2

    def scan(self, points: FloatArray, shape: tuple[int, int]) -> Values:
        """Return values from the best of a grid of phases."""
        ends = np.linspace(-FIRST_END, FIRST_END, STARTS[self.phases], endpoint=False)
        grid = np.array(list(product(ends, repeat=self.phases)))
        n, k = len(points), len(grid)
        y = np.column_stack([np.repeat(points, k, axis=0), np.tile(grid, (n, 1))])
        chi2 = self.joint.minimise(y, fixed=self.joint.dimension).chi2.reshape(n, k)
        return self._risen(points, grid[np.argmax(chi2, axis=1)])

    def near(self, points: FloatArray, *starts: FloatArray) -> Values:
        """Return the largest values found from the phases of the starts."""
        found = [self._risen(points, start[:, : self.phases]) for start in starts]
        best = np.argmax([one.value for one in found], axis=0)
        rows = np.arange(len(points))

        def chosen(name: str) -> FloatArray:
            return np.asarray(np.array([getattr(one, name) for one in found])[best, rows])

        return Values(*(chosen(name) for name in ("value", "slope", "inner", "lead")))

    def expected(self, points: FloatArray) -> FloatArray:
        """Return zero for the phases, and the nuisances that follow the signal."""
        phases = np.zeros((len(points), self.phases))
        theta = self.joint.expected(np.column_stack([points, phases]))
        return np.concatenate([phases, theta], axis=1)

    def _risen(self, points: FloatArray, phases: FloatArray) -> Values:
        """Return values at the largest χ² that Newton steps lead to from phases."""
        y = np.column_stack([points, phases])
        terms, found = self.joint.profiled(y)
        for _ in range(STEPS):
            bent, vectors = np.linalg.eigh(terms.hessian[:, 2:, 2:])
            slope = np.einsum("mij,mi->mj", vectors, terms.gradient[:, 2:])
            step = np.einsum("mij,mj->mi", vectors, slope / np.maximum(np.abs(bent), 1e-9))
            step *= np.minimum(1, LONGEST / np.maximum(np.abs(step).max(axis=1), 1e-300))[:, None]
            trial = np.column_stack([points, y[:, 2:] + step])
            new, theirs = self.joint.profiled(trial)
            half = np.column_stack([points, y[:, 2:] + 0.25 * step])
            shorter, short = self.joint.profiled(half)
            use_short = shorter.chi2 > new.chi2
            trial[use_short], theirs = (
                half[use_short],
                theirs.replaced(np.flatnonzero(use_short), short.chosen(np.flatnonzero(use_short))),
            )
            better = np.maximum(new.chi2, shorter.chi2) > terms.chi2 + GAINED
            if not better.any():
                break
            y[better] = trial[better]
            terms, found = self.joint.profiled(y)
        inner = np.concatenate([y[:, 2:], found.x], axis=1)
        lead = np.zeros((len(points), 2, inner.shape[1]))
        return Values(terms.chi2, terms.gradient[:, :2], inner, lead)


def worst_contour(
    model: CouplingModel, parametrisation: Parametrisation, domain: FloatArray, level: float
) -> Contour:
    """Return where χ² is at most a level whatever the phases are.

    Parameters
    ----------
    model : CouplingModel
    parametrisation : Parametrisation
        Its axes are those of the plane, then the phases.
    domain : array, shape (2, 2)
        First and last coordinate of each axis of the plane, finite.
    level : float
    """
    units = [parametrisation.unit(model, axis) for axis in (0, 1)]
    matrix = np.diag([*units, *[TURN] * (parametrisation.n_axes - 2)])
    surface = WorstSurface(parametrisation.joint(model, matrix)[0])
    x, y = (
        np.linspace(low - MARGIN * (high - low) * (low != 0), high + MARGIN * (high - low), POINTS)
        / unit
        for (low, high), unit in zip(domain, units, strict=True)
    )
    lattice = Lattice.of(surface, x, y, level)
    if not np.any(lattice.value <= level):
        return Contour((), ())
    found = lattice.contour(surface, level)
    scale = np.array(units)
    outlines = tuple(one * scale for one in found.outlines)
    return Contour(outlines, tuple(one * scale for one in found.arcs))
