"""Many toy experiments at once: the data of one experiment or of several, as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.statistics.likelihoods import (
    DataSets,
    GaussianData,
    NewtonLikelihood,
    Part,
    PartData,
)
from munu.statistics.specification import Counts, FirstRun, StatisticSpecification
from munu.statistics.toys import CountsDrawing, prediction


@final
@dataclass(frozen=True)
class FirstRunDrawing:
    """One count on beam and its steady background off beam, drawn about their means."""

    spec: FirstRun
    expected: float

    def draw(self, rng: np.random.Generator) -> tuple[FloatArray, ...]:
        """Return the count less the steady background, and its statistical variance."""
        on_beam = rng.poisson(max(self.expected, 0.0) + self.spec.steady_state)
        off_beam = rng.poisson(self.spec.steady_state)
        observed = float(on_beam - off_beam)
        variance = observed + self.spec.prompt_neutrons + 2.0 * off_beam
        return np.array([observed]), np.array([variance])

    def unfluctuated(self) -> tuple[FloatArray, ...]:
        """Return the same without fluctuations."""
        variance = self.expected + self.spec.prompt_neutrons + 2.0 * self.spec.steady_state
        return np.array([self.expected]), np.array([variance])

    def losses(self, toys: Sequence[tuple[FloatArray, ...]]) -> tuple[PartData, ...]:
        """Return what was drawn, of all toys."""
        observed, variance = np.array(toys).swapaxes(0, 1)
        return (GaussianData(observed - self.spec.prompt_neutrons, variance),)


@final
@dataclass(frozen=True, eq=False)
class ToyDrawing:
    """Toy experiments at one truth.

    Parameters
    ----------
    likelihood : NewtonLikelihood
        Of one experiment, or the joint one of several.
    theta : array, shape (k,)
        Nuisances at the truth; what constrains them is drawn about these, with unit width.
    experiments : tuple
        How the counts of each experiment are drawn.
    """

    likelihood: NewtonLikelihood
    theta: FloatArray
    experiments: tuple[CountsDrawing | FirstRunDrawing, ...]

    @classmethod
    def of(
        cls,
        specifications: Sequence[StatisticSpecification],
        likelihood: NewtonLikelihood,
        signal: FloatArray,
        theta: FloatArray,
    ) -> ToyDrawing:
        """Return the toys at a signal, shape (n_signal,), and nuisances.

        Parameters
        ----------
        specifications : sequence of StatisticSpecification
            Those of the experiments in the likelihood, in its order.

        Raises
        ------
        MunuError
            If one of them has no data to draw: a projection or a bound.
        """
        parts, start, found = list(likelihood.parts), 0, []
        named = dict(zip(likelihood.names, theta.tolist(), strict=True))
        for spec in specifications:
            n = 1 + len(spec.control_regions) if isinstance(spec, Counts) else 1
            own, parts = parts[:n], parts[n:]
            end = start + sum(part.n_signal for part in own)
            found.append(_drawing(spec, own, signal[start:end], named))
            start = end
        return cls(likelihood, theta, tuple(found))

    def draw(self, generators: Iterable[np.random.Generator]) -> DataSets:
        """Return a toy of each generator: what constrains the nuisances, then counts in order."""
        auxiliary, drawn = [], []
        for rng in generators:
            auxiliary.append(rng.normal(self.theta))
            drawn.append([one.draw(rng) for one in self.experiments])
        return DataSets(self.likelihood, tuple(self._data(drawn)), np.array(auxiliary))

    def asimov(self) -> DataSets:
        """Return one set of data, those that are expected at the truth."""
        drawn = [[one.unfluctuated() for one in self.experiments]]
        return DataSets(self.likelihood, tuple(self._data(drawn)), self.theta[None])

    def _data(self, drawn: Sequence[Sequence[tuple[FloatArray, ...]]]) -> Iterator[PartData]:
        for one, toys in zip(self.experiments, zip(*drawn, strict=True), strict=True):
            yield from one.losses(toys)


def without_signal(
    specifications: Sequence[StatisticSpecification], likelihood: NewtonLikelihood, sm: FloatArray
) -> NewtonLikelihood:
    """Return the likelihood of data that are expected of the Standard Model, its nuisances fitted.

    They are those that the data ask for there, and so is what measured them.

    Parameters
    ----------
    specifications : sequence of StatisticSpecification
        As in `ToyDrawing.of`.
    likelihood : NewtonLikelihood
    sm : array, shape (n_signal,)
        Events of the Standard Model.

    Raises
    ------
    MunuError
        As `ToyDrawing.of`.
    """
    theta = likelihood.profile(sm[None]).x[0]
    return ToyDrawing.of(specifications, likelihood, sm, theta).asimov().alone(0)


def _drawing(
    spec: StatisticSpecification,
    parts: Sequence[Part],
    signal: FloatArray,
    nuisances: Mapping[str, float],
) -> CountsDrawing | FirstRunDrawing:
    if isinstance(spec, Counts):
        return CountsDrawing.of(spec, parts, signal, nuisances)
    if isinstance(spec, FirstRun):
        excess = float(prediction(parts[0], signal, nuisances)[0])
        return FirstRunDrawing(spec, excess + spec.prompt_neutrons)
    raise MunuError(
        "this statistic has no data that could fluctuate",
        "Take an experiment with counts (first-run, poisson or gaussian)",
    )
