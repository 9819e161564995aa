"""Our number for each kind of number that an experiment prints of its data."""

from __future__ import annotations

from dataclasses import replace
from math import erfc, sqrt
from typing import Final, TypeAlias

from munu.analysis.fit import fit
from munu.analysis.model import interval, joint_model
from munu.base.thresholds import ONE_SIDED
from munu.experiments.model import CountingExperiment, Experiment, counting_part
from munu.folding.folded import fold_experiment, load_experiment
from munu.folding.per_target import interactions_per_day_100_t
from munu.physics.assumptions import Assumptions
from munu.physics.mixing import paper_mixing
from munu.physics.parameters import is_effective
from munu.results.fit import FitResult
from munu.statistics.specification import Counts

UNIT_MU_B: Final = 1e-10
RATE: Final = "rate_"
"""What stands before the beam in the name of a rate of interactions."""
FITTED_RATE: Final = "fitted_rate_"
FLUX: Final = "fitted_flux_"
UNIT_FLUX: Final = 1e6
"""1/(cm² s), of the flux of a beam."""

Ours: TypeAlias = tuple[float, float, float]
"""A number and the ends of its interval, which are the number where it has none."""


def ours(name: str, quantity: str, known: FitResult | None, sided: str) -> Ours:
    """Return our number and its interval, a limit with as many sides as theirs.

    Parameters
    ----------
    name : str
        Of the experiment.
    quantity : str
        As of `munu.results.paper.data.DataRow`.
    known : FitResult or None
        The fit to its data, if it is known; otherwise it is done where it is needed.
    sided : str
    """
    if quantity == "no_signal_alone":
        return _alone(_p_value(fit(_without_control_regions(name), toys=0)))
    if quantity.startswith(FITTED_RATE):
        return _fitted_rate(name, quantity.removeprefix(FITTED_RATE))
    if RATE in quantity:
        return _alone(_predicted_rate(name, quantity.partition(RATE)[2]))
    if is_of_fit(quantity):
        return _of_fit(quantity, name, known or fit(name, toys=0))
    assumptions = Assumptions(mixing=paper_mixing(), one_sided=sided == ONE_SIDED)
    model = joint_model([fold_experiment(name)], assumptions, effective=is_effective(quantity))
    return _alone(interval(model, quantity, assumptions).upper_mu_b / UNIT_MU_B)


def is_of_fit(quantity: str) -> bool:
    """Whether a number is one of a fit of the Standard Model's signal."""
    names = ("observed", "background", "predicted", "fitted", "no_signal", "significance")
    return quantity in names or quantity.startswith(FLUX)


def _of_fit(quantity: str, name: str, found: FitResult) -> Ours:
    (one,) = found.data
    if quantity == "fitted":
        return one.signal_events, one.signal_low, one.signal_high
    if quantity.startswith(FLUX):
        flux = _flux(name, quantity.removeprefix(FLUX)) / UNIT_FLUX
        low, best, high = found.strength_low, found.strength, found.strength_high
        return flux * best, flux * low, flux * high
    return _alone(
        {
            "observed": float(one.observed_per_bin.sum()),
            "background": one.expected("background"),
            "predicted": one.expected("signal"),
            "no_signal": _p_value(found),
            "significance": sqrt(found.no_signal_delta_chi2),
        }[quantity]
    )


def _alone(number: float) -> Ours:
    return number, number, number


def _p_value(found: FitResult) -> float:
    """Return the probability that a fit without a signal is as much worse, which has no interval.

    The square root of a χ² with one degree of freedom is a standard normal deviate.
    """
    return erfc(sqrt(found.no_signal_delta_chi2 / 2))


def _flux(name: str, beam: str) -> float:
    """Return the flux of a beam that a file states (1/(cm² s))."""
    experiment = load_experiment(name)
    components = experiment.source.components(experiment.mixing)
    return sum(c.spectrum.total_flux_per_cm2_s for c in components if c.beam == beam)


def _predicted_rate(name: str, beam: str) -> float:
    """Return the interactions of a beam per day and 100 t."""
    counting = counting_part(load_experiment(name))
    assert counting is not None
    return interactions_per_day_100_t(counting)[beam]


def _fitted_rate(name: str, beam: str) -> Ours:
    """Return the interactions per day and 100 t of a beam whose flux is a nuisance, as fitted."""
    counting = counting_part(load_experiment(name))
    assert counting is not None
    shape = f"flux:{beam}"
    (variant,) = (one for one in counting.variants if one.name == shape)
    (pull,) = (one for one in fit(name, toys=0).pulls if one.name == shape)
    rate, step = _predicted_rate(name, beam), variant.plus.flux_factor(beam) - 1
    ends = (pull.value + sign * pull.uncertainty for sign in (0, -1, 1))
    best, low, high = (rate * (1 + step * theta) for theta in ends)
    return best, low, high


def _without_control_regions(name: str) -> Experiment:
    experiment = load_experiment(name)
    assert isinstance(experiment, CountingExperiment)
    assert isinstance(experiment.statistic, Counts)
    return replace(experiment, statistic=replace(experiment.statistic, control_regions=()))
