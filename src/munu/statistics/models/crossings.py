"""Where χ² along one coordinate crosses a level, the rest minimised over: steps of all at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from munu.base.descent import PARABOLIC
from munu.base.typing import FloatArray
from munu.statistics.models.joint import JointChi2

STEPS, LAST = 8, 1e-7
"""Steps towards a crossing, and the one, relative to 1 + v, after which there are no others."""


def stepped(
    joint: JointChi2, ends: Sequence[FloatArray], beside: Sequence[FloatArray], level: float
) -> tuple[FloatArray, FloatArray]:
    r"""Return about where χ² is at a level between ends, and the rest there.

    Newton steps of both at once: with f, g and H of the first coordinate v and the rest x,

    .. math:: \delta x = -H_{xx}^{-1}(g_x + H_{xv}\delta v),\quad
        f + \hat g\,\delta v + \tfrac12\hat H\,\delta v^2 - \tfrac12g_xH_{xx}^{-1}g_x = L
    """
    rest = joint.dimension - 1
    low, high, at_low, at_high = ends
    rising = np.where(at_high > at_low, 1.0, -1.0)
    with np.errstate(invalid="ignore", over="ignore"):
        part = at_low / (at_low - at_high)
    part = np.where(np.isfinite(part), part, 0.5)
    v = low + part * (high - low)
    x = np.where((part < 0.5)[:, None], beside[0], beside[1])
    for _ in range(STEPS):
        y = np.column_stack([v, x[:, :rest]])
        terms = joint.terms(y, x[:, rest:])
        own = terms.hessian[:, 1:, 1:]
        right = np.stack([terms.gradient[:, 1:], terms.hessian[:, 1:, 0]], axis=2)
        try:
            by_gradient, by_v = np.moveaxis(np.linalg.solve(own, right), 2, 0)
        except np.linalg.LinAlgError:
            break
        gain = np.einsum("md,md->m", terms.gradient[:, 1:], by_gradient)
        slope = terms.gradient[:, 0] - np.einsum("md,md->m", terms.hessian[:, 0, 1:], by_gradient)
        bend = terms.hessian[:, 0, 0] - np.einsum("md,md->m", terms.hessian[:, 0, 1:], by_v)
        rise = terms.chi2 - 0.5 * gain - level
        root = slope**2 - 2 * bend * rise
        whole = slope + rising * np.sqrt(np.maximum(root, 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            step = -2 * rise / whole
        new = np.clip(np.where(np.isfinite(step), v + step, v), low, high)
        x = x - by_gradient - by_v * (new - v)[:, None]
        done = np.abs(new - v) <= LAST * (1 + np.abs(v))
        v = new
        if done.all() and (np.abs(gain) < PARABOLIC).all():
            break
    return v, x
