"""The region of a plane of couplings, whatever its pieces: bands, rings, islands.

Each axis is first solved alone with the rest minimised over (`munu.statistics.models.line`): its
intervals bound the region and tell where the lattice must be fine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final, final

import numpy as np

from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray
from munu.statistics.models.followed import Followed
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.line import Allowed, Line
from munu.statistics.models.minima import Minima
from munu.statistics.models.neighbours import (
    NOTICEABLE,
    Known,
    lower_elsewhere,
    lowered,
    settled,
    valleys_of,
)
from munu.statistics.models.threshold import Threshold
from munu.statistics.regions.lattice import Lattice
from munu.statistics.regions.outlines import Contour
from munu.statistics.regions.raised import Raised
from munu.statistics.regions.resolved import resolved
from munu.statistics.regions.sheared import Sheared
from munu.statistics.regions.surface import Surface, Values

POINTS: Final = 15
"""Of the lattice in each interval of an axis."""
MARGIN: Final = 0.08
"""Of an interval's width, that the lattice goes beyond it."""
WINDOW: Final = 8.0
"""An axis without end is cut at this many times its scale, or beyond what is finite."""
BAND: Final = 4.0
"""Half the width of a lattice along a band, at first, in standard deviations."""
ACROSS: Final = 21
CLOSE: Final = 1e-3
"""Distance of two of them, in the width, below which they are one."""
WIDENED: Final = 8
"""Times that it is doubled where the contour goes on."""
QUARTERS: Final = np.array([0.0, 0.25, 0.5, 0.75])
EXACT: Final = 1.0
"""Above the level, up to which values of a lattice that is made finer are exact."""
TINY: Final = 1e-12
"""A coordinate of order one below which it is zero."""
VALLEYS: Final = 4
"""Minima from which others start."""


@final
@dataclass(frozen=True, eq=False)
class Islands:
    """The region of a plane.

    Parameters
    ----------
    outlines, arcs : tuple of array, shape (n, 2)
        As in `munu.statistics.regions.lattice.Contour`, in coordinates of the plane.
    unbounded : array, shape (k, 2)
        Directions in which it goes on without end.
    best_fit : array, shape (2,)
    chi2_min : float
    """

    outlines: tuple[FloatArray, ...]
    arcs: tuple[FloatArray, ...]
    unbounded: FloatArray
    best_fit: FloatArray
    chi2_min: float


