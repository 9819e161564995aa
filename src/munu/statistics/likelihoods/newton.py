"""Likelihoods of several parts whose nuisances are minimised, many signals at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np

from munu.base.descent import MAXIMUM_STEPS, Minimum, minimise
from munu.base.effort import tell
from munu.base.errors import MunuError
from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray
from munu.statistics.likelihoods.binned_part import BinnedPart
from munu.statistics.likelihoods.far import EXCLUDED, LOWER, FarSearch
from munu.statistics.likelihoods.hops import surprising
from munu.statistics.likelihoods.likelihood import DataScale, SignalLikelihood
from munu.statistics.likelihoods.part import Part

CHUNK_ENTRIES = 800_000
"""Derivatives of signals by nuisances that are worked on at once, which stay in the cache."""
LABORIOUS = 50
"""Evaluations of a minimum after which the reason for so many is reported."""
FARTHEST_START = 1.0
"""Standard deviations from the reference's nuisances that a start may be."""
SCOUTING, FOLLOWED = 3, 2
"""Steps from each of the others, and how many of the lowest go on."""
LARGEST_PULL = 3.0
"""Of a nuisance at the reference, beyond which other signals' may be nearer to rest."""


@final
@dataclass(frozen=True, eq=False)
class NewtonLikelihood(SignalLikelihood):
    """The sum of several parts with unit-width nuisances, shared where their names agree.

    Parameters
    ----------
    parts : tuple of Part
    reference : array, shape (n_signal,)
        A typical signal, such as the Standard Model's; its nuisances are where steps start.
    auxiliary : array, shape (k,), optional
        What the measurements that constrain the nuisances found, in units of their widths; zeros
        where it is not given, as in all but toy data.
    same_as : NewtonLikelihood, optional
        One of the same χ² and nuisances for a signal of other bins: the minimum that steps start
        from is looked for once.
    searches : bool
        Whether the lowest minimum is looked for where the data exclude a signal, which takes
        several times as long (`munu.statistics.likelihoods.far`).
    """

    parts: tuple[Part, ...]
    reference: FloatArray
    auxiliary: FloatArray | None = None
    same_as: NewtonLikelihood | None = None
    searches: bool = False

    @property
    def closed_form(self) -> None:
        """Return None."""
        return None

    @property
    def newton(self) -> NewtonLikelihood:
        """Return itself."""
        return self

    @cached_property
    def searching(self) -> NewtonLikelihood:
        """The same, which looks for the lowest minimum where the data exclude a signal."""
        return replace(self, same_as=self.same_as or self, searches=True)

    @property
    def binned_parts(self) -> tuple[BinnedPart, ...]:
        """The parts that are binned counts: of one experiment, its bins and control regions."""
        return tuple(part for part in self.parts if isinstance(part, BinnedPart))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all nuisances."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.names))

    @cached_property
    def n_signal(self) -> int:
        """Entries of the signal of all parts."""
        return sum(part.n_signal for part in self.parts)

    @cached_property
    def scale(self) -> DataScale:
        """Return what the signal is compared with."""
        return DataScale.joined([part.scale for part in self.parts])

    @cached_property
    def entries(self) -> tuple[tuple[Part, slice], ...]:
        """Each part and its entries of the signal."""
        ends = np.cumsum([part.n_signal for part in self.parts]).tolist()
        return tuple(
            (part, slice(end - part.n_signal, end))
            for part, end in zip(self.parts, ends, strict=True)
        )

    @cached_property
    def _places(self) -> tuple[tuple[Part, slice, IntArray], ...]:
        """Return each part, its entries of the signal and its columns of the nuisances."""
        index = {name: i for i, name in enumerate(self.names)}
        return tuple(
            (part, own, np.array([index[n] for n in part.names], int)) for part, own in self.entries
        )

    @cached_property
    def _entries(self) -> int:
        """Derivatives of one signal by nuisances: each part has its own, and all the Hessian."""
        own = sum(part.n_signal * columns.size for part, _, columns in self._places)
        return max(own + len(self.names) ** 2, self.n_signal)

    @cached_property
    def _unit_widths(self) -> FloatArray:
        return np.asarray(2 * np.eye(len(self.names)))

    def _pulls(self, theta: FloatArray) -> FloatArray:
        """Return how far nuisances are from their measurements, shape (m, k)."""
        return theta if self.auxiliary is None else theta - self.auxiliary

    @cached_property
    def shapes(self) -> IntArray:
        """Return the columns of the nuisances that change shapes: χ² can have minima in several."""
        changing = frozenset[str]().union(*(part.shapes for part in self.parts))
        return np.array([i for i, name in enumerate(self.names) if name in changing], int)

    @cached_property
    def start(self) -> FloatArray:
        """Return θ at the reference signal, shape (k,): the lowest of the minima in reach.

        Looked for from zero, then from what measured the nuisances and where hops from there lead.
        """
        if self.same_as is not None:
            return self.same_as.start
        best = self._at_reference(np.zeros((1, len(self.names))))
        if self.shapes.size == 0:
            return np.asarray(best.x[0])
        _, others = surprising(self.value, self.reference[None], best, self.shapes)
        if self.auxiliary is not None:
            others = np.concatenate([self.auxiliary[None], others])
        if len(others) == 0:
            return np.asarray(best.x[0])
        tried = self._at_reference(others, steps=SCOUTING, above=best.chi2)
        lowest = tried.x[np.argsort(tried.chi2)[:FOLLOWED]]
        found = Minimum.joined([best, self._at_reference(lowest, above=best.chi2)])
        return np.asarray(_first_lowest(found).x[0])

    @cached_property
    def _reference_chi2(self) -> float:
        """Return χ² of the reference."""
        return float(self.value(self.reference[None], self.start[None])[0])

    def _at_reference(
        self, starts: FloatArray, *, steps: int = MAXIMUM_STEPS, above: FloatArray | None = None
    ) -> Minimum:
        """Return the minima at the reference signal from starts (n, k); others as of `minimise`."""
        signal = np.broadcast_to(np.asarray(self.reference, float), (len(starts), self.n_signal))
        level = None if above is None else np.full(len(starts), above[0])
        return minimise(
            lambda theta, rows: self.terms(signal[rows], theta), starts, steps=steps, above=level
        )

    @cached_property
    def _nuisance_slopes(self) -> FloatArray:
        """Return dθ/dS at the reference signal, shape (n_signal, k)."""
        signal, theta = np.asarray(self.reference, float).reshape(1, -1), self.start[None]
        mixed = np.zeros((theta.size, self.n_signal))
        for part, entries, columns in self._places:
            mixed[columns, entries] = part.mixed(signal[:, entries], theta[:, columns])
        return np.asarray(-np.linalg.solve(self.terms(signal, theta).hessian[0], mixed).T)

    def change(self, signal: FloatArray) -> FloatArray:
        """Return how θ follows small changes of the signal, shape (..., k), to first order."""
        return np.asarray(signal @ self._nuisance_slopes)

    def started(self, change: FloatArray) -> FloatArray:
        """Return θ where steps start, shape (m, k), changed from the reference's, but not far."""
        far = np.abs(change).max(axis=1, initial=0.0) / FARTHEST_START
        return np.asarray(self.start + change / np.maximum(far, 1.0)[:, None])

    def linear_start(self, signal: FloatArray) -> FloatArray:
        """Return θ, shape (m, k), where the minimum is to first order in the signal's change."""
        theta = self.started(self.change(signal - self.reference))
        return self.better_start(signal, theta)

    @cached_property
    def rest(self) -> FloatArray:
        """Return the nuisances where their own terms are smallest, shape (k,)."""
        return np.zeros(len(self.names)) if self.auxiliary is None else self.auxiliary

    @cached_property
    def starts_far(self) -> bool:
        """Whether the data pull the nuisances so far at the reference that others are at rest."""
        return bool(np.abs(self._pulls(self.start)).max(initial=0.0) > LARGEST_PULL)

    def better_start(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return θ, or the nuisances at rest where χ² is smaller with these, shape (m, k)."""
        if not self.starts_far:
            return theta
        rest = np.broadcast_to(self.rest, theta.shape)
        closer = self.value(signal, rest) < self.value(signal, theta)
        return np.where(closer[:, None], rest, theta)

    def value(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return χ², shape (m,), at given nuisances (m, k): never below its minimum over them."""
        pulls = self._pulls(theta)
        chi2 = np.einsum("mk,mk->m", pulls, pulls)
        for part, entries, columns in self._places:
            chi2 += part.value(signal[:, entries], theta[:, columns])
        return np.asarray(chi2)

    def terms(
        self, signal: FloatArray, theta: FloatArray, slopes: FloatArray | None = None
    ) -> Terms:
        """Return the sum of the parts and of the squares of the nuisances' pulls.

        Parameters
        ----------
        signal : array, shape (m, n_signal)
        theta : array, shape (m, k)
        slopes : array, shape (m, p, n_signal), optional
            ∂S/∂x of coordinates x; their derivatives then come before those in θ.
        """
        (m, k), p = theta.shape, 0 if slopes is None else slopes.shape[1]
        pulls = self._pulls(theta)
        chi2 = np.einsum("mk,mk->m", pulls, pulls)
        gradient, hessian = np.zeros((m, p + k)), np.zeros((m, p + k, p + k))
        gradient[:, p:] = 2 * pulls
        hessian[:, p:, p:] = self._unit_widths
        by_signal = []
        for part, entries, columns in self._places:
            moved = None if slopes is None else slopes[:, :, entries]
            terms = part.terms(signal[:, entries], theta[:, columns], moved)
            chi2 += terms.chi2
            if len(self.parts) == 1:
                gradient += terms.gradient
                hessian += terms.hessian
            else:
                where = np.concatenate([np.arange(p), p + columns])
                gradient[:, where] += terms.gradient
                hessian[:, where[:, None], where] += terms.hessian
            by_signal.append(terms.signal_gradient)
        sloped = [slope for slope in by_signal if slope is not None]
        return Terms(chi2, gradient, hessian, np.concatenate(sloped, axis=1) if sloped else None)

    def excess(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return the data less one prediction (1, ...), shape (n_signal,), as of each part."""
        return np.concatenate(
            [part.excess(signal[:, at], theta[:, own]) for part, at, own in self._places]
        )

    def signal_gradient(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return ∂χ²/∂S at fixed θ."""
        pieces = [
            part.signal_gradient(signal[:, entries], theta[:, columns])
            for part, entries, columns in self._places
        ]
        return np.concatenate(pieces, axis=1)

    def profile(self, signal: FloatArray, known: Mapping[str, float] | None = None) -> Minimum:
        """Return the minimum over θ for signals of shape (m, n_signal).

        Where nuisances are known, by name, theirs is returned if it is lower: there may be several.

        Raises
        ------
        MunuError
            If a signal's nuisances do not converge, naming the one that moves most.
        """
        found = self._nearest(signal)
        if self.searches:
            found = self._lower_far(signal, found)
        if known is None:
            return found
        theta = np.array([known.get(name, 0.0) for name in self.names])
        return found.or_lower(self._minimise(signal, np.tile(theta, (len(signal), 1))))

    def _nearest(self, signal: FloatArray) -> Minimum:
        """Return the minimum over θ that steps from the first-order start end in."""
        found = self._minimise(signal, self.linear_start(signal))
        if np.any(found.step):
            rows = np.flatnonzero(found.failed)
            start = np.repeat(self.start[None], rows.size, axis=0)
            found = found.replaced(rows, self._minimise(signal[rows], start))
        for row in np.flatnonzero(found.failed) if np.any(found.step) else ():
            raise MunuError(*self.failure(found.x[row], found.step[row]))
        return found

    def _lower_far(self, signal: FloatArray, found: Minimum) -> Minimum:
        """Return the minima, of signals that the data exclude the lowest that is known."""
        if self.shapes.size == 0:
            return found
        rows = np.flatnonzero(found.chi2 > self._reference_chi2 + EXCLUDED)
        if rows.size == 0:
            return found
        search = FarSearch(self.reference, self.start, self.shapes, self._minimise, self.value)
        return found.replaced(rows, search.lowest(signal[rows], found.chosen(rows)))

    def _minimise(self, signal: FloatArray, start: FloatArray) -> Minimum:
        m, evaluations = signal.shape[0], 0

        def evaluate(theta: FloatArray, rows: IntArray) -> Terms:
            nonlocal evaluations
            evaluations += 1
            if evaluations % LABORIOUS == 0:
                tell(self._why_slow(theta))
            return self.terms(signal if rows.size == m else signal[rows], theta)

        tell("")
        return minimise(evaluate, start)

    def _why_slow(self, theta: FloatArray) -> str:
        """Return which nuisance moves farthest where a minimum takes many steps."""
        row, index = np.unravel_index(np.argmax(np.abs(theta)), theta.shape)
        return (
            f"the nuisance '{self.names[index]}' is followed to {theta[row, index]:.1f} sigma, far"
            " beyond where its variation is known"
        )

    def lowest_along(self, signal: FloatArray, change: FloatArray) -> Minimum:
        """Return the minima over θ and a multiple x of changes of the signal, starting at x = 1.

        Parameters
        ----------
        signal : array, shape (n_signal,)
        change : array, shape (m, n_signal)

        Returns
        -------
        Minimum
            x, then θ.
        """

        def evaluate(x: FloatArray, rows: IntArray) -> Terms:
            slopes = change[rows, None, :]
            return self.terms(signal + x[:, :1] * change[rows], x[:, 1:], slopes)

        start = self.linear_start(signal + change)
        return minimise(evaluate, np.column_stack([np.ones(len(change)), start]), leading=1)

    def failure(self, theta: FloatArray, step: FloatArray) -> tuple[str, str]:
        """Return what to say of nuisances that did not converge, and the remedy."""
        index = int(np.argmax(np.abs(step)))
        return (
            f"the nuisance '{self.names[index]}' does not converge "
            f"(it stands at {theta[index]:.3g} sigma)",
            "Its uncertainty may be too large for the data, or a prediction may be negative",
        )

    def _in_chunks(
        self,
        signal: FloatArray,
        minima: Callable[[FloatArray], Minimum],
        *,
        slopes: bool = False,
    ) -> tuple[FloatArray, FloatArray]:
        """Return χ², and with ``slopes`` ∂χ²/∂S, a chunk of signals at a time."""
        flat = np.asarray(signal, float).reshape(-1, self.n_signal)
        size = max(1, CHUNK_ENTRIES // self._entries)
        chi2, slope = np.empty(flat.shape[0]), np.empty(flat.shape if slopes else (0, 0))
        for start in range(0, flat.shape[0], size):
            chunk = slice(start, start + size)
            found = minima(flat[chunk])
            chi2[chunk] = found.chi2
            if slopes:
                slope[chunk] = self.signal_gradient(flat[chunk], found.x)
        return chi2, slope

    def chi2(self, signal: FloatArray) -> FloatArray:
        """Return χ² minimised over θ."""
        return self._in_chunks(signal, self.profile)[0].reshape(np.shape(signal)[:-1])

    def value_and_gradient(self, signal: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return χ² and ∂χ²/∂S from one minimisation."""
        chi2, slope = self._in_chunks(signal, self.profile, slopes=True)
        return chi2.reshape(np.shape(signal)[:-1]), slope.reshape(np.shape(signal))

    def nuisances(self, signal: FloatArray) -> dict[str, float]:
        """Return θ at one signal."""
        theta = self.profile(np.asarray(signal, float).reshape(1, -1)).x[0]
        return {name: float(value) for name, value in zip(self.names, theta, strict=True)}


def _first_lowest(found: Minimum) -> Minimum:
    """Return the lowest of several minima of one problem: of those that are equal, the first."""
    chi2 = np.where(found.failed, np.inf, found.chi2)
    lower = chi2 < chi2[0] - LOWER * (1 + np.abs(chi2[0]))
    return found.chosen(np.array([np.argmin(chi2) if lower.any() else 0]))
