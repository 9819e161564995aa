r"""Limits on one modulus: ``slice`` (others zero) and ``profiled`` (others free).

With one bin and :math:`x` the largest allowed excess, the slice limit is
:math:`\sqrt{x/W_{ii}}` and the profiled one :math:`\sqrt{x\,(W^{-1})_{ii}}`, infinite where a blind
direction has a component along i.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.errors import MunuError
from munu.statistics import rays
from munu.statistics.gaussian import GaussianLikelihood
from munu.statistics.likelihood import Likelihood
from munu.statistics.model import MomentModel, visibility
from munu.typing import ComplexArray, FloatArray

BLIND_TOLERANCE = 1e-9


@final
@dataclass(frozen=True)
class Interval:
    """The allowed interval of one modulus.

    Parameters
    ----------
    lower_mu_b, upper_mu_b : float
        Ends (μ_B); the upper is inf if unbounded, both nan if nothing is allowed.
    best_fit_mu_b : float
        Where χ² is smallest; one such place if there are several.
    chi2_min : float
    unbounded_because : str
        ``blind direction``, ``systematic uncertainty`` or empty.
    blind_direction : array, shape (3,), or None
        The unit Λ no bin sees.
    """

    lower_mu_b: float
    upper_mu_b: float
    best_fit_mu_b: float
    chi2_min: float
    unbounded_because: str = ""
    blind_direction: ComplexArray | None = None


@final
@dataclass(frozen=True)
class Curve:
    """Δχ² along one modulus.

    Parameters
    ----------
    delta_chi2 : array, shape (n,)
        Infinite at a point whose nuisances do not converge.
    failures : mapping of int to str
        Why, by the index of each such point.
    """

    delta_chi2: FloatArray
    failures: Mapping[int, str]


def slice_interval(model: MomentModel, index: int, delta: float) -> Interval:
    """Return the interval of |Λ_index| where Δχ² <= delta, the other moments zero.

    Δχ² is taken from the minimum over |Λ_index|.
    """
    w = _seen_diagonal(model, index)
    if model.is_one_bin and isinstance(model.likelihood, GaussianLikelihood):
        return _one_bin(model.likelihood, float(model.sm[0]), float(w[0]), delta)
    ray = w[None, :]
    minimum, low, high = rays.within(model.likelihood, model.sm, ray, delta)
    best, chi2_min = float(minimum.t[0]), float(minimum.chi2[0])
    return _interval(float(low[0]), float(high[0]), best, chi2_min, bool(w.any()))


def slice_reach_mu_b(model: MomentModel, index: int, delta: float) -> float:
    """Return about the |Λ_index| of `slice_interval`'s upper end, inf if there is none."""
    w = _seen_diagonal(model, index)
    t = rays.reach(model.likelihood, model.sm, w[None, :], delta)
    return float(np.sqrt(t[0]))


def _seen_diagonal(model: MomentModel, index: int) -> FloatArray:
    """Return W_ii per bin, shape (n_signal,), exactly zero where only rounding is left of it."""
    diagonal = model.w[:, index, index].real
    trace = np.trace(model.w, axis1=1, axis2=2).real
    return np.where(diagonal > BLIND_TOLERANCE * trace, diagonal, 0.0)


def _interval(low: float, high: float, best: float, chi2_min: float, seen: bool) -> Interval:
    because = ""
    if np.isinf(high):
        because = "systematic uncertainty" if seen else "blind direction"
    return Interval(
        lower_mu_b=float(np.sqrt(low)),
        upper_mu_b=float(np.sqrt(high)),
        best_fit_mu_b=float(np.sqrt(best)),
        chi2_min=chi2_min,
        unbounded_because=because,
    )


def _one_bin(likelihood: GaussianLikelihood, sm: float, w: float, delta: float) -> Interval:
    data = float(likelihood.data[0])
    signal = max(data, sm) if w > 0 else sm
    chi2_min = likelihood.one_bin_chi2(signal)
    if w <= 0:
        return _interval(0.0, np.inf, 0.0, chi2_min, seen=False)
    low, high = likelihood.one_bin_interval(chi2_min + delta)
    return _interval(
        max(low - sm, 0.0) / w, (high - sm) / w, (signal - sm) / w, chi2_min, seen=True
    )


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
    blind = blind_direction(visibility(w), index)
    if model.is_one_bin and isinstance(model.likelihood, GaussianLikelihood):
        seen = 0.0 if blind is not None else 1 / _inverse_diagonal(w[0], index)
        interval = _one_bin(model.likelihood, float(model.sm[0]), seen, delta)
        if blind is None and _seen_alone(w[0], index):
            return interval
        if blind is None:
            return Interval(
                0.0, interval.upper_mu_b, 0.0, interval.chi2_min, interval.unbounded_because
            )
        chi2_min = model.likelihood.one_bin_chi2(
            max(float(model.likelihood.data[0]), float(model.sm[0]))
        )
        return Interval(0.0, np.inf, 0.0, chi2_min, "blind direction", blind)
    from munu.statistics.profiling import profile_numerically

    return profile_numerically(model, w, index, delta, blind, phases_free=phases_free)


def _seen_alone(w: ComplexArray, index: int) -> bool:
    """Whether the other moments make no events, so that profiling them changes nothing."""
    seen = np.delete(w.diagonal().real, index)
    return bool(np.all(seen <= BLIND_TOLERANCE * w[index, index].real))


def _inverse_diagonal(w: ComplexArray, index: int) -> float:
    """Return (W⁻¹)_ii on the range of W, for an index no null vector touches."""
    return float(np.linalg.pinv(w, rcond=BLIND_TOLERANCE, hermitian=True)[index, index].real)


def delta_chi2_profile(model: MomentModel, index: int, moduli_mu_b: FloatArray) -> Curve:
    """Return Δχ² of the slice along |Λ_index| at the given moduli (μ_B), shape (n,).

    Raises
    ------
    MunuError
        If the nuisances converge at no modulus, or not on the way to the minimum.
    """
    w = model.w[:, index, index].real
    minimum = rays.minimise(model.likelihood, model.sm, w[None, :])
    signal = model.sm + np.asarray(moduli_mu_b, float)[:, None] ** 2 * w
    try:
        chi2 = model.likelihood.chi2(signal)
    except MunuError:
        return _point_by_point(model.likelihood, signal, minimum.chi2[0])
    return Curve(np.asarray(chi2 - minimum.chi2[0]), {})


def _point_by_point(likelihood: Likelihood, signal: FloatArray, chi2_min: float) -> Curve:
    """Return Δχ² of each signal alone, so that those that fail leave the others."""
    delta = np.full(len(signal), np.inf)
    failures: dict[int, str] = {}
    for i, one in enumerate(signal):
        try:
            delta[i] = likelihood.chi2(one) - chi2_min
        except MunuError as error:
            failures[i] = error.message
            if len(failures) == len(signal):
                raise
    return Curve(delta, failures)
