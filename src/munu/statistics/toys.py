"""Toy experiments: what would have been counted, and what would constrain the nuisances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.statistics.build import build
from munu.statistics.gaussian_draws import gaussian_counts
from munu.statistics.likelihoods import BinnedPart, NewtonLikelihood, SignalLikelihood
from munu.statistics.specification import (
    ControlRegion,
    Counts,
    FirstRun,
    OffBeam,
    StatisticSpecification,
)


@final
@dataclass(frozen=True)
class Toy:
    """What one toy experiment measures.

    Parameters
    ----------
    specification : StatisticSpecification
        The statistic with the counts drawn.
    auxiliary : array, shape (k,)
        What the measurements that constrain its nuisances find, in units of their widths.
    """

    specification: StatisticSpecification
    auxiliary: FloatArray

    def likelihood(self, name: str, sm: FloatArray, variants: tuple[str, ...]) -> SignalLikelihood:
        """Return its likelihood; arguments as for `munu.statistics.build.build`."""
        built = build(self.specification, name, sm, variants)
        return built if built.newton is None else replace(built.newton, auxiliary=self.auxiliary)


def toy_data(
    specification: StatisticSpecification,
    likelihood: SignalLikelihood,
    signal: FloatArray,
    rng: np.random.Generator,
) -> Iterator[Toy]:
    """Return toy experiments for an expected signal, again and again without end.

    The nuisances of binned counts are what the data say at this signal. What constrains them is
    drawn, a Gaussian of their width about them, then the counts from their distribution, in control
    regions too; the steady background is drawn on and off beam. For one count with Gaussian
    nuisances (first-run) these are drawn instead.

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

    References
    ----------
    Nuisances at their conditional estimates, with the measurements that constrain them as part of
    the data: G. Cowan, K. Cranmer, E. Gross and O. Vitells, arXiv:1007.1727.
    """
    if isinstance(specification, FirstRun):
        return _first_runs(specification, float(signal[0]), rng)
    if isinstance(specification, Counts) and likelihood.newton is not None:
        return _counts(specification, likelihood.newton, signal, rng)
    raise MunuError(
        "this statistic has no data that could fluctuate",
        "Take an experiment with observed counts (first-run, poisson or gaussian)",
    )


def _first_runs(spec: FirstRun, signal: float, rng: np.random.Generator) -> Iterator[Toy]:
    while True:
        expected = signal * max(1 + spec.sigma_signal * rng.normal(), 0.0)
        expected += spec.prompt_neutrons * max(1 + spec.sigma_background * rng.normal(), 0.0)
        on_beam = rng.poisson(expected + spec.steady_state)
        off_beam = rng.poisson(spec.steady_state)
        drawn = replace(spec, observed=float(on_beam - off_beam), steady_state=float(off_beam))
        yield Toy(drawn, np.empty(0))


def _counts(
    spec: Counts, likelihood: NewtonLikelihood, signal: FloatArray, rng: np.random.Generator
) -> Iterator[Toy]:
    names, theta = likelihood.names, likelihood.profile(signal[None, :]).x[0]
    nuisances = dict(zip(names, theta.tolist(), strict=True))
    part, *controls = likelihood.binned_parts
    own = _prediction(part, signal, nuisances)
    aside = [_prediction(control, np.zeros(0), nuisances) for control in controls]
    while True:
        auxiliary = rng.normal(theta)
        yield Toy(_drawn(spec, own, aside, rng), auxiliary)


def _drawn(
    spec: Counts, own: FloatArray, aside: Sequence[FloatArray], rng: np.random.Generator
) -> Counts:
    """Return counts drawn about the predictions of the signal's bins and of each control region."""
    if spec.kind == "gaussian":
        drawn = _gaussian(spec, own, rng)
    elif spec.off_beam is None:
        drawn = replace(spec, observed=rng.poisson(own).astype(float))
    else:
        drawn = _on_off(spec, spec.off_beam, own, rng)
    regions = (
        _control_region(region, spec.kind, prediction, rng)
        for region, prediction in zip(spec.control_regions, aside, strict=True)
    )
    return replace(drawn, control_regions=tuple(regions))


def _prediction(part: BinnedPart, signal: FloatArray, theta: Mapping[str, float]) -> FloatArray:
    """Return the expected counts of a part, none negative unless they are a difference."""
    own = np.array([[theta[name] for name in part.names]])
    expected = part.predict(signal[None, :], own)[0]
    is_difference = any(np.any(template.events < 0) for template in part.templates)
    return np.asarray(expected if is_difference else np.maximum(expected, 0.0))


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
    observed = gaussian_counts(bins, prediction, variance, rng)
    return replace(bins, observed=observed, variance=variance)


def _on_off(
    spec: Counts, off_beam: OffBeam, prediction: FloatArray, rng: np.random.Generator
) -> Counts:
    steady = off_beam.counts / off_beam.ratio
    off = rng.poisson(off_beam.counts).astype(float)
    observed = rng.poisson(prediction + steady).astype(float)
    return replace(spec, observed=observed, off_beam=replace(off_beam, counts=off))
