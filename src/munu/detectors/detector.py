"""The detector: from a recoil to the probability of each measured bin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

import numpy as np

from munu.detectors.efficiency import Efficiency
from munu.detectors.quenching import Quenching
from munu.detectors.resolution import Resolution
from munu.errors import MunuError
from munu.nuclei import Nucleus
from munu.typing import FloatArray

Observable = Literal["recoil", "ionisation", "photoelectrons"]
UNITS: dict[Observable, str] = {"recoil": "keV", "ionisation": "keVee", "photoelectrons": "PE"}


@final
@dataclass(frozen=True)
class Detector:
    r"""Response of a detector to one recoil.

    The mean observable is :math:`\bar x = T` (recoil), :math:`Q(T)\,T` (ionisation, keVee) or
    :math:`Y\,Q(T)\,T` (photoelectrons); the measured x fluctuates by the resolution, is kept with
    the efficiency at x, and counted in bins.

    Parameters
    ----------
    observable : {"recoil", "ionisation", "photoelectrons"}
        What the bin edges are in.
    bin_edges : array, shape (n_bins + 1,)
        Increasing edges; the last may be infinite.
    quenching, efficiency, resolution
        The models.
    light_yield_pe_per_kev : float
        Y; needed for photoelectrons only.
    recoil_threshold_kev : float
        Recoils below this true energy are never seen.
    """

    observable: Observable
    bin_edges: FloatArray
    quenching: Quenching
    efficiency: Efficiency
    resolution: Resolution
    light_yield_pe_per_kev: float = 1.0
    recoil_threshold_kev: float = 0.0

    def __post_init__(self) -> None:
        edges = np.asarray(self.bin_edges, float)
        if edges.ndim != 1 or edges.size < 2 or np.any(np.diff(edges) <= 0):
            raise MunuError("bin edges must increase", "Give at least two increasing edges")
        object.__setattr__(self, "bin_edges", edges)

    @property
    def unit(self) -> str:
        """Unit of the observable."""
        return UNITS[self.observable]

    @property
    def n_bins(self) -> int:
        """Number of bins."""
        return int(self.bin_edges.size - 1)

    def mean_observable(self, recoil_energy_kev: FloatArray, nucleus: Nucleus | None) -> FloatArray:
        """Return the mean x of recoils of a nucleus, or of electrons (None: no quenching)."""
        recoil = np.asarray(recoil_energy_kev, float)
        if self.observable == "recoil":
            return recoil
        quenched = recoil if nucleus is None else recoil * self.quenching(recoil, nucleus)
        return quenched * (
            self.light_yield_pe_per_kev if self.observable == "photoelectrons" else 1.0
        )

    def acceptance(self, recoil_energy_kev: FloatArray, nucleus: Nucleus | None) -> FloatArray:
        """Return the probability that a recoil (keV) is counted in each bin, shape (n, n_bins)."""
        mean = self.mean_observable(recoil_energy_kev, nucleus)
        kept = self.resolution.accept(mean, self.bin_edges, self.efficiency)
        return kept * (recoil_energy_kev >= self.recoil_threshold_kev)[:, None]

    def kinks_kev(self, nucleus: Nucleus | None, maximum_recoil_kev: float) -> FloatArray:
        """Return the recoil energies (keV) up to the maximum where the acceptance is not smooth."""
        kinks = [np.array([self.recoil_threshold_kev]), self.quenching.kinks_kev()]
        if self.resolution.is_sharp:
            borders = np.union1d(self.bin_edges, self.efficiency.kinks())
            kinks.append(self.recoil_of_observable(borders, nucleus, maximum_recoil_kev))
        found = np.unique(np.concatenate(kinks))
        return found[(found > 0) & (found < maximum_recoil_kev)]

    def lowest_recoil_kev(self, nucleus: Nucleus | None, maximum_recoil_kev: float) -> float:
        """Return the recoil energy (keV) below which no bin counts; the maximum if none does."""
        lowest = self.recoil_threshold_kev
        if self.resolution.is_sharp and self.bin_edges[0] > 0:
            reached = self.recoil_of_observable(self.bin_edges[:1], nucleus, maximum_recoil_kev)
            lowest = max(lowest, float(reached[0]) if reached.size else maximum_recoil_kev)
        return lowest

    def recoil_of_observable(
        self, observable: FloatArray, nucleus: Nucleus | None, maximum_recoil_kev: float
    ) -> FloatArray:
        """Return the recoil energies (keV) whose mean x are the given ones, by bisection.

        Values not reached below the maximum recoil are left out. x grows with T for every
        quenching model in use.
        """
        low, high = np.full(observable.shape, 1e-9), np.full(observable.shape, maximum_recoil_kev)
        if self.observable == "recoil":
            return observable[(observable > 0) & (observable < maximum_recoil_kev)]
        ends = self.mean_observable(np.array([1e-9, maximum_recoil_kev]), nucleus)
        for _ in range(200):
            middle = np.sqrt(low * high)
            above = self.mean_observable(middle, nucleus) > observable
            low, high = np.where(above, low, middle), np.where(above, middle, high)
            if np.all(high - low <= 1e-15 * high):
                break
        return np.sqrt(low * high)[(observable > ends[0]) & (observable < ends[1])]
