"""What is one piece of a study, and how pieces are handed to workers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Final, Generic, NamedTuple, TypeVar, final

from munu.base.threads import on_one_thread

Task = TypeVar("Task")
Found = TypeVar("Found")

PARCEL_S: Final = 1.0
"""About how long what a worker is sent at once takes it: long beside the way there and back."""
AHEAD: Final = 2
"""Parcels on their way for each worker, so that none waits for work."""
PATIENCE_S: Final = 5.0
"""Without any result, after which workers are looked after."""
GROWTH: Final = 4
"""By which a parcel is larger than one before, at most: times of pieces differ."""


@final
class Piece(NamedTuple):
    """Which piece of a study it is.

    Parameters
    ----------
    point : int
        Position of the value among those of the study.
    value : float
        True value of toys, or the value that is scanned.
    block : int
        With the point and the seed of the study it fixes the random numbers.
    """

    point: int
    value: float
    block: int


@final
@dataclass(frozen=True)
class FailedPiece:
    """Why a piece has no result, as a `munu.base.errors.MunuError` says it."""

    message: str
    remedy: str = ""


Timed = tuple[float, list[Found]]
"""Seconds that a parcel took, and its results."""

Take = Callable[[Callable[[], Timed[Found]]], None]
"""Is given what returns the results of a parcel, or raises why there are none."""


class Crew(ABC, Generic[Task, Found]):
    """Workers that hold one function and apply it to the tasks that they are handed."""

    @abstractmethod
    def size(self) -> int:
        """Return how many tasks are worked on at a time."""

    @abstractmethod
    def check(self) -> None:
        """Look after workers of whom nothing was heard; raises `MunuError` if nothing will be."""

    @abstractmethod
    def hand(self, tasks: Sequence[Task], take: Take[Found]) -> None:
        """Give one of the workers a parcel of tasks, and its results to a function."""


@on_one_thread
def timed(function: Callable[[Task], Found], tasks: Sequence[Task]) -> Timed[Found]:
    """Return how long tasks take, and their results; in the worker."""
    started = monotonic()
    found = [function(task) for task in tasks]
    return monotonic() - started, found


def _put(
    done: Done[Found],
    part: range,
    result: Callable[[], Timed[Found]],
) -> None:
    done.put((part, result))


Done = SimpleQueue[tuple[range, Callable[[], Timed[Found]]]]


def _next(crew: Crew[Task, Found], done: Done[Found]) -> tuple[range, Callable[[], Timed[Found]]]:
    while True:
        try:
            return done.get(timeout=PATIENCE_S)
        except Empty:
            crew.check()


def taken(crew: Crew[Task, Found], tasks: Sequence[Task]) -> Iterator[tuple[int, Found]]:
    """Yield position and result of each task, in the order in which they are finished."""
    done: Done[Found] = SimpleQueue()
    begun, away, parcel = 0, 0, 1
    while begun < len(tasks) or away:
        while begun < len(tasks) and away < AHEAD * crew.size():
            few = ceil((len(tasks) - begun) / (AHEAD * crew.size()))
            part = range(begun, begun + min(parcel, few))
            crew.hand(tasks[part.start : part.stop], partial(_put, done, part))
            begun, away = part.stop, away + 1
        part, result = _next(crew, done)
        away -= 1
        seconds, found = result()
        parcel = max(1, min(int(PARCEL_S * len(part) / max(seconds, 1e-9)), GROWTH * len(part)))
        yield from zip(part, found, strict=True)
