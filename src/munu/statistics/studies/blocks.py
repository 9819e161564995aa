"""What all studies by toy experiments share: blocks of toys, their seeds, and where fits start."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar, final

import numpy as np

from munu.base.typing import FloatArray

SEEDED = 25
"""Toys that follow from one seed."""
BLOCK = 200
"""Toys minimised together: enough to share the cost of a step, few enough for the cache."""

ONE_SEED = 100
"""Toys of the Standard Model, for bands and p-values, that follow from one seed."""

Outcome: TypeAlias = float | str
"""Δχ² at the truth of a toy, or why its fit failed."""
Value: TypeAlias = tuple[float, ...]
"""Of the parameters that are shown: one, or two of a plane."""
Prepared = TypeVar("Prepared")


def seeds_of(study: Sequence[int], block: int) -> list[tuple[int, ...]]:
    """Return the seeds of a block of toys: the study's, then the numbers of the seeded pieces."""
    pieces = BLOCK // SEEDED
    return [(*study, block * pieces + piece) for piece in range(pieces)]


def generators(seed: int, block: int, toys: int) -> list[np.random.Generator]:
    """Return what each toy of a block of the Standard Model is drawn with.

    Parameters
    ----------
    seed : int
    block : int
        Its number.
    toys : int
        Of all blocks: the last one has perhaps fewer.

    Examples
    --------
    >>> len(generators(1, 0, 1000)), len(generators(1, 4, 1000)), len(generators(1, 2, 450))
    (200, 200, 50)
    """
    every = range(block * BLOCK, min((block + 1) * BLOCK, toys))
    hundreds = {n: np.random.default_rng((seed, n)) for n in sorted({i // ONE_SEED for i in every})}
    return [hundreds[i // ONE_SEED] for i in every]


class ToyExperiments(ABC, Generic[Prepared]):
    """Toys of parameters whose true values are given."""

    @abstractmethod
    def prepared(self, value: Value) -> Prepared:
        """Return what toys of a true value are drawn from; raises `MunuError` if a fit fails."""

    @abstractmethod
    def outcomes(self, truth: Prepared, seeds: Iterable[Sequence[int]]) -> list[Outcome]:
        """Return the outcomes of `SEEDED` toys of each seed, minimised together."""


@final
@dataclass(frozen=True, eq=False)
class Starts:
    """Where minima are looked for: coordinates (s, p) and nuisances (s, k)."""

    y: FloatArray
    theta: FloatArray

    def of_each(self, n: int) -> FloatArray:
        """Return them for each of n toys, shape (s, n, p + k)."""
        x = np.concatenate([self.y, self.theta], axis=1)
        return np.repeat(x[:, None], n, axis=1)


def side_by_side(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return starts (s, n, d) of toys and others of the same, (max s, 2n, d).

    What one has fewer of is not a number.
    """
    size = max(len(one), len(other))
    padded = [
        np.concatenate([own, np.full((size - len(own), *own.shape[1:]), np.nan)])
        for own in (one, other)
    ]
    return np.concatenate(padded, axis=1)


def outcome(value: float) -> Outcome:
    """Return Δχ² of a toy, or that it is no number."""
    return value if np.isfinite(value) else f"its Δχ² is {value}"
