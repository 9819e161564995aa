"""An experiment at another luminosity: mass, time, flux or power times a factor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment
from munu.folding.folded import Folded
from munu.statistics.specification import (
    AsymmetricErrors,
    Background,
    BackgroundShape,
    Counts,
    FirstRun,
    OffBeam,
    Projection,
    StatisticSpecification,
    TemplateFit,
)


def with_luminosity(folded: Folded, ratio: float) -> Folded:
    r"""Return an experiment whose luminosity is F'/F times as large (Fig. 3 of arXiv:1905.03750).

    Expected counts, observed ones and backgrounds, those of control regions too, are multiplied by
    the ratio, fractional uncertainties are kept. Where counts are few beside the limit's excess,
    and without systematic uncertainty, a limit falls as :math:`(F'/F)^{-1/4}`.

    Parameters
    ----------
    folded : Folded
    ratio : float
        F'/F, positive.

    Raises
    ------
    MunuError
        For a ratio that is not positive, or a published bound, which counts nothing.
    """
    if not 0 < ratio < float("inf"):
        raise MunuError(f"the luminosity ratio {ratio} is not positive", "Allowed: above 0")
    experiment = folded.experiment
    if not isinstance(experiment, CountingExperiment):
        raise MunuError(
            f"'{experiment.identity.name}' is a bound on a moment and has no luminosity",
            "Take an experiment that counts events",
        )
    scaled = replace(
        experiment,
        mass_kg=ratio * experiment.mass_kg,
        further_targets=tuple(
            replace(one, mass_kg=ratio * one.mass_kg) for one in experiment.further_targets
        ),
        statistic=_scaled_statistic(experiment.statistic, ratio),
    )
    return replace(folded, experiment=scaled, counts=folded.counts.scaled(ratio))


def _scaled_statistic(statistic: StatisticSpecification, ratio: float) -> StatisticSpecification:
    match statistic:
        case FirstRun():
            return replace(
                statistic,
                observed=ratio * statistic.observed,
                prompt_neutrons=ratio * statistic.prompt_neutrons,
                steady_state=ratio * statistic.steady_state,
            )
        case Counts():
            return _scaled_counts(statistic, ratio)
        case Projection():
            return statistic
        case _:
            raise MunuError("this statistic has no luminosity", "Take one that counts events")


def _scaled_counts(counts: Counts, ratio: float) -> Counts:
    off_beam, fit, errors = counts.off_beam, counts.template_fit, counts.asymmetric
    return replace(
        counts,
        observed=_scaled(counts.observed, ratio),
        variance=_scaled(counts.variance, ratio),
        off_beam=None if off_beam is None else OffBeam(ratio * off_beam.counts, off_beam.ratio),
        backgrounds=_scaled_backgrounds(counts.backgrounds, ratio),
        template_fit=None if fit is None else _scaled_fit(fit, ratio),
        covariance=_scaled(counts.covariance, ratio),
        asymmetric=None if errors is None else _scaled_errors(errors, ratio),
        control_regions=tuple(
            replace(
                region,
                observed=_scaled(region.observed, ratio),
                variance=_scaled(region.variance, ratio),
                backgrounds=_scaled_backgrounds(region.backgrounds, ratio),
            )
            for region in counts.control_regions
        ),
    )


def _scaled_errors(errors: AsymmetricErrors, ratio: float) -> AsymmetricErrors:
    """Return errors whose squares grow with the counts."""
    return replace(errors, up=np.sqrt(ratio) * errors.up, down=np.sqrt(ratio) * errors.down)


def _scaled_fit(fit: TemplateFit, ratio: float) -> TemplateFit:
    return replace(fit, backgrounds=_scaled_backgrounds(fit.backgrounds, ratio))


def _scaled(counts: FloatArray | None, ratio: float) -> FloatArray | None:
    return None if counts is None else ratio * counts


def _scaled_backgrounds(backgrounds: Iterable[Background], ratio: float) -> tuple[Background, ...]:
    return tuple(
        Background(
            background.name,
            ratio * background.events,
            background.sigma,
            tuple(
                BackgroundShape(shape.name, ratio * shape.minus, ratio * shape.plus)
                for shape in background.shapes
            ),
        )
        for background in backgrounds
    )
