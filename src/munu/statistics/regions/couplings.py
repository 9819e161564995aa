"""The region of two couplings that interfere: its axes, and χ² along them."""

from __future__ import annotations

from typing import Final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.models.couplings import CouplingModel
from munu.statistics.models.line import Line
from munu.statistics.models.parametrisation import Parametrisation
from munu.statistics.models.threshold import Threshold
from munu.statistics.regions.islands import Islands, islands

NARROW: Final = 0.9
"""Correlation of two couplings from which a lattice follows the band that they are allowed in."""


def coupling_region(
    model: CouplingModel,
    parametrisation: Parametrisation,
    domain: FloatArray,
    delta: float,
    threshold: Threshold | None = None,
) -> Islands:
    """Return the region of the two axes of a parametrisation.

    Parameters
    ----------
    model : CouplingModel
    parametrisation : Parametrisation
    domain : array, shape (2, 2)
        First and last coordinate of each axis.
    delta : float
    threshold : Threshold, optional
        In the place of delta, which is its highest value.
    """
    if parametrisation.is_straight and np.all(np.isinf(domain)):
        matrix = _principal(model, parametrisation)
        first = Line(*parametrisation.joint(model, matrix))
        turned = first.minima.turned([1, 0, *range(2, first.joint.dimension)])
        second = Line(*parametrisation.joint(model, matrix[:, ::-1]), known=turned)
        return islands(first, (first, second), matrix, domain, delta, 0.0, threshold)
    units = np.array([parametrisation.unit(model, axis) for axis in (0, 1)])
    single = [parametrisation.alone(axis, domain) for axis in (0, 1)]
    matrix, domain = np.diag(units), domain / units[:, None]
    plane = Line(*parametrisation.joint(model, matrix))
    lines = [
        Line(*one.joint(model, unit.reshape(1, 1)), *ends)
        for one, unit, ends in zip(single, units, domain, strict=True)
    ]
    tilt = _tilt(model, parametrisation) * units[0] / units[1]
    return islands(plane, (lines[0], lines[1]), matrix, domain, delta, tilt, threshold)


def _principal(model: CouplingModel, parametrisation: Parametrisation) -> FloatArray:
    """Return T, (x, y) = T (a, b), whose columns are the axes of the metric with others free.

    They are those of coordinates of unit size: a coupling may be 1e-32 of what another is.
    """
    left, _ = parametrisation.whitened(model)
    metric = left.T @ model.metric @ left
    size = 1 / np.sqrt(np.diagonal(metric))
    values, vectors = np.linalg.eigh(size[:, None] * metric * size)
    return np.asarray(size[:, None] * vectors / np.sqrt(np.maximum(values, 1e-12 * values[-1])))


def _tilt(model: CouplingModel, parametrisation: Parametrisation) -> float:
    """Return the slope of a narrow band along which two couplings undo each other, or zero.

    Moduli whose phases are free always may.
    """
    moduli = {one.modulus for one in parametrisation.turning if one.phase is None} - {None}
    if not parametrisation.is_straight and moduli != {0, 1}:
        return 0.0
    left, _ = parametrisation.whitened(model)
    metric = left.T @ model.metric @ left
    if metric[0, 1] ** 2 < NARROW**2 * metric[0, 0] * metric[1, 1]:
        return 0.0
    return float((abs(metric[0, 1]) if moduli else -metric[0, 1]) / metric[1, 1])
