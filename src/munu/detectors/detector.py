"""The detector: from a recoil to the probability of each measured bin."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, final

import numpy as np

from munu.base.distinct import distinct
from munu.base.errors import MunuError
from munu.base.frozen import freeze
from munu.base.roots import bracketed_roots
from munu.base.typing import FloatArray
from munu.detectors.efficiency import Efficiency
from munu.detectors.quenching import Quenching
from munu.detectors.resolution import Resolution
from munu.physics.nuclei import Nucleus

if TYPE_CHECKING:
    from munu.detectors.matrix import MatrixResponse

Observable = Literal["recoil", "ionisation", "photoelectrons"]
UNITS: dict[Observable, str] = {"recoil": "keV", "ionisation": "keVee", "photoelectrons": "PE"}
SMALLEST_RECOIL_KEV = 1e-9
"""Lowest recoil energy at which a mean observable is looked for."""
LOOKS = 400
"""Recoil energies, evenly spread in their logarithm, by which it is told where x rises or falls."""


@final
@dataclass(frozen=True, eq=False)
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
    matrix : MatrixResponse, optional
        The response as a whole; it takes the place of quenching, efficiency and resolution.

    Raises
    ------
    MunuError
        If the edges do not increase, or the matrix has other bins.
    """

    observable: Observable
    bin_edges: FloatArray
    quenching: Quenching
    efficiency: Efficiency
    resolution: Resolution
    light_yield_pe_per_kev: float = 1.0
    recoil_threshold_kev: float = 0.0
    matrix: MatrixResponse | None = None

    def __post_init__(self) -> None:
        edges = np.asarray(self.bin_edges, float)
        if edges.ndim != 1 or edges.size < 2 or not np.all(np.diff(edges) > 0):
            raise MunuError("bin edges must increase", "Give at least two increasing edges")
        object.__setattr__(self, "bin_edges", edges)
        if self.matrix is not None and self.matrix.recoils.n_bins != self.n_bins:
            raise MunuError(
                f"the response has {self.matrix.recoils.n_bins} columns for {self.n_bins} bins",
                "Give one column per bin; with further axes the first observable is the slowest",
            )
        freeze(self)

    @property
    def unit(self) -> str:
        """Unit of the observable."""
        return UNITS[self.observable]

    @property
    def n_bins(self) -> int:
        """Number of bins, those of a matrix's further observables included."""
        return int(self.bin_edges.size - 1) * (self.matrix.n_further if self.matrix else 1)

    @property
    def bin_centres(self) -> FloatArray:
        """Centre of each bin in the observable, shape (n_bins,)."""
        centres = 0.5 * (self.bin_edges[1:] + self.bin_edges[:-1])
        return np.repeat(centres, self.n_bins // centres.size)

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
        if self.matrix is not None:
            kept = self.matrix.to(nucleus)(recoil_energy_kev)
            return np.asarray(kept * (recoil_energy_kev >= self.recoil_threshold_kev)[:, None])
        mean = self.mean_observable(recoil_energy_kev, nucleus)
        kept = self.resolution.accept(mean, self.bin_edges, self.efficiency)
        return np.asarray(kept * (recoil_energy_kev >= self.recoil_threshold_kev)[:, None])

    def counted(
        self, rates: FloatArray, recoil_energy_kev: FloatArray, nucleus: Nucleus | None
    ) -> FloatArray:
        """Return the sum of rates (..., n) of recoils (keV) times `acceptance`, (..., n_bins)."""
        seen = rates * (recoil_energy_kev >= self.recoil_threshold_kev)
        if self.matrix is not None:
            return self.matrix.to(nucleus).counted(seen, recoil_energy_kev)
        mean = self.mean_observable(recoil_energy_kev, nucleus)
        return self.resolution.counted(seen, mean, self.bin_edges, self.efficiency)

    def lowest_and_kinks_kev(
        self, nucleus: Nucleus | None, maximum_recoil_kev: float
    ) -> tuple[float, FloatArray]:
        """Return below which recoil energy (keV) no bin counts, and where the acceptance has kinks.

        The first is the maximum if no bin counts. The kinks are below the maximum, in no order, and
        one may stand there twice.
        """
        lowest, kinks = self.recoil_threshold_kev, [self.quenching.kinks_kev()]
        if self.matrix is not None:
            matrix = self.matrix.to(nucleus)
            lowest, kinks = max(lowest, matrix.lowest_kev), [*kinks, matrix.energies_kev]
        elif self.resolution.is_sharp:
            edge, above = self.bin_edges[:1], distinct(self.bin_edges[1:], self.efficiency.kinks())
            reached = self.recoil_of_observable(edge, nucleus, maximum_recoil_kev)
            if edge[0] > 0:
                lowest = max(lowest, float(reached.min(initial=maximum_recoil_kev)))
            further = self.recoil_of_observable(above, nucleus, maximum_recoil_kev)
            kinks += [reached, further]
        else:
            borders = self.resolution.kinks()
            kinks.append(self.recoil_of_observable(borders, nucleus, maximum_recoil_kev))
        found = np.concatenate([[self.recoil_threshold_kev], *kinks])
        return lowest, found[(found > 0) & (found < maximum_recoil_kev)]

    def recoil_of_observable(
        self, observable: FloatArray, nucleus: Nucleus | None, maximum_recoil_kev: float
    ) -> FloatArray:
        """Return the recoil energies (keV) whose mean x are the given ones.

        Values not reached below the maximum recoil are left out. Where a quenching factor falls
        faster than 1/T, x falls, and one value may be that of several recoils.
        """
        if self.observable == "recoil":
            return observable[(observable > 0) & (observable < maximum_recoil_kev)]
        observable = observable[np.isfinite(observable)]
        if not observable.size:
            return observable
        borders = self._turns_kev(nucleus, maximum_recoil_kev)
        return np.concatenate(
            [self._crossings(observable, nucleus, *ends) for ends in pairwise(borders)]
        )

    def _turns_kev(self, nucleus: Nucleus | None, maximum_recoil_kev: float) -> list[float]:
        """Return recoil energies (keV), both ends included, between which x does not turn."""
        low, high = np.log([SMALLEST_RECOIL_KEV, maximum_recoil_kev])
        grid = np.exp(np.linspace(low, high, LOOKS))
        rises = np.diff(self.mean_observable(grid, nucleus)) >= 0
        turns = grid[1:-1][rises[1:] != rises[:-1]]
        return [SMALLEST_RECOIL_KEV, *turns.tolist(), maximum_recoil_kev]

    def _crossings(
        self, observable: FloatArray, nucleus: Nucleus | None, low_kev: float, high_kev: float
    ) -> FloatArray:
        """Return `recoil_of_observable` between recoil energies where x rises, or falls."""
        ends = np.sort(self.mean_observable(np.array([low_kev, high_kev]), nucleus))
        reached = np.log(observable[(observable > ends[0]) & (observable < ends[1])])

        def excess(log_recoil: FloatArray) -> FloatArray:
            mean = self.mean_observable(np.exp(log_recoil), nucleus)
            return np.asarray(np.log(np.maximum(mean, 1e-300)) - reached)

        low, high = np.log([[low_kev], [high_kev]])
        brackets = np.broadcast_arrays(low, high, reached)[:2]
        return np.exp(bracketed_roots(excess, *brackets, absolute_tolerance=1e-15))
