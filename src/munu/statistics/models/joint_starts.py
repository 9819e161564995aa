"""Starts in all coordinates together: where χ² has valleys at values of the first."""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.base.typing import FloatArray, IntArray
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.parabola import Parabola

STARTS: Final = 8
"""At each value, for each of the other coordinates."""
NEARBY: Final = (-0.5, 1.5)
"""Decades of the distances of half of them, in units of the coordinates."""
SAME: Final = 1e-6
"""Difference of χ², relative to 1 + χ², of minima that are images of one."""
NEAR: Final = 0.05
"""Distance of minima that are one, relative to 1 + the largest coordinate."""
IMAGES: Final = 3
"""Minima of one χ² that are taken, the nearest."""
LOWEST: Final = 3
"""Valleys that are taken of each value."""
HIGHEST: Final = 30.0
"""χ² above the lowest of all values up to which they are."""
MINIMA: Final = 4
"""Minima over all coordinates that are taken."""


def valleys_along(
    joint: JointChi2, values: FloatArray, reach: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return about where χ² is lowest at values of the first coordinate, and over all coordinates.

    Minima of `Parabola` from random starts, the lowest first: the other coordinates, shape
    (n, p - 1), and all of them, (m, p).

    Parameters
    ----------
    joint : JointChi2
    values : array, shape (k,)
    reach : array, shape (p,)
        How far coordinates go.
    """
    parabola = Parabola.of(joint)
    y, chi2 = lowest_along(parabola, values, reach, LOWEST)
    low = chi2 <= chi2.min(initial=np.inf) + HIGHEST
    y = y[low][np.argsort(chi2[low], kind="stable")]
    whole = parabola.minimised(y, fixed=0)
    return y[:, 1:], whole.x[_distinct(whole.chi2, whole.x)[:MINIMA]]


def lowest_along(
    parabola: Parabola, values: FloatArray, reach: FloatArray, most: int
) -> tuple[FloatArray, FloatArray]:
    """Return the lowest minima at each value of the first coordinate, (n, p), and χ² there.

    Arguments as of `valleys_along`; ``most`` is how many of each value are taken.
    """
    each = STARTS * (reach.size - 1)
    y = np.column_stack([np.repeat(values, each), _starts(values.size * each, reach[1:])])
    found = parabola.minimised(y, fixed=1)
    own = [slice(first, first + each) for first in range(0, len(y), each)]
    lowest = [at.start + _distinct(found.chi2[at], found.x[at])[:most] for at in own]
    rows = np.concatenate(lowest)
    return np.column_stack([y[rows, 0], found.x[rows]]), found.chi2[rows]


def _starts(n: int, reach: FloatArray) -> FloatArray:
    """Return points (n, p), the same at each call: of any size, and as far as coordinates go."""
    random = np.random.default_rng(20190509)
    directions = random.normal(size=(n, reach.size))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    far = reach * random.uniform(size=(n, 1))
    far[::2] = 10 ** random.uniform(*NEARBY, size=(len(far[::2]), 1))
    return directions * far


def _distinct(chi2: FloatArray, x: FloatArray) -> IntArray:
    """Return the rows of distinct minima (n, p), the lowest first: of images the nearest."""
    rows = np.flatnonzero(np.isfinite(chi2))
    chi2, x, far = chi2[rows], x[rows], np.abs(x[rows]).max(axis=1)
    lowest = chi2.min(initial=np.inf)
    level = np.round((chi2 - lowest) / (SAME * (1 + np.abs(lowest))))
    order = np.lexsort((far, level))
    away = np.abs(x[order, None] - x[order]).max(axis=2)
    again = np.triu(away <= NEAR * (1 + far[order]), 1).any(axis=0)
    order = order[~again]
    images = np.abs(np.subtract.outer(level[order], level[order])) <= 1
    return np.asarray(rows[order[np.tril(images, -1).sum(axis=1) < IMAGES]])
