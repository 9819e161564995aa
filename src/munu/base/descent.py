"""Minima of many small smooth problems at once, by Newton steps with exact derivatives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import final

import numpy as np

from munu.base.stretch import Stretch
from munu.base.terms import Terms
from munu.base.threads import on_one_thread
from munu.base.tolerances import PRECISION, ROUNDING
from munu.base.typing import BoolArray, FloatArray, IntArray

MAXIMUM_STEPS = 600
"""A smooth problem takes about ten, one in a narrow bent valley hundreds; one that takes so many
does not converge."""
PARABOLIC, SHORT = 1e-7, 1e-2
"""Gain, and length of a step relative to 1 + the size of x, up to which χ² is its parabola to
1e-10: the step is taken without looking again. One along a flat valley is longer."""
LONGEST_STEP = 3.0
"""Beyond the size of x: variables are of order one, and farther out the parabola means nothing."""
SURELY = 4.0
"""Times the gain that the parabola promises, which no minimum is deeper than."""
LARGEST_GAIN = 1e-4
"""Gain in χ², relative to 1 + χ², that a converged minimum may still promise."""
FLOOR, LEAST_EIGENVALUE, LEAST_LEADING = 1e-13, 1e-2, 1e-4
"""A scaled Hessian with an eigenvalue below the first takes their sizes, the second at least; the
third is enough for the leading variables: moments that nuisances can undo lie in flat valleys."""
MANY_VARIABLES = 100
"""From which LAPACK is called for one problem at a time."""
MANY_MATRICES = 4
"""From which pivots of all are looked at together."""
CREEP, CREEP_GAIN, CREEPING = 0.1, 1e-6, 8
"""Part of a step that is taken, and fall of χ², relative to 1 + χ², below which it creeps; steps of
this kind, one after the other, after which a search is stuck: at a kink they lead across it."""
SMALLEST_CURVATURE = 1e-12
"""Of a variable that χ² does not depend on: its scale stays finite."""
RIDGE = 1e-9
"""Added to a scaled matrix that may be singular, where no more than a start depends on it."""


Evaluate = Callable[[FloatArray, IntArray], Terms]


@final
@dataclass(frozen=True, eq=False)
class Minimum:
    """Minima of m problems of d variables.

    Parameters
    ----------
    chi2 : array, shape (m,)
    x : array, shape (m, d)
    hessian : array, shape (m, d, d)
    step : array, shape (m, d)
        The step that a problem which did not converge would take next; zero for the others.
    """

    chi2: FloatArray
    x: FloatArray
    hessian: FloatArray
    step: FloatArray

    @classmethod
    def joined(cls, pieces: Sequence[Minimum]) -> Minimum:
        """Return the minima of several batches of problems as one."""
        return cls(
            *(
                np.concatenate([getattr(piece, name) for piece in pieces])
                for name in ("chi2", "x", "hessian", "step")
            )
        )

    def chosen(self, rows: IntArray) -> Minimum:
        """Return the minima of some of the problems."""
        return Minimum(self.chi2[rows], self.x[rows], self.hessian[rows], self.step[rows])

    def or_lower(self, other: Minimum) -> Minimum:
        """Return the lower of two minima of each problem."""
        better = ~other.failed & (self.failed | (other.chi2 < self.chi2))
        n = better.size
        return Minimum.joined([self, other]).chosen(np.arange(n) + n * better)

    def replaced(self, rows: IntArray, other: Minimum) -> Minimum:
        """Return the minima with others in the place of those of some problems, (len(rows),)."""
        arrays = {}
        for name in ("chi2", "x", "hessian", "step"):
            arrays[name] = getattr(self, name).copy()
            arrays[name][rows] = getattr(other, name)
        return Minimum(**arrays)

    @property
    def failed(self) -> BoolArray:
        """Which problems did not converge, shape (m,)."""
        return np.asarray(np.any(self.step != 0, axis=1))


def lowest_of_each(
    rows: IntArray, found: Minimum, *, ended: bool = True
) -> tuple[IntArray, Minimum]:
    """Return the rows that occur, each once, and the lowest minimum found for each.

    ``ended`` is whether it has to be one, and not a point on the way to it.
    """
    lost = ~np.isfinite(found.chi2) | (found.failed & ended)
    order = np.lexsort((np.where(lost, np.inf, found.chi2), rows))
    each, first = np.unique(rows[order], return_index=True)
    return each, found.chosen(order[first])


@final
@dataclass(frozen=True)
class Pruning:
    """After so many steps some of the searches go on, and the others end.

    Parameters
    ----------
    steps : int
    chosen : callable
        ``chosen(chi2, x)`` returns the rows that go on; χ² is infinite of those that ended so
        before.
    """

    steps: int
    chosen: Callable[[FloatArray, FloatArray], IntArray]


@final
class _Searches:
    """What m searches have found, and where those are that go on."""

    def __init__(self, x: FloatArray, terms: Terms) -> None:
        m, d = x.shape
        chi2, at, hessian = np.empty(m), np.empty((m, d)), np.empty((m, d, d))
        self.found = Minimum(chi2, at, hessian, np.zeros((m, d)))
        self.rows, self.x, self.terms = np.arange(m), x, terms

    def stop(self, ended: BoolArray) -> IntArray:
        """End some of the searches where they are, and return their rows."""
        rows, found = self.rows[ended], self.found
        found.chi2[rows], found.x[rows] = self.terms.chi2[ended], self.x[ended]
        found.hessian[rows] = self.terms.hessian[ended]
        self.rows, self.x, self.terms = self.rows[~ended], self.x[~ended], self.terms.chosen(~ended)
        return rows

    def prune(self, pruning: Pruning) -> None:
        """End those that are not chosen to go on."""
        self.found.chi2[self.rows], self.found.x[self.rows] = self.terms.chi2, self.x
        lost = np.ones(len(self.found.chi2), np.bool_)
        lost[pruning.chosen(self.found.chi2, self.found.x)] = False
        self.stop(lost[self.rows])
        self.found.chi2[lost] = np.inf


def minimise(
    evaluate: Evaluate,
    start: FloatArray,
    *,
    leading: int = 0,
    steps: int = MAXIMUM_STEPS,
    above: FloatArray | None = None,
    prunings: Sequence[Pruning] = (),
) -> Minimum:
    """Minimise m functions of d variables of order one.

    Parameters
    ----------
    evaluate : callable
        ``evaluate(x, rows)`` returns the terms, derivatives included, of the problems ``rows`` at
        points x of shape (len(rows), d).
    start : array, shape (m, d)
    leading : int
        The first variables, in which alone the functions may bend downwards far from a minimum.
    steps : int
        Steps after which a problem counts as not converged.
    above : array, shape (m,), optional
        Values of which it is enough to know that a minimum is higher: the search ends where the
        parabola's gain, `SURELY` times over, would not reach it, and takes the parabola's minimum.
    prunings : sequence of Pruning, optional
        In the order of their steps. χ² of what is not chosen to go on is infinite.
    """
    left = _Searches(start, evaluate(start, np.arange(len(start))))
    found, creeping, prunings = left.found, np.zeros(len(start), int), list(prunings)
    for taken in range(steps if start.size else 0):
        while prunings and prunings[0].steps == taken:
            left.prune(prunings.pop(0))
        step, gain, ended, last = _next_steps(left, leading, above)
        if ended.any():
            rows = left.stop(ended)
            found.chi2[rows] -= np.where(last[ended], gain[ended], 0.0)
            found.x[rows] += last[ended, None] * step[ended]
            step = step[~ended]
        if left.rows.size == 0:
            return found
        before, whole = left.terms.chi2, np.abs(step).max(axis=1)
        left.terms, step = _taken(evaluate, left.x, left.rows, left.terms, step)
        left.x = left.x + step
        crept = np.abs(step).max(axis=1) < CREEP * whole
        crept &= before - left.terms.chi2 <= CREEP_GAIN * (1 + np.abs(before))
        creeping[left.rows] = np.where(crept, creeping[left.rows] + 1, 0)
        # Where nothing is lower along the step it would be the same the next time, or hardly.
        stuck = np.asarray(~step.any(axis=1)) | (creeping[left.rows] >= CREEPING)
        if stuck.any():
            unfinished = step_left(left.terms.chosen(stuck), leading)
            found.step[left.stop(stuck)] = unfinished
            if left.rows.size == 0:
                return found
    unfinished = step_left(left.terms, leading) if start.size else np.zeros(start.shape)
    found.step[left.stop(np.ones(left.rows.size, np.bool_))] = unfinished
    return found


def _next_steps(
    left: _Searches, leading: int, above: FloatArray | None
) -> tuple[FloatArray, FloatArray, BoolArray, BoolArray]:
    """Return the next step of each search, its gain, and which end: at all, and after the step."""
    terms = left.terms
    step, parabolic = newton_step(terms, leading)
    length, size = np.abs(step).max(axis=1), np.abs(left.x).max(axis=1)
    excess = length / (LONGEST_STEP + size)
    if (excess > 1).any():
        step /= np.maximum(excess, 1)[:, None]
        parabolic &= excess <= 1
    expected = -(step * terms.gradient).sum(axis=1)
    last = parabolic & (expected <= PARABOLIC) & (length <= SHORT * (1 + size))
    if above is not None:
        last |= parabolic & (terms.chi2 - 0.5 * SURELY * expected > above[left.rows])
    ended = last | (expected <= PRECISION + ROUNDING * np.abs(terms.chi2))
    return step, 0.5 * expected, ended, last


def _taken(
    evaluate: Evaluate, x: FloatArray, rows: IntArray, before: Terms, step: FloatArray
) -> tuple[Terms, FloatArray]:
    """Return the terms after a step, shortened where it overshoots, and the step."""
    trial = evaluate(x + step, rows)
    over = np.flatnonzero(~(trial.chi2 <= before.chi2 + ROUNDING * np.abs(before.chi2)))
    if over.size == 0:
        return trial, step
    ahead = Stretch(before.chosen(over), trial.chosen(over), step[over])
    while (left := ahead.left).size:
        fraction = ahead.next_fraction(left)
        at = x[over[left]] + fraction[:, None] * ahead.step[left]
        ahead.add(left, fraction, evaluate(at, rows[over[left]]))
    step[over] *= ahead.best[:, None]
    return trial.replaced(over, ahead.terms), step


def step_left(terms: Terms, leading: int) -> FloatArray:
    """Return the next step where it would still lower χ² noticeably, zero elsewhere."""
    step, _ = newton_step(terms, leading)
    gain = -np.einsum("mk,mk->m", step, terms.gradient) / (1 + np.abs(terms.chi2))
    return np.asarray(np.where((gain < LARGEST_GAIN)[:, None], 0.0, step))


def newton_step(terms: Terms, leading: int = 0) -> tuple[FloatArray, BoolArray]:
    """Return the Newton step, shape (m, d), and where the Hessian is positive definite.

    The Hessian is scaled to a unit diagonal before it is solved; where it is not positive, its
    eigenvalues are taken by their size.
    """
    diagonal = terms.hessian.diagonal(axis1=1, axis2=2)
    scale = 1 / np.sqrt(np.maximum(np.abs(diagonal), SMALLEST_CURVATURE))
    scaled = terms.hessian * scale[:, :, None] * scale[:, None, :]
    gradient = scale * terms.gradient
    solved = _solved(scaled, gradient)
    if solved is not None:
        return np.asarray(-scale * solved), np.ones(scale.shape[0], np.bool_)
    convex = each_positive(scaled)
    solved = np.empty_like(gradient)
    if convex.any():
        solved[convex] = np.linalg.solve(scaled[convex], gradient[convex][..., None])[..., 0]
    solved[~convex] = _bent_steps(scaled[~convex], gradient[~convex], leading)
    return np.asarray(-scale * solved), convex


def scaled(hessian: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return Hessians H / (s s) of a unit diagonal, (m, d, d), with a ridge, and s, (m, d)."""
    size = np.sqrt(np.maximum(np.abs(hessian.diagonal(axis1=1, axis2=2)), SMALLEST_CURVATURE))
    ridge = RIDGE * np.eye(hessian.shape[1])
    return hessian / size[:, :, None] / size[:, None, :] + ridge, size


