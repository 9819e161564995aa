r"""Where Δχ² of a slice falls below its threshold again, far beyond the limit.

The variance of Eq. (34) of arXiv:1905.03750 grows with the signal, and its systematic part with the
square, so that χ² of several bins can rise, reach a maximum and fall towards :math:`1/\sigma^2`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.roots import bracketed_roots
from munu.base.typing import FloatArray
from munu.statistics.models.moments import MomentModel

REACH: Final = 1e3
"""Times the limit: so far Δχ² is looked at."""
POINTS: Final = 121


@final
@dataclass(frozen=True, kw_only=True)
class Fall:
    """Where Δχ² falls below its threshold again.

    Parameters
    ----------
    modulus_mu_b : float
        Modulus beyond which it is below (μ_B).
    highest_delta_chi2 : float
        Its maximum before.
    """

    modulus_mu_b: float
    highest_delta_chi2: float


def fall_beyond(
    model: MomentModel, index: int, *, limit_mu_b: float, chi2_min: float, delta: float
) -> Fall | None:
    """Return where Δχ² along |Λ_index|, the others zero, falls again beyond the limit, or None.

    Only a χ² whose variance grows with the signal in several bins can do so; it is not looked for
    where nuisances are minimised numerically.

    Parameters
    ----------
    limit_mu_b, chi2_min, delta : float
        Upper end of the interval (μ_B), the minimum of χ², and the threshold of Δχ².
    """
    likelihood, w = model.likelihood, model.w[:, index, index].real
    can_fall = likelihood.scale.grows and likelihood.newton is None
    if not can_fall or model.sm.size == 1 or not 0 < limit_mu_b < np.inf:
        return None

    def above(log_modulus: FloatArray) -> FloatArray:
        signal = model.sm + np.exp(2 * log_modulus)[:, None] * w
        return np.asarray(likelihood.chi2(signal) - chi2_min - delta)

    grid = np.log(limit_mu_b) + np.linspace(0.0, np.log(REACH), POINTS)[1:]
    values = above(grid)
    below = np.flatnonzero(values <= 0)
    if below.size == 0 or below[0] == 0:
        return None
    first = int(below[0])
    end = bracketed_roots(above, grid[first - 1 : first], grid[first : first + 1])
    return Fall(
        modulus_mu_b=float(np.exp(end[0])),
        highest_delta_chi2=float(values[:first].max()) + delta,
    )
