r"""What each data set of a combination adds to χ².

.. math:: \chi^2 = \sum_d\Big[\chi_d^2(S, \theta) + \sum_{j\,{\rm of}\,d\,{\rm alone}}\theta_j^2
          \Big] + \sum_{j\,{\rm shared}}\theta_j^2

of the signal S and the nuisances θ, of which a term that several data sets share is none's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from munu.base.typing import BoolArray, FloatArray
from munu.statistics.likelihoods.newton import NewtonLikelihood


def shares(
    likelihood: NewtonLikelihood, signal: FloatArray, theta: FloatArray, sizes: Sequence[int]
) -> FloatArray:
    """Return the shares of data sets in χ², then that of the nuisances that several share.

    Parameters
    ----------
    likelihood : NewtonLikelihood
        Of all data sets, each with parts of its own (`munu.statistics.likelihoods.by_bins`).
    signal : array, shape (m, n_signal)
    theta : array, shape (m, k)
    sizes : sequence of int
        Entries of the signal that each data set has, in their order.

    Returns
    -------
    array, shape (m, n + 1)
        Its sum is χ².
    """
    n, columns = len(sizes), {name: i for i, name in enumerate(likelihood.names)}
    ends, found = np.cumsum(sizes), np.zeros((len(theta), len(sizes) + 1))
    holds: BoolArray = np.zeros((n, len(columns)), bool)
    for part, entries in likelihood.entries:
        # A control region has no signal, and comes behind the bins of its data set.
        owner = int(np.searchsorted(ends, entries.stop))
        own = [columns[name] for name in part.names]
        holds[owner, own] = True
        found[:, owner] += part.value(signal[:, entries], theta[:, own])
    is_shared = holds.sum(axis=0) > 1
    pulls = (theta - likelihood.rest) ** 2
    found[:, :n] += pulls @ (holds & ~is_shared).T
    found[:, n] = pulls @ is_shared
    return found
