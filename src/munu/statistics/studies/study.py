r"""Toy experiments of one modulus: Δχ² at the truth, many toys in one descent.

.. math:: q(r) = \min_{y, \theta}\chi^2\big|_{|\Lambda_i| = r} - \min\chi^2

of each toy, over the nuisances θ and, if they are profiled, the other moments and phases y. Toys of
a truth r are drawn at the nuisances and the other moments that the data ask for at r (the profiled
construction); what constrains the nuisances is drawn with the counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import FloatArray, IntArray
from munu.physics.parameters import Others
from munu.statistics import limits
from munu.statistics.likelihoods import DataSets, NewtonLikelihood, OneBin, as_newton, by_bins
from munu.statistics.limits import Interval
from munu.statistics.limits.free_phases import FEW_EVENTS, LEAST
from munu.statistics.limits.problem import ModulusProblem
from munu.statistics.limits.profiled import modulus_problem
from munu.statistics.models import MomentModel
from munu.statistics.models.dipole_events import QuadraticEvents
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.jumps import Jumps
from munu.statistics.models.pilot import PILOT_SEED, PILOTS, learned
from munu.statistics.models.pooled_fits import PooledFits
from munu.statistics.models.set_fits import SetFits
from munu.statistics.specification import FirstRun, StatisticSpecification
from munu.statistics.studies.bare_set import BareSet
from munu.statistics.studies.blocks import (
    SEEDED,
    Outcome,
    Starts,
    ToyExperiments,
    Value,
    outcome,
    side_by_side,
)
from munu.statistics.studies.draws import ToyDrawing
from munu.statistics.studies.one_bin import drawn_counts, rises_at_truth

VALLEYS = 3
"""Minima over the other moments that are starts for those of the toys."""
SMALLEST = 0.1
"""Size of |Λ_i|, one raising χ² by one, at which the best fit of a toy starts at least."""


@final
@dataclass(frozen=True)
class Truth:
    """What toys of one |Λ_i| are drawn from, and where their minima are looked for.

    Parameters
    ----------
    modulus_mu_b : float
    drawing : ToyDrawing or None
        None where all is in closed form, as the starts.
    at_truth, anywhere : Starts or None
    """

    modulus_mu_b: float
    drawing: ToyDrawing | None = None
    at_truth: Starts | None = None
    anywhere: Starts | None = None


@final
@dataclass(frozen=True)
class ToyStudy(ToyExperiments[Truth]):
    """One modulus of one experiment or of several.

    Parameters
    ----------
    specifications : tuple of StatisticSpecification
    model : MomentModel
        Of all experiments, in the basis of the parameter.
    index : int
    others : {"zero", "profiled"}
    phases_free : bool
        As in `munu.statistics.limits.interval`.
    one_sided : bool
        q counts only where the best fit is smaller: a limit excludes what is too large.
    """

    specifications: tuple[StatisticSpecification, ...]
    model: MomentModel
    index: int
    others: Others = "zero"
    phases_free: bool = True
    one_sided: bool = False

    @property
    def is_slice(self) -> bool:
        """Whether the other moments are zero, or there are none."""
        return self.others == "zero" or self.model.w.shape[-1] == 1

    @cached_property
    def likelihood(self) -> NewtonLikelihood:
        """χ² with its nuisances as numbers."""
        return as_newton(by_bins(self.model.likelihood), self.model.sm)

    @cached_property
    def problem(self) -> ModulusProblem:
        """Coordinates of order one; along a slice |Λ_i| in the unit alone is used of them."""
        free = self.phases_free or self.is_slice
        return modulus_problem(self.model, self.index, 1.0, phases_free=free)

    @cached_property
    def joint(self) -> JointChi2:
        """χ² of |Λ_i| in the unit, of the other moments if they are profiled, and of nuisances."""
        if not self.is_slice:
            return self.problem.joint
        n = self.model.w.shape[-1]
        column = self.unit_mu_b * np.eye(n, dtype=np.complex128)[:, [self.index]]
        events = QuadraticEvents.of(self.model.w, column)
        return JointChi2(self.likelihood, self.model.sm, events)

    @cached_property
    def bare(self) -> BareSet | None:
        """The exact set of one count without nuisances along a slice; None of all else."""
        own = self.model.w[:, self.index, self.index].real
        signal = np.column_stack([self.model.sm, np.zeros(len(own)), own])
        domain = np.array([0.0, np.inf])
        found = BareSet.of(self.specifications, self.likelihood, signal, domain)
        return found if self.is_slice else None

    @cached_property
    def unit_mu_b(self) -> float:
        """About the |Λ_i| that alone raises χ² by one (μ_B)."""
        return self.problem.unit_mu_b

    def _size(self, modulus_mu_b: float) -> float:
        """Return the coordinate of a modulus."""
        return float(self.problem.sizes(np.array([modulus_mu_b]))[0])

    def interval(self, delta: float) -> Interval:
        """Return what the data allow, Δχ² <= delta."""
        return limits.interval(
            self.model, self.index, delta, others=self.others, phases_free=self.phases_free
        )

    def observed_rise(self, moduli_mu_b: FloatArray) -> FloatArray:
        """Return q of the data at moduli (μ_B), shape (n,)."""
        found = limits.curve(
            self.model, self.index, moduli_mu_b, others=self.others, phases_free=self.phases_free
        ).delta_chi2
        if not self.one_sided:
            return found
        best = self.interval(1.0).best_fit_mu_b
        return np.where(best > moduli_mu_b, 0.0, found)

    def prepared(self, value: Value) -> Truth:
        """Return the truth of a modulus (μ_B)."""
        return self.truth(*value)

    def truth(self, modulus_mu_b: float) -> Truth:
        """Return what toys of a true modulus are drawn from.

        Raises
        ------
        MunuError
            If the nuisances of the data do not converge there, or a statistic has no data.
        """
        if self._one_bin is not None:
            return Truth(modulus_mu_b)
        return self.nuisance_truth(modulus_mu_b)

    def nuisance_truth(self, modulus_mu_b: float) -> Truth:
        """Return `truth` with nuisances as numbers, of one count too."""
        size = self._size(modulus_mu_b)
        conditional = self._slice_start(size) if self.is_slice else self._valleys(size)
        theta, y = conditional.theta[0], conditional.y[:1]
        signal = self.joint.signal(y)[0]
        drawing = ToyDrawing.of(self.specifications, self.likelihood, signal, theta)
        return Truth(modulus_mu_b, drawing, conditional, self._anywhere(size, conditional))

    def _slice_start(self, size: float) -> Starts:
        y = np.array([[size]])
        return Starts(y, self.likelihood.profile(self.joint.signal(y)).x)

    def _valleys(self, size: float) -> Starts:
        """Return the minima over the other moments that the data have, the lowest first.

        Behind them stand other starts: where moments that do not interfere are zero χ² is
        stationary, and the minima of toys are elsewhere.
        """
        y, theta = self.problem.starts(size)
        found = self.joint.valleys(y, fixed=1, theta=theta, kept=VALLEYS)
        if found.failed[0]:
            raise MunuError(*self.joint.failure(found.x[0], found.step[0], fixed=1))
        free = self.joint.dimension - 1
        rest = found.x[:, :free]
        lowest, own = np.column_stack([np.full(len(rest), size), rest]), found.x[:, free:]
        beside = self.problem.beside(lowest, 1)
        return Starts(
            np.concatenate([lowest, beside, y]),
            np.concatenate([own, own[: len(beside)], theta]),
        )

    def _anywhere(self, size: float, conditional: Starts) -> Starts:
        """Return starts for the best fit of toys: the truth, nearby, and that of the data."""
        if not self.is_slice:
            return Starts(*self.problem.anywhere(conditional.y, conditional.theta))
        # Where there is no moment χ² is stationary: no start for a descent.
        seen = conditional.y[:, 0] > LEAST
        near = np.array([[one] for one in FEW_EVENTS if abs(one - size) > 0.1 * one])
        return Starts(
            np.concatenate([conditional.y[seen], near]),
            np.concatenate([conditional.theta[seen], self.joint.linear_start(near)]),
        )

    @property
    def followed(self) -> int:
        """How many starts of a toy are followed: few minima lie along a slice."""
        return 1 if self.is_slice else self.problem.followed

    @cached_property
    def _one_bin(self) -> tuple[FirstRun, OneBin] | None:
        """The statistic and χ² of one count whose slices are closed forms; None for all else."""
        spec, one_bin = self.specifications[0], self.model.closed_form
        if isinstance(spec, FirstRun) and one_bin is not None and self.is_slice:
            return spec, one_bin
        return None

    def outcomes(self, truth: Truth, seeds: Iterable[Sequence[int]]) -> list[Outcome]:
        """Return the outcomes of `SEEDED` toys of each seed, minimised together."""
        seeded = [np.random.default_rng(seed) for seed in seeds]
        generators = [rng for rng in seeded for _ in range(SEEDED)]
        if self._one_bin is not None:
            return self._of_one_bin(*self._one_bin, truth.modulus_mu_b, generators)
        assert truth.drawing is not None
        return self.fitted(truth, truth.drawing.draw(generators))

    def _of_one_bin(
        self,
        spec: FirstRun,
        one_bin: OneBin,
        modulus_mu_b: float,
        generators: Sequence[np.random.Generator],
    ) -> list[Outcome]:
        sm = float(self.model.sm[0])
        dipole = modulus_mu_b**2 * float(self.model.w[0, self.index, self.index].real)
        counts = drawn_counts(spec, sm + dipole, generators)
        rise, excess = rises_at_truth(spec, one_bin, sm, dipole, counts)
        if self.one_sided:
            rise = np.where(excess > dipole, 0.0, rise)
        return [outcome(value) for value in rise.tolist()]

    def _starts(self, truth: Truth, fits: SetFits, fixed: IntArray) -> FloatArray:
        """Return where the fits of toys begin, shape (s, 2n, p + k): those at the truth first.

        Along a slice, where they are to first order; there are as many events as of the smallest
        size at least.
        """
        assert truth.at_truth is not None
        assert truth.anywhere is not None
        n = len(fits) // 2
        starts = side_by_side(truth.at_truth.of_each(n), truth.anywhere.of_each(n))
        if not self.is_slice:
            return starts
        x = np.concatenate([truth.anywhere.y[0], truth.at_truth.theta[0]])
        found = fits.responses(x, fixed)
        size = x[0]
        t = size**2 + 2 * size * (found[n:, 0] - size)
        found[n:, 0] = np.sqrt(np.maximum(t, SMALLEST**2))
        found[:n, 0] = self._size(truth.modulus_mu_b)
        return found[None]

    @cached_property
    def jumps(self) -> Jumps:
        """Where else toys of the study may have a lower minimum."""
        truth = self.nuisance_truth(self.unit_mu_b)
        assert truth.drawing is not None
        assert truth.at_truth is not None
        fits = self.fits(truth.drawing.draw([np.random.default_rng(PILOT_SEED)] * PILOTS))
        return learned(fits, truth.at_truth.of_each(1)[0, 0])

    @cached_property
    def fits(self) -> PooledFits:
        """The fits of sets of data."""
        return PooledFits.of(self.likelihood, self.model.sm, self.joint.extra)

    def fitted(self, truth: Truth, sets: DataSets) -> list[Outcome]:
        """Return the outcome of each of the toys of a truth."""
        assert truth.at_truth is not None
        assert truth.anywhere is not None
        n, size = len(sets), self._size(truth.modulus_mu_b)
        own = np.arange(n)
        # The fits at the truth, then those of all that is free, in one descent.
        fits, fixed = self.fits(sets).chosen(np.tile(own, 2)), np.repeat([1, 0], n)
        starts = self._starts(truth, fits, fixed)
        found = fits.lowest(starts, fixed, self.jumps, followed=self.followed)
        # Each may lead to a lower minimum of the other; and none is where there is no moment.
        swapped = found.x[np.concatenate([n + own, own])]
        swapped[:n, 0] = size
        found = fits.or_lower(found, swapped, fixed)
        at_truth, best = found.chosen(own), found.chosen(n + own)
        without = best.x.copy()
        without[:, : self.joint.dimension] = 0.0
        best = fits.chosen(own).or_lower(best, without, 0)
        rise = np.maximum(at_truth.chi2 - best.chi2, 0.0)
        if self.one_sided:
            rise = np.where(np.abs(best.x[:, 0]) > size, 0.0, rise)
        outcomes: list[Outcome] = [outcome(value) for value in rise.tolist()]
        for held, minimum in ((1, at_truth), (0, best)):
            for row in np.flatnonzero(minimum.failed):
                x, step = minimum.x[row, held:], minimum.step[row, held:]
                outcomes[row] = self.joint.failure(x, step, held)[0]
        return outcomes
