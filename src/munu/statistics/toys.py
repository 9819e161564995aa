"""Toy data: what an experiment would have counted, nuisances drawn from their widths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from munu.errors import MunuError
from munu.statistic_specification import (
    ControlRegion,
    Counts,
    FirstRun,
    OffBeam,
    StatisticSpecification,
)
from munu.statistics.likelihood import Likelihood
from munu.statistics.newton import NewtonLikelihood
from munu.statistics.parts import BinnedPart, Part
from munu.typing import FloatArray

PINNED = 0.1
"""Uncertainty that the data leave, in units of a nuisance's own, below which they determine it."""


def toy(
    specification: StatisticSpecification,
    likelihood: Likelihood,
    signal: FloatArray,
    rng: np.random.Generator,
) -> StatisticSpecification:
    """Return the statistic with data drawn for an expected signal.

    Nuisances are drawn first, then the counts from their distribution, in control regions too; the
    steady background is drawn on and off beam. A nuisance is drawn from its Gaussian if that is
    what is known of it, no background being negative; one that the data determine to better than
    `PINNED` of its width, such as a free normalisation, is what the data say at this signal.

    Parameters
    ----------
    specification : StatisticSpecification
    likelihood : Likelihood
        What `munu.statistics.build.build` made of it.
    signal : array, shape (n_signal,)
        Standard Model and dipole events.
    rng : numpy.random.Generator

    Raises
    ------
    MunuError
        If the statistic has no data to draw: a projection or a bound.
    """
    if isinstance(specification, FirstRun):
        return _first_run(specification, float(signal[0]), rng)
    if isinstance(specification, Counts) and isinstance(likelihood, NewtonLikelihood):
        return _counts(specification, likelihood, signal, rng)
    raise MunuError(
        "this statistic has no data that could fluctuate",
        "Take an experiment with observed counts (first-run, poisson or gaussian)",
    )


def _first_run(spec: FirstRun, signal: float, rng: np.random.Generator) -> FirstRun:
    expected = signal * max(1 + spec.sigma_signal * rng.normal(), 0.0)
    expected += spec.prompt_neutrons * max(1 + spec.sigma_background * rng.normal(), 0.0)
    on_beam = rng.poisson(expected + spec.steady_state)
    off_beam = rng.poisson(spec.steady_state)
    return replace(spec, observed=float(on_beam - off_beam), steady_state=float(off_beam))


def _counts(
    spec: Counts, likelihood: NewtonLikelihood, signal: FloatArray, rng: np.random.Generator
) -> Counts:
    theta = _nuisances(likelihood, signal, rng)
    part, *controls = likelihood.parts
    prediction = _prediction(part, signal, theta)
    if spec.kind == "gaussian":
        drawn = _gaussian(spec, prediction, rng)
    elif spec.off_beam is None:
        drawn = replace(spec, observed=rng.poisson(prediction).astype(float))
    else:
        drawn = _on_off(spec, spec.off_beam, prediction, rng)
    regions = (
        _control_region(region, spec.kind, _prediction(control, np.zeros(0), theta), rng)
        for region, control in zip(spec.control_regions, controls, strict=True)
    )
    return replace(drawn, control_regions=tuple(regions))


def _nuisances(
    likelihood: NewtonLikelihood, signal: FloatArray, rng: np.random.Generator
) -> dict[str, float]:
    drawn = rng.normal(size=len(likelihood.names))
    if drawn.size == 0:
        return {}
    empty = _empty_backgrounds(likelihood)
    while np.any(drawn < empty):
        drawn = np.where(drawn < empty, rng.normal(size=drawn.size), drawn)
    fitted = likelihood.profile(signal[None, :])
    width = np.sqrt(2 * np.diag(np.linalg.inv(fitted.hessian[0])))
    theta = np.where(width < PINNED, fitted.x[0], drawn)
    return dict(zip(likelihood.names, theta.tolist(), strict=True))


def _empty_backgrounds(likelihood: NewtonLikelihood) -> FloatArray:
    """Return where each nuisance leaves a background without events, -inf for the others."""
    parts = [part for part in likelihood.parts if isinstance(part, BinnedPart)]
    ends = {t.name: -1 / t.sigma for part in parts for t in part.templates if t.sigma > 0}
    return np.array([ends.get(name, -np.inf) for name in likelihood.names])


def _prediction(part: Part, signal: FloatArray, theta: Mapping[str, float]) -> FloatArray:
    """Return the expected counts of a part, none negative."""
    assert isinstance(part, BinnedPart)
    own = np.array([[theta[name] for name in part.names]])
    return np.asarray(np.maximum(part.predict(signal[None, :], own)[0], 0.0))


def _control_region(
    region: ControlRegion, kind: str, prediction: FloatArray, rng: np.random.Generator
) -> ControlRegion:
    if kind == "gaussian":
        return _gaussian(region, prediction, rng)
    return replace(region, observed=rng.poisson(prediction).astype(float))


Binned = TypeVar("Binned", Counts, ControlRegion)


def _gaussian(bins: Binned, prediction: FloatArray, rng: np.random.Generator) -> Binned:
    """Return bins with counts drawn about a prediction, with the variance of the data."""
    variance = bins.observed if bins.variance is None else bins.variance
    if variance is None:
        variance = prediction
    return replace(bins, observed=rng.normal(prediction, np.sqrt(variance)), variance=variance)


def _on_off(
    spec: Counts, off_beam: OffBeam, prediction: FloatArray, rng: np.random.Generator
) -> Counts:
    steady = off_beam.counts / off_beam.ratio
    off = rng.poisson(off_beam.counts).astype(float)
    observed = rng.poisson(prediction + steady).astype(float)
    return replace(spec, observed=observed, off_beam=replace(off_beam, counts=off))
