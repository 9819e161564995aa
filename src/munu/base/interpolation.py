"""Between the rows of a table: along straight lines, or lines of the logarithm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np

from munu.base.arguments import check_name
from munu.base.typing import FloatArray

Between: TypeAlias = Literal["linear", "log"]
"""``linear``: y is linear in x; ``log``: the logarithm of y is."""


def check_between(interpolation: str) -> None:
    """Raise `MunuError` for what is not a way to interpolate."""
    check_name("interpolation", interpolation, ("linear", "log"))


def between_rows(
    x: FloatArray, xs: Sequence[float] | FloatArray, ys: Sequence[float] | FloatArray, how: Between
) -> FloatArray:
    r"""Return y at x inside a table, and that of its first or last row outside.

    ``log`` is for what falls or rises exponentially, such as the tail of a spectrum:

    .. math:: \ln y = (1-t)\ln y_i + t\ln y_{i+1},\qquad t = \frac{x-x_i}{x_{i+1}-x_i}

    and linear between two rows of which one is zero, whose logarithm is infinite.

    Parameters
    ----------
    x : array
    xs, ys : array, shape (n,)
        The table, xs increasing.
    how : str
        ``linear`` or ``log``.
    """
    straight = np.interp(x, xs, ys)
    if how == "linear":
        return np.asarray(straight)
    table = np.asarray(ys, float)
    positive = table > 0
    logarithm = np.log(np.where(positive, table, 1.0))
    low = np.clip(np.searchsorted(xs, x, side="right") - 1, 0, table.size - 2)
    both = positive[low] & positive[low + 1]
    return np.asarray(np.where(both, np.exp(np.interp(x, xs, logarithm)), straight))
