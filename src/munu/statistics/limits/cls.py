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

LEAST: Final = 1e-3
"""√q_A below which the ratio has its limit exp(-q/2): smaller ones are lost in rounding."""


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
    from scipy.special import log_ndtr

    root, expected = np.sqrt(q), np.sqrt(q_expected)
    twice = 2 * np.maximum(expected, LEAST)
    far = bounded & (q > q_expected)
    both = np.where(far, (q + q_expected) / twice, root)
    alone = np.where(far, (q - q_expected) / twice, root - expected)
    return np.asarray(np.minimum(np.exp(log_ndtr(-both) - log_ndtr(-alone)), 1.0))


def expected_rise(cl: float, quantile: float) -> float:
    r"""Return the :math:`q_A` of the limit below which the limits of a fraction of data sets are.

    .. math:: \sqrt{q_A} = \Phi^{-1}(1-\alpha\Phi(N)) + N,\qquad \alpha = 1 - {\rm CL},

    with Φ(N) the fraction: where CLs is α for data whose best fit is N standard deviations above no
    signal, :math:`\sqrt q = \sqrt{q_A} - N`.
    """
    normal = NormalDist()
    return (normal.inv_cdf(1 - (1 - cl) * quantile) + normal.inv_cdf(quantile)) ** 2
