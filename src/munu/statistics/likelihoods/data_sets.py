"""Many sets of data that have one likelihood, as toy experiments do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import FloatArray, Rows
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.likelihoods.part import PartData


@final
@dataclass(frozen=True, eq=False)
class DataSets:
    """Many sets of data that one likelihood is for.

    Parameters
    ----------
    likelihood : NewtonLikelihood
        Whose predictions and nuisances are meant; its own data are not.
    data : tuple of PartData
        For each of its parts, arrays of shape (n, n_bins).
    auxiliary : array, shape (n, k)
        What the measurements that constrain the nuisances found, in units of their widths.
    """

    likelihood: NewtonLikelihood
    data: tuple[PartData, ...]
    auxiliary: FloatArray

    @classmethod
    def own(cls, likelihood: NewtonLikelihood) -> DataSets:
        """Return a likelihood's own data, for as many signals as there are."""
        data = tuple(part.data for part in likelihood.parts)
        return cls(likelihood, data, likelihood.rest[None])

    def __len__(self) -> int:
        return len(self.auxiliary)

    def chosen(self, rows: Rows) -> DataSets:
        """Return some of the sets, in the order of rows, which may repeat."""
        data = tuple(one.chosen(rows) for one in self.data)
        return DataSets(self.likelihood, data, self.auxiliary[rows])

    def alone(self, row: int) -> NewtonLikelihood:
        """Return the likelihood of one of the sets."""
        one = np.array(row)
        pairs = zip(self.likelihood.parts, self.data, strict=True)
        parts = tuple(part.with_data(data.chosen(one)) for part, data in pairs)
        return NewtonLikelihood(parts, self.likelihood.reference, self.auxiliary[row])
