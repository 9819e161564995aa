r"""Functions of the normal distribution and ln Γ of a few thousand numbers, without SciPy.

SciPy has the same; its import would take as long as a limit from data.
"""

from __future__ import annotations

from collections.abc import Callable
from math import erfc, lgamma, log, pi, sqrt
from typing import Final

import numpy as np

from munu.base.typing import FloatArray

FAR: Final = -35.0
r"""Below which :math:`\mathrm{erfc}` comes close to the smallest double and the series is exact."""


def _each(function: Callable[[float], float], x: FloatArray) -> FloatArray:
    values = np.asarray(x, float)
    found = np.fromiter(map(function, values.ravel().tolist()), float, values.size)
    return np.asarray(found.reshape(values.shape))


def log_gamma(x: FloatArray) -> FloatArray:
    r"""Return :math:`\ln|\Gamma(x)|`.

    Examples
    --------
    >>> print(log_gamma(np.array([1.0, 5.0])).round(4))
    [0.     3.1781]
    """
    return _each(lgamma, x)


def normal_cdf(z: FloatArray) -> FloatArray:
    r"""Return :math:`\Phi(z) = \frac12\mathrm{erfc}(-z/\sqrt2)`.

    Examples
    --------
    >>> print(normal_cdf(np.array([0.0, 1.645])).round(4))
    [0.5  0.95]
    """
    return 0.5 * _each(erfc, np.asarray(z) * -sqrt(0.5))


def log_normal_cdf(z: FloatArray) -> FloatArray:
    r"""Return :math:`\ln\Phi(z)`, also where Φ is too small for a double.

    There it is :math:`-\frac{z^2}2 - \ln(-z\sqrt{2\pi}) + \ln(1 - z^{-2} + 3z^{-4} - 15z^{-6} +
    105z^{-8} - 945z^{-10})` (Abramowitz and Stegun 26.2.12).

    Examples
    --------
    >>> print(log_normal_cdf(np.array([-1.0, -40.0])).round(2))
    [  -1.84 -804.61]
    """
    values = np.asarray(z, float)
    tail = normal_cdf(-np.minimum(np.abs(values), -FAR))
    near = np.where(values > 0, np.log1p(-tail), np.log(tail))
    far = np.minimum(values, FAR)
    inverse = far**-2
    series = np.zeros_like(far)
    for factor in (-945.0, 105.0, -15.0, 3.0, -1.0):
        series = (series + factor) * inverse
    beyond = -0.5 * far**2 - np.log(-far) - 0.5 * log(2 * pi) + np.log1p(series)
    return np.where(values < FAR, beyond, near)
