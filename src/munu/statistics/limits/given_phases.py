r"""χ² at a given |Λ_i| where the phases of all moments are given: their moduli are not negative.

A modulus of the other sign would be one of the opposite phase. Each has a coordinate y,

.. math:: |\Lambda_a| = u_ay_a^2,

with a unit u that makes it of order one. Where a coordinate is zero χ² is stationary, a minimum or
not: starts lie beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Final, final

import numpy as np

from munu.base.descent import Minimum
from munu.base.typing import FloatArray
from munu.statistics.likelihoods import as_newton
from munu.statistics.limits.cone import least_on_cone
from munu.statistics.limits.problem import Bottoms, ModulusProblem, unit_mu_b
from munu.statistics.limits.slices import seen_diagonal
from munu.statistics.models.chart import BESIDE, Squared
from munu.statistics.models.couplings import CouplingModel
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.minima import EQUAL, distinct
from munu.statistics.models.moments import MomentModel, normalised_w
from munu.statistics.models.rays import minimise

SCOUTS, KEPT = 12, 4
"""Starts that are followed, as each face, where others are zero, may have a minimum; and minima
over all moments that are kept."""
FEW_EVENTS: Final = (BESIDE, 0.9, 1.5)
"""Coordinates from which the best fit of a toy is looked for."""
IDLE: Final = 1e-9
"""Gain in χ², relative to 1 + χ², that is none."""
AROUND: Final = (0.0, 0.5, 1.0, 2.0)
"""Coordinates of others that are added in squares to what cancels the excess."""


@final
@dataclass(frozen=True, eq=False)
class GivenPhases(ModulusProblem):
    """χ² of coordinates whose squares are the moduli: that of |Λ_i|, those of the others, and θ.

    Others that no bin sees are left out.

    Parameters
    ----------
    units_mu_b : array, shape (p,)
        Of the moduli, that of |Λ_i| first.
    moments : tuple of int
        Their indices.
    """

    units_mu_b: FloatArray
    moments: tuple[int, ...]

    @classmethod
    def of(cls, model: MomentModel, index: int, delta: float) -> GivenPhases:
        """Return the problem of a model, of the real parts of its W.

        The units are about the moduli that alone raise χ² by ``delta``.
        """
        likelihood = as_newton([model.likelihood], model.sm)
        others = [i for i in range(model.w.shape[-1]) if i != index]
        moments = (index, *(i for i in others if seen_diagonal(model, i).any()))
        units = np.array([unit_mu_b(likelihood, model, i, delta) for i in moments])
        return cls(likelihood, model, index, float(units[0]), units, moments)

    @property
    def scouts(self) -> int:
        """As many as there are faces of several minima."""
        return SCOUTS

    @property
    def followed(self) -> int:
        """As many as there are faces of several minima."""
        return SCOUTS

    def anywhere(self, y: FloatArray, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return a grid of few events, and points beside the minima, of the true size or not."""
        grid = np.array(list(product(FEW_EVENTS, repeat=self.joint.dimension)))
        known = self.beside(np.concatenate([y[:KEPT], self.bottoms.y]), 0)
        near = np.concatenate([theta[:KEPT], self.bottoms.theta])
        return np.concatenate([known, grid]), np.concatenate([near, self.joint.linear_start(grid)])

    def beside(self, y: FloatArray, fixed: int) -> FloatArray:
        """Return points beside faces."""
        found = np.maximum(np.abs(y), BESIDE / np.maximum(y[:, :1], 1.0))
        found[:, :fixed] = y[:, :fixed]
        return found

    def sizes(self, moduli_mu_b: FloatArray) -> FloatArray:
        """Return √|Λ_i| in the unit."""
        return np.sqrt(moduli_mu_b / self.unit_mu_b)

    def moduli_mu_b(self, sizes: FloatArray) -> FloatArray:
        """Return |Λ_i|."""
        return sizes**2 * self.unit_mu_b

    @cached_property
    def _w(self) -> FloatArray:
        """W of the moments that take part, in their units, shape (n_signal, p, p)."""
        taken = self.model.w.real[:, self.moments][:, :, self.moments]
        return np.asarray(taken * np.outer(self.units_mu_b, self.units_mu_b))

    def _chi2_of(self, first: int) -> JointChi2:
        """Return χ² of the coordinates from one on, those before zero."""
        w = self._w[:, first:, first:]
        n = w.shape[-1]
        forms = np.zeros((len(w), 1 + n, 1 + n))
        forms[:, 0, 0], forms[:, 1:, 1:] = self.model.sm, w
        pieces = [Squared(i, along) for i, along in enumerate(np.eye(n))]
        return CouplingModel(self.model.names, self.likelihood, forms).joint(pieces, n)

    @cached_property
    def joint(self) -> JointChi2:
        """χ² of all coordinates."""
        return self._chi2_of(0)

    @cached_property
    def _pieces(self) -> list[FloatArray]:
        """W of all bins over their traces, and that of each of several parts, (p, p) each."""
        ends = np.cumsum([part.n_signal for part in self.likelihood.parts])
        pieces = np.split(self._w, ends[:-1]) if len(ends) > 1 else []
        return [normalised_w(w.astype(np.complex128)).real for w in (self._w, *pieces)]

    def _minima(self, first: int) -> FloatArray:
        """Return x (n, p + k) of the minima over the coordinates from one on, others zero.

        They are looked for from the lowest χ² along rays, in each face and beside it.
        """
        joint, n = self._chi2_of(first), self.joint.dimension - first
        axes = [one for one in product((0.0, 1.0), repeat=n) if any(one)]
        least = [least_on_cone(w[first:, first:], i)[1] for w in self._pieces for i in range(n)]
        faces = np.sqrt(np.array([*axes, *least]))
        rays = np.concatenate([faces, np.maximum(faces, BESIDE)])
        t = minimise(self.likelihood, self.model.sm, joint.extra.events(rays)).t
        y = np.sqrt(np.sqrt(np.where(t > 0, t, 1.0)))[:, None] * rays
        theta = self.likelihood.profile(joint.signal(y)).x
        found = joint.valleys(y, fixed=0, theta=theta, scouts=SCOUTS, kept=KEPT)
        found = found.chosen(np.flatnonzero(~found.failed))
        x = found.x[distinct(found.chi2, found.x[:, :n], EQUAL)]
        return np.column_stack([np.zeros((len(x), first)), np.abs(x[:, :n]), x[:, n:]])

    @cached_property
    def bottoms(self) -> Bottoms:
        """The minima over all or the others, and none: of equal ones that of less |Λ_i| first."""
        p, none = self.joint.dimension, self.likelihood.profile(self.model.sm[None])
        x = [np.column_stack([np.zeros((1, p)), none.x]), self._minima(0)]
        if p > 1:
            x.append(self._minima(1))
        found = self._without_idle(np.concatenate(x))
        found = found.chosen(distinct(found.chi2, found.x[:, :p], EQUAL))
        chi2, size = found.chi2, found.x[:, 0]
        equal = chi2 <= chi2[0] + IDLE * (1 + abs(chi2[0]))
        found = found.chosen(np.lexsort((chi2, np.where(equal, size, np.inf))))
        return Bottoms(found.x[:, :p], found.x[:, p:], found.chi2, float(none.chi2[0]))

    def _without_idle(self, x: FloatArray) -> Minimum:
        """Return minima, zero each coordinate that gains nothing, as χ² is flat about zero."""
        p = self.joint.dimension
        y = x[:, :p].copy()
        found = self.joint.minimise(y, fixed=p, theta=x[:, p:])
        for column in range(p):
            less = y.copy()
            less[:, column] = 0.0
            other = self.joint.minimise(less, fixed=p, theta=found.x)
            idle = ~other.failed & (other.chi2 <= found.chi2 + IDLE * (1 + np.abs(found.chi2)))
            y[idle, column] = 0.0
            found = found.replaced(np.flatnonzero(idle), other.chosen(np.flatnonzero(idle)))
        lost = np.where(found.failed, np.inf, found.chi2)
        return replace(found, chi2=lost, x=np.column_stack([y, found.x]))

    @property
    def without(self) -> float:
        """The smallest χ² of the others alone."""
        return float(self.bottoms.chi2[self.bottoms.y[:, 0] == 0].min())

    @cached_property
    def _cancelling(self) -> FloatArray:
        """The others, for a size of one, that cancel most, in all bins or in one part's."""
        return np.asarray(np.sqrt([least_on_cone(w, 0)[1][1:] for w in self._pieces]))

    def starts(self, size: float, *, around: bool = True) -> tuple[FloatArray, FloatArray]:
        """Return points of one size, shape (n, p), and where their nuisances start.

        The others cancel its excess; make more or less of it (with ``around``); or are those of the
        minima, as they are and in proportion. They stand beside faces, those of minima on them too.
        """
        n = self.joint.dimension - 1
        cancelling = size * self._cancelling
        grid = np.array(list(product(AROUND, repeat=n))) if around else np.zeros((1, n))
        about = np.sqrt(cancelling[:, None] ** 2 + grid**2).reshape(-1, n)
        known, theta = self.bottoms.y, self.bottoms.theta
        moved = known[:, 0] > 0
        ratio = size / np.where(moved, known[:, 0], 1.0)
        minima = np.concatenate([known[:, 1:], (ratio[:, None] * known[:, 1:])[moved]])
        further, minima = (
            np.column_stack([np.full(len(rest), size), rest])
            for rest in (np.concatenate([grid, about]), minima)
        )
        further = self.beside(further, 1)
        y = np.concatenate([further, minima, self.beside(minima, 1)])
        return y, np.concatenate([self.joint.linear_start(further), *[theta, theta[moved]] * 2])
