"""Recoils by blocks: many of them at many measured values would fill the memory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from munu.base.typing import FloatArray

MOST_ACCEPTED = 10_000_000
"""Recoils times bins whose probabilities are held at once."""
VALUES_AT_ONCE = 1_000_000
"""Recoils times measured values in a block, if all recoils reached all values."""


def counted_by(
    accept: Callable[[FloatArray], FloatArray], rates: FloatArray, x: FloatArray, n_bins: int
) -> FloatArray:
    """Return the sum over recoils of rates (..., n) times accept(x), (n, n_bins): (..., n_bins).

    It is done by blocks of recoils.
    """
    size = max(MOST_ACCEPTED // n_bins, 1)
    blocks = (slice(start, start + size) for start in range(0, x.size, size))
    return np.asarray(sum(rates[..., one] @ accept(x[one]) for one in blocks))


def in_reach(mean: FloatArray, reach: FloatArray, x: FloatArray) -> list[tuple[slice, slice]]:
    """Return blocks of the means, and the part of x, increasing, that each of them reaches.

    A resolution that is narrow beside the range of energies takes a small part of all pairs.
    """
    size = max(VALUES_AT_ONCE // max(x.size, 1), 1)
    blocks = [slice(start, start + size) for start in range(0, mean.size, size)]
    ends = [((mean - reach)[one].min(), (mean + reach)[one].max()) for one in blocks]
    near = [slice(*np.searchsorted(x, pair).tolist()) for pair in ends]
    return list(zip(blocks, near, strict=True))
