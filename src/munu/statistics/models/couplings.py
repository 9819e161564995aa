r"""χ² of couplings that interfere: forms over (1, x) in each bin, and coordinates of order one.

.. math:: S_b = (1, x)^TG_b(1, x)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, final

import numpy as np

from munu.base.typing import FloatArray
from munu.statistics.likelihoods import NewtonLikelihood, pooled
from munu.statistics.models.chart import Chart, ChartPiece
from munu.statistics.models.form import FormEvents
from munu.statistics.models.joint import JointChi2

UNSEEN: Final = 1e-9
"""Events of a direction, relative to those of the best seen, that are the rounding of none."""
ROUNDING: Final = 1e-13
"""Eigenvalue of a metric, relative to the largest, that is rounding."""
MANY: Final = 4.0
"""Times counts, background and spread that no signal has which data allow."""


@final
@dataclass(frozen=True, eq=False)
class CouplingModel:
    """Counts of several experiments as forms over (1, x), and their likelihood.

    Parameters
    ----------
    names : tuple of str
        The experiments.
    likelihood : NewtonLikelihood
    forms : array, shape (n_signal, 1 + n, 1 + n)
        G_b, symmetric.
    """

    names: tuple[str, ...]
    likelihood: NewtonLikelihood
    forms: FloatArray

    @property
    def sm(self) -> FloatArray:
        """Events at x = 0, shape (n_signal,)."""
        return np.asarray(self.forms[:, 0, 0])

    def moved(self, origin: FloatArray) -> CouplingModel:
        """Return the model in coordinates x - x₀: x₀, shape (n,), is zero there."""
        shift = np.eye(self.forms.shape[1])
        shift[1:, 0] = origin
        return CouplingModel(self.names, self.likelihood, shift.T @ self.forms @ shift)

    def pooled(self) -> CouplingModel:
        """Return the model of the same χ² in which bins of proportional events are one."""
        likelihood, forms = pooled(self.likelihood, self.forms)
        return CouplingModel(self.names, likelihood, forms)

    def joint(self, pieces: Sequence[ChartPiece], dimension: int) -> JointChi2:
        """Return χ² of a chart's coordinates and the nuisances."""
        chart = Chart(np.zeros(self.forms.shape[1] - 1), tuple(pieces), dimension)
        return JointChi2(self.likelihood, self.sm, FormEvents.of(self.forms, chart))

    @cached_property
    def metric(self) -> FloatArray:
        r"""How fast events leave the data as x grows, shape (n, n).

        .. math:: \sum_b\frac{4G_{b,0i}G_{b,0j}}{\sigma_b^2} + \sum_b\frac{G_{b,ij}}{\sigma_b}

        with σ_b the data's own spread: interference counts near x = 0, squares farther out.
        """
        weight = 1 / self.likelihood.scale.spread
        slope = 2 * self.forms[:, 0, 1:] * weight[:, None]
        return np.asarray(slope.T @ slope + np.tensordot(weight, self.forms[:, 1:, 1:], 1))

    @cached_property
    def seen(self) -> FloatArray:
        """Sum of the quadratic forms, each over its trace, shape (n, n): null vectors are blind."""
        squares = self.forms[:, 1:, 1:]
        trace = np.trace(squares, axis1=1, axis2=2)
        kept = (trace > 0) & np.isfinite(self.likelihood.scale.spread)
        return np.asarray((squares[kept] / trace[kept, None, None]).sum(axis=0))

    def reach(self, columns: FloatArray) -> FloatArray:
        r"""Return how far coordinates can go before bins have far more events than counts.

        Where :math:`\sum_bS_b/K_b` is at most the number of bins: an ellipsoid that holds all
        points with :math:`S_b\le K_b` in every bin, mirror solutions too, at which an amplitude has
        the other sign. A lone coordinate goes as far as these points do.

        Parameters
        ----------
        columns : array, shape (n, p)
            x for one of each coordinate.

        Returns
        -------
        array, shape (p,)
            The largest size of each coordinate there.
        """
        scale = self.likelihood.scale
        seen = np.isfinite(scale.spread)
        most = MANY * (scale.content + scale.spread + np.abs(self.sm))[seen]
        if columns.shape[1] == 1:
            return np.array([_lone_reach(self.forms[seen], columns[:, 0], most)])
        forms = self.forms[seen] / most[:, None, None]
        square = np.einsum("ip,bij,jq->bpq", columns, forms[:, 1:, 1:], columns)
        size = np.sqrt(np.maximum(square.sum(axis=0).diagonal(), 0.0))
        size[size == 0] = 1.0
        # Bins that tell the coordinates count for more: Σ w_b S_b/K_b ≤ Σ w_b for any weights.
        square /= np.outer(size, size)
        inverse = np.linalg.pinv(square.sum(axis=0), rcond=UNSEEN, hermitian=True)
        telling = np.einsum("bpq,pq->b", square, inverse)
        weights = (np.ones(most.size), np.maximum(telling, 0.0))
        found = [_extent(forms, columns / size, one) for one in weights]
        return np.asarray(np.minimum(*found) / size)

    def unit(self, along: FloatArray) -> float:
        """Return about how far along a direction, shape (n,), χ² rises by one."""
        size = float(along @ self.metric @ along)
        return 1 / np.sqrt(size) if size > 0 else 1.0

    def sees(self, *directions: FloatArray) -> bool:
        """Whether an event tells one of some directions, each (n,)."""
        return any(float(one @ self.metric @ one) > 0 for one in directions)

    def is_blind(self, along: FloatArray, others: FloatArray) -> bool:
        """Whether no event tells a direction (n,) once others (n, k) are free, in any units."""
        columns = np.column_stack([along, others])
        scale = np.sqrt(np.maximum(np.einsum("ik,ij,jk->k", columns, self.seen, columns), 0.0))
        apart = np.sqrt(np.maximum(self.seen.diagonal(), 0.0) @ along**2)
        if scale[0] <= UNSEEN * apart:
            return True
        units = columns / np.where(scale > 0, scale, 1.0)
        values, vectors = np.linalg.eigh(units.T @ self.seen @ units)
        null = vectors[:, values <= UNSEEN * values[-1]]
        return bool(np.abs(null[0]).max(initial=0.0) > np.sqrt(UNSEEN))


