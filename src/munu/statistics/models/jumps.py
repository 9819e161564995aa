"""Moves from one minimum of χ² to where sets of data like it may have a lower one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from munu.base.typing import FloatArray, IntArray

FOLLOWED: Final = 3
"""Jumps of a set of data that are followed."""
HIGHEST: Final = 1.5
"""χ² above the minimum known of the end of a jump from which nothing lower is expected."""
SURPRISE: Final = 0.2
"""Of the rise of a parabola: a rise that is not smaller promises no other minimum."""


@final
@dataclass(frozen=True, eq=False)
class Jumps:
    """Moves of coordinates and nuisances x, and by how much a parabola would rise along each.

    Parameters
    ----------
    moves : array, shape (n, p + k)
    mirrors : array of int
        Entries of x that change their sign, one by one: the events of a shape that is one-sided
        are about the same at both.
    bend : array, shape (p + k, p + k)
        Second derivatives of χ² in x, typical ones.
    kinks : bool
        Whether there are minima beyond kinks (`munu.statistics.likelihoods.kinks`).
    """

    moves: FloatArray
    mirrors: IntArray
    bend: FloatArray
    kinks: bool = False

    @classmethod
    def none(cls, size: int) -> Jumps:
        """Return no jumps, of x of some size."""
        return cls(np.zeros((0, size)), np.zeros(0, int), np.eye(size))

    def behind(self, coordinates: int) -> Jumps:
        """Return the same with so many coordinates in front of the nuisances, none of which moves.

        It has one coordinate itself.
        """
        d = coordinates + self.moves.shape[1] - 1
        moves, bend = np.zeros((len(self.moves), d)), np.eye(d)
        moves[:, coordinates:], bend[coordinates:, coordinates:] = (
            self.moves[:, 1:],
            self.bend[1:, 1:],
        )
        return Jumps(moves, self.mirrors + coordinates - 1, bend, self.kinks)

    def ends(self, x: FloatArray) -> FloatArray:
        """Return where they lead to from points (m, p + k), shape (n, m, p + k)."""
        mirrored = np.repeat(x[None], self.mirrors.size, axis=0)
        own = np.arange(self.mirrors.size)
        mirrored[own, :, self.mirrors] *= -1
        return np.concatenate([x + self.moves[:, None], mirrored])

    def promising(
        self, x: FloatArray, ends: FloatArray, rise: FloatArray
    ) -> tuple[IntArray, FloatArray]:
        """Return sets that may have another minimum, and where: `FOLLOWED` times at most each.

        Where χ² rises least, compared with the parabola.

        Parameters
        ----------
        x : array, shape (m, p + k)
            Minima.
        ends, rise : array, shape (n, m, p + k) and (n, m)
            Where jumps lead to, and χ² there above that of the minimum.
        """
        move = ends - x
        expected = 0.5 * np.einsum("nmk,nmk->nm", move @ self.bend, move)
        good = (rise < HIGHEST) & (rise < SURPRISE * expected)
        excess = np.where(good, rise - expected, np.inf)
        order = np.argsort(excess, axis=0, kind="stable")[:FOLLOWED]
        rank, sets = np.nonzero(np.isfinite(np.take_along_axis(excess, order, axis=0)))
        return sets, ends[order[rank, sets], sets]
