"""Δχ² curves and limits of toy experiments of the Standard Model, many toys in one descent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np

from munu.base.descent import Minimum
from munu.base.roots import bracketed_roots
from munu.base.typing import BoolArray, FloatArray
from munu.statistics.models.set_fits import SetFits
from munu.statistics.studies.blocks import Starts
from munu.statistics.studies.study import ToyStudy

DOUBLINGS = 12
"""Of |Λ_i| beyond the best fit, after which a toy has no limit."""
PRECISION = 1e-4
"""Of a limit, relative to it: far below the spread of toys."""


@final
@dataclass(frozen=True)
class ToyCurves:
    """Δχ² along |Λ_i| of toys without moments.

    Parameters
    ----------
    study : ToyStudy
        Whose data are those that are expected.
    fits : SetFits
        Of the toys.
    at_truth, anywhere : Starts
    """

    study: ToyStudy
    fits: SetFits
    at_truth: Starts
    anywhere: Starts

    @classmethod
    def drawn(cls, study: ToyStudy, generators: Sequence[np.random.Generator]) -> ToyCurves:
        """Return toys of no moment, one of each generator."""
        truth = study.nuisance_truth(0.0)
        assert truth.drawing is not None
        assert truth.at_truth is not None
        assert truth.anywhere is not None
        sets = truth.drawing.draw(generators)
        return cls(study, study.fits(sets), truth.at_truth, truth.anywhere)

    def __len__(self) -> int:
        return len(self.fits.sets)

    @cached_property
    def best(self) -> Minimum:
        """The best fit of each toy: that without moments where none is lower."""
        starts, study = self.anywhere.of_each(len(self)), self.study
        found = self.fits.lowest(starts, 0, study.jumps, followed=study.followed)
        without = found.x.copy()
        without[:, : study.joint.dimension] = 0.0
        return self.fits.or_lower(found, without, 0)

    @property
    def failed(self) -> BoolArray:
        """Which toys have no best fit."""
        return self.best.failed

    def rise(self, sizes: FloatArray) -> FloatArray:
        """Return Δχ² of each toy at its size of |Λ_i|, shape (n,)."""
        starts = np.concatenate([self.at_truth.of_each(len(self)), self.best.x[None]])
        starts[..., 0] = sizes
        found = self.fits.lowest(starts, 1, self.study.jumps, followed=self.study.followed)
        return np.maximum(found.chi2 - self.best.chi2, 0.0)

    def upper_ends(self, delta: float) -> FloatArray:
        """Return where Δχ² rises through ``delta`` (μ_B), shape (n,); inf where it does not."""
        low = np.abs(self.best.x[:, 0])
        high = np.maximum(2 * low, 1.0)
        for _ in range(DOUBLINGS):
            below = self.rise(high) <= delta
            if not below.any():
                break
            low, high = np.where(below, high, low), np.where(below, 2 * high, high)
        ends = bracketed_roots(
            lambda sizes: self.rise(sizes) - delta, low, high, relative_tolerance=PRECISION
        )
        return self.study.problem.moduli_mu_b(np.where(below, np.inf, ends))

    def curves(self, moduli_mu_b: FloatArray) -> FloatArray:
        """Return Δχ² at moduli (μ_B), shape (n, n_moduli)."""
        n, sizes = len(self), self.study.problem.sizes(moduli_mu_b)
        return np.stack([self.rise(np.full(n, one)) for one in sizes], axis=1)

    def converged(self) -> ToyCurves:
        """Return the toys that have a best fit."""
        return replace(self, fits=self.fits.chosen(np.flatnonzero(~self.failed)))
