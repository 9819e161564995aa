"""Limits at single values of a scan, each a piece of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any, Final, TypeAlias, final

from munu.analysis.assumptions import phases_are_free
from munu.analysis.coupling_axes import axes_of
from munu.analysis.coupling_limit import allowed_values, check_side
from munu.analysis.couplings import couplings_of
from munu.analysis.model import interval
from munu.analysis.question import Question
from munu.analysis.statement import fold_assumed, reduced_model
from munu.base.thresholds import limit_delta_chi2
from munu.engine import FailedPiece, PieceForm
from munu.experiments.model import Experiment
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import Others, is_effective

Ends: TypeAlias = tuple[tuple[float, float], ...]
"""All intervals at a value."""


@final
@dataclass(frozen=True)
class ScannedValue:
    """What is assumed at a value, and the experiments where it is one of theirs."""

    given: Assumptions
    experiments: Sequence[Experiment] = ()


@final
@dataclass(frozen=True)
class ScannedLimit:
    """The limit that is asked for at every value.

    Parameters
    ----------
    experiments : sequence of Experiment
        Where the value is not one of theirs.
    asked : Question
    others : str
    cl : float
    """

    experiments: Sequence[Experiment]
    asked: Question
    others: Others
    cl: float

    def __call__(self, task: ScannedValue | FailedPiece) -> Ends | FailedPiece:
        """Return all intervals of the parameter; a value that no experiment can have has failed."""
        if isinstance(task, FailedPiece):
            return task
        given = task.given
        folded, settled = fold_assumed(task.experiments or self.experiments, None, given)
        if not self.asked.is_of_moments:
            couplings = couplings_of(folded, self.asked, settled)
            axes = axes_of(self.asked, couplings, given)
            delta = limit_delta_chi2(self.cl, given.sided)
            found = allowed_values(axes, couplings, delta).intervals
            check_side(self.asked.shown[0], found, given)
            return tuple((low, high) for low, high in found.tolist())
        name = self.asked.shown[0].name
        model = reduced_model(folded, settled, effective=is_effective(name))
        free = phases_are_free(self.others, given)
        one = interval(model, name, settled, cl=self.cl, others=self.others, phases_free=free)
        return ((float(one.lower_mu_b), float(one.upper_mu_b)),)


def _encoded(ends: Ends | FailedPiece) -> dict[str, Any]:
    """Return the JSON object; an open end is the text ``inf`` or ``-inf``."""
    assert not isinstance(ends, FailedPiece)
    return {"intervals": [[one if isfinite(one) else str(one) for one in pair] for pair in ends]}


def _decoded(document: Mapping[str, Any]) -> Ends:
    ends = tuple((_end(low), _end(high)) for low, high in document["intervals"])
    if any(isnan(one) for pair in ends for one in pair):
        raise ValueError("no intervals")
    return ends


def _end(value: object) -> float:
    if not isinstance(value, float | str):
        raise TypeError("no end")
    return float(value)


INTERVALS: Final[PieceForm[Ends | FailedPiece]] = PieceForm(_encoded, _decoded)
"""How the intervals at a value are written in a state."""
