"""Limits, curves, regions, scans and fits against minima from random starts.

    python -m benchmarks.restarts [--seed 1] [--seconds 300] [--starts 40] [KIND ...]

Questions are drawn at random. χ² of `munu.likelihood` is minimised over all that is free and the
nuisances, from many random starts, at points of which an answer says that χ² is not lower there. It
prints where it is, and exits with the number of such points. What starts reach is not above the
minimum, so a point that is printed is one that is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from benchmarks.random_starts import MIXING, Restarts
from matplotlib.path import Path

import munu
from munu.analysis.assumptions import assume
from munu.analysis.posterior_beside import beside
from munu.base.typing import FloatArray
from munu.physics.interactions.registry import parameter

NUCLEI: Final = (
    *("coherent-csi-2021", "coherent-lar-2020", "coherent-ge-mini", "dresden-ii", "conus-plus"),
    *("xenonnt-8b", "texono-low-threshold", "coherent-csi-2017"),
)
FOR_MOMENTS: Final = (*NUCLEI, "lz-sr1-er", "xenonnt-sr0-er", "borexino-phase-ii-spectrum", "lsnd")
INTERFERE: Final = (
    *("epsilon_u_ee", "epsilon_d_ee", "epsilon_u_mumu", "epsilon_d_mumu", "charge_radius_ee"),
    *("charge_radius_mumu", "sin2_theta_w", "millicharge_ee"),
)
SQUARES: Final = (
    *("epsilon_u_emu", "epsilon_d_etau", "charge_radius_emu", "charge_radius_mutau", "mu_nu_e"),
    *("mu_nu_mu", "dirac_mumu"),
)
MEDIATORS: Final = ("g_b-l", "g_universal", "g_scalar")
MASS: Final = ("Lambda_1", "Lambda_2", "Lambda_3")
PHASES: Final = ("xi_1", "xi_2", "delta_cp")
EFFECTIVE: Final = ("mu_nu_e", "mu_nu_mu", "mu_nu_tau")
LOWER: Final = 2e-3
"""By how much a point is missed that counts."""
ALLOWED, CHORDS = 2.706, 0.02
"""Δχ² of an interval at 90 % C.L., and how far it may be from that where the interval is the extent
of a region, which ends at a vertex."""
GRID: Final = 5
"""Points along each axis of a plane."""


@dataclass
class Tally:
    """What is asked, and what has been missed."""

    rng: np.random.Generator
    starts: int
    points: int = 0
    refused: int = 0
    misses: int = 0
    worst: float = 0.0

    def restarts(
        self,
        data: tuple[str, ...],
        shown: tuple[str, ...],
        free: tuple[str, ...],
        **options: Any,
    ) -> Restarts:
        """Return the restarts of a question; arguments as of `Restarts.of`."""
        return Restarts.of(data, shown, free, self.starts, self.rng, **options)

    def check(self, asked: object, points: FloatArray, said: FloatArray, chi2: FloatArray) -> None:
        """Count points at which χ² is below what is said of it."""
        depth = said - chi2
        self.points += depth.size
        for row in np.flatnonzero(depth > LOWER):
            self.misses += 1
            self.worst = max(self.worst, float(depth[row]))
            print(
                f"MISSED by {depth[row]:.4f}: {asked} at {np.atleast_1d(points)[row]}", flush=True
            )

    def check_minimum(self, asked: object, found: Restarts, chi2_min: float) -> None:
        """Count a minimum that is not the lowest."""
        lowest = np.array([found.global_minimum()])
        self.check((asked, "minimum"), np.zeros(1), np.array([chi2_min]), lowest)

    def around(self, intervals: FloatArray, low: float, high: float) -> FloatArray:
        """Return values about intervals, in a domain."""
        ends = intervals[np.isfinite(intervals)]
        width = np.ptp(np.append(ends, 0.0)) or 1.0
        ends = ends if ends.size else np.zeros(1)
        found = self.rng.uniform(ends.min() - 0.3 * width, ends.max() + 0.3 * width, 8)
        return np.unique(np.clip(np.append(found, ends), low, high))

    def check_intervals(
        self, asked: object, found: Restarts, intervals: FloatArray, level: float
    ) -> None:
        """Check ends of intervals that are not those of a domain, and points beyond them."""
        one = parameter(found.name)
        v = self.around(intervals, one.low, one.high)
        inside = np.any((v[:, None] > intervals[:, 0]) & (v[:, None] < intervals[:, 1]), axis=1)
        v = v[~inside & (v > one.low) & (v < one.high)]
        if v.size:
            self.check(asked, v, np.full(v.size, level), found.lowest(v[:, None]))

    def check_equal(self, asked: object, a: FloatArray, b: FloatArray) -> None:
        """Count intervals that are not the same."""
        if a.shape != b.shape or not np.array_equal(a, b):
            self.misses += 1
            print(f"DIFFERS: {asked}: {a.tolist()} and {b.tolist()}", flush=True)

    def check_region(
        self, asked: tuple[Any, ...], found: Restarts, answer: Any, outlines: Any
    ) -> None:
        """Check vertices of a contour, and points of a coarse grid beyond it if it is closed."""
        if not len(answer.polygons):
            return
        level = answer.chi2_min + answer.delta_chi2
        shape = np.concatenate(list(outlines))
        shape = shape[np.isfinite(shape).all(axis=1)]
        low, high = shape.min(axis=0), shape.max(axis=0)
        axes = []
        for name, first, last in zip(asked[1], low, high, strict=True):
            edge, beyond = 0.01 * (last - first), 0.2 * (last - first)
            one = parameter(name)
            ends = max(first - beyond, one.low + edge), min(last + beyond, one.high - edge)
            axes.append(np.linspace(*ends, GRID))
        grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
        inside = np.zeros(len(grid), np.bool_)
        for one in outlines:
            inside ^= Path(one / (high - low)).contains_points(grid / (high - low))
        grid = grid[~inside] if not answer.unbounded else grid[:0]
        on = np.concatenate(list(answer.polygons))
        on = on[self.rng.integers(len(on), size=8)]
        points = np.concatenate([on, grid])
        self.check(asked, points, np.full(len(points), level), found.lowest(points))


Kind = Callable[[Tally], Iterator[object]]


def _some(tally: Tally, names: tuple[str, ...], n: int) -> tuple[str, ...]:
    return tuple(str(one) for one in tally.rng.choice(names, n, replace=False))


def _data(tally: Tally, names: tuple[str, ...] = NUCLEI) -> tuple[str, ...]:
    return _some(tally, names, int(tally.rng.choice([1, 1, 2])))


def region(tally: Tally) -> Iterator[object]:
    """Regions of two couplings, one or two others profiled."""
    data = _data(tally)
    names = _some(tally, INTERFERE + SQUARES, int(tally.rng.choice([3, 3, 4])))
    asked = data, names[:2], names[2:]
    yield asked
    answer = munu.region(data, names[:2], profile=names[2:], mixing=MIXING)
    found = tally.restarts(data, names[:2], names[2:])
    tally.check_minimum(asked, found, answer.chi2_min)
    tally.check_region(asked, found, answer, answer.outlines)


def region_of_moments(tally: Tally) -> Iterator[object]:
    """Regions of two moments, another and phases profiled."""
    data = _data(tally, FOR_MOMENTS)
    of_mass = tally.rng.random() < 0.7
    moments = _some(tally, MASS if of_mass else EFFECTIVE, 3)
    free = moments[2:] if tally.rng.random() < 0.6 else ()
    if of_mass:
        free += _some(tally, PHASES, int(tally.rng.integers(3)))
    asked = data, moments[:2], free
    yield asked
    answer = munu.region(data, moments[:2], profile=free, mixing=MIXING)
    found = tally.restarts(data, moments[:2], free)
    tally.check_minimum(asked, found, answer.chi2_min)
    tally.check_region(asked, found, answer, answer.filled_polygons())


def region_of_phases(tally: Tally) -> Iterator[object]:
    """Regions of a moment and a phase, or of two phases, other moments and phases profiled."""
    data, moments = _data(tally, FOR_MOMENTS), _some(tally, MASS, int(tally.rng.integers(1, 4)))
    phases = _some(tally, PHASES, 2)
    shown, free = (moments[0], phases[0]), moments[1:] + phases[1 : tally.rng.integers(1, 3)]
    if tally.rng.random() < 0.3:
        shown, free = phases, moments
    asked = data, shown, free
    yield asked
    answer = munu.region(data, shown, profile=free, mixing=MIXING)
    found = tally.restarts(data, shown, free)
    tally.check_minimum(asked, found, answer.chi2_min)
    if len(answer.polygons):
        on = np.concatenate(list(answer.polygons))
        on = on[tally.rng.integers(len(on), size=8)]
        level = answer.chi2_min + answer.delta_chi2
        tally.check(asked, on, np.full(len(on), level), found.lowest(on))


def envelope(tally: Tally) -> Iterator[object]:
    """Outer contours of envelopes of two moments, which are those of profiled phases."""
    data, moments = _data(tally, FOR_MOMENTS), _some(tally, MASS, 2)
    vary = _some(tally, PHASES, int(tally.rng.integers(1, 3)))
    asked = "envelope", data, moments, vary
    yield asked
    answer = munu.envelope(data, moments, vary=vary, mixing=MIXING)
    found = tally.restarts(data, moments, vary)
    tally.check_minimum(asked, found, answer.chi2_min)
    outer = answer.outer_mu_b[np.isfinite(answer.outer_mu_b).all(axis=1)]
    if len(outer):
        outer = outer[tally.rng.integers(len(outer), size=8)]
        level = answer.chi2_min + answer.delta_chi2
        tally.check(asked, outer, np.full(len(outer), level), found.lowest(outer))


def scan(tally: Tally) -> Iterator[object]:
    """Scans over the mass of a mediator, each value as a limit alone has it."""
    data, name = _data(tally), str(tally.rng.choice(MEDIATORS))
    free = _some(tally, INTERFERE, int(tally.rng.integers(3)))
    masses = [f"{mass:.3g} MeV" for mass in 10 ** tally.rng.uniform(-1, 3, 3)]
    yield data, name, free, masses
    answer = munu.scan(data, name, over="mediator_mass", at=masses, profile=free, mixing=MIXING)
    for mass, intervals in zip(masses, answer.intervals, strict=True):
        options = {"mediator_mass": mass}
        alone = munu.limit(data, name, profile=free, mixing=MIXING, **options)
        asked = data, name, free, mass
        tally.check_equal(asked, alone.intervals, intervals)
        found = tally.restarts(data, (name,), free, **options)
        tally.check_minimum(asked, found, alone.chi2_min)
        level = alone.chi2_min + alone.delta_chi2
        tally.check_intervals(asked, found, intervals, level)


def curve(tally: Tally) -> Iterator[object]:
    """Curves of couplings, of which others are profiled."""
    data = _data(tally)
    name, *free = _some(tally, INTERFERE + SQUARES, int(tally.rng.choice([2, 3, 3, 4])))
    asked = data, name, tuple(free)
    yield asked
    ends = munu.limit(data, name, profile=free, mixing=MIXING).intervals
    at = tally.around(ends, parameter(name).low, parameter(name).high)
    answer = munu.profile(data, name, at=at, profile=free, mixing=MIXING)
    found = tally.restarts(data, (name,), tuple(free))
    tally.check_minimum(asked, found, answer.chi2_min)
    chi2 = answer.chi2_min + answer.delta_chi2
    tally.check(asked, at, chi2, found.lowest(at[:, None]))


def curve_of_moments(tally: Tally) -> Iterator[object]:
    """Curves of moments, the others and their phases profiled."""
    data = _data(tally, FOR_MOMENTS)
    of_mass = tally.rng.random() < 0.7
    name, *others = _some(tally, MASS if of_mass else EFFECTIVE, 3)
    phases = {"xi_1": 0.3, "xi_2": 1.2} if of_mass and tally.rng.random() < 0.3 else {}
    free = (*others, *(("xi_1", "xi_2") if of_mass and not phases else ()))
    asked = data, name, free, phases
    yield asked
    limit = munu.limit(data, name, others="profiled", mixing=MIXING, **phases)
    at = tally.around(limit.intervals, 0.0, 1e-6)
    answer = munu.profile(data, name, at=at, others="profiled", mixing=MIXING, **phases)
    found = tally.restarts(data, (name,), free, **phases)
    tally.check_minimum(asked, found, limit.chi2_min)
    tally.check_intervals(asked, found, limit.intervals, limit.chi2_min + limit.delta_chi2)
    tally.check(asked, at, limit.chi2_min + answer.delta_chi2, found.lowest(at[:, None]))


def fit(tally: Tally) -> Iterator[object]:
    """Fits of two or three couplings."""
    data = _data(tally)
    names = _some(tally, INTERFERE + SQUARES, int(tally.rng.choice([2, 3])))
    yield data, names
    answer = munu.fit(data, names, toys=0)
    for one in answer.fitted:
        free = tuple(name for name in names if name != one.name)
        found = tally.restarts(data, (one.name,), free, real=names, mixing=None)
        asked = "fit", data, one.name, free
        tally.check_minimum(asked, found, answer.chi2)
        tally.check_intervals(asked, found, one.intervals, answer.chi2 + 1.0)


def posterior(tally: Tally) -> Iterator[object]:
    """Profiled intervals and regions beside those of posteriors."""
    data = _data(tally)
    names = _some(tally, INTERFERE + SQUARES, int(tally.rng.choice([2, 3])))
    yield "posterior", data, names
    given = assume(munu.posterior, None, {"mixing": MIXING})
    answer = beside(data, names, None, given, 0.9)
    for name, intervals in answer.intervals.items():
        free = tuple(one for one in names if one != name)
        partner = names[max(names.index(name), 1) - 1 + (name == names[0])]
        found = tally.restarts(data, (name,), free, real=(partner,))
        level = found.global_minimum() + ALLOWED - CHORDS
        tally.check_intervals(("posterior", data, name, free), found, intervals, level)


KINDS: Final[dict[str, Kind]] = {
    one.__name__: one
    for one in (
        *(region, region_of_moments, region_of_phases, envelope),
        *(scan, curve, curve_of_moments, fit, posterior),
    )
}


def main() -> int:
    """Ask, compare and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--starts", type=int, default=40)
    asked = parser.parse_args()
    tally = Tally(np.random.default_rng(asked.seed), asked.starts)
    kinds, end, number = asked.kinds or list(KINDS), time.time() + asked.seconds, 0
    while time.time() < end:
        number += 1
        steps = KINDS[kinds[number % len(kinds)]](tally)
        question = next(steps)
        try:
            next(steps, None)
        except munu.MunuError as error:
            tally.refused += 1
            print(f"REFUSED: {question}: {error.message[:110]}", flush=True)
    print(
        f"{number} questions ({tally.refused} refused), {tally.points} points:"
        f" {tally.misses} missed, by {tally.worst:.4f} at most"
    )
    return tally.misses


if __name__ == "__main__":
    sys.exit(main())