def whitened(
    metric: FloatArray, along: FloatArray, others: FloatArray
) -> tuple[FloatArray, FloatArray, float]:
    """Return a direction and others, sheared and scaled so that coordinates are of order one.

    What is left of the others are the directions that the metric sees.

    Each of the others is scaled by itself first: one in cm² and one in μ_B are 40 decades apart.

    Parameters
    ----------
    metric : array, shape (n, n)
    along : array, shape (n,)
    others : array, shape (n, k)

    Returns
    -------
    tuple
        The direction with what the others do to follow it, the others that are seen, orthogonal
        and of unit size in the metric, and what one of the first coordinate is along the direction.
    """
    size = np.sqrt(np.maximum(np.einsum("ik,ij,jk->k", others, metric, others), 0.0))
    others = others / np.where(size > 0, size, 1.0)
    values, vectors = np.linalg.eigh(others.T @ metric @ others)
    # Minima along what no bin sees are everywhere: none of them is looked for.
    seen = values > ROUNDING * values.max(initial=0.0)
    free = others @ (vectors[:, seen] / np.sqrt(values[seen]))
    sheared = along - free @ (free.T @ metric @ along)
    rest, whole = float(sheared @ metric @ sheared), float(along @ metric @ along)
    unit = 1 / np.sqrt(max(rest, 1e-10 * whole)) if whole > 0 else 1.0
    return unit * sheared, free, unit


def _extent(forms: FloatArray, columns: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the largest size of each coordinate where Σ w_b S_b is at most Σ w_b, shape (p,).

    The coordinates are of like size.
    """
    whole = np.tensordot(weights, forms, 1)
    square, slope = columns.T @ whole[1:, 1:] @ columns, columns.T @ whole[1:, 0]
    inverse = np.linalg.pinv(square, rcond=UNSEEN, hermitian=True)
    centre = -inverse @ slope
    left = weights.sum() - whole[0, 0] - slope @ centre
    width = np.sqrt(np.maximum(left * inverse.diagonal(), 0.0))
    return np.asarray(np.abs(centre) + width)


def _lone_reach(forms: FloatArray, along: FloatArray, most: FloatArray) -> float:
    """Return the largest |v| at which the events of v times a direction are few in every bin."""
    start, slope = forms[:, 0, 0], forms[:, 1:, 0] @ along
    square = np.einsum("i,bij,j->b", along, forms[:, 1:, 1:], along)
    bent = square > 0
    if not bent.any():
        return 1.0
    centre = -slope[bent] / square[bent]
    width = np.sqrt(np.maximum(centre**2 + (most - start)[bent] / square[bent], 0.0))
    return float(max(-np.max(centre - width), np.min(centre + width), 0.0))
