"""An unbinned likelihood of a list of events, as that of cells in which hardly one lies.

Bins that are cut into narrower and narrower cells have, up to a constant, the likelihood

    -2 ln L = 2 (expected events) - 2 sum over events of ln(density of expected events there),

and rounding an event to its cell of width w, beside a resolution or a spectrum of width s, changes
the logarithm by (w/s)^2 / 24. Toys and expected limits are those of the same cells.
"""

from __future__ import annotations

from dataclasses import replace
from math import floor, prod
from typing import TYPE_CHECKING, Final

import numpy as np

from munu import detectors
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment, FurtherTarget, Measurement, Variant
from munu.experiments.schema.context import Context
from munu.experiments.schema.events import EventsSection
from munu.statistics.specification import Background, BackgroundShape, Counts

if TYPE_CHECKING:
    from munu.detectors.axes import Axis
    from munu.detectors.detector import Detector

MOST_CELLS: Final = 1000
"""Cells of all bins together; bins are cut alike, in as many as this allows."""


def in_cells(
    experiment: CountingExperiment, events: EventsSection, context: Context
) -> CountingExperiment:
    """Return an experiment with its bins cut into cells, and its events counted in those.

    The detector's observable and the arrival time are cut; backgrounds are flat within a bin.

    Raises
    ------
    MunuError
        For a likelihood that is not Poisson, counts off beam, a response matrix, a bin without an
        upper end, and more bins than can be cut.
    """
    statistic = experiment.statistic
    _check(experiment)
    assert isinstance(statistic, Counts)
    cut = [True, *(isinstance(axis, detectors.axes.ArrivalTime) for axis in experiment.axes)]
    sizes = [edges.size - 1 for _, edges in context.axes]
    pieces = floor((MOST_CELLS / prod(sizes)) ** (1 / sum(cut)))
    if pieces < 2:
        message = f"{prod(sizes)} bins are too many to cut into cells, of which {MOST_CELLS} are"
        raise MunuError(f"{message} taken", "Give fewer and wider bins, or leave unbinned out")
    factors = [pieces if own else 1 for own in cut]
    measurement = _measurement(experiment.measurement(), factors)
    inner = context.with_bins(measurement.detector, measurement.axes)
    observed, outside = events.counts(inner)
    note = (
        f"The likelihood of the events is unbinned: bins are cut into {pieces} cells"
        f"{' along each observable' if sum(cut) > 1 else ''}, {observed.size} in all. Backgrounds"
        " are flat within a bin. Such a likelihood is no test of the goodness of a fit."
    )
    return replace(
        experiment,
        identity=replace(experiment.identity, notes=(*experiment.identity.notes, note)),
        detector=measurement.detector,
        axes=measurement.axes,
        variants=tuple(
            Variant(one.name, *(_measurement(side, factors) for side in (one.minus, one.plus)))
            for one in experiment.variants
        ),
        further_targets=tuple(_further(one, pieces) for one in experiment.further_targets),
        statistic=replace(
            statistic,
            observed=observed,
            outside=outside,
            backgrounds=tuple(_background(b, sizes, factors) for b in statistic.backgrounds),
        ),
    )


def _check(experiment: CountingExperiment) -> None:
    """Raise `MunuError` for what has no unbinned likelihood."""
    statistic, detector = experiment.statistic, experiment.detector
    if not isinstance(statistic, Counts) or statistic.kind != "poisson":
        raise MunuError("an unbinned likelihood is that of a Poisson process", 'Use "poisson"')
    if statistic.off_beam is not None:
        raise MunuError("counts off beam are per bin", "Leave out unbinned, or off_beam")
    if detector.matrix is not None:
        raise MunuError("a response matrix is per bin", "Leave out unbinned")
    if not np.isfinite(detector.bin_edges[-1]):
        raise MunuError("the last bin has no upper end", "Give the detector an upper end")


def _finer(edges: FloatArray, factor: int) -> FloatArray:
    """Return edges with each bin cut into as many equal cells."""
    positions = np.arange((edges.size - 1) * factor + 1) / factor
    return np.interp(positions, np.arange(edges.size), edges)


def _detector(detector: Detector, factor: int) -> Detector:
    return replace(detector, bin_edges=_finer(detector.bin_edges, factor))


def _further(target: FurtherTarget, factor: int) -> FurtherTarget:
    return replace(
        target,
        detector=_detector(target.detector, factor),
        varied=tuple(
            (_detector(minus, factor), _detector(plus, factor)) for minus, plus in target.varied
        ),
    )


def _measurement(measurement: Measurement, factors: list[int]) -> Measurement:
    return replace(
        measurement,
        detector=_detector(measurement.detector, factors[0]),
        axes=tuple(map(_axis, measurement.axes, factors[1:])),
    )


def _axis(axis: Axis, factor: int) -> Axis:
    if not isinstance(axis, detectors.axes.ArrivalTime):
        return axis
    return replace(axis, edges=_finer(axis.edges, factor))


def _spread(counts: FloatArray, sizes: list[int], factors: list[int]) -> FloatArray:
    """Return counts per bin as counts per cell, each bin's divided equally."""
    found = np.reshape(counts, sizes)
    for number, factor in enumerate(factors):
        found = np.repeat(found, factor, axis=number) / factor
    return found.ravel()


def _background(background: Background, sizes: list[int], factors: list[int]) -> Background:
    shapes = tuple(
        BackgroundShape(
            one.name, _spread(one.minus, sizes, factors), _spread(one.plus, sizes, factors)
        )
        for one in background.shapes
    )
    events = _spread(background.events, sizes, factors)
    return replace(background, events=events, shapes=shapes)
