r"""Weights, as functions of the nuisances, of the blocks of events in a prediction.

A component has the block E and, for each shape nuisance, the blocks of its variants at θ = -1 and
+1. Its events are

.. math:: f\Big(\sum_k\sigma_k\theta_k\Big)\Big(E_b + \sum_v t_v o_{vb}+h(t_v) e_{vb}\Big)

with :math:`o = (E^+-E^-)/2` and :math:`e = (E^++E^-)/2 - E`: exact at θ_v = -1, 0 and 1. The
coordinate t is θ itself, and far out :math:`h=|\theta|`, the straight line from the nominal events
through the variant, so that a variation that is one-sided stays so. Within one standard deviation h
is a parabola, θ² (`quadratic`), or that of HistFactory's interpolation code 4p, which pyhf has
(`polynomial`); straight lines throughout would have a kink at zero, in which a minimisation stays.
A third kind, ``saturating``, has the parabola and a t(θ) that levels off at two standard deviations
(`munu.statistics.likelihoods.saturating`). The factor is
:math:`f(x)=1+x`, but never negative (`scale_factor`). This is linear in the blocks,
:math:`\mu_b = \sum_q Q_q(\theta)A_{qb}`; where the sum of a component is close to
zero or below in a bin, `munu.statistics.likelihoods.positive` takes over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, final

import numpy as np

from munu.base.typing import FloatArray, IntArray
from munu.statistics.likelihoods.saturating import saturating_coordinate
from munu.statistics.likelihoods.sparse import RightFactor
from munu.statistics.specification import ShapeInterpolation

LINEAR_DOWN_TO = -0.5
"""Fractional change of a normalisation above which it is linear in its nuisances."""

STRAIGHT_FROM = 1.5
"""Standard deviations of a shape beyond which its events go on along a straight line."""


EvenPart: TypeAlias = tuple[FloatArray, FloatArray, FloatArray]
"""h(t), h'(t) and h''(t)."""


@final
@dataclass(frozen=True, eq=False)
class ScaleFactor:
    """What a normalisation multiplies by, f(x), and its first two derivatives, arrays of one shape.

    ``bend`` is None where it is zero throughout.
    """

    value: FloatArray
    rise: FloatArray
    bend: FloatArray | None


def scale_factor(x: FloatArray) -> ScaleFactor:
    r"""Return f(x) = 1 + x, down to a half of what is expected.

    Below, it goes on as :math:`\frac12e^{u-u^2/2}` with :math:`u=2x+1`, whose value and first two
    derivatives are the same there: no normalisation turns events into negative ones.
    """
    if (x >= LINEAR_DOWN_TO).all():
        return ScaleFactor(1 + x, np.ones_like(x), None)
    u = np.minimum(2 * x + 1, 0.0)
    below = x < LINEAR_DOWN_TO
    f = 0.5 * np.exp(u - 0.5 * u**2)
    return ScaleFactor(
        np.where(below, f, 1 + x),
        np.where(below, 2 * (1 - u) * f, 1.0),
        4 * ((1 - u) ** 2 - 1) * f,
    )


def even_part(t: FloatArray, interpolation: ShapeInterpolation) -> EvenPart:
    """Return h(t), which weighs what both variants of a shape have in common, with h' and h''."""
    return polynomial(t) if interpolation == "polynomial" else quadratic(t)


def polynomial(theta: FloatArray) -> EvenPart:
    r"""Return h of HistFactory's code 4p, with h' and h'', which are continuous.

    .. math:: h = \tfrac18(15\theta^2 - 10\theta^4 + 3\theta^6)

    within one standard deviation and \|θ\| beyond: K. Cranmer et al., CERN-OPEN-2012-016, and
    ``code4p`` of pyhf (L. Heinrich, M. Feickert, G. Stark and K. Cranmer, J. Open Source Softw. 6
    (2021) 2823).
    """
    size = np.abs(theta)
    inside, z = size < 1, np.minimum(size, 1.0) ** 2
    value = np.where(inside, z * (15 + z * (-10 + 3 * z)) / 8, size)
    slope = np.where(inside, size * (15 + z * (-20 + 9 * z)) / 4, 1.0)
    bend = np.where(inside, 15 * (1 + z * (-4 + 3 * z)) / 4, 0.0)
    return value, np.copysign(slope, theta), bend


