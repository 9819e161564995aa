"""Rows of what nuisances do, as few rows that say the same."""

from __future__ import annotations

import numpy as np

from munu.base.typing import FloatArray

FEW = 8
"""Nuisances that are left as they are, with their names, beyond as many as there are signals."""
NEGLIGIBLE = 1e-14
"""Part of the largest that is rounding."""


def triangle(rows: FloatArray) -> FloatArray | None:
    """Return R, shape (n, p) with n <= p, for A of shape (k, p); None where k is not much more."""
    if len(rows) <= rows.shape[1] + FEW:
        return None
    found = np.linalg.qr(rows, mode="r")
    size = np.abs(found).max(axis=1)
    return np.asarray(found[size > NEGLIGIBLE * size.max(initial=0.0)])


def name_of(index: int) -> str:
    """Return the name of a fused nuisance, by the number of its row."""
    return f"normalisations together, {index + 1}"
