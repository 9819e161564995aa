"""One likelihood of several experiments, nuisances of equal name being one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from munu.base.identity import Same
from munu.base.typing import FloatArray
from munu.statistics.likelihoods.gaussian import GaussianLikelihood, join
from munu.statistics.likelihoods.likelihood import SignalLikelihood

if TYPE_CHECKING:
    from munu.statistics.likelihoods.newton import NewtonLikelihood
    from munu.statistics.likelihoods.part import Part

KEPT: Final = 32
"""Joint likelihoods that are kept."""


def joined(likelihoods: Sequence[SignalLikelihood], reference: FloatArray) -> SignalLikelihood:
    """Return the joint likelihood, minimised analytically over its nuisances if all of them are.

    ``reference`` as in `as_newton`.
    """
    if len(likelihoods) == 1:
        return likelihoods[0]
    gaussians = [one for one in likelihoods if isinstance(one, GaussianLikelihood)]
    if len(gaussians) == len(likelihoods):
        return join(gaussians)
    return as_newton(likelihoods, reference)


def by_bins(likelihood: SignalLikelihood) -> list[SignalLikelihood]:
    """Return one likelihood for each bin of joined Gaussian ones; any other alone.

    Single counts in closed form are joined into one: their toys are drawn count by count.
    """
    if not isinstance(likelihood, GaussianLikelihood) or likelihood.n_signal == 1:
        return [likelihood]
    return [likelihood.bin(b) for b in range(likelihood.n_signal)]


def as_newton(likelihoods: Sequence[SignalLikelihood], reference: FloatArray) -> NewtonLikelihood:
    """Return the joint likelihood with all nuisances minimised numerically.

    That of the same likelihoods is made once, with the minimum that its steps start from.

    Parameters
    ----------
    likelihoods : sequence of SignalLikelihood
    reference : array, shape (n_signal,)
        A typical signal of all of them, such as the Standard Model's.

    Raises
    ------
    TypeError
        For a likelihood that is not one of munu's: its nuisances are not known.
    """
    if len(likelihoods) == 1 and likelihoods[0].newton is not None:
        return likelihoods[0].newton
    return _as_newton(Same(*likelihoods), np.asarray(reference, float).tobytes())


@lru_cache(maxsize=KEPT)
def _as_newton(likelihoods: Same[SignalLikelihood], reference: bytes) -> NewtonLikelihood:
    # Imported where they are used: Gaussian likelihoods are joined without them.
    from munu.statistics.likelihoods.gaussian_part import GaussianPart
    from munu.statistics.likelihoods.newton import NewtonLikelihood

    parts: list[Part] = []
    for likelihood in likelihoods.objects:
        if likelihood.newton is not None:
            parts.extend(likelihood.newton.parts)
        elif isinstance(likelihood, GaussianLikelihood):
            parts.append(GaussianPart(likelihood))
        else:
            raise TypeError(f"{type(likelihood).__name__} cannot be combined")
    return NewtonLikelihood(tuple(parts), np.frombuffer(reference))
