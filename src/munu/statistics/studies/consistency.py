r"""A combination against its parts: one strength of the signal, or one for each experiment.

.. math:: \min_{s,\theta}\chi^2(sS_1, \ldots, sS_n, \theta) -
          \min_{s_i,\theta}\chi^2(s_1S_1, \ldots, s_nS_n, \theta)

of the predicted signals S. Where counts are many it follows a χ² distribution with n - 1 degrees of
freedom (M. Maltoni and T. Schwetz, hep-ph/0304176, with the strength as the parameter). Strengths
are not negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.descent import Minimum
from munu.base.typing import FloatArray
from munu.statistics.models.dipole_events import QuadraticEvents
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.pooled_fits import PooledFits
from munu.statistics.models.set_fits import SetFits
from munu.statistics.specification import Counts, StatisticSpecification
from munu.statistics.studies.blocks import Outcome, generators
from munu.statistics.studies.goodness import StandardModelToys


@final
@dataclass(frozen=True)
class ConsistencyToys:
    """How much lower χ² is with a strength for each experiment, of the data and of toys.

    Parameters
    ----------
    whole : StandardModelToys
        What is drawn.
    common, own : QuadraticEvents
        The signal with the squares of coordinates as strengths: one, and one of each experiment.
    """

    whole: StandardModelToys
    common: QuadraticEvents
    own: QuadraticEvents

    @classmethod
    def of(
        cls, specifications: Sequence[StatisticSpecification], whole: StandardModelToys
    ) -> ConsistencyToys:
        """Return the toys of experiments, whose specifications are in the order of the model."""
        sm = whole.sm
        own = np.zeros((len(sm), len(specifications)))
        parts, start = list(whole.likelihood.parts), 0
        for i, spec in enumerate(specifications):
            n = 1 + len(spec.control_regions) if isinstance(spec, Counts) else 1
            end = start + sum(part.n_signal for part in parts[:n])
            own[start:end, i] = sm[start:end]
            parts, start = parts[n:], end
        return cls(whole, _strengths(sm[:, None]), _strengths(own))

    @property
    def blocks(self) -> range:
        """Numbers of the blocks."""
        return self.whole.blocks

    @property
    def toys(self) -> int:
        """How many there are."""
        return self.whole.toys

    @property
    def degrees_of_freedom(self) -> int:
        """Experiments beyond the first."""
        return self.own.dimension - 1

    def of_data(self) -> float:
        """Return how much lower χ² of the data is."""
        likelihood, none = self.whole.likelihood, np.zeros_like(self.whole.sm)
        common, own = (
            JointChi2(likelihood, none, one).lowest(np.ones((1, one.dimension)), fixed=0, n=1)[1]
            for one in (self.common, self.own)
        )
        return max(float(common.chi2[0] - own.chi2[0]), 0.0)

    @cached_property
    def _fits(self) -> tuple[PooledFits, PooledFits]:
        """Those of one strength, and of one of each experiment."""
        likelihood, nothing = self.whole.likelihood, np.zeros_like(self.whole.sm)
        return (
            PooledFits.of(likelihood, nothing, self.common),
            PooledFits.of(likelihood, nothing, self.own),
        )

    def __call__(self, block: int) -> list[Outcome]:
        """Return the same of the toys of a block, or that a fit failed."""
        whole = self.whole
        sets = whole.drawing.draw(generators(whole.seed, block, whole.toys))
        common, own = (self._lowest(fits(sets)) for fits in self._fits)
        failed = common.failed | own.failed
        lower = np.maximum(common.chi2 - own.chi2, 0.0)
        return [
            "the fit of its strengths does not converge" if bad else value
            for bad, value in zip(failed.tolist(), lower.tolist(), strict=True)
        ]

    def _lowest(self, fits: SetFits) -> Minimum:
        """Return the minima over the strengths of signals and all nuisances."""
        strengths = fits.extra.dimension
        start = np.concatenate([np.ones(strengths), self.whole.theta])
        jumps = self.whole.jumps.behind(strengths)
        return fits.lowest(np.tile(start, (1, len(fits), 1)), 0, jumps)


def _strengths(signals: FloatArray) -> QuadraticEvents:
    """Return events Σ_i y_i² S_i of signals, shape (n_signal, p)."""
    p = signals.shape[1]
    w = signals[:, :, None] * np.eye(p)
    return QuadraticEvents.of(w.astype(np.complex128), np.eye(p, dtype=np.complex128))
