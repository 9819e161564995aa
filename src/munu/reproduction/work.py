"""The work for a table or figure in steps: one after the other, or by several workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, final

from munu.base.progress import Progress
from munu.engine import Run, Workers

Found = TypeVar("Found")


@final
@dataclass
class Begun:
    """Does steps, and counts them.

    A step is what returns something without being told anything: a partial function, which can be
    sent to a worker.

    Parameters
    ----------
    run : callable
        As `munu.engine.Workers.running` gives it.
    total : int
        Work in all.
    progress : callable or None
        Called with the numbers of steps done and in all.
    """

    run: Run[Callable[[], Any], Any]
    total: int
    progress: Progress | None
    done: int = 0

    def __call__(self, steps: Sequence[Callable[[], Found]]) -> list[Found]:
        """Return what the steps give, in their order."""
        found: dict[int, Found] = {}
        for position, result in self.run(steps):
            found[position] = result
            self.done += 1
            if self.progress:
                self.progress(self.done, self.total)
        return [found[position] for position in range(len(steps))]


@final
@dataclass(frozen=True)
class Work:
    """Who does the steps of a table or figure, and who is told.

    Parameters
    ----------
    workers : Workers
    progress : callable, optional
        Called with the numbers of steps done and in all.

    Examples
    --------
    >>> from functools import partial
    >>> with Work().begun(2) as do:
    ...     print(do([partial(abs, -2), partial(abs, 3)]))
    [2, 3]
    """

    workers: Workers = field(default_factory=Workers)
    progress: Progress | None = None

    @contextmanager
    def begun(self, total: int) -> Iterator[Begun]:
        """Give what does steps, of which there are so many in all."""
        with self.workers.running(_call) as run:
            yield Begun(run, total, self.progress)


def _call(step: Callable[[], Any]) -> Any:
    return step()
