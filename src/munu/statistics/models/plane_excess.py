r"""The dipole events as a function of what a plane shows and profiles: moduli and phases.

.. math:: \Lambda = (\rho_1e^{-i\xi_2},\ \rho_2e^{-i\xi_1},\ \rho_3),\qquad
          S_b - SM_b = \sum_k e^{ik\delta}\,\Lambda^\dagger C_{kb}\Lambda

with the Fourier series of `munu.statistics.models.family`. A profiled modulus that may not be
negative is ρ = u², so that u is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import ComplexArray, FloatArray
from munu.statistics.likelihoods.newton import NewtonLikelihood
from munu.statistics.models import rays
from munu.statistics.models.excess import Excess, patterns_of
from munu.statistics.models.family import MomentFamily
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.plane import MASS, PHASES, Plane

PHASE_OF = {"Lambda_1": "xi_2", "Lambda_2": "xi_1"}


@final
@dataclass(frozen=True)
class PlaneExcess(Excess):
    """Events of the coordinates y: the plane's x and y, then what is profiled.

    Parameters
    ----------
    harmonics : array, shape (n_k,)
    mixing : array, shape (18 n_k, n_patterns)
        What Re and Im of e^{ikδ} Λ*_iΛ_j add to each amount.
    plane : Plane
    squared : tuple of str
        The moduli whose coordinate is u.
    """

    harmonics: FloatArray
    mixing: FloatArray
    plane: Plane
    squared: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, family: MomentFamily, plane: Plane, unit_mu_b: float, squared: tuple[str, ...] = ()
    ) -> PlaneExcess:
        """Return the events of a family, the moduli in a unit (μ_B)."""
        flat = unit_mu_b**2 * family.coefficients.reshape(-1, family.sm.size, 9)
        both = np.stack([flat.real, -flat.imag], axis=1)
        mixing, patterns = patterns_of(both.transpose(0, 1, 3, 2).reshape(-1, family.sm.size))
        return cls(patterns, family.harmonics, mixing, plane, squared)

    @property
    def dimension(self) -> int:
        """Number of parameters shown and profiled."""
        return len(self.plane.names)

    def _column(self, name: str) -> int | None:
        return self.plane.names.index(name) if name in self.plane.names else None

    def _phases(self, y: FloatArray, name: str) -> tuple[FloatArray, int | None]:
        """Return a phase at each point and its coordinate, None if it is fixed."""
        column = self._column(name)
        if column is not None:
            return y[:, column], column
        return np.full(len(y), float(getattr(self.plane, name))), None

    def _moments(self, y: FloatArray) -> tuple[ComplexArray, ComplexArray, ComplexArray]:
        """Return Λ (m, 3), its first (m, p, 3) and second derivatives (m, p, p, 3), in the unit."""
        m, p = y.shape
        value = np.zeros((m, 3), complex)
        first, second = np.zeros((m, p, 3), complex), np.zeros((m, p, p, 3), complex)
        for j, name in enumerate(self.plane.basis):
            row = self._column(name)
            if row is None:
                continue
            root = y[:, row]
            squared = name in self.squared
            modulus, slope = (root**2, 2 * root) if squared else (root, np.ones(m))
            turn, column = np.ones(m, complex), None
            if self.plane.basis == MASS and name in PHASE_OF:
                angle, column = self._phases(y, PHASE_OF[name])
                turn = np.exp(-1j * angle)
            value[:, j], first[:, row, j] = modulus * turn, slope * turn
            second[:, row, row, j] = 2 * turn if squared else 0.0
            if column is not None:
                first[:, column, j] = -1j * modulus * turn
                second[:, column, column, j] = -modulus * turn
                second[:, row, column, j] = second[:, column, row, j] = -1j * slope * turn
        return value, first, second

    def _design(self, products: ComplexArray, turned: ComplexArray) -> FloatArray:
        """Return Re and Im of e^{ikδ} (..., n_k) times products (..., 3, 3): (..., 18 n_k)."""
        flat = products.reshape(*products.shape[:-2], 1, 9)
        both = turned[..., None] * flat
        shape = (*both.shape[:-2], -1)
        return np.stack([both.real, both.imag], axis=-2).reshape(shape)

    def _turns(self, y: FloatArray) -> tuple[ComplexArray, int | None]:
        """Return e^{ikδ}, shape (m, n_k), and the coordinate of δ."""
        delta, column = self._phases(y, "delta_cp")
        return np.exp(1j * delta[:, None] * self.harmonics), column

    def amounts(self, y: FloatArray) -> FloatArray:
        """Return those of Λ†W_b(δ)Λ."""
        value, _, _ = self._moments(y)
        return self._design(_outer(value, value), self._turns(y)[0]) @ self.mixing

    def amount_slopes(self, y: FloatArray) -> FloatArray:
        """Return the derivatives in each coordinate."""
        value, first, _ = self._moments(y)
        turns, column = self._turns(y)
        wide = value[:, None, :]
        design = self._design(_outer(first, wide) + _outer(wide, first), turns[:, None, :])
        if column is not None:
            turning = 1j * self.harmonics * turns
            design[:, column] += self._design(_outer(value, value), turning)
        return np.asarray(design @ self.mixing)

    def amount_bending(self, y: FloatArray, weights: FloatArray) -> FloatArray:
        """Return the second derivatives of the weighted sum."""
        value, first, second = self._moments(y)
        turns, column = self._turns(y)
        sums = (weights @ self.mixing.T)[:, None, None, :]
        wide, left, right = value[:, None, None], first[:, :, None], first[:, None, :]
        products = _outer(second, wide) + _outer(wide, second)
        products = products + _outer(left, right) + _outer(right, left)
        found = np.sum(self._design(products, turns[:, None, None]) * sums, axis=-1)
        if column is not None:
            turning = 1j * self.harmonics * turns
            ahead = _outer(first, value[:, None]) + _outer(value[:, None], first)
            mixed = np.sum(self._design(ahead, turning[:, None]) * sums[:, 0], axis=-1)
            found[:, column, :] += mixed
            found[:, :, column] += mixed
            own = self._design(_outer(value, value), 1j * self.harmonics * turning)
            found[:, column, column] += np.sum(own * sums[:, 0, 0], axis=-1)
        return np.asarray(found)


def unit_mu_b(family: MomentFamily, plane: Plane) -> float:
    """Return about the smallest modulus shown or profiled at which Δχ² is one, others zero."""
    basis = [i for i, name in enumerate(plane.basis) if name in plane.names]
    moments = np.eye(3, dtype=complex)[basis]
    w = family.excess(moments, np.full(len(basis), plane.delta_cp))
    reach = rays.reach(family.likelihood, family.sm, w, 1.0)
    finite = reach[np.isfinite(reach)]
    return float(np.sqrt(finite.min())) if finite.size else 1.0


def plane_chi2(
    family: MomentFamily, plane: Plane, unit: float, names: tuple[str, ...]
) -> JointChi2:
    """Return χ² of a plane's coordinates and the nuisances, of a likelihood with nuisances.

    Those of the ``names`` that are moduli, and may not be negative, are squares; the unit of moduli
    is in μ_B.
    """
    likelihood = family.likelihood
    assert isinstance(likelihood, NewtonLikelihood)
    squared = () if plane.signed else tuple(name for name in names if name not in PHASES)
    return JointChi2(likelihood, family.sm, PlaneExcess.of(family, plane, unit, squared))


def _outer(left: ComplexArray, right: ComplexArray) -> ComplexArray:
    """Return Λ*_i Λ_j."""
    return np.asarray(left.conj()[..., :, None] * right[..., None, :])
