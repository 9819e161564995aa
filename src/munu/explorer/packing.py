"""Numbers as the page carries them: few bytes each, and few of them where bins repeat."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Final

import numpy as np

from munu.base.typing import FloatArray
from munu.explorer.forms import factored

KEPT_BYTES: Final = 6
"""Of the eight of a double: 37 bits of its mantissa, 7e-12 of the number."""
LONGEST: Final = 500
"""Rows of a factor that are tried as one side of a table: its decomposition takes their cube."""


def packed(numbers: FloatArray) -> str:
    """Return numbers in base64, rows first: the upper bytes of little-endian doubles, rounded."""
    words = np.ascontiguousarray(numbers, dtype="<f8").view("<u8").ravel()
    dropped = 8 * (8 - KEPT_BYTES)
    rounded = (words + np.uint64(1 << (dropped - 1))).astype("<u8")
    return b64encode(rounded.view(np.uint8).reshape(-1, 8)[:, 8 - KEPT_BYTES :].tobytes()).decode()


def plain_factor(factor: FloatArray) -> dict[str, Any]:
    """Return the common factor of an experiment's forms, itself as a product where that is shorter.

    Entries of the signal are those of some axes, variants among them: bins in energy of one time,
    say, are a few spectra for all times. So a table of all that stands in one row of the first p,
    against these, has few independent columns. The split that leaves fewest numbers is taken.

    Parameters
    ----------
    factor : array, shape (n, r)
    """
    best = (np.ones((1, 1)), factor.reshape(1, -1))
    for rows in range(2, min(len(factor), LONGEST)):
        if len(factor) % rows == 0:
            found = factored(factor.reshape(rows, -1))
            best = min(best, found, key=lambda one: one[0].size + one[1].size)
    outer, inner = best
    return {"outer": packed(outer), "inner": packed(inner), "inOuter": int(outer.shape[1])}
