"""Remarks about the axes beside the energy: what arrives outside their bins, or in one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from munu.analysis.checks.remark import Remark
from munu.base.typing import FloatArray
from munu.detectors.axes import ArrivalTime
from munu.experiments.model import CountingExperiment

LEAST_WITHIN: Final = 0.05
"""Of a beam, within the bins in time: a window that is meant for a beam holds more of it."""
ALL_IN_ONE: Final = 0.999
"""Of what arrives of every beam: in one bin of several, the axis tells nothing."""


def axes_remarks(experiment: CountingExperiment) -> Iterator[Remark]:
    """Check when each beam arrives, nominally and in shape variants."""
    beams = dict.fromkeys(c.own_beam for c in experiment.source.components(experiment.mixing))
    for axis in experiment.axes:
        if isinstance(axis, ArrivalTime):
            yield from _arrival(f"axes.{axis.name}", axis, list(beams))
    for variant in experiment.variants:
        for side, measurement in (("minus", variant.minus), ("plus", variant.plus)):
            for axis in measurement.axes:
                if isinstance(axis, ArrivalTime) and axis not in experiment.axes:
                    key = f"variants.{variant.name}.{side}.axes.{axis.name}"
                    yield from _arrival(key, axis, list(beams))


def _arrival(key: str, axis: ArrivalTime, beams: list[str]) -> Iterator[Remark]:
    low, high = axis.edges[[0, -1]]
    shares = np.array([np.diff(axis.shape.cumulative(beam, axis.edges)) for beam in beams])
    within = shares.sum(axis=1)
    for beam, share in zip(beams, within.tolist(), strict=True):
        if share < LEAST_WITHIN:
            yield Remark(
                key,
                f"{100 * share:.2g} % of the {beam} neutrinos arrive from {low:g} to {high:g} us"
                f" ({axis.shape.describe()}); are both in one unit?",
            )
    if axis.n_bins > 1 and np.all(within >= LEAST_WITHIN) and _in_one_bin(shares):
        first = int(np.argmax(shares[0]))
        start, end = axis.edges[first : first + 2]
        yield Remark(
            key,
            f"every beam arrives in one bin, {start:g} to {end:g} us, and the others tell nothing;"
            " are the edges in us?",
        )


def _in_one_bin(shares: FloatArray) -> bool:
    """Tell whether one bin has nearly all of what arrives of each beam, (n_beams, n_bins)."""
    return bool(np.any(np.all(shares > ALL_IN_ONE * shares.sum(axis=1, keepdims=True), axis=0)))
