"""The range of an experiment's measured energies."""

from __future__ import annotations

import numpy as np

from munu.experiments.model import CountingExperiment
from munu.folding.nothing_counted import endpoint_mev


def largest_observable(experiment: CountingExperiment) -> float:
    """Return the end of the analysis window or of the recoils, whichever comes first."""
    detector, endpoint = experiment.detector, np.array([endpoint_mev(experiment)])
    tops = [
        float(detector.mean_observable(channel.maximum_recoil_kev(endpoint), channel.nucleus)[0])
        for channel, _ in experiment.channels()
    ]
    return min(float(detector.bin_edges[-1]), max(tops))
