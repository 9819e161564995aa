"""Expected events of an experiment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, product
from typing import Any, Final, final

import numpy as np

from munu.base.alike import ByContent
from munu.base.calls import checked_call
from munu.base.frozen import FrozenMapping
from munu.base.typing import FloatArray
from munu.base.units import Range, checked_number
from munu.physics.parameters import MOMENT_UNIT
from munu.results.core.base import Result
from munu.results.core.bins import BinAxis, boost_histogram_of
from munu.results.core.cells import experiments_of
from munu.results.core.codec import later
from munu.results.core.couplings import couplings_text, mixing_note
from munu.results.core.species import species_groups
from munu.results.core.stated import stated_csv
from munu.results.core.table import Table, significant
from munu.results.spectrum import SpectrumResult

SIGNED_MU_B: Final = Range(-MOMENT_UNIT.largest, MOMENT_UNIT.largest)


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
    events : float or None
        With couplings besides the Standard Model's, if there are any.
    """

    sm_events: float
    dipole_events_per_mu_b2: float
    events: float | None = later(None)


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class ComponentRate(ByContent):
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
    events : float or None
        With the couplings of `RateResult.with_values`, if there are any.
    events_per_bin : array, shape (n_bins,), or None
    """

    species: str
    beam: str
    sm_events: float
    dipole_events_per_mu_b2: float
    sm_events_per_bin: FloatArray
    dipole_events_per_mu_b2_per_bin: FloatArray
    channels: dict[str, ChannelRate]
    events: float | None = later(None)
    events_per_bin: FloatArray | None = later(None)


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
    with_values : dict of str to float
        Couplings that the ``events`` have besides those of the Standard Model.
    settings : dict of str to str
        The masses and charges that these depend on; of transition moments the mixing and phases, of
        mass states the mixing and δ_CP.
    events : float or None
        Events of the whole beam with them.
    """

    experiment: str
    setup: str
    channels: str
    sm_events: float
    components: tuple[ComponentRate, ...]
    axes: tuple[BinAxis, ...]
    spectrum: SpectrumResult | None = None
    remarks: tuple[str, ...] = later(())
    with_values: dict[str, float] = later(FrozenMapping({}))
    settings: dict[str, str] = later(FrozenMapping({}))
    events: float | None = later(None)

    @property
    def kind(self) -> str:
        """Kind of the histogram."""
        return "COUNT"

    @checked_call
    def values(self, effective_moment_mu_b: float = 0.0) -> FloatArray:
        """Return the events per bin, one array axis per observable, with couplings if there are.

        Parameters
        ----------
        effective_moment_mu_b : float
            Effective moment of every species (μ_B), added to them.

        Raises
        ------
        MunuError
            If the moment is not a number, or one above 10⁻⁶ μ_B.
        """
        moment_mu_b = checked_number(
            "effective_moment_mu_b", effective_moment_mu_b, SIGNED_MU_B, unit="mu_B"
        )
        per_bin = sum(
            (c.sm_events_per_bin if c.events_per_bin is None else c.events_per_bin)
            + moment_mu_b**2 * np.asarray(c.dipole_events_per_mu_b2_per_bin)
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
        events = f"{significant(self.sm_events, 5)} Standard Model events"
        if self.events is not None:
            others = couplings_text(self.with_values, self.settings)
            events += f", {significant(self.events, 5)} with {others}"
        return (f"{events}{recoils}, {experiments_of(self)}",)

    def tables(self) -> tuple[Table, ...]:
        """Return the events of each component by channel, and the spectrum if there is one.

        The mass states of a beam are one row.
        """
        rows = list(self._rows())
        more = () if self.events is None else (significant(self.events, 5),)
        total = ("total", "full", self.channels, significant(self.sm_events, 5), "", *more)
        titles = ("<species", "<beam", "<recoils", "Standard Model", "dipole, 10⁻¹⁰ μ_B")
        rates = Table(
            title=f"Expected events of {experiments_of(self)}",
            columns=(*titles, *(("with couplings",) if more else ())),
            rows=(*rows, total),
            sections=(len(rows),),
            notes=(
                f"Window: {'; '.join(axis.text() for axis in self.axes)}.",
                "Dipole: each species with an effective moment of 10⁻¹⁰ μ_B.",
                *self._couplings(),
                *self.remarks,
                *self.origin.notes,
            ),
        )
        return (rates,) if self.spectrum is None else (rates, *self.spectrum.tables())

    def _couplings(self) -> tuple[str, ...]:
        if not self.with_values:
            return mixing_note(self.settings)
        texts = couplings_text(self.with_values, self.settings)
        return (f"With couplings: the Standard Model and {texts}.",)

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for group in species_groups((c.species, c.beam) for c in self.components):
            members = [self.components[i].channels for i in group.indices]
            for channel in members[0]:
                parts = [one[channel] for one in members]
                sm = sum(part.sm_events for part in parts)
                dipole = sum(part.dipole_events_per_mu_b2 for part in parts)
                events = [significant(sm, 5), significant(dipole * 1e-20, 5)]
                if self.events is not None:
                    events.append(significant(sum(part.events or 0.0 for part in parts), 5))
                yield (group.species, group.beam, channel, *events)

    def to_csv(self) -> str:
        """Return one row per component and bin."""
        columns = chain.from_iterable(axis.columns() for axis in self.axes)
        intervals = [list(axis) for axis in self.axes]
        rows = []
        for c in self.components:
            counts = [c.sm_events_per_bin, c.dipole_events_per_mu_b2_per_bin]
            counts += [] if c.events_per_bin is None else [c.events_per_bin]
            for bin_, *events in zip(product(*intervals), *counts, strict=True):
                rows.append((c.species, c.beam, *chain(*bin_), *events))
        names = ("sm_events", "dipole_events_per_mu_b2", *(("events",) if self.with_values else ()))
        return stated_csv(self, ("species", "beam", *columns, *names), rows)
