"""Best fits of many sets of data at once, of parameters that have bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, final

import numpy as np

from munu.base.descent import Minimum
from munu.base.typing import BoolArray, FloatArray
from munu.statistics.models import ExtraEvents
from munu.statistics.models.jumps import Jumps
from munu.statistics.models.set_fits import SetFits
from munu.statistics.studies.blocks import Starts
from munu.statistics.studies.flips import Flip, within

FAR: Final = 20.0
"""Distance, in units of what raises χ² by about one, to which no toy's best fit goes."""
FOLLOWED: Final = 3
"""Starts on a bound that are followed."""


@final
@dataclass(frozen=True, eq=False)
class Borders:
    """The values that the first coordinates of a χ² may have.

    Parameters
    ----------
    domain : array, shape (a, 2)
        One coordinate or two; infinite where there is no bound.
    turned : ExtraEvents or None
        Events as a function of coordinates of which the first two have changed places.
    flips : tuple of Flip
        What changes coordinates and no event.
    """

    domain: FloatArray
    turned: ExtraEvents | None
    flips: tuple[Flip, ...]

    def inside(self, y: FloatArray) -> BoolArray:
        """Return which points, shape (n, p), are within the bounds."""
        return within(self.domain, y[:, : len(self.domain)])

    def near(self, y: FloatArray) -> BoolArray:
        """Return which points, shape (n, p), toys from there may be within the bounds."""
        away = self.domain + FAR * np.array([-1.0, 1.0])
        return within(away, y[:, : len(away)])

    def upright(self, found: Minimum) -> Minimum:
        """Return minima, those within the bounds that are so in other coordinates of the events."""
        for flip in self.flips:
            found = flip.upright(found)
        return found

    def lowest(self, fits: SetFits, starts: Starts, jumps: Jumps) -> Minimum:
        """Return the lowest minima within the bounds, or on them, of sets of data.

        The lowest one without bounds lies outside. Its Hessian is not told.
        """
        first, *others = starts.of_each(len(fits))
        found = self._kept(fits.minimise(first, fixed=0))
        for one in others:
            found = found.or_lower(self._kept(fits.minimise(one, fixed=0)))
        for other in self._on_borders(fits, starts, jumps):
            found = found.or_lower(other)
        return found

    def _kept(self, found: Minimum) -> Minimum:
        """Return minima of all coordinates, those outside as ones that failed."""
        found = self.upright(found)
        step = np.where(self.inside(found.x)[:, None], found.step, 1.0)
        return Minimum(found.chi2, found.x, np.zeros_like(found.hessian), step)

    def _on_borders(self, fits: SetFits, starts: Starts, jumps: Jumps) -> Iterator[Minimum]:
        """Yield the minima on each bound, and on each corner of two."""
        for axis in range(len(self.domain)):
            for end in self._ends(starts, axis):
                yield self._on(fits, starts, jumps, axis, (end,))
        if len(self.domain) == 2:
            for corner in product(self._ends(starts, 0), self._ends(starts, 1)):
                yield self._on(fits, starts, jumps, 0, corner)

    def _ends(self, starts: Starts, axis: int) -> list[float]:
        """Return the bounds of an axis that toys from some start may reach."""
        ends = self.domain[axis][np.isfinite(self.domain[axis])]
        away = np.abs(starts.y[:, axis, None] - ends).min(axis=0)
        return [float(end) for end in ends[away < FAR]]

    def _on(
        self, fits: SetFits, starts: Starts, jumps: Jumps, axis: int, at: tuple[float, ...]
    ) -> Minimum:
        """Return the minima where the coordinates from an axis on have values."""
        p, k = starts.y.shape[1], starts.theta.shape[1]
        order = np.arange(p + k)
        if axis == 1:
            assert self.turned is not None
            order[:2] = 1, 0
            fits = replace(fits, extra=self.turned)
        x, fixed = starts.of_each(len(fits))[..., order], len(at)
        x[..., :fixed] = at
        followed = FOLLOWED if p > fixed else 1
        found = fits.lowest(x, fixed, jumps, followed=followed)
        step = np.where(found.failed[:, None], 1.0, np.zeros_like(found.x))
        return self._kept(Minimum(found.chi2, found.x[:, order], found.hessian, step))
