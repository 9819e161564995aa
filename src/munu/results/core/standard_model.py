"""Whether data and the Standard Model agree, and an observed limit and the expected one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Final, final

from munu.results.core.table import rounded_up, significant

EXCLUDED_P_VALUE: Final = 0.01
"""p-value of the Standard Model's fit below which data are said to exclude it: 99 % C.L."""

APART: Final = 1.25
"""Ratio of observed and expected limit from which they are said to differ.

About one standard deviation of the data: one more or less of it in a Gaussian count that limits μ²
with μ² ≥ 0 makes the two-sided limit on μ at 90 % C.L. 1.27 times weaker or 1.33 times stronger.
"""

SAME: Final = 1e-6
"""Difference of χ² that is none."""


@final
@dataclass(frozen=True, kw_only=True)
class StandardModelFit:
    """The Standard Model against the data of one experiment, all moments zero.

    Parameters
    ----------
    experiment : str
        ``id@setup``.
    chi2 : float
        −2 ln L over the saturated model, minimised over the nuisances.
    n_bins, degrees_of_freedom : int
        As in `munu.results.fit.FitResult`.
    p_value : float or None
        Probability of a larger χ²; None without degrees of freedom.
    toys : int
        Toy experiments that the p-value is by; 0 for the χ² distribution.
    """

    experiment: str
    chi2: float
    n_bins: int
    degrees_of_freedom: int
    p_value: float | None
    toys: int = 0

    @property
    def is_excluded(self) -> bool:
        """Whether the data exclude the Standard Model at 99 % C.L."""
        return self.p_value is not None and self.p_value < EXCLUDED_P_VALUE

    def text(self) -> str:
        """Return the fit in words: χ², bins and p-value."""
        bins = "1 bin" if self.n_bins == 1 else f"{self.n_bins} bins"
        return f"χ² = {significant(self.chi2)} for {bins}, {self._p_value()}"

    def _p_value(self) -> str:
        if self.p_value is None:
            return "no degree of freedom"
        if not self.toys:
            return f"p = {significant(self.p_value, 2)}" if self.p_value else "p < 1e-300"
        least = 1 / (1 + self.toys)
        number = rounded_up(least) if self.p_value <= least else significant(self.p_value, 2)
        return f"p {'<' if self.p_value <= least else '='} {number} by {self.toys} toys"


def exclusions(fits: Iterable[StandardModelFit]) -> tuple[str, ...]:
    """Return a remark for each experiment whose data exclude the Standard Model."""
    return tuple(
        f"{one.experiment.removesuffix('@current')}: the data exclude the Standard Model: "
        f"{one.text()}."
        for one in fits
        if one.is_excluded
    )


def best_fit_remark(delta_chi2: float | None, *, outside: str) -> tuple[str, ...]:
    """Return how the Standard Model compares with the best fit, where it is excluded.

    Parameters
    ----------
    delta_chi2 : float or None
        From the best fit to no moment; None if it is not known.
    outside : str
        The interval outside which no moment lies, as in ``two-sided``; empty if it is inside.
    """
    far = "" if delta_chi2 is None else f": Δχ² = {significant(delta_chi2)} over the best fit"
    if outside:
        return (f"The Standard Model, no moment, is outside the {outside} interval{far}.",)
    if delta_chi2 is None:
        return ()
    if delta_chi2 < SAME:
        return ("No moment fits the data better than the Standard Model does.",)
    return (f"With a moment χ² is lower by {significant(delta_chi2)} at most.",)


def differ(observed: float, expected: float) -> str:
    """Return ``stronger`` or ``weaker`` where an observed limit is so, empty where they agree.

    Both may be infinite; they agree within a factor of `APART`.
    """
    if observed * APART < expected:
        return "stronger"
    return "weaker" if expected * APART < observed else ""


def comparison(observed: float, expected: float) -> tuple[str, ...]:
    """Return a remark where an observed limit and the expected one differ; see `differ`."""
    word = differ(observed, expected)
    if not word:
        return ()
    if not isfinite(observed):
        return ("Expected data would set a limit; those observed set none.",)
    if not isfinite(expected):
        return ("Expected data would set no limit; those observed do.",)
    factor = significant(max(observed / expected, expected / observed))
    return (f"The observed limit is {word} than the expected one by a factor of {factor}.",)
