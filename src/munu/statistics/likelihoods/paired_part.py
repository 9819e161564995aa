r"""Binned counts of which many sets of data are fitted: sums over bins are products of matrices.

A prediction is :math:`\mu_b = \sum_j c_j A_{jb}` with events A that stay the same, those of each
term of each distribution of the signal and of the backgrounds, and weights c of coordinates and
nuisances. What χ² and its derivatives need of the bins are

.. math:: u_j = \sum_b\chi^{2\prime}_b A_{jb}\qquad G_{jj'} = \sum_b\chi^{2\prime\prime}_b
          A_{jb}A_{j'b}

of all sets at once: a product with A, and one with the products of pairs of its rows. No array
has an axis of nuisances beside that of the bins, as the derivatives of the predictions have.
Where a component is kept from being negative (`munu.statistics.likelihoods.positive`), its A are
multiplied by c'(r) in these sums, and c''(r) adds to those of two of its own rows.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations_with_replacement, groupby
from typing import TypeAlias, final

import numpy as np

from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray
from munu.statistics.likelihoods.binned_part import BinnedPart
from munu.statistics.likelihoods.interpolation import Interpolation, Weights
from munu.statistics.likelihoods.kinks import OtherSides, Side, are_near
from munu.statistics.likelihoods.losses import Loss, PoissonLoss
from munu.statistics.likelihoods.part import PartData
from munu.statistics.likelihoods.positive import Kept, counted, kept
from munu.statistics.likelihoods.summed_part import SummedPart

Corrections: TypeAlias = tuple[Kept | None, ...]
"""What keeps each component that has shapes from being negative."""


@final
@dataclass(frozen=True, eq=False)
class RowPairs:
    """Products of pairs of rows of A.

    Parameters
    ----------
    products : array, shape (n_bins, n_pairs)
    index : array of int, shape (n_rows, n_rows)
        Which product two rows have.
    blocks : tuple
        The pairs, one after another, of the rows of two groups: the groups, and their pairs.
    """

    products: FloatArray
    index: IntArray
    blocks: tuple[tuple[int, int, slice], ...]

    @classmethod
    def of(cls, rows: FloatArray, groups: Sequence[IntArray]) -> RowPairs:
        """Return those of rows (n_rows, n_bins) in groups, each row in one."""
        n, start = len(rows), 0
        index, blocks = np.zeros((n, n), int), []
        products = np.empty((n * (n + 1) // 2, rows.shape[1]))
        together = [rows[group] for group in groups]
        for one, other in combinations_with_replacement(range(len(groups)), 2):
            first = start
            for place, i in enumerate(groups[one].tolist()):
                skipped = place if one == other else 0
                partners = groups[other][skipped:]
                own = slice(start, start + partners.size)
                np.multiply(together[one][place], together[other][skipped:], out=products[own])
                index[i, partners] = index[partners, i] = np.arange(own.start, own.stop)
                start = own.stop
            blocks.append((one, other, slice(first, start)))
        return cls(products.T, index, tuple(blocks))

    def merged(self, seen: Container[int]) -> list[tuple[list[int], slice]]:
        """Return those of two groups that are in a collection, and all pairs that have the same."""
        found = []
        for groups, blocks in groupby(self.blocks, lambda one: [g for g in one[:2] if g in seen]):
            every = [block for _, _, block in blocks]
            found.append((groups, slice(every[0].start, every[-1].stop)))
        return found

    def square(self, sums: FloatArray) -> FloatArray:
        """Return symmetric matrices (m, n_rows, n_rows) of sums of pairs, (m, n_pairs)."""
        n = len(self.index)
        return np.take(sums, self.index.ravel(), axis=1).reshape(-1, n, n)


@final
@dataclass(frozen=True, eq=False)
class PairedPart(SummedPart):
    """`BinnedPart` for signals that are sums of a few distributions.

    Parameters
    ----------
    part : BinnedPart
    basis : array, shape (n_basis, n_signal)
        The distributions V.
    """

    part: BinnedPart
    basis: FloatArray

    @property
    def numbers_per_set(self) -> int:
        """The bins."""
        return self.part.n_bins

    @cached_property
    def _signal_terms(self) -> int:
        """Terms of each distribution: its events, and two of each variant."""
        return 1 + 2 * len(self.part.variants) if self.part.has_signal else 0

    @cached_property
    def _weights(self) -> Interpolation:
        """Weights of terms instead of blocks."""
        own = self.part.block_weights
        return replace(own, terms_of_blocks=np.eye(len(own.terms_of_blocks)))

    @cached_property
    def rows(self) -> FloatArray:
        """A, shape (n_rows, n_bins): the terms of each distribution, then of the backgrounds."""
        n, to_terms = self._signal_terms, self.part.block_weights.terms_of_blocks
        blocks = self.basis.reshape(-1, n, self.part.n_bins) if n else np.zeros((0, 0, 0))
        own = [to_terms[:n, :n] @ one for one in blocks]
        return np.concatenate([*own, to_terms[n:, n:] @ self.part.background_blocks])

    @cached_property
    def _groups(self) -> tuple[IntArray, ...]:
        """Rows of each component that has shapes, then all others."""
        n, shift = self._signal_terms, len(self.basis) * self._signal_terms
        found, every = [], np.arange(len(self.rows))
        rest = np.ones(every.size, np.bool_)
        for own, _ in self.part.shaped_blocks:
            first = own.start + shift - n if own.start >= n else 0
            last = own.stop + shift - n if own.start >= n else shift
            found.append(every[first:last])
            rest[first:last] = False
        return (*found, every[rest])

    @cached_property
    def _shaped(self) -> tuple[FloatArray, ...]:
        """A of each group."""
        return tuple(self.rows[rows] for rows in self._groups)

    @cached_property
    def _filled(self) -> tuple[tuple[IntArray, FloatArray, FloatArray, IntArray], ...]:
        """Rows of each component that has shapes, A and δ in the bins that it has events in."""
        found = []
        shaped = zip(self._groups, self._shaped, self.part.shaped_blocks, strict=False)
        for rows, own, (_, margin) in shaped:
            bins = np.flatnonzero(own.any(axis=0))
            found.append((rows, own[:, bins], margin[bins], bins))
        return tuple(found)

    @cached_property
    def _pairs(self) -> RowPairs:
        return RowPairs.of(self.rows, self._groups)

    @property
    def n_pairs(self) -> int:
        """How many pairs of rows there are."""
        n = len(self.basis) * self._signal_terms + len(self.part.background_blocks)
        return n * (n + 1) // 2

    def _weights_of_rows(self, weights: Weights, a: FloatArray) -> FloatArray:
        """Return c, shape (m, n_rows), of coefficients a (m, n_basis) and those of terms."""
        n = self._signal_terms
        return _side_by_side(a, weights.value[:, :n], weights.value[:, n:])

    def _changes(self, a: FloatArray, slopes: FloatArray | None, weights: Weights) -> FloatArray:
        """Return ∂c/∂x, if there are x, and ∂c/∂θ, shape (m, p + k, n_rows)."""
        n, value, change = self._signal_terms, weights.value, weights.change
        by_theta = _side_by_side(a[:, None], change[..., :n], change[..., n:])
        if slopes is None:
            return by_theta
        constant = np.zeros((*slopes.shape[:2], value.shape[1] - n))
        by_x = _side_by_side(slopes, value[:, None, :n], constant)
        return np.concatenate([by_x, by_theta], axis=1)

    def _predicted(self, c: FloatArray) -> tuple[FloatArray, Corrections]:
        """Return the predictions, shape (m, n_bins), and what keeps components positive."""
        prediction, found = c @ self.rows, []
        for rows, own, margin, bins in self._filled:
            one = kept(c[:, rows] @ own, margin, bins)
            if one is not None:
                prediction[one.rows, one.bins] += one.surplus
            found.append(one)
        return prediction, (*found, None)

    def value(self, a: FloatArray, theta: FloatArray, data: PartData) -> FloatArray:
        """Return χ²."""
        assert isinstance(data, Loss)
        prediction, _ = self._predicted(self._weights_of_rows(self._weights.weights(theta), a))
        return data.total(prediction)

    def slopes(
        self, a: FloatArray, theta: FloatArray, slopes: FloatArray, data: PartData, n: int
    ) -> FloatArray:
        """Return the first derivatives: what each row adds to χ² of all sets is the same."""
        assert isinstance(data, Loss)
        weights = self._weights.weights(theta)
        prediction, corrections = self._predicted(self._weights_of_rows(weights, a))
        slope = data(prediction)[1]
        change = self._changes(a, slopes, weights)[0]
        every = tuple(c if c is None else c.repeated(n) for c in corrections)
        return np.asarray(self._row_slopes(slope, every) @ change.T)

    def terms(
        self, a: FloatArray, theta: FloatArray, slopes: FloatArray | None, data: PartData
    ) -> Terms:
        """Return χ² and derivatives."""
        assert isinstance(data, Loss)
        weights = self._weights.weights(theta)
        prediction, corrections = self._predicted(self._weights_of_rows(weights, a))
        chi2, slope, curvature = data.summed(prediction)
        u = self._row_slopes(slope, corrections)
        g = self._row_curvatures(slope, curvature, corrections)
        change = self._changes(a, slopes, weights)
        gradient = (change @ u[..., None])[..., 0]
        hessian = change @ g @ change.swapaxes(1, 2)
        n, q = self._signal_terms, len(self.basis)
        p = 0 if slopes is None else slopes.shape[1]
        # Σ_b χ²_b' of the terms of each distribution
        own = u[:, : q * n].reshape(len(a), q, n)
        if weights.bends:
            sums = np.concatenate([(a[:, None] @ own)[:, 0], u[:, q * n :]], axis=1)
            hessian[:, p:, p:] += self._weights.bending(weights, sums)
        if slopes is None:
            return Terms(chi2, gradient, hessian)
        cross = (slopes @ own) @ weights.change[:, :, :n].swapaxes(1, 2)
        hessian[:, :p, p:] += cross
        hessian[:, p:, :p] += cross.swapaxes(1, 2)
        by_a = (own @ weights.value[:, :n, None])[..., 0]
        return Terms(chi2, gradient, hessian, by_a)

    def other_sides(
        self,
        a: FloatArray,
        theta: FloatArray,
        slopes: FloatArray,
        data: PartData,
        response: FloatArray,
    ) -> OtherSides:
        """Return what is beyond the kinks of the components that have shapes."""
        assert isinstance(data, Loss)
        weights = self._weights.weights(theta)
        c, change = self._weights_of_rows(weights, a), self._changes(a, slopes, weights)
        prediction, corrections = self._predicted(c)
        here, found = data(prediction), []
        counts = isinstance(data, PoissonLoss)
        for rows, own, margin, bins in self._filled:
            r, by_row = c[:, rows] @ own, change[:, :, rows]
            events, slope = counted(r, margin)
            moved = prediction.copy()
            moved[:, bins] += np.where(r > 0, 0.0, r) - events
            there = data(moved)
            pull = there[1][:, bins]
            # ∇r H⁻¹ ∇r of all bins, from the few rows that r is a sum of
            by_rows = by_row.swapaxes(1, 2) @ response @ by_row
            variance = ((by_rows @ own) * own).sum(axis=1)
            at, own_bin = np.nonzero(are_near(r, variance, pull))
            by_x = (by_row[at] @ own.T[own_bin][..., None])[..., 0]
            r, slope, where = r[at, own_bin], slope[at, own_bin], (at, bins[own_bin])
            along = (change[at] @ self._counted_rows(corrections, len(a), where)[..., None])[..., 0]
            beyond = along + (np.where(r > 0, 0.0, 1.0) - slope)[:, None] * by_x
            sides = (
                Side(mu[where], chi2[where], pull[where], bend[where], by, counts & (mu[where] > 0))
                for mu, (chi2, pull, bend), by in (
                    (prediction, here, along),
                    (moved, there, beyond),
                )
            )
            found.append(OtherSides(at, r, by_x, *sides))
        return OtherSides.joined(found, change.shape[1])

    def _counted_rows(
        self, corrections: Corrections, m: int, where: tuple[IntArray, IntArray]
    ) -> FloatArray:
        """Return A of some of m points and their bins, (n, n_rows), times c'(r) of components."""
        found, ones = self.rows.T[where[1]], np.ones((m, self.part.n_bins))
        for rows, one in zip(self._groups, corrections, strict=True):
            if one is not None:
                found[:, rows] *= one.along(ones)[where][:, None]
        return found

    def _row_slopes(self, slope: FloatArray, corrections: Corrections) -> FloatArray:
        """Return u, shape (m, n_rows)."""
        if not any(corrections):
            return np.asarray(slope @ self.rows.T)
        found = np.empty((len(slope), len(self.rows)))
        for rows, own, c in zip(self._groups, self._shaped, corrections, strict=True):
            with nullcontext() if c is None else c.within(slope):
                found[:, rows] = slope @ own.T
        return found

    def _row_curvatures(
        self, slope: FloatArray, curvature: FloatArray, corrections: Corrections
    ) -> FloatArray:
        """Return G, shape (m, n_rows, n_rows)."""
        pairs, sums = self._pairs, np.empty((len(curvature), self.n_pairs))
        seen = {group: c for group, c in enumerate(corrections) if c is not None}
        for groups, block in pairs.merged(seen):
            with ExitStack() as stack:
                for group in groups:
                    stack.enter_context(seen[group].within(curvature))
                if len(groups) == 2 and groups[0] == groups[1]:
                    own = seen[groups[0]]
                    curvature[own.rows, own.bins] += own.bent(slope)
                np.matmul(curvature, pairs.products[:, block], out=sums[:, block])
        return pairs.square(sums)


def _side_by_side(a: FloatArray, signal: FloatArray, rest: FloatArray) -> FloatArray:
    """Return a_q s_t of all q and t, then the rest, along the last axis."""
    own = a[..., :, None] * signal[..., None, :]
    q, n = own.shape[-2:]
    return np.concatenate([own.reshape(*own.shape[:-2], q * n), rest], axis=-1)
