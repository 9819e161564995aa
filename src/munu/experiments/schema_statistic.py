"""The ``[statistic]`` section: one class per kind of `munu.statistics.specification`."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, final

import numpy as np
from pydantic import Field

from munu.errors import MunuError
from munu.experiments.context import Context
from munu.experiments.fields import (
    Count,
    Moment,
    OpenProbability,
    Section,
    Uncertainty,
    choice,
)
from munu.statistics import specification
from munu.typing import FloatArray

Shared: TypeAlias = dict[str, Uncertainty]
Counts: TypeAlias = list[Count]


def per_bin(what: str, counts: Counts | float, n_bins: int) -> FloatArray:
    """Return counts of every bin, from a list or from one number that holds in each.

    Raises
    ------
    MunuError
        If a list has another length than the detector has bins.
    """
    if isinstance(counts, float):
        return np.full(n_bins, counts)
    if len(counts) != n_bins:
        raise MunuError(
            f"{what} has {len(counts)} counts for {n_bins} bins", "Give one count per bin"
        )
    return np.array(counts)


@final
class FirstRun(Section):
    """Eq. (33) of arXiv:1905.03750."""

    kind: Literal["first-run"]
    observed: Count
    prompt_neutrons: Count
    steady_state: Count
    sigma_signal: Uncertainty
    sigma_background: Uncertainty
    shared: Shared = Field(default_factory=dict)

    def build(self, context: Context) -> specification.StatisticSpecification:
        """Return the specification."""
        if context.n_bins != 1:
            raise MunuError(f"Eq. (33) is for one bin, not {context.n_bins}", "Use one bin")
        if self.observed + self.prompt_neutrons + self.steady_state == 0:
            raise MunuError("no event was observed or expected", "Give a count above 0")
        return specification.FirstRun(
            observed=self.observed,
            prompt_neutrons=self.prompt_neutrons,
            steady_state=self.steady_state,
            sigma_signal=self.sigma_signal,
            sigma_background=self.sigma_background,
            shared=self.shared,
        )


@final
class Projection(Section):
    """Eq. (34) of arXiv:1905.03750."""

    kind: Literal["projection"]
    sigma_stat: Uncertainty
    sigma_sys: Uncertainty
    shared: Shared = Field(default_factory=dict)

    def build(self, context: Context) -> specification.StatisticSpecification:
        """Return the specification."""
        return specification.Projection(self.sigma_stat, self.sigma_sys, self.shared)


@final
class BackgroundSection(Section):
    """One background: counts per bin, or one number for every bin."""

    name: str
    events: Count | Counts
    sigma: Uncertainty

    def build(self, n_bins: int) -> specification.Background:
        """Return the background."""
        events = per_bin(f"the background '{self.name}'", self.events, n_bins)
        return specification.Background(self.name, events, self.sigma)


class _Binned(Section):
    """Counts per bin; ``"sm"`` takes the Standard Model plus the backgrounds."""

    observed: Literal["sm"] | Counts
    backgrounds: list[BackgroundSection] = Field(default_factory=list)
    sigma_signal: Uncertainty
    shared: Shared = Field(default_factory=dict)

    def _counts(
        self, kind: str, n_bins: int, variance: FloatArray | None = None
    ) -> specification.Counts:
        names = [background.name for background in self.backgrounds]
        if len(set(names)) < len(names):
            raise MunuError(f"two backgrounds have one name, of {', '.join(names)}", "Rename one")
        observed = None if self.observed == "sm" else per_bin("observed", self.observed, n_bins)
        return specification.Counts(
            kind=kind,
            observed=observed,
            backgrounds=tuple(background.build(n_bins) for background in self.backgrounds),
            sigma_signal=self.sigma_signal,
            shared=self.shared,
            variance=variance,
        )


@final
class Poisson(_Binned):
    """A Poisson likelihood with Gaussian nuisances."""

    kind: Literal["poisson"]

    def build(self, context: Context) -> specification.StatisticSpecification:
        """Return the specification."""
        return self._counts("poisson", context.n_bins)


@final
class Gaussian(_Binned):
    """A Gaussian likelihood; the variance is that of the counts unless given."""

    kind: Literal["gaussian"]
    variance: Counts | None = None

    def build(self, context: Context) -> specification.StatisticSpecification:
        """Return the specification."""
        variance = None
        if self.variance is not None:
            variance = per_bin("variance", self.variance, context.n_bins)
            if not np.all(variance > 0):
                raise MunuError("a variance is not positive", "Allowed: values above 0")
        return self._counts("gaussian", context.n_bins, variance)


@final
class Bound(Section):
    """A published upper bound on the effective moment, with its confidence level."""

    kind: Literal["bound"]
    moment: Moment
    cl: OpenProbability

    def build(self, context: Context) -> specification.StatisticSpecification:
        """Return the specification."""
        return specification.Bound(self.moment, self.cl)


StatisticSection: TypeAlias = Annotated[
    FirstRun | Projection | Poisson | Gaussian, Field(discriminator="kind"), choice("kind")
]
"""The statistics of counts; a new one is a class above and its name here."""
