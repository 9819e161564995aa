r"""χ² of a single bin in closed form.

.. math:: \chi^2(S) = \frac{(d - S)^2}{\sigma_0^2 + \sigma_1S + s^2S^2}, \qquad
          s^2 = \sum_j\sigma_j^2

is Eqs. (33) and (34) of arXiv:1905.03750, minimised over the nuisances: those of the signal make up
s, those of backgrounds are in σ₀.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np


@final
@dataclass(frozen=True)
class OneBin:
    """The χ² of this module, in plain floats.

    Parameters
    ----------
    data : float
        d, observed minus expected background.
    variance, variance_per_event : float
        σ₀² and σ₁.
    normalisations : mapping of str to float
        σ_j, fractional uncertainties of the signal, by nuisance name.
    """

    data: float
    variance: float
    variance_per_event: float
    normalisations: Mapping[str, float]

    @cached_property
    def _relative_variance(self) -> float:
        """Return s²."""
        return sum(sigma**2 for sigma in self.normalisations.values())

    def chi2(self, signal: float) -> float:
        """Return χ²(S)."""
        variance = self.variance + self.variance_per_event * signal
        return (self.data - signal) ** 2 / (variance + self._relative_variance * signal**2)

    def least(self, lowest: float) -> tuple[float, float]:
        """Return the signal, not below the lowest, at which χ² is least, and χ² there.

        Where data lie far below, that can be an infinite signal: χ² falls to 1/s², as if a
        nuisance made it vanish.
        """
        signal, squared = max(self.data, lowest), self._relative_variance
        chi2 = self.chi2(signal)
        if squared > 0 and 1 / squared < chi2:
            return np.inf, 1 / squared
        return signal, chi2

    def interval(self, level: float) -> tuple[float, float]:
        r"""Return the signals between which χ² ≤ level = x: the roots of a quadratic.

        :math:`(d-S)^2 = x(\sigma_0^2+\sigma_1S+s^2S^2)`. The upper end is infinite when
        :math:`x s^2 \ge 1`: the systematic uncertainty alone allows any excess.
        """
        a = 1 - level * self._relative_variance
        half_b = self.data + 0.5 * level * self.variance_per_event
        c = self.data**2 - level * self.variance
        discriminant = half_b**2 - a * c
        if a <= 0:
            sum_of_roots = half_b + np.sqrt(max(discriminant, 0.0))
            above_all = discriminant < 0 or sum_of_roots <= 0
            return (-np.inf if above_all else float(c / sum_of_roots), np.inf)
        if discriminant < 0:
            return (np.nan, np.nan)
        root = float(np.sqrt(discriminant))
        upper = (half_b + root) / a
        return (c / (half_b + root) if half_b + root else 0.0, upper)

    def signal_factor(self, nuisances: Mapping[str, float]) -> float:
        """Return 1 + Σσ_jθ_j, by which nuisances multiply the signal."""
        return 1 + sum(
            sigma * nuisances.get(name, 0.0) for name, sigma in self.normalisations.items()
        )