def quadratic(theta: FloatArray) -> EvenPart:
    r"""Return h of a parabola that becomes a straight line, with h' and h''.

    .. math::
        h = \begin{cases}\theta^2 & |\theta|\le 1\\
        |\theta| + w\,s(1-s)^2,\quad s=(|\theta|-1)/w & 1<|\theta|<1+w\\
        |\theta| & |\theta|\ge 1+w\end{cases}

    with 1 + w = `STRAIGHT_FROM`. Value and slope are continuous: a minimisation that had to cross a
    kink would stay in it. A parabola that went on would let a variation whose one side is the
    nominal events rise on that side; its tangents would too.
    """
    size = np.abs(theta)
    if (size <= 1).all():
        return theta**2, 2 * theta, np.full_like(theta, 2.0)
    width = STRAIGHT_FROM - 1
    s = np.clip((size - 1) / width, 0.0, 1.0)
    inside, straight = size <= 1, size >= STRAIGHT_FROM
    value = np.where(inside, size**2, size + width * s * (1 - s) ** 2)
    slope = np.where(inside, 2 * size, 1 + (1 - s) * (1 - 3 * s))
    bend = np.where(inside, 2.0, np.where(straight, 0.0, (6 * s - 4) / width))
    return value, np.copysign(slope, theta), bend


@final
@dataclass(frozen=True, eq=False)
class Weights:
    """Q_q(θ) at nuisances (m, k).

    Parameters
    ----------
    value : array, shape (m, n_blocks)
    change : array, shape (m, k, n_blocks)
        ∂Q/∂θ.
    factor : ScaleFactor
        That of each term, arrays of shape (m, n_terms).
    power, slope, bend : array, shape (m, n_terms)
        The function of θ_v in each term, and its first two derivatives.
    """

    value: FloatArray
    change: FloatArray
    factor: ScaleFactor
    power: FloatArray
    slope: FloatArray
    bend: FloatArray

    @property
    def bends(self) -> bool:
        """Whether a weight is more than linear in θ."""
        return self.factor.bend is not None or bool(self.slope.any())


