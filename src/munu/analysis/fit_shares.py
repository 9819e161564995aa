"""What each data set of a combination adds to χ² at a fit, and at the Standard Model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from munu.analysis.fit_components import Nuisances
from munu.analysis.model import joint_model
from munu.base.typing import FloatArray
from munu.folding.folded import Folded
from munu.physics.assumptions import Assumptions
from munu.results.fit_shares import SHARED, Chi2Share
from munu.statistics.likelihoods import as_newton, by_bins, shares


def fit_shares(
    fitted: Sequence[Folded],
    standard: Sequence[Folded],
    settled: Assumptions,
    nuisances: Nuisances,
    data: Sequence[tuple[str, int]],
) -> tuple[Chi2Share, ...]:
    """Return the share of each data set, and of the nuisances that several share if there are any.

    Parameters
    ----------
    fitted, standard : sequence of Folded
        With the prediction that is fitted, and with that of the Standard Model.
    settled : Assumptions
    nuisances : mapping of str to float
        Of the fit.
    data : sequence of tuple
        Name of each data set, and its number of bins.
    """
    found = _shares(fitted, settled, nuisances)
    usual = _shares(standard, settled, None) if standard is not fitted else found
    rows = zip((*data, (SHARED, 0)), found.tolist(), usual.tolist(), strict=True)
    every = tuple(
        Chi2Share(data=name, n_bins=n_bins, chi2=chi2, standard_model_chi2=standard_chi2)
        for (name, n_bins), chi2, standard_chi2 in rows
    )
    return every if found[-1] or usual[-1] else every[:-1]


def sizes_of(folded: Sequence[Folded]) -> list[int]:
    """Return how many entries of the signal each experiment has, those of its variants too."""
    return [one.counts.n_bins * len(one.counts.folds()) for one in folded]


def _shares(
    folded: Sequence[Folded], settled: Assumptions, nuisances: Nuisances | None
) -> FloatArray:
    """Return the shares, at given nuisances or where these fit best."""
    model = joint_model(folded, settled)
    likelihood, signal = as_newton(by_bins(model.likelihood), model.sm), model.sm[None]
    if nuisances is None:
        theta = likelihood.profile(signal).x
    else:
        theta = np.array([[nuisances[name] for name in likelihood.names]])
    return np.asarray(shares(likelihood, signal, theta, sizes_of(folded))[0])
