"""Random walks of many live points in step, so that a likelihood is asked for many points at once.

dynesty asks a pool for new live points, a walk for each (`RWalkSampler`, after J. Skilling,
Bayesian Anal. 1 (2006) 833). Here they take each step together: the same walk, one call a step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, Final, final

import numpy as np

from munu.base.errors import MunuError
from munu.base.typing import BoolArray, FloatArray, IntArray

LogLikelihood = Callable[[FloatArray], FloatArray]
"""ln L of points of the unit cube, shape (m, n) to (m,)."""

WALKS: Final = ("RWalkSampler.sample", "UnitCubeSampler.sample")
"""The functions of dynesty that make a new live point, of which this room knows many at once."""


NARROWEST: Final = 1e-13
"""Spread of live points in the unit cube below which numbers of 64 bits are hardly apart."""


@final
@dataclass(frozen=True, eq=False)
class Round:
    """New live points that were asked for at once.

    Parameters
    ----------
    points : array, shape (m, n)
        Of the unit cube.
    values : array, shape (m,)
        ln L there.
    moved : array, shape (m,)
        Steps of each walk that were taken; zero of points that are drawn from the whole cube.
    """

    points: FloatArray
    values: FloatArray
    moved: IntArray


Rounds = Callable[[int, Callable[[], Round]], Round]
"""Returns the round of a number, which is known, or is what the function makes."""


def made_anew(number: int, make: Callable[[], Round]) -> Round:
    """Return a round as it is made."""
    return make()


@final
@dataclass(frozen=True)
class WalksInStep:
    """What dynesty takes for a pool of processes.

    Parameters
    ----------
    log_likelihood : callable
        Of points of the unit cube.
    names : sequence of str
        Of its dimensions.
    size : int
        New live points that are asked for at once.
    rounds : callable
        What may know rounds of an earlier run, in their order.
    """

    log_likelihood: LogLikelihood
    names: Sequence[str]
    size: int
    rounds: Rounds = made_anew
    numbers: Iterator[int] = field(default_factory=count)

    def map(self, function: Callable[[Any], Any], arguments: Iterable[Any]) -> list[Any]:
        """Return the values of a function, all at once if it makes new live points."""
        asked = list(arguments)
        name = getattr(function, "__qualname__", "")
        if name not in WALKS or not asked:
            return list(map(function, asked))
        walks = name == WALKS[0]
        make = partial(self._walked if walks else self._drawn, asked)
        found = self.rounds(next(self.numbers), make)
        rows = zip(found.points, found.values.tolist(), found.moved.tolist(), strict=True)
        if not walks:
            return [_returned(u, one, 1, None, {"n_proposals": 1}) for u, one, _ in rows]
        steps, scale = int(asked[0].kwargs["walks"]), asked[0].scale
        return [
            _returned(u, one, steps, {"accept": n, "reject": steps - n, "scale": scale}, {})
            for u, one, n in rows
        ]

    def _drawn(self, asked: Sequence[Any]) -> Round:
        """Return points drawn from the whole cube, as long as that is good enough."""
        rng = _generator(asked)
        points = rng.random((len(asked), len(asked[0].u)))
        return Round(points, self.log_likelihood(points), np.zeros(len(points), int))

    def _walked(self, asked: Sequence[Any]) -> Round:
        """Return where walks end that take no step below ln L of the point that leaves."""
        first = asked[0]
        steps, lowest, scale = int(first.kwargs["walks"]), float(first.loglstar), first.scale
        rng, axes = _generator(asked), np.array([one.axes for one in asked])
        at = np.array([one.u for one in asked])
        self._check_apart(at)
        value, moved = np.full(len(asked), -np.inf), np.zeros(len(asked), int)
        for _ in range(steps):
            way = scale * np.einsum("mij,mj->mi", axes, _in_ball(rng, at.shape))
            there, inside = _wrapped(at + way, first.kwargs.get("periodic"))
            new = np.full(len(asked), -np.inf)
            if inside.any():
                new[inside] = self.log_likelihood(there[inside])
            better = new > lowest
            at[better], value[better] = there[better], new[better]
            moved += better
        still = moved == 0
        if still.any():
            value[still] = self.log_likelihood(at[still])
        return Round(at, value, moved)

    def _check_apart(self, at: FloatArray) -> None:
        """Raise `MunuError` if live points (m, n) are one number in a dimension."""
        narrow = np.flatnonzero(np.ptp(at, axis=0) < NARROWEST)
        if len(at) > 1 and narrow.size:
            raise MunuError(
                f"the data allow less than 10⁻¹³ of the prior of {self.names[narrow[0]]}",
                "Give a prior about as wide as what they allow; mind its unit",
            )


def _generator(asked: Sequence[Any]) -> np.random.Generator:
    """Return the random numbers of a set of walks, those of its first one's seed."""
    return np.random.default_rng(asked[0].rseed)


def _in_ball(rng: np.random.Generator, shape: tuple[int, ...]) -> FloatArray:
    """Return points evenly distributed in the unit ball, shape (m, n)."""
    m, n = shape
    way = rng.standard_normal((m, n))
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    return np.asarray(way * rng.random((m, 1)) ** (1 / n))


def _wrapped(points: FloatArray, periodic: Any) -> tuple[FloatArray, BoolArray]:
    """Return points with the angles among them within a turn, and which are in the unit cube."""
    if periodic is not None:
        points[:, periodic] %= 1
    inside = np.all((points > 0) & (points < 1), axis=1)
    return points, inside


def _returned(
    u: FloatArray, value: float, calls: int, tuning: dict[str, Any] | None, stats: dict[str, Any]
) -> Any:
    """Return a new live point as dynesty reads it; v is u, as priors are ours."""
    from dynesty.internal_samplers import SamplerReturn
    from dynesty.utils import LoglOutput

    return SamplerReturn(
        u=u,
        v=u.copy(),
        logl=LoglOutput(float(value), False),
        ncalls=calls,
        tuning_info=tuning,
        evaluation_history=[],
        proposal_stats=stats,
    )
