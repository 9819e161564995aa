r"""Limits on one modulus whose others are free (``profiled``), and blind directions.

With one bin and :math:`x` the largest allowed excess, the limit is :math:`\sqrt{x\,(W^{-1})_{ii}}`,
infinite where a blind direction has a component along i; a slice (`munu.statistics.limits.slices`)
has :math:`\sqrt{x/W_{ii}}`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import ComplexArray
from munu.statistics.limits.cone import blind_on_cone, interfere, least_on_cone
from munu.statistics.limits.free_phases import FreePhases
from munu.statistics.limits.given_phases import GivenPhases
from munu.statistics.limits.intervals import BLIND_TOLERANCE, Interval
from munu.statistics.limits.problem import ModulusProblem
from munu.statistics.limits.search import profile_numerically
from munu.statistics.limits.slices import one_bin_interval
from munu.statistics.limits.together import intervals_together
from munu.statistics.models.moments import MomentModel, normalised_w


def blind_direction(matrix: ComplexArray, index: int) -> ComplexArray | None:
    """Return the unit null vector of W with the largest component along index, or None."""
    values, vectors = np.linalg.eigh(matrix)
    null = vectors[:, values <= BLIND_TOLERANCE * max(values[-1], 0.0)]
    overlap = null[index].conj()
    size = float(np.linalg.norm(overlap))
    if size < np.sqrt(BLIND_TOLERANCE):
        return None
    return np.asarray(null @ overlap / size)


def profiled_interval(
    model: MomentModel, index: int, delta: float, *, phases_free: bool = True
) -> Interval:
    """Return the interval of |Λ_index| where Δχ² <= delta, the others minimised over.

    Parameters
    ----------
    model : MomentModel
        In the basis whose moments are meant.
    index : int
    delta : float
        Δχ² from the global minimum.
    phases_free : bool
        Minimise over the moduli and the phases of the others; otherwise over their moduli, at the
        phases of the model's basis vectors.
    """
    blind = _blind(model, index, phases_free=phases_free or not interfere(model.w))
    if model.closed_form is not None:
        return _closed(model, index, delta, blind, phases_free=phases_free)
    problem = modulus_problem(model, index, delta, phases_free=phases_free)
    return profile_numerically(problem, delta, blind)


def profiled_intervals(
    asked: Sequence[tuple[MomentModel, int]], delta: float
) -> list[Interval | MunuError]:
    """Return the intervals of moduli, or why a fit failed, at once.

    Each is that of `profiled_interval` with free phases.

    Parameters
    ----------
    asked : sequence of (MomentModel, int)
        Models of one likelihood, in bases of their own, and the moment of each.
    delta : float
        Δχ² from the global minimum.
    """
    blind = [_blind(model, index, phases_free=True) for model, index in asked]
    if asked[0][0].closed_form is not None:
        pairs = zip(asked, blind, strict=True)
        return [_closed(*one, delta, null, phases_free=True) for one, null in pairs]
    problems = [FreePhases.of(model, index, delta) for model, index in asked]
    return intervals_together(problems, delta, blind)


def _closed(
    model: MomentModel,
    index: int,
    delta: float,
    blind: ComplexArray | None,
    *,
    phases_free: bool,
) -> Interval:
    """Return the interval of a model of one bin."""
    one_bin = model.closed_form
    assert one_bin is not None
    if blind is not None:
        _, chi2_min = one_bin.least(float(model.sm[0]))
        return Interval(0.0, np.inf, 0.0, chi2_min, "blind direction", blind)
    w = model.w[0]
    free = phases_free or not interfere(model.w)
    seen = 1 / _inverse_diagonal(w, index) if free else least_on_cone(w.real, index)[0]
    interval = one_bin_interval(one_bin, float(model.sm[0]), seen, delta)
    if _seen_alone(w, index):
        return interval
    return Interval(0.0, interval.upper_mu_b, 0.0, interval.chi2_min, interval.unbounded_because)


def modulus_problem(
    model: MomentModel, index: int, delta: float, *, phases_free: bool
) -> ModulusProblem:
    """Return the problem of a modulus; where no moments interfere, their phases make no difference.

    Its unit is about the |Λ_index| that alone raises χ² by ``delta``.
    """
    kind = FreePhases if phases_free or not interfere(model.w) else GivenPhases
    return kind.of(model, index, delta)


def _blind(model: MomentModel, index: int, *, phases_free: bool) -> ComplexArray | None:
    """Return a direction with a component along index that no bin sees, or None."""
    total = normalised_w(model.w)
    if phases_free:
        return blind_direction(total, index)
    found = blind_on_cone(total.real, index)
    return None if found is None else found.astype(np.complex128)


def _seen_alone(w: ComplexArray, index: int) -> bool:
    """Whether the other moments make no events, so that profiling them changes nothing."""
    seen = np.delete(w.diagonal().real, index)
    return bool(np.all(seen <= BLIND_TOLERANCE * w[index, index].real))


def _inverse_diagonal(w: ComplexArray, index: int) -> float:
    """Return (W⁻¹)_ii on the range of W, for an index no null vector touches."""
    return float(np.linalg.pinv(w, rcond=BLIND_TOLERANCE, hermitian=True)[index, index].real)
