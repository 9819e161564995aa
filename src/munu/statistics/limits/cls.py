r"""CLs of upper limits in the asymptotic limit, from Δχ² of the data and of expected ones.

With q of the data and :math:`q_A` of data that are expected without the signal, Φ of a normal
deviate,

.. math::
    {\rm CL}_s = \frac{1-\Phi(u)}{1-\Phi(v)},\qquad
    u = \sqrt q,\quad v = \sqrt q-\sqrt{q_A},

and where the signal has a bound at zero and q is above :math:`q_A`

.. math:: u = \frac{q+q_A}{2\sqrt{q_A}},\qquad v = \frac{q-q_A}{2\sqrt{q_A}}.

A. L. Read, J. Phys. G 28 (2002) 2693; G. Cowan, K. Cranmer, E. Gross and O. Vitells,
arXiv:1007.1727, Sect. 3.6 for :math:`q_\mu` and 3.7 for :math:`\tilde q_\mu`.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import numpy as np

from munu.base.typing import FloatArray

NARROW: Final = 1e-3
"""√q_A = u - v below which ln CLs is that times the hazard φ/(1 - Φ) between u and v."""
LEAST: Final = 1e-150
"""√q_A that stands for none, where a bounded signal has CLs = exp(-q/2)."""


def cls_of(q: FloatArray, q_expected: FloatArray, *, bounded: bool) -> FloatArray:
    """Return CLs, shape (n,).

    Parameters
    ----------
    q : array, shape (n,)
        Δχ² of the data from the best fit to the values that are tested, zero where that is larger.
    q_expected : array, shape (n,)
        The same of data that are expected without the signal.
    bounded : bool
        Whether the signal is not below zero.
    """
    from scipy.special import erfcx, log_ndtr

    root, expected = np.sqrt(q), np.maximum(np.sqrt(q_expected), LEAST)
    far, half = bounded & (q > q_expected), 0.5 * expected
    middle = np.where(far, 0.5 * q / expected, root - half)
    hazard = np.sqrt(2 / np.pi) / erfcx(np.sqrt(0.5) * middle)
    ratio = log_ndtr(-middle - half) - log_ndtr(-middle + half)
    return np.asarray(np.exp(np.where(expected < NARROW, -expected * hazard, ratio)))


def expected_rise(cl: float, quantile: float) -> float:
    r"""Return the :math:`q_A` of the limit below which the limits of a fraction of data sets are.

    .. math:: \sqrt{q_A} = \Phi^{-1}(1-\alpha\Phi(N)) + N,\qquad \alpha = 1 - {\rm CL},

    with Φ(N) the fraction: where CLs is α for data whose best fit is N standard deviations above no
    signal, :math:`\sqrt q = \sqrt{q_A} - N`.
    """
    normal = NormalDist()
    return (normal.inv_cdf(1 - (1 - cl) * quantile) + normal.inv_cdf(quantile)) ** 2