@final
@dataclass(frozen=True, eq=False)
class Interpolation:
    """The weights Q_q(θ) of all blocks of several components.

    Parameters
    ----------
    scale : array, shape (k, n_terms)
        σ_k of the component that each term belongs to.
    shape : array, shape (k, n_terms)
        1 where the nuisance is the θ_v of the term.
    degree : array, shape (3, n_terms)
        1 in the first row for E, in the second for o_v, in the third for e_v, which have the
        weights 1, t_v and h(t_v).
    terms_of_blocks : array, shape (n_terms, n_blocks)
        E, o_v, e_v from E, E_v^-, E_v^+.
    interpolation : str
        Which h and which t(θ).
    """

    scale: FloatArray
    shape: FloatArray
    degree: FloatArray
    terms_of_blocks: FloatArray
    interpolation: ShapeInterpolation

    @classmethod
    def of(
        cls,
        scales: Sequence[FloatArray],
        columns: Sequence[IntArray],
        k: int,
        interpolation: ShapeInterpolation,
    ) -> Interpolation:
        """Return the weights of components.

        Parameters
        ----------
        scales : sequence of arrays, shape (k,)
            σ_k of each component.
        columns : sequence of arrays, shape (v,)
            Which of the k nuisances its shapes are.
        k : int
            Number of nuisances.
        interpolation : str
            How events follow the nuisance of a shape.
        """
        sizes = [1 + 2 * len(own) for own in columns]
        n = sum(sizes)
        scale, shape, degree, mixing = (np.zeros((rows, n)) for rows in (k, k, 3, n))
        start = 0
        for sigma, own, size in zip(scales, columns, sizes, strict=True):
            scale[:, start : start + size] = sigma[:, None]
            degree[0, start] = mixing[start, start] = 1.0
            for v, column in enumerate(own):
                odd, even = start + 1 + 2 * v, start + 2 + 2 * v
                shape[column, [odd, even]] = 1.0
                degree[[1, 2], [odd, even]] = 1.0
                mixing[odd, [odd, even]] = -0.5, 0.5
                mixing[even, [start, odd, even]] = -1.0, 0.5, 0.5
            start += size
        return cls(scale, shape, degree, mixing, interpolation)

    @cached_property
    def _to_blocks(self) -> RightFactor:
        return RightFactor(self.terms_of_blocks)

    @cached_property
    def _scaling(self) -> IntArray:
        """Return the nuisances that scale a component."""
        return np.flatnonzero(self.scale.any(axis=1))

    @cached_property
    def _shape_entries(self) -> tuple[IntArray, IntArray, RightFactor]:
        """Return where shapes change weights: nuisance, block, and how their terms make it up."""
        to_blocks = self.terms_of_blocks
        nuisance, term = np.nonzero(self.shape)
        entry, block = np.nonzero(to_blocks[term])
        places, index = np.unique(np.stack([nuisance[entry], block]), axis=1, return_inverse=True)
        matrix = np.zeros((len(to_blocks), places.shape[1]))
        matrix[term[entry], index.ravel()] = to_blocks[term[entry], block]
        return places[0], places[1], RightFactor(matrix)

    @cached_property
    def _to_shapes(self) -> RightFactor:
        return RightFactor(self.shape.T)

    @cached_property
    def _scaled_rows(self) -> FloatArray:
        return np.asarray(self.scale[self._scaling])

    @cached_property
    def _has_shapes(self) -> bool:
        return bool(self.shape.any())

    def weights(self, theta: FloatArray) -> Weights:
        """Return Q and ∂Q/∂θ at nuisances (m, k)."""
        factor = scale_factor(theta @ self.scale)
        if not self._has_shapes:
            one, zero = np.ones_like(factor.value), np.zeros_like(factor.value)
            return Weights(factor.value, self._steep(factor.rise), factor, one, zero, zero)
        t = theta @ self.shape
        saturating = saturating_coordinate(t) if self.interpolation == "saturating" else None
        if saturating is not None:
            t = saturating.value
        constant, linear, even = self.degree
        value, rise, curve = even_part(t, self.interpolation)
        power, slope, bend = (
            constant + linear * t + even * value,
            linear + even * rise,
            even * curve,
        )
        if saturating is not None:
            slope, bend = saturating.along(slope, bend)
        # A component has one factor for all its terms, so that it passes from terms to blocks.
        by_block = self._to_blocks.after(power)
        change = self._steep(factor.rise * by_block)
        nuisance, block, to_entries = self._shape_entries
        change[:, nuisance, block] += to_entries.after(factor.value * slope)
        return Weights(factor.value * by_block, change, factor, power, slope, bend)

    def _steep(self, weight: FloatArray) -> FloatArray:
        """Return σ_k times a weight of each term, shape (m, k, n_terms): most σ_k are zero."""
        found = np.zeros((len(weight), *self.scale.shape))
        rows = self._scaling
        found[:, rows] = self._scaled_rows * weight[:, None, :]
        return found

    def bending(self, weights: Weights, sums: FloatArray) -> FloatArray:
        """Return the second derivatives of Σ_q Q_q u_q, shape (m, k, k), for u (m, n_blocks)."""
        u, factor = sums @ self.terms_of_blocks.T, weights.factor
        rows, (m, k) = self._scaling, (len(u), len(self.scale))
        half = np.zeros((m, k, k))
        steep = self._scaled_rows * (u * factor.rise * weights.slope)[:, None, :]
        half[:, rows] = self._to_shapes.after(steep)
        own = np.arange(k)
        half[:, own, own] += self._to_shapes.after(0.5 * u * factor.value * weights.bend)
        found = half + half.swapaxes(1, 2)
        if factor.bend is not None:
            scale = self._scaled_rows
            bent = (scale * (u * factor.bend * weights.power)[:, None, :]) @ scale.T
            found[:, rows[:, None], rows] += bent
        return np.asarray(found)
