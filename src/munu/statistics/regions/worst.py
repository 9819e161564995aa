"""χ² of a plane where phases are such that it is largest: what is allowed whatever they are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final, final

import numpy as np

from munu.base.descent import Minimum
from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray
from munu.statistics.models.couplings import CouplingModel
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.line import FIRST_END
from munu.statistics.models.neighbours import FAR
from munu.statistics.models.parametrisation import TURN, Parametrisation
from munu.statistics.regions.finer import DIVISIONS
from munu.statistics.regions.lattice import Lattice
from munu.statistics.regions.outlines import Contour
from munu.statistics.regions.resolved import resolved
from munu.statistics.regions.surface import Surface, Values

STARTS: Final = {1: 16, 2: 10}
"""Values of each phase from which the largest χ² is looked for, by the number of phases."""
SCOUTING: Final = 12
HOPELESS: Final = 1e3
"""Steps after which χ² so far above the level is not followed to its minimum over nuisances."""
STEPS: Final = 30
LONGEST: Final = 3.0
"""Of a step, in units of a phase."""
GAINED: Final = 1e-11
"""Rise of χ² that is none."""
FEW: Final = 9
POINTS: Final = 21
"""Of the lattice along each axis, at first and at last."""
MARGIN: Final = 0.03
CLOSER: Final = 8
"""Times that the lattice is drawn about what was found."""
FILLED: Final = 0.4
"""Part of each axis that this is of, from which the lattice is fine enough."""


@final
@dataclass(frozen=True)
class WorstSurface(Surface):
    """χ² of the first two coordinates, the nuisances minimised over, phases where it is largest.

    Parameters
    ----------
    joint : JointChi2
        Its coordinates after the first two are phases, in units of
        `munu.statistics.models.parametrisation.TURN`.
    level : float
        What its contour is wanted of.
    """

    joint: JointChi2
    level: float

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
        above = np.full(n * k, self.level)
        fixed = self.joint.dimension
        found = self.joint.minimise(y, fixed=fixed, steps=SCOUTING, above=above)
        rows = np.flatnonzero(found.failed & (found.chi2 < self.level + HOPELESS))
        found = found.replaced(rows, self.joint.minimise(y[rows], fixed=fixed, above=above[rows]))
        best = np.argmax(found.chi2.reshape(n, k), axis=1)
        chosen = found.chosen(np.arange(n) * k + best)
        values = self._values(y[np.arange(n) * k + best], chosen)
        # The largest is not below any: far above the level it need not be known.
        rows = np.flatnonzero(~(chosen.chi2 > self.level + FAR))
        return values.replaced(rows, self._risen(points[rows], grid[best[rows]]))

    def near(self, points: FloatArray, *starts: FloatArray, leads: bool = False) -> Values:
        """Return the largest values found from the phases of the starts."""
        found = [self._risen(points, start[:, : self.phases]) for start in starts]
        best = np.argmax([one.value for one in found], axis=0)
        rows = np.arange(len(points))

        def chosen(name: str) -> FloatArray:
            return np.asarray(np.array([getattr(one, name) for one in found])[best, rows])

        return Values(*(chosen(name) for name in ("value", "slope", "inner", "lead")))

    def elsewhere(
        self, points: FloatArray, value: FloatArray, inner: FloatArray, *starts: FloatArray
    ) -> tuple[IntArray, FloatArray]:
        """Return where χ² is larger than known."""
        found = self.near(points, inner, *starts)
        rows = np.flatnonzero(found.value > value + GAINED * (1 + np.abs(value)))
        return rows, found.inner[rows]

    def terms(self, points: FloatArray, inner: FloatArray) -> Terms:
        """Return those of the joint χ²: where it is largest in phases they are stationary too."""
        y = np.column_stack([points, inner[:, : self.phases]])
        return self.joint.terms(y, inner[:, self.phases :])

    def linear_start(self, points: FloatArray) -> FloatArray:
        """Return zero for the phases, and the nuisances that follow the signal."""
        phases = np.zeros((len(points), self.phases))
        theta = self.joint.linear_start(np.column_stack([points, phases]))
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
        return self._values(y, found)

    def _values(self, y: FloatArray, found: Minimum) -> Values:
        inner = np.concatenate([y[:, 2:], found.x], axis=1)
        lead = np.zeros((len(y), 2, inner.shape[1]))
        return Values(found.chi2, self.joint.slope(y, found.x)[:, :2], inner, lead)


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
    surface = WorstSurface(parametrisation.joint(model, matrix)[0], level)
    low, high = (domain / np.array(units)[:, None]).T
    for _ in range(CLOSER):
        around = _around(Lattice.of(surface, *_axes(low, high, FEW), level), level)
        filled = np.all(around[1] - around[0] > FILLED * (high - low))
        low, high = np.maximum(low, around[0]), np.minimum(high, around[1])
        if filled:
            break
    axes = _axes(low, high, POINTS)
    lattice = Lattice.of(surface, *axes, level)
    if not np.any(lattice.value <= level):
        return Contour((), ())
    found = resolved(surface, lattice, np.empty((0, 2)))
    scale = np.array(units)
    return found.mapped(lambda line: np.asarray(line * scale))


def _axes(low: FloatArray, high: FloatArray, n: int) -> tuple[FloatArray, FloatArray]:
    """Return both axes of a lattice, a little beyond the domain, but not below zero."""
    margin = MARGIN * (high - low)
    first = np.where(low == 0, 0.0, low - margin)
    x, y = np.linspace(first, high + margin, n).T
    return x, y


def _around(lattice: Lattice, level: float) -> tuple[FloatArray, FloatArray]:
    """Return the corners of what is at most at a level and a coarse cell around it, or of all."""
    last = np.array([lattice.x.size - 1, lattice.y.size - 1])
    rows, columns = np.nonzero(lattice.value <= level)
    corners = np.array([[0, 0], last])
    if rows.size:
        corners = np.array([[columns.min(), rows.min()], [columns.max(), rows.max()]])
        corners += DIVISIONS * np.array([[-1], [1]])
    low, high = np.clip(corners, 0, last)
    first, last = (np.array([lattice.x[i], lattice.y[j]]) for i, j in (low, high))
    return first, last
