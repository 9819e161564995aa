"""Array types used in signatures."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]
ComplexArray: TypeAlias = NDArray[np.complex128]
IntArray: TypeAlias = NDArray[np.intp]
BoolArray: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = IntArray | slice
"""Which rows of arrays: a slice gives views."""

__all__ = ["ArrayLike", "BoolArray", "ComplexArray", "FloatArray", "IntArray", "Rows"]
