r"""Minima of many small problems at once by damped Newton steps, one evaluation each.

A step solves :math:`(H + \lambda\,{\rm diag}|H|)\,\Delta = -\nabla\chi^2`. One that does not lower
χ² is not taken, and λ grows; it falls again with each that does (K. Levenberg, Quart. Appl. Math. 2
(1944) 164; D. Marquardt, J. SIAM 11 (1963) 431). `munu.base.descent` looks for the lowest point
along each step instead, which takes fewer steps in bent valleys and more evaluations at kinks.
"""

from __future__ import annotations

import numpy as np

from munu.base.descent import LONGEST_STEP, PARABOLIC, Evaluate, Minimum, newton_step, step_left
from munu.base.terms import Terms
from munu.base.tolerances import PRECISION, ROUNDING
from munu.base.typing import BoolArray, FloatArray, IntArray

STEPS = 200
FIRST, GROWTH, FALL = 0.1, 8.0, 0.1
"""λ after the first step that fails, and what it is multiplied by after others and after good
ones."""
UNDAMPED = 0.02
"""λ below which it is zero."""
STUCK = 1e9
"""λ from which no step lowers χ²: its minimum lies at a kink, or in rounding."""


def minimise_damped(evaluate: Evaluate, start: FloatArray, *, leading: int = 0) -> Minimum:
    """Minimise m functions of d variables of order one; arguments as of `descent.minimise`."""
    m, d = start.shape
    x, damping, rows = start.copy(), np.zeros(m), np.arange(m)
    terms = evaluate(x, rows)
    ends = Minimum(np.empty(m), np.empty((m, d)), np.empty((m, d, d)), np.zeros((m, d)))
    for _ in range(STEPS if d else 0):
        step, parabolic = newton_step(_damped(terms, damping), leading)
        excess = np.abs(step).max(axis=1) / (LONGEST_STEP + np.abs(x).max(axis=1))
        step /= np.maximum(excess, 1.0)[:, None]
        gain = -(step * terms.gradient).sum(axis=1)
        free = damping == 0
        parabolic &= (excess <= 1) & (gain <= PARABOLIC) & free
        done = parabolic | (free & (gain <= PRECISION + ROUNDING * np.abs(terms.chi2)))
        done |= damping > STUCK
        if done.any():
            _put(ends, rows, terms, x, step * parabolic[:, None], done)
            left = ~done
            if not left.any():
                return ends
            rows, x, step, damping = rows[left], x[left], step[left], damping[left]
            terms = _chosen(terms, left)
        trial = evaluate(x + step, rows)
        good = trial.chi2 <= terms.chi2 + ROUNDING * np.abs(terms.chi2)
        x = np.where(good[:, None], x + step, x)
        terms = _either(good, trial, terms)
        grown = np.maximum(damping * GROWTH, FIRST)
        fallen = np.where(damping * FALL < UNDAMPED, 0.0, damping * FALL)
        damping = np.where(good, fallen, grown)
    _put(ends, rows, terms, x, np.zeros_like(x), np.ones(rows.size, bool))
    if d:
        ends.step[rows] = step_left(terms, leading)
    return ends


def _damped(terms: Terms, damping: FloatArray) -> Terms:
    if not damping.any():
        return terms
    hessian = terms.hessian.copy()
    own = np.arange(hessian.shape[1])
    hessian[:, own, own] += damping[:, None] * np.abs(hessian[:, own, own])
    return Terms(terms.chi2, terms.gradient, hessian)


def _put(
    ends: Minimum, rows: IntArray, terms: Terms, x: FloatArray, step: FloatArray, done: BoolArray
) -> None:
    """Keep the problems that are done; the last, parabolic step is taken without looking."""
    ended, last = rows[done], step[done]
    gain = -(last * terms.gradient[done]).sum(axis=1)
    ends.chi2[ended] = terms.chi2[done] - 0.5 * gain
    ends.x[ended] = x[done] + last
    ends.hessian[ended] = terms.hessian[done]


def _chosen(terms: Terms, rows: BoolArray) -> Terms:
    return Terms(terms.chi2[rows], terms.gradient[rows], terms.hessian[rows])


def _either(good: BoolArray, trial: Terms, before: Terms) -> Terms:
    if good.all():
        return trial
    return Terms(
        np.where(good, trial.chi2, before.chi2),
        np.where(good[:, None], trial.gradient, before.gradient),
        np.where(good[:, None, None], trial.hessian, before.hessian),
    )
