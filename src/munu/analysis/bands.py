"""Bands of limits and of Δχ² curves, from toy experiments of the Standard Model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final, final

import numpy as np

from munu.analysis.drawn_toys import Drawn
from munu.analysis.toy_study import toy_study
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import Others
from munu.results.bands import QUANTILES, ToyBands
from munu.statistics.studies import BLOCK, ToyCurves, ToyStudy, generators

POINTS: Final = 25
"""Moduli of a curve at which toys are fitted; between them their quantiles are interpolated."""


@final
@dataclass(frozen=True)
class UpperEnds:
    """Asks toys for their limits, where Δχ² is ``delta``."""

    delta: float

    def __call__(self, toys: ToyCurves) -> FloatArray:
        """Return the limits of the toys (μ_B), shape (n,)."""
        return toys.upper_ends(self.delta)


@final
@dataclass(frozen=True, eq=False)
class Curves:
    """Asks toys for Δχ² at moduli (μ_B)."""

    moduli_mu_b: FloatArray

    def __call__(self, toys: ToyCurves) -> FloatArray:
        """Return Δχ² of the toys, shape (n, n_moduli)."""
        return toys.curves(self.moduli_mu_b)


@final
@dataclass(frozen=True)
class BandBlock:
    """Asks blocks of toys of the Standard Model; a block depends on the seed and its number."""

    study: ToyStudy
    seed: int
    toys: int
    question: Callable[[ToyCurves], FloatArray]

    def size(self, block: int) -> int:
        """Return how many toys a block has: the last one perhaps fewer."""
        return min(BLOCK, self.toys - BLOCK * block)

    def __call__(self, block: int) -> FloatArray:
        """Return what is asked, of the toys of a block that have a best fit."""
        drawn = generators(self.seed, block, self.toys)
        return self.question(ToyCurves.drawn(self.study, drawn).converged())


@final
@dataclass(frozen=True)
class BandStudy:
    """Toy experiments of the Standard Model, for bands of one modulus.

    Parameters
    ----------
    folded : sequence of Folded
    parameter : str
    assumptions : Assumptions
        Settled.
    others, phases_free
        As of `munu.analysis.model.interval`.
    drawn : Drawn
    """

    folded: Sequence[Folded]
    parameter: str
    assumptions: Assumptions
    others: Others
    phases_free: bool
    drawn: Drawn

    def _of_blocks(self, question: Callable[[ToyCurves], FloatArray]) -> list[FloatArray]:
        """Return what is asked of each block of toys, of those that have a best fit."""
        study = toy_study(
            self.folded,
            self.parameter,
            replace(self.assumptions, asimov=True),
            others=self.others,
            phases_free=self.phases_free,
        )
        block = BandBlock(study, self.drawn.seed, self.drawn.toys, question)
        blocks, found = range(ceil(self.drawn.toys / BLOCK)), {}
        with self.drawn.workers.running(block) as run:
            done = 0
            for number, values in run(blocks):
                found[number] = values
                done += block.size(number)
                if self.drawn.progress:
                    self.drawn.progress(done, self.drawn.toys)
        return [found[number] for number in blocks]

    def of_limit(self, delta: float) -> ToyBands:
        """Return the band of the limit, where Δχ² is ``delta``."""
        return self._bands(self._of_blocks(UpperEnds(delta)))

    def of_curve(self, moduli_mu_b: FloatArray) -> ToyBands:
        """Return the band of Δχ² at increasing moduli (μ_B), shape (n,)."""
        from scipy.interpolate import PchipInterpolator

        few = moduli_mu_b
        if few.size > POINTS:
            few = np.linspace(moduli_mu_b.min(), moduli_mu_b.max(), POINTS)
        found = self._bands(self._of_blocks(Curves(few)))
        if few.size == moduli_mu_b.size:
            return found
        return replace(found, values=PchipInterpolator(few, found.values, axis=1)(moduli_mu_b))

    def _bands(self, pieces: Sequence[FloatArray]) -> ToyBands:
        values = np.concatenate(pieces)
        if len(values) == 0:
            raise MunuError(
                f"all {self.drawn.toys} toys failed, so that there are no bands",
                "Leave the bands out, or check the uncertainties of the experiment",
            )
        found = np.quantile(values, QUANTILES, axis=0, method="inverted_cdf")
        return ToyBands(
            toys=self.drawn.toys,
            failed=self.drawn.toys - len(values),
            seed=self.drawn.seed,
            workers=self.drawn.workers.processes,
            values=found,
        )
