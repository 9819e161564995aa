"""Build the likelihood that an experiment file specifies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from munu.errors import MunuError
from munu.quantities import UNCERTAINTY, checked_number
from munu.statistics.gaussian import GaussianLikelihood, LinearNuisance
from munu.statistics.likelihood import Likelihood
from munu.statistics.losses import GaussianLoss, Loss, OnOffLoss, PoissonLoss
from munu.statistics.newton import NewtonLikelihood
from munu.statistics.parts import BinnedPart, Shape, Template
from munu.statistics.specification import (
    Background,
    Bound,
    Counts,
    FirstRun,
    Projection,
    StatisticSpecification,
)
from munu.statistics.thresholds import delta_chi2
from munu.typing import FloatArray


def with_sigma_sys(
    specification: StatisticSpecification, sigma_sys: float | None
) -> StatisticSpecification:
    """Return the statistic with another signal uncertainty, its shared parts scaled alike.

    None leaves the file's value.

    Raises
    ------
    MunuError
        If the value is no number from 0 to 10, or the statistic has no signal uncertainty.
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
    statistical = spec.observed + spec.prompt_neutrons + 2 * spec.steady_state
    background = LinearNuisance(
        f"prompt-neutrons:{name}", np.array([spec.sigma_background]), prompt
    )
    return GaussianLikelihood(
        data=np.array([spec.observed]) - prompt,
        variance=np.array([statistical]),
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
    width = 1 / np.sqrt(delta_chi2(spec.cl, 1))
    return GaussianLikelihood(np.zeros(1), np.array([width**2]), np.zeros(1))


def _counts(spec: Counts, name: str, sm: FloatArray, variants: tuple[str, ...]) -> NewtonLikelihood:
    n_bins = sm.size // (1 + 2 * len(variants))
    expected = sum((b.events for b in spec.backgrounds), np.zeros(n_bins))
    steady = (
        np.zeros(n_bins) if spec.off_beam is None else spec.off_beam.counts / spec.off_beam.ratio
    )
    observed = sm[:n_bins] + expected + steady if spec.observed is None else spec.observed
    for label, array in (("observed", observed), *((b.name, b.events) for b in spec.backgrounds)):
        if array.size != n_bins:
            raise MunuError(
                f"'{label}' of '{name}' has {array.size} bins, the signal {n_bins}",
                "Give one number per bin",
            )
    own = np.sqrt(max(spec.sigma_signal**2 - sum(s**2 for s in spec.shared.values()), 0.0))
    sigmas = {**spec.shared, f"normalisation:{name}": float(own)}
    part = BinnedPart(
        loss=_loss(spec, name, np.asarray(observed, float)),
        normalisations={key: sigma for key, sigma in sigmas.items() if sigma > 0},
        templates=tuple(_template(background, name) for background in spec.backgrounds),
        n_bins=n_bins,
        variants=variants,
    )
    return NewtonLikelihood((part,), sm)


def _loss(spec: Counts, name: str, observed: FloatArray) -> Loss:
    if spec.off_beam is not None:
        return OnOffLoss(observed, spec.off_beam.counts, spec.off_beam.ratio)
    if spec.kind == "poisson":
        return PoissonLoss(observed)
    variance = observed if spec.variance is None else spec.variance
    if np.any(variance <= 0):
        raise MunuError(
            f"'{name}' has a bin without counts, which has no Gaussian variance",
            "Use kind = 'poisson', wider bins, or state the variance",
        )
    return GaussianLoss(observed, np.asarray(variance, float))


def _template(background: Background, name: str) -> Template:
    shapes = tuple(Shape(shape.name, shape.minus, shape.plus) for shape in background.shapes)
    return Template(f"{background.name}:{name}", background.events, background.sigma, shapes)


def build(
    specification: StatisticSpecification,
    name: str,
    sm: FloatArray,
    variants: tuple[str, ...] = (),
) -> Likelihood:
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
        return _counts(specification, name, sm, variants)
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
