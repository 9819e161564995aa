"""Valleys where a shape takes away the events that couplings make: there they may be large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.joint_starts import lowest_along
from munu.statistics.models.parabola import Parabola

DISPLACED: Final = 2.3
"""Standard deviations of a shape, close to where its events level off."""
LARGE: Final = 10.0
"""Coordinate at which is looked what is left of the events."""
MUTED: Final = 0.1
"""Part of their χ² that is left, below which valleys are looked for."""
LOWEST: Final = 2
"""Valleys of each value."""
STEPS: Final = 60


@final
@dataclass(frozen=True, eq=False)
class Muted:
    """Minima over the rest at some values of the first coordinate, `LOWEST` of each at most.

    Parameters
    ----------
    v : array, shape (n,)
    x : array, shape (n, d)
        The other coordinates, then the nuisances.
    """

    v: FloatArray
    x: FloatArray

    @classmethod
    def of(cls, joint: JointChi2, values: FloatArray, reach: FloatArray) -> Muted:
        """Return those of a joint χ², whose coordinates go about as far as ``reach`` (p,)."""
        p, found = joint.dimension, []
        for theta, held in _muting(joint):
            y, _ = lowest_along(Parabola.about(joint, theta, held), values, reach, LOWEST)
            at = joint.followed(y, fixed=1, theta=np.tile(theta, (len(y), 1)), steps=STEPS)
            found.append(np.column_stack([y[:, 0], at.x])[~at.failed])
        both = np.concatenate([np.empty((0, p + len(joint.likelihood.names))), *found])
        return cls(both[:, 0], both[:, 1:])

    def starts(self, v: FloatArray) -> list[FloatArray]:
        """Return starts of the rest at values v (m,), each (m, d): those of the nearest values."""
        if self.v.size == 0:
            return []
        order = np.argsort(np.abs(np.subtract.outer(v, self.v)), axis=1, kind="stable")
        return [self.x[column] for column in order[:, : 2 * LOWEST].T]


def _muting(joint: JointChi2) -> list[tuple[FloatArray, int]]:
    """Return nuisances (k,) at which a shape takes events away, and which it is."""
    likelihood, p = joint.likelihood, joint.dimension
    theta = joint.linear_start(np.zeros((1, p)))
    signals = joint.signal(LARGE * np.eye(p))
    whole, found = _seen(joint, signals, theta), []
    for column in likelihood.shapes.tolist():
        for side in (-DISPLACED, DISPLACED):
            moved = theta.copy()
            moved[0, column] = side
            if (_seen(joint, signals, moved) < MUTED * whole).any():
                found.append((moved[0], column))
    return found


def _seen(joint: JointChi2, signals: FloatArray, theta: FloatArray) -> FloatArray:
    """Return about how much χ² tells signals (m, n_signal) from the Standard Model's, (m,)."""
    likelihood = joint.likelihood
    nothing = likelihood.excess(joint.sm[None], theta)
    change = [(likelihood.excess(one[None], theta) - nothing) for one in signals]
    return np.asarray((np.array(change) ** 2 / likelihood.scale.spread**2).sum(axis=1))
