r"""Profiled limits without a closed form: several bins, or numerical nuisances.

For a given |Λ_i| the others minimise χ², which has the gradient
:math:`\partial\chi^2/\partial\Lambda^* = \big(\sum_b g_bW_b\big)\Lambda` with slopes g_b.
The limit is where that minimum has risen by Δχ².
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.errors import MunuError
from munu.statistics.limits import Interval, slice_interval
from munu.statistics.model import MomentModel, visibility
from munu.typing import ComplexArray, FloatArray

FARTHEST = 1e4
"""Largest limit looked for, in units of the slice limit."""
OPTIONS = {"gtol": 1e-5}
"""χ² is stationary at its minimum: this slope, in a unit of order one, leaves it exact to 1e-10."""


@final
@dataclass(frozen=True)
class _Problem:
    """χ² of real coordinates: Re and Im of the moments in a unit that makes them of order one."""

    model: MomentModel
    w: ComplexArray
    index: int
    unit_mu_b: float
    phases_free: bool

    @property
    def others(self) -> list[int]:
        return [i for i in range(3) if i != self.index]

    def moments(self, size: float, x: FloatArray) -> ComplexArray:
        """Return Λ in the unit, from |Λ_i| and the coordinates of the others."""
        moments = np.zeros(3, complex)
        moments[self.index] = size
        moments[self.others] = x[:2] + (1j * x[2:] if self.phases_free else 0.0)
        return moments

    def coordinates(self, moments: ComplexArray) -> FloatArray:
        """Return the coordinates of the others."""
        rest = moments[self.others]
        return np.concatenate([rest.real, rest.imag]) if self.phases_free else rest.real

    @cached_property
    def _flat_w(self) -> ComplexArray:
        """Return W_b in the unit, shape (n_signal, 9): a moment then costs one product."""
        return np.asarray(self.unit_mu_b**2 * self.w).reshape(-1, 9)

    def value_and_slope(self, moments: ComplexArray) -> tuple[float, ComplexArray]:
        """Return χ² and 2(Σ g_b W_b)Λ at moments in the unit."""
        products = np.outer(moments.conj(), moments).ravel()
        signal = self.model.sm + (self._flat_w @ products).real
        value, slope = self.model.likelihood.value_and_gradient(signal)
        return float(value), 2 * (slope @ self._flat_w).reshape(3, 3) @ moments

    def lowest(self, size: float, starts: list[FloatArray]) -> tuple[float, FloatArray]:
        """Return the minimum of χ² over the others at |Λ_i| = size, and where."""

        def objective(x: FloatArray) -> tuple[float, FloatArray]:
            value, slope = self.value_and_slope(self.moments(size, x))
            return value, self.coordinates(slope)

        return _lowest(objective, starts)

    def starts(self) -> list[FloatArray]:
        """Return starting ratios of the others: zero, and what cancels the excess best."""
        total = visibility(self.w)
        block = total[np.ix_(self.others, self.others)]
        cancelling = (
            -np.linalg.pinv(block, rcond=1e-12, hermitian=True) @ total[self.others, self.index]
        )
        vector = np.zeros(3, complex)
        vector[self.others] = cancelling
        seed = np.zeros(3, complex)
        seed[self.others] = (0.1, -0.1)
        return [self.coordinates(vector), self.coordinates(seed)]

    def global_minimum(self) -> tuple[float, float]:
        """Return the smallest χ² over all moments and |Λ_i| there, in the unit."""

        def objective(x: FloatArray) -> tuple[float, FloatArray]:
            value, slope = self.value_and_slope(self.moments(x[0], x[1:]))
            return value, np.concatenate([[slope[self.index].real], self.coordinates(slope)])

        points = [np.concatenate([[size], size * s]) for s in self.starts() for size in (0.05, 0.7)]
        value, x = _lowest(objective, points)
        standard_model = float(self.model.likelihood.chi2(self.model.sm))
        if standard_model <= value:
            return standard_model, 0.0
        return value, abs(float(x[0]))


def _lowest(
    objective: Callable[[FloatArray], tuple[float, FloatArray]], starts: Sequence[FloatArray]
) -> tuple[float, FloatArray]:
    """Return the lowest of the minima found from several starts, and where.

    A start whose nuisances do not converge is left out; if all do not, the last says so.
    """
    from scipy.optimize import minimize

    found, failure = [], None
    for start in starts:
        try:
            found.append(minimize(objective, start, jac=True, method="BFGS", options=OPTIONS))
        except MunuError as error:
            failure = error
    if failure is not None and not found:
        raise failure
    best = min(found, key=lambda result: float(result.fun))
    return float(best.fun), np.asarray(best.x)


def profile_numerically(
    model: MomentModel,
    w: ComplexArray,
    index: int,
    delta: float,
    blind: ComplexArray | None,
    *,
    phases_free: bool,
) -> Interval:
    """Return the profiled interval of |Λ_index|.

    Parameters
    ----------
    model : MomentModel
    w : array, shape (n_signal, 3, 3)
        Its W_b, real parts if the phases are fixed.
    index : int
    delta : float
        Δχ² from the global minimum.
    blind : array, shape (3,), or None
        Blind direction with a component along ``index``, if there is one.
    phases_free : bool

    Raises
    ------
    MunuError
        If a minimum over the nuisances does not converge.
    """
    unit = slice_interval(model, index, delta).upper_mu_b
    if not np.isfinite(unit):
        reason = "blind direction" if blind is not None else "systematic uncertainty"
        return Interval(0.0, np.inf, 0.0, float(model.likelihood.chi2(model.sm)), reason, blind)
    problem = _Problem(model, w, index, unit, phases_free)
    chi2_min, best = problem.global_minimum()
    if blind is not None:
        return Interval(0.0, np.inf, best * unit, chi2_min, "blind direction", blind)
    upper = _upper_end(problem, chi2_min + delta, max(best, 1.0))
    reason = "" if np.isfinite(upper) else "systematic uncertainty"
    return Interval(0.0, upper * unit, best * unit, chi2_min, reason)


def _upper_end(problem: _Problem, level: float, size: float) -> float:
    """Return the largest |Λ_i|, in the unit, whose lowest χ² is the level."""
    from scipy.optimize import brentq

    known: list[tuple[float, FloatArray]] = []

    def over(at: float) -> float:
        starts = [_continued(known, at)] if known else [at * s for s in problem.starts()]
        value, x = problem.lowest(at, starts)
        known.append((at, x))
        return value - level

    below, above = 0.0, size
    while over(above) < 0:
        below, above = above, 1.5 * above
        if above > FARTHEST:
            return np.inf
    if below == 0.0:
        below = 0.5 * above
        while over(below) > 0:
            below *= 0.5
            if below < 1.0 / FARTHEST:
                raise MunuError(
                    "the profiled limit could not be bracketed",
                    "Check that the data are compatible with the model at all",
                )
    return float(brentq(over, below, above, xtol=1e-10, rtol=1e-9))


def _continued(known: list[tuple[float, FloatArray]], at: float) -> FloatArray:
    """Return where the others are expected at |Λ_i| = at: on the line through the last two."""
    size, x = known[-1]
    if len(known) == 1 or known[-2][0] == size:
        return x * (at / size)
    before, x_before = known[-2]
    return np.asarray(x + (x - x_before) * (at - size) / (size - before))


def profile_curve(
    model: MomentModel, w: ComplexArray, index: int, moduli_mu_b: FloatArray, *, phases_free: bool
) -> FloatArray:
    """Return Δχ² from the global minimum at given |Λ_index| (μ_B), the others minimised over.

    It is infinite at a modulus whose nuisances do not converge.

    Parameters
    ----------
    model, w, index, phases_free
        As in `profile_numerically`.
    moduli_mu_b : array, shape (n,)

    Raises
    ------
    MunuError
        If the nuisances converge at no modulus, or nowhere near the global minimum.
    """
    unit = slice_interval(model, index, 1.0).upper_mu_b
    if not np.isfinite(unit):
        unit = float(np.max(moduli_mu_b))
    problem = _Problem(model, w, index, unit, phases_free)
    chi2_min, _ = problem.global_minimum()
    starts = problem.starts()
    lowest = np.full(np.shape(moduli_mu_b), np.inf)
    failure = None
    for i, size in enumerate(np.asarray(moduli_mu_b, float) / unit):
        try:
            lowest[i] = problem.lowest(size, [max(size, 0.1) * start for start in starts])[0]
        except MunuError as error:
            failure = error
    if failure is not None and not np.any(np.isfinite(lowest)):
        raise failure
    return np.maximum(lowest - chi2_min, 0.0)
