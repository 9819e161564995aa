"""Bands of limits and Δχ² curves in toy experiments without moments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from munu.base.typing import FloatArray

QUANTILES: Final = (0.025, 0.16, 0.5, 0.84, 0.975)
"""Of a band: the middle one is the median, 68 % lie between its neighbours, 95 % in all."""


@final
@dataclass(frozen=True, kw_only=True)
class ToyBands:
    """Quantiles of toy experiments of the Standard Model, nuisances as the file expects them.

    Parameters
    ----------
    toys, failed, seed : int
        Toys drawn, those whose fit failed and that are left out, and the seed.
    values : array, shape (5,) or (5, n)
        The `QUANTILES` of the limit (μ_B), infinite where so many toys set none, or of Δχ² at each
        modulus.
    """

    toys: int
    failed: int
    seed: int
    values: FloatArray
