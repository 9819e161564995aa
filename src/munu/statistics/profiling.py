r"""Profiled limits without a closed form: several bins, or numerical nuisances.

For a given |Λ_i| the other moments and the nuisances minimise χ² together
(`munu.statistics.profile_problem`). The limit is where that minimum has risen by Δχ².
"""

from __future__ import annotations

import numpy as np

from munu.errors import MunuError
from munu.statistics.descent import ROUNDING
from munu.statistics.intervals import Curve, Interval
from munu.statistics.model import MomentModel
from munu.statistics.profile_problem import ProfilePoint, ProfileProblem
from munu.statistics.slices import slice_reach_mu_b
from munu.typing import ComplexArray, FloatArray

FARTHEST = 1e4
"""Largest limit looked for, in units of the slice limit."""
LEVEL_PRECISION = 1e-9
"""Of χ² at the limit."""
MAXIMUM_TRIALS = 100
SEARCHES = 10
"""Times that another minimum may turn out to be lower at the end."""
DISTINCT = 1e-7
"""Fall of χ², relative to 1 + χ², that tells another minimum from rounding."""


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
    unit = slice_reach_mu_b(model, index, delta)
    if not np.isfinite(unit):
        reason = "blind direction" if blind is not None else "systematic uncertainty"
        return Interval(0.0, np.inf, 0.0, float(model.likelihood.chi2(model.sm)), reason, blind)
    problem = ProfileProblem.of(model, w, index, unit, phases_free=phases_free)
    chi2_min, at = problem.best_fit
    best = abs(float(at[0]))
    if blind is not None:
        return Interval(0.0, np.inf, best * unit, chi2_min, "blind direction", blind)
    upper = _upper_end(problem, chi2_min + delta, max(best, 1.0))
    lower = _lower_end(problem, chi2_min + delta, best)
    reason = "" if np.isfinite(upper) else "systematic uncertainty"
    return Interval(lower * unit, upper * unit, best * unit, chi2_min, reason)


def _lower_end(problem: ProfileProblem, level: float, best: float) -> float:
    """Return the smallest |Λ_i|, in the unit, whose lowest χ² is the level.

    It is zero unless the Standard Model is excluded and the other moments cannot make the excess.
    """
    from scipy.optimize import brentq

    def over(size: float) -> float:
        starts = np.concatenate([problem.starts(size), problem.starts(size, others=best)])
        return problem.lowest(starts).chi2 - level

    if problem.standard_model_chi2 <= level or best == 0 or over(0.0) <= 0:
        return 0.0
    return float(brentq(over, 0.0, best, xtol=1e-9 * best, rtol=1e-12))


def _upper_end(problem: ProfileProblem, level: float, size: float) -> float:
    """Return the largest |Λ_i|, in the unit, whose lowest χ² is the level.

    It is followed from one minimum over the others; where another one turns out to be lower at the
    end, the search goes on from there.
    """
    point = problem.lowest(problem.starts(size), scouts=1)
    for _ in range(SEARCHES):
        end = _crossing(problem, level, point)
        if not np.isfinite(end):
            return np.inf
        point = problem.lowest(problem.starts(end))
        if point.chi2 > level - DISTINCT * (1 + abs(level)):
            break
    return float(point.y[0])


def _crossing(problem: ProfileProblem, level: float, point: ProfilePoint) -> float:
    """Follow a minimum over the others to where χ² is the level: Newton steps in a bracket."""
    below, above = 0.0, np.inf
    for _ in range(MAXIMUM_TRIALS):
        over, at = point.chi2 - level, float(point.y[0])
        below, above = (at, above) if over < 0 else (below, at)
        narrow = np.isfinite(above) and above - below <= 1e-12 * above
        if narrow or abs(over) <= LEVEL_PRECISION + ROUNDING * abs(level):
            return at
        size = min(at + point.step(over), 1.5 * at)
        if not below < size < above:
            size = 0.5 * (below + above)
        if size > FARTHEST:
            return np.inf
        if size < 1 / FARTHEST:
            break
        point = problem.lowest(*point.moved(size))
    raise MunuError(
        "the profiled limit could not be bracketed",
        "Check that the data are compatible with the model at all",
    )


def profile_curve(
    model: MomentModel, w: ComplexArray, index: int, moduli_mu_b: FloatArray, *, phases_free: bool
) -> Curve:
    """Return Δχ² from the global minimum at given |Λ_index| (μ_B), the others minimised over.

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
    unit = slice_reach_mu_b(model, index, 1.0)
    if not np.isfinite(unit):
        unit = float(np.max(moduli_mu_b)) or 1.0
    problem = ProfileProblem.of(model, w, index, unit, phases_free=phases_free)
    chi2_min, _ = problem.best_fit
    sizes = np.asarray(moduli_mu_b, float) / unit
    found = problem.along(sizes)
    if np.all(found.failed):
        raise MunuError(*problem.joint.failure(found.x[-1], found.step[-1], fixed=1))
    return Curve(
        np.where(found.failed, np.inf, np.maximum(found.chi2 - chi2_min, 0.0)),
        {
            int(i): problem.joint.failure(found.x[i], found.step[i], fixed=1)[0]
            for i in np.flatnonzero(found.failed)
        },
    )
