"""Every minimum of χ² over couplings and nuisances: mirror solutions are normal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.descent import Pruning
from munu.base.errors import MunuError
from munu.base.typing import FloatArray, IntArray
from munu.statistics.models.joint import JointChi2

SAMPLES: Final = 64
"""Points looked at for each coordinate."""
FOLLOWED: Final = 16
"""Lowest of them from which minima are looked for."""
FEW: Final = 4
"""Starts that are all followed to the end."""
SCOUTING: Final = 4
"""Steps after which starts that have come together count once."""
NEAR: Final = 0.02
"""Distance of those, relative to 1 + the largest coordinate."""
SPREAD: Final = (-1.0, 1.5)
"""Decades of the distances, in units of the coordinates, at which is looked."""
CLOSE: Final = 0.05
"""Distance, relative to that of the farthest, below which one of two starts is left out."""
SAME: Final = 1e-9
"""Difference of χ², relative to 1 + χ², of minima that are images of one."""
EQUAL: Final = 1e-4
"""Distance, relative to 1 + the largest coordinate, below which two minima are one."""


@final
@dataclass(frozen=True, eq=False)
class Minima:
    """Distinct minima, the lowest first.

    Parameters
    ----------
    y : array, shape (k, p)
    chi2 : array, shape (k,)
    spread : array, shape (k, p)
        How far each coordinate can go before χ², the rest minimised over, has risen by one; as
        far as the parabola goes.
    """

    y: FloatArray
    chi2: FloatArray
    spread: FloatArray

    def few_of_each(self, most: int) -> IntArray:
        """Return the rows of all minima but for further ones of a χ² that ``most`` have."""
        same = np.abs(np.subtract.outer(self.chi2, self.chi2)) <= SAME * (1 + np.abs(self.chi2))
        return np.flatnonzero(np.tril(same, -1).sum(axis=1) < most)

    def turned(self, order: Sequence[int]) -> Minima:
        """Return the same in another order of the coordinates."""
        return Minima(self.y[:, order], self.chi2, self.spread[:, order])


def samples(reach: FloatArray) -> FloatArray:
    """Return points about the origin, shape (n, p): both ways along each axis, and any way.

    The same ones at each call. Half of them are of any size, the others as far as coordinates go.

    Parameters
    ----------
    reach : array, shape (p,)
        How far each coordinate goes.
    """
    random = np.random.default_rng(20190509)
    p = reach.size
    directions = random.normal(size=(2 * SAMPLES * p, p))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    near, far = np.split(directions, 2)
    axes = np.concatenate([np.eye(p), -np.eye(p)])
    along = [part * axes * size for size in (1.0, reach) for part in (0.1, 0.3, 0.6, 1.0)]
    return np.concatenate(
        [
            near * 10 ** random.uniform(*SPREAD, size=(len(near), 1)),
            far * reach * random.uniform(size=(len(far), 1)),
            *along,
        ]
    )


def separate(starts: FloatArray, order: IntArray) -> IntArray:
    """Return the first of an order, but for those that are close to one taken already."""
    size = np.abs(starts).max(axis=0)
    size[size == 0] = 1.0
    kept: list[int] = []
    for row in order.tolist():
        away = np.abs((starts[row] - starts[kept]) / size).max(axis=1)
        if (away > CLOSE).all():
            kept.append(row)
        if len(kept) == FOLLOWED:
            break
    return np.array(kept)


def all_minima(joint: JointChi2, starts: FloatArray, surely: FloatArray | None = None) -> Minima:
    """Return the minima over all coordinates and nuisances.

    Parameters
    ----------
    joint : JointChi2
        Its coordinates are of order one.
    starts : array, shape (n, p)
        From the lowest of these minima are looked for, and from each of the first ones of a kind.
    surely : array, shape (m, p), optional
        From these minima are looked for in any case.

    Raises
    ------
    MunuError
        If no minimum converges.
    """
    p = joint.dimension
    surely = starts[:0] if surely is None else surely
    if len(surely) + len(starts) <= FEW:
        found = joint.minimise(np.concatenate([surely, starts]), fixed=0)
    else:
        chi2 = joint.at_linear_start(starts)
        order = separate(starts, np.argsort(np.where(np.isnan(chi2), np.inf, chi2)))
        starts = np.concatenate([surely, starts[order][: max(FOLLOWED - len(surely), 0)]])
        apart = Pruning(SCOUTING, lambda chi2, x: distinct(chi2, x[:, :p], NEAR))
        found = joint.minimise(starts, fixed=0, prunings=[apart])
    if np.all(found.failed | ~np.isfinite(found.chi2)):
        raise MunuError(*joint.failure(found.x[0], found.step[0], fixed=0))
    found = found.chosen(np.flatnonzero(~found.failed & np.isfinite(found.chi2)))
    found = found.chosen(distinct(found.chi2, found.x[:, :p], EQUAL))
    bend = np.linalg.pinv(found.hessian, hermitian=True).diagonal(axis1=1, axis2=2)[:, :p]
    return Minima(found.x[:, :p], found.chi2, np.sqrt(2 * np.abs(bend)))


def distinct(chi2: FloatArray, y: FloatArray, near: float) -> IntArray:
    """Return the rows of minima (n, p) apart from each other, lowest first."""
    rows = np.flatnonzero(np.isfinite(chi2))
    rows = rows[np.argsort(chi2[rows], kind="stable")]
    kept: list[int] = []
    for row in rows.tolist():
        distance = np.abs(y[row] - y[kept]).max(axis=1)
        if (distance > near * (1 + np.abs(y[row]).max())).all():
            kept.append(row)
    return np.array(kept, int)
