"""Why nothing is counted: the threshold, the efficiency, an axis, or numbers in another unit."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, final

import numpy as np

from munu.base.errors import MunuError
from munu.detectors.efficiency import Flat
from munu.experiments.model import CountingExperiment
from munu.physics.centres import ScatteringCentre

LEAST_ENDPOINT_MEV: Final = 0.1
"""Below every source in use: the Sun's pp neutrinos end at 0.42 MeV, those of 51Cr at 0.75 MeV."""
STEPS: Final = 400
LEAST_SHARE: Final = 1e-6
"""Of the largest recoil: the smallest of `STEPS` recoils that are looked at."""


@final
class NothingCounted(MunuError):
    """No recoil is counted in the bins of a detector."""


def nothing_counted(experiment: CountingExperiment) -> NothingCounted:
    """Return the error of a detector that counts nothing, with the cause, for its first target."""
    ends = [_end(experiment, centre) for centre, _ in experiment.centres()]
    measured, recoil_kev, name = max(ends)
    detector, identifier = experiment.detector, experiment.identity.name
    components = experiment.source.components(experiment.mixing)
    if not any(component.spectrum.total_flux_per_cm2_s > 0 for component in components):
        return NothingCounted(
            f"the flux of '{identifier}' is zero at every energy", "Check its numbers and its unit"
        )
    if detector.matrix is not None:
        return NothingCounted(
            f"the response of '{identifier}' counts no recoil: those of {name} reach"
            f" {recoil_kev:.4g} keV",
            "Check its numbers, and the unit of its recoil energies",
        )
    low = detector.bin_edges[0]
    if measured > low and recoil_kev > detector.recoil_threshold_kev and _reached(experiment):
        high = min(measured, float(detector.bin_edges[-1]))
        return NothingCounted(
            f"the efficiency of '{identifier}' is zero where recoils are measured, from {low:.4g}"
            f" to {high:.4g} {detector.unit}",
            "Check its numbers and the unit of its first column",
        )
    endpoint = endpoint_mev(experiment)
    remedy = "Lower the threshold, or use a source of higher energy"
    if endpoint < LEAST_ENDPOINT_MEV:
        remedy = unit_hint(endpoint)
    return NothingCounted(
        f"the threshold of '{identifier}' lies above the endpoint: recoils of {name} "
        f"reach {recoil_kev:.4g} keV, measured as {measured:.4g} {detector.unit}, and are counted "
        f"from {low:.4g} {detector.unit} and {detector.recoil_threshold_kev:.4g} keV of recoil",
        remedy,
    )


def nothing_on_axes(experiment: CountingExperiment) -> NothingCounted:
    """Return the error of recoils that a detector counts, and none in the bins of further axes."""
    energies = experiment.detector.bin_centres
    beams = [one.own_beam for one in experiment.source.components(experiment.mixing)]
    largest = [
        max(float(axis.fractions(beam, energies).sum(axis=1).max()) for beam in beams)
        for axis in experiment.axes
    ]
    axis = experiment.axes[int(np.argmin(largest))]
    low, high = axis.edges[[0, -1]]
    return NothingCounted(
        f"none of the recoils of '{experiment.identity.name}' lies in the bins of axis"
        f" '{axis.name}', from {low:g} to {high:g} {axis.unit}".rstrip()
        + f" ({axis.describe()})",
        "Check its edges and its shape, and that both are in one unit",
    )


def endpoint_mev(experiment: CountingExperiment) -> float:
    """Return the largest neutrino energy (MeV)."""
    components = experiment.source.components(experiment.mixing)
    return max(component.spectrum.endpoint_mev for component in components)


def unit_hint(endpoint: float) -> str:
    """Return what to say of a spectrum that ends at an absurd energy (MeV)."""
    return (
        f"The spectrum ends at {endpoint:.4g} MeV: its energies are taken in MeV, and its flux per"
        f" MeV; were they written in GeV, up to {endpoint:.4g} GeV?"
    )


def _end(experiment: CountingExperiment, centre: ScatteringCentre) -> tuple[float, float, str]:
    """Return the largest measured energy, the largest recoil (keV) and the centre's name."""
    highest = float(centre.maximum_recoil_kev(np.array([endpoint_mev(experiment)]))[0])
    recoils = np.geomspace(LEAST_SHARE * highest, highest, STEPS)
    measured = experiment.detector.mean_observable(recoils, centre.nucleus)
    return float(measured.max()), highest, centre.name


def _reached(experiment: CountingExperiment) -> bool:
    """Whether recoils would be counted with an efficiency of one."""
    perfect = replace(experiment.detector, efficiency=Flat(1.0))
    for centre, _ in experiment.centres():
        highest = _end(experiment, centre)[1]
        recoils = np.geomspace(LEAST_SHARE * highest, highest, STEPS)
        if perfect.acceptance(recoils, centre.nucleus).max() > 0:
            return True
    return False
