"""A row of problems that change little from one to the next: few are solved from scratch.

These are the anchors; the others start from the solutions of the anchors on either side, and in the
end each from those of its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar, final

import numpy as np

from munu.base.distinct import distinct
from munu.base.typing import IntArray

SPACING: Final = 12
"""Every so many problems one is an anchor."""

Solved = TypeVar("Solved")


@final
@dataclass(frozen=True, eq=False)
class Anchors:
    """Which of n problems are solved from scratch: the first and the last among them.

    Parameters
    ----------
    n : int
    rows : array, shape (n_anchors,)
        Numbers of the anchors, increasing.
    """

    n: int
    rows: IntArray

    @classmethod
    def every(cls, n: int, spacing: int = SPACING) -> Anchors:
        """Return anchors that many problems apart."""
        return cls(n, distinct(np.append(np.arange(0, n, spacing), n - 1)))

    @classmethod
    def at_most(cls, n: int, most: int) -> Anchors:
        """Return so many anchors, or all problems if they are fewer, evenly spread."""
        return cls(n, distinct(np.linspace(0, n - 1, min(n, most)).round().astype(int)))

    @cached_property
    def right(self) -> IntArray:
        """Number of the first anchor that is not before each problem, shape (n,)."""
        return np.minimum(np.searchsorted(self.rows, np.arange(self.n)), self.rows.size - 1)

    @cached_property
    def left(self) -> IntArray:
        """Number of the anchor before that, or of the first, shape (n,)."""
        return np.maximum(self.right - 1, 0)

    def between(
        self,
        solved_from: Callable[[IntArray], Solved],
        better: Callable[[Solved, Solved], Solved],
    ) -> Solved:
        """Return the better of what each problem finds from the anchor on either side.

        Parameters
        ----------
        solved_from : callable
            Solves every problem from the solution of the anchor of the number given, (n,).
        better : callable
            Chooses between two solutions, problem by problem.
        """
        return better(solved_from(self.right), solved_from(self.left))


def shared_with_neighbours(
    found: Solved,
    n: int,
    solved_from: Callable[[Solved, IntArray], Solved],
    better: Callable[[Solved, Solved], Solved],
) -> Solved:
    """Return the better of solutions and of what the neighbours' lead to, from both sides.

    Parameters
    ----------
    found
        Solutions of a row of n problems.
    solved_from : callable
        Solves every problem from the solution, among those given, of the row given, (n,).
    better : callable
        As in `Anchors.between`.
    """
    for shift in (1, -1):
        beside = np.clip(np.arange(n) - shift, 0, n - 1)
        found = better(found, solved_from(found, beside))
    return found