@final
@dataclass(frozen=True)
class JointSurface(Surface):
    """χ² of the first two coordinates, the others and the nuisances minimised over.

    Parameters
    ----------
    joint : JointChi2
    minima : Minima
        Where its minima over everything are.
    level : float
        What its contour is wanted of.
    """

    joint: JointChi2
    minima: Minima

    level: float

    @property
    def rest(self) -> int:
        """Number of coordinates minimised over."""
        return self.joint.dimension - 2

    def _values(self, found: Followed, *, leads: bool = False) -> Values:
        lead = found.lead if leads else np.empty((0, 2, 0))
        return Values(np.where(found.failed, np.inf, found.chi2), found.slope, found.x, lead)

    def _turned(self) -> FloatArray:
        """Return starts of the others: quarters of a turn of each phase, zero or a little more."""
        periods = self.joint.extra.periods[2:]
        quarters = [p * QUARTERS if np.isfinite(p) else (0.3,) for p in periods]
        return np.array(list(product(*quarters)))

    def scan(self, points: FloatArray, shape: tuple[int, int]) -> Values:
        """Return the minima from those of all valleys, and from those of the neighbours.

        Those above the level for sure may be those of the parabola.
        """
        n = len(points)
        others = valleys_of(self.minima.y[:, 2:], VALLEYS)
        if self.rest:
            others = np.concatenate([others, self._turned()])
        k = len(others)
        y = np.column_stack([np.repeat(points, k, axis=0), np.tile(others, (n, 1))])
        found = self.joint.best_followed(y, fixed=2, n=n, above=np.full(n, self.level))
        index = np.arange(n).reshape(shape)
        beside = [
            np.concatenate([np.take(index, kept, axis), np.take(index, moved, axis)], axis).ravel()
            for axis, size in enumerate(shape)
            for kept, moved in (([0], range(size - 1)), (range(1, size), [size - 1]))
        ]
        found = settled(self.joint, points, found, beside, self.level)
        return self._values(found, leads=True)

    def terms(self, points: FloatArray, inner: FloatArray) -> Terms:
        """Return those of the joint χ²."""
        y = np.column_stack([points, inner[:, : self.rest]])
        return self.joint.terms(y, inner[:, self.rest :])

    def linear_start(self, points: FloatArray) -> FloatArray:
        """Return zero for the others, and the nuisances that follow the signal."""
        others = np.zeros((len(points), self.rest))
        y = np.column_stack([points, others])
        return np.concatenate([others, self.joint.linear_start(y)], axis=1)

    def near(self, points: FloatArray, *starts: FloatArray, leads: bool = False) -> Values:
        """Return the lowest minima from the first start, and from those that lie elsewhere.

        Points of a lattice, which have leads, that are far above the level as in `scan`.
        """
        y = np.column_stack([points, starts[0][:, : self.rest]])
        theta, level = starts[0][:, self.rest :], self.level + EXACT if leads else np.inf
        above = np.full(len(points), level) if leads else None
        best = self.joint.followed(y, fixed=2, theta=theta, above=above)
        best = lowered(self.joint, points, best, starts[1:], level)
        return self._values(best, leads=leads)

    def elsewhere(
        self, points: FloatArray, value: FloatArray, inner: FloatArray, *starts: FloatArray
    ) -> tuple[IntArray, FloatArray]:
        """Return where other starts lead lower."""
        rows, found = lower_elsewhere(self.joint, points, Known(value, inner), starts)
        return rows, found.x


def islands(
    plane: Line,
    lines: tuple[Line, Line],
    axes: FloatArray,
    domain: FloatArray,
    delta: float,
    tilt: float = 0.0,
    threshold: Threshold | None = None,
) -> Islands:
    """Return the region Δχ² <= delta, or that below a threshold of which delta is the highest.

    Parameters
    ----------
    plane : Line
        χ² whose first two coordinates (a, b) are those of the plane, (x, y) = T (a, b), for a
        matrix T, shape (2, 2), the others and the nuisances following.
    lines : tuple of Line
        χ² along each of the axes, everything else free.
    axes : array, shape (2, 2)
        T of coordinates of order one: the principal axes; diagonal where the domain has a border.
    domain : array, shape (2, 2)
        First and last value of each axis; infinite, or in (a, b) where T is diagonal.
    delta : float
    tilt : float
        Slope b / a of a narrow band, zero where there is none.
    threshold : Threshold, optional
        Of (x, y).
    """
    # The lattice goes beyond the ends by more than a lower valley there moves them.
    found = [line.allowed(delta, checks=0) for line in lines]
    chi2_min = min(one.chi2_min for one in found)
    minima = plane.minima
    level = chi2_min + delta
    joint_surface = JointSurface(plane.joint, minima, level)
    surface: Surface = joint_surface
    over = minima.chi2
    if threshold is not None:
        surface = Raised(surface, threshold, axes, delta)
        over = over + surface.below(minima.y[:, :2])
    a, b = (_axis(one, bounds) for one, bounds in zip(found, domain, strict=True))
    below = minima.y[over < level, :2]
    if tilt:
        contour = _along_bands(Sheared(surface, tilt, *domain[1]), a, below, level, delta)
    else:
        low = np.maximum(domain[:, 0], [a[0], b[0]])
        high = np.minimum(domain[:, 1], [a[-1], b[-1]])
        held = below[np.all((below >= low) & (below <= high), axis=1)]
        contour = resolved(surface, Lattice.of(surface, a, b, level), held)
    best = _best(joint_surface, plane, found, domain, a)
    open_axes = [np.isinf(one.intervals).any() for one in found]
    return Islands(
        tuple(outline @ axes.T for outline in contour.outlines),
        tuple(arc @ axes.T for arc in contour.arcs),
        axes.T[open_axes],
        axes @ best,
        chi2_min,
    )


