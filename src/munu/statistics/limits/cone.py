r"""Real moments that are not negative: those whose phases are given.

.. math:: \min_{\Lambda\ge0,\,\Lambda_i=1}\Lambda^TW\Lambda

is reached on a face of their cone, where some of the moments are zero and the others,
:math:`-W_{ff}^{-1}W_{fi}`, are as they would be without bounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from munu.base.typing import ComplexArray, FloatArray, IntArray
from munu.statistics.limits.intervals import BLIND_TOLERANCE


def interfere(w: ComplexArray) -> bool:
    """Whether two moments do, so that their phases make a difference, for W (n_signal, n, n)."""
    return bool(np.any(w * (1 - np.eye(w.shape[-1]))))


def _faces(n: int, index: int) -> Iterator[IntArray]:
    """Yield sets of the others of n moments, that of none first."""
    others = np.array([i for i in range(n) if i != index], int)
    for taken in product((False, True), repeat=n - 1):
        yield others[np.array(taken, bool)]


def least_on_cone(matrix: FloatArray, index: int) -> tuple[float, FloatArray]:
    """Return the least events where one moment is one and none is negative, and the moments there.

    Parameters
    ----------
    matrix : array, shape (n, n)
        W, positive.
    index : int
        Of the moment that is one.
    """
    least, at = np.inf, np.zeros(len(matrix))
    for face in _faces(len(matrix), index):
        block, mixed = matrix[np.ix_(face, face)], matrix[face, index]
        found = -np.linalg.pinv(block, rcond=BLIND_TOLERANCE, hermitian=True) @ mixed
        value = float(matrix[index, index] + mixed @ found)
        if np.all(found >= 0) and value < least:
            least, at = value, np.zeros(len(matrix))
            at[face], at[index] = found, 1.0
    return least, at


def blind_on_cone(matrix: FloatArray, index: int) -> FloatArray | None:
    """Return a unit null vector of W with a component along index and none negative, or None."""
    largest, tolerance = np.linalg.eigvalsh(matrix)[-1], np.sqrt(BLIND_TOLERANCE)
    for face in _faces(len(matrix), index):
        own = np.append(index, face)
        values, vectors = np.linalg.eigh(matrix[np.ix_(own, own)])
        null = vectors[:, 0] * np.sign(vectors[0, 0])
        unseen = values[0] <= BLIND_TOLERANCE * max(largest, 0.0) and null[0] >= tolerance
        if unseen and np.all(null >= -tolerance):
            found = np.zeros(len(matrix))
            found[own] = np.maximum(null, 0.0)
            return np.asarray(found / np.linalg.norm(found))
    return None
