r"""The dipole events as a function of what a plane shows and profiles: moduli and phases.

.. math:: \Lambda = (\rho_1e^{-i\xi_2},\ \rho_2e^{-i\xi_1},\ \rho_3),\qquad
          S_b - SM_b = \sum_k e^{ik\delta}\,\Lambda^\dagger C_{kb}\Lambda

with the Fourier series of `munu.statistics.models.harmonics`. A profiled modulus that may not be
negative is ρ = u², so that u is free.

In a basis V of the events, :math:`{\rm Re}\,e^{ik\delta}C_{kb}\Lambda^*\Lambda` is
:math:`\sum_q a_qV_{qb}` with coefficients

.. math:: a_q = \sum_{kij}\left[A_{kijq}\,{\rm Re}\,P_{kij} + B_{kijq}\,{\rm Im}\,P_{kij}\right],
          \qquad P_{kij} = e^{ik\delta}\Lambda_i^*\Lambda_j

which are linear in the products P: derivatives of a are those of P.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.typing import ComplexArray, FloatArray
from munu.statistics.likelihoods import as_newton
from munu.statistics.models.dipole_events import Expansion, ExtraEvents, factorised
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.moments import MomentModel
from munu.statistics.models.plane import MASS, PHASES, Plane
from munu.statistics.models.rays import rise_at

PHASE_OF = {"Lambda_1": "xi_2", "Lambda_2": "xi_1"}


@final
@dataclass(frozen=True, eq=False)
class PlaneEvents(ExtraEvents):
    """Events of the coordinates y: the plane's x and y, then what is profiled.

    Parameters
    ----------
    harmonics : array, shape (n_k,)
        k of the series.
    per_product : array, shape (18 n_k, n_basis)
        A and B: what Re and Im of e^{ikδ} Λ*_iΛ_j add to each coefficient.
    plane : Plane
    squared : tuple of str
        The moduli whose coordinate is u.
    """

    harmonics: FloatArray
    per_product: FloatArray
    plane: Plane
    squared: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, model: MomentModel, plane: Plane, unit_mu_b: float, squared: tuple[str, ...] = ()
    ) -> PlaneEvents:
        """Return the events of a model, the moduli in a unit (μ_B)."""
        harmonics, coefficients = model.series
        flat = unit_mu_b**2 * coefficients.reshape(-1, model.sm.size, 9)
        # Re(C P) = Re C Re P - Im C Im P
        real_and_imaginary = np.stack([flat.real, -flat.imag], axis=1)
        rows = real_and_imaginary.transpose(0, 1, 3, 2).reshape(-1, model.sm.size)
        per_product, basis = factorised(rows)
        return cls(basis, harmonics, per_product, plane, squared)

    @property
    def dimension(self) -> int:
        """Number of parameters shown and profiled."""
        return len(self.plane.names)

    @property
    def periods(self) -> FloatArray:
        """2π of the phases."""
        return np.array([2 * np.pi if name in PHASES else np.inf for name in self.plane.names])

    @property
    def squares(self) -> tuple[int, ...]:
        """None."""
        return ()

    def _column(self, name: str) -> int | None:
        return self.plane.names.index(name) if name in self.plane.names else None

    def _phases(self, y: FloatArray, name: str) -> tuple[FloatArray, int | None]:
        """Return a phase at each point and its coordinate, None if it is fixed."""
        column = self._column(name)
        if column is not None:
            return y[:, column], column
        return np.full(len(y), float(getattr(self.plane, name))), None

    def _moments(self, y: FloatArray) -> tuple[ComplexArray, ComplexArray, ComplexArray]:
        """Return Λ (m, 3), ∂Λ/∂y (m, p, 3) and ∂²Λ/∂y∂y (m, p, p, 3), in the unit."""
        m, p = y.shape
        value = np.zeros((m, 3), complex)
        first, second = np.zeros((m, p, 3), complex), np.zeros((m, p, p, 3), complex)
        for j, name in enumerate(self.plane.basis):
            row = self._column(name)
            if row is None:
                continue
            u, is_squared = y[:, row], name in self.squared
            rho, slope = (u**2, 2 * u) if is_squared else (u, np.ones(m))
            turn, column = np.ones(m, complex), None
            if self.plane.basis == MASS and name in PHASE_OF:
                xi, column = self._phases(y, PHASE_OF[name])
                turn = np.exp(-1j * xi)
            # Λ = ρ e^{-iξ}, its derivatives in u, then those in ξ and in both
            value[:, j], first[:, row, j] = rho * turn, slope * turn
            second[:, row, row, j] = 2 * turn if is_squared else 0.0
            if column is not None:
                first[:, column, j] = -1j * rho * turn
                second[:, column, column, j] = -rho * turn
                second[:, row, column, j] = second[:, column, row, j] = -1j * slope * turn
        return value, first, second

    def _delta_turns(self, y: FloatArray) -> tuple[ComplexArray, int | None]:
        """Return e^{ikδ}, shape (m, n_k), and the coordinate of δ."""
        delta, column = self._phases(y, "delta_cp")
        return np.exp(1j * delta[:, None] * self.harmonics), column

    def at(self, y: FloatArray) -> PlaneExpansion:
        """Return those of Λ†W_b(δ)Λ, with derivatives."""
        return PlaneExpansion(self, *self._moments(y), *self._delta_turns(y))


@final
@dataclass(frozen=True, eq=False)
class PlaneExpansion(Expansion):
    """Coefficients of a plane's events at m points.

    Parameters
    ----------
    events : PlaneEvents
    moments, first, second : array, shape (m, 3), (m, p, 3) and (m, p, p, 3)
        Λ, ∂Λ/∂y and ∂²Λ/∂y∂y, in the unit.
    turns : array, shape (m, n_k)
        e^{ikδ}.
    delta : int or None
        The coordinate of δ.
    """

    events: PlaneEvents
    moments: ComplexArray
    first: ComplexArray
    second: ComplexArray
    turns: ComplexArray
    delta: int | None

    @property
    def coefficients(self) -> FloatArray:
        """Return those of Λ†W_b(δ)Λ."""
        return _products(self.turns, _outer(self.moments, self.moments)) @ self.events.per_product

    @cached_property
    def _turned(self) -> ComplexArray:
        """Return ∂e^{ikδ}/∂δ = ik e^{ikδ}."""
        return np.asarray(1j * self.events.harmonics * self.turns)

    @property
    def slopes(self) -> FloatArray:
        """Return the derivatives in each coordinate."""
        here = self.moments[:, None]
        # ∂(Λ*Λ) = ∂Λ* Λ + Λ* ∂Λ
        outer = _outer(self.first, here) + _outer(here, self.first)
        slopes = _products(self.turns[:, None], outer)
        if self.delta is not None:
            slopes[:, self.delta] += _products(self._turned, _outer(self.moments, self.moments))
        return np.asarray(slopes @ self.events.per_product)

    def bending(self, weights: FloatArray) -> FloatArray:
        """Return the second derivatives of the weighted sum."""
        moments, first, second, delta = self.moments, self.first, self.second, self.delta
        weighted = weights @ self.events.per_product.T
        here, by_row, by_column = moments[:, None, None], first[:, :, None], first[:, None]
        # ∂_a∂_b(Λ*Λ) = ∂_a∂_bΛ* Λ + Λ* ∂_a∂_bΛ + ∂_aΛ* ∂_bΛ + ∂_bΛ* ∂_aΛ
        outer = _outer(second, here) + _outer(here, second)
        outer = outer + _outer(by_row, by_column) + _outer(by_column, by_row)
        products = _products(self.turns[:, None, None], outer)
        bending = np.sum(products * weighted[:, None, None], axis=-1)
        if delta is not None:
            # ∂_δ∂_a: ik e^{ikδ} ∂_a(Λ*Λ), once from each side where a is δ itself
            outer = _outer(first, moments[:, None]) + _outer(moments[:, None], first)
            mixed = np.sum(_products(self._turned[:, None], outer) * weighted[:, None], axis=-1)
            bending[:, delta, :] += mixed
            bending[:, :, delta] += mixed
            # ∂_δ∂_δ: -k² e^{ikδ} Λ*Λ
            twice = 1j * self.events.harmonics * self._turned
            again = _products(twice, _outer(moments, moments))
            bending[:, delta, delta] += np.sum(again * weighted, axis=-1)
        return np.asarray(bending)


def _outer(left: ComplexArray, right: ComplexArray) -> ComplexArray:
    """Return Λ*_i Λ_j, shape (..., 3, 3)."""
    return np.asarray(left.conj()[..., :, None] * right[..., None, :])


def _products(turns: ComplexArray, outer: ComplexArray) -> FloatArray:
    """Return Re and Im of e^{ikδ} (..., n_k) times Λ*_iΛ_j (..., 3, 3), shape (..., 18 n_k)."""
    p = turns[..., None] * outer.reshape(*outer.shape[:-2], 1, 9)
    return np.stack([p.real, p.imag], axis=-2).reshape(*p.shape[:-2], 18 * p.shape[-2])


def unit_mu_b(model: MomentModel, plane: Plane) -> float:
    """Return about the smallest modulus shown or profiled at which Δχ² is one, others zero."""
    basis = [i for i, name in enumerate(plane.basis) if name in plane.names]
    moments = np.eye(3, dtype=complex)[basis]
    w = model.dipole_events(moments, np.full(len(basis), plane.delta_cp))
    t = rise_at(model.likelihood, model.sm, w, 1.0)
    finite = t[np.isfinite(t)]
    return float(np.sqrt(finite.min())) if finite.size else 1.0


def plane_chi2(model: MomentModel, plane: Plane, unit: float, names: tuple[str, ...]) -> JointChi2:
    """Return χ² of a plane's coordinates and the nuisances.

    Those of the ``names`` that are moduli, and may not be negative, are squares; the unit of moduli
    is in μ_B.
    """
    squared = () if plane.signed else tuple(name for name in names if name not in PHASES)
    likelihood = as_newton([model.likelihood], model.sm)
    return JointChi2(likelihood, model.sm, PlaneEvents.of(model, plane, unit, squared))
