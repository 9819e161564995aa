"""Where other minima of χ² over the nuisances lie: a standard deviation away in a shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from munu.base.descent import Minimum
from munu.base.typing import FloatArray, IntArray

Value = Callable[[FloatArray, FloatArray], FloatArray]
"""From signals (m, n_signal) and nuisances (m, k) to χ² (m,)."""

HOP: Final = 1.0
"""Standard deviations from a minimum at which other minima are looked for."""
SURPRISE: Final = 0.96
"""Of the rise of the parabola there: a rise that is not smaller promises no other minimum."""


def hops(theta: FloatArray, shapes: IntArray) -> FloatArray:
    """Return nuisances (..., n, k) a standard deviation from some (..., k), in each shape's ways.

    Other valleys of χ² lie there: the events of a shape bend about its variants.
    """
    steps = np.zeros((2 * shapes.size, theta.shape[-1]))
    rows = np.arange(shapes.size)
    steps[2 * rows, shapes], steps[2 * rows + 1, shapes] = HOP, -HOP
    return np.asarray(theta[..., None, :] + steps)


def surprising(
    value: Value, signal: FloatArray, found: Minimum, shapes: IntArray
) -> tuple[IntArray, FloatArray]:
    """Return the hops along which χ² rises less than its parabola: of which minima, and where.

    Parameters
    ----------
    value : callable
    signal : array, shape (m, n_signal)
    found : Minimum
        Of each signal.
    shapes : array of int
        Columns of the nuisances that change shapes.

    Returns
    -------
    tuple of array, shape (n,) and (n, k)
    """
    ends = hops(found.x, shapes)
    move = ends - found.x[:, None]
    expected = 0.5 * np.einsum("mnk,mkj,mnj->mn", move, found.hessian, move)
    m, n, k = ends.shape
    chi2 = value(np.repeat(signal, n, axis=0), ends.reshape(m * n, k)).reshape(m, n)
    rows, which = np.nonzero(chi2 - found.chi2[:, None] < SURPRISE * expected)
    return rows, ends[rows, which]
