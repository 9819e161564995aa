r"""Many normalisations of few signals as few nuisances: exact, and the cost no longer grows.

Nuisances that do no more than scale signals enter χ² through :math:`x_p = \sum_j\theta_jA_{jp}`
alone, the fractional changes of the signals p, and through :math:`\sum_j\theta_j^2`. With A = QR,
Q having orthonormal columns, :math:`x = R^T\phi` and the minimum over what is left of θ is zero:
as many nuisances φ of unit width as there are signals say the same as all of θ.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from munu.base.identity import Same
from munu.statistics.likelihoods.fused_rows import name_of, triangle
from munu.statistics.likelihoods.gaussian import GaussianLikelihood, LinearNuisance
from munu.statistics.likelihoods.likelihood import SignalLikelihood

KEPT: Final = 32
"""Likelihoods whose fused ones are kept."""


def fused(likelihood: SignalLikelihood) -> SignalLikelihood:
    """Return a likelihood of the same minimum over its nuisances, with fewer normalisations.

    That of the same likelihood is made once.
    """
    return _fused(Same(likelihood))


@lru_cache(maxsize=KEPT)
def _fused(same: Same[SignalLikelihood]) -> SignalLikelihood:
    likelihood = same.objects[0]
    if isinstance(likelihood, GaussianLikelihood):
        return _with_linear(likelihood, _fused_linear(likelihood))
    if likelihood.newton is None or likelihood.newton.auxiliary is not None:
        return likelihood
    # Imported where it is used: what is minimised numerically is much, and not needed before.
    from munu.statistics.likelihoods.fused_parts import fused_parts

    return fused_parts(likelihood.newton)


def _fused_linear(likelihood: GaussianLikelihood) -> tuple[LinearNuisance, ...]:
    """Return the nuisances with those of the signal fused."""
    signal = [nuisance for nuisance in likelihood.linear if nuisance.events is None]
    others = [nuisance for nuisance in likelihood.linear if nuisance.events is not None]
    rows = triangle(np.array([n.sigma for n in signal]).reshape(-1, likelihood.n_signal))
    if rows is None:
        return likelihood.linear
    return (*(LinearNuisance(name_of(i), row) for i, row in enumerate(rows)), *others)


def _with_linear(
    likelihood: GaussianLikelihood, linear: tuple[LinearNuisance, ...]
) -> GaussianLikelihood:
    return likelihood if linear is likelihood.linear else replace(likelihood, linear=linear)
