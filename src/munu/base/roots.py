"""Roots of many functions at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from munu.base.typing import FloatArray, IntArray

MAX_STEPS = 200
RELATIVE_TOLERANCE = 4e-16
LAST_STEP = 1e-9
"""A Newton step, relative to the root, after which the next is below rounding."""


def bracketed_roots(
    function: Callable[[FloatArray], FloatArray],
    low: FloatArray,
    high: FloatArray,
    *,
    absolute_tolerance: float = 0.0,
    relative_tolerance: float = RELATIVE_TOLERANCE,
) -> FloatArray:
    """Return the sign changes of elementwise functions between brackets.

    Inverse quadratic interpolation where it is safe and bisection where not: T. R. Chandrupatla,
    Adv. Eng. Softw. 28 (1997) 145. No step leaves the bracket.

    Parameters
    ----------
    function : callable
        Takes and returns arrays of the shape of ``low``, of opposite signs at ``low`` and
        ``high``; an end where it is zero is a root.
    low, high : array
        Ends of the brackets.
    absolute_tolerance : float
        Accepted width of a bracket, besides ``relative_tolerance``.
    relative_tolerance : float
        Accepted half width of a bracket, relative to the root.
    """
    a, b = np.array(low, float), np.array(high, float)
    f_a, f_b = function(a), function(b)
    c, f_c = b, f_b
    t = np.full(a.shape, 0.5)
    best = np.where(np.abs(f_a) < np.abs(f_b), a, b)
    for _ in range(MAX_STEPS):
        best, f_best = np.where(np.abs(f_a) < np.abs(f_b), (a, f_a), (b, f_b))
        tolerance = 0.5 * absolute_tolerance + relative_tolerance * np.abs(best)
        width = np.abs(b - a)
        done = (width <= 2 * tolerance) | (f_best == 0)
        if np.all(done):
            break
        least = np.where(done, 0.5, tolerance / np.where(done, 1.0, width))
        x = a + np.clip(t, least, 1 - least) * (b - a)
        f_x = function(x)
        same = np.sign(f_x) == np.sign(f_a)
        c, f_c = np.where(same, (a, f_a), (b, f_b))
        b, f_b = np.where(same, (b, f_b), (a, f_a))
        a, f_a = np.where(done, (best, f_best), (x, f_x))
        b, f_b = np.where(done, (best, f_best), (b, f_b))
        t = _interpolated(a, b, c, f_a, f_b, f_c)
    return np.asarray(best)


def _interpolated(
    a: FloatArray, b: FloatArray, c: FloatArray, f_a: FloatArray, f_b: FloatArray, f_c: FloatArray
) -> FloatArray:
    """Return the next point as a fraction of the way from a to b: 1/2 where unsafe."""
    with np.errstate(all="ignore"):
        xi = (a - b) / (c - b)
        phi = (f_a - f_b) / (f_c - f_b)
        safe = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
        t = f_a / (f_b - f_a) * f_c / (f_b - f_c)
        t = t + (c - a) / (b - a) * f_a / (f_c - f_a) * f_b / (f_c - f_b)
    return np.where(safe & np.isfinite(t), t, 0.5)


def newton_roots(
    function: Callable[[FloatArray, IntArray], tuple[FloatArray, FloatArray]],
    low: FloatArray,
    high: FloatArray,
    at_low: FloatArray,
    at_high: FloatArray,
    *,
    rounding: float = 0.0,
) -> FloatArray:
    """Return the sign changes of elementwise functions with known slopes between brackets.

    Newton steps, and bisection where a step would leave the bracket or does not halve the function.

    Parameters
    ----------
    function : callable
        ``function(x, rows)`` returns the values and the slopes of the functions ``rows`` at x.
    low, high : array, shape (n,)
        Ends of the brackets.
    at_low, at_high : array, shape (n,)
        Values there, of opposite signs or zero.
    rounding : float
        Size of a value that may be rounding alone.
    """
    low, high, sign = np.array(low, float), np.array(high, float), np.sign(at_high - at_low)
    with np.errstate(invalid="ignore", over="ignore"):
        fraction = at_low / (at_low - at_high)
    x = low + np.where(np.isfinite(fraction), fraction, 0.5) * (high - low)
    before, rows = np.full(x.shape, np.inf), np.arange(x.size)
    for _ in range(MAX_STEPS):
        at = x[rows]
        value, slope = function(at, rows)
        over = sign[rows] * value > 0
        high[rows], low[rows] = np.where(over, at, high[rows]), np.where(over, low[rows], at)
        with np.errstate(divide="ignore", invalid="ignore"):
            ahead = at - value / slope
        inside = (low[rows] <= ahead) & (ahead <= high[rows])
        halved = inside & (np.abs(value) <= 0.5 * before[rows])
        x[rows] = np.where(halved, ahead, 0.5 * (low[rows] + high[rows]))
        before[rows] = np.abs(value)
        narrow = high[rows] - low[rows] <= 2 * RELATIVE_TOLERANCE * np.abs(at)
        last = inside & (np.abs(ahead - at) <= LAST_STEP * np.abs(at))
        done = (np.abs(value) <= rounding) | narrow | last
        x[rows[done]] = np.where(inside, ahead, at)[done]
        rows = rows[~done]
        if rows.size == 0:
            break
    return x
