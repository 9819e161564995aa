r"""Events with a scale and shapes, the building block of a binned prediction.

.. math:: \Big(1+\sum_k\sigma_k\theta_k\Big)\Big(E_b + \sum_v\theta_v(o_{vb}+\theta_v e_{vb})\Big)

with :math:`o = (E^+-E^-)/2` and :math:`e = (E^++E^-)/2 - E`: exact at θ_v = -1, 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.typing import FloatArray, IntArray


@final
@dataclass(frozen=True)
class Component:
    """The signal or a background of one experiment, for one or many signals at once.

    Parameters
    ----------
    events : array, shape (n_bins,) or (m, n_bins)
        E.
    odd, even : array, shape (v, n_bins) or (m, v, n_bins)
        o and e of each shape nuisance.
    scale : array, shape (k,)
        σ_k of every nuisance of the part.
    columns : array, shape (v,)
        Which of the k nuisances the shapes are.
    """

    events: FloatArray
    odd: FloatArray
    even: FloatArray
    scale: FloatArray
    columns: IntArray

    @classmethod
    def between(
        cls,
        events: FloatArray,
        minus: FloatArray,
        plus: FloatArray,
        *,
        scale: FloatArray,
        columns: IntArray,
    ) -> Component:
        """Return the component with variants at -1 and +1, shape (..., v, n_bins) each."""
        odd, even = 0.5 * (plus - minus), 0.5 * (plus + minus) - events[..., None, :]
        return cls(events, odd, even, scale, columns)

    def _shaped(self, theta: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the factor (m, 1), the shaped events (m, n_bins), their slopes (m, v, n_bins)."""
        t = theta[:, self.columns, None]
        bent = t * self.even
        events = self.events + np.sum(t * (self.odd + bent), axis=1)
        return 1 + (theta @ self.scale)[:, None], events, self.odd + 2 * bent

    def predict(self, theta: FloatArray) -> FloatArray:
        """Return the events, shape (m, n_bins), at nuisances (m, k)."""
        factor, events, _ = self._shaped(theta)
        return np.asarray(factor * events)

    def add_to(self, theta: FloatArray, prediction: FloatArray, derivative: FloatArray) -> None:
        """Add the events (m, n_bins) and their derivatives (m, k, n_bins)."""
        factor, events, slopes = self._shaped(theta)
        prediction += factor * events
        derivative += self.scale[:, None] * events[:, None, :]
        derivative[:, self.columns] += factor[:, None] * slopes

    def add_bending(self, theta: FloatArray, slope: FloatArray, hessian: FloatArray) -> None:
        """Add the second derivatives (m, k, k) weighted with ∂χ²/∂μ (m, n_bins)."""
        if self.columns.size == 0:
            return
        factor, _, slopes = self._shaped(theta)
        along = np.matmul(slopes, slope[..., None])[..., 0]
        cross = self.scale[:, None] * along[:, None, :]
        hessian[:, :, self.columns] += cross
        hessian[:, self.columns, :] += cross.swapaxes(1, 2)
        hessian[:, self.columns, self.columns] += (
            2 * factor * (self.even @ slope[..., None])[..., 0]
        )
