r"""Where χ² of one coordinate alone bends: a grid does not see what is narrow.

Events are quadratic in a coupling, :math:`S_b=SM_b+s_bv+c_bv^2`. With r_b the excess of the data
and w_b its weight,

.. math:: \chi^2 \approx \sum_b w_b\,(r_b - s_bv - c_bv^2)^2

is a quartic: its minima are roots of a cubic.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.base.distinct import distinct
from munu.base.typing import FloatArray
from munu.statistics.models.joint import JointChi2

EXACT: Final = 1e-9
"""Difference of events from a quadratic, relative to them, that is rounding."""
FARTHEST: Final = 1e7
"""Units of the coordinate beyond which nothing is looked for."""
EMPTY: Final = 0.1
"""Part of a bin's events at the Standard Model below which interference empties it."""
MOST_EMPTIED: Final = 24
"""Bins emptied that are looked at, those most nearly so."""


def _quadratic(joint: JointChi2) -> tuple[FloatArray, FloatArray] | None:
    """Return s and c, each (n_signal,); None where events are no quadratic, as of a phase."""
    v = np.array([[1.0], [-1.0], [3.0]])
    up, down, far = joint.extra.events(v)
    slope, bend = 0.5 * (up - down), 0.5 * (up + down)
    size = np.abs(slope) + np.abs(bend)
    if np.any(np.abs(far - 3 * slope - 9 * bend) > EXACT * (1 + size)):
        return None
    return slope, bend


def turning_points(joint: JointChi2) -> FloatArray:
    r"""Return about where χ² of a lone coordinate may be lowest, of each part and of all, (n,).

    w_b is that of the data's own spread. Of counts the excess over the Standard Model tells of
    minima far away, and the slope there, :math:`w_br_b=-\frac12\partial\chi^2/\partial S_b`, of
    one nearby.

    Parameters
    ----------
    joint : JointChi2
        Of one coordinate.

    Returns
    -------
    array
        Empty where events are no quadratic in the coordinate.
    """
    quadratic = _quadratic(joint)
    if quadratic is None:
        return np.empty(0)
    (s, c), zero, likelihood = quadratic, np.zeros((1, 1)), joint.likelihood
    at_sm = joint.signal(zero), joint.linear_start(zero)
    w, parts = 1 / likelihood.scale.spread**2, likelihood.scale.part
    # Where the events at zero are far too many, nuisances there are not those of a minimum.
    excesses = [likelihood.excess(at_sm[0], theta) for theta in (at_sm[1], likelihood.rest[None])]
    cubics = []
    for wr in (*(w * one for one in excesses), -0.5 * likelihood.signal_gradient(*at_sm)[0]):
        per_bin = np.array([-2 * w * c**2, -3 * w * s * c, 2 * wr * c - w * s**2, wr * s])
        cubics += [per_bin[:, parts == number].sum(axis=1) for number in distinct(parts)]
        cubics.append(per_bin.sum(axis=1))
    return distinct(*(_falling(one) for one in cubics))


def _falling(polynomial: FloatArray) -> FloatArray:
    """Return the real roots at which a polynomial falls, not too far out, shape (n,)."""
    roots = np.roots(polynomial)
    real = roots.real[np.abs(roots.imag) <= EXACT * np.abs(roots)]
    inside = (np.abs(real) < FARTHEST) & (np.polyval(np.polyder(polynomial), real) < 0)
    return np.asarray(real[inside])


def lone_starts(joint: JointChi2, grid: FloatArray) -> FloatArray:
    """Return values from which to look for the minima of a lone coordinate, shape (n,).

    Of the grid's and the turning points those whose neighbours are higher; of two on one side of
    zero and within one, the turning point, or the lower. Both sides count: a domain may end there.

    Parameters
    ----------
    joint : JointChi2
        Of one coordinate, of order one.
    grid : array, shape (m,)
        As far as minima are looked for, and farther.
    """
    turning = turning_points(joint)
    v = distinct(grid, turning)
    chi2 = joint.at_linear_start(v[:, None])
    chi2 = np.where(np.isnan(chi2), np.inf, chi2)
    around = np.concatenate([[np.inf], chi2, [np.inf]])
    lowest = np.flatnonzero((chi2 <= around[:-2]) & (chi2 <= around[2:]))
    kept: list[float] = []
    for one in v[lowest[np.lexsort((chi2[lowest], ~np.isin(v[lowest], turning)))]].tolist():
        if all(abs(one - other) >= 1 or one * other < 0 for other in kept):
            kept.append(one)
    return np.array(kept)


def emptied(joint: JointChi2) -> FloatArray:
    """Return where interference leaves bins almost without events, (n,): χ² may peak there.

    Parameters
    ----------
    joint : JointChi2
        Of one coordinate.

    Returns
    -------
    array
        At most `MOST_EMPTIED`.
    """
    quadratic = _quadratic(joint)
    if quadratic is None:
        return np.empty(0)
    (s, c), sm = quadratic, joint.sm
    rows = np.flatnonzero((c > 0) & (sm > 0))
    left = 1 - s[rows] ** 2 / (4 * c[rows] * sm[rows])
    order = np.argsort(left, kind="stable")[:MOST_EMPTIED]
    rows = rows[order[left[order] < EMPTY]]
    return distinct(-0.5 * s[rows] / c[rows])
