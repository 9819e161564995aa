r"""Jumps between minima of χ², learned from a few toys that are fitted from many starts.

Where shapes bend, and where a component would be negative, χ² of the nuisances has minima beside
each other, in about the same places for all toys of an experiment. What leads from one minimum of
a toy to another is tried for all toys.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.base.descent import Minimum, lowest_of_each
from munu.base.typing import FloatArray, IntArray
from munu.statistics.models.jumps import Jumps
from munu.statistics.models.set_fits import MORE_STEPS, SetFits

PILOTS: Final = 100
STARTS: Final = 8
"""Toys, and starts of each."""
SPREAD: Final = 1.2
"""Standard deviations of the nuisances from which minima are looked for."""
FARTHEST: Final = 12.0
"""The same in those that the data leave: they may know a nuisance far better than its prior."""
PILOT_SEED: Final = 13
"""Of the toys, and of the starts."""
DEEPEST: Final = 4.0
"""χ² above the lowest minimum of a toy of others that are remembered."""
APART: Final = 0.1
"""Difference of a nuisance of two minima, at least."""
ALIKE: Final = 0.25
"""Difference of a nuisance of two jumps that are taken for one."""
MIRRORED: Final = 0.3
"""Of the rise of a parabola, below which a nuisance has another minimum at -x."""
NOTICEABLE: Final = 1.0
"""Rise of a parabola from which that is looked at."""
MOST: Final = 10
"""Jumps that are kept."""
HOP: Final = 0.35
"""Of a shape in standard deviations, all others following: valleys are often so far apart."""


def learned(fits: SetFits, x: FloatArray) -> Jumps:
    """Return the jumps between the minima over the nuisances of `PILOTS` toys.

    Parameters
    ----------
    fits : SetFits
        Of the toys.
    x : array, shape (p + k,)
        Coordinates and nuisances that they were drawn at.
    """
    p, n, rng = fits.extra.dimension, len(fits), np.random.default_rng(PILOT_SEED)
    starts = np.tile(x, (n, STARTS, 1))
    spread = np.minimum(SPREAD, FARTHEST * _deviations(fits, x))
    starts[:, 1:, p:] += spread * rng.normal(size=(n, STARTS - 1, x.size - p))
    rows = np.repeat(np.arange(n), STARTS)
    own = fits.chosen(rows)
    found = own.minimise(starts.reshape(n * STARTS, -1), fixed=p, steps=MORE_STEPS)
    moves, weights = _between(found, n)
    _, lowest = lowest_of_each(rows, found)
    # Where a component is kept from being negative single toys have very large ones.
    bend = np.median(lowest.hessian, axis=0)
    chosen = _common(moves, weights) if weights.size else np.zeros((0, x.size))
    ended = np.flatnonzero(~found.failed)
    held = np.full(ended.size, p)
    beyond, _ = own.chosen(ended).beyond_kinks(found.chosen(ended), held)
    # Where there are more jumps than are kept there are others, of single shapes, as well.
    if len(chosen) == MOST:
        chosen = np.concatenate([chosen, _hops(bend, p, p + fits.sets.likelihood.shapes)])
    return Jumps(chosen, _mirrored(fits, lowest, bend), bend, beyond.size > 0)


def _deviations(fits: SetFits, x: FloatArray) -> FloatArray:
    """Return standard deviations of the nuisances at a point, the mean of all toys.

    They are infinite where χ² bends downwards.
    """
    p, n = fits.extra.dimension, len(fits)
    bend = fits.terms(np.tile(x, (n, 1)), np.ones((n, p), np.bool_)).hessian.mean(axis=0)
    variance = 2 * np.diag(np.linalg.pinv(bend[p:, p:]))
    return np.sqrt(np.where(variance > 0, variance, np.inf))


def _between(found: Minimum, n: int) -> tuple[FloatArray, FloatArray]:
    """Return moves between minima of each of n toys, (m, d), and how much they are worth.

    From a minimum close to the lowest to one that is not much higher.
    """
    moves, weights = [], []
    chi2 = np.where(found.failed, np.inf, found.chi2).reshape(n, -1)
    every = found.x.reshape(n, chi2.shape[1], -1)
    for own, x in zip(chi2, every, strict=True):
        kept: list[int] = []
        for one in np.argsort(own).tolist():
            if not own[one] < own.min() + DEEPEST:
                break
            if all(np.abs(x[one] - x[other]).max() > APART for other in kept):
                kept.append(one)
        for start in kept:
            for end in kept:
                if start != end:
                    moves.append(x[end] - x[start])
                    rise = max(own[end] - own[start], 0.0)
                    weights.append(np.exp(own.min() - own[start] - rise))
    return np.array(moves), np.array(weights)


def _mirrored(fits: SetFits, lowest: Minimum, bend: FloatArray) -> IntArray:
    """Return the nuisances x at whose -x χ² of some toys is about the same, all else as it is."""
    p, found = fits.extra.dimension, []
    for column in range(p, lowest.x.shape[1]):
        x = lowest.x.copy()
        x[:, column] *= -1
        rise = fits.value(x) - lowest.chi2
        expected = 2 * lowest.x[:, column] ** 2 * bend[column, column]
        if np.any((expected > NOTICEABLE) & (rise < MIRRORED * expected)):
            found.append(column)
    return np.array(found, int)


def _hops(bend: FloatArray, p: int, columns: IntArray) -> FloatArray:
    """Return hops of some nuisances, either way, and of others to where χ² is lowest, (n, p + k).

    The p coordinates stay.
    """
    response = np.linalg.pinv(bend[p:, p:])
    found = np.zeros((columns.size, len(bend)))
    found[:, p:] = HOP * response[columns - p] / response[columns - p, columns - p][:, None]
    return np.concatenate([found, -found])


def _common(moves: FloatArray, weights: FloatArray) -> FloatArray:
    """Return means of moves that are alike, those of the largest weight first."""
    near = np.abs(moves[:, None] - moves).max(axis=2) < ALIKE
    left, found = weights.copy(), []
    for _ in range(MOST):
        if not left.any():
            break
        own = near[int(np.argmax(near @ left))]
        found.append((left * own) @ moves / (left @ own))
        left[own] = 0.0
    return np.array(found)
