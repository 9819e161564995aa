"""Distinct numbers in order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def distinct(*numbers: ArrayLike) -> NDArray[Any]:
    """Return the distinct numbers of all arrays together, in ascending order, shape (n,).

    They are those of `numpy.unique`, which imports NumPy's masked arrays: a twentieth of the time
    that a cold ``munu limit`` takes.

    Examples
    --------
    >>> print(distinct([3.0, 1.0], [1.0, 2.0]))
    [1. 2. 3.]
    """
    ordered = np.sort(np.concatenate([np.ravel(one) for one in numbers]))
    return np.asarray(ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]])
