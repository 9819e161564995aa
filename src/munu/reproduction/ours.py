"""Our number for each kind of number that an experiment prints of its data."""

from __future__ import annotations

from dataclasses import replace
from math import erfc, sqrt
from typing import Final

from munu.analysis.fit import fit
from munu.analysis.model import interval, joint_model
from munu.base.thresholds import ONE_SIDED
from munu.experiments.model import CountingExperiment, Experiment
from munu.folding.folded import fold_experiment, load_experiment
from munu.physics.assumptions import Assumptions
from munu.physics.mixing import paper_mixing
from munu.physics.parameters import is_effective
from munu.reproduction.fluxes import Ours, fitted_flux, fitted_rate, predicted_rate
from munu.results.fit import FitResult
from munu.statistics.specification import Counts

UNIT_MU_B: Final = 1e-10
RATE: Final = "rate_"
"""What stands before the beam in the name of a rate of interactions."""
FITTED_RATE: Final = "fitted_rate_"
FLUX: Final = "fitted_flux_"


def ours(name: str, quantity: str, known: FitResult | None, sided: str) -> Ours:
    """Return our number and its interval, a limit with as many sides as theirs.

    Parameters
    ----------
    name : str
        Of the experiment.
    quantity : str
        As of `munu.results.paper.data_rows.DataRow`.
    known : FitResult or None
        The fit to its data, if it is known; otherwise it is done where it is needed.
    sided : str
    """
    if quantity == "no_signal_alone":
        return _alone(_p_value(fit(_without_control_regions(name), toys=0)))
    if quantity.startswith(FLUX):
        return fitted_flux(name, quantity.removeprefix(FLUX))
    if quantity.startswith(FITTED_RATE):
        return fitted_rate(name, quantity.removeprefix(FITTED_RATE))
    if RATE in quantity:
        return _alone(predicted_rate(name, quantity.partition(RATE)[2]))
    if is_of_fit(quantity):
        return _of_fit(quantity, name, known or fit(name, toys=0))
    assumptions = Assumptions(mixing=paper_mixing(), one_sided=sided == ONE_SIDED)
    model = joint_model([fold_experiment(name)], assumptions, effective=is_effective(quantity))
    return _alone(interval(model, quantity, assumptions).upper_mu_b / UNIT_MU_B)


def is_of_fit(quantity: str) -> bool:
    """Whether a number is one of a fit of the Standard Model's signal."""
    names = ("observed", "background", "predicted", "fitted", "no_signal", "significance")
    return quantity in names


def _of_fit(quantity: str, name: str, found: FitResult) -> Ours:
    (one,) = found.data
    if quantity == "fitted":
        return one.signal_events, one.signal_low, one.signal_high
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


def _without_control_regions(name: str) -> Experiment:
    experiment = load_experiment(name)
    assert isinstance(experiment, CountingExperiment)
    assert isinstance(experiment.statistic, Counts)
    return replace(experiment, statistic=replace(experiment.statistic, control_regions=()))
