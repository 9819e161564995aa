"""Bands of limits and Δχ² curves in toy experiments without moments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from munu.base.alike import ByContent
from munu.base.typing import FloatArray
from munu.results.core.codec import later

QUANTILES: Final = (0.025, 0.16, 0.5, 0.84, 0.975)
"""Of a band: the middle one is the median, 68 % lie between its neighbours, 95 % in all."""

ENOUGH: Final = 10
"""Toys beyond each end of the 95 % band, with which a remark on their number is left out."""


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class ToyBands(ByContent):
    """Quantiles of toy experiments of the Standard Model, nuisances as the file expects them.

    Parameters
    ----------
    toys, failed, seed : int
        Toys drawn, those whose fit failed and that are left out, and the seed.
    workers : int or None
        Processes of this machine that drew them, None for those of a scheduler. No number depends
        on it, and results that differ in it alone are equal.
    values : array, shape (5,) or (5, n)
        The `QUANTILES` of the limit (μ_B), infinite where so many toys set none, or of Δχ² at each
        modulus.
    """

    toys: int
    failed: int
    seed: int
    workers: int | None = later(1)
    values: FloatArray

    def remarks(self) -> tuple[str, ...]:
        """Return that there are few toys for a band of 95 %, if there are."""
        beyond = QUANTILES[0] * (self.toys - self.failed)
        if beyond >= ENOUGH:
            return ()
        return (
            f"Few toys: {beyond:.2g} of them lie beyond each end of the 95 % band, which is rough;"
            f" of {ENOUGH / QUANTILES[0]:.0f} there are {ENOUGH}.",
        )
