"""Feldman-Cousins limits on couplings that interfere: every interval, by toy experiments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.analysis.blindness import why_blind
from munu.analysis.construction import Construction, ExactConstruction
from munu.analysis.coupling_axes import Axes, axes_of
from munu.analysis.coupling_toys import coupling_toys
from munu.analysis.couplings import couplings_by_bin
from munu.analysis.drawn_toys import Wanted
from munu.analysis.feldman_cousins import (
    WIDE,
    check_no_side,
    edge_size,
    first_values,
    no_edge,
    steps_of,
)
from munu.analysis.goodness import standard_model_fits
from munu.analysis.moment_phases import stored_for
from munu.analysis.question import Question
from munu.analysis.statement import fold_assumed, origin_of
from munu.analysis.toy_study import study_key
from munu.base.thresholds import delta_chi2
from munu.base.typing import FloatArray
from munu.folding.folded import ExperimentLike
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import Others
from munu.results.feldman_cousins import FeldmanCousinsResult
from munu.statistics.limits import CouplingLine
from munu.statistics.models import Allowed


@final
@dataclass(frozen=True)
class AsymptoticLine:
    """What Wilks' threshold allows of a coupling, in its unit.

    Parameters
    ----------
    axes : Axes
    line : CouplingLine
    threshold : float
    """

    axes: Axes
    line: CouplingLine
    threshold: float

    @classmethod
    def of(cls, axes: Axes, threshold: float) -> AsymptoticLine:
        """Return the line of the one axis that is shown."""
        line = CouplingLine.of(axes.model, axes.parametrisation, *axes.domain[0])
        return cls(axes, line, threshold)

    @cached_property
    def _allowed(self) -> Allowed:
        return self.line.allowed(self.threshold)

    @cached_property
    def intervals(self) -> FloatArray:
        """Where Δχ² is at most the threshold, shape (k, 2)."""
        return self.values(self._allowed.intervals)

    @property
    def best_fit(self) -> float:
        """Where χ² of the data is lowest."""
        return float(self.values(np.array(self._allowed.best_fit)))

    def values(self, coordinates: FloatArray) -> FloatArray:
        """Return values of coordinates."""
        return np.asarray(self.axes.values(coordinates[..., None])[..., 0])

    def observed(self, values: FloatArray) -> FloatArray:
        """Return Δχ² of the data at values, shape (n,)."""
        chi2 = self.line.chi2(self.coordinates(values))
        return np.maximum(chi2 - self._allowed.chi2_min, 0.0)

    def coordinates(self, values: FloatArray) -> FloatArray:
        """Return the coordinates of values, shape (n,)."""
        return self.axes.coordinates(values[:, None])[:, 0]

    def coordinate(self, value: float) -> float:
        """Return the coordinate of a value."""
        return float(self.axes.coordinates(np.array([value]))[0])

    def size(self, edge: float) -> float:
        """Return what the precision of an edge is relative to."""
        return edge_size(self.intervals, self.axes.shown[0].low, edge)

    def first(self) -> FloatArray:
        """Return the first true values."""
        wide = self.values(self.line.allowed(WIDE * self.threshold).intervals)
        one = self.axes.shown[0]
        return np.asarray(np.clip(first_values(self.intervals, wide), one.low, one.high))


def coupling_feldman_cousins_limit(
    experiment: ExperimentLike | Sequence[ExperimentLike],
    asked: Question,
    setup: str | None,
    given: Assumptions,
    *,
    cl: float,
    wanted: Wanted,
) -> FeldmanCousinsResult:
    """Return every Feldman-Cousins interval of a coupling; arguments as of `munu.limit`.

    Raises
    ------
    MunuError
        As `munu.limit`; for an experiment without data, one side, and data that set no limit.
    """
    check_no_side(given)
    folded, settled = fold_assumed(experiment, setup, given)
    axes = axes_of(asked, couplings_by_bin(folded, asked, settled), given)
    interest = asked.shown[0]
    names = axes.model.names
    if axes.is_blind(0):
        raise no_edge(names, interest.name, why_blind(folded, asked, settled))
    study = coupling_toys(folded, axes, settled)
    known = AsymptoticLine.of(axes, delta_chi2(cl, 1))
    if not np.all(np.isfinite(known.intervals)):
        raise no_edge(names, interest.name, "systematic uncertainty")
    others: Others = "profiled" if asked.profiled else "zero"
    profiled = tuple(one.name for one in asked.profiled)
    free, seed = axes.parametrisation.free.shape[1], wanted.seed
    key = {
        **study_key("feldman-cousins", folded, settled, interest.name, others, seed, free=free),
        "profiled": list(profiled),
        "values": dict(asked.values),
    }
    construction = (
        Construction(interest, study, known.coordinate, known.observed, known.size, key)
        if study.bare is None
        else ExactConstruction(
            interest, study.bare, known.coordinates, known.values, known.observed
        )
    )
    return FeldmanCousinsResult(
        parameter=interest.name,
        unit=interest.unit.key,
        others=others,
        profiled=profiled,
        **construction.found(known.first(), cl, wanted),
        asymptotic_intervals=known.intervals,
        best_fit=known.best_fit,
        assumptions=stored_for(asked, settled, given),
        origin=origin_of(
            folded,
            settled,
            standard_model_fits(folded, settled),
            asked,
            extra_notes=() if study.bare else steps_of(folded, study.joint.likelihood),
        ),
    )
