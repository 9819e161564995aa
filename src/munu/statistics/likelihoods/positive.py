r"""Events that stay positive where a shape nuisance would make them negative.

A shape is interpolated bin by bin between variants (`munu.statistics.likelihoods.interpolation`),
and its straight lines cross zero: a background of 10 events with 5 at -1σ has none left at -2σ.
The events r of a component in a bin are replaced by

.. math:: c(r) = \begin{cases} r & r\ge\delta\\ \delta\,(2s^2-s^3),\quad s=r/\delta & 0<r<\delta\\
          0 & r\le 0\end{cases}

whose value and slope are continuous. δ is `SMALL` times the nominal events: these, and no events at
all, stay what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray, IntArray

SMALL = 1e-3
"""Part of the nominal events below which the line to zero is bent."""


@final
@dataclass(frozen=True)
class Kept:
    """c(r) - r, c'(r) and c''(r), arrays of the shape of r, (m, n_bins).

    Elsewhere than in ``bins`` c(r) is r.
    """

    surplus: FloatArray
    slope: FloatArray
    bend: FloatArray
    bins: IntArray


def margin(blocks: Sequence[FloatArray]) -> FloatArray:
    """Return δ per bin, of the nominal events or, where they are zero, of the larger variant.

    Nominal events that are negative, as of a difference, are left alone: -∞.

    Parameters
    ----------
    blocks : sequence of arrays of one shape
        The nominal events, then those of each shape's variants.
    """
    nominal, *variants = (np.asarray(block, float) for block in blocks)
    largest = np.max(variants, axis=0, initial=0.0)
    least = SMALL * np.where(nominal > 0, nominal, largest)
    return np.asarray(np.where(nominal < 0, -np.inf, least))


def kept(events: FloatArray, margin: FloatArray) -> Kept | None:
    """Return what keeps events r, shape (m, n_bins), from being negative; None if nothing is near.

    Parameters
    ----------
    events : array, shape (m, n_bins)
    margin : array, shape (n_bins,)
        δ.
    """
    free = events >= margin
    if np.all(free):
        return None
    width = np.where(margin > 0, margin, 1.0)
    s = np.clip(events / width, 0.0, 1.0)
    value = np.where(free, events, width * s**2 * (2 - s))
    slope = np.where(free, 1.0, s * (4 - 3 * s))
    bend = np.where(free | (events <= 0), 0.0, (4 - 6 * s) / width)
    return Kept(value - events, slope, bend, np.flatnonzero(~free.all(axis=0)))


def kept_events(events: FloatArray, margin: FloatArray) -> FloatArray:
    """Return c(r)."""
    found = kept(events, margin)
    return events if found is None else np.asarray(events + found.surplus)
