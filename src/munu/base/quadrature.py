"""Intervals cut into panels, and Gauss-Legendre panels in the logarithm of the variable."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from munu.base.frozen import read_only
from munu.base.typing import FloatArray, IntArray


@lru_cache(maxsize=16)
def legendre(nodes: int) -> tuple[FloatArray, FloatArray]:
    """Return the Gauss-Legendre abscissae and weights on (-1, 1), as NumPy's but made once."""
    abscissae, weights = np.polynomial.legendre.leggauss(nodes)
    return read_only(abscissae), read_only(weights)


def panel_nodes(lower: FloatArray, upper: FloatArray, nodes: int) -> tuple[FloatArray, FloatArray]:
    r"""Nodes and weights for :math:`\int_{a}^{b} f(x)\,dx` on panels, with x = e^u.

    Parameters
    ----------
    lower, upper : array, shape (n,)
        Positive panel borders; panels of zero width get zero weights.
    nodes : int
        Gauss-Legendre nodes per panel.

    Returns
    -------
    x, weight : arrays, shape (n, nodes)
        The weight includes the Jacobian dx = x du.
    """
    abscissae, weights = legendre(nodes)
    centre = 0.5 * np.log(upper * lower)[:, None]
    half_width = 0.5 * np.log(upper / lower)[:, None]
    x = np.exp(centre + half_width * abscissae)
    return x, x * half_width * weights


def cut_evenly(borders: FloatArray, pieces: IntArray) -> FloatArray:
    """Return borders with each interval cut into as many pieces of equal width.

    Parameters
    ----------
    borders : array, shape (n + 1,)
        Increasing; each is kept as it is.
    pieces : array, shape (n,)
        One or more for each interval.

    Examples
    --------
    >>> cut_evenly(np.array([0.0, 1.0, 3.0]), np.array([2, 1]))
    array([0. , 0.5, 1. , 3. ])
    """
    interval, part = _parts(pieces)
    low, width = borders[:-1], np.diff(borders)
    return np.append(low[interval] + width[interval] * part, borders[-1])


def cut_geometrically(borders: FloatArray, pieces: IntArray) -> FloatArray:
    """Return positive borders with each interval cut into as many pieces of equal ratio.

    Parameters
    ----------
    borders, pieces
        As of `cut_evenly`.

    Examples
    --------
    >>> cut_geometrically(np.array([1.0, 4.0, 5.0]), np.array([2, 1]))
    array([1., 2., 4., 5.])
    """
    interval, part = _parts(pieces)
    low, ratio = borders[:-1], borders[1:] / borders[:-1]
    return np.append(low[interval] * ratio[interval] ** part, borders[-1])


def _parts(pieces: IntArray) -> tuple[IntArray, FloatArray]:
    """Return the interval of each piece, and which part of the interval lies below it."""
    interval = np.repeat(np.arange(pieces.size), pieces)
    first = np.cumsum(pieces) - pieces
    return interval, (np.arange(interval.size) - first[interval]) / pieces[interval]
