"""Every minimum of χ² over couplings and nuisances: mirror solutions are normal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.statistics.models.joint import JointChi2

SAMPLES: Final = 64
"""Points looked at for each coordinate."""
FOLLOWED: Final = 16
"""Lowest of them from which minima are looked for."""
SPREAD: Final = (-1.0, 1.5)
"""Decades of the distances, in units of the coordinates, at which is looked."""
EQUAL: Final = 1e-4
"""Distance, relative to 1 + |y|, below which two minima are one."""


@final
@dataclass(frozen=True)
class Minima:
    """Distinct minima, the lowest first.

    Parameters
    ----------
    y : array, shape (k, p)
    chi2 : array, shape (k,)
    """

    y: FloatArray
    chi2: FloatArray


def samples(dimension: int) -> FloatArray:
    """Return points about the origin, shape (n, p): both ways along each axis, and any way.

    The same ones at each call.
    """
    random = np.random.default_rng(20190509)
    n = SAMPLES * dimension
    directions = random.normal(size=(n, dimension))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    axes = np.concatenate([np.eye(dimension), -np.eye(dimension)])
    sizes = 10 ** random.uniform(*SPREAD, size=(n, 1))
    along = np.concatenate([size * axes for size in (0.3, 1.0, 3.0, 10.0, 30.0)])
    return np.concatenate([directions * sizes, along])


def all_minima(joint: JointChi2, starts: FloatArray) -> Minima:
    """Return the minima over all coordinates and nuisances.

    Parameters
    ----------
    joint : JointChi2
        Its coordinates are of order one.
    starts : array, shape (n, p)
        From the lowest of these minima are looked for, and from each of the first ones of a kind.

    Raises
    ------
    MunuError
        If no minimum converges.
    """
    chi2 = joint.at_expected(starts)
    order = np.argsort(np.where(np.isnan(chi2), np.inf, chi2))[:FOLLOWED]
    found = joint.minimise(starts[order], fixed=0)
    good = np.flatnonzero(~found.failed & np.isfinite(found.chi2))
    if good.size == 0:
        raise MunuError(*joint.failure(found.x[0], found.step[0], fixed=0))
    good = good[np.argsort(found.chi2[good])]
    y = found.x[:, : joint.dimension]
    kept: list[int] = []
    for row in good.tolist():
        distance = [np.abs(y[row] - y[other]).max() for other in kept]
        if all(d > EQUAL * (1 + np.abs(y[row]).max()) for d in distance):
            kept.append(row)
    return Minima(y[kept], found.chi2[kept])
