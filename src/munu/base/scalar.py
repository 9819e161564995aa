"""χ² of one parameter: its minimum and the intervals around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.roots import bracketed_roots
from munu.base.typing import FloatArray

Chi2 = Callable[[FloatArray], FloatArray]


@final
@dataclass(frozen=True, eq=False)
class ScalarMinimum:
    """The minimum of χ² of one parameter on an interval.

    Parameters
    ----------
    chi2 : callable
        χ², shape (n,), at values (n,).
    best, chi2_min : float
    grid, on_grid : array, shape (n,)
        Values that span the range searched, and χ² there.
    """

    chi2: Chi2
    best: float
    chi2_min: float
    grid: FloatArray
    on_grid: FloatArray

    def interval(self, delta: float) -> tuple[float, float]:
        """Return where χ² stays within ``delta`` of its minimum, around it.

        An end that is not reached is that of the range searched.
        """
        level = self.chi2_min + delta
        return self._crossing(level, -1), self._crossing(level, +1)

    def _crossing(self, level: float, side: int) -> float:
        inside = self.grid < self.best if side < 0 else self.grid > self.best
        order = slice(None, None, side)
        values, chi2 = self.grid[inside][order], self.on_grid[inside][order]
        above = np.flatnonzero(chi2 > level)
        if above.size == 0:
            return float(self.grid[0] if side < 0 else self.grid[-1])
        first = int(above[0])
        near = self.best if first == 0 else values[first - 1]
        ends = np.array([near]), np.array([values[first]])
        return float(bracketed_roots(lambda x: self.chi2(x) - level, *ends)[0])


def minimise_scalar(chi2: Chi2, grid: FloatArray) -> ScalarMinimum:
    """Return the minimum of χ² between the ends of an increasing grid.

    Parameters
    ----------
    chi2 : callable
        Takes and returns arrays of shape (n,).
    grid : array, shape (n,)
        Fine enough to tell the minima apart.
    """
    from scipy.optimize import minimize_scalar

    on_grid = chi2(grid)
    i = int(np.argmin(on_grid))
    best, lowest = float(grid[i]), float(on_grid[i])
    bounds = float(grid[max(i - 1, 0)]), float(grid[min(i + 1, grid.size - 1)])
    options = {"xatol": 1e-6 * (bounds[1] - bounds[0])}
    found = minimize_scalar(
        lambda x: float(chi2(np.array([x]))[0]), bounds=bounds, method="bounded", options=options
    )
    if found.fun < lowest:
        best, lowest = float(found.x), float(found.fun)
    return ScalarMinimum(chi2, best, lowest, grid, on_grid)
