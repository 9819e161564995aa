"""The ``[statistic]`` section: one class per kind of `munu.statistics.specification`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal, TypeAlias, final

import numpy as np
from pydantic import Field

from munu.base.errors import MunuError
from munu.base.thresholds import limit_delta_chi2
from munu.base.typing import FloatArray
from munu.base.units import Range
from munu.experiments.locate import PlacedError, placed
from munu.experiments.schema.backgrounds import (
    BackgroundSection,
    ControlRegionSection,
    GaussianControlRegionSection,
    SignedBackgroundSection,
    build_backgrounds,
)
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.context import Context
from munu.experiments.schema.errors import (
    Components,
    Covariance,
    GaussianErrors,
    build_errors,
)
from munu.experiments.schema.events import EventsSection, Observed, SignedObserved
from munu.experiments.schema.fields import (
    COUNTS,
    SIGNED_COUNTS,
    ConfidenceLevel,
    Count,
    Moment,
    Name,
    PositiveNumber,
    Section,
    Uncertainty,
)
from munu.experiments.schema.interaction import Channels, build_channels
from munu.experiments.schema.table import CountsPerBin, per_bin
from munu.physics.centres import RecoilKind
from munu.statistics import specification

Shared: TypeAlias = dict[Name, Uncertainty]


@final
class FirstRunSection(Section):
    """Eq. (33) of arXiv:1905.03750."""

    kind: Literal["first-run"]
    observed: Count
    prompt_neutrons: Count
    steady_state: Count
    sigma_signal: Uncertainty
    sigma_background: Uncertainty
    shared: Shared = Field(default_factory=dict)

    def build(self, context: Context) -> specification.StatisticSpecification:
        """Return Eq. (33); `MunuError` for more than one bin, or without any count."""
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
class ProjectionSection(Section):
    """Eq. (34) of arXiv:1905.03750."""

    kind: Literal["projection"]
    sigma_stat: Uncertainty
    sigma_sys: Uncertainty
    shared: Shared = Field(default_factory=dict)

    def build(self, context: Context) -> specification.StatisticSpecification:
        """Return Eq. (34) with its statistical and systematic uncertainty."""
        return specification.Projection(self.sigma_stat, self.sigma_sys, self.shared)


@final
class OffBeamSection(Section):
    """The steady background measured off beam; ``ratio`` is off-beam over on-beam exposure."""

    counts: CountsPerBin
    ratio: PositiveNumber


def _observed(
    observed: Observed | SignedObserved, context: Context, allowed: Range
) -> tuple[FloatArray | None, int]:
    """Return the counts, None for a projection, and how many events lie outside of the bins."""
    if isinstance(observed, EventsSection):
        return observed.counts(context)
    if observed == "sm":
        return None, 0
    return per_bin("observed", observed, context, allowed), 0


def _counts(
    section: PoissonSection | GaussianSection,
    context: Context,
    allowed: Range,
    errors: GaussianErrors | None = None,
    off_beam: specification.OffBeam | None = None,
) -> specification.Counts:
    errors = errors or GaussianErrors()
    with placed("statistic", "observed"):
        observed, outside = _observed(section.observed, context, allowed)
    return specification.Counts(
        kind=section.kind,
        observed=observed,
        backgrounds=build_backgrounds(section.backgrounds, context),
        sigma_signal=section.sigma_signal,
        shared=section.shared,
        variance=errors.variance,
        off_beam=off_beam,
        control_regions=tuple(
            region.build(name, context) for name, region in section.control_regions.items()
        ),
        covariance=errors.covariance,
        asymmetric=errors.asymmetric,
        outside=outside,
        interpolation=section.interpolation,
    )


@final
class PoissonSection(Section):
    """A Poisson likelihood with Gaussian nuisances."""

    kind: Literal["poisson"]
    observed: Observed
    backgrounds: list[BackgroundSection] = Field(default_factory=list)
    sigma_signal: Uncertainty
    shared: Shared = Field(default_factory=dict)
    off_beam: OffBeamSection | None = None
    control_regions: dict[Name, ControlRegionSection] = Field(default_factory=dict)
    interpolation: specification.ShapeInterpolation = "quadratic"

    def build(self, context: Context) -> specification.StatisticSpecification:
        """Return the Poisson likelihood, with the off-beam counts if they are stated."""
        if self.off_beam is None:
            return _counts(self, context, COUNTS)
        counts = per_bin("off_beam", self.off_beam.counts, context)
        off_beam = specification.OffBeam(counts, self.off_beam.ratio)
        return _counts(self, context, COUNTS, off_beam=off_beam)


@final
class GaussianSection(Section):
    """A Gaussian likelihood; the variance is that of the counts unless errors are given.

    Counts and backgrounds may be negative, as after a subtraction. The errors are variance or
    error (its root) per bin, a covariance between bins, alone or with these on its diagonal, the
    components of one (vectors v of its sum of v v^T) beside them, or error_up and error_down with
    their treatment.
    """

    kind: Literal["gaussian"]
    observed: SignedObserved
    backgrounds: list[SignedBackgroundSection] = Field(default_factory=list)
    sigma_signal: Uncertainty
    shared: Shared = Field(default_factory=dict)
    variance: CountsPerBin | None = None
    error: CountsPerBin | None = None
    covariance: Covariance | None = None
    components: Components | None = None
    error_up: CountsPerBin | None = None
    error_down: CountsPerBin | None = None
    treatment: specification.Treatment | None = None
    control_regions: dict[Name, GaussianControlRegionSection] = Field(default_factory=dict)
    interpolation: specification.ShapeInterpolation = "quadratic"

    def build(self, context: Context) -> specification.StatisticSpecification:
        """Return the Gaussian likelihood with its errors."""
        errors = build_errors(
            context,
            variance=self.variance,
            error=self.error,
            covariance=self.covariance,
            components=self.components,
            up=self.error_up,
            down=self.error_down,
            treatment=self.treatment,
        )
        return _counts(self, context, SIGNED_COUNTS, errors)


@final
class TemplateFitSection(Section):
    """One number of events, the amplitude of a fit of the signal's shape in the detector's bins.

    The shape is that of the Standard Model's recoils in the channels of template. What has another
    shape counts with the weights of that fit (least squares, variances those of the expected
    counts), beside backgrounds whose normalisation it knows within sigma, or not at all (10).
    """

    kind: Literal["template-fit"]
    observed: Literal["sm"] | Count
    error: PositiveNumber
    template: Channels
    backgrounds: list[BackgroundSection] = Field(default_factory=list)
    sigma_signal: Uncertainty
    shared: Shared = Field(default_factory=dict)

    def build(self, context: Context) -> specification.StatisticSpecification:
        """Return one Gaussian bin, the amplitude, with the template that it was fitted with."""
        fit = specification.TemplateFit(
            build_channels("statistic.template", self.template),
            build_backgrounds(self.backgrounds, context),
        )
        return specification.Counts(
            kind="gaussian",
            observed=None if self.observed == "sm" else np.array([self.observed]),
            backgrounds=(),
            sigma_signal=self.sigma_signal,
            shared=self.shared,
            variance=np.array([self.error**2]),
            template_fit=fit,
        )


@final
class BoundSection(Section):
    """A published upper bound on the effective moment, with its confidence level.

    It is about the moment of the whole source, or of the beams that are named, and two-sided unless
    sides says "one-sided".
    """

    kind: Literal["bound"]
    moment: Moment
    cl: ConfidenceLevel
    beams: Annotated[list[str], Field(min_length=1)] | None = None
    sides: specification.Sided = "two-sided"

    def build(self, context: Context) -> specification.Bound:
        """Return the bound (μ_B) with its confidence level; `MunuError` for one side below 0.5."""
        with placed("statistic", "cl"):
            limit_delta_chi2(self.cl, self.sides)
        return specification.Bound(self.moment, self.cl, self.sides)


def check_template(
    statistic: specification.StatisticSpecification, recoils: Collection[RecoilKind]
) -> None:
    """Raise `PlacedError` for a template fit of recoils that are not counted."""
    fit = statistic.template_fit if isinstance(statistic, specification.Counts) else None
    for recoil in fit.channels if fit else ():
        if recoil not in recoils:
            error = MunuError(f"{recoil} recoils are not counted", f"Allowed: {', '.join(recoils)}")
            raise PlacedError(("statistic", "template"), error)


def check_interpolation(
    section: Section, statistic: specification.StatisticSpecification, *, varied: bool
) -> None:
    """Raise `PlacedError` for an interpolation that is stated where nothing has a shape."""
    if varied or "interpolation" not in section.model_fields_set:
        return
    if isinstance(statistic, specification.Counts) and not statistic.has_shapes:
        error = MunuError(
            "events are interpolated between the variants of a shape, and nothing has a shape",
            "Leave it out, or state [variants], or the shapes of a background",
        )
        raise PlacedError(("statistic", "interpolation"), error)


StatisticSection: TypeAlias = Annotated[
    FirstRunSection | ProjectionSection | PoissonSection | GaussianSection | TemplateFitSection,
    Choice("kind", also=("bound",)),
]
"""The statistics of counts; a new one is a class above and its name here."""
