"""How many toys of a search are drawn, told as blocks of them are finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from munu.base.progress import Progress
from munu.engine import Piece
from munu.statistics.studies import BLOCK


@final
@dataclass
class ToldToys:
    """Tells toys that are drawn, and about how many will be, as far as the search knows by then.

    Rounds that a state keeps whole are told with the first piece that it lacks, so that the rate is
    that of toys which are drawn now.

    Parameters
    ----------
    progress : callable or None
    asked : int
        Toys of all rounds up to this one.
    needed : int
        Of the search, by its last estimate.
    """

    progress: Progress | None
    asked: int = 0
    needed: int = 0
    done: int = 0
    is_drawing: bool = False

    def ask(self, blocks: int) -> None:
        """Count the blocks of a round that begins."""
        self.asked += BLOCK * blocks

    def __call__(self, pieces: Sequence[Piece]) -> None:
        """Count pieces that are finished."""
        self.done += BLOCK * len(pieces)
        self.is_drawing = self.is_drawing or self.done < self.asked
        self._tell()

    def about(self, toys: int, needed: int) -> None:
        """Take an estimate of how many are needed, with as many whose fit did not fail."""
        self.needed = needed + self.done - toys
        self._tell()

    def _tell(self) -> None:
        if self.progress and self.is_drawing:
            self.progress(self.done, max(self.needed, self.asked))
