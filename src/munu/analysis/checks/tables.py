"""Remarks about tables: coarse rows, energies in another unit, events outside of the bins."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Final, TypeAlias

import numpy as np

from munu.analysis.checks.reach import largest_observable
from munu.analysis.checks.remark import Remark
from munu.base.interpolation import Between, between_rows
from munu.base.typing import FloatArray
from munu.detectors.arrival import TabulatedPulse
from munu.detectors.axes import ArrivalTime
from munu.detectors.efficiency import TabulatedEfficiency
from munu.detectors.matrix import MatrixResponse
from munu.detectors.quenching import TabulatedQuenching
from munu.detectors.tabulated_resolution import TabulatedWidth
from munu.experiments.model import CountingExperiment, Experiment, counting_part
from munu.folding.nothing_counted import LEAST_ENDPOINT_MEV, endpoint_mev, unit_hint
from munu.results.core.table import significant
from munu.sources.own_fission_spectra import OwnFissionSpectra
from munu.sources.reactor import ReactorSource
from munu.sources.several import each
from munu.sources.tabulated import TabulatedSource
from munu.statistics.specification import Counts

Column: TypeAlias = tuple[float, ...] | FloatArray
BOTH: Final[tuple[Between, Between]] = ("linear", "log")
LARGEST_RATIO: Final = 2.0
"""Of neighbouring rows. An exponential that falls by two lies up to 6 % below a straight line."""

LARGEST_FLUX_END: Final = 0.01
"""Of the largest flux: what a table that reaches the end of a spectrum may end with."""

LARGEST_PULSE_END: Final = 0.05
"""Of the largest intensity."""

LEVEL: Final = 0.02
"""Relative change between the last rows of an efficiency on a plateau."""

LEAST_SHARE: Final = 1e-3
"""Of the area below an efficiency that the way between its rows decides: less is no matter."""


def table_remarks(experiment: Experiment) -> Iterator[Remark]:
    """Check the tables of fluxes and of responses; they are not folded."""
    for key, source in each(experiment.source):
        if isinstance(source, TabulatedSource):
            yield from _flux(key, source)
        elif isinstance(source, ReactorSource):
            yield from _fission(key, source)
    counting = counting_part(experiment)
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
        yield from _coarse(f"{key}efficiency", unit, x, y, efficiency.interpolation, LEAST_SHARE)
    if isinstance(quenching, TabulatedQuenching):
        x, y = quenching.recoil_energy_kev, quenching.factor
        yield from _coarse(f"{key}quenching", "keV", x, y, quenching.interpolation)
    if isinstance(width, TabulatedWidth):
        yield from _coarse(f"{key}resolution", unit, width.mean, width.width, width.interpolation)


def _flux(key: str, source: TabulatedSource) -> Iterator[Remark]:
    energies, flux = source.energies_mev, source.flux_per_cm2_s_mev
    yield from _coarse(key, "MeV", energies, flux, source.interpolation)
    if flux.size:
        yield from _cut(key, "flux", float(energies[-1]), "MeV", flux, LARGEST_FLUX_END)
    endpoint = source.components()[0].spectrum.endpoint_mev
    if endpoint < LEAST_ENDPOINT_MEV:
        yield Remark(key, unit_hint(endpoint))


def _fission(key: str, source: ReactorSource) -> Iterator[Remark]:
    if isinstance(source.high_energy, OwnFissionSpectra):
        for isotope, table in source.high_energy.tables:
            own, x, y = f"{key}.high_energy.{isotope}", table.energies_mev, table.per_fission
            yield from _coarse(own, "MeV", x, y, table.interpolation)


def _pulses(experiment: CountingExperiment) -> Iterator[Remark]:
    for axis in experiment.axes:
        if isinstance(axis, ArrivalTime) and isinstance(axis.shape, TabulatedPulse):
            end, pulse = float(axis.shape.edges_us[-1]), axis.shape.intensity
            yield from _cut(f"axes.{axis.name}", "beam pulse", end, "us", pulse, LARGEST_PULSE_END)


def _cut(
    key: str, what: str, end: float, unit: str, y: FloatArray, largest: float
) -> Iterator[Remark]:
    """Remark on a table that ends while its curve is still a sizeable part of its largest value."""
    share = 100 * float(y[-1] / y.max()) if y.any() else 0.0
    if share > 100 * largest:
        yield Remark(
            key,
            f"the {what} ends at {end:g} {unit} with {significant(share, 2)} % of its largest"
            " value, and is zero above; is its table complete?",
        )


def _ends(experiment: CountingExperiment) -> Iterator[Remark]:
    """Remark on an efficiency whose table ends inside the window, not on a plateau."""
    detector, efficiency = experiment.detector, experiment.detector.efficiency
    if isinstance(efficiency, TabulatedEfficiency):
        end, high = efficiency.observable[-1], largest_observable(experiment)
        before, last = efficiency.value[-2:]
        if end < high and abs(last - before) > LEVEL * last:
            yield Remark(
                "detector.efficiency",
                f"its table ends at {end:g} {detector.unit}, and its last value is taken up to"
                f" {high:.3g} {detector.unit}",
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
                f" {centre.name} reach {highest:.4g} keV: nothing is counted above its end",
            )
        rows, counted = matrix.energies_kev, matrix.efficiency
        yield from _coarse(key, "keV", rows, counted, matrix.interpolation, LEAST_SHARE)


def _coarse(
    key: str, unit: str, x: Column, y: Column, how: Between, least: float = 0.0
) -> Iterator[Remark]:
    """Remark on neighbouring rows, both above zero, that differ by more than a factor of two.

    How much straight lines lie above an exponential is told as a share of the area below them;
    below the least share nothing is. A first row at zero energy is no measurement.
    """
    xs, ys = np.array(x), np.array(y)
    low, high = np.minimum(ys[1:], ys[:-1]), np.maximum(ys[1:], ys[:-1])
    steep = np.flatnonzero((low > 0) & (high > LARGEST_RATIO * low) & (xs[:-1] > 0))
    if how == "log" or not steep.size:
        return
    fine = np.linspace(xs[:-1], xs[1:], 33).T.ravel()
    straight, bent = (np.trapezoid(between_rows(fine, xs, ys, one), fine) for one in BOTH)
    share, first, n = 100 * float(1 - bent / straight), steep[0], steep.size
    if share >= 100 * least:
        yield Remark(
            key,
            f"{n} pair{'s' * (n > 1)} of neighbouring rows of the table differ{'s' * (n == 1)} by"
            f" more than a factor of two, the first from {xs[first]:g} to {xs[first + 1]:g} {unit};"
            f" straight lines lie above an exponential, here by {significant(share, 2)} % of"
            ' the area: give more rows or interpolation = "log"',
        )
