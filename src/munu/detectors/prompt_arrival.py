"""Arrival times from a published distribution of the prompt neutrinos."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

import numpy as np

from munu.base.frozen import freeze
from munu.base.typing import FloatArray
from munu.detectors.arrival import (
    MUON_LIFETIME_US,
    PION_BEAMS,
    ArrivalShape,
    TabulatedPulse,
    no_arrival,
)


@final
@dataclass(frozen=True, eq=False)
class TabulatedPrompt(ArrivalShape):
    r"""A table of when prompt neutrinos arrive, which the muons' decays follow.

    The pion's decay is in the table already: :math:`F_{prompt}` is its running sum, linear inside
    an interval, and :math:`F_{delayed}` its convolution with the exponential of the muon's
    lifetime. `munu.detectors.arrival.TabulatedPulse` is a table of the protons instead.

    Parameters
    ----------
    edges_us : array, shape (n + 1,)
    intensity : array, shape (n,)
        Prompt neutrinos in each interval, in any unit.

    Raises
    ------
    MunuError
        If the edges do not increase or the intensities are not a distribution.
    """

    edges_us: FloatArray
    intensity: FloatArray
    _table: TabulatedPulse = field(init=False, repr=False)

    def __post_init__(self) -> None:
        table = TabulatedPulse(self.edges_us, self.intensity)
        object.__setattr__(self, "edges_us", table.edges_us)
        object.__setattr__(self, "intensity", table.intensity)
        object.__setattr__(self, "_table", table)
        freeze(self)

    def cumulative(self, beam: str, time_us: FloatArray) -> FloatArray:
        """Return F of ``prompt`` or ``delayed`` neutrinos."""
        if beam == "prompt":
            total = np.concatenate([[0.0], np.cumsum(self.intensity)])
            return np.asarray(np.interp(time_us, self.edges_us, total))
        if beam == "delayed":
            return self._table.after_decay(MUON_LIFETIME_US, time_us)
        raise no_arrival(beam, PION_BEAMS)

    def describe(self) -> str:
        """Give mean and range."""
        centres = 0.5 * (self.edges_us[1:] + self.edges_us[:-1])
        return (
            f"tabulated prompt neutrinos from {self.edges_us[0]:g} to {self.edges_us[-1]:g} us,"
            f" mean {centres @ self.intensity:.3g} us"
        )
