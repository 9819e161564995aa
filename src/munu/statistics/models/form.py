r"""Events of interactions that interfere: one form over (1, x) in each bin.

.. math:: S_b = (1, x)^TG_b(1, x),\qquad x = x(y)

with x the real coordinates of amplitudes and y those of a question
(`munu.statistics.models.chart`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.models.chart import Chart, Squared, Straight
from munu.statistics.models.dipole_events import Expansion, ExtraEvents, factorised

ROUNDING: Final = 1e-14
"""Of a sum, relative to its terms, that is rounding alone."""


@final
@dataclass(frozen=True, eq=False)
class FormEvents(ExtraEvents):
    """What couplings add to the Standard Model's events, as a function of a chart's y.

    Parameters
    ----------
    forms : array, shape (n_basis, 1 + n, 1 + n)
        Symmetric forms over (1, x), zero at x = 0.
    chart : Chart
    """

    forms: FloatArray
    chart: Chart

    @classmethod
    def of(cls, forms: FloatArray, chart: Chart) -> FormEvents:
        """Return the events of the G_b, shape (n_signal, 1 + n, 1 + n), less those at x = 0.

        Straight coordinates take the place of x: along a direction that nothing tells, what
        cancels would else leave its rounding at every point, and no minimum would converge. What is
        negligible is so in units in which x of one makes about one event: a squared radius in cm²
        makes 10⁸⁰ times the events of a moment in μ_B.
        """
        straight = [piece for piece in chart.pieces if isinstance(piece, Straight)]
        if len(straight) == len(chart.pieces) == chart.dimension and not chart.origin.any():
            forms, chart = _straightened(forms, straight), _straight_chart(len(straight))
        size = np.sqrt(np.maximum(forms.diagonal(axis1=1, axis2=2).sum(axis=0), 0.0))
        size = np.where(size > 0, size, 1.0)
        units = np.outer(size, size)
        rest = forms / units
        rest[:, 0, 0] = 0.0
        coefficients, basis = factorised(rest.reshape(len(rest), -1).T)
        terms = np.ascontiguousarray(coefficients.T).reshape(-1, *forms.shape[1:])
        return cls(basis, units * terms, chart)

    @property
    def dimension(self) -> int:
        """Number of coordinates y."""
        return self.chart.dimension

    @property
    def periods(self) -> FloatArray:
        """Those of the chart."""
        return self.chart.periods

    @property
    def squares(self) -> tuple[int, ...]:
        """Those of the chart."""
        return tuple(one.column for one in self.chart.pieces if isinstance(one, Squared))

    def at(self, y: FloatArray) -> FormExpansion:
        """Return (1,x)ᵀ F (1,x), with derivatives."""
        return FormExpansion(self, *self.chart(y))

    @cached_property
    def by_square(self) -> FloatArray:
        """F of each pair of (1,x), shape (number of pairs, n_basis)."""
        n = self.forms.shape[1]
        return np.ascontiguousarray(self.forms.reshape(len(self.forms), n * n).T)

    @cached_property
    def by_slope(self) -> FloatArray:
        """2 F of each of (1,x), and of x and the basis, shape (1 + n, n n_basis)."""
        pairs = self.forms[:, 1:].transpose(2, 1, 0)
        return np.ascontiguousarray(2 * pairs.reshape(len(pairs), pairs[0].size))


@final
@dataclass(frozen=True, eq=False)
class FormExpansion(Expansion):
    """Coefficients of forms where a chart has m points.

    Parameters
    ----------
    events : FormEvents
    x, first, second : arrays
        `munu.statistics.models.chart.Derivatives`.
    """

    events: FormEvents
    x: FloatArray
    first: FloatArray
    second: FloatArray

    @cached_property
    def _both(self) -> FloatArray:
        return np.concatenate([np.ones((len(self.x), 1)), self.x], axis=1)

    @cached_property
    def _slopes(self) -> FloatArray:
        """Return the derivatives in x, shape (m, n, n_basis)."""
        m, n = self.x.shape
        return (self._both @ self.events.by_slope).reshape(m, n, len(self.events.forms))

    @cached_property
    def coefficients(self) -> FloatArray:
        """Return (1,x)ᵀ F (1,x)."""
        both = self._both
        squares = (both[:, :, None] * both[:, None, :]).reshape(len(both), both.shape[1] ** 2)
        return np.asarray(squares @ self.events.by_square)

    @cached_property
    def slopes(self) -> FloatArray:
        """Return 2 (∂x/∂y) F (1,x)."""
        return np.asarray(self.first @ self._slopes)

    def bending(self, weights: FloatArray) -> FloatArray:
        """Return the second derivatives of the weighted sum, by the chain rule."""
        (m, n), forms = self.x.shape, self.events.forms
        own = 2 * (weights @ forms[:, 1:, 1:].reshape(len(forms), n * n)).reshape(m, n, n)
        bent = self.first @ own @ self.first.swapaxes(1, 2)
        if self.events.chart.is_straight:
            return np.asarray(bent)
        slope = (self._slopes @ weights[:, :, None])[:, None]
        return np.asarray(bent + (self.second @ slope)[..., 0])


def _straight_chart(dimension: int) -> Chart:
    """Return x = y."""
    pieces = tuple(Straight(i, along) for i, along in enumerate(np.eye(dimension)))
    return Chart(np.zeros(dimension), pieces, dimension)


def _straightened(forms: FloatArray, pieces: Sequence[Straight]) -> FloatArray:
    """Return the forms over (1, y), zero where a sum is what its terms' rounding leaves."""
    turn = np.zeros((forms.shape[1], 1 + len(pieces)))
    turn[0, 0] = 1.0
    for piece in pieces:
        turn[1:, 1 + piece.column] += piece.along
    # turnᵀ G turn of all bins as one product, of rows of entries
    both, entries = np.kron(turn, turn), forms.reshape(len(forms), turn.shape[0] ** 2)
    found, terms = entries @ both, np.abs(entries) @ np.abs(both)
    found = np.where(np.abs(found) <= ROUNDING * terms, 0.0, found)
    return np.asarray(found.reshape(-1, turn.shape[1], turn.shape[1]))
