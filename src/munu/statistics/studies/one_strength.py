r"""Planes of which every bin sees one combination: toys of equal counts are drawn once.

.. math:: S_b(x, y) = {\rm SM}_b + w_b\,t(x, y)

as a single bin has it whatever is shown, and several have it where they see one combination. The
best fit of a toy is a curve of the plane, along which a descent goes nowhere; of t it is a point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.build import build
from munu.statistics.likelihoods import SignalLikelihood
from munu.statistics.models import MomentModel
from munu.statistics.specification import FirstRun
from munu.statistics.studies.blocks import Outcome, ToyExperiments, Value
from munu.statistics.studies.form_study import FormStudy
from munu.statistics.studies.seen import Seen
from munu.statistics.studies.study import ToyStudy, Truth

ONE: Final = 1e-10
"""What is left of the events of a plane, relative to them, besides one combination."""
ROUNDING: Final = 1e-12
"""Of a direction of the plane that is blind, relative to the other."""
LEAST: Final = 1e-6
"""√(t - its least), in its unit, below which its slope is that there."""


@final
@dataclass(frozen=True, eq=False)
class OneStrength(ToyExperiments[Truth], Seen):
    r"""Toys of a plane whose bins see t alone.

    Parameters
    ----------
    line : ToyStudy
        Of √(t - its least).
    units : array, shape (2,)
        What one of each axis's coordinate y is.
    slope : array, shape (2,)
    square : array, shape (2, 2)
        :math:`t = {\rm slope}\cdot y + y^T\,{\rm square}\,y`, never below its least.
    least, unit : float
        The smallest t of the plane, and about how far from it t goes.
    """

    line: ToyStudy
    units: FloatArray
    slope: FloatArray
    square: FloatArray
    least: float
    unit: float = 1.0

    @classmethod
    def of(cls, plane: FormStudy) -> OneStrength | None:
        """Return the toys of t of a plane, None where bins see more than one combination."""
        own = plane.parametrisation
        if not own.is_straight or plane.joint.dimension != plane.shown:
            return None
        axes = np.column_stack([own.direction(0), own.direction(1)]) * plane.units
        turn = np.zeros((1 + len(axes), 3))
        turn[0, 0], turn[1:, 1:] = 1.0, axes
        forms = turn.T @ plane.model.forms @ turn
        terms = np.column_stack([2 * forms[:, 0, 1:], forms[:, 1:, 1:].reshape(-1, 4)])
        left, size, right = np.linalg.svd(terms, full_matrices=False)
        if size[0] == 0 or np.any(size[1:] > ONE * size[0]):
            return None
        sign = -1.0 if left[:, 0].sum() < 0 else 1.0
        weight, t = sign * size[0] * left[:, 0], sign * right[0]
        slope, square = t[:2], t[2:].reshape(2, 2)
        least = _least(slope, square, plane.domain / plane.units[:, None])
        return cls(_line(plane, weight, least), plane.units, slope, square, least)

    def reaching(self, points: FloatArray) -> OneStrength:
        """Return the same with a unit of t by points (n, 2) at the edge of a region."""
        unit = float(np.max(self.strength(points) - self.least))
        return OneStrength(self.line, self.units, self.slope, self.square, self.least, unit)

    def strength(self, points: FloatArray) -> FloatArray:
        """Return t at points of the plane, shape (n,)."""
        y = points / self.units
        return np.asarray(y @ self.slope + np.einsum("ni,ij,nj->n", y, self.square, y))

    def seen(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return √(t - its least) in its unit, (n, 1), and its slopes, (n, 1, 2)."""
        root = np.sqrt(np.maximum((self.strength(points) - self.least) / self.unit, LEAST**2))
        by_y = self.slope + 2 * (points / self.units) @ self.square
        slopes = by_y / self.units / (2 * self.unit * root[:, None])
        return root[:, None], slopes[:, None]

    def prepared(self, value: Value) -> Truth:
        """Return what toys of a point of the plane are drawn from."""
        t = float(self.strength(np.array([value]))[0])
        return self.line.truth(float(np.sqrt(max(t - self.least, 0.0))))

    def outcomes(self, truth: Truth, seeds: Iterable[Sequence[int]]) -> list[Outcome]:
        """Return the outcomes of toys of t."""
        return self.line.outcomes(truth, seeds)


def _line(plane: FormStudy, weight: FloatArray, least: float) -> ToyStudy:
    """Return the study of √(t - its least), as a modulus: t has no bound to be looked at then."""
    sm = plane.model.sm + least * weight
    matrices = weight[:, None, None].astype(np.complex128)
    model = MomentModel(plane.model.names, _likelihood(plane), sm, matrices)
    return ToyStudy(plane.specifications, model, 0)


def _likelihood(plane: FormStudy) -> SignalLikelihood:
    """Return the likelihood of a plane, in closed form if it has one: that of one count."""
    first = plane.specifications[0]
    if len(plane.specifications) == 1 and isinstance(first, FirstRun):
        return build(first, plane.model.names[0], plane.model.sm)
    return plane.model.likelihood


def _least(slope: FloatArray, square: FloatArray, domain: FloatArray) -> float:
    """Return the smallest slope·y + yᵀ square y of a domain (2, 2): events are never negative."""
    found = [one @ slope + one @ square @ one for one in _stationary(slope, square, domain)]
    return float(np.min(found))


def _stationary(slope: FloatArray, square: FloatArray, domain: FloatArray) -> Iterator[FloatArray]:
    """Yield where it may be smallest: inside, on each bound, in each corner."""
    inside = -0.5 * np.linalg.pinv(square, rcond=ROUNDING, hermitian=True) @ slope
    ends = [side[np.isfinite(side)].tolist() for side in domain]
    tried = [inside, *map(np.array, product(*ends))]
    for axis, own in enumerate(ends):
        other = 1 - axis
        for end in own:
            point = np.zeros(2)
            point[axis] = end
            if square[other, other] > 0:
                along = slope[other] + 2 * square[other, axis] * end
                point[other] = -0.5 * along / square[other, other]
            tried.append(point)
    for point in tried:
        if np.all((point >= domain[:, 0]) & (point <= domain[:, 1])):
            yield point
