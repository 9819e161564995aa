"""Toys of a plane of two moments or couplings, and what statements about them say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from munu.analysis.conditions import conditions_of
from munu.analysis.goodness import standard_model_fits
from munu.analysis.question import Question
from munu.analysis.statement import origin_of
from munu.analysis.toy_study import study_key
from munu.base.typing import FloatArray
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import Others, Parameter
from munu.results.core.base import Origin
from munu.statistics.studies import FormStudy


@final
@dataclass(frozen=True)
class PlaneToys:
    """A study of toys whose true values are points of a plane.

    Parameters
    ----------
    folded : sequence of Folded
    settled : Assumptions
    shown : tuple of Parameter
        The two axes.
    study : FormStudy
    values, coordinates : callable
        From coordinates (n, 2) of the study to values of the parameters, and back.
    profiled : tuple of str
        Names of what is minimised over.
    assumptions : Assumptions
        As results store them.
    asked : Question, optional
        Of couplings, which have caveats.
    remarks : tuple of str
        On the plane.
    """

    folded: Sequence[Folded]
    settled: Assumptions
    shown: tuple[Parameter, ...]
    study: FormStudy
    values: Callable[[FloatArray], FloatArray]
    coordinates: Callable[[FloatArray], FloatArray]
    profiled: tuple[str, ...]
    assumptions: Assumptions
    asked: Question | None = None
    remarks: tuple[str, ...] = ()

    @property
    def standard_model(self) -> FloatArray:
        """The values of the Standard Model, shape (2,)."""
        return self.values(np.zeros(2))

    def key(self, question: str, seed: int) -> dict[str, Any]:
        """Return what the toys depend on besides the number of their point and block."""
        others: Others = "profiled" if self.profiled else "zero"
        plane = ",".join(one.name for one in self.shown)
        free = self.study.parametrisation.free.shape[1]
        return {
            **study_key(question, self.folded, self.settled, plane, others, seed, free=free),
            "profiled": list(self.profiled),
            "conditions": conditions_of(self.assumptions),
            "domain": repr(self.study.domain.tolist()),
        }

    def origin(self) -> Origin:
        """Return where a statement comes from."""
        fits = standard_model_fits(self.folded, self.settled)
        return origin_of(self.folded, self.settled, fits, self.asked, extra_notes=self.remarks)