def _solved(matrices: FloatArray, slopes: FloatArray) -> FloatArray | None:
    """Return M⁻¹g, shape (m, d), or None where a matrix is not safely positive.

    Many variables are solved with the factors that tell it, at a third of the cost.
    """
    if slopes.shape[1] < MANY_VARIABLES:
        if not _positive(matrices):
            return None
        return np.asarray(np.linalg.solve(matrices, slopes[..., None])[..., 0])
    from scipy.linalg import lapack

    return _factored(lapack, matrices, slopes)


@on_one_thread
def _factored(lapack: ModuleType, matrices: FloatArray, slopes: FloatArray) -> FloatArray | None:
    """Return M⁻¹g or None, problem by problem; with one thread of a library that is just loaded."""
    solved = np.empty_like(slopes)
    for row, (matrix, slope) in enumerate(zip(matrices, slopes, strict=True)):
        factor, failed = lapack.dpotrf(matrix)
        if failed or not (factor.diagonal() ** 2 > FLOOR).all():
            return None
        solved[row], _ = lapack.dpotrs(factor, slope)
    return solved


def _positive(matrices: FloatArray) -> bool:
    """Whether a matrix, or each of several, is safely positive: by its Cholesky pivots."""
    try:
        pivots = np.linalg.cholesky(matrices).diagonal(axis1=-2, axis2=-1)
    except np.linalg.LinAlgError:
        return False
    return bool((pivots**2 > FLOOR).all())