def _best(
    surface: JointSurface,
    plane: Line,
    found: Sequence[Allowed],
    domain: FloatArray,
    along: FloatArray,
) -> FloatArray:
    """Return the lowest point of a domain; of several, that nearest to the origin.

    It is a minimum, or at the border, where the lines along the axes have found it: the second of
    them, of which ``along`` are values of the first coordinate, perhaps where no other was known.
    """
    first, second = (one.best_fit for one in found)
    beside = float(plane.at(np.array([first])).x[0, 0])
    row = np.column_stack([along, np.full(along.size, second)])
    values = surface.scan(row, (along.size, 1))
    lowest = int(np.argmin(values.value))
    inner, rest = values.inner[[lowest]], surface.rest
    start = np.column_stack([row[[lowest]], inner[:, :rest]])
    further = plane.joint.minimise(start, fixed=0, theta=inner[:, rest:]).x[:, :2]
    known = surface.minima.y[:, :2]
    points = np.concatenate([np.zeros((1, 2)), known, row[[lowest]], further, [[first, beside]]])
    points = np.clip(np.where(np.abs(points) < TINY, 0.0, points), domain[:, 0], domain[:, 1])
    chi2 = surface.scan(points, (len(points), 1)).value
    equal = chi2 <= chi2.min() + NOTICEABLE * (1 + abs(chi2.min()))
    return np.asarray(points[np.argmin(np.where(equal, np.hypot(*points.T), np.inf))])


def _along_bands(
    surface: Sheared, a: FloatArray, minima: FloatArray, level: float, delta: float
) -> Contour:
    """Return the contour on a lattice along bands, wide enough that each ends on the lattice.

    One is through the origin, others are through minima, (n, 2), of the plane: mirror solutions. A
    minimum beyond the domain has its band in it too.
    """
    width = BAND * np.sqrt(delta)
    near = np.linspace(-width, width, POINTS) / surface.tilt
    a = np.union1d(a, near[(near > a[0]) & (near < a[-1])])
    centres = np.append(surface.sheared(minima)[:, 1], 0.0)
    for _ in range(WIDENED):
        across = np.sinh(np.linspace(-1, 1, ACROSS) * np.arcsinh(width))
        b = np.unique(np.concatenate([centre + across for centre in centres]))
        b = b[np.append(True, np.diff(b) > CLOSE * width)]
        lattice = Lattice.of(surface, a, b, level)
        contour = lattice.contour(surface)
        ends = np.concatenate(contour.outlines)
        ends = ends[(ends[:, 1] <= b[0]) | (ends[:, 1] >= b[-1])]
        y = surface.tilt * ends[:, 0] + ends[:, 1]
        if not np.any((y > surface.low) & (y < surface.high)):
            break
        width *= 2
    return surface.seen(resolved(surface, lattice, np.empty((0, 2)), contour))


def _axis(found: Allowed, domain: FloatArray) -> FloatArray:
    """Return coordinates of the lattice: fine in each interval, a few between them."""
    finite = found.intervals[np.isfinite(found.intervals)]
    reach = WINDOW * max(1.0, np.abs(finite).max(initial=0.0))
    low, high = np.maximum(domain[0], -reach), np.minimum(domain[1], reach)
    pieces = []
    for first, last in np.clip(found.intervals, low, high):
        margin = MARGIN * (last - first)
        pieces.append(np.linspace(first - margin, last + margin, POINTS))
    values = np.concatenate([*pieces, [0.5 * (p[-1] + q[0]) for p, q in pairwise(pieces)]])
    return np.unique(np.clip(values, domain[0], domain[1]))
