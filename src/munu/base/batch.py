"""Minimise many small smooth problems at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from munu.base.anchors import SPACING, Anchors
from munu.base.tolerances import TINY
from munu.base.typing import FloatArray, IntArray

STEP = 1e-4
"""Of the differences: the fourth root of the rounding, best for second derivatives."""
ITERATIONS = 40
"""A smooth problem takes about ten; the last point counts if it takes more."""
FIRST_DAMPING, LARGEST_DAMPING = 1e-3, 1e8
"""Over the largest curvature: close to Newton's step, and so short a step that none leads down."""
LONGEST_STEP = 0.5
"""Variables are of order one, and farther out the parabola means nothing."""
FAR_ABOVE = 1e30
"""Value, relative to that at the start, of what an objective excludes."""
SOLVED = 1e-14
"""Gain of a step, relative to the value at the start, below which a problem counts as solved."""
FLATTEST = 1e-60
"""Curvature of the scaled objective below which it is flat; keeps step lengths finite."""

Objective = Callable[[FloatArray, IntArray], FloatArray]


def _stencil(d: int) -> tuple[FloatArray, list[tuple[int, int]]]:
    """Return the displacements of central differences, shape (m, d), and the pairs i > j."""
    unit = STEP * np.eye(d)
    pairs = [(i, j) for i in range(d) for j in range(i)]
    mixed = [sign * (unit[i] + unit[j]) for i, j in pairs for sign in (1, -1)]
    return np.array([*unit, *-unit, *mixed]).reshape(-1, d), pairs


def _derivatives(
    objective: Objective, x: FloatArray, value: FloatArray, rows: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Return gradient (n, d) and Hessian (n, d, d) by central differences, in one call."""
    n, d = x.shape
    steps, pairs = _stencil(d)
    points = (x[:, None, :] + steps).reshape(-1, d)
    tried = objective(points, np.repeat(rows, len(steps))).reshape(n, len(steps))
    plus, minus = tried[:, :d], tried[:, d : 2 * d]
    hessian = np.empty((n, d, d))
    hessian[:, np.arange(d), np.arange(d)] = (plus - 2 * value[:, None] + minus) / STEP**2
    for k, (i, j) in enumerate(pairs):
        both = tried[:, 2 * d + 2 * k] + tried[:, 2 * d + 2 * k + 1] + 2 * value
        single = plus[:, i] + minus[:, i] + plus[:, j] + minus[:, j]
        hessian[:, i, j] = hessian[:, j, i] = (both - single) / (2 * STEP**2)
    return (plus - minus) / (2 * STEP), hessian


def minimise_batch(objective: Objective, start: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Minimise n independent functions of d variables by damped Newton steps.

    Parameters
    ----------
    objective : callable
        ``objective(x, rows)`` with x of shape (m, d) and ``rows`` the numbers (m,) of the problems
        they belong to; returns (m,). Variables of order one.
    start : array, shape (n, d)

    Returns
    -------
    x : array, shape (n, d)
    value : array, shape (n,)
        Never above the value at the start.
    """
    x, rows = start.copy(), np.arange(start.shape[0])
    initial = objective(x, rows)
    unit = np.where(initial != 0, np.abs(initial), 1.0)

    def scaled(at: FloatArray, which: IntArray) -> FloatArray:
        with np.errstate(over="ignore"):
            return np.minimum(objective(at, which) / unit[which], FAR_ABOVE)

    value = initial / unit
    damping = np.full(x.shape[0], FIRST_DAMPING)
    active = np.ones(x.shape[0], bool)
    for _ in range(ITERATIONS):
        if not np.any(active):
            break
        index = rows[active]
        gradient, hessian = _derivatives(scaled, x[index], value[index], index)
        eigenvalues, vectors = np.linalg.eigh(hessian)
        scale = np.abs(eigenvalues).max(axis=1) + FLATTEST
        curvature = np.abs(eigenvalues) + (damping[index] * scale)[:, None]
        rotated = np.einsum("nij,ni->nj", vectors, gradient)
        step = -np.einsum("nij,nj->ni", vectors, rotated / curvature)
        length = np.linalg.norm(step, axis=1) + TINY
        step *= np.minimum(1.0, LONGEST_STEP / length)[:, None]
        expected = -np.einsum("ni,ni->n", gradient, step)
        trial = x[index] + step
        trial_value = scaled(trial, index)
        better = trial_value < value[index]
        gain = value[index] - trial_value
        x[index[better]], value[index[better]] = trial[better], trial_value[better]
        damping[index] = np.where(better, damping[index] * 0.1, damping[index] * 10)
        done = (better & (gain <= SOLVED)) | (expected <= SOLVED)
        done |= damping[index] > LARGEST_DAMPING
        active[index[done]] = False
    return x, value * unit


def minimise_from_samples(
    objective: Objective, samples: FloatArray, n: int, *, starts: int = 3
) -> tuple[FloatArray, FloatArray]:
    """Minimise from the best of the sampled points of every problem.

    Parameters
    ----------
    objective : callable
        As in `minimise_batch`.
    samples : array, shape (m, d)
        Points tried for each problem.
    n : int
        Number of problems.
    starts : int
        How many of the best samples are refined.
    """
    m, d = samples.shape
    if d == 0:
        return np.zeros((n, 0)), objective(np.zeros((n, 0)), np.arange(n))
    tried = objective(np.tile(samples, (n, 1)), np.repeat(np.arange(n), m)).reshape(n, m)
    kept = min(starts, m)
    order = np.argsort(tried, axis=1)[:, :kept]
    return _best_of(objective, samples[order])


def _best_of(objective: Objective, starts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Minimise every problem from each of its starts, shape (n, k, d), and keep the best."""
    n, k, d = starts.shape
    x, value = minimise_batch(
        lambda at, rows: objective(at, rows // k), np.ascontiguousarray(starts).reshape(n * k, d)
    )
    best = np.argmin(value.reshape(n, k), axis=1)
    chosen = np.arange(n) * k + best
    return x[chosen], value[chosen]


def minimise_along(
    objective: Objective, samples: FloatArray, n: int
) -> tuple[FloatArray, FloatArray]:
    """Minimise a sequence of n problems that change little from one to the next.

    The anchors (`munu.base.anchors`) are minimised from the samples, the others from the solutions
    of the anchors on both sides.
    """
    if samples.shape[1] == 0 or n <= 2 * SPACING:
        return minimise_from_samples(objective, samples, n)
    anchors = Anchors.every(n)
    rows = anchors.rows
    solutions, values = minimise_from_samples(
        lambda x, which: objective(x, rows[which]), samples, rows.size
    )
    beside = np.stack([solutions[anchors.left], solutions[anchors.right]], axis=1)
    x, value = _best_of(objective, beside)
    x[rows], value[rows] = solutions, values
    return x, value
