r"""Credible intervals and regions from weighted samples.

Equal-tailed: the quantiles (1 - CL)/2 and (1 + CL)/2. Highest density: where a smooth density p is
above the level that the fraction CL of the samples exceeds,

.. math:: \sum_{i:\,p(t_i) > p_0} w_i = CL

so that smoothing moves the ends little: the content is counted, not integrated. Densities are per
unit of the coordinate t in which the prior is flat; at an end of the prior they are mirrored, and
angles go round.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, final

import numpy as np

from munu.base.typing import FloatArray

CELLS: Final = (800, 120)
"""Of the grid of a density in one and in two dimensions, along an axis."""
BEYOND: Final = 0.1
"""Of the samples' range, how far a grid goes beyond unless the prior ends there."""
SMOOTHING: Final = {False: 1.3, True: 2.0}
"""Of Scott's width (D. W. Scott, Multivariate Density Estimation, 1992), for lines and turns.

What is known of an angle is broad, and a density that is almost flat has no pieces.
"""
RESAMPLED: Final = 64
"""Sets of samples that tell the error of a quantile."""
SEED: Final = 1981
"""Of their weights."""
NOISE: Final = 3.0
"""Standard deviations of its content by which a piece or a gap differs from a flat density."""
PARTS: Final = 50
"""Parts of equal content by whose lengths it is told how wide peaks are."""
ONE_SIGMA: Final = 0.6827
LEAST_CELLS: Final = 1.0
"""Width of the smoothing in cells, at least."""


@final
@dataclass(frozen=True, eq=False)
class SampledAxis:
    """Samples of one parameter, in the coordinate in which its prior is flat.

    Parameters
    ----------
    samples : array, shape (m,)
    low, high : float
        Ends of the prior.
    turns : bool
        Whether they are one, as those of an angle.
    """

    samples: FloatArray
    low: float
    high: float
    turns: bool = False

    def edges(self, cells: int) -> FloatArray:
        """Return the edges of a grid about all samples, inside the ends."""
        if self.turns:
            return np.linspace(self.low, self.high, cells + 1)
        first, last = self.samples.min(), self.samples.max()
        margin = BEYOND * (last - first)
        return np.linspace(max(first - margin, self.low), min(last + margin, self.high), cells + 1)

    @property
    def mode(self) -> str:
        """How smoothing goes on beyond the grid, as SciPy calls it."""
        return "wrap" if self.turns else "reflect"


def quantiles(samples: FloatArray, weights: FloatArray, below: FloatArray) -> FloatArray:
    """Return what weighted samples are below with probabilities, interpolated."""
    order = np.argsort(samples)
    above = np.cumsum(weights[order]) - 0.5 * weights[order]
    return np.asarray(np.interp(below, above / weights.sum(), samples[order]))