def each_positive(matrices: FloatArray) -> BoolArray:
    """Whether each of several matrices is safely positive, shape (m,): by its pivots.

    Of many that are small a column of all is eliminated at once.
    """
    m, d = matrices.shape[:2]
    if m < MANY_MATRICES or d >= MANY_VARIABLES:
        return np.array([_positive(matrix) for matrix in matrices], np.bool_)
    found, left = np.ones(m, np.bool_), matrices
    for _ in range(d):
        pivot = left[:, 0, 0]
        found &= pivot > FLOOR
        column = left[:, 1:, 0]
        per_pivot = column / np.where(pivot > FLOOR, pivot, np.inf)[:, None]
        left = left[:, 1:, 1:] - column[:, :, None] * per_pivot[:, None, :]
    return found


def _bent_steps(matrices: FloatArray, slopes: FloatArray, leading: int) -> FloatArray:
    """Return M⁻¹g, shape (m, d), of matrices whose eigenvalues are taken by their size.

    If the block behind the ``leading`` variables is positive, they are the eigenvalues of what is
    left when it is eliminated.
    """
    d, solved = slopes.shape[1], np.empty_like(slopes)
    eliminable = each_positive(matrices[:, leading:, leading:])
    for rows, first, least in (
        (eliminable, leading, LEAST_LEADING),
        (~eliminable, d, LEAST_EIGENVALUE),
    ):
        if rows.any():
            solved[rows] = _by_size(matrices[rows], slopes[rows], first, least)
    return solved


