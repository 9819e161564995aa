"""The results of pieces, in the order of the pieces: those that a state keeps, and the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, final

from munu.base.errors import MunuError
from munu.engine.pieces import FailedPiece, Found, Piece, Task
from munu.engine.state import State
from munu.engine.workers import Run

Tell: TypeAlias = Callable[[Sequence[Piece]], None]
"""Is told which pieces are finished."""


@final
@dataclass(frozen=True)
class Marking(Generic[Task, Found]):
    """A function whose pieces may fail one by one: what it raises is the result then."""

    function: Callable[[Task], Found]

    def __call__(self, task: Task) -> Found | FailedPiece:
        """Return the result of a task, or why there is none."""
        try:
            return self.function(task)
        except MunuError as error:
            return FailedPiece(error.message, error.remedy)


def computed(
    run: Run[Task, Found],
    pieces: Sequence[Piece],
    tasks: Sequence[Task],
    state: State[Found],
    tell: Tell,
) -> list[Found]:
    """Return the results of pieces, which the state keeps as soon as they are finished.

    Parameters
    ----------
    run : callable
        As `munu.engine.Workers.running` gives it.
    pieces : sequence of Piece
    tasks : sequence
        What `run` takes for each of them.
    state : State
    tell : callable
        Called with the pieces that the state keeps, if any, then with each that is finished.
    """
    results: dict[Piece, Found] = {}
    missing: list[tuple[Piece, Task]] = []
    for piece, task in zip(pieces, tasks, strict=True):
        known = state.get(piece)
        if known is None:
            missing.append((piece, task))
        else:
            results[piece] = known
    if results:
        tell(list(results))
    if missing:
        state.check_kept()
    for position, result in run([task for _, task in missing]):
        piece = missing[position][0]
        state.add(piece, result)
        results[piece] = result
        tell([piece])
    return [results[piece] for piece in pieces]
