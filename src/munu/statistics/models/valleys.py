r"""The lowest minima of χ² over all moments and nuisances: every profiled search begins at them.

Directions are taken in coordinates z, :math:`\Lambda = Bz`, in which the events of
:math:`|z| = 1` are
about as significant along each: :math:`B^\dagger\sum_b(W_b/\sigma_b)B = 1`. In μ_B, those that
one experiment does not see would never be met.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import final

import numpy as np

from munu.base.identity import Same
from munu.base.tolerances import DISTINCT, PRECISION
from munu.base.typing import ComplexArray, FloatArray
from munu.statistics.likelihoods import NewtonLikelihood
from munu.statistics.models.dipole_events import QuadraticEvents, congruent
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.ray_scan import FIRST, LAST, LEAST_RETURNED, could_return, scan_range

UNSEEN = 1e-13
"""Events of a direction, relative to those of the best seen, that are the rounding of none."""
LADDER = 4
"""Distances tried along a direction: from half a standard deviation to twice all counts."""
SCOUTS, FAR_SCOUTS, KEPT = 5, 12, 2
"""Lowest starts that are followed, where data exclude the Standard Model, and minima told."""
FINER = (0.4, 0.1, 0.025, 0.006)
"""Decades by which a start is moved along its direction."""
OFF_AXIS = 0.1
"""Distance of starts from the axes and diagonals."""
REMEMBERED = 8
"""Likelihoods and events whose minima are kept."""
PARALLEL = 0.98
"""Overlap of two directions, of which one is enough."""


@final
@dataclass(frozen=True, eq=False)
class Valleys:
    """Minima of χ², the lowest first.

    Parameters
    ----------
    chi2 : array, shape (k,)
    moments : array, shape (k, 3)
        Λ (μ_B), up to a common phase; zero for the Standard Model.
    theta : array, shape (k, n_nuisances)
    standard_model_chi2 : float
    """

    chi2: FloatArray
    moments: ComplexArray
    theta: FloatArray
    standard_model_chi2: float


def frame(likelihood: NewtonLikelihood, w: ComplexArray) -> ComplexArray:
    """Return B (μ_B), shape (3, r), for W_b of shape (n_signal, 3, 3)."""
    visible = np.asarray((w / likelihood.scale.spread[:, None, None]).sum(axis=0))
    values, vectors = np.linalg.eigh(visible)
    seen = values > UNSEEN * max(values[-1], 0.0)
    return np.asarray((vectors[:, seen] / np.sqrt(values[seen]))[:, ::-1])


def lattice(dimension: int) -> ComplexArray:
    """Return unit vectors, shape (n, dimension), about those of components 0, 1, -1, i or -i.

    Exactly there χ² would be stationary by symmetry, as it is without interference, and a
    search would stay.
    """
    if dimension == 0:
        return np.empty((0, 0), complex)
    points = np.array(list(product((0, 1, 1j, -1, -1j), repeat=dimension)), complex)
    points = points[np.any(points != 0, axis=1)]
    first = points[np.arange(len(points)), np.argmax(points != 0, axis=1)]
    points = points[first == 1] + OFF_AXIS * np.exp(1j * np.arange(dimension))
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True))


def _own_directions(likelihood: NewtonLikelihood, w: ComplexArray) -> ComplexArray:
    """Return what each of several parts sees best and least, shape (n, r), for W in z."""
    weighted = w / likelihood.scale.spread[:, None, None]
    ends = np.cumsum([part.n_signal for part in likelihood.parts])[:-1]
    pieces = [piece.sum(axis=0) for piece in np.split(weighted, ends) if len(piece)]
    if len(pieces) < 2:
        return np.empty((0, w.shape[1]), complex)
    return np.concatenate([np.linalg.eigh(piece)[1].T for piece in pieces])


def _apart(rows: ComplexArray) -> ComplexArray:
    """Return unit vectors without those that are, up to a phase, close to an earlier one."""
    overlap = np.abs(rows.conj() @ rows.T)
    kept: list[int] = []
    for row in range(len(rows)):
        if not np.any(overlap[row, kept] > PARALLEL):
            kept.append(row)
    return rows[kept]


def find_valleys(likelihood: NewtonLikelihood, sm: FloatArray, w: ComplexArray) -> Valleys:
    """Return the minima of χ²(Λ, θ), that of the Standard Model alone among them.

    They are the same whichever moment is asked for, and looked for once.

    Parameters
    ----------
    likelihood : NewtonLikelihood
    sm : array, shape (n_signal,)
    w : array, shape (n_signal, n, n)
        W_b (events per μ_B²).
    """
    return _found(Same(likelihood), _AllEvents(sm, w))


@final
class _AllEvents:
    """The events without and with moments, as a key."""

    __slots__ = ("content", "sm", "w")

    def __init__(self, sm: FloatArray, w: ComplexArray) -> None:
        self.sm, self.w = sm, w
        self.content = w.shape, sm.tobytes(), w.tobytes()

    def __hash__(self) -> int:
        return hash(self.content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _AllEvents) and other.content == self.content


@lru_cache(maxsize=REMEMBERED)
def _found(same: Same[NewtonLikelihood], signal: _AllEvents) -> Valleys:
    likelihood, sm, w = same.objects[0], signal.sm, signal.w
    none = likelihood.profile(sm[None])
    nothing = Valleys(none.chi2, np.zeros((1, w.shape[1]), complex), none.x, float(none.chi2[0]))
    b = frame(likelihood, w)
    if b.shape[1] == 0 or none.chi2[0] <= PRECISION:  # χ² is not negative: of data as expected.
        return nothing
    w_z = congruent(w, b)
    own = _own_directions(likelihood, w_z)
    rows = _apart(np.concatenate([lattice(b.shape[1]), own]))
    joint = JointChi2(likelihood, sm, QuadraticEvents.of(w_z, _columns(b.shape[1])))
    directions = _coordinates(rows)
    first, last = scan_range(likelihood.scale, sm, joint.extra.events(directions))
    seen = np.isfinite(last)
    low, high = 0.5 * first[seen] / FIRST, 2 * last[seen] / LAST
    steps = np.linspace(0.0, 1.0, LADDER)
    t = low[:, None] * np.maximum(high / low, 10.0)[:, None] ** steps
    starts = np.sqrt(t)[..., None] * directions[seen][:, None, :]
    slope = likelihood.signal_gradient(sm[None], none.x)[0]
    asked = could_return(
        likelihood.scale, slope, joint.extra.events(directions), nothing.standard_model_chi2
    )
    far = bool(np.any(asked > 2 * LEAST_RETURNED))
    chosen = _far(joint, starts) if far else _lowest(joint, starts)
    found = joint.valleys(chosen, fixed=0, scouts=len(chosen), kept=KEPT)
    good = np.flatnonzero(~found.failed)
    y = found.x[good, : joint.dimension]
    moments = (y @ _columns(b.shape[1]).T) @ b.T
    return _sorted(
        Valleys(
            np.concatenate([none.chi2, found.chi2[good]]),
            np.concatenate([nothing.moments, moments]),
            np.concatenate([none.x, found.x[good, joint.dimension :]]),
            nothing.standard_model_chi2,
        )
    )


def _lowest(joint: JointChi2, starts: FloatArray) -> FloatArray:
    """Return those of starts (n, LADDER, p) whose χ² is lowest."""
    flat = starts.reshape(-1, joint.dimension)
    return flat[np.argsort(joint.at_linear_start(flat))[:SCOUTS]]


def _far(joint: JointChi2, starts: FloatArray) -> FloatArray:
    """Return those of starts (n, LADDER, p) whose χ² is lowest, of all and at each distance.

    Those close to the Standard Model would else leave no place for those farther out, where data
    that exclude it have their minima.
    """
    flat = starts.reshape(-1, joint.dimension)
    chi2 = joint.at_linear_start(flat).reshape(len(starts), -1)
    rungs = np.argmin(chi2, axis=0) * chi2.shape[1] + np.arange(chi2.shape[1])
    lowest = np.argsort(chi2.ravel())[:FAR_SCOUTS]
    return _stretched(joint, flat[list(dict.fromkeys([*lowest, *rungs]))])


def _stretched(joint: JointChi2, starts: FloatArray) -> FloatArray:
    """Return starts at the distances where χ² is lowest, by ever finer steps.

    Else nuisances would make up for a wrong distance, in a valley that is long and narrow.
    """
    for decades in FINER:
        factors = 10 ** np.linspace(-decades, decades, 9)
        tried = (factors[:, None] * starts[:, None, :]).reshape(-1, joint.dimension)
        best = np.argmin(joint.at_linear_start(tried).reshape(len(starts), -1), axis=1)
        starts = factors[best][:, None] * starts
    return starts


def _sorted(found: Valleys) -> Valleys:
    """Return the distinct minima, the lowest first; the first of two that are equal comes first."""
    size = DISTINCT * (1 + np.abs(found.chi2))
    order = np.argsort(found.chi2, kind="stable")
    kept: list[int] = []
    for row in order.tolist():
        same = [k for k in kept if abs(found.chi2[k] - found.chi2[row]) <= size[row]]
        if same and row < same[0]:
            kept[kept.index(same[0])] = row
        elif not same:
            kept.append(row)
    return replace(
        found, chi2=found.chi2[kept], moments=found.moments[kept], theta=found.theta[kept]
    )


def _columns(dimension: int) -> ComplexArray:
    """Return the z of real coordinates, shape (dimension, p): the first component is real."""
    unit: ComplexArray = np.eye(dimension, dtype=complex)
    return np.concatenate([unit, 1j * unit[:, 1:]], axis=1)


def _coordinates(rows: ComplexArray) -> FloatArray:
    """Return the coordinates of z (n, dimension), turned so that the first is real."""
    size = np.abs(rows[:, :1])
    turned = rows * np.where(size > 0, rows[:, :1].conj() / np.where(size > 0, size, 1.0), 1.0)
    return np.concatenate([turned.real, turned.imag[:, 1:]], axis=1)