def _by_size(matrices: FloatArray, slopes: FloatArray, first: int, least: float) -> FloatArray:
    r"""Return M⁻¹g with the block of the ``first`` variables bent upwards.

    For blocks :math:`M = \begin{pmatrix} A & B^T\\ B & C\end{pmatrix}` and g = (a, c), the Schur
    complement :math:`S = A - B^TC^{-1}B`, its eigenvalues taken by their size and at least
    ``least``, gives :math:`x = S^{-1}(a - B^TC^{-1}c)` and :math:`y = C^{-1}(c - Bx)`.
    """
    rest, mixed = matrices[:, first:, first:], matrices[:, first:, :first]
    right = np.concatenate([mixed, slopes[:, first:, None]], axis=2)
    eliminated = np.linalg.solve(rest, right)
    by_first, by_slope = eliminated[..., :-1], eliminated[..., -1:]
    across = mixed.swapaxes(1, 2)
    values, vectors = np.linalg.eigh(matrices[:, :first, :first] - across @ by_first)
    sizes = np.maximum(np.abs(values), least)[..., None]
    x = vectors @ (vectors.swapaxes(1, 2) @ (slopes[:, :first, None] - across @ by_slope) / sizes)
    return np.concatenate([x, by_slope - by_first @ x], axis=1)[..., 0]
