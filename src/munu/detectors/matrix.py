r"""Response matrices: the probability of each measured bin, tabulated at true recoil energies.

A row is the response to recoils of one energy T_i, as a simulation of monoenergetic recoils gives
it; between rows

.. math:: A_b(T) = (1-t)\,A_{ib} + t\,A_{i+1,b},\qquad t = \frac{T-T_i}{T_{i+1}-T_i}

or, with ``log``, the same for the logarithms of entries above zero. Its sum over the bins is the
efficiency, which therefore need not be stated. Outside the rows nothing is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Final, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.frozen import freeze, read_only
from munu.base.interpolation import Between, between_rows, check_between
from munu.base.typing import FloatArray, IntArray
from munu.detectors.blocks import counted_by
from munu.physics.nuclei import Nucleus

ROUNDING: Final = 1e-6
"""By how much a printed row of probabilities may add up to more than one."""


def check_rows(probabilities: FloatArray, places: Sequence[str]) -> None:
    """Raise `MunuError`, naming its place, for a row that is not a set of probabilities."""
    for place, row in zip(places, probabilities, strict=True):
        if not np.all(row >= 0):
            message = f"{place}: the response holds {row.min():g}, which is not a probability"
            raise MunuError(message, "Allowed: 0 to 1")
        if row.sum() > 1 + ROUNDING:
            raise MunuError(
                f"{place}: the row adds up to {row.sum():.6g}, and its sum is the efficiency",
                "Give the probability of each bin for one recoil; the sum is at most 1",
            )


@final
@dataclass(frozen=True, eq=False)
class ResponseMatrix:
    """The table of this module.

    Parameters
    ----------
    energies_kev : array, shape (n,)
        Increasing true recoil energies.
    probabilities : array, shape (n, n_bins)
        Probability that such a recoil is counted in each bin.
    interpolation : str
        ``linear`` or ``log``.

    Raises
    ------
    MunuError
        If there are fewer than two rows, energies that do not increase or are negative, recoils
        that count at zero energy, a negative probability, or a row that adds up to more than one.
    """

    energies_kev: FloatArray
    probabilities: FloatArray
    interpolation: Between = "linear"

    def __post_init__(self) -> None:
        check_between(self.interpolation)
        energies, table = np.asarray(self.energies_kev, float), np.asarray(self.probabilities)
        if energies.size < 2 or table.ndim != 2 or table.shape[0] != energies.size:
            raise MunuError(
                f"a response of shape {table.shape} for {energies.size} recoil energies",
                "Give one row per energy, two or more, and one column per bin",
            )
        if not energies[0] >= 0 or not np.all(np.diff(energies) > 0):
            message = "the recoil energies of the response do not increase from zero or above"
            raise MunuError(message, "Order its rows by their energy")
        if energies[0] == 0 and np.any(table[0] > 0):
            message = "the response counts recoils of vanishing energy"
            raise MunuError(message, "Start its rows above zero, or with a row of zeros")
        check_rows(table, [f"recoils of {energy:g} keV" for energy in energies])
        object.__setattr__(self, "energies_kev", energies)
        object.__setattr__(self, "probabilities", np.asarray(table, float))
        freeze(self)

    @property
    def n_bins(self) -> int:
        """Number of bins."""
        return int(self.probabilities.shape[1])

    @cached_property
    def efficiency(self) -> FloatArray:
        """The sum of each row."""
        return read_only(np.asarray(self.probabilities.sum(axis=1)))

    @cached_property
    def lowest_kev(self) -> float:
        """The recoil energy (keV) below which nothing is counted."""
        seen = np.flatnonzero(self.efficiency > 0)
        before = max(int(seen[0]) - 1, 0) if seen.size else -1
        return float(self.energies_kev[before])

    def __call__(self, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return the probability of each bin, shape (n, n_bins), for recoils (keV)."""
        recoil = np.asarray(recoil_energy_kev, float)
        if self.interpolation == "log":
            energies = self.energies_kev
            columns = [between_rows(recoil, energies, y, "log") for y in self.probabilities.T]
            return np.asarray(np.stack(columns, axis=1) * self._inside(recoil)[:, None])
        low, below, above = self._shares(recoil)
        first, second = self.probabilities[low], self.probabilities[low + 1]
        return np.asarray(below[:, None] * first + above[:, None] * second)

    def counted(self, rates: FloatArray, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return the sum over recoils (keV) of rates (..., n) times the probabilities.

        Along straight lines the rates are shared out to the rows first, which are fewer.
        """
        recoil = np.asarray(recoil_energy_kev, float)
        if self.interpolation == "log":
            return counted_by(self, rates, recoil, self.n_bins)
        return np.asarray(self.in_rows(rates, recoil) @ self.probabilities)

    def in_rows(self, rates: FloatArray, recoil_energy_kev: FloatArray) -> FloatArray:
        """Return rates (..., n) of recoils (keV) shared out to the rows, shape (..., n_rows).

        It is the same for all matrices with straight lines between rows of the same energies.
        """
        if np.any(np.diff(recoil_energy_kev) < 0):
            order = np.argsort(recoil_energy_kev)
            rates, recoil_energy_kev = rates[..., order], recoil_energy_kev[order]
        low, below, above = self._shares(recoil_energy_kev)
        starts = np.flatnonzero(np.diff(low, prepend=-1))
        rows = low[starts]
        shared = np.zeros((*rates.shape[:-1], self.energies_kev.size))
        shared[..., rows] += np.add.reduceat(rates * below, starts, axis=-1)
        shared[..., rows + 1] += np.add.reduceat(rates * above, starts, axis=-1)
        return shared

    def _inside(self, recoil: FloatArray) -> FloatArray:
        """Return 1 for recoils between the first and the last row, and 0 outside."""
        inside = (recoil >= self.energies_kev[0]) & (recoil <= self.energies_kev[-1])
        return np.asarray(inside, float)

    def _shares(self, recoil: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
        """Return the row below each recoil, and the shares 1 - t and t of it and the next one."""
        energies, inside = self.energies_kev, self._inside(recoil)
        low = np.clip(np.searchsorted(energies, recoil, side="right") - 1, 0, energies.size - 2)
        t = np.clip((recoil - energies[low]) / (energies[low + 1] - energies[low]), 0.0, 1.0)
        return low, (1 - t) * inside, t * inside

    def describe(self) -> str:
        """Give the size of the table and its range."""
        ends = f"{self.energies_kev[0]:g} to {self.energies_kev[-1]:g} keV"
        size = f"{self.energies_kev.size} recoil energies, {ends}"
        top = f"up to {100 * self.efficiency.max():.3g} % counted"
        return f"matrix of {size}, in {self.n_bins} bins; {top}"


@final
@dataclass(frozen=True, eq=False)
class MeasuredAxis:
    """One more observable that a response matrix has bins of.

    Parameters
    ----------
    name, unit : str
    edges : array, shape (n_bins + 1,)

    Raises
    ------
    MunuError
        If the edges do not increase.
    """

    name: str
    unit: str
    edges: FloatArray

    def __post_init__(self) -> None:
        edges = np.asarray(self.edges, float)
        if edges.ndim != 1 or edges.size < 2 or not np.all(np.diff(edges) > 0):
            message = f"the {self.name} bin edges must increase"
            raise MunuError(message, "Give two or more increasing edges")
        object.__setattr__(self, "edges", edges)
        freeze(self)

    @property
    def n_bins(self) -> int:
        """Number of bins."""
        return int(self.edges.size - 1)


@final
@dataclass(frozen=True, eq=False)
class MatrixResponse:
    """A detector's response to the recoils of nuclei and of electrons, as matrices.

    Parameters
    ----------
    recoils : ResponseMatrix
        That to nuclear recoils, or to electrons where no other is given.
    electrons : ResponseMatrix or None
        That to recoils of electrons.
    axes : tuple of MeasuredAxis
        Observables beside the first; the columns are flattened with the first one slowest.

    Raises
    ------
    MunuError
        If the two have different numbers of bins.
    """

    recoils: ResponseMatrix
    electrons: ResponseMatrix | None = None
    axes: tuple[MeasuredAxis, ...] = ()

    def __post_init__(self) -> None:
        if self.electrons is not None and self.electrons.n_bins != self.recoils.n_bins:
            raise MunuError(
                f"the response to electrons has {self.electrons.n_bins} bins, that to nuclei"
                f" {self.recoils.n_bins}",
                "Give both the same bins",
            )
        freeze(self)

    @property
    def n_further(self) -> int:
        """Bins of the further observables together."""
        return prod(axis.n_bins for axis in self.axes)

    def to(self, nucleus: Nucleus | None) -> ResponseMatrix:
        """Return the matrix for recoils of a nucleus, or of electrons (None)."""
        return self.electrons if nucleus is None and self.electrons is not None else self.recoils

    def describe(self) -> str:
        """Describe the matrices."""
        if self.electrons is None:
            return self.recoils.describe()
        return f"nuclei: {self.recoils.describe()}; electrons: {self.electrons.describe()}"
