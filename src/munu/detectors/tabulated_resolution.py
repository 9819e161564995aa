"""A Gaussian resolution whose width is a table, as measured with lines of known energy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.errors import MunuError
from munu.base.frozen import freeze
from munu.base.interpolation import Between, between_rows, check_between
from munu.base.typing import FloatArray
from munu.detectors.resolution import SPAN_SIGMAS, Continuous


@final
@dataclass(frozen=True)
class TabulatedWidth(Continuous):
    """Gaussian resolution of tabulated width; the first and last width hold outside the table.

    Parameters
    ----------
    mean, width : tuple of float
        Increasing mean values, and the standard deviation at each, in the unit of the observable.
    interpolation : str
        ``linear`` or ``log`` (of the width).

    Raises
    ------
    MunuError
        For fewer than two rows, means that do not increase, or a width that is not above zero.
    """

    mean: tuple[float, ...]
    width: tuple[float, ...]
    interpolation: Between = "linear"

    def __post_init__(self) -> None:
        check_between(self.interpolation)
        if len(self.mean) < 2 or len(self.mean) != len(self.width):
            message = f"a resolution of {len(self.mean)} energies and {len(self.width)} widths"
            raise MunuError(message, "Give two or more rows of both")
        if not np.all(np.diff(self.mean) > 0):
            raise MunuError("the energies of the resolution do not increase", "Order the rows")
        wrong = [width for width in self.width if not 0 < width < np.inf]
        if wrong:
            message = f"a width of the resolution is {wrong[0]:g}"
            raise MunuError(message, "Allowed: above 0, as standard deviations")
        freeze(self)

    def sigma(self, mean: FloatArray) -> FloatArray:
        """Return the standard deviation at each mean."""
        return between_rows(mean, self.mean, self.width, self.interpolation)

    def _density(self, x: FloatArray, mean: FloatArray) -> FloatArray:
        width = self.sigma(mean)
        density = np.exp(-0.5 * ((x - mean) / width) ** 2) / (np.sqrt(2 * np.pi) * width)
        return np.asarray(density)

    def _kinks(self) -> FloatArray:
        return np.empty(0)

    def _span_sigmas(self) -> float:
        return SPAN_SIGMAS

    def kinks(self) -> FloatArray:
        """Return the rows."""
        return np.array(self.mean)

    def describe(self) -> str:
        """Give the range of the table."""
        ends = f"{self.width[0]:g} at {self.mean[0]:g} to {self.width[-1]:g} at {self.mean[-1]:g}"
        return f"Gaussian, sigma in a table of {len(self.mean)} rows, {ends}"
