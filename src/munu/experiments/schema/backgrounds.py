"""Backgrounds of binned counts, and the control regions that hold nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal, TypeAlias, final

import numpy as np
from pydantic import Field

from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.base.units import Range
from munu.experiments.locate import placed
from munu.experiments.schema.bins import BinTableSection, EdgesSection, UniformSection
from munu.experiments.schema.choice import Choice
from munu.experiments.schema.context import Context
from munu.experiments.schema.fields import (
    COUNTS,
    SIGNED_COUNTS,
    Count,
    Name,
    Section,
    SignedCount,
    Uncertainty,
)
from munu.experiments.schema.table import CountsPerBin, SignedCountsPerBin, per_bin
from munu.experiments.tables import Folder
from munu.statistics import specification


@final
class BackgroundShapeSection(Section):
    """A background one standard deviation below and above; a side left out is the nominal one."""

    minus: CountsPerBin | None = None
    plus: CountsPerBin | None = None


@final
class BackgroundSection(Section):
    """One background: counts per bin, one number for every bin, or a total.

    With total, events are a shape, scaled to it with the counts of its shapes, or spread says how
    it is divided: "widths" in proportion to those of the bins, "bins" equally.
    """

    name: Name
    events: Count | CountsPerBin | None = None
    total: Count | None = None
    spread: Literal["widths", "bins"] | None = None
    sigma: Uncertainty
    shapes: dict[Name, BackgroundShapeSection] = Field(default_factory=dict)

    def build(self, context: Context) -> specification.Background:
        """Return the background with one count per bin; a missing side of a shape is nominal."""
        return _background(self, context, COUNTS)


@final
class SignedShapeSection(Section):
    """A background's shape, as of a Poisson likelihood, with counts that may be negative."""

    minus: SignedCountsPerBin | None = None
    plus: SignedCountsPerBin | None = None


@final
class SignedBackgroundSection(Section):
    """One background of a Gaussian likelihood; one that was subtracted may be negative."""

    name: Name
    events: SignedCount | SignedCountsPerBin | None = None
    total: SignedCount | None = None
    spread: Literal["widths", "bins"] | None = None
    sigma: Uncertainty
    shapes: dict[Name, SignedShapeSection] = Field(default_factory=dict)

    def build(self, context: Context) -> specification.Background:
        """Return the background with one count per bin; a missing side of a shape is nominal."""
        return _background(self, context, SIGNED_COUNTS)


def _background(
    section: BackgroundSection | SignedBackgroundSection, context: Context, allowed: Range
) -> specification.Background:
    """Return a background whose counts, also those in tables, are allowed."""
    what = f"the background '{section.name}'"
    events, scale = _events(what, section, context, allowed)
    for name, shape in section.shapes.items():
        if shape.minus is None and shape.plus is None:
            raise MunuError(f"the shape '{name}' of {what} has no side", "Give minus, plus or both")
    shapes = tuple(
        specification.BackgroundShape(
            name,
            *(
                events if side is None else scale * per_bin(what, side, context, allowed)
                for side in (shape.minus, shape.plus)
            ),
        )
        for name, shape in section.shapes.items()
    )
    return specification.Background(section.name, events, section.sigma, shapes)


def _events(
    what: str,
    section: BackgroundSection | SignedBackgroundSection,
    context: Context,
    allowed: Range,
) -> tuple[FloatArray, float]:
    """Return the counts per bin, as they are, scaled to the total or spread, and that scale."""
    if section.events is None:
        if section.total is None or section.spread is None:
            raise MunuError(
                f"{what} has neither events nor a total that is spread over the bins",
                'Write events = [...] per bin, or total = 120 with spread = "widths" or "bins"',
            )
        shares = np.ones(context.n_bins) if section.spread == "bins" else _widths(what, context)
        return np.asarray(section.total * shares / shares.sum()), 1.0
    events = per_bin(what, section.events, context, allowed)
    if section.spread is not None:
        raise MunuError(f"{what} has both events and spread", "Leave one out")
    if section.total is None:
        return events, 1.0
    if not events.sum():
        raise MunuError(f"{what}: its events add up to 0, and have no shape", "Give a shape")
    scale = float(section.total / events.sum())
    return np.asarray(scale * events), scale


