r"""Cells of the measured energy, in each of which a few points integrate the density of any recoil.

A density of mean m and width σ(m) reaches :math:`m + n\sigma(m)`. About a measured x the narrowest
is that of the smallest mean that reaches it, or of x itself, whichever has the smaller σ; a cell is
some of these widths. From a threshold to the endpoint of electron recoils σ grows a hundredfold:
cells of equal width would be wide beside it where most recoils are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self, final

import numpy as np

from munu.base.distinct import distinct
from munu.base.errors import MunuError
from munu.base.quadrature import cut_evenly
from munu.base.typing import FloatArray

CELL_SIGMAS: Final = 1.5
"""Width of a cell in standard deviations."""
COARSE: Final = 2.0
"""Times that width, up to which cells of equal width do."""
MOST_CELLS: Final = 1000
"""Most cells of equal width of one bin."""
MOST_GRADED: Final = 50 * MOST_CELLS
"""Most cells of one bin."""
FEW: Final = 20
"""Cells of a bin up to which they are of equal width where only some of them need be so narrow."""
LOOKS: Final = 100
"""Means, evenly spread in their logarithm, at which widths are looked at."""
LEAST: Final = 1e-9
"""Smallest mean that is looked at, relative to the largest."""


@final
class TooNarrow(MunuError):
    """A resolution that would take too many points to integrate."""


def too_narrow(problem: str) -> TooNarrow:
    """Return the error for a resolution that would take too many points to integrate."""
    return TooNarrow(
        f"the detector's resolution {problem}",
        'Use resolution = "perfect", a wider resolution, or fewer bins',
    )


@final
@dataclass(frozen=True, eq=False)
class Widths:
    """The narrowest density about measured energies.

    Parameters
    ----------
    means, sigmas : array, shape (n,)
        Means of recoils, increasing, and the standard deviation at each.
    reach : array, shape (n,)
        Up to where the density of each mean reaches, increasing.
    """

    means: FloatArray
    sigmas: FloatArray
    reach: FloatArray

    @classmethod
    def of(
        cls, mean: FloatArray, sigma: Callable[[FloatArray], FloatArray], span_sigmas: float
    ) -> Self | None:
        """Return those of the means of recoils, None if none is above zero.

        Parameters
        ----------
        mean : array
        sigma : callable
            The standard deviation at means.
        span_sigmas : float
            How far a density reaches.
        """
        top = float(mean.max(initial=0.0))
        if not top > 0:
            return None
        low = max(float(mean.min()), LEAST * top)
        means = np.exp(np.linspace(np.log(low), np.log(top), LOOKS))
        sigmas = sigma(means)
        return cls(means, sigmas, np.maximum.accumulate(means + span_sigmas * sigmas))

    def at(self, x: FloatArray) -> FloatArray:
        """Return the smallest standard deviation of what is measured at x."""
        reaching = np.interp(x, self.reach, self.sigmas)
        return np.minimum(reaching, np.interp(x, self.means, self.sigmas))

    def between(self, borders: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return x from the first border to the last, and the smallest deviation at each."""
        x = distinct(borders, self.means, self.reach)
        x = x[(x >= borders[0]) & (x <= borders[-1])]
        return x, self.at(x)

    def narrowest(self, borders: FloatArray) -> FloatArray:
        """Return the smallest standard deviation between borders (n + 1,), shape (n,)."""
        x, smallest = self.between(borders)
        at = np.searchsorted(x, borders)
        return np.minimum(np.minimum.reduceat(smallest, at[:-1]), smallest[at[1:]])

    def graded(self, ends: FloatArray) -> FloatArray:
        """Return the borders of cells from one end to the other that follow the width, (n + 1,)."""
        x, narrowest = self.between(ends)
        per_unit = 1 / (CELL_SIGMAS * narrowest)
        steps = 0.5 * (per_unit[1:] + per_unit[:-1]) * np.diff(x)
        number = np.append(0.0, np.cumsum(steps))
        if number[-1] > MOST_GRADED:
            raise too_narrow("is far narrower than a bin")
        pieces = max(int(np.ceil(number[-1])), 1)
        return np.interp(np.linspace(0.0, number[-1], pieces + 1), number, x)


def split(
    borders: FloatArray,
    mean: FloatArray,
    sigma: Callable[[FloatArray], FloatArray],
    span_sigmas: float,
    efficiency: Callable[[FloatArray], FloatArray],
) -> FloatArray:
    """Return the borders of cells, those of the bins and of kinks among them.

    Parameters
    ----------
    borders : array, shape (n + 1,)
        Increasing; each is kept as it is.
    mean, sigma, span_sigmas
        As of `Widths.of`.
    efficiency : callable
        The probability that what is measured counts: where it is zero nothing is to be integrated.

    Raises
    ------
    TooNarrow
        For a resolution that would take too many cells.
    """
    width = np.diff(borders)
    if np.any(width > MOST_CELLS * CELL_SIGMAS * sigma(borders[1:])):
        raise too_narrow("is far narrower than a bin")
    cell = np.maximum(CELL_SIGMAS * sigma(np.maximum(borders[:-1], 0.0)), width / MOST_CELLS)
    number = np.ceil(width / cell).astype(int)
    widths = Widths.of(mean, sigma, span_sigmas)
    if widths is None:
        return cut_evenly(borders, number)
    narrowest = CELL_SIGMAS * widths.narrowest(borders)
    wide, wanted = width > COARSE * number * narrowest, np.ceil(width / narrowest)
    even = cut_evenly(borders, np.where(wide & (wanted <= FEW), wanted, number).astype(int))
    finer = (borders[i : i + 2] for i in np.flatnonzero(wide & (wanted > FEW)))
    held = (ends for ends in finer if _some_count(even, ends, efficiency))
    return distinct(even, *(widths.graded(ends) for ends in held))


def _some_count(
    cells: FloatArray, ends: FloatArray, efficiency: Callable[[FloatArray], FloatArray]
) -> bool:
    """Return whether what is measured counts in some of the cells between two of their borders."""
    first, last = np.searchsorted(cells, ends)
    within = cells[first : last + 1]
    return bool(np.any(efficiency(0.5 * (within[1:] + within[:-1])) > 0))
