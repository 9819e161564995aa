"""χ² at a given |Λ_i| where the phases of the other moments are free: these are complex numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.typing import ComplexArray, FloatArray
from munu.statistics.likelihoods import as_newton
from munu.statistics.limits.problem import SINGULAR, Bottoms, ModulusProblem, unit_mu_b
from munu.statistics.models.dipole_events import QuadraticEvents
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.moments import MomentModel, normalised_w
from munu.statistics.models.valleys import find_valleys, frame, lattice

NEARBY = 0.1
"""Other moments, relative to |Λ_i|, from which a minimum close to a slice is looked for."""
AROUND = (0.5, 3.0)
"""Distances of other starts from a cancelling one, in standard deviations of the data."""
SCOUTS, FOLLOWED = 6, 8
"""Starts of one |Λ_i| that are followed, and those of a toy."""
FEW_EVENTS, LEAST = (0.3, 1.0), 0.1 * 0.3
"""|Λ_i|, in units of what raises χ² by one, from which the best fit of a toy is looked for, and the
smallest true one from which it is."""
VANISHING = 1e-9
"""|Λ_i|, relative to all moments, that is zero."""


@final
@dataclass(frozen=True)
class FreePhases(ModulusProblem):
    """χ² in a unit that makes the moments of order one: |Λ_i|, Re and Im of the others, θ."""

    @classmethod
    def of(cls, model: MomentModel, index: int, delta: float) -> FreePhases:
        """Return the problem of a model whose likelihood may be Gaussian.

        The unit is about the |Λ_i| that alone raises χ² by ``delta``.
        """
        likelihood = as_newton([model.likelihood], model.sm)
        return cls(likelihood, model, index, unit_mu_b(likelihood, model, index, delta))

    @property
    def scouts(self) -> int:
        """As many as there are minima, or more."""
        return SCOUTS

    @property
    def followed(self) -> int:
        """As many as there are minima, or more."""
        return FOLLOWED

    def anywhere(self, y: FloatArray, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return those, starts of sizes of few events that are not close to it, and the minima."""
        # Where there is no moment χ² is stationary: no start for a descent.
        seen, size = y[:, 0] > LEAST, y[0, 0]
        sizes = [one for one in FEW_EVENTS if abs(one - size) > 0.1 * one]
        found = [self.starts(one, around=False) for one in sizes]
        found = [(y[seen], theta[seen]), *found, (self.bottoms.y, self.bottoms.theta)]
        points, nuisances = zip(*found, strict=True)
        return np.concatenate(points), np.concatenate(nuisances)

    def beside(self, y: FloatArray, fixed: int) -> FloatArray:
        """Return none."""
        return y[:0]

    def sizes(self, moduli_mu_b: FloatArray) -> FloatArray:
        """Return |Λ_i| in the unit."""
        return moduli_mu_b / self.unit_mu_b

    def moduli_mu_b(self, sizes: FloatArray) -> FloatArray:
        """Return |Λ_i|: the sign of a size is a phase that all moments share."""
        return np.abs(sizes) * self.unit_mu_b

    @property
    def columns(self) -> ComplexArray:
        """The moments (μ_B) that the coordinates multiply, shape (3, p)."""
        own: ComplexArray = np.eye(3, dtype=complex)[:, [self.index, *self.others]]
        columns: ComplexArray = np.concatenate([own, 1j * own[:, 1:]], axis=1)
        return self.unit_mu_b * columns

    @cached_property
    def joint(self) -> JointChi2:
        """χ² of |Λ_i|, the others and the nuisances."""
        dipole = QuadraticEvents.of(self.model.w, self.columns)
        return JointChi2(self.likelihood, self.model.sm, dipole)

    @cached_property
    def directions(self) -> FloatArray:
        """Return the others, for |Λ_i| = 1, where χ² may be lowest, shape (n, p - 1).

        They are small; or they cancel the excess best, in all bins or in those of one experiment.
        None is zero: there χ² is stationary, and moments that do not interfere would stay.
        """
        ends = np.cumsum([part.n_signal for part in self.likelihood.parts])
        pieces = np.split(self.model.w, ends[:-1]) if len(ends) > 1 else []
        found = [self._cancelling(normalised_w(w)) for w in (self.model.w, *pieces)]
        found += [NEARBY * np.array(pair, np.complex128) for pair in ((1, -1), (-1j, -1))]
        rows = self._parts(np.array(found))
        return np.unique(rows[np.abs(rows).max(axis=1) > SINGULAR], axis=0)

    def _cancelling(self, total: ComplexArray) -> ComplexArray:
        block = total[np.ix_(self.others, self.others)]
        inverse = np.linalg.pinv(block, rcond=SINGULAR, hermitian=True)
        return np.asarray(-inverse @ total[self.others, self.index])

    @cached_property
    def bottoms(self) -> Bottoms:
        """The minima over all moments, whichever is asked for: |Λ_i| is not negative."""
        found = find_valleys(self.likelihood, self.model.sm, self.model.w)
        moments = found.moments / self.unit_mu_b
        size = np.abs(moments[:, self.index])
        size = np.where(size > VANISHING * np.linalg.norm(moments, axis=1), size, 0.0)
        turn = np.where(size > 0, moments[:, self.index].conj() / np.where(size > 0, size, 1), 1)
        rest = turn[:, None] * moments[:, self.others]
        y = np.concatenate([size[:, None], self._parts(rest)], axis=1)
        return Bottoms(y, found.theta, found.chi2, found.standard_model_chi2)

    @cached_property
    def without(self) -> float:
        """The smallest χ² of the others alone."""
        w = self.model.w[:, self.others][:, :, self.others]
        return float(find_valleys(self.likelihood, self.model.sm, w).chi2[0])

    @cached_property
    def _around(self) -> FloatArray:
        """Return other moments of some significance, in all directions, shape (n, p - 1)."""
        b = frame(self.likelihood, self.model.w[:, self.others][:, :, self.others]) / self.unit_mu_b
        rows = lattice(b.shape[1])
        rest = np.concatenate([turn * rows for turn in (1, 1j, -1, -1j)]) @ b.T
        return np.concatenate([size * self._parts(rest) for size in AROUND])

    def _parts(self, rest: ComplexArray) -> FloatArray:
        """Return the coordinates of other moments (n, 2), shape (n, p - 1)."""
        return np.concatenate([rest.real, rest.imag], axis=1)

    def starts(self, size: float, *, around: bool = True) -> tuple[FloatArray, FloatArray]:
        """Return points of |Λ_i| = size, shape (n, p), and where their nuisances start.

        The others are in proportion to it; some significance away from what cancels the excess; or
        those of the valleys, as they are and in proportion. Without ``around`` those in the middle
        are left out.
        """
        cancelling = size * self.directions
        best = size * self._parts(self._cancelling(normalised_w(self.model.w))[None])
        beside = [self._around, best + self._around] if around else []
        y, theta = self.bottoms.y, self.bottoms.theta
        moved, as_they_are = y[:, 0] > 0, y[:, 1:]
        ratio = size / np.where(moved, y[:, 0], 1.0)
        scaled = (ratio[:, None] * as_they_are)[moved]
        rest = np.concatenate([cancelling, *beside, as_they_are, scaled])
        y = np.concatenate([np.full((len(rest), 1), size), rest], axis=1)
        known = np.concatenate([theta, theta[moved]])
        return y, np.concatenate([self.joint.linear_start(y[: len(y) - len(known)]), known])
