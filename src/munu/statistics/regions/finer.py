"""A function on a lattice made finer, by values and slopes or by values alone."""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.base.typing import BoolArray, FloatArray

DIVISIONS: Final = 5
"""Of a coarse cell, along each axis."""
CAUTION: Final = 1.0
"""A cell may be crossed if the level is within so many times what the slopes change across it."""


def mesh(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the points of a lattice, (n_y n_x, 2), row by row."""
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def divided(axis: FloatArray) -> FloatArray:
    """Return an axis with each of its steps divided."""
    steps = np.arange(DIVISIONS) / DIVISIONS
    inner = axis[:-1, None] + np.diff(axis)[:, None] * steps
    return np.append(inner.ravel(), axis[-1])


def crossed(
    value: FloatArray, slope: FloatArray, x: FloatArray, y: FloatArray, level: float
) -> BoolArray:
    """Return which cells, shape (n_y - 1, n_x - 1), the level may cross."""
    change = (
        np.abs(slope[..., 0])[:-1, :-1] * np.diff(x)
        + np.abs(slope[..., 1])[:-1, :-1] * (np.diff(y)[:, None])
    )
    corners = np.stack([value[:-1, :-1], value[1:, :-1], value[:-1, 1:], value[1:, 1:]])
    for other in (slope[1:, :-1], slope[:-1, 1:], slope[1:, 1:]):
        size = np.abs(other[..., 0]) * np.diff(x) + np.abs(other[..., 1]) * np.diff(y)[:, None]
        change = np.maximum(change, size)
    low, high = corners.min(axis=0), corners.max(axis=0)
    return np.asarray((low - CAUTION * change <= level) & (high + CAUTION * change >= level))


def cubic(value: FloatArray, slope: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the cubics through values and slopes on the divided lattice, without twist."""
    (by_x, tilt_x), (by_y, tilt_y) = _weights(x), _weights(y)
    straight = by_y @ value @ by_x.T
    return np.asarray(straight + by_y @ slope[..., 0] @ tilt_x.T + tilt_y @ slope[..., 1] @ by_x.T)


def _weights(axis: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the weights of values and of slopes at points of the divided axis, (n_fine, n)."""
    s = np.arange(DIVISIONS) / DIVISIONS
    n = axis.size
    value, tilt = np.zeros((2, DIVISIONS * (n - 1) + 1, n))
    for cell, step in enumerate(np.diff(axis).tolist()):
        rows = slice(DIVISIONS * cell, DIVISIONS * (cell + 1))
        value[rows, cell] = (1 + 2 * s) * (1 - s) ** 2
        value[rows, cell + 1] = s**2 * (3 - 2 * s)
        tilt[rows, cell] = step * s * (1 - s) ** 2
        tilt[rows, cell + 1] = -step * s**2 * (1 - s)
    value[-1, -1] = 1.0
    return value, tilt


def interpolated(value: FloatArray) -> FloatArray:
    """Return values of the divided lattice, linear between those of the coarse one."""
    for _ in range(2):
        steps = np.arange(DIVISIONS) / DIVISIONS
        with np.errstate(invalid="ignore"):
            inner = value[:-1, None] + (value[1:] - value[:-1])[:, None] * steps[None, :, None]
        inner = np.where(np.isnan(inner), np.inf, inner)
        value = np.concatenate([inner.reshape(-1, value.shape[1]), value[-1:]]).T
    return np.asarray(value)
