"""The ``[axes]`` section: observables beside the energy, in the order of the flattened bins."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal, TypeAlias, final

import numpy as np
from pydantic import Field

from munu import detectors
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.base.units import BARE_NUMBERS, Range
from munu.detectors.efficiency import Efficiency, Falling, Flat
from munu.experiments.locate import placed
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.column_units import check_unit
from munu.experiments.schema.fields import (
    Number,
    PositiveFraction,
    Section,
    TimeOfArrival,
    quantity,
)
from munu.experiments.tables import Folder

ROUNDING_US: Final = 1e-9
"""By how much tables that were computed may print the end of an interval and the next beginning
apart."""

NOT_NEGATIVE: Final = Range(0, BARE_NUMBERS.high)
"""Shares and intensities in tables."""

Edges: TypeAlias = Annotated[list[Number], Field(min_length=2)]
RatePerTime: TypeAlias = Annotated[float, quantity("number", Range(0, 1e6))]


class _PulseSection(Section):
    """What can arrive later than it says: ``delay`` moves it, as a variant does."""

    delay: TimeOfArrival = 0.0

    def build(self, folder: Folder) -> detectors.arrival.ArrivalShape:
        """Return the arrival times, later by the delay if there is one."""
        shape = self._on_time(folder)
        if not self.delay:
            return shape
        return detectors.shifted_arrival.ShiftedArrival(shape, self.delay)

    @abstractmethod
    def _on_time(self, folder: Folder) -> detectors.arrival.ArrivalShape:
        """Return the shape without its delay."""


@final
class GaussianPulseSection(_PulseSection):
    """A Gaussian beam pulse followed by the decays of pions and muons."""

    model: Literal["gaussian-pulse"]
    mean: TimeOfArrival
    sigma: TimeOfArrival

    def _on_time(self, folder: Folder) -> detectors.arrival.ArrivalShape:
        return detectors.arrival.GaussianPulse(self.mean, self.sigma)


@final
class TabulatedPulseSection(_PulseSection):
    """A table of the protons: columns ``time_low_us``, ``time_high_us`` and ``intensity``."""

    model: Literal["tabulated-pulse"]
    file: str

    def _on_time(self, folder: Folder) -> detectors.arrival.ArrivalShape:
        return detectors.arrival.TabulatedPulse(
            _time_edges(self.file, folder), folder.column(self.file, "intensity", NOT_NEGATIVE)
        )


@final
class TabulatedPromptSection(_PulseSection):
    """A table of the prompt neutrinos, columns as in ``tabulated-pulse``, which muons follow."""

    model: Literal["tabulated-prompt"]
    file: str

    def _on_time(self, folder: Folder) -> detectors.arrival.ArrivalShape:
        return detectors.prompt_arrival.TabulatedPrompt(
            _time_edges(self.file, folder), folder.column(self.file, "intensity")
        )


@final
class TabulatedArrivalSection(Section):
    """A table with columns ``time_low_us``, ``time_high_us`` and one per beam.

    It has no ``delay``: shares of wide intervals do not say what crosses their borders.
    """

    model: Literal["tabulated-arrival"]
    file: str
    beams: Annotated[list[str], Field(min_length=1)]

    def build(self, folder: Folder) -> detectors.arrival.ArrivalShape:
        """Return the shares of each beam, read from the columns of the table."""
        shares = {beam: folder.column(self.file, beam, NOT_NEGATIVE) for beam in self.beams}
        return detectors.arrival.TabulatedArrival(_time_edges(self.file, folder), shares)


def _time_edges(file: str, folder: Folder) -> FloatArray:
    """Return the edges (μs) of a table's intervals, each of which begins where the last ends."""
    low, high = folder.column(file, "time_low_us"), folder.column(file, "time_high_us")
    apart = np.flatnonzero(np.abs(low[1:] - high[:-1]) > ROUNDING_US)
    if apart.size:
        end, start = high[apart[0]], low[apart[0] + 1]
        raise MunuError(
            f"the intervals of {file} do not join: one ends at {end:g} us, the next begins at"
            f" {start:g} us",
            "Fill a gap with an interval of its own, of intensity 0 if nothing arrives there",
        )
    return np.append(low, high[-1])


ShapeSection: TypeAlias = Annotated[
    GaussianPulseSection | TabulatedPulseSection | TabulatedPromptSection | TabulatedArrivalSection,
    Choice("model"),
]
"""The arrival shapes; a new one is a class above and its name here."""


@final
class FlatInTimeSection(Section):
    """One number at every time."""

    model: Literal["flat"]
    fraction: PositiveFraction

    def build(self) -> Efficiency:
        """Return the constant; it takes times in μs."""
        return Flat(self.fraction)


@final
class FallingInTimeSection(Section):
    """Exponential fall after a start: `munu.detectors.efficiency.Falling`."""

    model: Literal["falling"]
    start: TimeOfArrival
    rate_per_us: RatePerTime

    def build(self) -> Efficiency:
        """Return 1 up to the start (μs) and exp(-rate (t - start)) after it."""
        return Falling(self.start, self.rate_per_us)


TimeEfficiencySection: TypeAlias = Annotated[
    FlatInTimeSection | FallingInTimeSection, Choice("model")
]
"""The efficiencies in time; a new one is a class above and its name here."""


@final
class ArrivalTimeSection(Section):
    """`munu.detectors.axes.ArrivalTime`; edges in μs."""

    kind: Literal["arrival-time"]
    edges_us: Edges
    shape: ShapeSection
    efficiency: TimeEfficiencySection

    def build(self, name: str, folder: Folder, unit: str) -> detectors.axes.Axis:
        """Return the axis under the name of its table in the file."""
        return detectors.axes.ArrivalTime(
            np.array(self.edges_us), self.shape.build(folder), self.efficiency.build(), name
        )


@final
class PulseShapeSection(Section):
    """`munu.detectors.axes.PulseShape`: columns PREFIX_0, PREFIX_1, ... of a table."""

    kind: Literal["pulse-shape"]
    edges: Edges
    file: str
    energies: str
    prefix: str

    def build(self, name: str, folder: Folder, unit: str) -> detectors.axes.Axis:
        """Return the axis with its table, whose energies increase and are in a unit."""
        columns = [f"{self.prefix}_{i}" for i in range(len(self.edges) - 1)]
        shares = np.stack(
            [folder.column(self.file, column, NOT_NEGATIVE) for column in columns], axis=1
        )
        energies = folder.column(self.file, self.energies)
        table = folder.read(self.file)
        column = table.column(self.energies)
        table.check_increasing(column)
        check_unit(table, column, unit, f"Write its numbers in {unit}")
        return detectors.axes.PulseShape(np.array(self.edges), energies, shares, name)


AxisSection: TypeAlias = Annotated[ArrivalTimeSection | PulseShapeSection, Choice("kind")]
"""The axes; a new one is a class above and its name here."""


def check_arrivals(
    measurements: Mapping[tuple[str, ...], Sequence[detectors.axes.Axis]], beams: Sequence[str]
) -> None:
    """Raise `PlacedError`, by the table of the axes, where one lacks the arrival of a beam."""
    for path, built in measurements.items():
        for axis in built:
            if isinstance(axis, detectors.axes.ArrivalTime):
                with placed(*path, axis.name, "shape"):
                    for beam in beams:
                        axis.shape.cumulative(beam, axis.edges)
