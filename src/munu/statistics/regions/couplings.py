"""The region of two couplings that interfere: its axes, and χ² along them."""

from __future__ import annotations

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.models.couplings import CouplingModel
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.parametrisation import Parametrisation
from munu.statistics.regions.islands import Islands, islands


def coupling_region(
    model: CouplingModel, parametrisation: Parametrisation, domain: FloatArray, delta: float
) -> Islands:
    """Return the region of the two axes of a parametrisation.

    Parameters
    ----------
    model : CouplingModel
    parametrisation : Parametrisation
    domain : array, shape (2, 2)
        First and last coordinate of each axis.
    delta : float
    """
    if parametrisation.is_straight and np.all(np.isinf(domain)):
        matrix = _principal(model, parametrisation)
    else:
        units = [parametrisation.unit(model, axis) for axis in (0, 1)]
        matrix = np.diag(units)
        domain = domain / np.array(units)[:, None]

    def joint(mixed: FloatArray) -> tuple[JointChi2, FloatArray]:
        return parametrisation.joint(model, mixed)

    return islands(joint, matrix, domain, delta)


def _principal(model: CouplingModel, parametrisation: Parametrisation) -> FloatArray:
    """Return T, (x, y) = T (a, b), whose columns are the axes of the metric with others free."""
    left, _ = parametrisation.whitened(model)
    values, vectors = np.linalg.eigh(left.T @ model.metric @ left)
    return np.asarray(vectors / np.sqrt(np.maximum(values, 1e-12 * values[-1])))
