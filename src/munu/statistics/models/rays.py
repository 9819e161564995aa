r"""χ² along rays Λ = r n: minima and the allowed sets in t = r².

Along a ray the excess is :math:`t\,n^\dagger W_bn`, so χ² is a function of t alone. One Gaussian
bin is solved in closed form, everything else by a scan of ln t, all rays at once
(`munu.statistics.models.ray_scan`).
"""

from __future__ import annotations

import numpy as np

from munu.base.tolerances import TINY
from munu.base.typing import FloatArray
from munu.statistics.likelihoods import OneBin, SignalLikelihood
from munu.statistics.models.ray_scan import RayMinimum, RayScan

__all__ = ["RayMinimum", "allowed", "minimise", "rise_at", "within"]


def minimise(likelihood: SignalLikelihood, sm: FloatArray, w: FloatArray) -> RayMinimum:
    """Return the minimum over t >= 0 along each ray.

    Parameters
    ----------
    likelihood : Likelihood
    sm : array, shape (n_signal,)
    w : array, shape (n_rays, n_signal)
        n†W_bn of each ray.
    """
    if likelihood.closed_form is not None:
        signal, least = likelihood.closed_form.least(float(sm[0]))
        t = np.where(w[:, 0] > 0, (signal - sm[0]) / np.maximum(w[:, 0], TINY), 0.0)
        if np.isinf(signal):
            return RayMinimum(t, np.where(np.isinf(t), least, likelihood.chi2(sm)))
        return RayMinimum(t, likelihood.chi2(sm + t[:, None] * w))
    return RayScan.of(likelihood, sm, w).minimum()


def allowed(
    likelihood: SignalLikelihood, sm: FloatArray, w: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    r"""Return the smallest and the largest t >= 0 with χ² <= level along each ray.

    (nan, nan) where no t is allowed; the largest is inf along a blind direction and where the
    systematic uncertainty alone allows any excess. The two are the ends of the interval that holds
    the minimum. χ² of several projected bins can fall again far beyond it, towards 1/σ_sys²,
    because the variance of Eq. (34) grows with the signal; that part is left out.

    Parameters
    ----------
    w : array, shape (n_rays, n_signal)
    level : float
        Absolute χ².
    """
    if likelihood.closed_form is not None:
        return _allowed_one_bin(likelihood.closed_form, float(sm[0]), w[:, 0], level)
    scan = RayScan.of(likelihood, sm, w, level=level)
    return scan.ends(np.full(w.shape[0], level))


def within(
    likelihood: SignalLikelihood, sm: FloatArray, w: FloatArray, delta: float
) -> tuple[RayMinimum, FloatArray, FloatArray]:
    """Return the minimum along each ray and the `allowed` ends where χ² is ``delta`` above it."""
    scan = RayScan.of(likelihood, sm, w, rise=delta)
    minimum = scan.minimum()
    return minimum, *scan.ends(minimum.chi2 + delta)


def rise_at(
    likelihood: SignalLikelihood, sm: FloatArray, w: FloatArray, delta: float
) -> FloatArray:
    """Return about the t, shape (n_rays,), at which χ² is ``delta`` above its minimum, or inf."""
    return RayScan.of(likelihood, sm, w, rise=delta).rise_at(delta)


def _allowed_one_bin(
    one_bin: OneBin, sm: float, w: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    low, high = one_bin.interval(level)
    if not high >= sm:
        return np.full(w.shape, np.nan), np.full(w.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        largest = np.where(w > 0, (high - sm) / w, np.inf)
        smallest = np.where(w > 0, max(low - sm, 0.0) / w, 0.0 if low <= sm else np.nan)
    return smallest, np.where(np.isnan(smallest), np.nan, largest)
