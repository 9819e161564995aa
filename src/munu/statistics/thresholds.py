"""Δχ² thresholds of confidence levels (Wilks)."""

from __future__ import annotations

from functools import lru_cache
from math import log1p
from statistics import NormalDist

from munu.errors import MunuError


@lru_cache(maxsize=64)
def delta_chi2(cl: float, degrees_of_freedom: int) -> float:
    """Return the Δχ² below which a χ² with that many degrees of freedom falls with probability cl.

    90 % C.L. is 2.71 for one and 4.61 for two degrees of freedom, which need no SciPy: its import
    would take a third of the time of ``munu reproduce table2``.

    Raises
    ------
    MunuError
        If cl is not strictly between 0 and 1.
    """
    if not 0.0 < cl < 1.0:
        raise MunuError(
            f"confidence level {cl} is out of range", "Allowed: between 0 and 1, such as 0.90"
        )
    if degrees_of_freedom == 1:
        return NormalDist().inv_cdf(0.5 * (1.0 - cl)) ** 2
    if degrees_of_freedom == 2:
        return -2.0 * log1p(-cl)
    from scipy.special import chdtri

    return float(chdtri(degrees_of_freedom, 1.0 - cl))


def confidence(delta: float, degrees_of_freedom: int) -> float:
    """Return the confidence level of a Δχ² (inverse of `delta_chi2`)."""
    from scipy.special import chdtr

    return float(chdtr(degrees_of_freedom, delta))
