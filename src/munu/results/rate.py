"""Expected events of an experiment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, product
from typing import Any, final

import numpy as np

from munu.base.typing import FloatArray
from munu.base.units import checked_number
from munu.results.core.base import Result
from munu.results.core.bins import BinAxis, boost_histogram_of
from munu.results.core.codec import later
from munu.results.core.species import species_groups
from munu.results.core.table import Table, csv_text, significant
from munu.results.spectrum import SpectrumResult


@final
@dataclass(frozen=True, kw_only=True)
class ChannelRate:
    """Events of one kind of recoils.

    Parameters
    ----------
    sm_events : float
        Standard Model events.
    dipole_events_per_mu_b2 : float
        Events of an effective moment of 1 μ_B.
    """

    sm_events: float
    dipole_events_per_mu_b2: float


@final
@dataclass(frozen=True, kw_only=True)
class ComponentRate:
    """Events of one species of one beam, over the analysis window.

    Parameters
    ----------
    species, beam : str
    sm_events : float
        Standard Model events.
    dipole_events_per_mu_b2 : float
        Events of an effective moment of 1 μ_B.
    sm_events_per_bin, dipole_events_per_mu_b2_per_bin : array, shape (n_bins,)
        The last axis of the bins varies fastest.
    channels : dict of str to ChannelRate
        The events of ``nuclear`` and ``electron`` recoils, those that are counted.
    """

    species: str
    beam: str
    sm_events: float
    dipole_events_per_mu_b2: float
    sm_events_per_bin: FloatArray
    dipole_events_per_mu_b2_per_bin: FloatArray
    channels: dict[str, ChannelRate]


@final
@dataclass(frozen=True, kw_only=True)
class RateResult(Result, kind="rate"):
    """Expected events over the analysis window.

    It is a histogram of the Unified Histogram Interface: ``hist.Hist(result)`` and
    ``mplhep.histplot(result)`` take it.

    Parameters
    ----------
    experiment, setup : str
    channels : str
        ``all`` that the experiment counts, or ``nuclear`` or ``electron`` recoils alone.
    sm_events : float
        Standard Model events of the whole beam.
    components : tuple of ComponentRate
    axes : tuple of BinAxis
        What the bins are in, the detector's energy first.
    spectrum : SpectrumResult or None
        If asked for.
    remarks : tuple of str
        How events are counted where they are not events in a window.
    """

    experiment: str
    setup: str
    channels: str
    sm_events: float
    components: tuple[ComponentRate, ...]
    axes: tuple[BinAxis, ...]
    spectrum: SpectrumResult | None = None
    remarks: tuple[str, ...] = later(())

    @property
    def kind(self) -> str:
        """Kind of the histogram."""
        return "COUNT"

    def values(self, effective_moment_mu_b: float = 0.0) -> FloatArray:
        """Return the events per bin, one array axis per observable.

        Parameters
        ----------
        effective_moment_mu_b : float
            Effective moment of every species (μ_B); 0 is the Standard Model.

        Raises
        ------
        MunuError
            If the moment is not a finite number.
        """
        moment_mu_b = checked_number("effective_moment_mu_b", effective_moment_mu_b)
        per_bin = sum(
            c.sm_events_per_bin + moment_mu_b**2 * np.asarray(c.dipole_events_per_mu_b2_per_bin)
            for c in self.components
        )
        return np.reshape(per_bin, [len(axis) for axis in self.axes])

    def counts(self) -> FloatArray:
        """Return the Standard Model events per bin."""
        return self.values()

    def variances(self) -> None:
        """Return None: an expectation has no variance."""

    def _to_boost_histogram_(self) -> Any:
        return boost_histogram_of(self.axes, self.values())

    def summary(self) -> tuple[str, ...]:
        """Return the Standard Model events in one line."""
        recoils = "" if self.channels == "all" else f" by {self.channels} recoils"
        events = significant(self.sm_events, 5)
        return (f"{events} Standard Model events{recoils} in {self.experiment} ({self.setup})",)

    def tables(self) -> tuple[Table, ...]:
        """Return the events of each component by channel, and the spectrum if there is one.

        The mass states of a beam are one row.
        """
        rows = list(self._rows())
        total = ("total", "full", self.channels, significant(self.sm_events, 5), "")
        rates = Table(
            title=f"Expected events of {self.experiment} ({self.setup})",
            columns=("<species", "<beam", "<recoils", "Standard Model", "dipole, 10⁻¹⁰ μ_B"),
            rows=(*rows, total),
            sections=(len(rows),),
            notes=(
                f"Window: {'; '.join(axis.text() for axis in self.axes)}.",
                "Dipole: each species with an effective moment of 10⁻¹⁰ μ_B.",
                *self.remarks,
                *self.origin.notes,
            ),
        )
        return (rates,) if self.spectrum is None else (rates, *self.spectrum.tables())

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for group in species_groups((c.species, c.beam) for c in self.components):
            members = [self.components[i].channels for i in group.indices]
            for channel in members[0]:
                sm = sum(parts[channel].sm_events for parts in members)
                dipole = sum(parts[channel].dipole_events_per_mu_b2 for parts in members)
                events = (significant(sm, 5), significant(dipole * 1e-20, 5))
                yield (group.species, group.beam, channel, *events)

    def to_csv(self) -> str:
        """Return one row per component and bin."""
        columns = chain.from_iterable(axis.columns() for axis in self.axes)
        intervals = [list(axis) for axis in self.axes]
        rows = [
            (c.species, c.beam, *chain(*bin_), sm, dipole)
            for c in self.components
            for bin_, sm, dipole in zip(
                product(*intervals),
                c.sm_events_per_bin,
                c.dipole_events_per_mu_b2_per_bin,
                strict=True,
            )
        ]
        return csv_text(("species", "beam", *columns, "sm_events", "dipole_events_per_mu_b2"), rows)
