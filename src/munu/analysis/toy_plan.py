"""Which toys of a study are drawn, and how many of them are done."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final, final

from munu.base.errors import MunuError, shown
from munu.base.progress import Progress
from munu.base.typing import FloatArray
from munu.engine import Piece
from munu.statistics.studies import Outcome

PART: Final = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")


@final
@dataclass(frozen=True)
class Plan:
    """Blocks of toys of every true value: all, or one part of several.

    Parameters
    ----------
    toys : int
        Of all parts together.
    block : int
        Toys of a block.
    part, parts : int
        The first part is zero.
    """

    toys: int
    block: int
    part: int = 0
    parts: int = 1

    @classmethod
    def read(cls, toys: int, part: object, block: int) -> Plan:
        """Return the plan of a part written as ``1/4``, of all toys for None.

        Raises
        ------
        MunuError
            If it is not written so, or holds no block of toys.
        """
        if part is None:
            return cls(toys, block)
        found = PART.fullmatch(part) if isinstance(part, str) else None
        most = ceil(toys / block)
        remedy = (
            f"Allowed: K/N with K from 1 to N, and N up to {most}: {toys} toys are {most} blocks"
        )
        if found is None:
            raise MunuError(f"part = {shown(part)} is not a part as in '1/4'", remedy)
        number, parts = map(int, found.groups())
        if not 1 <= number <= parts <= most:
            raise MunuError(f"part = {shown(part)} is out of range", remedy)
        return cls(toys, block, number - 1, parts)

    @property
    def blocks(self) -> range:
        """Numbers of the blocks."""
        return range(self.part, ceil(self.toys / self.block), self.parts)

    def size(self, block: int) -> int:
        """Return how many toys of a block are asked for: of the last one perhaps not all."""
        return min(self.block, self.toys - self.block * block)

    @property
    def total(self) -> int:
        """Toys of each true value."""
        return sum(map(self.size, self.blocks))

    def rows(
        self, outcomes: Callable[[Sequence[Piece]], list[list[Outcome]]], values: FloatArray
    ) -> list[list[Outcome]]:
        """Return the outcome of every toy, a row per true value."""
        pieces = [
            Piece(i, one, block) for i, one in enumerate(values.tolist()) for block in self.blocks
        ]
        rows: list[list[Outcome]] = [[] for _ in values]
        for piece, found in zip(pieces, outcomes(pieces), strict=True):
            rows[piece.point] += found[: self.size(piece.block)]
        return rows


@final
@dataclass
class Told:
    """Tells how many toys are done, and of how many, as blocks of them are finished.

    Parameters
    ----------
    progress : callable or None
    plan : Plan
    points : int
        Number of true values.
    """

    progress: Progress | None
    plan: Plan
    points: int
    done: int = 0

    def __call__(self, pieces: Sequence[Piece]) -> None:
        """Count blocks."""
        self.done += sum(self.plan.size(piece.block) for piece in pieces)
        if self.progress:
            self.progress(self.done, self.plan.total * self.points)
