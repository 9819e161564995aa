"""Remarks about the counts: expected, observed, and their uncertainty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from munu.analysis.checks.remark import Remark
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment
from munu.folding.fold import fold
from munu.results.core.table import significant
from munu.statistics.shared_nuisances import shared_nuisances
from munu.statistics.specification import (
    Background,
    ControlRegion,
    Counts,
    FirstRun,
    Projection,
)

FEW_EVENTS: Final = 10.0
"""Below it a Gaussian is a poor stand-in for a Poisson distribution."""

LARGE_PULL: Final = 4.0
"""Standard deviations between observation and Standard Model that deserve a look."""

MANY: Final = 1000.0
"""Standard deviations that are written with three digits, from here on."""


def counts_remarks(experiment: CountingExperiment) -> Iterator[Remark]:
    """Compare counts with the Standard Model's, folded for the purpose."""
    sm = fold(experiment).sm_total()
    statistic = experiment.statistic
    if isinstance(statistic, FirstRun):
        expected = float(sm.sum()) + statistic.prompt_neutrons
        variance = statistic.observed + statistic.prompt_neutrons + 2 * statistic.steady_state
        variance += (statistic.sigma_signal * float(sm.sum())) ** 2
        yield from _pull(statistic.observed, expected, variance)
    elif isinstance(statistic, Projection):
        yield from _few(sm, "the Standard Model gives")
    elif isinstance(statistic, Counts):
        yield from _binned(statistic, sm)
        variants = [variant.name for variant in experiment.variants]
        for region in statistic.control_regions:
            yield from _control_region(statistic, region, variants)


def _binned(statistic: Counts, sm: FloatArray) -> Iterator[Remark]:
    off = statistic.off_beam
    steady = np.zeros(sm.size) if off is None else off.steady
    expected = sm + steady + sum((b.events for b in statistic.backgrounds), np.zeros(sm.size))
    if statistic.kind == "gaussian" and statistic.variance is None:
        yield from _few(expected, "signal and backgrounds give")
    yield from _negative(statistic)
    if statistic.observed is not None:
        total = float(expected.sum())
        variance = total if statistic.variance is None else float(statistic.variance.sum())
        if statistic.covariance is not None:
            variance = float(statistic.covariance.sum())
        variance += (statistic.sigma_signal * float(sm.sum())) ** 2
        variance += _background_variance(statistic.backgrounds)
        variance += 0.0 if off is None else float(off.counts.sum()) / off.ratio**2
        yield from _pull(float(statistic.observed.sum()), total, variance)


def _negative(statistic: Counts) -> Iterator[Remark]:
    """Remark on counts and backgrounds below zero, which only a difference has."""
    regions: dict[str, Counts | ControlRegion] = {"statistic.": statistic}
    regions |= {f"statistic.control_regions.{r.name}.": r for r in statistic.control_regions}
    for where, bins in regions.items():
        found = [] if bins.observed is None else [(f"{where}observed", bins.observed)]
        for background in bins.backgrounds:
            sides = [side for shape in background.shapes for side in (shape.minus, shape.plus)]
            all_events = np.concatenate([background.events, *sides])
            found.append((f"{where}backgrounds.{background.name}", all_events))
        for key, events in found:
            if np.any(events < 0):
                message = (
                    f"{events.min():g} events in a bin: are they a difference, as on minus off?"
                )
                yield Remark(key, message)


def _control_region(
    statistic: Counts, region: ControlRegion, variants: list[str]
) -> Iterator[Remark]:
    """Compare counts with the backgrounds alone."""
    key, expected = f"statistic.control_regions.{region.name}", region.expected()
    if statistic.kind == "gaussian" and region.variance is None:
        yield from _few(expected, f"the backgrounds of control region '{region.name}' give", key)
    if region.observed is not None:
        total = float(expected.sum())
        variance = total if region.variance is None else float(region.variance.sum())
        variance += _background_variance(region.backgrounds)
        observed = float(region.observed.sum())
        yield from _pull(observed, total, variance, f"{key}.observed", "the backgrounds give")
    if not shared_nuisances(statistic, region, variants):
        yield Remark(key, "it shares no nuisance with other bins, and so tells nothing about them")


def _background_variance(backgrounds: Iterable[Background]) -> float:
    return sum((b.sigma * float(b.events.sum())) ** 2 for b in backgrounds)


def _pull(
    observed: float,
    expected: float,
    variance: float,
    key: str = "statistic.observed",
    text: str = "the Standard Model and the backgrounds give",
) -> Iterator[Remark]:
    if observed == expected:
        return
    apart = abs(observed - expected) / np.sqrt(variance) if variance > 0 else np.inf
    if apart > LARGE_PULL:
        events = "event is" if observed == 1 else "events are"
        how_far = "no event is expected there"
        if np.isfinite(apart):
            digits = f"{apart:.1f}" if apart < MANY else significant(apart)
            how_far = f"{digits} standard deviations apart"
        yield Remark(
            key,
            f"{observed:.10g} {events} observed where {text} {significant(expected, 4)}: {how_far}",
        )


def _few(events: FloatArray, text: str, key: str = "statistic.kind") -> Iterator[Remark]:
    fewest = float(events.min())
    if fewest < FEW_EVENTS:
        yield Remark(
            key,
            f"{text} {fewest:.3g} events in a bin, few for a Gaussian statistic; consider"
            ' kind = "poisson"',
        )
