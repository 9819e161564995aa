r"""The dipole events as a function of real coordinates y of the moments and phases.

A few distributions over the bins, one or two for each kind of neutrino and of recoil, are a basis
of all of them: :math:`E_b(y) = \sum_q a_q(y) V_{qb}`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

import numpy as np

from munu.base.typing import ComplexArray, FloatArray, IntArray

NEGLIGIBLE = 1e-14
"""Part of a bin's events that is rounding."""


class Expansion(ABC):
    """Coefficients of the basis at m points, with their derivatives in the p coordinates y."""

    @property
    @abstractmethod
    def coefficients(self) -> FloatArray:
        """Return a, shape (m, n_basis)."""

    @property
    @abstractmethod
    def slopes(self) -> FloatArray:
        """Return ∂a/∂y, shape (m, p, n_basis)."""

    @abstractmethod
    def bending(self, weights: FloatArray) -> FloatArray:
        """Return the second derivatives of the sum of a with weights (m, n_basis), (m, p, p)."""


@dataclass(frozen=True, eq=False)
class ExtraEvents(ABC):
    """Events beyond the Standard Model's, in a basis V, shape (n_basis, n_signal)."""

    basis: FloatArray

    @property
    @abstractmethod
    def dimension(self) -> int:
        """Number of coordinates y."""

    @property
    @abstractmethod
    def periods(self) -> FloatArray:
        """A full turn of each coordinate, shape (p,), infinite of those that are no angles."""

    @property
    @abstractmethod
    def squares(self) -> tuple[int, ...]:
        """Coordinates u that enter as u², whose slope vanishes at zero."""

    @abstractmethod
    def at(self, y: FloatArray) -> Expansion:
        """Return the coefficients a and their derivatives at points (m, p)."""

    def coefficients(self, y: FloatArray) -> FloatArray:
        """Return a, shape (m, n_basis), at points (m, p)."""
        return self.at(y).coefficients

    def events(self, y: FloatArray) -> FloatArray:
        """Return the events, shape (m, n_signal), at points (m, p)."""
        return np.asarray(self.coefficients(y) @ self.basis)

    def slopes(self, y: FloatArray) -> FloatArray:
        """Return their derivatives in y, shape (m, p, n_signal)."""
        return np.asarray(self.at(y).slopes @ self.basis)


def congruent(w: ComplexArray, columns: ComplexArray) -> ComplexArray:
    """Return B†W_bB, shape (n_signal, p, p), for W_b (n_signal, n, n) and B (n, p).

    It is one product of large matrices: thousands of small ones would take ten times as long.
    """
    n, p = columns.shape
    kernel = columns.conj()[:, None, :, None] * columns[None, :, None, :]
    return np.asarray((w.reshape(-1, n * n) @ kernel.reshape(n * n, p * p)).reshape(-1, p, p))


def factorised(matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return coefficients (n, n_basis) and a basis (n_basis, n_signal) whose product it is.

    Gram-Schmidt with the row that is largest in some bin next; each bin counts alike, however many
    its events. What is left of a row by the rounding of what was taken from it is none: a direction
    of rounding is not orthogonal to the others.

    Parameters
    ----------
    matrix : array, shape (n, n_signal)
    """
    size = np.sqrt(np.sum(matrix**2, axis=0))
    scaled = matrix / np.where(size > 0, size, 1.0)
    rest, found = scaled.copy(), np.zeros((0, size.size))
    whole = np.linalg.norm(scaled, axis=1)
    while np.abs(rest).max(initial=0.0) > NEGLIGIBLE:
        chosen = np.argmax(np.abs(rest).max(axis=1))
        row, rest[chosen] = rest[chosen].copy(), 0.0
        for _ in range(2):
            row = row - row @ found.T @ found
        left = np.linalg.norm(row)
        if left > NEGLIGIBLE * whole[chosen]:
            found = np.vstack([found, row / left])
            rest -= np.outer(rest @ found[-1], found[-1])
    coefficients = scaled @ found.T
    # Where few bins hold a direction, the sums over the many others leave their rounding in them.
    coefficients += (scaled - coefficients @ found) @ found.T
    return coefficients, found * size


def entries_of(w: ComplexArray, columns: ComplexArray) -> tuple[FloatArray, IntArray]:
    """Return the entries of the symmetric M_b = Re B†W_bB, (n, n_signal), and which is where.

    W_b and B as of `congruent`.
    """
    p = columns.shape[1]
    row, column = np.triu_indices(p)
    entry = np.zeros((p, p), int)
    entry[row, column] = entry[column, row] = np.arange(row.size)
    return congruent(w, columns).real[:, row, column].T, entry


@final
@dataclass(frozen=True, eq=False)
class QuadraticEvents(ExtraEvents):
    r"""Events :math:`y^TM_by` of linear coordinates, :math:`\Lambda = \sum_a y_aB_a`.

    Parameters
    ----------
    forms : array, shape (n_basis, p, p)
        The symmetric forms a, with :math:`M_b = {\rm Re}\,B^\dagger W_bB` their sum with V.
    """

    forms: FloatArray

    @classmethod
    def of(cls, w: ComplexArray, columns: ComplexArray) -> QuadraticEvents:
        """Return the events in coordinates of the vectors B, (3, p), for W_b (n_signal, 3, 3)."""
        rows, entry = entries_of(w, columns)
        forms, basis = factorised(rows)
        return cls(basis, forms.T[:, entry])

    @property
    def dimension(self) -> int:
        """Number of vectors B."""
        return int(self.forms.shape[-1])

    @property
    def periods(self) -> FloatArray:
        """Moments are no angles."""
        return np.full(self.dimension, np.inf)

    @property
    def squares(self) -> tuple[int, ...]:
        """None."""
        return ()

    def at(self, y: FloatArray) -> QuadraticExpansion:
        """Return yᵀay, with derivatives."""
        return QuadraticExpansion(self.forms, y)


@final
@dataclass(frozen=True, eq=False)
class QuadraticExpansion(Expansion):
    """yᵀay of the forms a, shape (n_basis, p, p), at points y, shape (m, p)."""

    forms: FloatArray
    y: FloatArray

    @property
    def coefficients(self) -> FloatArray:
        """Return yᵀay."""
        m, p = self.y.shape
        squares = (self.y[:, :, None] * self.y[:, None, :]).reshape(m, p * p)
        return np.asarray(squares @ self.forms.reshape(len(self.forms), squares.shape[1]).T)

    @property
    def slopes(self) -> FloatArray:
        """Return 2ay."""
        return np.asarray(2 * np.einsum("qab,mb->maq", self.forms, self.y))

    def bending(self, weights: FloatArray) -> FloatArray:
        """Return 2 Σ_q g_q a_q."""
        m, p = self.y.shape
        return np.asarray(2 * (weights @ self.forms.reshape(-1, p * p)).reshape(m, p, p))
