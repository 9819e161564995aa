"""Remarks about a curve in a table: where it starts and ends, and how far apart its rows are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import numpy as np

from munu.analysis.checks.remark import Remark
from munu.base.interpolation import Between, between_rows
from munu.base.typing import FloatArray
from munu.results.core.table import significant

Column: TypeAlias = tuple[float, ...] | FloatArray
BOTH: Final[tuple[Between, Between]] = ("linear", "log")
LARGEST_RATIO: Final = 2.0
"""Of neighbouring rows. An exponential that falls by two lies up to 6 % below a straight line."""

LARGEST_FLUX_END: Final = 0.01
"""Of the largest flux: what a table that reaches the end of a spectrum may end with."""


def cut(
    key: str, what: str, end: float, unit: str, y: FloatArray, largest: float
) -> Iterator[Remark]:
    """Remark on a table that ends while its curve is still a sizeable part of its largest value."""
    share = 100 * float(y[-1] / y.max()) if y.any() else 0.0
    if share > 100 * largest:
        yield Remark(
            key,
            f"the {what} ends at {end:g} {unit} with {significant(share, 2)} % of its largest"
            " value, and is zero above; is its table complete?",
        )


def start(key: str, what: str, x: Column, y: Column, least: float) -> Iterator[Remark]:
    """Remark on a table that starts above energies whose recoils would be counted."""
    first, values = float(x[0]), np.array(y)
    share = 100 * float(values[0] / values.max()) if values.any() else 0.0
    if least < first and share > 100 * LARGEST_FLUX_END:
        yield Remark(
            key,
            f"the {what} starts at {first:g} MeV with {significant(share, 2)} % of its largest"
            f" value, and is zero below; neutrinos from {significant(least, 2)} MeV on make"
            " recoils that are counted: is its table complete?",
        )


def coarse(
    key: str, unit: str, x: Column, y: Column, how: Between, least: float = 0.0
) -> Iterator[Remark]:
    """Remark on neighbouring rows, both above zero, that differ by more than a factor of two.

    How much straight lines lie above an exponential is told as a share of the area below them;
    below the least share nothing is. A first row at zero energy is no measurement.
    """
    xs, ys = np.array(x), np.array(y)
    low, high = np.minimum(ys[1:], ys[:-1]), np.maximum(ys[1:], ys[:-1])
    steep = np.flatnonzero((low > 0) & (high > LARGEST_RATIO * low) & (xs[:-1] > 0))
    if how == "log" or not steep.size:
        return
    fine = np.linspace(xs[:-1], xs[1:], 33).T.ravel()
    straight, bent = (np.trapezoid(between_rows(fine, xs, ys, one), fine) for one in BOTH)
    share, first, n = 100 * float(1 - bent / straight), steep[0], steep.size
    if share >= 100 * least:
        yield Remark(
            key,
            f"{n} pair{'s' * (n > 1)} of neighbouring rows of the table differ{'s' * (n == 1)} by"
            f" more than a factor of two, the first from {xs[first]:g} to {xs[first + 1]:g} {unit};"
            f" straight lines lie above an exponential, here by {significant(share, 2)} % of"
            ' the area: give more rows or interpolation = "log"',
        )
