"""Interactions in a target, whatever the detector sees of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from munu.base.constants import SECONDS_PER_DAY
from munu.detectors.detector import Detector
from munu.detectors.efficiency import Flat
from munu.detectors.quenching import Unquenched
from munu.detectors.resolution import Perfect
from munu.experiments.model import CountingExperiment
from munu.folding.fold import fold

KG_PER_100_T: Final = 1e5
LEAST_RECOIL_KEV: Final = 1e-3
"""Below the binding energy of any electron in the tables."""


def interactions_per_day_100_t(experiment: CountingExperiment) -> dict[str, float]:
    """Return the Standard Model interactions per day in 100 t of target, by beam.

    Recoils of all energies above 1 eV count. Electrons that are bound tighter than the energy
    transferred do not.

    Parameters
    ----------
    experiment : CountingExperiment
        Its source, target and cross sections; its detector and exposure do not matter.
    """
    edges = np.array([LEAST_RECOIL_KEV, np.inf])
    counts = fold(
        replace(
            experiment,
            detector=Detector("recoil", edges, Unquenched(), Flat(1.0), Perfect()),
            axes=(),
            variants=(),
            mass_kg=KG_PER_100_T,
            further_targets=(),
            live_time_s=SECONDS_PER_DAY,
        )
    )
    rates = dict.fromkeys(counts.beams, 0.0)
    for beam, events in zip(counts.beams, counts.sm_events.sum(axis=1).tolist(), strict=True):
        rates[beam] += events
    return rates
