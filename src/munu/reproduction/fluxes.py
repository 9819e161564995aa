"""Fluxes and rates of interactions of the Sun's neutrinos that data sets measure."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Final, TypeAlias

from munu.analysis.fit import STRENGTHS, fit, own_assumptions
from munu.analysis.model import joint_model
from munu.base.scalar import minimise_scalar
from munu.base.typing import FloatArray
from munu.experiments.model import CountingExperiment, counting_part
from munu.folding.folded import fold_experiment, load_experiment
from munu.folding.per_target import interactions_per_day_100_t
from munu.statistics.specification import Counts

UNIT_FLUX: Final = 1e6
"""1/(cm² s), of the flux of a beam."""

Ours: TypeAlias = tuple[float, float, float]
"""A number and the ends of its interval, which are the number where it has none."""


def fitted_flux(name: str, beam: str) -> Ours:
    """Return the flux of a beam (10⁶/(cm² s)) that fits best, and its interval of Δχ² = 1.

    The flux has no uncertainty of its own, as it is what is measured. How many of its neutrinos
    are seen is as uncertain as the file says: the rest of the signal's uncertainty and its shapes.

    Parameters
    ----------
    name : str
        Of the experiment.
    beam : str
        The only one of its source.
    """
    experiment = _without_flux(name, f"flux:{beam}")
    components = experiment.source.components(experiment.mixing)
    assert {one.beam for one in components} == {beam}
    model = joint_model([fold_experiment(experiment)], own_assumptions([experiment]))

    def chi2(strength: FloatArray) -> FloatArray:
        return model.likelihood.chi2(strength[:, None] * model.sm)

    found = minimise_scalar(chi2, STRENGTHS)
    flux = sum(one.spectrum.total_flux_per_cm2_s for one in components) / UNIT_FLUX
    low, high = found.interval(1.0)
    return flux * found.best, flux * low, flux * high


def _without_flux(name: str, shared: str) -> CountingExperiment:
    """Return an experiment whose signal is as uncertain as without one of its shared parts."""
    experiment = load_experiment(name)
    assert isinstance(experiment, CountingExperiment)
    statistic = experiment.statistic
    assert isinstance(statistic, Counts)
    kept = {key: sigma for key, sigma in statistic.shared.items() if key != shared}
    rest = sqrt(statistic.sigma_signal**2 - statistic.shared[shared] ** 2)
    return replace(experiment, statistic=replace(statistic, sigma_signal=rest, shared=kept))


def predicted_rate(name: str, beam: str) -> float:
    """Return the interactions of a beam per day and 100 t."""
    counting = counting_part(load_experiment(name))
    assert counting is not None
    return interactions_per_day_100_t(counting)[beam]


def fitted_rate(name: str, beam: str) -> Ours:
    """Return the interactions per day and 100 t of a beam whose flux is a nuisance, as fitted.

    The interval is that of the parabola at the minimum: the curvature of χ², the others minimised.
    """
    counting = counting_part(load_experiment(name))
    assert counting is not None
    shape = f"flux:{beam}"
    (variant,) = (one for one in counting.variants if one.name == shape)
    (pull,) = (one for one in fit(name, toys=0).pulls if one.name == shape)
    rate, step = predicted_rate(name, beam), variant.plus.flux_factor(beam) - 1
    ends = (pull.value + sign * pull.uncertainty for sign in (0, -1, 1))
    best, low, high = (rate * (1 + step * theta) for theta in ends)
    return best, low, high
