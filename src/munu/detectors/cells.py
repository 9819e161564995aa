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
LOOKS: Final = 400
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
        means = np.geomspace(max(float(mean.min()), LEAST * top), top, LOOKS)
        sigmas = sigma(means)
        return cls(means, sigmas, np.maximum.accumulate(means + span_sigmas * sigmas))

    def at(self, x: FloatArray) -> FloatArray:
        """Return the smallest standard deviation of what is measured at x."""
        reaching = np.interp(x, self.reach, self.sigmas)
        return np.minimum(reaching, np.interp(x, self.means, self.sigmas))

    def between(self, low: float, high: float) -> tuple[FloatArray, FloatArray]:
        """Return x from one to the other, and the smallest standard deviation at each."""
        x = distinct([low, high], self.means, self.reach)
        x = x[(x >= low) & (x <= high)]
        return x, self.at(x)

    def graded(self, low: float, high: float) -> FloatArray:
        """Return the borders of cells that follow the width, shape (n + 1,)."""
        x, narrowest = self.between(low, high)
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
) -> FloatArray:
    """Return the borders of cells, those of the bins and of kinks among them.

    Parameters
    ----------
    borders : array, shape (n + 1,)
        Increasing; each is kept as it is.
    mean, sigma, span_sigmas
        As of `Widths.of`.

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
    even = cut_evenly(borders, number)
    widths = Widths.of(mean, sigma, span_sigmas)
    if widths is None:
        return even
    finer = [
        widths.graded(low, high)
        for low, high, wide in zip(borders[:-1], borders[1:], width / number, strict=True)
        if wide > COARSE * CELL_SIGMAS * widths.between(low, high)[1].min()
    ]
    return distinct(even, *finer)
