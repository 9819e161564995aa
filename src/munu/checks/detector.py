"""Remarks about thresholds, efficiencies and quenching."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from munu.channels import Channel
from munu.checks.remark import Remark
from munu.detectors.efficiency import Logistic
from munu.detectors.quenching import Lindhard, Polynomial
from munu.experiments.model import CountingExperiment
from munu.typing import FloatArray

MEASURED_GERMANIUM_KEV: Final = 0.4
"""Least recoil at which Lindhard's theory was confirmed in germanium (arXiv:2202.03754)."""

USUAL_NEGATIVE_PART: Final = 0.2
"""Part of the window in which a fitted curve may be negative; COHERENT's published fit for caesium
iodide (arXiv:2110.07730) is, below 7 of 60 photoelectrons."""


def detector_remarks(experiment: CountingExperiment) -> Iterator[Remark]:
    """Check what the detector counts for every kind of recoil."""
    endpoint = max(c.spectrum.endpoint_mev for c in experiment.source.components())
    yield from _efficiency(experiment, endpoint)
    for channel, _ in experiment.channels():
        highest = float(channel.maximum_recoil_kev(np.array([endpoint]))[0])
        recoils = np.geomspace(1e-6 * highest, highest, 400)
        seen = recoils[experiment.detector.acceptance(recoils, channel.nucleus).sum(axis=1) > 1e-6]
        if not seen.size:
            message = f"recoils of {channel.name} reach {highest:.3g} keV, and none is counted"
            yield Remark("detector", message)
        elif channel.nucleus is not None:
            yield from _quenching(experiment, channel, seen)


def _efficiency(experiment: CountingExperiment, endpoint_mev: float) -> Iterator[Remark]:
    detector, efficiency = experiment.detector, experiment.detector.efficiency
    if isinstance(efficiency, Logistic):
        heights = [height for _, height in efficiency.steps] or [1.0]
        top = max(heights) * (efficiency.plateau + efficiency.offset)
        if top > 1:
            message = f"the curve rises to {top:.3g}; it is cut at 1"
            yield Remark("detector.efficiency", message)
    low = detector.bin_edges[0]
    high = _largest_observable(experiment, endpoint_mev)
    if isinstance(efficiency, Logistic) and low < high:
        curve = efficiency.curve(np.linspace(low, high, 500))
        if np.mean(curve < 0) > USUAL_NEGATIVE_PART:
            message = f"the curve is {curve[0]:.3g} at {low:.3g} {detector.unit}; it is cut at 0"
            yield Remark("detector.efficiency", message)
    if low < high and not np.any(efficiency(np.linspace(low, high, 500)) > 0):
        message = f"it is zero from {low:.3g} to {high:.3g} {detector.unit}: nothing is counted"
        yield Remark("detector.efficiency", message)


def _largest_observable(experiment: CountingExperiment, endpoint_mev: float) -> float:
    """Return the end of the analysis window or of the recoils, whichever comes first."""
    detector = experiment.detector
    tops = [
        float(detector.mean_observable(channel.maximum_recoil_kev(endpoint), channel.nucleus)[0])
        for channel, _ in experiment.channels()
        for endpoint in [np.array([endpoint_mev])]
    ]
    return min(float(detector.bin_edges[-1]), max(tops))


def _quenching(
    experiment: CountingExperiment, channel: Channel, seen: FloatArray
) -> Iterator[Remark]:
    detector, nucleus = experiment.detector, channel.nucleus
    if detector.observable == "recoil" or nucleus is None:
        return
    low, high = detector.quenching.validity_kev()
    if seen[0] < low or seen[-1] > high:
        yield Remark(
            "detector.quenching",
            f"recoils of {nucleus.name} from {seen[0]:.3g} to {seen[-1]:.3g} keV are counted;"
            f" the model holds from {low:g} to {high:g} keV",
        )
    if isinstance(detector.quenching, Polynomial):
        largest = float(detector.quenching.unclipped(seen).max())
        if largest > 1:
            message = f"the quenching factor rises to {largest:.3g}; it is cut at 1"
            yield Remark("detector.quenching", message)
    is_germanium = isinstance(detector.quenching, Lindhard) and nucleus.symbol == "Ge"
    if is_germanium and seen[0] < MEASURED_GERMANIUM_KEV:
        yield Remark(
            "detector.quenching",
            f"recoils of {nucleus.name} from {seen[0]:.3g} keV are counted; Lindhard's theory is"
            f" confirmed in germanium from {MEASURED_GERMANIUM_KEV:g} keV (arXiv:2202.03754)",
        )
