"""Remarks about thresholds, efficiencies and quenching."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np

from munu.analysis.checks.reach import largest_observable
from munu.analysis.checks.remark import Remark, told_apart, unusual
from munu.base.typing import FloatArray
from munu.detectors.efficiency import Logistic
from munu.detectors.quenching import Lindhard, Polynomial, Unquenched
from munu.experiments.model import CountingExperiment
from munu.physics.centres import ScatteringCentre

MEASURED_GERMANIUM_KEV: Final = 0.4
"""Least recoil at which Lindhard's theory was confirmed in germanium (arXiv:2202.03754)."""

USUAL_NEGATIVE_PART: Final = 0.2
"""Part of the window in which a fitted curve may be negative; COHERENT's published fit for caesium
iodide (arXiv:2110.07730) is, below 7 of 60 photoelectrons."""

USUAL_LIGHT_YIELD: Final = (2.0, 100.0)
"""Of electrons; that of nuclear recoils in caesium iodide is 1.17 PE/keV (arXiv:1905.03750)."""


def detector_remarks(experiment: CountingExperiment) -> Iterator[Remark]:
    """Check what the detector counts for every kind of recoil, of each target."""
    for part in experiment.parts():
        yield from _of_target(part)


def _of_target(experiment: CountingExperiment) -> Iterator[Remark]:
    components = experiment.source.components(experiment.mixing)
    endpoint = max(c.spectrum.endpoint_mev for c in components)
    by_parts = experiment.detector.matrix is None
    if by_parts:
        yield from _efficiency(experiment)
        yield from _unquenched(experiment)
        yield from _light_yield(experiment)
    for name, channels in _by_element(experiment).items():
        highest = max(_highest_recoil_kev(centre, endpoint) for centre in channels)
        seen = np.sort(np.concatenate([_counted(experiment, c, endpoint) for c in channels]))
        if not seen.size:
            message = f"recoils of {name} reach {highest:.3g} keV, and none is counted"
            yield Remark("detector", message)
        elif by_parts and channels[0].nucleus is not None:
            yield from _quenching(experiment, channels[0].nucleus.symbol, seen)


def _by_element(experiment: CountingExperiment) -> dict[str, list[ScatteringCentre]]:
    """Return the kinds of recoils, the isotopes of an element together: they differ little."""
    found: defaultdict[str, list[ScatteringCentre]] = defaultdict(list)
    for centre, _ in experiment.centres():
        found[centre.name if centre.nucleus is None else centre.nucleus.symbol].append(centre)
    return found


def _highest_recoil_kev(centre: ScatteringCentre, endpoint_mev: float) -> float:
    return float(centre.maximum_recoil_kev(np.array([endpoint_mev]))[0])


def _counted(
    experiment: CountingExperiment, centre: ScatteringCentre, endpoint_mev: float
) -> FloatArray:
    """Return the recoil energies (keV) that are counted, on a grid."""
    highest = _highest_recoil_kev(centre, endpoint_mev)
    recoils = np.geomspace(1e-6 * highest, highest, 400)
    passed = experiment.detector.acceptance(recoils, centre.nucleus).sum(axis=1)
    return np.asarray(recoils[passed > 1e-6])


def _efficiency(experiment: CountingExperiment) -> Iterator[Remark]:
    detector, efficiency = experiment.detector, experiment.detector.efficiency
    if isinstance(efficiency, Logistic):
        heights = [height for _, height in efficiency.steps] or [1.0]
        top = max(heights) * (efficiency.plateau + efficiency.offset)
        if top > 1:
            message = f"the curve rises to {top:.3g}; it is cut at 1"
            yield Remark("detector.efficiency", message)
    low = detector.bin_edges[0]
    high = largest_observable(experiment)
    if isinstance(efficiency, Logistic) and low < high:
        curve = efficiency.curve(np.linspace(low, high, 500))
        if np.mean(curve < 0) > USUAL_NEGATIVE_PART:
            message = f"the curve is {curve[0]:.3g} at {low:.3g} {detector.unit}; it is cut at 0"
            yield Remark("detector.efficiency", message)
    if low < high and not np.any(efficiency(np.linspace(low, high, 500)) > 0):
        message = f"it is zero from {low:.3g} to {high:.3g} {detector.unit}: nothing is counted"
        yield Remark("detector.efficiency", message)


def _unquenched(experiment: CountingExperiment) -> Iterator[Remark]:
    """Remark on nuclear recoils whose energy all becomes ionisation."""
    detector = experiment.detector
    is_full = isinstance(detector.quenching, Unquenched) and detector.observable == "ionisation"
    if is_full and "nuclear" in experiment.recoils:
        yield Remark(
            "detector.quenching",
            "nuclear recoils are measured at their whole energy, as electrons are; give their"
            ' quenching, or observable = "recoil" if the bins are recoil energies',
        )


def _light_yield(experiment: CountingExperiment) -> Iterator[Remark]:
    """Remark on a yield of electrons that looks like that of nuclear recoils."""
    detector = experiment.detector
    whole = isinstance(detector.quenching, Unquenched) and experiment.recoils == ("electron",)
    if whole and detector.observable == "photoelectrons":
        name, own = "light yield of electrons", detector.light_yield_pe_per_kev
        yield from unusual("detector.light_yield", name, own, USUAL_LIGHT_YIELD, "PE/keVee")


def _quenching(experiment: CountingExperiment, element: str, seen: FloatArray) -> Iterator[Remark]:
    detector = experiment.detector
    if detector.observable == "recoil":
        return
    low, high = detector.quenching.validity_kev()
    if seen[0] < low or seen[-1] > high:
        first, last = told_apart(seen[0], low), told_apart(seen[-1], high)
        yield Remark(
            "detector.quenching",
            f"recoils of {element} from {first} to {last} keV are counted;"
            f" the model holds from {low:g} to {high:g} keV",
        )
    if isinstance(detector.quenching, Polynomial):
        largest = float(detector.quenching.unclipped(seen).max())
        if largest > 1:
            message = f"the quenching factor rises to {largest:.3g}; it is cut at 1"
            yield Remark("detector.quenching", message)
    is_germanium = isinstance(detector.quenching, Lindhard) and element == "Ge"
    if is_germanium and seen[0] < MEASURED_GERMANIUM_KEV:
        yield Remark(
            "detector.quenching",
            f"recoils of {element} from {told_apart(seen[0], MEASURED_GERMANIUM_KEV)} keV are"
            " counted; Lindhard's theory is"
            f" confirmed in germanium from {MEASURED_GERMANIUM_KEV:g} keV (arXiv:2202.03754)",
        )
