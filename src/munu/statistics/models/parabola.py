r"""χ² of couplings where it is a parabola of their events, the nuisances following linearly.

.. math:: \chi^2(y) \approx c_0 + g\cdot a(y) + \tfrac12 a(y)^TMa(y)

with a(y) the coefficients of a few distributions. A minimum costs a thousandth of one of χ² itself,
so that descents from very many starts tell where valleys are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.descent import Minimum, minimise
from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray
from munu.statistics.models.dipole_events import ExtraEvents
from munu.statistics.models.joint import JointChi2

STEPS: Final = 25
"""Of a descent: along flat valleys the last ones tell no more."""

STEP: Final = 1e-3
"""Of events and nuisances, by which predictions are differentiated."""


@final
@dataclass(frozen=True, eq=False)
class Parabola:
    """χ² of events about the Standard Model.

    Parameters
    ----------
    extra : ExtraEvents
    slope : array, shape (n_basis,)
        g.
    bend : array, shape (n_basis, n_basis)
        M, of which no eigenvalue is negative.
    """

    extra: ExtraEvents
    slope: FloatArray
    bend: FloatArray

    @classmethod
    def of(cls, joint: JointChi2) -> Parabola:
        """Return that of a joint χ²."""
        basis = joint.extra.basis
        theta = joint.linear_start(np.zeros((1, joint.dimension)))
        terms = joint.likelihood.terms(joint.sm[None], theta, basis[None])
        n, hessian, gradient = len(basis), terms.hessian[0], terms.gradient[0]
        both = np.column_stack([hessian[n:, :n], gradient[n:]])
        followed = np.linalg.lstsq(hessian[n:, n:], both, rcond=None)[0]
        mixed = hessian[:n, n:] @ followed
        bend = _bent_upwards(hessian[:n, :n] - mixed[:, :n])
        return cls(joint.extra, gradient[:n] - mixed[:, n], bend)

    @classmethod
    def about(cls, joint: JointChi2, theta: FloatArray, held: int) -> Parabola:
        """Return that about nuisances (k,) far from a minimum, of which one is held.

        Bins weigh as their data spread: there counts themselves tell nothing of how χ² bends.
        """
        likelihood, basis = joint.likelihood, joint.extra.basis
        free = np.delete(np.eye(theta.size), held, axis=0)
        signals = [joint.sm, *(joint.sm + STEP * basis), *(len(free) * [joint.sm])]
        thetas = [*((1 + len(basis)) * [theta]), *(theta + STEP * free)]
        excess = [likelihood.excess(*at) for at in zip(_rows(signals), _rows(thetas), strict=True)]
        change = (excess[0] - np.array(excess[1:])) / STEP
        weighted, n = change * likelihood.scale.spread**-2.0, len(basis)
        bend, slope = 2 * weighted @ change.T, -2 * weighted @ excess[0]
        bend[n:, n:] += 2 * np.eye(len(free))
        slope[n:] += 2 * free @ (theta - likelihood.rest)
        follow = np.linalg.solve(bend[n:, n:], bend[n:, :n]).T
        return cls(
            joint.extra, slope[:n] - follow @ slope[n:], bend[:n, :n] - follow @ bend[n:, :n]
        )

    def minimised(self, y: FloatArray, fixed: int) -> Minimum:
        """Return minima over all coordinates but the first ``fixed``, from starts y (m, p)."""

        def evaluate(x: FloatArray, rows: IntArray) -> Terms:
            at = self.extra.at(np.concatenate([y[rows, :fixed], x], axis=1))
            a, slopes = at.coefficients, at.slopes[:, fixed:]
            along = a @ self.bend
            rising = self.slope + along
            bend = slopes @ self.bend @ slopes.swapaxes(1, 2)
            bend += at.bending(rising)[:, fixed:, fixed:]
            chi2 = np.einsum("mq,mq->m", self.slope + 0.5 * along, a)
            return Terms(chi2, (slopes @ rising[:, :, None])[..., 0], bend)

        return minimise(evaluate, y[:, fixed:], leading=y.shape[1] - fixed, steps=STEPS)


def _rows(points: Sequence[FloatArray]) -> FloatArray:
    """Return points (n,) as a row each, (1, n)."""
    return np.array(points)[:, None]


def _bent_upwards(bend: FloatArray) -> FloatArray:
    """Return a symmetric matrix without its negative eigenvalues, of rows in any units."""
    size = np.sqrt(np.maximum(np.abs(bend.diagonal()), np.finfo(float).tiny))
    values, vectors = np.linalg.eigh(bend / np.outer(size, size))
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T * np.outer(size, size))
