"""Bands of limits and of Δχ² curves, from toy experiments of the Standard Model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np

from munu.analysis.toy_study import toy_study
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.physics.parameters import Others
from munu.results.bands import QUANTILES, ToyBands
from munu.statistics.studies import BLOCK, ToyCurves

POINTS: Final = 25
"""Moduli of a curve at which toys are fitted; between them their quantiles are interpolated."""

Progress = Callable[[int, int], None]


@final
@dataclass(frozen=True)
class Drawn:
    """How many toys are drawn, what fixes them, and who is told of the numbers done and in all."""

    toys: int
    seed: int
    progress: Progress | None = None


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

    def _blocks(self) -> Iterator[ToyCurves]:
        """Yield blocks of toys that have a best fit."""
        study = toy_study(
            self.folded,
            self.parameter,
            replace(self.assumptions, asimov=True),
            others=self.others,
            phases_free=self.phases_free,
        )
        for block, first in enumerate(range(0, self.drawn.toys, BLOCK)):
            rng = np.random.default_rng((self.drawn.seed, block))
            number = min(BLOCK, self.drawn.toys - first)
            yield ToyCurves.drawn(study, rng, number).converged()
            if self.drawn.progress:
                self.drawn.progress(first + number, self.drawn.toys)

    def of_limit(self, delta: float) -> ToyBands:
        """Return the band of the limit, where Δχ² is ``delta``."""
        return self._bands([block.upper_ends(delta) for block in self._blocks()])

    def of_curve(self, moduli_mu_b: FloatArray) -> ToyBands:
        """Return the band of Δχ² at increasing moduli (μ_B), shape (n,)."""
        from scipy.interpolate import PchipInterpolator

        few = moduli_mu_b
        if few.size > POINTS:
            few = np.linspace(moduli_mu_b.min(), moduli_mu_b.max(), POINTS)
        found = self._bands([block.curves(few) for block in self._blocks()])
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
            values=found,
        )
