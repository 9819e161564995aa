"""Δχ² thresholds of confidence levels (Wilks)."""

from __future__ import annotations

from functools import lru_cache
from math import log1p
from numbers import Real
from statistics import NormalDist
from typing import Final

from munu.errors import MunuError, shown

LOWEST_CL: Final = 1e-3
HIGHEST_CL: Final = 1 - 1e-12
"""Below the first, Δχ² is lost in the rounding of χ²; above the second, 1 - CL in that of CL."""


def delta_chi2(cl: object, degrees_of_freedom: int) -> float:
    """Return the Δχ² below which a χ² with that many degrees of freedom falls with probability cl.

    90 % C.L. is 2.71 for one and 4.61 for two degrees of freedom, which need no SciPy: its import
    would take a third of the time of ``munu reproduce table2``.

    Raises
    ------
    MunuError
        If cl is no number from `LOWEST_CL` to `HIGHEST_CL`.
    """
    allowed = f"Allowed: between 0 and 1 ({LOWEST_CL} to {HIGHEST_CL}), such as 0.90"
    if isinstance(cl, bool) or not isinstance(cl, Real):
        raise MunuError(f"confidence level {shown(cl)} is no number", allowed)
    level = float(cl)
    if not LOWEST_CL <= level <= HIGHEST_CL:
        hint = f"Did you mean {level / 100:g}? " if 50.0 <= level < 100.0 else ""
        raise MunuError(f"confidence level {cl} is out of range", hint + allowed)
    return _delta_chi2(level, degrees_of_freedom)


@lru_cache(maxsize=64)
def _delta_chi2(cl: float, degrees_of_freedom: int) -> float:
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
