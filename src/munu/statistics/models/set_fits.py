r"""Minima of χ² for many sets of data at once, over coordinates y and nuisances θ.

The data vary and the signal :math:`S(y) = SM + E(y)` does not: all sets are minimised in one
descent, those of fits with a coordinate that is held and of fits without. Where shapes of the
signal or of backgrounds bend, χ² has several minima: from each one found, `Jumps` tells where
others may be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias, final

import numpy as np

from munu.base.damped import STEPS, minimise_damped
from munu.base.descent import Minimum, lowest_of_each, minimise, scaled
from munu.base.terms import Terms
from munu.base.typing import BoolArray, FloatArray, IntArray, Rows
from munu.statistics.likelihoods import DataSets, SummedLikelihood
from munu.statistics.models.dipole_events import ExtraEvents
from munu.statistics.models.jumps import SURPRISE, Jumps

Fixed: TypeAlias = int | IntArray
"""How many of the first coordinates are held: of all sets, or of each."""

CACHED_ENTRIES, LEAST_ROWS = 60_000, 64
"""Numbers that are worked on at once, to stay in the cache; and the fewest sets."""
FIRST_STEPS, MORE_STEPS = 10, 40
"""Steps of a first descent: the few that need more wait for each other. And of those to other
minima: along a narrow bent valley damped steps creep, and `munu.base.descent` is what is left."""
MANY_CREEP = 0.5
"""Share of sets whose first descent does not end, from which damped steps are taken to creep."""
ROUNDS = 3
"""How often other minima are looked for, from those that were lower."""
DOWNWARDS, BESIDE = 1e-4, 0.1
"""Second derivative from which that is worth while; and how far from such a saddle, along the
direction in which χ² falls, its minimum is looked for."""
LOWER = 1e-8
"""Difference of χ² of another minimum."""


@final
@dataclass(frozen=True, eq=False)
class SetFits:
    """χ²(x) of many sets of data, x being the coordinates y, then the nuisances θ.

    Parameters
    ----------
    sets : DataSets
    sm : array, shape (n_signal,)
    extra : ExtraEvents
        The other events, as a function of y.
    """

    sets: DataSets
    sm: FloatArray
    extra: ExtraEvents

    def __len__(self) -> int:
        return len(self.sets)

    def chosen(self, rows: Rows) -> SetFits:
        """Return those of some of the sets, which may repeat."""
        found = replace(self, sets=self.sets.chosen(rows))
        vars(found)["_summed"] = self._summed
        return found

    @cached_property
    def _summed(self) -> SummedLikelihood:
        return SummedLikelihood.of(self.sets.likelihood, self.sm, self.extra.basis)

    def _pieces(self, n: int) -> list[slice]:
        size = max(LEAST_ROWS, CACHED_ENTRIES // self._summed.numbers_per_set)
        return [slice(first, first + size) for first in range(0, n, size)]

    def value(self, x: FloatArray) -> FloatArray:
        """Return χ², shape (n,), of each set at its x, shape (n, p + k)."""
        pieces = self._pieces(len(x))
        if len(pieces) > 1:
            return np.concatenate([self.chosen(at).value(x[at]) for at in pieces])
        p = self.extra.dimension
        return self._summed.value(self.sets, self.extra.coefficients(x[:, :p]), x[:, p:])

    def slopes(self, x: FloatArray) -> FloatArray:
        """Return the first derivatives of χ² of all sets, shape (n, p + k), at one point x."""
        y, theta = x[None, : self.extra.dimension], x[None, self.extra.dimension :]
        at = self.extra.at(y)
        return self._summed.slopes(self.sets, at.coefficients, theta, at.slopes)

    def terms(self, x: FloatArray, held: BoolArray) -> Terms:
        """Return χ² of each set and its derivatives in x; those in what is held are zero.

        Parameters
        ----------
        x : array, shape (n, p + k)
        held : array of bool, shape (n, p)
            Which coordinates are held.
        """
        p, at = self.extra.dimension, self.extra.at(x[:, : self.extra.dimension])
        if held.all():
            return _with_held(self._summed.terms(self.sets, at.coefficients, x[:, p:]), p)
        found = self._summed.terms(self.sets, at.coefficients, x[:, p:], at.slopes)
        assert found.signal_gradient is not None
        found.hessian[:, :p, :p] += at.bending(found.signal_gradient)
        row, column = np.nonzero(held)
        found.gradient[row, column] = 0.0
        found.hessian[row, column] = found.hessian[row, :, column] = 0.0
        found.hessian[row, column, column] = 1.0
        return found

    def minimise(
        self,
        x: FloatArray,
        fixed: Fixed,
        *,
        steps: int = STEPS,
        known: Minimum | None = None,
        thorough: bool = False,
    ) -> Minimum:
        """Minimise over θ and all coordinates but the first ``fixed``.

        Parameters
        ----------
        x : array, shape (n, p + k)
            Where to start, and the values of what is fixed.
        fixed : int or array of int, shape (n,)
        steps, known
            As of `munu.base.damped.minimise_damped`.
        thorough : bool
            Whether to go on where a narrow bent valley takes too many damped steps.
        """
        p = self.extra.dimension
        held = np.arange(p) < np.broadcast_to(fixed, len(x))[:, None]

        def evaluate(x: FloatArray, rows: IntArray) -> Terms:
            own = self if rows.size == len(self) else self.chosen(rows)
            pieces = self._pieces(rows.size)
            if len(pieces) == 1:
                return own.terms(x, held[rows])
            return Terms.joined([own.chosen(at).terms(x[at], held[rows[at]]) for at in pieces])

        found = minimise_damped(evaluate, x, leading=p, steps=steps, known=known)
        rows, beside = self._off_saddles(found)
        if rows.size:
            lower = minimise_damped(lambda x, own: evaluate(x, rows[own]), beside, leading=p)
            found = found.replaced(rows, found.chosen(rows).or_lower(lower))
        left = np.flatnonzero(found.failed & np.isfinite(found.chi2))
        if left.size == 0 or not thorough:
            return found
        further = minimise(lambda x, rows: evaluate(x, left[rows]), found.x[left], leading=p)
        return found.replaced(left, further)

    def _off_saddles(self, found: Minimum) -> tuple[IntArray, FloatArray]:
        """Return which fits ended where χ² bends downwards, and starts beside, (n, p + k).

        So it may be where moments are zero, whose signs no event tells.
        """
        p = self.extra.dimension
        bend, along = np.linalg.eigh(found.hessian[:, :p, :p])
        rows = np.flatnonzero(~found.failed & (bend[:, 0] < -DOWNWARDS))
        beside = found.x[rows]
        beside[:, :p] += BESIDE * along[rows, :, 0]
        return rows, beside

    def lowest(
        self,
        starts: FloatArray,
        fixed: Fixed,
        jumps: Jumps,
        *,
        followed: int = 1,
        within: float = np.inf,
    ) -> Minimum:
        """Return the lowest of the minima from several starts, shape (s, n, p + k).

        Those of the lowest χ² are followed, if it is ``within`` that of the first, then the jumps
        from the lowest minimum. A start that is not a number is none.
        """
        fixed = np.broadcast_to(fixed, len(self))
        value = np.full(starts.shape[:2], np.inf)
        for one, own in zip(starts, value, strict=True):
            rows = np.flatnonzero(np.isfinite(one).all(axis=1))
            at = self.chosen(rows).value(one[rows]) if rows.size < len(one) else self.value(one)
            own[rows] = np.where(np.isfinite(at), at, np.inf)
        order, rows = np.argsort(value, axis=0, kind="stable"), np.arange(len(self))
        found = self.minimise(starts[order[0], rows], fixed, steps=FIRST_STEPS)
        first = value[order[0], rows] + within
        for which in order[1:followed]:
            own = value[which, rows]
            close = np.flatnonzero((own <= first) & np.isfinite(own))
            if close.size == 0:
                break
            fits, at = self.chosen(close), starts[which[close], close]
            other = fits.minimise(at, fixed[close], steps=FIRST_STEPS)
            lower = np.flatnonzero(other.chi2 < found.chi2[close])
            found = found.replaced(close[lower], other.chosen(lower))
        return self._beyond(found, fixed, jumps)

    def _beyond(self, found: Minimum, fixed: IntArray, jumps: Jumps) -> Minimum:
        """Return minima followed to their ends, or lower ones: of jumps, and beyond kinks."""
        active, steps = np.arange(len(self)), MORE_STEPS
        if np.count_nonzero(found.failed) > MANY_CREEP * len(self):
            found, steps = self._ended(found, fixed), FIRST_STEPS
        for _ in range(ROUNDS):
            own, before, held = self.chosen(active), found.chosen(active), fixed[active]
            left = np.flatnonzero(before.failed & np.isfinite(before.chi2))
            ended = np.flatnonzero(~before.failed)
            rows, starts, close = own.chosen(ended)._elsewhere(
                before.chosen(ended), held[ended], jumps
            )
            rows = ended[rows]
            every = np.concatenate([left, rows])
            if every.size == 0:
                break
            known = before.chosen(every)
            # As if not known: a search close by is not given up where it nears the minimum.
            known.step[left.size :][close] = 1.0
            other = own.chosen(every).minimise(
                np.concatenate([before.x[left], starts]), held[every], steps=steps, known=known
            )
            finished = own.chosen(left)._ended(other.chosen(np.arange(left.size)), held[left])
            found = found.replaced(active[left], finished)
            further = other.chosen(left.size + np.arange(rows.size))
            best, lowest = lowest_of_each(rows, further, ended=False)
            # One that is lower and has not ended is followed to its end with those that are left.
            lower = np.flatnonzero(lowest.chi2 < before.chosen(best).chi2 - LOWER)
            found = found.replaced(active[best[lower]], lowest.chosen(lower))
            active = active[np.union1d(left, best[lower])]
        return self._ended(found, fixed)

    def _elsewhere(
        self, found: Minimum, fixed: IntArray, jumps: Jumps
    ) -> tuple[IntArray, FloatArray, BoolArray]:
        """Return which minima may have lower ones, about where, and which of these are close by.

        What is close by leads back to the minimum only where it is no other one.
        """
        ends = jumps.ends(found.x)
        rise = np.array([self.value(one) - found.chi2 for one in ends])
        rows, starts = jumps.promising(found.x, ends, rise.reshape(ends.shape[:2]))
        if not jumps.kinks or len(self) == 0:
            return rows, starts, np.zeros(rows.size, np.bool_)
        near, beside = self.beyond_kinks(found, fixed)
        close = np.arange(rows.size + near.size) >= rows.size
        return np.concatenate([rows, near]), np.concatenate([starts, beside]), close

    def _ended(self, found: Minimum, fixed: IntArray) -> Minimum:
        """Return minima, those followed to their ends that were not, without damping."""
        left = np.flatnonzero(found.failed & np.isfinite(found.chi2))
        if left.size == 0:
            return found
        further = self.chosen(left).minimise(found.x[left], fixed[left], steps=0, thorough=True)
        return found.replaced(left, further)

    def beyond_kinks(self, found: Minimum, fixed: IntArray) -> tuple[IntArray, FloatArray]:
        """Return which minima have lower ones beyond a kink, and about where, (n, p + k)."""
        pieces = self._pieces(len(self))
        if len(pieces) > 1:
            every = np.split(np.arange(len(self)), [at.start for at in pieces[1:]])
            parts = [self.chosen(own).beyond_kinks(found.chosen(own), fixed[own]) for own in every]
            which = [own[row] for own, (row, _) in zip(every, parts, strict=True)]
            return np.concatenate(which), np.concatenate([starts for _, starts in parts])
        p = self.extra.dimension
        at, free = self.extra.at(found.x[:, :p]), np.arange(p) >= fixed[:, None]
        slopes, response = at.slopes * free[:, :, None], _inverse(found.hessian)
        sides = self._summed.other_sides(
            self.sets, at.coefficients, found.x[:, p:], slopes, response
        )
        rows, steps = sides.beyond(response)
        beside, across, expected = sides.across(response)
        ends = found.x[beside] + across
        rise = self.chosen(beside).value(ends) - found.chi2[beside]
        few = rise < SURPRISE * expected
        starts = np.concatenate([found.x[rows] + steps, ends[few]])
        return np.concatenate([rows, beside[few]]), starts

    def responses(self, x: FloatArray, fixed: Fixed) -> FloatArray:
        """Return where the minima of the sets are to first order, (n, p + k), seen from one point.

        All sets share the mean of their second derivatives there.

        Parameters
        ----------
        x : array, shape (p + k,)
        fixed : int or array of int, shape (n,)
        """
        p, n = self.extra.dimension, len(self)
        every = np.tile(x, (n, 1))
        few = self.chosen(np.arange(min(n, LEAST_ROWS)))
        held = np.zeros((len(few), p), np.bool_)
        bend = few.terms(every[: len(few)], held).hessian.mean(axis=0)
        slope = self.slopes(x)
        for one in np.unique(fixed):
            rows = np.flatnonzero(np.broadcast_to(fixed, n) == one)
            every[rows, one:] -= np.linalg.solve(bend[one:, one:], slope[rows, one:].T).T
        return every

    def or_lower(self, found: Minimum, start: FloatArray, fixed: Fixed) -> Minimum:
        """Return the minima, or those from other starts (n, p + k) where these are lower."""
        level = found.chi2 - LOWER * (1 + np.abs(found.chi2))
        rows = np.flatnonzero(found.failed | (self.value(start) < level))
        if rows.size == 0:
            return found
        fixed = np.broadcast_to(fixed, len(self))[rows]
        other = self.chosen(rows).minimise(start[rows], fixed)
        return found.replaced(rows, found.chosen(rows).or_lower(other))


def _inverse(hessian: FloatArray) -> FloatArray:
    """Return inverses, of what bends in no direction that of very little."""
    own, size = scaled(hessian)
    return np.asarray(np.linalg.inv(own) / size[:, :, None] / size[:, None, :])


def _with_held(terms: Terms, p: int) -> Terms:
    """Return terms with those of p coordinates in front, all of which are held."""
    m, k = terms.gradient.shape
    gradient, hessian = np.zeros((m, p + k)), np.zeros((m, p + k, p + k))
    gradient[:, p:], hessian[:, p:, p:] = terms.gradient, terms.hessian
    own = np.arange(p)
    hessian[:, own, own] = 1.0
    return Terms(terms.chi2, gradient, hessian)
