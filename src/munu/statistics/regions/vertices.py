"""Where a surface crosses a level along edges of a lattice: the vertices of its contour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.roots import newton_roots
from munu.base.terms import Terms
from munu.base.typing import BoolArray, FloatArray, IntArray
from munu.statistics.models.crossings import stepped
from munu.statistics.models.neighbours import any_apart
from munu.statistics.regions.surface import Surface

NEWTON_STEPS: Final = 7
ROUNDING: Final = 1e-11


@final
@dataclass(frozen=True, eq=False)
class LatticeEdges:
    """Edges of a lattice that a level may cross.

    Parameters
    ----------
    surface : Surface
    low, span : array, shape (n, 2)
        One end, and the way to the other.
    level : float
    starts : list of array, shape (n, d)
        What is minimised over, about, and in other valleys. The first is kept up to date.
    """

    surface: Surface
    low: FloatArray
    span: FloatArray
    level: float
    starts: list[FloatArray]

    @property
    def rounding(self) -> float:
        """Size of a value that is rounding alone."""
        return ROUNDING * (1 + abs(self.level))

    def points(self, part: FloatArray, some: IntArray) -> FloatArray:
        """Return points at fractions of some edges, shape (n, 2)."""
        return np.asarray(self.low[some] + part[:, None] * self.span[some])

    def found(self, part: FloatArray, rising: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Return where the level is, as fractions of the edges, and on which edges it was found.

        Parameters
        ----------
        part, rising : array, shape (n,)
            Where to start, and the sign of the slope.
        """
        every, ends = np.arange(part.size), (np.zeros(part.size), np.ones(part.size))
        part, self.starts[0], done = stepped(
            self._terms, part, self.starts[0], ends, rising, self.level
        )
        left = np.flatnonzero(~done)
        part[left], done[left] = _newton(self._over, part[left], left, self.rounding)
        # Another valley may be lower there: that of a corner, or one that is met by starting anew.
        others = self._others(part, every)
        again = np.flatnonzero(done & any_apart(self.starts[0], others))
        if again.size:
            lower, inner = self.surface.elsewhere(
                self.points(part[again], again),
                np.full(again.size, self.level),
                self.starts[0][again],
                *(other[again] for other in others),
            )
            again = again[lower]
            self.starts[0][again] = inner
            part[again], done[again] = _newton(self._over, part[again], again, self.rounding)
        return part, done

    def between(self, some: IntArray, rise: FloatArray) -> FloatArray:
        """Return where the level is on edges at whose ends, (n, 2), values are on both sides."""
        return newton_roots(
            lambda part, rows: self._widely(part, some[rows]),
            np.zeros(some.size),
            np.ones(some.size),
            *rise.T,
            rounding=self.rounding,
        )

    def _terms(self, part: FloatArray, inner: FloatArray, some: IntArray) -> Terms:
        return self.surface.terms(self.points(part, some), inner).along(self.span[some])

    def _over(self, part: FloatArray, some: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return values above the level and slopes from the first starts."""
        return self._near(part, some, self.starts[0][some])

    def _widely(self, part: FloatArray, some: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return the lowest values above the level from all starts, and slopes."""
        return self._near(part, some, self.starts[0][some], *self._others(part, some))

    def _others(self, part: FloatArray, some: IntArray) -> list[FloatArray]:
        """Return starts in other valleys, and those of starting anew."""
        anew = self.surface.linear_start(self.points(part, some))
        return [*(start[some] for start in self.starts[1:]), anew]

    def _near(
        self, part: FloatArray, some: IntArray, *starts: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        found = self.surface.near(self.points(part, some), *starts)
        self.starts[0][some] = found.inner
        return found.value - self.level, np.einsum("ni,ni->n", found.slope, self.span[some])


def _newton(
    over: Callable[[FloatArray, IntArray], tuple[FloatArray, FloatArray]],
    start: FloatArray,
    rows: IntArray,
    rounding: float,
) -> tuple[FloatArray, BoolArray]:
    """Return roots of functions ``rows`` from starts, and which were found between zero and one."""
    at, done = start.copy(), np.zeros(start.size, np.bool_)
    left = np.arange(start.size)
    for _ in range(NEWTON_STEPS):
        if left.size == 0:
            break
        value, slope = over(at[left], rows[left])
        done[left] = np.abs(value) <= rounding
        with np.errstate(divide="ignore", invalid="ignore"):
            ahead = at[left] - value / slope
        good = ~done[left] & (ahead > 0) & (ahead < 1)
        at[left[good]] = ahead[good]
        left = left[good]
    return at, done
