"""Observables beside the energy: how the events of an energy bin spread over them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import final

import numpy as np

from munu.base.distinct import distinct
from munu.base.errors import MunuError
from munu.base.frozen import freeze
from munu.base.typing import FloatArray
from munu.detectors.arrival import ArrivalShape
from munu.detectors.efficiency import Efficiency, Flat

CELL_US = 0.005
"""Cells in which a time-dependent efficiency is taken at the middle; before its first kink and
behind its last one it is constant, and a bin is one cell."""
LARGEST_SUM = 2.0
"""Of a row of shares. One that varies the acceptance too may exceed one; per cent exceed this."""


class Axis(ABC):
    """One more observable per bin; the energy is always the first.

    Subclasses are frozen data classes with a ``name``, a ``unit`` and ``edges``.
    """

    name: str
    unit: str
    edges: FloatArray

    @property
    def n_bins(self) -> int:
        """Number of bins."""
        return int(self.edges.size - 1)

    @abstractmethod
    def fractions(self, beam: str, energy_centres: FloatArray) -> FloatArray:
        """Return the share of the events in each bin, shape (n_energies, n_bins).

        Parameters
        ----------
        beam : str
            Beam of the source, such as ``prompt``.
        energy_centres : array, shape (n_energies,)
            Centres of the energy bins, in the detector's observable unit.
        """

    @abstractmethod
    def check_energies(self, edges: FloatArray) -> None:
        """Raise `MunuError` if the share at a bin's centre is not that of its events.

        Parameters
        ----------
        edges : array, shape (n_energies + 1,)
            Those of the energy bins, in the detector's observable unit.
        """

    @abstractmethod
    def describe(self) -> str:
        """Return a one-line description for ``munu show``."""


def _checked_edges(edges: FloatArray, name: str) -> FloatArray:
    checked = np.asarray(edges, float)
    if checked.ndim != 1 or checked.size < 2 or not np.all(np.diff(checked) > 0):
        raise MunuError(f"the {name} bin edges must increase", "Give two or more increasing edges")
    return checked


@final
@dataclass(frozen=True, eq=False)
class ArrivalTime(Axis):
    r"""Arrival time after the beam trigger.

    The share of bin k is :math:`\int_k \epsilon(t)\,dF_{beam}(t)` with F the cumulative
    distribution of the beam's arrival times.

    Parameters
    ----------
    edges : array, shape (n_bins + 1,)
        Bin edges (μs).
    shape : ArrivalShape
        Arrival times of each beam.
    efficiency : Efficiency
        Efficiency at t (μs).

    Raises
    ------
    MunuError
        If the edges do not increase.
    """

    edges: FloatArray
    shape: ArrivalShape
    efficiency: Efficiency = field(default_factory=lambda: Flat(1.0))
    name: str = "time"
    unit: str = "us"

    def __post_init__(self) -> None:
        object.__setattr__(self, "edges", _checked_edges(self.edges, self.name))
        freeze(self)

    def fractions(self, beam: str, energy_centres: FloatArray) -> FloatArray:
        """Return the same shares at every energy."""
        cells = self._cells_us()
        probability = np.diff(self.shape.cumulative(beam, cells))
        kept = probability * self.efficiency(0.5 * (cells[1:] + cells[:-1]))
        index = np.searchsorted(self.edges, cells[:-1], side="right") - 1
        shares = np.bincount(index, weights=kept, minlength=self.n_bins)
        return np.tile(shares, (energy_centres.size, 1))

    def check_energies(self, edges: FloatArray) -> None:
        """Take all: the shares are the same at every energy."""

    def _cells_us(self) -> FloatArray:
        """Cut the bins at the kinks of the efficiency, and into short cells where it varies."""
        start, end = self.edges[[0, -1]]
        kinks = self.efficiency.kinks()
        step = (end - start) / np.ceil((end - start) / CELL_US)
        first, last = (np.clip(kinks[[0, -1]], start, end) - start) / step if kinks.size else (0, 0)
        fine = start + step * np.arange(np.floor(first), np.ceil(last))
        borders = distinct(np.concatenate([fine, kinks, self.edges]))
        return np.asarray(borders[(borders >= start) & (borders <= end)])

    def describe(self) -> str:
        """Name the shape and the efficiency."""
        return f"{self.shape.describe()}; efficiency {self.efficiency.describe()}"


@final
@dataclass(frozen=True, eq=False)
class PulseShape(Axis):
    """A pulse-shape parameter, such as F90 of liquid argon, with a tabulated p(shape | energy).

    Parameters
    ----------
    edges : array, shape (n_bins + 1,)
        Bin edges of the parameter.
    energies : array, shape (n,)
        Increasing energies of the table, in the detector's observable unit.
    probabilities : array, shape (n, n_bins)
        Share of each bin at each energy; interpolated linearly, constant beyond the ends. A row
        adds up to 1, or to the acceptance relative to the nominal one in a shape variant.

    Raises
    ------
    MunuError
        If the edges or energies do not increase, the shapes disagree, a share is negative, or a row
        adds up to more than `LARGEST_SUM`.
    """

    edges: FloatArray
    energies: FloatArray
    probabilities: FloatArray
    name: str = "pulse shape"
    unit: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "edges", _checked_edges(self.edges, self.name))
        energies, table = np.asarray(self.energies, float), np.asarray(self.probabilities, float)
        if table.shape != (energies.size, self.n_bins) or not np.all(np.diff(energies) > 0):
            raise MunuError(
                f"a {self.name} table of shape {table.shape} for {energies.size} energies and"
                f" {self.n_bins} bins",
                "Give one row per energy, increasing, and one column per bin",
            )
        if not np.all(table >= 0):
            raise MunuError(f"a share in the {self.name} table is negative", "Allowed: 0 and above")
        sums = table.sum(axis=1)
        if sums.max() > LARGEST_SUM:
            raise MunuError(
                f"a row of the {self.name} table adds up to {sums.max():.6g}",
                "Give the share of each bin, as a number and not in per cent; all together are one",
            )
        object.__setattr__(self, "energies", energies)
        object.__setattr__(self, "probabilities", table)
        freeze(self)

    def fractions(self, beam: str, energy_centres: FloatArray) -> FloatArray:
        """Return the interpolated shares, the same for every beam."""
        columns = [
            np.interp(energy_centres, self.energies, column) for column in self.probabilities.T
        ]
        return np.stack(columns, axis=1)

    def check_energies(self, edges: FloatArray) -> None:
        """Refuse bins without an end, and those that hold several rows of the table."""
        if np.isinf(edges[-1]):
            raise MunuError(
                f"the last energy bin begins at {edges[-2]:g} and has no end, and {self.name}"
                " depends on the energy",
                "Give the energy bins an upper end",
            )
        rows = np.diff(np.searchsorted(self.energies, edges))
        if rows.max() > 1:
            wide = int(np.argmax(rows))
            raise MunuError(
                f"the energy bin from {edges[wide]:g} to {edges[wide + 1]:g} holds {rows[wide]}"
                f" rows of the {self.name} table, and its events would be shared out by the one"
                " at its centre",
                "Give bins of the energy that hold one row each or none, or average the rows",
            )

    def describe(self) -> str:
        """Give the size of the table."""
        return f"{self.name}: table of {self.energies.size} energies"
