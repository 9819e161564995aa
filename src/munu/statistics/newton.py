"""Likelihoods whose nuisances are minimised by Newton steps, many signals at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.errors import MunuError
from munu.statistics.likelihood import Likelihood
from munu.statistics.parts import Part, Terms
from munu.statistics.stretch import Stretch
from munu.typing import FloatArray, IntArray

MAXIMUM_STEPS = 200
PRECISION = 1e-10
ROUNDING = 1e-13
"""Gains of χ² that end the steps: absolute, and of its size."""
LONGEST_STEP = 3.0
LARGEST_GAIN = 1e-4
"""Gain in χ², relative to 1 + χ², that a converged minimum may still promise."""
FLOOR, LEAST_EIGENVALUE = 1e-13, 1e-2
"""A scaled Hessian with an eigenvalue below the first takes their sizes, the second at least."""
SMALLEST_CURVATURE = 1e-12
CHUNK_ENTRIES = 400_000


@final
@dataclass(frozen=True)
class NewtonLikelihood(Likelihood):
    """The sum of several parts with unit-width nuisances, shared where their names agree.

    Parameters
    ----------
    parts : tuple of Part
    reference : array, shape (n_signal,)
        A typical signal, such as the Standard Model's; its nuisances are where steps start.
    """

    parts: tuple[Part, ...]
    reference: FloatArray

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all nuisances."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.names))

    @property
    def n_signal(self) -> int:
        """Entries of the signal of all parts."""
        return sum(part.n_signal for part in self.parts)

    @cached_property
    def _columns(self) -> tuple[IntArray, ...]:
        index = {name: i for i, name in enumerate(self.names)}
        return tuple(np.array([index[n] for n in part.names], dtype=int) for part in self.parts)

    @cached_property
    def _start(self) -> FloatArray:
        """Return θ at the reference signal, shape (1, k)."""
        zero = np.zeros((1, len(self.names)))
        return self._minimise(np.asarray(self.reference, float).reshape(1, -1), zero)[1]

    def _split(self, signal: FloatArray) -> list[FloatArray]:
        ends = np.cumsum([part.n_signal for part in self.parts])[:-1]
        return np.split(signal, ends, axis=1)

    def terms(self, signal: FloatArray, theta: FloatArray) -> Terms:
        """Return the sum of the parts and of the nuisances' own θ²."""
        m, k = theta.shape
        chi2 = np.einsum("mk,mk->m", theta, theta)
        gradient, hessian = 2 * theta, np.tile(2 * np.eye(k), (m, 1, 1))
        pieces = zip(self.parts, self._split(signal), self._columns, strict=True)
        for part, own, columns in pieces:
            terms = part.terms(own, theta[:, columns])
            chi2 = chi2 + terms.chi2
            gradient[:, columns] += terms.gradient
            hessian[:, columns[:, None], columns] += terms.hessian
        return Terms(chi2, gradient, hessian)

    def signal_gradient(self, signal: FloatArray, theta: FloatArray) -> FloatArray:
        """Return ∂χ²/∂S at fixed θ."""
        pieces = zip(self.parts, self._split(signal), self._columns, strict=True)
        return np.concatenate(
            [part.signal_gradient(own, theta[:, columns]) for part, own, columns in pieces], axis=1
        )

    def profile(self, signal: FloatArray) -> tuple[Terms, FloatArray]:
        """Return the terms at the minimum over θ, and θ, for signals of shape (m, n_signal).

        Raises
        ------
        MunuError
            If a signal's nuisances do not converge, naming the one that moves most.
        """
        return self._minimise(signal, np.repeat(self._start, signal.shape[0], axis=0))

    def _minimise(self, signal: FloatArray, theta: FloatArray) -> tuple[Terms, FloatArray]:
        terms = self.terms(signal, theta)
        for _ in range(MAXIMUM_STEPS if self.names else 0):
            step = _newton_step(terms)
            longest = LONGEST_STEP + np.abs(theta).max(axis=1)
            step *= np.minimum(1, longest / (np.abs(step).max(axis=1) + 1e-300))[:, None]
            expected = -np.einsum("mk,mk->m", step, terms.gradient)
            rounding = ROUNDING * np.abs(terms.chi2)
            unfinished = expected > PRECISION + rounding
            if not np.any(unfinished):
                return terms, theta
            step *= unfinished[:, None]
            trial = self.terms(signal, theta + step)
            over = np.flatnonzero(trial.chi2 > terms.chi2 + rounding)
            if over.size:
                ahead = Stretch(_rows(terms, over), _rows(trial, over), step[over])
                step[over] *= self._lowest_along(signal[over], theta[over], ahead)[:, None]
                trial = self.terms(signal, theta + step)
            terms, theta = trial, theta + step
        if self.names:
            self._refuse(terms, theta)
        return terms, theta

    def _lowest_along(self, signal: FloatArray, theta: FloatArray, ahead: Stretch) -> FloatArray:
        """Return the fraction of each step, which overshoots, at which χ² is lowest.

        A prediction that falls below zero on the way is a wall of χ², unseen from before it: the
        point returned lies where the slope vanishes in the wall, and the next step goes along it.
        """
        while not np.all(ahead.found):
            fraction = ahead.next_fraction()
            ahead.add(fraction, self.terms(signal, theta + fraction[:, None] * ahead.step))
        return ahead.best

    def _refuse(self, terms: Terms, theta: FloatArray) -> None:
        """Refuse a minimum that a Newton step would still lower noticeably."""
        step = _newton_step(terms)
        gain = -np.einsum("mk,mk->m", step, terms.gradient) / (1 + np.abs(terms.chi2))
        worst = int(np.argmax(gain))
        if gain[worst] < LARGEST_GAIN:
            return
        name = self.names[int(np.argmax(np.abs(step[worst])))]
        value = theta[worst, self.names.index(name)]
        raise MunuError(
            f"the nuisance '{name}' does not converge (it stands at {value:.3g} sigma)",
            "Its uncertainty may be too large for the data, or a prediction may be negative",
        )

    def _in_chunks(self, signal: FloatArray, *, slopes: bool) -> tuple[FloatArray, FloatArray]:
        """Return χ², and with ``slopes`` ∂χ²/∂S, a chunk of signals at a time."""
        flat = np.asarray(signal, float).reshape(-1, self.n_signal)
        size = max(1, CHUNK_ENTRIES // (self.n_signal * max(len(self.names), 1)))
        chi2, slope = np.empty(flat.shape[0]), np.empty(flat.shape if slopes else (0, 0))
        for start in range(0, flat.shape[0], size):
            chunk = slice(start, start + size)
            terms, theta = self.profile(flat[chunk])
            chi2[chunk] = terms.chi2
            if slopes:
                slope[chunk] = self.signal_gradient(flat[chunk], theta)
        return chi2, slope

    def chi2(self, signal: FloatArray) -> FloatArray:
        """Return χ² minimised over θ."""
        return self._in_chunks(signal, slopes=False)[0].reshape(np.shape(signal)[:-1])

    def gradient(self, signal: FloatArray) -> FloatArray:
        """Return ∂χ²/∂S at the minimum over θ."""
        return self._in_chunks(signal, slopes=True)[1].reshape(np.shape(signal))

    def value_and_gradient(self, signal: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return χ² and ∂χ²/∂S from one minimisation."""
        chi2, slope = self._in_chunks(signal, slopes=True)
        return chi2.reshape(np.shape(signal)[:-1]), slope.reshape(np.shape(signal))

    def nuisances(self, signal: FloatArray) -> dict[str, float]:
        """Return θ at one signal."""
        _, theta = self.profile(np.asarray(signal, float).reshape(1, -1))
        return {name: float(value) for name, value in zip(self.names, theta[0], strict=True)}


def _rows(terms: Terms, rows: IntArray) -> Terms:
    return Terms(terms.chi2[rows], terms.gradient[rows], terms.hessian[rows])


def _newton_step(terms: Terms) -> FloatArray:
    """Return the Newton step, the Hessian scaled to a unit diagonal before it is solved.

    Where shapes bend the Hessian below zero, its eigenvalues are taken by their size.
    """
    diagonal = np.einsum("mkk->mk", terms.hessian)
    scale = 1 / np.sqrt(np.maximum(np.abs(diagonal), SMALLEST_CURVATURE))
    scaled = terms.hessian * scale[:, :, None] * scale[:, None, :]
    bent = np.flatnonzero(np.linalg.eigvalsh(scaled)[:, 0] <= FLOOR)
    if bent.size:
        values, vectors = np.linalg.eigh(scaled[bent])
        sizes = np.maximum(np.abs(values), LEAST_EIGENVALUE)
        scaled[bent] = (vectors * sizes[:, None, :]) @ vectors.swapaxes(1, 2)
    solved = np.linalg.solve(scaled, (scale * terms.gradient)[..., None])[..., 0]
    return np.asarray(-scale * solved)
