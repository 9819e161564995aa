"""Minima along rays, and the distances at which they cross a level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.terms import Terms
from munu.base.tolerances import FARTHEST, NARROW, PRECISION, ROUNDING
from munu.base.typing import BoolArray, FloatArray, IntArray
from munu.statistics.models.crossings import stepped
from munu.statistics.models.followed import Followed
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.neighbours import apart, lowered
from munu.statistics.models.plane import PHASES, Plane

RAISED = 0.2
"""Root of a modulus over that of r, below which it is about zero."""
MAXIMUM_TRIALS = 80
LAST_STEP = 1e-8
"""Of a distance, relative to it, after which the next would be rounding: far out χ² is not known
to `PRECISION`."""


@final
@dataclass(frozen=True)
class RayDescent:
    """χ² along rays of a plane, minimised over what is profiled and the nuisances.

    Parameters
    ----------
    joint : JointChi2
    plane : Plane
    points : callable
        ``points(s, r)`` returns the points of the plane, shape (n, 2), at distances along rays.
    """

    joint: JointChi2
    plane: Plane
    points: Callable[[FloatArray, FloatArray], FloatArray]

    def at(self, shown: FloatArray, radius: FloatArray, x: FloatArray) -> Followed:
        """Return the minima at distances r along rays from starts x of what is profiled.

        The nuisances start from what follows in x, if they do.
        """
        free = len(self.plane.free)
        y = np.concatenate([self.points(shown, radius), x[:, :free]], axis=1)
        theta = x[:, free:] if x.shape[1] > free else None
        return self.joint.followed(y, fixed=2, theta=theta)

    def scaled(self, x: FloatArray, ratio: FloatArray) -> FloatArray:
        """Return starts at other distances: moduli in proportion, phases as they are."""
        moduli = [i for i, name in enumerate(self.plane.free) if name not in PHASES]
        out = x.copy()
        out[:, moduli] *= (ratio if self.plane.signed else np.sqrt(ratio))[:, None]
        return out

    def between(
        self,
        shown: FloatArray,
        radius: FloatArray,
        starts: tuple[FloatArray, FloatArray],
        part: FloatArray,
    ) -> Followed:
        """Return minima from between those of neighbours, scaled to the distances.

        Parameters
        ----------
        shown, radius : array, shape (n,)
        starts : tuple of array, shape (n, d)
            What the neighbours' minima say.
        part : array, shape (n,)
            How far each ray is from the first of them towards the second.
        """
        first, second = starts
        middle = first + part[:, None] * (second - first)
        nearest = np.where((part < 0.5)[:, None], first, second)
        x = np.where(apart(first, second)[:, None], nearest, middle)
        return lowered(self.joint, self.points(shown, radius), self.at(shown, radius, x), starts)

    def beside(self, shown: FloatArray, radius: FloatArray, found: Followed) -> Followed:
        """Return minima of rays in their order, or what those of both neighbours lead to.

        Where a modulus that may not be negative is zero, what it leads to when it is not.
        """
        for shift in (1, -1):
            near = np.clip(np.arange(shown.size) - shift, 0, shown.size - 1)
            start = self.scaled(found.x[near], radius / radius[near])
            found = lowered(self.joint, self.points(shown, radius), found, [start])
        raised = self._raised(found.x, radius)
        if raised is None:
            return found
        return lowered(self.joint, self.points(shown, radius), found, [raised])

    def _raised(self, x: FloatArray, radius: FloatArray) -> FloatArray | None:
        """Return starts whose moduli are not about zero, where χ² is stationary; None if none is.

        Their coordinates are roots: at zero χ² may be highest.
        """
        moduli = [i for i, name in enumerate(self.plane.free) if name not in PHASES]
        least = RAISED * np.sqrt(radius)[:, None]
        low = np.abs(x[:, moduli]) < least
        if self.plane.signed or not low.any():
            return None
        out = x.copy()
        out[:, moduli] = np.where(low, least, x[:, moduli])
        return out

    def crossing(
        self, shown: FloatArray, radius: FloatArray, found: Followed, level: float
    ) -> tuple[FloatArray, Followed]:
        """Follow minima along their rays to where χ² is the level: Newton steps in brackets.

        The distance is infinite where χ² stays below the level.
        """
        radius = np.where(np.isfinite(radius), radius, FARTHEST)
        radius, found = self._stepped(shown, radius, found, level)
        below, above = np.zeros(shown.size), np.full(shown.size, np.inf)
        rows = np.arange(shown.size)
        for _ in range(MAXIMUM_TRIALS):
            at, over = radius[rows], found.chi2[rows] - level
            below[rows] = np.where(over < 0, at, below[rows])
            above[rows] = np.where(over < 0, above[rows], at)
            endless = (over < 0) & (at >= FARTHEST)
            radius[rows[endless]] = np.inf
            go = ~(endless | found.failed[rows] | self._on_level(over, level))
            go &= ~(above[rows] - below[rows] <= NARROW * at)
            rows, at, over = rows[go], at[go], over[go]
            if rows.size == 0:
                break
            # Newton: r - (χ² - level) / (∂χ²/∂r)
            slope = np.einsum("mi,mi->m", found.slope[rows], self._along(shown[rows]))
            ahead = at - over / np.where(slope > 0, slope, np.nan)
            radius[rows] = _inside(ahead, below[rows], above[rows], at)
            moves = np.abs(radius[rows] - at) > LAST_STEP * at
            rows, at = rows[moves], at[moves]
            start = self.scaled(found.x[rows], radius[rows] / at)
            found = found.replaced(rows, self.at(shown[rows], radius[rows], start))
        return radius, found

    def _stepped(
        self, shown: FloatArray, radius: FloatArray, found: Followed, level: float
    ) -> tuple[FloatArray, Followed]:
        """Return distances and minima where steps of both at once have found the level."""
        rows = np.flatnonzero(~found.failed & ~self._on_level(found.chi2 - level, level))
        if rows.size == 0:
            return radius, found
        s, along = shown[rows], self._along(shown[rows])
        free = len(self.plane.free)

        def terms(r: FloatArray, x: FloatArray, some: IntArray) -> Terms:
            y = np.concatenate([self.points(s[some], r), x[:, :free]], axis=1)
            return self.joint.terms(y, x[:, free:]).along(along[some])

        ends = np.zeros(rows.size), np.full(rows.size, FARTHEST)
        r, x, good = stepped(terms, radius[rows], found.x[rows], ends, np.ones(rows.size), level)
        radius = radius.copy()
        radius[rows[good]] = r[good]
        return radius, found.replaced(rows[good], self.at(s[good], r[good], x[good]))

    def _along(self, shown: FloatArray) -> FloatArray:
        """Return how points move with the distance along rays, shape (n, 2)."""
        one = np.ones(shown.size)
        return np.asarray(self.points(shown, one) - self.points(shown, 0 * one))

    @staticmethod
    def _on_level(over: FloatArray, level: float) -> BoolArray:
        return np.asarray(np.abs(over) <= PRECISION + ROUNDING * abs(level))


def _inside(ahead: FloatArray, below: FloatArray, above: FloatArray, at: FloatArray) -> FloatArray:
    """Return distances ahead, at most doubled, or where these leave their brackets the middle.

    A bracket without an upper end is passed by doubling the distance ``at``.
    """
    ahead = np.minimum(ahead, 2 * at)
    middle = np.where(np.isfinite(above), 0.5 * (below + np.minimum(above, FARTHEST)), 2 * at)
    good = (ahead > below) & (ahead < above) & np.isfinite(ahead)
    return np.minimum(np.where(good, ahead, middle), FARTHEST)
