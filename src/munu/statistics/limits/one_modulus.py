"""One modulus, the others zero or minimised over: its interval, and Δχ² along it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.physics.parameters import Others
from munu.statistics.limits.intervals import Curve, Interval
from munu.statistics.limits.slices import (
    delta_chi2_profile,
    seen_diagonal,
    slice_interval,
    slice_intervals,
)
from munu.statistics.models import MomentModel

# What minimises over the other moments is imported where it is used: most limits are slices.


def interval(
    model: MomentModel,
    index: int,
    delta: float,
    *,
    others: Others = "zero",
    phases_free: bool = True,
) -> Interval:
    """Return the interval of |Λ_index| where Δχ² <= delta.

    Parameters
    ----------
    model : MomentModel
        In the basis whose moments are meant.
    index : int
    delta : float
        Δχ² from the minimum along the modulus (others zero) or from the global one (profiled).
    others : {"zero", "profiled"}
    phases_free : bool
        When profiling, minimise over the moduli and the phases of the others; otherwise over their
        moduli, at the phases of the model's basis vectors.
    """
    if others == "zero" or _alone(model):
        return slice_interval(model, index, delta)
    from munu.statistics.limits.profiled import profiled_interval

    return profiled_interval(model, index, delta, phases_free=phases_free)


def intervals_of(
    asked: Sequence[tuple[MomentModel, int, Others]], delta: float
) -> list[Interval | MunuError]:
    """Return the intervals of several moduli, or why a fit failed, at once.

    They are those of `interval` with free phases; products of many rows cost little more than those
    of one.

    Parameters
    ----------
    asked : sequence of (MomentModel, int, {"zero", "profiled"})
        Models of one likelihood, in bases of their own; the modulus, and its others.
    delta : float
        As of `interval`.
    """
    found: dict[int, Interval | MunuError] = {}
    slices = [n for n, (model, _, others) in enumerate(asked) if others == "zero" or _alone(model)]
    profiled = [n for n in range(len(asked)) if n not in slices]
    if slices:
        found |= zip(slices, _slices([asked[n][:2] for n in slices], delta), strict=True)
    if profiled:
        from munu.statistics.limits.profiled import profiled_intervals

        rest = profiled_intervals([asked[n][:2] for n in profiled], delta)
        found |= zip(profiled, rest, strict=True)
    return [found[n] for n in range(len(asked))]


def _alone(model: MomentModel) -> bool:
    """Whether there is one moment only."""
    return bool(model.w.shape[-1] == 1)


def _slices(
    asked: Sequence[tuple[MomentModel, int]], delta: float
) -> Sequence[Interval | MunuError]:
    """Return slices, or why a fit failed: which it was is found one by one."""
    rays = np.array([seen_diagonal(*one) for one in asked])
    try:
        return slice_intervals(asked[0][0], rays, delta)
    except MunuError as error:
        if len(asked) == 1:
            return [error]
    return [found for one in asked for found in _slices([one], delta)]


def curve(
    model: MomentModel,
    index: int,
    moduli_mu_b: FloatArray,
    *,
    others: Others = "zero",
    phases_free: bool = True,
) -> Curve:
    """Return Δχ² at moduli (μ_B), shape (n,); arguments as for `interval`.

    A point whose nuisances do not converge is marked with the reason.

    Raises
    ------
    MunuError
        If the nuisances converge at no modulus, or not on the way to the minimum.
    """
    if others == "zero" or _alone(model):
        return delta_chi2_profile(model, index, moduli_mu_b)
    from munu.statistics.limits.profiled import modulus_problem
    from munu.statistics.limits.search import profile_curve

    problem = modulus_problem(model, index, 1.0, phases_free=phases_free)
    return profile_curve(problem, moduli_mu_b)
