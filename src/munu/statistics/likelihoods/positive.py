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

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray, IntArray

SMALL = 1e-3
"""Part of the nominal events below which the line to zero is bent."""


@final
@dataclass(frozen=True, eq=False)
class Kept:
    """c(r) - r, c'(r) and c''(r) of the n entries of an array (m, n_bins) where c is not r.

    Of many points each has a few such bins, not the same ones.

    Parameters
    ----------
    rows, bins : array of int, shape (n,)
        Which entries.
    surplus, slope, bend : array, shape (n,)
    """

    rows: IntArray
    bins: IntArray
    surplus: FloatArray
    slope: FloatArray
    bend: FloatArray

    def repeated(self, n: int) -> Kept:
        """Return what n points have that are all this one."""
        rows, bins = np.repeat(np.arange(n), self.bins.size), np.tile(self.bins, n)
        return Kept(rows, bins, *(np.tile(one, n) for one in (self.surplus, self.slope, self.bend)))

    def corrected(self, events: FloatArray) -> FloatArray:
        """Return c(r) for r in all bins, (m, n_bins)."""
        found = events.copy()
        found[self.rows, self.bins] += self.surplus
        return found

    def along(self, slope: FloatArray) -> FloatArray:
        """Return derivatives in r, (m, n_bins), from those in c(r)."""
        found = slope.copy()
        found[self.rows, self.bins] *= self.slope
        return found

    @contextmanager
    def within(self, slope: FloatArray) -> Iterator[None]:
        """Make an array of derivatives, (m, n_bins), what `along` returns of it, for a while."""
        before = slope[self.rows, self.bins]
        slope[self.rows, self.bins] = before * self.slope
        try:
            yield
        finally:
            slope[self.rows, self.bins] = before

    def bent(self, slope: FloatArray) -> FloatArray:
        """Return c''(r) times derivatives in c(r), (m, n_bins), of the entries."""
        return np.asarray(slope[self.rows, self.bins] * self.bend)


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


def kept(events: FloatArray, margin: FloatArray, bins: IntArray | None = None) -> Kept | None:
    """Return what keeps events r, shape (m, n), from being negative; None if nothing is near.

    Parameters
    ----------
    events : array, shape (m, n)
    margin : array, shape (n,)
        δ.
    bins : array of int, shape (n,), optional
        Where the events are; in all bins without.
    """
    entries = np.flatnonzero(events < margin)
    if entries.size == 0:
        return None
    rows, near = np.divmod(entries, events.shape[1])
    r, delta = events[rows, near], margin[near]
    width = np.where(delta > 0, delta, 1.0)
    s = np.clip(r / width, 0.0, 1.0)
    bend = np.where(r <= 0, 0.0, (4 - 6 * s) / width)
    surplus = width * s**2 * (2 - s) - r
    return Kept(rows, near if bins is None else bins[near], surplus, s * (4 - 3 * s), bend)


def counted(events: FloatArray, margin: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return c(r) and c'(r) of events r, shape (m, n), for δ of shape (n,)."""
    found, slope, near = events.copy(), np.ones_like(events), kept(events, margin)
    if near is not None:
        found[near.rows, near.bins] += near.surplus
        slope[near.rows, near.bins] = near.slope
    return found, slope


def kept_events(events: FloatArray, margin: FloatArray) -> FloatArray:
    """Return c(r) of events per bin, shape (n_bins,)."""
    return np.asarray(counted(events[None], margin)[0][0])
