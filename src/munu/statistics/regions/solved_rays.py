"""Rays whose boundaries are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, final

import numpy as np

from munu.base.typing import BoolArray, FloatArray

DRAWABLE = 1e-7
"""1/r² relative to its largest value below which a ray next to a blind direction is left out:
beyond, the cancellation in Λ†WΛ would spoil Δχ² at the vertex."""

Failure: TypeAlias = tuple[float, str]


@final
@dataclass(frozen=True, eq=False)
class SolvedRays:
    """Solved rays in the order of s.

    Parameters
    ----------
    shown : array, shape (n,)
        s of each ray.
    low, inverse : array, shape (n,)
        t_- and 1/t_+; nan where nothing is allowed.
    p : array, shape (n, n_profiled)
        Profiled parameters at the outer boundary.
    failures : tuple of (float, str)
        s of the rays whose fit does not converge, where 1/t_+ is nan, and why.
    """

    shown: FloatArray
    low: FloatArray
    inverse: FloatArray
    p: FloatArray
    failures: tuple[Failure, ...] = ()

    def joined(self, other: SolvedRays) -> SolvedRays:
        """Return both in the order of s, each s once."""
        order = np.argsort(np.concatenate([self.shown, other.shown]), kind="stable")
        merged = [
            np.concatenate([getattr(self, n), getattr(other, n)])[order]
            for n in ("shown", "low", "inverse", "p")
        ]
        keep = np.concatenate([[True], np.diff(merged[0]) > 0])
        failures = (*self.failures, *other.failures)
        shown, low, inverse, p = (array[keep] for array in merged)
        return SolvedRays(shown, low, inverse, p, failures)

    def converged(self) -> SolvedRays:
        """Return the rays without those that failed, which stay named."""
        if not self.failures:
            return self
        keep = ~np.isin(self.shown, [s for s, _ in self.failures])
        return SolvedRays(
            self.shown[keep], self.low[keep], self.inverse[keep], self.p[keep], self.failures
        )

    def drawable(self, *, unbounded: bool) -> BoolArray:
        """Whether each ray has a finite outer boundary worth a vertex."""
        least = DRAWABLE * np.nanmax(self.inverse, initial=0.0) if unbounded else 0.0
        with np.errstate(invalid="ignore"):
            return np.asarray(self.inverse > least)
