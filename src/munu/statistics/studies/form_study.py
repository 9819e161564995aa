r"""Toy experiments of couplings that interfere: Δχ² at the truth, many toys in one descent.

.. math:: q(v) = \min_{y, \theta}\chi^2\big|_v - \min\chi^2

of each toy, v being one parameter that is shown, or two, y those that are free and θ the nuisances.
Toys of a truth v are drawn at the y and θ that the data ask for there (the profiled construction);
what constrains the nuisances is drawn with the counts. A best fit has values that the parameters
shown may have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, final

import numpy as np

from munu.base.descent import Minimum
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.statistics.likelihoods import DataSets
from munu.statistics.models import CouplingModel, Parametrisation
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.jumps import Jumps
from munu.statistics.models.minima import all_minima, distinct, samples, separate
from munu.statistics.models.pilot import PILOT_SEED, PILOTS, learned
from munu.statistics.models.saddles import off_saddles
from munu.statistics.models.set_fits import SetFits
from munu.statistics.specification import StatisticSpecification
from munu.statistics.studies.bare_set import BareSet
from munu.statistics.studies.blocks import SEEDED, Outcome, Starts, ToyExperiments, Value, outcome
from munu.statistics.studies.bounded import Borders
from munu.statistics.studies.draws import ToyDrawing
from munu.statistics.studies.flips import flips_of

FARTHEST: Final = (30.0, 1e7)
"""How far coordinates are looked at, at least and at most."""
VALLEYS: Final = 3
"""Minima over what is free, at a truth, that are starts for those of the toys."""
FOLLOWED: Final = 6
"""Starts of a toy that are followed."""
HIGHEST: Final = 30.0
"""χ² of a minimum of data without fluctuations above which toys do not fall into it."""
WITHIN: Final = 12.0
"""χ² of a start above that of the lowest from which it is not followed."""
NEAR: Final = 0.02
"""Distance, relative to 1 + the largest coordinate, below which two minima are one start."""


@final
@dataclass(frozen=True, eq=False)
class FormTruth:
    """What toys of one truth are drawn from, and where their minima are looked for.

    Parameters
    ----------
    y : array, shape (a,)
        The true value, in the units of the coordinates.
    drawing : ToyDrawing
    at_truth, anywhere : Starts
    """

    y: FloatArray
    drawing: ToyDrawing
    at_truth: Starts
    anywhere: Starts


@final
@dataclass(frozen=True, eq=False)
class FormStudy(ToyExperiments[FormTruth]):
    """One coupling or two, of one experiment or of several.

    Parameters
    ----------
    specifications : tuple of StatisticSpecification
        Those of the experiments in the model, in its order.
    model : CouplingModel
    parametrisation : Parametrisation
    domain : array, shape (a, 2)
        First and last value of each axis.
    one_sided : bool
        Of one coupling: q counts only where the best fit is smaller.
    """

    specifications: tuple[StatisticSpecification, ...]
    model: CouplingModel
    parametrisation: Parametrisation
    domain: FloatArray
    one_sided: bool = False

    @property
    def shown(self) -> int:
        """Number of axes."""
        return self.parametrisation.n_axes

    @cached_property
    def units(self) -> FloatArray:
        """What one of each axis's coordinate is, shape (a,)."""
        axes = range(self.shown)
        return np.array([self.parametrisation.unit(self.model, axis) for axis in axes])

    @cached_property
    def bare(self) -> BareSet | None:
        """The exact set of one count without nuisances where nothing is free; None of all else."""
        if not self.parametrisation.is_straight or self.joint.dimension > 1:
            return None
        along = self.parametrisation.direction(0)
        forms = self.model.forms
        square = np.einsum("bij,i,j->b", forms[:, 1:, 1:], along, along)
        signal = np.column_stack([self.model.sm, 2 * forms[:, 0, 1:] @ along, square])
        return BareSet.of(self.specifications, self.joint.likelihood, signal, self.domain[0])

    @cached_property
    def _solved(self) -> tuple[JointChi2, FloatArray]:
        joint, reach = self.parametrisation.joint(self.model, np.diag(self.units))
        return joint, np.clip(reach, *FARTHEST)

    @property
    def joint(self) -> JointChi2:
        """χ² of the data, of coordinates of order one and nuisances."""
        return self._solved[0]

    @cached_property
    def _points(self) -> FloatArray:
        """Where minima are looked for, shape (n, p)."""
        return np.concatenate([np.zeros((1, self.joint.dimension)), samples(self._solved[1])])

    @cached_property
    def _borders(self) -> Borders:
        turned = None
        if self.shown == 2:
            turned = self.parametrisation.joint(self.model, np.diag(self.units)[:, ::-1])[0].extra
        domain = self.domain / self.units[:, None]
        chart, _ = self.parametrisation.chart(self.model, np.diag(self.units))
        flips = flips_of(self.model.forms, chart.pieces, chart.dimension, domain)
        return Borders(domain, turned, flips)

    @cached_property
    def _bottoms(self) -> FloatArray:
        """Minima of the data, shape (m, p)."""
        return all_minima(self.joint, self._points).y[:VALLEYS]

    def prepared(self, value: Value) -> FormTruth:
        """Return what toys of a true value are drawn from.

        Raises
        ------
        MunuError
            If the fit of the data does not converge there, or a statistic has no data.
        """
        y = np.array(value) / self.units
        at_truth = self._at(y)
        signal = self.joint.signal(at_truth.y[:1])[0]
        drawing = ToyDrawing.of(
            self.specifications, self.joint.likelihood, signal, at_truth.theta[0]
        )
        anywhere = self._anywhere(drawing, at_truth)
        return FormTruth(
            y, drawing, self._off_saddles(at_truth, self.shown), self._off_saddles(anywhere, 0)
        )

    def rises(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return χ² of the data at points (n, a), the rest minimised over, and its slopes."""
        rest = self.joint.dimension - self.shown
        others = np.concatenate([self._bottoms[:, self.shown :], np.full((1, rest), 0.5)])
        others = others if rest else others[:1]
        n, k = len(points), len(others)
        y = np.column_stack([np.repeat(points / self.units, k, axis=0), np.tile(others, (n, 1))])
        at, found = self.joint.lowest(y, fixed=self.shown, n=n)
        slope = self.joint.slope(at, found.x[:, rest:])[:, : self.shown]
        return found.chi2, slope / self.units

    def _at(self, y: FloatArray) -> Starts:
        """Return the minima of the data at a truth, the lowest first, over what is free."""
        rest = self.joint.dimension - self.shown
        zero = np.zeros((1, rest))
        others = np.concatenate([self._bottoms[:, self.shown :], zero, zero + 0.5])
        others = others if rest else zero
        starts = np.column_stack([np.tile(y, (len(others), 1)), others])
        found = self.joint.valleys(starts, fixed=self.shown, kept=VALLEYS if rest else 1)
        if found.failed[0]:
            raise MunuError(*self.joint.failure(found.x[0], found.step[0], fixed=self.shown))
        found = found.chosen(np.flatnonzero(~found.failed & np.isfinite(found.chi2)))
        at = np.column_stack([np.tile(y, (len(found.x), 1)), found.x[:, :rest]])
        at, theta = self._within_a_turn(at), found.x[:, rest:]
        kept = distinct(found.chi2, np.column_stack([self._in_radians(at), theta]), NEAR)
        return Starts(at[kept], theta[kept])

    def _within_a_turn(self, y: FloatArray) -> FloatArray:
        """Return coordinates with phases from zero to a full turn, as others are the same."""
        periods = self.joint.extra.periods
        turns = np.isfinite(periods)
        return np.where(turns, np.remainder(y, np.where(turns, periods, 1.0)), y)

    def _in_radians(self, y: FloatArray) -> FloatArray:
        """Return coordinates with phases in rad: as far apart as the moduli that they turn."""
        periods = self.joint.extra.periods
        return y * np.where(np.isfinite(periods), 2 * np.pi / periods, 1.0)

    def _anywhere(self, drawing: ToyDrawing, at_truth: Starts) -> Starts:
        """Return starts for the best fit of toys: the truth, and what else its data would allow.

        With interference other values make the same counts, or nearly: the minima of data without
        fluctuations.
        """
        p, theta = self.joint.dimension, at_truth.theta[:1]
        y = np.concatenate([at_truth.y, self._points])
        x = np.column_stack([y, np.repeat(theta, len(y), axis=0)])
        fits = self._fits(drawing.asimov()).chosen(np.zeros(len(y), int))
        value = fits.value(x)
        kept = separate(y, np.argsort(np.where(np.isfinite(value), value, np.inf)))
        found = fits.chosen(kept).minimise(x[kept], fixed=0)
        good = ~found.failed & (found.chi2 < found.chi2.min() + HIGHEST)
        found = found.chosen(np.flatnonzero(good))
        found = self._borders.upright(found)
        found = found.chosen(np.flatnonzero(self._borders.near(found.x)))
        y, theta = self._within_a_turn(found.x[:, :p]), found.x[:, p:]
        kept = distinct(found.chi2, self._in_radians(y), NEAR)
        return Starts(y[kept], theta[kept])

    def _off_saddles(self, starts: Starts, fixed: int) -> Starts:
        """Return starts at which toys do not stay, whatever their data."""
        return Starts(off_saddles(self.joint.extra, starts.y, fixed), starts.theta)

    def _fits(self, sets: DataSets) -> SetFits:
        return SetFits(sets, self.model.sm, self.joint.extra)

    @cached_property
    def jumps(self) -> Jumps:
        """Where else toys of the study may have a lower minimum."""
        at = self._off_saddles(self._at(self._bottoms[0, : self.shown]), self.shown)
        signal = self.joint.signal(at.y[:1])[0]
        drawing = ToyDrawing.of(self.specifications, self.joint.likelihood, signal, at.theta[0])
        sets = drawing.draw([np.random.default_rng(PILOT_SEED)] * PILOTS)
        return learned(self._fits(sets), at.of_each(1)[0, 0])

    def outcomes(self, truth: FormTruth, seeds: Iterable[Sequence[int]]) -> list[Outcome]:
        """Return the outcomes of `SEEDED` toys of each seed, minimised together."""
        seeded = [np.random.default_rng(seed) for seed in seeds]
        sets = truth.drawing.draw([rng for rng in seeded for _ in range(SEEDED)])
        return self._fitted(truth, self._fits(sets))

    def _fitted(self, truth: FormTruth, fits: SetFits) -> list[Outcome]:
        n, a = len(fits), self.shown
        starts = truth.at_truth.of_each(n)
        at_truth = fits.lowest(starts, a, self.jumps, followed=VALLEYS, within=WITHIN)
        best = self._best(fits, truth)
        # Each may lead to a lower minimum of the other.
        lower = self._borders.upright(fits.or_lower(best, at_truth.x, 0))
        inside = np.flatnonzero(self._borders.inside(lower.x))
        best = best.replaced(inside, lower.chosen(inside))
        moved = best.x.copy()
        moved[:, :a] = truth.y
        at_truth = fits.or_lower(at_truth, moved, a)
        rise = np.maximum(at_truth.chi2 - best.chi2, 0.0)
        if self.one_sided:
            rise = np.where(best.x[:, 0] > truth.y[0], 0.0, rise)
        found: list[Outcome] = [outcome(value) for value in rise.tolist()]
        for held, minimum in ((a, at_truth), (0, best)):
            for row in np.flatnonzero(minimum.failed):
                x, step = minimum.x[row, held:], minimum.step[row, held:]
                found[row] = self.joint.failure(x, step, held)[0]
        return found

    def _best(self, fits: SetFits, truth: FormTruth) -> Minimum:
        """Return the best fit of each toy, of values that the parameters may have."""
        starts = truth.anywhere
        best = fits.lowest(
            starts.of_each(len(fits)), 0, self.jumps, followed=FOLLOWED, within=WITHIN
        )
        best = self._borders.upright(best)
        outside = np.flatnonzero(~self._borders.inside(best.x) & ~best.failed)
        if outside.size == 0:
            return best
        found = self._borders.lowest(fits.chosen(outside), starts, self.jumps)
        return best.replaced(outside, found)
