"""Toy experiments: what would have been counted, and what would constrain the nuisances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.statistics.build import build
from munu.statistics.build_counts import signal_loss
from munu.statistics.gaussian_draws import gaussian_counts
from munu.statistics.likelihoods import (
    GaussianLoss,
    Loss,
    NewtonLikelihood,
    OnOffLoss,
    Part,
    PoissonLoss,
    SignalLikelihood,
)
from munu.statistics.specification import (
    ControlRegion,
    Counts,
    FirstRun,
    StatisticSpecification,
)


@final
@dataclass(frozen=True, eq=False)
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
        "Take an experiment with counts (first-run, poisson or gaussian)",
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
    theta = likelihood.profile(signal[None, :]).x[0]
    nuisances = dict(zip(likelihood.names, theta.tolist(), strict=True))
    drawing = CountsDrawing.of(spec, likelihood.parts, signal, nuisances)
    while True:
        auxiliary = rng.normal(theta)
        yield Toy(drawing.specification(drawing.draw(rng)), auxiliary)


@final
@dataclass(frozen=True, eq=False)
class CountsDrawing:
    """Counts drawn about the predictions of the signal's bins and of each control region.

    Parameters
    ----------
    spec : Counts
    predictions : tuple of array
        Expected counts of each part, none negative unless they are a difference.
    """

    spec: Counts
    predictions: tuple[FloatArray, ...]

    @classmethod
    def of(
        cls,
        spec: Counts,
        parts: Sequence[Part],
        signal: FloatArray,
        nuisances: Mapping[str, float],
    ) -> CountsDrawing:
        """Return the drawing at a signal and nuisances.

        Parameters
        ----------
        spec : Counts
        parts : sequence of Part
            Its bins, then its control regions.
        signal : array, shape (n_signal,)
        nuisances : mapping of str to float
        """
        signals = [signal, *(np.zeros(0) for _ in parts[1:])]
        means = [prediction(*one, nuisances) for one in zip(parts, signals, strict=True)]
        kept = (
            mean if part.is_difference else np.maximum(mean, 0.0)
            for part, mean in zip(parts, means, strict=True)
        )
        return cls(spec, tuple(kept))

    def draw(self, rng: np.random.Generator) -> tuple[FloatArray, ...]:
        """Return counts of each part; of the first with those off beam before, if there are any."""
        own, *aside = self.predictions
        off = self.spec.off_beam
        if off is not None:
            first = [rng.poisson(off.counts).astype(float)]
            first.append(rng.poisson(own + off.counts / off.ratio).astype(float))
        else:
            first = [self._drawn(self.spec, own, rng)]
        regions = zip(self.spec.control_regions, aside, strict=True)
        return (*first, *(self._drawn(region, mean, rng) for region, mean in regions))

    def unfluctuated(self) -> tuple[FloatArray, ...]:
        """Return what is drawn, without fluctuations."""
        own, *aside = self.predictions
        off = self.spec.off_beam
        first = [own] if off is None else [off.counts, own + off.counts / off.ratio]
        return (*first, *aside)

    def _drawn(
        self, bins: Counts | ControlRegion, mean: FloatArray, rng: np.random.Generator
    ) -> FloatArray:
        if self.spec.kind == "gaussian":
            return gaussian_counts(bins, mean, variance_of(bins, mean), rng)
        return rng.poisson(mean).astype(float)

    def losses(self, toys: Sequence[tuple[FloatArray, ...]]) -> tuple[Loss, ...]:
        """Return χ² of what was drawn, for each part that of all toys."""
        columns = [np.array(column) for column in zip(*toys, strict=True)]
        off, spec = self.spec.off_beam, self.spec
        if off is not None:
            first: Loss = OnOffLoss(columns[1], columns[0], off.ratio)
            columns = columns[1:]
        else:
            first = self._loss(spec, columns[0], self.predictions[0])
        regions = zip(spec.control_regions, columns[1:], self.predictions[1:], strict=True)
        return (first, *(self._loss(*region) for region in regions))

    def _loss(self, bins: Counts | ControlRegion, observed: FloatArray, mean: FloatArray) -> Loss:
        if self.spec.kind != "gaussian":
            return PoissonLoss(observed)
        if isinstance(bins, Counts) and (bins.covariance is not None or bins.asymmetric):
            return signal_loss(bins, observed, "toys")
        variance = variance_of(bins, mean)
        return GaussianLoss(observed, np.broadcast_to(variance, observed.shape))

    def specification(self, drawn: tuple[FloatArray, ...]) -> Counts:
        """Return the statistic with what was drawn."""
        spec, off = self.spec, self.spec.off_beam
        if off is not None:
            spec, drawn = replace(spec, off_beam=replace(off, counts=drawn[0])), drawn[1:]
        regions = zip(spec.control_regions, drawn[1:], self.predictions[1:], strict=True)
        return replace(
            self._with(spec, drawn[0], self.predictions[0]),
            control_regions=tuple(self._with(*region) for region in regions),
        )

    def _with(self, bins: Binned, observed: FloatArray, mean: FloatArray) -> Binned:
        if self.spec.kind == "gaussian":
            return replace(bins, observed=observed, variance=variance_of(bins, mean))
        return replace(bins, observed=observed)


Binned = TypeVar("Binned", Counts, ControlRegion)


def variance_of(bins: Counts | ControlRegion, prediction: FloatArray) -> FloatArray:
    """Return the variance of Gaussian bins: stated, that of the data, or that of a prediction."""
    variance = bins.observed if bins.variance is None else bins.variance
    return prediction if variance is None else variance


def prediction(part: Part, signal: FloatArray, nuisances: Mapping[str, float]) -> FloatArray:
    """Return what a part expects at a signal, shape (n_signal,), and nuisances."""
    own = np.array([[nuisances[name] for name in part.names]])
    return np.asarray(part.predict(signal[None, :], own)[0])
