"""χ² of the Standard Model in toy experiments of it, many toys in one descent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.likelihoods import NewtonLikelihood, as_newton, by_bins
from munu.statistics.models import MomentModel
from munu.statistics.models.dipole_events import QuadraticEvents
from munu.statistics.models.jumps import Jumps
from munu.statistics.models.pilot import PILOT_SEED, PILOTS, learned
from munu.statistics.models.pooled_fits import PooledFits
from munu.statistics.specification import StatisticSpecification
from munu.statistics.studies.blocks import BLOCK, Outcome, generators
from munu.statistics.studies.draws import ToyDrawing


@final
@dataclass(frozen=True, eq=False)
class StandardModelToys:
    """Toys without moments, in blocks that depend on the seed and their number.

    Parameters
    ----------
    likelihood : NewtonLikelihood
    sm : array
        Events of the Standard Model.
    theta : array, shape (k,)
        Nuisances that the data ask for.
    drawing : ToyDrawing
    none : QuadraticEvents
        Of a moment, which is zero.
    toys, seed : int
    """

    likelihood: NewtonLikelihood
    sm: FloatArray
    theta: FloatArray
    drawing: ToyDrawing
    none: QuadraticEvents
    toys: int
    seed: int

    @classmethod
    def of(
        cls,
        specifications: Sequence[StatisticSpecification],
        model: MomentModel,
        toys: int,
        seed: int,
    ) -> StandardModelToys:
        """Return the toys of experiments.

        Parameters
        ----------
        specifications : sequence of StatisticSpecification
            Those of the experiments in the model, in its order.
        model : MomentModel
        toys, seed : int
        """
        likelihood, sm = as_newton(by_bins(model.likelihood), model.sm), model.sm
        theta = likelihood.profile(sm[None]).x[0]
        drawing = ToyDrawing.of(specifications, likelihood, sm, theta)
        n = model.w.shape[-1]
        none = QuadraticEvents.of(model.w, np.eye(n, dtype=np.complex128)[:, :1])
        return cls(likelihood, sm, theta, drawing, none, toys, seed)

    @property
    def blocks(self) -> range:
        """Numbers of the blocks."""
        return range(ceil(self.toys / BLOCK))

    @cached_property
    def _fits(self) -> PooledFits:
        return PooledFits.of(self.likelihood, self.sm, self.none)

    @property
    def _start(self) -> FloatArray:
        return np.concatenate([[0.0], self.theta])

    @cached_property
    def jumps(self) -> Jumps:
        """Where else toys may have a lower minimum."""
        sets = self.drawing.draw([np.random.default_rng(PILOT_SEED)] * PILOTS)
        return learned(self._fits(sets), self._start)

    def __call__(self, block: int) -> list[Outcome]:
        """Return χ² of the toys of a block, minimised over the nuisances, or why it failed."""
        sets = self.drawing.draw(generators(self.seed, block, self.toys))
        start = np.tile(self._start, (1, len(sets), 1))
        found = self._fits(sets).lowest(start, 1, self.jumps)
        return [
            self.likelihood.failure(found.x[row, 1:], found.step[row, 1:])[0] if failed else chi2
            for row, (failed, chi2) in enumerate(
                zip(found.failed.tolist(), found.chi2.tolist(), strict=True)
            )
        ]
