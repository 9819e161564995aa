"""What each component of a prediction is at given nuisances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from munu.statistics.interpolation import scale_factor
from munu.statistics.parts import Template
from munu.typing import FloatArray

Nuisances = Mapping[str, float]


def signal_change(normalisations: Mapping[str, float], nuisances: Nuisances) -> float:
    r"""Return :math:`\sum_j\sigma_j\theta_j`, the fractional change of the signal."""
    return sum(sigma * nuisances.get(name, 0.0) for name, sigma in normalisations.items())


def varied_signal(
    nominal: FloatArray,
    variants: Sequence[tuple[str, FloatArray, FloatArray]],
    nuisances: Nuisances,
) -> FloatArray:
    """Return events per bin interpolated between shape variants (name, minus, plus)."""
    events = np.array(nominal, float)
    for name, minus, plus in variants:
        events += _between(nominal, minus, plus, nuisances.get(name, 0.0))
    return events


def background_events(template: Template, nuisances: Nuisances) -> FloatArray:
    """Return the events per bin of a background with its normalisation and shape nuisances."""
    shapes = [(shape.name, shape.minus, shape.plus) for shape in template.shapes]
    change = np.array(template.sigma * nuisances.get(template.name, 0.0))
    return np.asarray(
        scale_factor(change).value * varied_signal(template.events, shapes, nuisances)
    )


def _between(nominal: FloatArray, minus: FloatArray, plus: FloatArray, theta: float) -> FloatArray:
    """Return the change at θ of the parabola through the variants at -1, 0 and 1."""
    return theta * (0.5 * (plus - minus) + theta * (0.5 * (plus + minus) - nominal))
