"""Gaussian counts of toy experiments, with the errors of the data: correlated, or asymmetric."""

from __future__ import annotations

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.specification import AsymmetricErrors, ControlRegion, Counts


def gaussian_counts(
    bins: Counts | ControlRegion,
    prediction: FloatArray,
    variance: FloatArray,
    rng: np.random.Generator,
) -> FloatArray:
    """Return counts drawn about a prediction, shape (n_bins,).

    Parameters
    ----------
    bins : Counts or ControlRegion
        What states a covariance or asymmetric errors, if anything does.
    prediction, variance : array, shape (n_bins,)
    rng : numpy.random.Generator
    """
    if isinstance(bins, Counts) and bins.covariance is not None:
        z = rng.normal(size=prediction.size)
        return np.asarray(prediction + np.linalg.cholesky(bins.covariance) @ z)
    if isinstance(bins, Counts) and bins.asymmetric is not None:
        z = rng.normal(size=prediction.size)
        return np.asarray(prediction - _above(bins.asymmetric, z))
    return rng.normal(prediction, np.sqrt(variance))


def _above(errors: AsymmetricErrors, z: FloatArray) -> FloatArray:
    r"""Return r = μ - n at which χ is z, which so is a unit Gaussian.

    .. math:: r = z\sigma_\pm \qquad r = \tfrac12z^2\Delta \pm
              \sqrt{\tfrac14z^4\Delta^2 + z^2\sigma_+\sigma_-},\quad \Delta = \sigma_+-\sigma_-

    split and of variable width.
    """
    if errors.treatment == "split":
        return np.asarray(z * np.where(z > 0, errors.up, errors.down))
    half = 0.5 * z**2 * (errors.up - errors.down)
    return np.asarray(half + np.sign(z) * np.sqrt(half**2 + z**2 * errors.up * errors.down))
