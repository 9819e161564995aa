r"""One modulus, the others zero: :math:`\sqrt{x/W_{ii}}` with x the largest allowed excess."""

from __future__ import annotations

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.statistics import models
from munu.statistics.likelihoods import OneBin, SignalLikelihood, searching
from munu.statistics.limits.intervals import BLIND_TOLERANCE, Curve, Interval, rise
from munu.statistics.models.moments import MomentModel


def slice_interval(model: MomentModel, index: int, delta: float) -> Interval:
    """Return the interval of |Λ_index| where Δχ² <= delta, the other moments zero.

    Δχ² is taken from the minimum over |Λ_index|.
    """
    return slice_intervals(model, seen_diagonal(model, index)[None], delta)[0]


def slice_intervals(model: MomentModel, w: FloatArray, delta: float) -> tuple[Interval, ...]:
    """Return the intervals of several moduli, each with all other moments zero, at once.

    Parameters
    ----------
    model : MomentModel
    w : array, shape (n, n_signal)
        W_ii per bin of each modulus, of any basis.
    delta : float
        Δχ² from the minimum over that modulus.
    """
    if model.closed_form is not None:
        one_bin, sm = model.closed_form, float(model.sm[0])
        return tuple(one_bin_interval(one_bin, sm, float(one[0]), delta) for one in w)
    minimum, low, high = models.rays.within(model.likelihood, model.sm, w, delta)
    columns = (low, high, minimum.t, minimum.chi2, w.any(axis=1))
    return tuple(_interval(*row) for row in zip(*(one.tolist() for one in columns), strict=True))


def seen_diagonal(model: MomentModel, index: int) -> FloatArray:
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


def one_bin_interval(one_bin: OneBin, sm: float, w: float, delta: float) -> Interval:
    """Return the interval of a modulus that makes w events per μ_B² in the only bin."""
    if w <= 0:
        return _interval(0.0, np.inf, 0.0, one_bin.chi2(sm), seen=False)
    signal, chi2_min = one_bin.least(sm)
    low, high = one_bin.interval(chi2_min + delta)
    return _interval(
        max(low - sm, 0.0) / w, (high - sm) / w, (signal - sm) / w, chi2_min, seen=True
    )


def delta_chi2_profile(model: MomentModel, index: int, moduli_mu_b: FloatArray) -> Curve:
    """Return Δχ² of the slice along |Λ_index| at the given moduli (μ_B), shape (n,).

    Raises
    ------
    MunuError
        If the nuisances converge at no modulus, or not on the way to the minimum.
    """
    w = seen_diagonal(model, index)
    minimum = models.rays.minimise(model.likelihood, model.sm, w[None, :])
    signal = model.sm + np.asarray(moduli_mu_b, float)[:, None] ** 2 * w
    likelihood = searching(model.likelihood)
    try:
        chi2 = likelihood.chi2(signal)
    except MunuError:
        return _point_by_point(likelihood, signal, float(minimum.chi2[0]))
    return Curve(rise(chi2, float(minimum.chi2[0])), {})


def _point_by_point(likelihood: SignalLikelihood, signal: FloatArray, chi2_min: float) -> Curve:
    """Return Δχ² of each signal alone, so that those that fail leave the others."""
    delta = np.full(len(signal), np.inf)
    failures: dict[int, str] = {}
    for i, one in enumerate(signal):
        try:
            delta[i] = likelihood.chi2(one)
        except MunuError as error:
            failures[i] = error.message
            if len(failures) == len(signal):
                raise
    return Curve(rise(delta, chi2_min), failures)