def _widths(what: str, context: Context) -> FloatArray:
    """Return the products of the widths of the bins, flattened."""
    widths = np.ones(1)
    for _, edges in context.axes:
        widths = np.outer(widths, np.diff(edges)).ravel()
    if not np.all(np.isfinite(widths)):
        message = f"{what} is spread over a bin without an upper end"
        raise MunuError(message, "Give the detector an upper end, or events per bin")
    return widths


def build_backgrounds(
    sections: Sequence[BackgroundSection | SignedBackgroundSection], context: Context
) -> tuple[specification.Background, ...]:
    """Return the backgrounds of one region.

    Raises
    ------
    MunuError
        If two of them have one name, or counts are not as many as bins.
    """
    names = [background.name for background in sections]
    if len(set(names)) < len(names):
        with placed("statistic", "backgrounds"):
            raise MunuError(f"two backgrounds have one name, of {', '.join(names)}", "Rename one")
    found = []
    for number, background in enumerate(sections):
        with placed("statistic", "backgrounds", str(number)):
            found.append(background.build(context))
    return tuple(found)


def build_variance(
    variance: CountsPerBin | None, error: CountsPerBin | None, context: Context
) -> FloatArray | None:
    """Return the Gaussian variance per bin, given as such or as its root; None for neither.

    Raises
    ------
    MunuError
        If both are given, one is not positive, or they are not as many as bins.
    """
    if variance is not None and error is not None:
        raise MunuError("both 'variance' and 'error' are given", "Leave one out")
    if variance is not None:
        values = per_bin("variance", variance, context)
    elif error is not None:
        values = per_bin("error", error, context) ** 2
    else:
        return None
    if not np.all(values > 0):
        raise MunuError("a variance is not positive", "Allowed: values above 0")
    return values


@final
class SignalBinsSection(Section):
    """The bins of the signal, further axes included."""

    kind: Literal["signal"]

    def edges_in(self, unit: str, folder: Folder) -> None:
        """Return None, for no edges of its own."""


ControlBins: TypeAlias = Annotated[
    SignalBinsSection | EdgesSection | UniformSection | BinTableSection,
    Choice("kind"),
]


def _region(
    name: str,
    section: ControlRegionSection | GaussianControlRegionSection,
    context: Context,
    allowed: Range,
    spread: tuple[CountsPerBin | None, CountsPerBin | None] = (None, None),
) -> specification.ControlRegion:
    """Return the region of a section; the spread is its variance and its error."""
    try:
        bins = section.bins
        edges = bins.edges_in(context.unit, context.folder)
        own = context
        if edges is not None and not isinstance(bins, SignalBinsSection):
            n_bins, units = edges.size - 1, (bins.unit,)
            own = replace(context, n_bins=n_bins, axes=((name, edges),), units=units)
        observed = None
        if section.observed != "backgrounds":
            counts = section.observed
            observed = per_bin("observed", counts, own, allowed)
        return specification.ControlRegion(
            name=name,
            observed=observed,
            backgrounds=build_backgrounds(section.backgrounds, own),
            variance=build_variance(*spread, own),
            edges=edges,
        )
    except MunuError as problem:
        message = f"control region '{name}': {problem.message}"
        raise MunuError(message, problem.remedy) from problem


@final
class ControlRegionSection(Section):
    """Bins without signal: those of the signal or others; a projection observes the backgrounds."""

    bins: ControlBins
    observed: Literal["backgrounds"] | CountsPerBin
    backgrounds: Annotated[list[BackgroundSection], Field(min_length=1)]

    def build(self, name: str, context: Context) -> specification.ControlRegion:
        """Return the region, whose counts are Poisson distributed."""
        return _region(name, self, context, COUNTS)


@final
class GaussianControlRegionSection(Section):
    """Bins without signal, as of a Poisson likelihood, with a variance or its root per bin."""

    bins: ControlBins
    observed: Literal["backgrounds"] | SignedCountsPerBin
    backgrounds: Annotated[list[SignedBackgroundSection], Field(min_length=1)]
    variance: CountsPerBin | None = None
    error: CountsPerBin | None = None

    def build(self, name: str, context: Context) -> specification.ControlRegion:
        """Return the region; without variance or error, its variance is that of the counts."""
        return _region(name, self, context, SIGNED_COUNTS, (self.variance, self.error))
