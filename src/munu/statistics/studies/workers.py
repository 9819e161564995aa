"""Blocks of toys in this process or in several: the same numbers, whoever draws them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any, ClassVar, TypeAlias, final

from munu.statistics.studies.blocks import Outcome, ToyExperiments, Value, seeds_of

Task: TypeAlias = tuple[int, Value, int]
"""Number of a true value in the study, the value, and the number of a block of toys."""


@final
@dataclass(frozen=True)
class Blocks:
    """Blocks of toys of a study and a seed, the truths kept from block to block."""

    study: ToyExperiments[Any]
    seed: int
    truths: dict[Value, Any] = field(default_factory=dict)

    def outcomes(self, task: Task) -> list[Outcome]:
        """Return the outcomes of one block."""
        number, value, block = task
        if value not in self.truths:
            self.truths[value] = self.study.prepared(value)
        return self.study.outcomes(self.truths[value], seeds_of((self.seed, number), block))


@final
class _Worker:
    """What a process of the pool draws from."""

    blocks: ClassVar[Blocks]


def _begin(blocks: Blocks) -> None:
    _Worker.blocks = blocks


def _of_worker(task: Task) -> list[Outcome]:
    return _Worker.blocks.outcomes(task)


@contextmanager
def drawing(
    blocks: Blocks, jobs: int
) -> Iterator[Callable[[Sequence[Task]], Iterator[list[Outcome]]]]:
    """Give a function from tasks to their outcomes, in the order of the tasks.

    Parameters
    ----------
    blocks : Blocks
    jobs : int
        Processes; one is this one.
    """
    if jobs == 1:
        yield lambda tasks: map(blocks.outcomes, tasks)
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(blocks,)) as pool:
        yield lambda tasks: pool.map(_of_worker, tasks)
