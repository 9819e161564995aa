"""Ends of intervals along a scan, as lines and shades that close where intervals split or begin."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple, final

import numpy as np

from munu.base.typing import FloatArray
from munu.results.scan import ScanResult

BREAK: Final = np.full((1, 2), np.nan)
"""Where a line stops and begins anew."""


@final
class DrawnColumn(NamedTuple):
    """Intervals at one value, the main one first."""

    value: float
    ends: FloatArray


def columns(one: ScanResult, standard: float, scale: float) -> list[DrawnColumn]:
    """Return the intervals at each value, and between two that differ in number how they meet.

    Parameters
    ----------
    one : ScanResult
    standard : float
        The value whose interval, or else the nearest one, is the main one.
    scale : float
        What the ends are divided by.
    """
    pairs = zip(one.values.tolist(), one.intervals, strict=True)
    found = [DrawnColumn(value, main_first(ends, standard) / scale) for value, ends in pairs]
    between = [_between(*pair) for pair in pairwise(found)]
    drawn = found[:1]
    for extra, column in zip(between, found[1:], strict=True):
        drawn += [*extra, column]
    return drawn


def main_first(ends: FloatArray, standard: float) -> FloatArray:
    """Return intervals with that which holds a value, or else the one nearest to it, first."""
    if not len(ends):
        return ends
    outside = np.maximum(np.maximum(ends[:, 0] - standard, standard - ends[:, 1]), 0.0)
    main = int(np.argmin(outside))
    return np.concatenate([ends[main : main + 1], np.delete(ends, main, axis=0)])


def _between(first: DrawnColumn, second: DrawnColumn) -> list[DrawnColumn]:
    """Return how one interval becomes two, or two one, halfway between their values."""
    if {len(first.ends), len(second.ends)} != {1, 2}:
        return []
    value = float(_middle(first.value, second.value))
    fewer, more = sorted((first.ends, second.ends), key=len)
    (whole,), (main, island) = fewer, more
    if not np.isfinite([whole, main, island]).all():
        return []
    if island[0] >= whole[1] or island[1] <= whole[0]:
        begun = np.repeat(_middle(*island), 2)
        return [DrawnColumn(value, np.array([_middle(whole, main), begun]))]
    is_above = island[0] >= main[1]
    meets = _middle(main[1], island[0]) if is_above else _middle(main[0], island[1])
    outer = _middle(whole, [main[0], island[1]] if is_above else [island[0], main[1]])
    near, far = np.array([outer[0], meets]), np.array([meets, outer[1]])
    split = np.array([near, far] if is_above else [far, near])
    met = [DrawnColumn(value, outer[None]), DrawnColumn(value, BREAK), DrawnColumn(value, split)]
    return met if len(first.ends) == 1 else met[::-1]


def _middle(first: FloatArray | float, second: FloatArray | list[float] | float) -> FloatArray:
    """Return the geometric mean of what is not negative, and the mean of the rest."""
    low, high = np.asarray(first, float), np.asarray(second, float)
    has_no_sign = (low >= 0) & (high >= 0)
    product = np.where(has_no_sign, low * high, 1.0)
    return np.where(has_no_sign, np.sqrt(product), (low + high) / 2)
