r"""The coordinate of a shape that does not go beyond two standard deviations.

.. math::
    t = \begin{cases}\theta & |\theta|\le a\\
    {\rm sign}(\theta)\,\big(a + s - \tfrac12 s^2\big),\quad s=|\theta|-a & a<|\theta|<a+1\\
    {\rm sign}(\theta)\,\big(a+\tfrac12\big) & |\theta|\ge a+1\end{cases}

with a = `UNCHANGED_UP_TO`, from which on events are linear in t: they level off between 1.5 and 2.5
standard deviations and are those of two beyond. A straight line through a variant that takes away a
third of the events leaves none at three standard deviations: a signal of any size is then allowed
for little more than the nuisance's own pull, where the variants say nothing about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray

UNCHANGED_UP_TO = 1.5
"""Standard deviations of a shape up to which its coordinate is θ itself."""


@final
@dataclass(frozen=True, eq=False)
class SaturatingCoordinate:
    """t(θ), t'(θ) and t''(θ), arrays of one shape."""

    value: FloatArray
    rate: FloatArray
    turn: FloatArray

    def along(self, slope: FloatArray, bend: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return first and second derivatives in θ of functions with these in t."""
        return slope * self.rate, bend * self.rate**2 + slope * self.turn


def saturating_coordinate(theta: FloatArray) -> SaturatingCoordinate | None:
    """Return t(θ) with its derivatives, None where all θ are their own t."""
    size = np.abs(theta)
    if (size <= UNCHANGED_UP_TO).all():
        return None
    s = np.clip(size - UNCHANGED_UP_TO, 0.0, 1.0)
    value = np.minimum(size, UNCHANGED_UP_TO) + s - 0.5 * s**2
    turn = np.where((s > 0) & (s < 1), -np.sign(theta), 0.0)
    return SaturatingCoordinate(np.copysign(value, theta), 1 - s, turn)
