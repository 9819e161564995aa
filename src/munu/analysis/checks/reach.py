"""The range of an experiment's measured energies, and of the neutrinos that make them."""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.experiments.model import CountingExperiment
from munu.folding.nothing_counted import endpoint_mev

LEAST_COUNTED: Final = 0.01
"""Of the recoils of one energy, over the largest share: what a resolution leaves far below is no
matter."""


def least_neutrino_mev(experiment: CountingExperiment) -> float:
    """Return the least neutrino energy (MeV) whose recoils are counted, infinite for none."""
    endpoint = np.array([endpoint_mev(experiment)])
    found = [np.inf]
    for part in experiment.parts():
        for centre, _ in part.centres():
            highest = float(centre.maximum_recoil_kev(endpoint)[0])
            recoils = np.geomspace(1e-6 * highest, highest, 400)
            counted = part.detector.acceptance(recoils, centre.nucleus).sum(axis=1)
            seen = recoils[counted > LEAST_COUNTED * counted.max()]
            found += centre.minimum_energy_mev(seen[:1]).tolist()
    return float(min(found))


def largest_observable(experiment: CountingExperiment) -> float:
    """Return the end of the analysis window or of the recoils, whichever comes first."""
    detector, endpoint = experiment.detector, np.array([endpoint_mev(experiment)])
    tops = [
        float(detector.mean_observable(centre.maximum_recoil_kev(endpoint), centre.nucleus)[0])
        for centre, _ in experiment.centres()
    ]
    return min(float(detector.bin_edges[-1]), max(tops))