def marginal(axis: SampledAxis, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return a grid that reaches to the ends and the density there, its maximum one."""
    density, (grid,) = _density((axis,), weights, CELLS[0])
    return grid, density / density.max()


def quantile_errors(samples: FloatArray, weights: FloatArray, below: FloatArray) -> FloatArray:
    """Return the standard deviations of `quantiles` over other sets of as many samples.

    A Bayesian bootstrap (D. B. Rubin, Ann. Statist. 9 (1981) 130): each weight times an exponential
    variate, the same ones at each call.
    """
    random = np.random.default_rng(SEED)
    again = weights * random.exponential(size=(RESAMPLED, weights.size))
    return np.asarray(np.std([quantiles(samples, one, below) for one in again], axis=0))


def highest_density(axis: SampledAxis, weights: FloatArray, cl: float) -> FloatArray:
    """Return the intervals of highest density that hold a probability, shape (k, 2), increasing.

    Gaps between them, and intervals beside others, are more than the noise of so many samples.
    """
    density, (grid,) = _density((axis,), weights, CELLS[0])
    level = _level(np.interp(axis.samples, grid, density), weights, cl)
    over = density - level
    inside = over > 0
    begins = [grid[0]] if inside[0] else []
    ends = [grid[-1]] if inside[-1] else []
    crossed = np.flatnonzero(inside[1:] != inside[:-1])
    where = grid[crossed] - over[crossed] * (grid[crossed + 1] - grid[crossed]) / (
        over[crossed + 1] - over[crossed]
    )
    rises = inside[crossed + 1]
    found = np.column_stack([[*begins, *where[rises]], [*where[~rises], *ends]])
    return _apart(axis, weights, level / (grid[2] - grid[1]), found)


def _apart(
    axis: SampledAxis, weights: FloatArray, level: float, intervals: FloatArray
) -> FloatArray:
    """Return intervals without the gaps and pieces that are noise of a density at its level."""
    size = weights.sum() ** 2 / np.sum(weights**2)

    def surplus(ends: FloatArray) -> FloatArray:
        """Return how much more between ends (k, 2) lies than at the level, in sigma of that."""
        first, last = np.searchsorted(ordered, ends.T)
        flat = level * np.diff(ends, axis=1)[:, 0]
        return np.asarray((content[last] - content[first] - flat) / np.sqrt(flat / size))

    order = np.argsort(axis.samples)
    ordered = axis.samples[order]
    content = np.concatenate([[0.0], np.cumsum(weights[order])]) / weights.sum()
    gaps = np.column_stack([intervals[:-1, 1], intervals[1:, 0]])
    kept = gaps[surplus(gaps) < -NOISE]
    ends = np.concatenate([intervals[:1, 0], kept.ravel(), intervals[-1:, 1]]).reshape(-1, 2)
    above = surplus(ends)
    return np.asarray(ends[(above > NOISE) | (above == above.max())])


def region(
    x: SampledAxis, y: SampledAxis, weights: FloatArray, cl: float
) -> tuple[FloatArray, ...]:
    """Return closed outlines, and those of holes, of the region of highest density."""
    from contourpy import FillType, contour_generator
    from scipy.interpolate import RegularGridInterpolator

    density, grids = _density((x, y), weights, CELLS[1])
    at = RegularGridInterpolator(grids, density)(np.column_stack([x.samples, y.samples]))
    level = _level(at, weights, cl)
    made = contour_generator(grids[0], grids[1], density.T, fill_type=FillType.OuterOffset)
    found: Any = made.filled(level, np.inf)
    return tuple(
        np.asarray(piece[first:last], float)
        for piece, breaks in zip(*found, strict=True)
        for first, last in pairwise(breaks.tolist())
    )


def _level(density: FloatArray, weights: FloatArray, cl: float) -> float:
    """Return the density that the fraction cl of the samples exceeds."""
    return float(quantiles(density, weights, np.array([1 - cl]))[0])


def _density(
    axes: tuple[SampledAxis, ...], weights: FloatArray, cells: int
) -> tuple[FloatArray, list[FloatArray]]:
    """Return the smoothed density at the nodes of a grid that reaches to its edges."""
    from scipy.ndimage import gaussian_filter1d

    edges = [one.edges(cells) for one in axes]
    samples = np.column_stack([one.samples for one in axes])
    counts, _ = np.histogramdd(samples, bins=edges, weights=weights)
    size = weights.sum() ** 2 / np.sum(weights**2)
    for number, (axis, edge) in enumerate(zip(axes, edges, strict=True)):
        spread = _spread(axis.samples, weights)
        width = SMOOTHING[axis.turns] * spread * size ** (-1 / (len(axes) + 4))
        counts = gaussian_filter1d(
            counts,
            max(width / (edge[1] - edge[0]), LEAST_CELLS),
            axis=number,
            mode=axis.mode,
            truncate=6.0,
        )
    nodes = [np.concatenate([e[:1], 0.5 * (e[:-1] + e[1:]), e[-1:]]) for e in edges]
    return np.pad(counts, 1, mode="edge"), nodes


def _spread(samples: FloatArray, weights: FloatArray) -> float:
    """Return the standard deviation, or half of what the densest samples of one sigma cover.

    It is the less where peaks stand far apart: a smoothing as wide as their distance would be none
    of theirs.
    """
    mean = np.average(samples, weights=weights)
    deviation = float(np.sqrt(np.average((samples - mean) ** 2, weights=weights)))
    lengths = np.diff(quantiles(samples, weights, np.linspace(0.0, 1.0, PARTS + 1)))
    densest = np.sort(lengths)[: round(ONE_SIGMA * PARTS)]
    return min(deviation, 0.5 * float(densest.sum()))
