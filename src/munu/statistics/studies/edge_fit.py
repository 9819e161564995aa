r"""The edge of a Feldman-Cousins set that toys of several true values tell.

About it :math:`\Phi^{-1}(F)` is a parabola that bends little, F being the fraction of toys whose q
is below the data's; the edge is where F is CL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, final

import numpy as np

from munu.base.typing import FloatArray

UNKNOWN: Final = 10.0
"""What the slope of Φ⁻¹(F) per width may be."""
SCORES, CONVERGED, FLATTEST = 50, 1e-8, 1e-3
"""Steps of a fit, the last of them, and the least slope, per width, that is no level."""


@final
@dataclass
class Point:
    """Toys of one true value: how many there are, and how many have a smaller q than the data."""

    number: int
    value: float
    observed: float
    blocks: int = 0
    toys: int = 0
    below: int = 0

    @property
    def fraction(self) -> float:
        """F, half a toy away from 0 and 1."""
        return float(np.clip(self.below, 0.5, self.toys - 0.5) / self.toys)

    @property
    def error(self) -> float:
        """Standard deviation of F."""
        return float(np.sqrt(self.fraction * (1 - self.fraction) / self.toys))


@final
class Expected(NamedTuple):
    """What is known before a fit of Φ⁻¹(F): its slope, roughly, and how much it may bend."""

    slope: float
    bend: float


@final
class FittedEdge(NamedTuple):
    """An edge, its standard error, and the slope of Φ⁻¹(F) there."""

    value: float
    error: float
    slope: float


def fitted_edge(
    points: Sequence[Point], cl: float, start: float, width: float, known: Expected
) -> FittedEdge:
    """Return the edge of toys at several true values.

    The likelihood of the numbers below the data's q, binomial, is maximised over the three
    coefficients of Φ⁻¹(F) by Fisher's scores.

    Parameters
    ----------
    points : sequence of Point
    cl : float
    start, width : float
        An estimate of the edge, and the unit of distances from it.
    known : Expected
        In that unit.
    """
    from scipy.special import ndtri

    x = np.array([(p.value - start) / width for p in points])
    design = np.column_stack([np.ones_like(x), x, x**2])
    centre = np.array([float(ndtri(cl)), known.slope, 0.0])
    prior = np.array([1e-9, UNKNOWN**-2, known.bend**-2])
    found, covariance = _likeliest(points, design, centre, prior)
    a, b, c = (found - [centre[0], 0.0, 0.0]).tolist()
    # The root of a + b x + c x² that is -a / b where c is zero.
    at = -2 * a / (b + np.copysign(np.sqrt(max(b**2 - 4 * a * c, 0.0)), b)) if b else 0.0
    slope = b + 2 * c * at
    if min(b * known.slope, slope * known.slope) <= 0 or abs(slope) < FLATTEST:
        return FittedEdge(start, np.inf, known.slope)
    gradient = np.array([1.0, at, at**2]) / slope
    error = float(np.sqrt(gradient @ covariance @ gradient))
    return FittedEdge(start + width * at, width * error, slope)


def _likeliest(
    points: Sequence[Point], design: FloatArray, centre: FloatArray, prior: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return coefficients of Φ⁻¹(F) and their covariance; prior are inverse variances known."""
    from scipy.special import ndtr

    n = np.array([p.toys for p in points], float)
    k = np.array([p.below for p in points], float)
    found, covariance = centre.copy(), np.zeros((3, 3))
    for _ in range(SCORES):
        u = np.clip(design @ found, -5.0, 5.0)
        f = np.clip(ndtr(u), 1e-6, 1 - 1e-6)
        variance = f * (1 - f)
        density = np.exp(-0.5 * u**2) / np.sqrt(2 * np.pi)
        weight = n * density**2 / variance
        covariance = np.linalg.inv((design * weight[:, None]).T @ design + np.diag(prior))
        score = design.T @ ((k - n * f) * density / variance) - prior * (found - centre)
        step = np.clip(covariance @ score, -1.0, 1.0)
        found = found + step
        if np.abs(step).max() < CONVERGED:
            break
    return found, covariance
