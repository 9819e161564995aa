"""The likelihood of an experiment's data, built once for all questions about them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, final

from munu.base.errors import MunuError
from munu.base.identity import Same
from munu.experiments.model import CountingExperiment, Experiment
from munu.folding.counts import FoldedCounts
from munu.physics.assumptions import Assumptions
from munu.statistics.build import build, with_expected_data, with_sigma_sys
from munu.statistics.likelihoods import SignalLikelihood
from munu.statistics.specification import Bound, StatisticSpecification

KEPT: Final = 32
"""Likelihoods that are kept, with what is known of their nuisances."""


def likelihood_of(
    experiment: Experiment, counts: FoldedCounts, assumptions: Assumptions
) -> SignalLikelihood:
    """Return −2 ln L of an experiment's data, or of expected ones, as a function of the signal.

    That of the same experiment, the same events of the Standard Model and the same assumptions is
    built once, with the minimum over nuisances that its steps start from.

    Raises
    ------
    MunuError
        As `specification_of`.
    """
    return _built(Same(experiment), _Signal(counts), assumptions.asimov, assumptions.sigma_sys)


@final
class _Signal:
    """What a likelihood depends on of folded counts, as a key: its own numbers alone."""

    __slots__ = ("content", "counts")

    def __init__(self, counts: FoldedCounts) -> None:
        self.counts = counts
        signal, total = counts.sm_of_folds(), counts.sm_total()
        variants = tuple(variant.name for variant in counts.variants)
        self.content = counts.experiment, variants, signal.tobytes(), total.tobytes()

    def __hash__(self) -> int:
        return hash(self.content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Signal) and other.content == self.content


@lru_cache(maxsize=KEPT)
def _built(
    experiment: Same[Experiment], signal: _Signal, asimov: bool, sigma_sys: float | None
) -> SignalLikelihood:
    counts = signal.counts
    specification = _specification(experiment.objects[0], sigma_sys)
    if asimov:
        specification = with_expected_data(specification, counts.sm_total())
    variants = tuple(variant.name for variant in counts.variants)
    return build(specification, counts.experiment, counts.sm_of_folds(), variants)


def specification_of(experiment: Experiment, assumptions: Assumptions) -> StatisticSpecification:
    """Return the experiment's statistic, with the signal uncertainty that is assumed.

    Raises
    ------
    MunuError
        For the counting part of a bound: its events have no likelihood.
    """
    return _specification(experiment, assumptions.sigma_sys)


def _specification(experiment: Experiment, sigma_sys: float | None) -> StatisticSpecification:
    if isinstance(experiment, CountingExperiment) and isinstance(experiment.statistic, Bound):
        raise MunuError(
            f"the events of '{experiment.identity.name}' have no likelihood, a bound stands for it",
            "Take the bound itself, not its counting part",
        )
    if isinstance(experiment.statistic, Bound):
        return experiment.statistic
    return with_sigma_sys(experiment.statistic, sigma_sys)
