r"""χ² along rays Λ = r n: minima and the allowed sets in t = r².

Along a ray the excess is :math:`t\,n^\dagger W_bn`, so χ² is a function of t alone. One Gaussian
bin is solved in closed form, everything else by bracketing on a grid in ln t, all rays at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.roots import bracketed_roots
from munu.statistics.gaussian import GaussianLikelihood
from munu.statistics.likelihood import Likelihood
from munu.typing import FloatArray

GRID_DECADES = 8.0
GRID_SPACING = 0.5
GRID_BLOCK = 6
NOTICEABLE = 1e-9
"""A rise of χ², relative to its size, that is no rounding."""
LARGEST_EXCESS = 1e7
"""Events beyond which the largest allowed excess is not looked for: it is infinite."""

Function = Callable[[FloatArray, FloatArray], FloatArray]


@final
@dataclass(frozen=True)
class RayMinimum:
    """The minimum of χ² along each ray: position t, shape (n_rays,), and value."""

    t: FloatArray
    chi2: FloatArray


def _grid(
    likelihood: Likelihood, sm: FloatArray, w: FloatArray, level: float = -np.inf
) -> tuple[FloatArray, FloatArray]:
    """Return t and χ² on a grid in ln t, both (n_rays, m), from dipole events far below the rest.

    It goes on, a block of points at a time, until every ray has risen above the level and its
    minimum; χ² of the points that a ray no longer needs is infinite.
    """
    visible = w.sum(axis=-1)
    scale = np.where(visible > 0, max(float(np.abs(sm).sum()), 1e-300), 1.0)
    if isinstance(likelihood, GaussianLikelihood):
        scale = np.maximum(scale, np.sqrt(likelihood.variance.sum()))
    centre = scale / np.where(visible > 0, visible, 1.0)
    t = np.zeros((w.shape[0], 1))
    chi2 = np.repeat(np.atleast_1d(likelihood.chi2(sm))[None], w.shape[0], axis=0)
    exponent = -GRID_DECADES
    active = visible > 0
    while np.any(active):
        steps = centre[:, None] * 10 ** (exponent + GRID_SPACING * np.arange(GRID_BLOCK))
        found = np.where(visible[:, None] > 0, np.inf, chi2[:, :1]) + 0 * steps
        signal = sm + steps[active][..., None] * w[active][:, None, :]
        found[active] = likelihood.chi2(signal)
        t, chi2 = np.hstack([t, steps]), np.hstack([chi2, found])
        exponent += GRID_SPACING * GRID_BLOCK
        lowest = chi2.min(axis=1)
        rising = (chi2[:, -1] > level) & (chi2[:, -1] > lowest + NOTICEABLE * (1 + np.abs(lowest)))
        active &= ~rising & (visible * t[:, -1] < LARGEST_EXCESS)
    return t, chi2


def _refine(function: Function, low: FloatArray, high: FloatArray, w: FloatArray) -> FloatArray:
    """Return the root of ``function(t, w)`` between brackets, all rays at once."""
    return bracketed_roots(lambda t: function(t, w), low, high)


def minimise(likelihood: Likelihood, sm: FloatArray, w: FloatArray) -> RayMinimum:
    """Return the minimum over t >= 0 along each ray.

    Parameters
    ----------
    likelihood : Likelihood
    sm : array, shape (n_signal,)
    w : array, shape (n_rays, n_signal)
        n†W_bn of each ray.
    """
    if sm.size == 1 and isinstance(likelihood, GaussianLikelihood):
        best = np.where(w[:, 0] > 0, (likelihood.data[0] - sm[0]) / np.maximum(w[:, 0], 1e-300), 0)
        t = np.maximum(best, 0.0)
        return RayMinimum(t, likelihood.chi2(sm + t[:, None] * w))
    return _minimum(likelihood, sm, w, *_grid(likelihood, sm, w))


def _minimum(
    likelihood: Likelihood, sm: FloatArray, w: FloatArray, t: FloatArray, chi2: FloatArray
) -> RayMinimum:
    """Refine the minimum found on the grid t, where χ² is given."""
    index = np.argmin(chi2, axis=1)
    rows = np.arange(w.shape[0])
    low = t[rows, np.maximum(index - 1, 0)]
    high = t[rows, np.minimum(index + 1, t.shape[1] - 1)]

    def slope(at: FloatArray, rays: FloatArray) -> FloatArray:
        return np.asarray(np.sum(likelihood.gradient(sm + at[:, None] * rays) * rays, axis=-1))

    falls = (slope(low, w) < 0) & (slope(high, w) > 0)
    best = t[rows, index]
    if np.any(falls):
        best[falls] = _refine(slope, low[falls], high[falls], w[falls])
    values = likelihood.chi2(sm + best[:, None] * w)
    at_zero = chi2[:, 0] <= values + NOTICEABLE * (1 + np.abs(values))
    return RayMinimum(np.where(at_zero, 0.0, best), np.where(at_zero, chi2[:, 0], values))


def allowed(
    likelihood: Likelihood, sm: FloatArray, w: FloatArray, level: float
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
    if sm.size == 1 and isinstance(likelihood, GaussianLikelihood):
        return _allowed_one_bin(likelihood, float(sm[0]), w[:, 0], level)
    t, chi2 = _grid(likelihood, sm, w, level)
    rows = np.arange(w.shape[0])
    index = np.argmin(chi2, axis=1)
    lowest, inside = chi2[rows, index], t[rows, index]
    unsure = lowest > level
    if np.any(unsure):
        found = _minimum(likelihood, sm, w[unsure], t[unsure], chi2[unsure])
        lowest[unsure], inside[unsure] = found.chi2, found.t
    possible = lowest <= level
    smallest = np.where(possible, 0.0, np.nan)
    largest = np.where(possible, np.inf, np.nan)

    def over(at: FloatArray, rays: FloatArray) -> FloatArray:
        return likelihood.chi2(sm + at[:, None] * rays) - level

    above = chi2 > level
    beyond = above & (t > inside[:, None])
    rises = np.flatnonzero(possible & beyond.any(axis=1))
    if rises.size:
        column = np.argmax(beyond[rises], axis=1)
        before = np.maximum(t[rises, column - 1], inside[rises])
        largest[rises] = _refine(over, before, t[rises, column], w[rises])
    starts = np.flatnonzero(possible & above[:, 0])
    if starts.size:
        outside = above[starts] & (t[starts] < inside[starts, None])
        before = np.where(outside, t[starts], 0.0).max(axis=1)
        smallest[starts] = _refine(over, before, inside[starts], w[starts])
    return smallest, largest


def _allowed_one_bin(
    likelihood: GaussianLikelihood, sm: float, w: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    low, high = likelihood.one_bin_interval(level)
    if not high >= sm:
        return np.full(w.shape, np.nan), np.full(w.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        largest = np.where(w > 0, (high - sm) / w, np.inf)
        smallest = np.where(w > 0, max(low - sm, 0.0) / w, 0.0 if low <= sm else np.nan)
    return smallest, np.where(np.isnan(smallest), np.nan, largest)
