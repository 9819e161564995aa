r"""Δχ² thresholds of confidence levels (Wilks).

For one parameter there are two. A *two-sided* interval holds the true value with probability CL,
its upper end is passed with probability (1 - CL)/2: :math:`\Delta\chi^2 = z^2`, z the quantile
(1 + CL)/2 of a normal deviate, 2.71 at 90 %. The *one-sided* limit is passed with probability
1 - CL: z is the quantile CL, 1.64 at 90 %, which is a two-sided 80 %. Both are called "90 % C.L."
in print (G. Cowan, K. Cranmer, E. Gross and O. Vitells, arXiv:1007.1727, Sect. 2.4 and 3.6).
"""

from __future__ import annotations

from functools import lru_cache
from math import erfc, exp, expm1, fsum, lgamma, log, log1p, sqrt
from numbers import Real
from statistics import NormalDist
from typing import Final

from munu.base.errors import MunuError, shown
from munu.base.units import split_quantity

TWO_SIDED: Final = "two-sided"
ONE_SIDED: Final = "one-sided"


def side(*, one_sided: bool) -> str:
    """Return what results call a choice: ``one-sided`` or ``two-sided``."""
    return ONE_SIDED if one_sided else TWO_SIDED


def limit_delta_chi2(cl: object, sided: str = TWO_SIDED) -> float:
    """Return the Δχ² of a limit on one parameter: at 90 % C.L. 2.71 two-sided, 1.64 one-sided.

    Raises
    ------
    MunuError
        If cl is not a number strictly between 0 and 1, or between 0.5 and 1 for one side.
    """
    level = checked_level(cl)
    if sided == TWO_SIDED:
        return _delta_chi2(level, 1)
    if level <= 0.5:
        raise MunuError(
            f"confidence level {level:g} is out of range for a one-sided limit: at 0.5 it is the "
            "best fit",
            "Allowed: between 0.5 and 1, such as 0.90; or a two-sided limit",
        )
    return delta_chi2(2 * level - 1, 1)


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
        If cl is not a number from `LOWEST_CL` to `HIGHEST_CL`.
    """
    return _delta_chi2(checked_level(cl), degrees_of_freedom)


def checked_level(cl: object) -> float:
    """Return a confidence level; raises `MunuError` if it is none, or out of range.

    Examples
    --------
    >>> checked_level(0.9), checked_level("95 %"), checked_level("0.68")
    (0.9, 0.95, 0.68)
    """
    allowed = f"Allowed: between 0 and 1 ({LOWEST_CL} to {HIGHEST_CL}), such as 0.90 or 90 %"
    wrong = MunuError(f"confidence level {shown(cl)} is not a number", allowed)
    if isinstance(cl, str):
        number, unit = split_quantity(cl, allowed, "a confidence level")
        if unit not in ("", "%"):
            raise wrong
        level = number / 100 if unit else number
    elif isinstance(cl, bool) or not isinstance(cl, Real):
        raise wrong
    else:
        level = float(cl)
    if not LOWEST_CL <= level <= HIGHEST_CL:
        hint = f"Did you mean {level / 100:g}? " if 50.0 <= level < 100.0 else ""
        raise MunuError(f"confidence level {cl} is out of range", hint + allowed)
    return level


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
    if degrees_of_freedom == 2:
        return -expm1(-0.5 * delta)
    return 1.0 - tail_probability(delta, degrees_of_freedom)


def tail_probability(chi2: float, degrees_of_freedom: int) -> float:
    r"""Return the probability of a larger χ², for a whole number n of degrees of freedom.

    .. math:: Q(n, \chi^2) = \sum_{a=0}^{n/2-1}\frac{h^ae^{-h}}{\Gamma(a+1)},\quad h = \chi^2/2

    for even n; for odd n the sum begins at a = 1/2, beside :math:`\mathrm{erfc}\sqrt h`
    (Abramowitz and Stegun 26.4.4 and 26.4.5). It needs no SciPy, whose import would take as long as
    a limit from data.

    Examples
    --------
    >>> print(f"{tail_probability(2.706, 1):.3f}, {tail_probability(30.0, 20):.4f}")
    0.100, 0.0699
    """
    half, odd = 0.5 * max(chi2, 0.0), degrees_of_freedom % 2
    tail = erfc(sqrt(half)) if odd else 0.0
    if half == 0.0:
        return 1.0
    powers = (count + 0.5 * odd for count in range(degrees_of_freedom // 2))
    sizes = [exp(a * log(half) - half - lgamma(a + 1)) for a in powers]
    return min(tail + fsum(sizes), 1.0)
