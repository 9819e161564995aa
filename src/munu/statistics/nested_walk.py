"""Random walks of many live points in step, so that a likelihood is asked for many points at once.

dynesty asks a pool for new live points, a walk for each (`RWalkSampler`, after J. Skilling,
Bayesian Anal. 1 (2006) 833). Here they take each step together: the same walk, one call a step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np

from munu.base.typing import BoolArray, FloatArray

LogLikelihood = Callable[[FloatArray], FloatArray]
"""ln L of points of the unit cube, shape (m, n) to (m,)."""

WALKS: Final = ("RWalkSampler.sample", "UnitCubeSampler.sample")
"""The functions of dynesty that make a new live point, of which this room knows many at once."""


@final
@dataclass(frozen=True)
class WalksInStep:
    """What dynesty takes for a pool of processes.

    Parameters
    ----------
    log_likelihood : callable
        Of points of the unit cube.
    size : int
        New live points that are asked for at once.
    """

    log_likelihood: LogLikelihood
    size: int

    def map(self, function: Callable[[Any], Any], arguments: Iterable[Any]) -> list[Any]:
        """Return the values of a function, all at once if it makes new live points."""
        asked = list(arguments)
        name = getattr(function, "__qualname__", "")
        if name not in WALKS or not asked:
            return list(map(function, asked))
        return self._walked(asked) if name == WALKS[0] else self._drawn(asked)

    def _drawn(self, asked: Sequence[Any]) -> list[Any]:
        """Return points drawn from the whole cube, as long as that is good enough."""
        rng = _generator(asked)
        points = rng.random((len(asked), len(asked[0].u)))
        values = self.log_likelihood(points)
        found = zip(points, values, strict=True)
        return [_returned(u, value, 1, None, {"n_proposals": 1}) for u, value in found]

    def _walked(self, asked: Sequence[Any]) -> list[Any]:
        """Return where walks end that take no step below ln L of the point that leaves."""
        first = asked[0]
        steps, lowest, scale = int(first.kwargs["walks"]), float(first.loglstar), first.scale
        rng, axes = _generator(asked), np.array([one.axes for one in asked])
        at = np.array([one.u for one in asked])
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
        return [
            _returned(u, one, steps, {"accept": n, "reject": steps - n, "scale": scale}, {})
            for u, one, n in zip(at, value, moved.tolist(), strict=True)
        ]


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
