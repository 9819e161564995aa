r"""Toys of one count with Gaussian nuisances, Eq. (33) of arXiv:1905.03750, in closed form.

χ² of `munu.statistics.likelihoods.one_bin` for many counts d and variances at once; its minimum
over signals from the Standard Model's upwards is at S = d, or at the Standard Model.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.likelihoods import OneBin
from munu.statistics.specification import FirstRun


def drawn_counts(
    spec: FirstRun, signal: float, generators: Iterable[np.random.Generator]
) -> tuple[FloatArray, FloatArray]:
    """Return observed excess and off-beam count of a toy of each generator.

    The nuisances are drawn, none of them below what leaves no events; then the counts.
    """
    drawn = []
    for rng in generators:
        expected = signal * max(1 + spec.sigma_signal * rng.normal(), 0.0)
        expected += spec.prompt_neutrons * max(1 + spec.sigma_background * rng.normal(), 0.0)
        on_beam = rng.poisson(expected + spec.steady_state)
        off_beam = rng.poisson(spec.steady_state)
        drawn.append((on_beam - off_beam, off_beam))
    observed, off = np.array(drawn, float).reshape(-1, 2).T
    return observed, off


def rises_at_truth(
    spec: FirstRun, one_bin: OneBin, sm: float, dipole: float, counts: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Return Δχ² at the truth, shape (n,), and the excess over the Standard Model that fits best.

    Parameters
    ----------
    spec : FirstRun
    one_bin : OneBin
        χ² of the experiment's own count.
    sm, dipole : float
        Standard Model and dipole events at the truth.
    counts : tuple of array
        As of `drawn_counts`.
    """
    observed, off = counts
    backgrounds = one_bin.variance - spec.statistical_variance
    variance = observed + spec.prompt_neutrons + 2 * off + backgrounds
    data = observed - spec.prompt_neutrons
    relative = sum(sigma**2 for sigma in one_bin.normalisations.values())

    def chi2(signal: FloatArray) -> FloatArray:
        return np.asarray((data - signal) ** 2 / (variance + relative * signal**2))

    excess = np.maximum(data - sm, 0.0)
    rise = chi2(np.full(data.shape, sm + dipole)) - chi2(sm + excess)
    return np.maximum(rise, 0.0), excess
