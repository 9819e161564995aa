r"""Δχ² along a coupling as a test of values farther from the Standard Model's than what is true.

.. math:: q(v) = \chi^2(v) - \min_{v'\le v}\chi^2(v'),\quad v > v_{\rm SM},

and with :math:`v'\ge v` below the Standard Model's value. Where χ² has one minimum it is zero for a
best fit beyond v, as :math:`q_\mu` of arXiv:1007.1727 (Sect. 2.4) is; where it has more, as an
amplitude of the other sign makes, a value between two of them is tested against the nearer one to
the Standard Model.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.limits.couplings import CouplingLine


@final
@dataclass(frozen=True, eq=False)
class RiseAway:
    """q of one set of data, the Standard Model's value being zero.

    Parameters
    ----------
    line : CouplingLine
    grid : array, shape (n,)
        Increasing values at which χ² is known, its minima among them.
    """

    line: CouplingLine
    grid: FloatArray

    @cached_property
    def _chi2(self) -> FloatArray:
        return self.line.chi2(self.grid)

    @cached_property
    def _lowest(self) -> tuple[FloatArray, FloatArray]:
        """Return the lowest χ² of the grid up to each of its values, and from each on."""
        up = np.minimum.accumulate(self._chi2)
        down = np.minimum.accumulate(self._chi2[::-1])[::-1]
        return np.append(np.inf, up), np.append(down, np.inf)

    def __call__(self, values: FloatArray) -> FloatArray:
        """Return q at values, shape (n,)."""
        chi2, (up, down) = self.line.chi2(values), self._lowest
        above = up[np.searchsorted(self.grid, values, side="right")]
        below = down[np.searchsorted(self.grid, values, side="left")]
        least = np.where(values >= 0, above, below)
        return np.asarray(np.maximum(chi2 - np.minimum(least, chi2), 0.0))
