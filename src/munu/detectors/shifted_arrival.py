"""Arrival times that are later by a delay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from munu.base.typing import FloatArray
from munu.detectors.arrival import ArrivalShape


@final
@dataclass(frozen=True)
class ShiftedArrival(ArrivalShape):
    r"""Every beam later by one delay: :math:`F(t - \Delta)`.

    Parameters
    ----------
    shape : ArrivalShape
    delay_us : float
        Δ (μs); negative for earlier.
    """

    shape: ArrivalShape
    delay_us: float

    def cumulative(self, beam: str, time_us: FloatArray) -> FloatArray:
        """Return F of the shape, a delay earlier."""
        return self.shape.cumulative(beam, time_us - self.delay_us)

    def describe(self) -> str:
        """Describe the shape, and give the delay."""
        return f"{self.shape.describe()}, {self.delay_us:+g} us"
