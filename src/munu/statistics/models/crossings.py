"""Where functions of one coordinate, minima over others, cross a level: steps of all at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from munu.base.descent import LONGEST_STEP, PARABOLIC, SHORT, each_positive
from munu.base.distinct import distinct
from munu.base.terms import Terms
from munu.base.typing import BoolArray, FloatArray, IntArray

STEPS, LAST = 8, 1e-5
"""Steps towards a crossing, and the one, relative to 1 + v, after which there are no others: what
is left goes with its square."""
CUBIC_STEPS = 4
"""Towards the zero of a cubic."""
LEAST_STEP = 1e-3
"""Part of an interval of the grid below which a turning point is one of its ends."""


def stepped(
    evaluate: Callable[[FloatArray, FloatArray, IntArray], Terms],
    v: FloatArray,
    x: FloatArray,
    ends: tuple[FloatArray, FloatArray],
    rising: FloatArray,
    level: float,
) -> tuple[FloatArray, FloatArray, BoolArray]:
    r"""Return where functions are at a level between ends, the rest there, and which were found.

    Newton steps of both at once: with f, g and H of the coordinate v and the rest x,

    .. math:: \delta x = -H_{xx}^{-1}(g_x + H_{xv}\delta v),\quad
        f + \hat g\,\delta v + \tfrac12\hat H\,\delta v^2 - \tfrac12g_xH_{xx}^{-1}g_x = L

    Parameters
    ----------
    evaluate : callable
        ``evaluate(v, x, rows)`` returns the terms of the functions ``rows``, those in v first.
    v, x : array, shape (n,) and (n, d)
        Where to start.
    ends : tuple of array, shape (n,)
        Least and largest v.
    rising : array, shape (n,)
        The sign of the slope in v.
    level : float

    Returns
    -------
    tuple
        v, x, and where the last step was too small to change the value: at a minimum over the rest,
        strictly between the ends.
    """
    v, x, rows, found = v.copy(), x.copy(), np.arange(v.size), np.zeros(v.size, np.bool_)
    for _ in range(STEPS):
        terms = evaluate(v[rows], x[rows], rows)
        own = terms.hessian[:, 1:, 1:]
        right = np.stack([terms.gradient[:, 1:], terms.hessian[:, 1:, 0]], axis=2)
        try:
            by_gradient, by_v = np.moveaxis(np.linalg.solve(own, right), 2, 0)
        except np.linalg.LinAlgError:
            break
        gain = np.einsum("md,md->m", terms.gradient[:, 1:], by_gradient)
        slope = terms.gradient[:, 0] - np.einsum("md,md->m", terms.hessian[:, 0, 1:], by_gradient)
        bend = terms.hessian[:, 0, 0] - np.einsum("md,md->m", terms.hessian[:, 0, 1:], by_v)
        rise = terms.chi2 - 0.5 * gain - level
        root = slope**2 - 2 * bend * rise
        whole = slope + rising[rows] * np.sqrt(np.maximum(root, 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            step = -2 * rise / whole
        at = v[rows]
        new = np.clip(np.where(np.isfinite(step), at + step, at), ends[0][rows], ends[1][rows])
        moved = -by_gradient - by_v * (new - at)[:, None]
        length, size = (np.abs(one).max(axis=1, initial=0.0) for one in (moved, x[rows]))
        near = length <= LONGEST_STEP + size
        x[rows[near]] += moved[near]
        v[rows[near]] = new[near]
        last = (np.abs(new - at) <= LAST * (1 + np.abs(at))) & (np.abs(gain) < PARABOLIC)
        last &= length <= SHORT * (1 + size)
        inside = (ends[0][rows] < new) & (new < ends[1][rows])
        found[rows[last]] = (inside & near & each_positive(own))[last]
        # Where a step is too long for parabolas the search is another's.
        rows = rows[near & ~last]
        if rows.size == 0:
            break
    return v, x, found


def straight(at_low: FloatArray, at_high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return where lines between values at two ends are zero, as parts, and their slopes' signs."""
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        part = at_low / (at_low - at_high)
    return np.where(np.isfinite(part), part, 0.5), np.where(at_high > at_low, 1.0, -1.0)


def curved(
    at_low: FloatArray, at_high: FloatArray, slope_low: FloatArray, slope_high: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return where cubics of values and slopes at two ends are zero; otherwise as `straight`.

    Slopes are those by the part of the way; where steps would leave it, the line's zero stays.
    """
    part, rising = straight(at_low, at_high)
    with np.errstate(all="ignore"):
        second, third = bent_by(at_high - at_low, slope_low, slope_high)
        for _ in range(CUBIC_STEPS):
            value = at_low + part * (slope_low + part * (second + part * third))
            slope = slope_low + part * (2 * second + part * 3 * third)
            ahead = part - value / slope
            part = np.where((ahead > 0) & (ahead < 1), ahead, part)
    return part, rising


def bent_by(
    rise: FloatArray, slope_low: FloatArray, slope_high: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return c and d of the cubic f(s) = f(0) + a s + c s² + d s³ with f'(0) = a, f'(1) = b.

    Parameters
    ----------
    rise, slope_low, slope_high : array
        f(1) - f(0), a and b.
    """
    return 3 * rise - 2 * slope_low - slope_high, slope_low + slope_high - 2 * rise


def turning(v: FloatArray, chi2: FloatArray, slope: FloatArray, level: float) -> FloatArray:
    """Return where the cubic between two points on one side of a level may be on the other, (m,).

    Parameters
    ----------
    v, chi2, slope : array, shape (n,)
        Points in order, the function and its derivative.
    level : float
    """
    h = np.diff(v)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        rise = np.diff(chi2)
        a, b = slope[:-1] * h, slope[1:] * h
        # the slope of the cubic has two zeros
        second, third = bent_by(rise, a, b)
        root = np.sqrt(np.maximum(second**2 - 3 * third * a, 0.0))
        found = []
        for s in (-a / (second + root), -a / (second - root)):
            value = chi2[:-1] + s * (a + s * (second + s * third))
            over = (chi2[:-1] > level) & (chi2[1:] > level)
            under = (chi2[:-1] <= level) & (chi2[1:] <= level)
            near = np.where(over, value <= level, under & (value > level))
            found.append((v[:-1] + s * h)[near & (s > LEAST_STEP) & (s < 1 - LEAST_STEP)])
    return distinct(np.concatenate(found))
