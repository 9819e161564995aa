"""Remarks about fractions, factors and numbers of events that look like one another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from munu.analysis.checks.remark import Remark
from munu.base.units import UNCERTAINTY
from munu.experiments.model import CountingExperiment
from munu.statistics.specification import Background, Counts, StatisticSpecification

FREE: Final = UNCERTAINTY.high
"""What says that nothing is known of a normalisation."""

USUAL_SHAPE: Final = (0.1, 10.0)
"""Events of a side of a background's shape over those of the background."""

LARGEST_FLUX_FACTOR: Final = 2.0
"""Of a variant: the flux of which nothing is known, between none and twice as much."""


def flux_factor_remarks(experiment: CountingExperiment) -> Iterator[Remark]:
    """Remark on variants that multiply a flux by more than two, as per cent do."""
    for variant in experiment.variants:
        for side, measurement in (("minus", variant.minus), ("plus", variant.plus)):
            for beam, factor in measurement.flux_factors:
                if factor > LARGEST_FLUX_FACTOR:
                    yield Remark(
                        f"variants.{variant.name}.{side}.fluxes.{beam}",
                        f"the flux of {beam} is multiplied by {factor:g}: write 1.06 for 6 % more,"
                        f" and 0 and {LARGEST_FLUX_FACTOR:g} for one of which nothing is known",
                    )


def uncertainty_remarks(statistic: StatisticSpecification) -> Iterator[Remark]:
    """Remark on uncertainties above 100 % that do not leave their normalisation free."""
    for key, sigma in _fractions(statistic):
        if 1 < sigma < FREE:
            yield Remark(
                key,
                f"{sigma:g} is {100 * sigma:g} % of the events: write {sigma:g} % as"
                f' "{sigma:g} %", an absolute error as its share of them, and {FREE:g} for a'
                " normalisation of which nothing is known",
            )


def _fractions(statistic: StatisticSpecification) -> Iterator[tuple[str, float]]:
    """Yield the fractional uncertainties of a statistic by their keys.

    Shared ones are parts of that of the signal.
    """
    for name in ("sigma_signal", "sigma_background", "sigma_stat", "sigma_sys"):
        if hasattr(statistic, name):
            yield f"statistic.{name}", float(getattr(statistic, name))
    for where, background in _backgrounds(statistic):
        yield f"{where}.backgrounds.{background.name}.sigma", background.sigma


def shape_remarks(statistic: StatisticSpecification) -> Iterator[Remark]:
    """Remark on shapes of a background whose sides look like ratios to it, or like per cent."""
    low, high = USUAL_SHAPE
    for where, background in _backgrounds(statistic):
        events = float(background.events.sum())
        for shape in background.shapes:
            sides = [float(side.sum()) for side in (shape.minus, shape.plus)]
            if events > 0 and not all(low <= side / events <= high for side in sides):
                yield Remark(
                    f"{where}.backgrounds.{background.name}.shapes.{shape.name}",
                    f"its sides have {sides[0]:.3g} and {sides[1]:.3g} events, and the background"
                    f" {events:.3g}: write the events in each bin, not what multiplies them",
                )


def _backgrounds(statistic: StatisticSpecification) -> Iterator[tuple[str, Background]]:
    """Yield the backgrounds of all bins, and where they stand."""
    if not isinstance(statistic, Counts):
        return
    yield from (("statistic", one) for one in statistic.backgrounds)
    if statistic.template_fit is not None:
        yield from (("statistic", one) for one in statistic.template_fit.backgrounds)
    for region in statistic.control_regions:
        where = f"statistic.control_regions.{region.name}"
        yield from ((where, one) for one in region.backgrounds)
