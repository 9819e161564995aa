"""Lowest minima over the nuisances for signals that the data exclude, where χ² has several.

Far from what the data say nuisances are pulled by standard deviations: shapes go on along straight
lines, components of a prediction run out, and the minimum that steps from the first-order start end
in is often not the lowest. It is looked for there from the reference's nuisances, from those on the
way to the signal, and from a standard deviation in each shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.descent import Minimum, lowest_of_each
from munu.base.typing import FloatArray, IntArray
from munu.statistics.likelihoods.hops import Value, surprising

EXCLUDED: Final = 12.0
"""χ² above that of the reference from which a signal counts as excluded."""
ON_THE_WAY: Final = 0.25
"""Part of the change of the signal, half a moment: from there the last step is a short one."""
ROUNDS: Final = 3
"""How often shapes are followed, from minima that were lower."""
LOWER: Final = 1e-9
"""Part of 1 + χ² by which a minimum must be lower to be taken for another."""

Minimise = Callable[[FloatArray, FloatArray], Minimum]
"""From signals (n, n_signal) and starts (n, k)."""


@final
@dataclass(frozen=True, eq=False)
class FarSearch:
    """Looks for minima of one likelihood.

    Parameters
    ----------
    reference : array, shape (n_signal,)
    start : array, shape (k,)
        Its nuisances.
    shapes : array of int
        Columns of the nuisances that change shapes.
    minimise, value : callable
        From signals and nuisances, a row of each: to the minima near by, and to χ².
    """

    reference: FloatArray
    start: FloatArray
    shapes: IntArray
    minimise: Minimise
    value: Value

    def lowest(self, signal: FloatArray, found: Minimum) -> Minimum:
        """Return the lowest minima of signals (m, n_signal), none of which failed before."""
        start = np.tile(self.start, (len(signal), 1))
        near = self.reference + ON_THE_WAY * (signal - self.reference)
        for theta in (start, self.minimise(near, start).x):
            found = found.or_lower(self.minimise(signal, theta))
        active = np.arange(len(signal))
        for _ in range(ROUNDS):
            rows, starts = surprising(self.value, signal[active], found.chosen(active), self.shapes)
            rows = active[rows]
            each, other = lowest_of_each(rows, self.minimise(signal[rows], starts))
            before = found.chi2[each]
            lower = ~other.failed & (other.chi2 < before - LOWER * (1 + np.abs(before)))
            active = each[lower]
            if active.size == 0:
                break
            found = found.replaced(active, other.chosen(np.flatnonzero(lower)))
        return found
