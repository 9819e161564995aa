"""Remarks about tables: coarse rows, energies in another unit, events outside of the bins."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Final

import numpy as np

from munu.analysis.checks.curves import coarse, cut
from munu.analysis.checks.reach import largest_observable, least_neutrino_mev
from munu.analysis.checks.remark import Remark, told_apart
from munu.analysis.checks.spectra import spectrum_remarks
from munu.detectors.arrival import TabulatedPulse
from munu.detectors.axes import ArrivalTime
from munu.detectors.efficiency import TabulatedEfficiency
from munu.detectors.matrix import MatrixResponse
from munu.detectors.quenching import TabulatedQuenching
from munu.detectors.tabulated_resolution import TabulatedWidth
from munu.experiments.model import CountingExperiment, Experiment, counting_part
from munu.folding.nothing_counted import endpoint_mev
from munu.statistics.specification import Counts

LARGEST_PULSE_END: Final = 0.05
"""Of the largest intensity."""

LEVEL: Final = 0.02
"""Relative change between the last rows of an efficiency on a plateau."""

LEAST_SHARE: Final = 1e-3
"""Of the area below an efficiency that the way between its rows decides: less is no matter."""


def table_remarks(experiment: Experiment) -> Iterator[Remark]:
    """Check the tables of fluxes and of responses; they are not folded."""
    counting = counting_part(experiment)
    least = np.inf if counting is None else least_neutrino_mev(counting)
    yield from spectrum_remarks(experiment.source, least)
    if counting is None:
        return
    yield from _events(counting)
    yield from _pulses(counting)
    for part in counting.parts():
        yield from _response(part)


def _events(counting: CountingExperiment) -> Iterator[Remark]:
    statistic = counting.statistic
    if isinstance(statistic, Counts) and statistic.outside:
        number = statistic.outside
        verbs = "event of the list lies", "is"
        if number > 1:
            verbs = "events of the list lie", "are"
        message = f"{number} {verbs[0]} outside of the bins and {verbs[1]} left out"
        yield Remark("statistic.observed", message)


def _response(counting: CountingExperiment) -> Iterator[Remark]:
    """Check the tables of the response to the recoils of one target."""
    if counting.detector.matrix is not None:
        yield from _matrix(counting, counting.detector.matrix)
        return
    yield from _ends(counting)
    detector = counting.detector
    efficiency, quenching, width = detector.efficiency, detector.quenching, detector.resolution
    unit, key = detector.unit, "detector."
    if isinstance(efficiency, TabulatedEfficiency):
        x, y = efficiency.observable, efficiency.value
        yield from coarse(f"{key}efficiency", unit, x, y, efficiency.interpolation, LEAST_SHARE)
    if isinstance(quenching, TabulatedQuenching):
        x, y = quenching.recoil_energy_kev, quenching.factor
        yield from coarse(f"{key}quenching", "keV", x, y, quenching.interpolation)
    if isinstance(width, TabulatedWidth):
        yield from coarse(f"{key}resolution", unit, width.mean, width.width, width.interpolation)


def _pulses(experiment: CountingExperiment) -> Iterator[Remark]:
    for axis in experiment.axes:
        if isinstance(axis, ArrivalTime) and isinstance(axis.shape, TabulatedPulse):
            end, pulse = float(axis.shape.edges_us[-1]), axis.shape.intensity
            yield from cut(f"axes.{axis.name}", "beam pulse", end, "us", pulse, LARGEST_PULSE_END)


def _ends(experiment: CountingExperiment) -> Iterator[Remark]:
    """Remark on an efficiency whose table ends inside the window, not on a plateau, or misses it.

    A table that lies below or above all that is counted says nothing about it, plateau or not.
    """
    detector, efficiency = experiment.detector, experiment.detector.efficiency
    if not isinstance(efficiency, TabulatedEfficiency):
        return
    start, end = efficiency.observable[0], efficiency.observable[-1]
    low, high = float(detector.bin_edges[0]), largest_observable(experiment)
    before, last = efficiency.value[-2:]
    if end <= low or start >= high > low:
        yield Remark(
            "detector.efficiency",
            f"its table, from {start:g} to {end:g} {detector.unit}, lies outside of what is"
            f" counted, from {low:g} to {high:.3g} {detector.unit}: is its unit right?",
        )
    elif end < high and abs(last - before) > LEVEL * last:
        yield Remark(
            "detector.efficiency",
            f"its table ends at {end:g} {detector.unit}, and its last value is taken up to"
            f" {told_apart(high, end)} {detector.unit}",
        )


def _matrix(experiment: CountingExperiment, response: MatrixResponse) -> Iterator[Remark]:
    """Remark on a response that ends below the recoils' endpoint, or whose rows are far apart."""
    endpoint, key = np.array([endpoint_mev(experiment)]), "detector.response"
    ends = [
        (float(centre.maximum_recoil_kev(endpoint)[0]), centre)
        for centre, _ in experiment.centres()
    ]
    lightest = {end[1].recoil: end for end in sorted(ends, key=itemgetter(0))}
    for highest, centre in lightest.values():
        matrix = response.to(centre.nucleus)
        end, last = float(matrix.energies_kev[-1]), float(matrix.efficiency[-1])
        if end < highest and last > 0:
            yield Remark(
                key,
                f"it ends at {end:g} keV with {100 * last:.3g} % counted, and recoils of"
                f" {centre.name} reach {told_apart(highest, end, 4)} keV: nothing is counted above"
                " its end",
            )
        rows, counted = matrix.energies_kev, matrix.efficiency
        yield from coarse(key, "keV", rows, counted, matrix.interpolation, LEAST_SHARE)
