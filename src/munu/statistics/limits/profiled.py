r"""Limits on one modulus whose others are free (``profiled``), and blind directions.

With one bin and :math:`x` the largest allowed excess, the limit is :math:`\sqrt{x\,(W^{-1})_{ii}}`,
infinite where a blind direction has a component along i; a slice (`munu.statistics.limits.slices`)
has :math:`\sqrt{x/W_{ii}}`.
"""

from __future__ import annotations

import numpy as np

from munu.base.typing import ComplexArray
from munu.statistics.limits.intervals import BLIND_TOLERANCE, Interval
from munu.statistics.limits.search import profile_numerically
from munu.statistics.limits.slices import one_bin_interval
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
        Minimise over the moduli and the phases of the others; otherwise over real multiples, of
        either sign, of the model's basis vectors.
    """
    w = model.w if phases_free else np.asarray(model.w.real, complex)
    blind = blind_direction(normalised_w(w), index)
    one_bin = model.closed_form
    if one_bin is not None:
        seen = 0.0 if blind is not None else 1 / _inverse_diagonal(w[0], index)
        interval = one_bin_interval(one_bin, float(model.sm[0]), seen, delta)
        if blind is None and _seen_alone(w[0], index):
            return interval
        if blind is None:
            return Interval(
                0.0, interval.upper_mu_b, 0.0, interval.chi2_min, interval.unbounded_because
            )
        chi2_min = one_bin.chi2(max(one_bin.data, float(model.sm[0])))
        return Interval(0.0, np.inf, 0.0, chi2_min, "blind direction", blind)
    return profile_numerically(model, w, index, delta, blind, phases_free=phases_free)


def _seen_alone(w: ComplexArray, index: int) -> bool:
    """Whether the other moments make no events, so that profiling them changes nothing."""
    seen = np.delete(w.diagonal().real, index)
    return bool(np.all(seen <= BLIND_TOLERANCE * w[index, index].real))


def _inverse_diagonal(w: ComplexArray, index: int) -> float:
    """Return (W⁻¹)_ii on the range of W, for an index no null vector touches."""
    return float(np.linalg.pinv(w, rcond=BLIND_TOLERANCE, hermitian=True)[index, index].real)
