r"""Profiled limits without a closed form: several bins, or numerical nuisances.

For a given |Λ_i| the other moments and the nuisances minimise χ² together
(`munu.statistics.limits.problem`). The limit is where that minimum has risen by Δχ². A search asks
for one minimum after another, so that those of several moments are found at once
(`munu.statistics.limits.together`).
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeAlias, TypeVar, cast

import numpy as np

from munu.base.errors import MunuError
from munu.base.tolerances import DISTINCT, FARTHEST, NARROW, ROUNDING
from munu.base.typing import ComplexArray, FloatArray
from munu.statistics.limits.intervals import Curve, Interval, rise
from munu.statistics.limits.problem import ModulusProblem, ProfilePoint, SizeStarts

Sought = TypeVar("Sought")
Search: TypeAlias = Generator[SizeStarts, ProfilePoint, Sought]
"""Asks for lowest minima from starts, and returns what is sought."""

NEAREST = 1e-12
"""Smallest one: the unit of a fit that is bad at zero may be far too large."""
FIRST_SCOUTS = 3
"""Starts followed where the way to the end begins: at the end others are looked for."""
LEVEL_PRECISION = 1e-9
"""Of χ² at the limit: the limit itself is known to about the tenth of it."""
MAXIMUM_TRIALS = 100
SEARCHES = 10
"""Times that another minimum may turn out to be lower at the end."""


def profile_numerically(
    problem: ModulusProblem, delta: float, blind: ComplexArray | None
) -> Interval:
    """Return the profiled interval of |Λ_i|; arguments as of `interval_search`.

    Raises
    ------
    MunuError
        If a minimum over the nuisances does not converge.
    """
    search = interval_search(problem, delta, blind)
    found = proceed(search, None)
    while isinstance(found, SizeStarts):
        found = proceed(search, problem.lowest(found))
    if isinstance(found, MunuError):
        raise found
    return found


def proceed(
    search: Search[Interval], answer: ProfilePoint | MunuError | None
) -> SizeStarts | Interval | MunuError:
    """Return what a search asks for next, what it has found, or why it ends without.

    ``answer`` is what it asked for last, or why there is none; None at its start.
    """
    try:
        if answer is None:
            return next(search)
        return search.throw(answer) if isinstance(answer, MunuError) else search.send(answer)
    except StopIteration as end:
        return cast("Interval", end.value)
    except MunuError as error:
        return error


def interval_search(
    problem: ModulusProblem, delta: float, blind: ComplexArray | None
) -> Search[Interval]:
    """Search the profiled interval of |Λ_i|; the lowest minima from starts are another's work.

    Parameters
    ----------
    problem : ModulusProblem
    delta : float
        Δχ² from the global minimum.
    blind : array, shape (3,), or None
        Blind direction with a component along i, if there is one.
    """
    chi2_min, best = float(problem.bottoms.chi2[0]), float(problem.bottoms.y[0, 0])
    best_fit = problem.modulus_mu_b(best)
    if blind is not None:
        return Interval(0.0, np.inf, best_fit, chi2_min, "blind direction", blind)
    upper = yield from _upper_end(problem, chi2_min + delta, best)
    lower = yield from _lower_end(problem, chi2_min + delta, best)
    reason = "" if np.isfinite(upper) else "systematic uncertainty"
    ends = problem.modulus_mu_b(lower), problem.modulus_mu_b(upper)
    return Interval(*ends, best_fit, chi2_min, reason)


def _lower_end(problem: ModulusProblem, level: float, best: float) -> Search[float]:
    """Return the smallest size whose lowest χ² is the level.

    It is zero unless the Standard Model is excluded and the other moments cannot make the excess.
    """
    if best == 0 or problem.bottoms.standard_model_chi2 <= level or problem.without <= level:
        return 0.0
    point = yield SizeStarts(*problem.starts(best), problem.scouts)
    return (yield from _end(problem, level, point, -1, best))


def _upper_end(problem: ModulusProblem, level: float, best: float) -> Search[float]:
    """Return the largest size whose lowest χ² is the level."""
    point = yield SizeStarts(*problem.starts(max(best, 1.0), around=False), FIRST_SCOUTS)
    return (yield from _end(problem, level, point, +1, best))


def _end(
    problem: ModulusProblem, level: float, point: ProfilePoint, side: int, inside: float
) -> Search[float]:
    """Return the end of the interval on a side, +1 or -1, of a size inside it.

    It is followed from one minimum over the others; where another one turns out to be lower at the
    end, the search goes on from there.

    Raises
    ------
    MunuError
        If one is lower than the best fit, or the end cannot be bracketed.
    """
    for _ in range(SEARCHES):
        end = yield from _crossing(problem, level, point, side, inside)
        if not np.isfinite(end):
            return np.inf
        point = yield SizeStarts(*problem.starts(end), problem.scouts)
        rise(np.array([point.chi2]), float(problem.bottoms.chi2[0]))
        if point.chi2 > level - DISTINCT * (1 + abs(level)):
            break
    return float(point.y[0])


def _crossing(
    problem: ModulusProblem, level: float, point: ProfilePoint, side: int, inside: float
) -> Search[float]:
    """Follow a minimum over the others to where χ² is the level: Newton steps in a bracket."""
    outside = np.inf if side > 0 else 0.0
    for _ in range(MAXIMUM_TRIALS):
        over, at = point.chi2 - level, float(point.y[0])
        inside, outside = (at, outside) if over < 0 else (inside, at)
        widest = max(inside, outside)
        narrow = np.isfinite(widest) and abs(outside - inside) <= NARROW * widest
        if narrow or abs(over) <= LEVEL_PRECISION + ROUNDING * abs(level):
            return at
        size = min(at + point.step(over, side), 2 * at)
        if not min(inside, outside) < size < max(inside, outside):
            size = 0.5 * (inside + outside) if np.isfinite(widest) else 2 * at
        distance = problem.modulus_mu_b(size) / problem.unit_mu_b
        if distance > FARTHEST:
            return np.inf
        if distance < NEAREST:
            break
        point = yield point.moved(size)
    raise MunuError(
        "the profiled limit could not be bracketed",
        "Check that the data are compatible with the model at all",
    )


def profile_curve(problem: ModulusProblem, moduli_mu_b: FloatArray) -> Curve:
    """Return Δχ² from the global minimum at given |Λ_i| (μ_B), shape (n,), others minimised over.

    Raises
    ------
    MunuError
        If the nuisances converge at no modulus, or nowhere near the global minimum.
    """
    sizes = problem.sizes(np.asarray(moduli_mu_b, float))
    found = problem.along(sizes)
    if np.all(found.failed):
        raise MunuError(*problem.joint.failure(found.x[-1], found.step[-1], fixed=1))
    return Curve(
        np.where(found.failed, np.inf, rise(found.chi2, float(problem.bottoms.chi2[0]))),
        {
            int(i): problem.joint.failure(found.x[i], found.step[i], fixed=1)[0]
            for i in np.flatnonzero(found.failed)
        },
    )
