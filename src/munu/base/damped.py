r"""Minima of many small problems at once by damped Newton steps, one evaluation each.

A step solves :math:`(H + \lambda\,{\rm diag}|H|)\,\Delta = -\nabla\chi^2`. One that does not lower
χ² is not taken, and λ grows; it falls again with each that does (K. Levenberg, Quart. Appl. Math. 2
(1944) 164; D. Marquardt, J. SIAM 11 (1963) 431). `munu.base.descent` looks for the lowest point
along each step instead, which takes fewer steps in bent valleys and more evaluations at kinks.
"""

from __future__ import annotations

import numpy as np

from munu.base.descent import (
    LONGEST_STEP,
    PARABOLIC,
    SHORT,
    Evaluate,
    Minimum,
    newton_step,
    step_left,
)
from munu.base.terms import Terms
from munu.base.tolerances import PRECISION, ROUNDING
from munu.base.typing import BoolArray, FloatArray, IntArray

STEPS = 200
FIRST, GROWTH, FALL = 0.1, 8.0, 0.1
"""λ after the first step that fails, and what it is multiplied by after others and after good
ones."""
UNDAMPED = 0.02
"""λ below which it is zero."""
LIKELY = 2.0
"""Times the gain that the parabola promises: one in a hundred of lower minima is deeper."""
BACK = 0.05
"""Distance from a minimum that is known within which a step leads back to it."""
EDGE = 1e-3
"""Part of a step at either end of which no kink is looked for."""
STUCK = 1e9
"""λ from which no step lowers χ²: its minimum lies at a kink, or in rounding."""


def minimise_damped(
    evaluate: Evaluate,
    start: FloatArray,
    *,
    leading: int = 0,
    steps: int = STEPS,
    known: Minimum | None = None,
) -> Minimum:
    """Minimise m functions of d variables of order one.

    Parameters
    ----------
    evaluate, start, leading
        As of `descent.minimise`.
    steps : int
        After fewer than `STEPS`, whatever is left counts as not converged, however close it is.
    known : Minimum, optional
        A minimum of each problem, of which lower ones are looked for: what leads back to it, or
        promises none that is lower, is given up and counts as not converged.
    """
    m, d = start.shape
    x, damping, rows = start.copy(), np.zeros(m), np.arange(m)
    again, shorter = np.zeros(m, np.bool_), np.zeros((m, d))
    terms = evaluate(x, rows)
    ends = Minimum(np.empty(m), np.empty((m, d)), np.empty((m, d, d)), np.zeros((m, d)))
    for _ in range(steps if d else 0):
        step, parabolic = newton_step(_damped(terms, damping), leading)
        length, size = np.abs(step).max(axis=1), np.abs(x).max(axis=1)
        excess = length / (LONGEST_STEP + size)
        step /= np.maximum(excess, 1.0)[:, None]
        step = np.where(again[:, None], shorter, step)
        gain = -(step * terms.gradient).sum(axis=1)
        free = (damping == 0) & ~again
        parabolic &= (length <= SHORT * (1 + size)) & (gain <= PARABOLIC) & free
        done = parabolic | (free & (gain <= PRECISION + ROUNDING * np.abs(terms.chi2)))
        done |= (damping > STUCK) & ~again
        vain = np.zeros_like(done) if known is None else free & ~done
        if known is not None:
            vain &= _in_vain(known, rows, terms.chi2 - 0.5 * LIKELY * gain, x + step)
            ends.step[rows[vain]] = 1.0
            done |= vain
        if done.any():
            _put(ends, rows, terms, x, step * (parabolic & ~vain)[:, None], done)
            left = ~done
            if not left.any():
                return ends
            rows, x, step, damping = rows[left], x[left], step[left], damping[left]
            again = again[left]
            terms = terms.chosen(left)
        trial = evaluate(x + step, rows)
        good = trial.chi2 <= terms.chi2 + ROUNDING * np.abs(terms.chi2)
        over, fraction = np.flatnonzero(~good), np.zeros(rows.size)
        if over.size:
            before = terms.chosen(over)
            fraction[over] = _kink(before, trial.chosen(over), step[over])
            trial = trial.replaced(over, before)
        again = ~again & (fraction > 0)
        shorter = fraction[:, None] * step
        x = np.where(good[:, None], x + step, x)
        terms = trial
        grown = np.maximum(damping * GROWTH, FIRST)
        fallen = np.where(damping * FALL < UNDAMPED, 0.0, damping * FALL)
        damping = np.where(good, fallen, np.where(again, damping, grown))
    _put(ends, rows, terms, x, np.zeros_like(x), np.ones(rows.size, bool))
    if d:
        left = step_left(terms, leading) if steps >= STEPS else newton_step(terms, leading)[0]
        ends.step[rows] = left
    return ends


def _kink(before: Terms, beyond: Terms, step: FloatArray) -> FloatArray:
    """Return the part of a step at which the parabolas of its ends meet; zero where none do."""
    first, last = (np.einsum("mk,mk->m", step, one.gradient) for one in (before, beyond))
    bends = [np.einsum("mk,mkl,ml->m", step, one.hessian, step) for one in (before, beyond)]
    # before + first f + bend f²/2 = beyond + last (f - 1) + bend (f - 1)²/2
    a = 0.5 * (bends[0] - bends[1])
    b = first - last + bends[1]
    c = before.chi2 - beyond.chi2 + last - 0.5 * bends[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        root = np.sqrt(b**2 - 4 * a * c)
        found = -2 * c / (b + np.copysign(root, b))
    inside = (found > EDGE) & (found < 1 - EDGE) & (first < 0) & (last > 0)
    return np.where(inside, found, 0.0)


def _in_vain(known: Minimum, rows: IntArray, promised: FloatArray, ahead: FloatArray) -> BoolArray:
    """Return which problems promise nothing lower than is known, or lead back to it."""
    back = np.abs(ahead - known.x[rows]).max(axis=1, initial=0.0) < BACK
    return np.asarray(~known.failed[rows] & (back | (promised > known.chi2[rows])))


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
