"""An experiment prepared to be folded: all that a fold needs of it but the shapes.

Recoil energies with their weights, the acceptance of every detector there, the moments of the
fluxes and the shares of the other axes depend on no cross section. Once they are known, a further
shape, such as that of a mediator of another mass, costs its kernel, its profiles and one product
with the acceptance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, final

import numpy as np

from munu.base.frozen import read_only
from munu.base.typing import FloatArray
from munu.detectors.cells import TooNarrow
from munu.detectors.detector import Detector
from munu.detectors.together import all_in_rows, counted_by_all
from munu.experiments.model import CountingExperiment, Measurement
from munu.folding.panels import recoil_panels_kev, recoil_points_kev, recoil_range
from munu.physics.centres import RecoilKind, ScatteringCentre
from munu.physics.interactions.base import Kernel
from munu.physics.mixing import Mixing
from munu.sources.base import BeamComponent, moments_of_all

MOST_KEPT = 500_000
"""Most probabilities that are kept of one centre, 4 MB: 8 times what the catalogue needs. Where
there are more, each fold asks the detectors anew."""
MOST_PIECES = 16
"""Most centres kept for kernels whose final neutrino has a mass; beyond, the oldest is dropped."""

RecoilBorders: TypeAlias = Callable[[ScatteringCentre, FloatArray], FloatArray]
"""Of a kernel whose final neutrino has a mass: the borders of recoils that energies give."""


@final
@dataclass(frozen=True, eq=False)
class PreparedCentre:
    """One scattering centre of an experiment, at the recoil energies that its integral takes.

    Parameters
    ----------
    centre : ScatteringCentre
    components : tuple of BeamComponent, length n_s
    detectors : tuple of Detector
        Without repetition.
    recoil_energy_kev, weights : array, shape (n,)
        Weights in centres × s × keV: times a rate per centre, events.
    acceptance : array, shape (n, n_energies), or None
        Probabilities of the energy bins of all detectors, one after the other; None where they
        would be more than `MOST_KEPT`, or all are tables that rates are shared out to the rows of.
    """

    centre: ScatteringCentre
    components: tuple[BeamComponent, ...]
    detectors: tuple[Detector, ...]
    recoil_energy_kev: FloatArray
    weights: FloatArray
    acceptance: FloatArray | None

    @cached_property
    def moments(self) -> FloatArray:
        """Moments of each flux above the least energy of a massless neutrino, (n_s, 3, n)."""
        minimum = self.centre.minimum_energy_mev(self.recoil_energy_kev)
        return moments_of_all([one.spectrum for one in self.components], minimum)

    def counted(self, events: FloatArray) -> FloatArray:
        """Return events at the recoil energies, (..., n_s, n), in the bins of all detectors.

        Each shape is a product of its own, so that its events do not depend, not even in their
        rounding, on what is folded with it.
        """
        if self.acceptance is not None:
            return np.asarray(events @ self.acceptance)
        recoil, nucleus = self.recoil_energy_kev, self.centre.nucleus
        return counted_by_all(self.detectors, events, recoil, nucleus)


@final
class PreparedFold:
    """An experiment at a mixing; centres are prepared when they are first asked for.

    Of several targets it is the first one's fold; those of the others stand in ``beside``.

    Parameters
    ----------
    experiment : CountingExperiment
    mixing : Mixing
    """

    def __init__(self, experiment: CountingExperiment, mixing: Mixing) -> None:
        own, *further = experiment.parts()
        self.experiment = experiment
        self.beside = tuple(PreparedFold(one, mixing) for one in further)
        self.mixing = mixing
        self.components = experiment.source.components(mixing)
        self.centres = own.centres()
        variants = [side for v in experiment.variants for side in (v.minus, v.plus)]
        self.measurements = (experiment.measurement(), *variants)
        distinct = {id(one.detector): one.detector for one in self.measurements}
        self.detectors = tuple(distinct.values())
        self._columns = _columns(self.detectors)
        self._pieces: dict[tuple[int, RecoilBorders | None], PreparedCentre | None] = {}

    @property
    def n_energies(self) -> int:
        """Number of energy bins of all detectors together."""
        return sum(detector.n_bins for detector in self.detectors)

    def centre(self, index: int, kernel: Kernel) -> PreparedCentre | None:
        """Return a scattering centre as a kernel needs it; None if no recoil of it is counted.

        Kernels whose final neutrino has a mass have panels of their own.
        """
        key = (index, kernel.recoil_limits_kev)
        if key not in self._pieces:
            own = [one for one in self._pieces if one[1] is not None]
            if len(own) >= MOST_PIECES:
                del self._pieces[own[0]]
            try:
                self._pieces[key] = self._prepared(index, kernel)
            except TooNarrow as error:
                name = self.experiment.identity.name
                raise TooNarrow(f"'{name}': {error.message}", error.remedy) from error
        return self._pieces[key]

    def alike(self, recoil: RecoilKind, kernel: Kernel) -> list[list[PreparedCentre]]:
        """Return the centres of a kind of recoil, those together that are counted alike.

        These are electrons of several elements at the same energies, whose moments and acceptance
        are the same.
        """
        found: dict[tuple[object, bytes], list[PreparedCentre]] = {}
        for index, (centre, _) in enumerate(self.centres):
            one = self.centre(index, kernel) if centre.recoil == recoil else None
            if one is not None:
                key = (centre.nucleus, one.recoil_energy_kev.tobytes())
                found.setdefault(key, []).append(one)
        return list(found.values())

    def _prepared(self, index: int, kernel: Kernel) -> PreparedCentre | None:
        centre, number_per_kg = self.centres[index]
        within = recoil_range(self.detectors, centre, self.components)
        if within.lowest_kev >= within.highest_kev:
            return None
        borders = recoil_panels_kev(self.detectors, centre, self.components, [kernel], within)
        recoil, widths = recoil_points_kev(self.detectors, centre, borders)
        weights = widths * (number_per_kg * self.experiment.exposure_kg_s)
        acceptance = None
        dense = recoil.size * self.n_energies <= MOST_KEPT
        if dense and not all_in_rows(self.detectors, centre.nucleus):
            parts = [detector.acceptance(recoil, centre.nucleus) for detector in self.detectors]
            acceptance = np.concatenate(parts, axis=1)
            counts = acceptance.any(axis=1)
            if not counts.any():
                return None
            recoil, weights, acceptance = recoil[counts], weights[counts], acceptance[counts]
        energies = read_only(recoil)
        return PreparedCentre(
            centre, self.components, self.detectors, energies, weights, acceptance
        )

    def nominal(self, counts: FloatArray) -> FloatArray:
        """Return the counts, (..., n_energies), of the nominal detector."""
        return counts[..., self._columns[id(self.experiment.detector)]]

    def spread(self, counts: FloatArray) -> tuple[FloatArray, ...]:
        """Spread counts (n_s, n_energies) over the bins of each measurement, in C order."""
        found = []
        for measurement, shares in zip(self.measurements, self._shares, strict=True):
            factors = [measurement.flux_factor(one.beam) for one in self.components]
            own = np.array(factors)[:, None] * counts[:, self._columns[id(measurement.detector)]]
            found.append((own[:, :, None] * shares).reshape(len(self.components), -1))
        return tuple(found)

    @cached_property
    def _shares(self) -> tuple[FloatArray, ...]:
        """Shares of the other axes' bins, (n_s, n_energies, n) of each measurement."""
        known: dict[tuple[int, bytes, str], FloatArray] = {}
        return tuple(self._shares_of(measurement, known) for measurement in self.measurements)

    def _shares_of(
        self, measurement: Measurement, known: dict[tuple[int, bytes, str], FloatArray]
    ) -> FloatArray:
        energies = measurement.detector.bin_centres
        shares = np.ones((len(self.components), energies.size, 1))
        for axis in measurement.axes:
            rows = []
            for component in self.components:
                key = (id(axis), energies.tobytes(), component.own_beam)
                if key not in known:
                    known[key] = axis.fractions(component.own_beam, energies)
                rows.append(known[key])
            product = shares[..., None] * np.stack(rows)[:, :, None, :]
            shares = product.reshape(*shares.shape[:2], -1)
        return shares


def _columns(detectors: tuple[Detector, ...]) -> dict[int, slice]:
    """Return which energy bins are whose, by the identity of the detector."""
    ends = np.cumsum([detector.n_bins for detector in detectors]).tolist()
    starts = [0, *ends[:-1]]
    pairs = zip(detectors, starts, ends, strict=True)
    return {id(detector): slice(start, end) for detector, start, end in pairs}
