"""Fits of many sets of data, bins of proportional events being one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.likelihoods import DataSets, NewtonLikelihood, Pooling
from munu.statistics.models.dipole_events import ExtraEvents
from munu.statistics.models.set_fits import SetFits


@final
@dataclass(frozen=True, eq=False)
class PooledFits:
    """What fits of all sets share; χ² is that of all bins.

    Parameters
    ----------
    pooling : Pooling
    sm : array, shape (n_signal,)
        Of fewer bins, as the other events.
    extra : ExtraEvents
    """

    pooling: Pooling
    sm: FloatArray
    extra: ExtraEvents

    @classmethod
    def of(cls, likelihood: NewtonLikelihood, sm: FloatArray, extra: ExtraEvents) -> PooledFits:
        """Return those of a likelihood and events, (n_signal,), of all bins."""
        pooling = Pooling.of(likelihood, np.column_stack([sm, extra.basis.T]))
        if pooling.is_idle:
            return cls(pooling, sm, extra)
        basis = np.ascontiguousarray(pooling.signal(extra.basis.T).T)
        return cls(pooling, pooling.signal(sm), replace(extra, basis=basis))

    def __call__(self, sets: DataSets) -> SetFits:
        """Return the fits of sets of data of all bins."""
        return SetFits(self.pooling.sets(sets), self.sm, self.extra)
