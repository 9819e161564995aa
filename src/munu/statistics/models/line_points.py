"""Points along one coordinate at which χ² is minimised over the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray, IntArray


@final
@dataclass(frozen=True, eq=False)
class LinePoints:
    """Minima over the rest at values v of the first coordinate, increasing.

    Parameters
    ----------
    v, chi2, slope : array, shape (n,)
        The last is ∂χ²/∂v.
    x, lead : array, shape (n, p - 1 + k)
        The other coordinates and the nuisances, and ∂x/∂v.
    """

    v: FloatArray
    chi2: FloatArray
    slope: FloatArray
    x: FloatArray
    lead: FloatArray

    @property
    def _arrays(self) -> tuple[FloatArray, ...]:
        return self.v, self.chi2, self.slope, self.x, self.lead

    def chosen(self, rows: IntArray) -> LinePoints:
        """Return some of the points."""
        return LinePoints(*(one[rows] for one in self._arrays))

    def joined(self, other: LinePoints) -> LinePoints:
        """Return both, in order, without what stands in the first already."""
        new = other.chosen(np.flatnonzero(~np.isin(other.v, self.v)))
        order = np.argsort(np.concatenate([self.v, new.v]))
        both = zip(self._arrays, new._arrays, strict=True)
        return LinePoints(*(np.concatenate(pair)[order] for pair in both))

    def at(self, rows: IntArray, v: FloatArray) -> FloatArray:
        """Return about what x is at values v near some of the points."""
        return np.asarray(self.x[rows] + (v - self.v[rows])[:, None] * self.lead[rows])
