"""Build the likelihood that an experiment file specifies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from munu.base.errors import MunuError
from munu.base.thresholds import limit_delta_chi2
from munu.base.typing import FloatArray
from munu.base.units import UNCERTAINTY, checked_number
from munu.statistics.likelihoods import GaussianLikelihood, LinearNuisance, SignalLikelihood
from munu.statistics.specification import (
    Bound,
    ControlRegion,
    Counts,
    FirstRun,
    Projection,
    StatisticSpecification,
)


def with_sigma_sys(
    specification: StatisticSpecification, sigma_sys: float | None
) -> StatisticSpecification:
    """Return the statistic with another signal uncertainty, its shared parts scaled alike.

    None leaves the file's value.

    Raises
    ------
    MunuError
        If the value is not a number from 0 to 10, or the statistic has no signal uncertainty.
    """
    if sigma_sys is None:
        return specification
    sigma_sys = checked_number("sigma_sys", sigma_sys, UNCERTAINTY)
    if isinstance(specification, Projection):
        shared = _rescaled(specification.shared, specification.sigma_sys, sigma_sys)
        return replace(specification, sigma_sys=sigma_sys, shared=shared)
    if isinstance(specification, FirstRun | Counts):
        shared = _rescaled(specification.shared, specification.sigma_signal, sigma_sys)
        return replace(specification, sigma_signal=sigma_sys, shared=shared)
    raise MunuError("a bound on the moment has no signal uncertainty", "Leave sigma_sys out")


def with_expected_data(
    specification: StatisticSpecification, sm: FloatArray
) -> StatisticSpecification:
    """Return the statistic with data as the Standard Model and the backgrounds predict.

    A variance that the data state for themselves stays.

    Parameters
    ----------
    specification : StatisticSpecification
        A projection has such data, and a bound none; both are left as they are.
    sm : array, shape (n_bins,)
        Standard Model events.
    """
    if isinstance(specification, FirstRun):
        return replace(specification, observed=float(sm.sum()) + specification.prompt_neutrons)
    if not isinstance(specification, Counts):
        return specification
    is_gaussian = specification.kind == "gaussian"
    regions = (
        replace(region, observed=None, variance=_own_variance(region) if is_gaussian else None)
        for region in specification.control_regions
    )
    return replace(
        specification,
        observed=None,
        variance=_own_variance(specification) if is_gaussian else None,
        control_regions=tuple(regions),
    )


def _own_variance(bins: Counts | ControlRegion) -> FloatArray | None:
    return bins.observed if bins.variance is None else bins.variance


def _rescaled(shared: Mapping[str, float], old: float, new: float) -> dict[str, float]:
    return {name: sigma * new / old for name, sigma in shared.items()} if old else {}


def _signal_nuisances(
    name: str, n_bins: int, total: float, shared: Mapping[str, float]
) -> tuple[LinearNuisance, ...]:
    """Split a signal uncertainty into its shared parts and the experiment's own rest."""
    own = np.sqrt(max(total**2 - sum(s**2 for s in shared.values()), 0.0))
    parts = {**shared, f"normalisation:{name}": own}
    return tuple(LinearNuisance(key, np.full(n_bins, s)) for key, s in parts.items() if s > 0)


def _first_run(spec: FirstRun, name: str, sm: FloatArray) -> GaussianLikelihood:
    if sm.size != 1:
        raise MunuError(f"'{name}' has {sm.size} bins, and Eq. (33) is for one", "Use one bin")
    prompt = np.array([spec.prompt_neutrons])
    background = LinearNuisance(
        f"prompt-neutrons:{name}", np.array([spec.sigma_background]), prompt
    )
    return GaussianLikelihood(
        data=np.array([spec.observed]) - prompt,
        variance=np.array([spec.statistical_variance]),
        variance_per_event=np.zeros(1),
        linear=(*_signal_nuisances(name, 1, spec.sigma_signal, spec.shared), background),
    )


def _projection(spec: Projection, name: str, sm: FloatArray) -> GaussianLikelihood:
    return GaussianLikelihood(
        data=sm.copy(),
        variance=np.zeros(sm.size),
        variance_per_event=np.full(sm.size, 1 + spec.sigma_stat),
        linear=_signal_nuisances(name, sm.size, spec.sigma_sys, spec.shared),
    )


def _bound(spec: Bound) -> GaussianLikelihood:
    width = 1 / np.sqrt(limit_delta_chi2(spec.cl, spec.sided))
    return GaussianLikelihood(np.zeros(1), np.array([width**2]), np.zeros(1))


def build(
    specification: StatisticSpecification,
    name: str,
    sm: FloatArray,
    variants: tuple[str, ...] = (),
) -> SignalLikelihood:
    """Return the likelihood of an experiment's statistic.

    Parameters
    ----------
    specification : StatisticSpecification
    name : str
        The experiment's identifier, part of the names of its own nuisances.
    sm : array, shape (n_signal,)
        Standard Model events, the data of a projection; nominal bins, then those of each variant
        at -1 and +1.
    variants : tuple of str
        Names of the signal's shape nuisances.

    Raises
    ------
    MunuError
        If the number of bins does not fit the statistic, or it cannot take variants.
    """
    if isinstance(specification, Counts):
        # Imported where it is used: projections and bounds minimise over no nuisances numerically.
        from munu.statistics.build_counts import counts_likelihood

        return counts_likelihood(specification, name, sm, variants)
    if variants:
        raise MunuError(
            f"the statistic of '{name}' cannot vary the shape of the signal",
            "Use kind = 'poisson' or 'gaussian'",
        )
    if isinstance(specification, FirstRun):
        return _first_run(specification, name, sm)
    if isinstance(specification, Projection):
        return _projection(specification, name, sm)
    return _bound(specification)
