"""A data set and its fitted prediction, component by component: signal bins, control regions."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.alike import ByContent
from munu.base.typing import FloatArray
from munu.results.core.bins import BinAxis
from munu.results.core.codec import later

SIGNAL, BACKGROUND = "signal", "background"


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class FitComponent(ByContent):
    """Events of one component of a prediction.

    Parameters
    ----------
    kind : str
        ``signal`` or ``background``.
    name : str
        Species of a signal (``nu`` for the mass states of a beam together), name of a background.
    beam, channel : str
        Of a signal; empty for a background.
    expected_events : float
        Before the fit.
    fitted_events : float
        With the nuisances of the fit.
    fitted_per_bin : array, shape (n_bins,)
    """

    kind: str
    name: str
    beam: str
    channel: str
    expected_events: float
    fitted_events: float
    fitted_per_bin: FloatArray

    @property
    def label(self) -> str:
        """Name, beam and channel in one line."""
        return " ".join(part for part in (self.name, self.beam, self.channel) if part)


@dataclass(frozen=True, kw_only=True, eq=False)
class BinnedData(ByContent, ABC):
    """Counts in bins and their prediction.

    Parameters
    ----------
    axes : tuple of BinAxis
        What the bins are in; the last axis varies fastest.
    observed_per_bin, variance_per_bin : array, shape (n_bins,)
        Counts and their variance (the prediction for Poisson counts).
    components : tuple of FitComponent
    """

    axes: tuple[BinAxis, ...]
    observed_per_bin: FloatArray
    variance_per_bin: FloatArray
    components: tuple[FitComponent, ...]

    def expected(self, kind: str) -> float:
        """Return the expected events of all signals or all backgrounds."""
        return sum((c.expected_events for c in self.components if c.kind == kind), 0.0)

    def fitted(self, kind: str) -> float:
        """Return the fitted events of all signals or all backgrounds."""
        return sum((c.fitted_events for c in self.components if c.kind == kind), 0.0)

    def fitted_per_bin(self) -> FloatArray:
        """Return the whole prediction, shape (n_bins,)."""
        return np.asarray(np.sum([c.fitted_per_bin for c in self.components], axis=0))


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class ControlData(BinnedData):
    """A control region: bins without signal.

    Parameters
    ----------
    name : str
        That of the experiment's file.
    axes, observed_per_bin, variance_per_bin, components
        As in `FitData`.
    """

    name: str


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class FitData(BinnedData):
    """One data set and its prediction.

    Parameters
    ----------
    experiment : str
        ``id@setup``.
    axes : tuple of BinAxis
        What the bins are in; the last axis varies fastest.
    observed_per_bin, variance_per_bin : array, shape (n_bins,)
        Counts and their variance (the prediction for Poisson counts).
    components : tuple of FitComponent
    signal_events, signal_low, signal_high : float
        Fitted signal and its interval at Δχ² = 1, the normalisation free.
    control_regions : tuple of ControlData
    unit_of_rates : str
        Mass and time that the events are in where the data are rates; empty for counts.
    """

    experiment: str
    signal_events: float
    signal_low: float
    signal_high: float
    control_regions: tuple[ControlData, ...] = ()
    unit_of_rates: str = later("")
