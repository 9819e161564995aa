"""Gauss-Legendre panels in the logarithm of the variable."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from munu.base.typing import FloatArray


@lru_cache(maxsize=16)
def _legendre(nodes: int) -> tuple[FloatArray, FloatArray]:
    abscissae, weights = np.polynomial.legendre.leggauss(nodes)
    return abscissae, weights


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
    abscissae, weights = _legendre(nodes)
    centre = 0.5 * np.log(upper * lower)[:, None]
    half_width = 0.5 * np.log(upper / lower)[:, None]
    x = np.exp(centre + half_width * abscissae)
    return x, x * half_width * weights
