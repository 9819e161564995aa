"""Who does the pieces of a study."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias, final

from munu.base.arguments import checked_integer
from munu.base.errors import MunuError, shown
from munu.engine.pieces import Found, Task, taken

MOST_PROCESSES: Final = 1000 if os.name == "posix" else 61
"""Of other systems those that a pool can wait for."""
ADDRESS: Final = re.compile(r"(tcp|tls|ws|wss)://\S+")

Run: TypeAlias = Callable[[Sequence[Task]], Iterator[tuple[int, Found]]]
"""From tasks to the position and result of each, in the order in which they are finished."""


@final
@dataclass(frozen=True)
class Workers:
    """One process, several of this machine, or those of a cluster: the numbers are the same.

    Parameters
    ----------
    number : int
        Processes; one is the process that asks.
    scheduler : str or None
        Address of a scheduler of dask, whose workers are taken in their place.

    Examples
    --------
    >>> from munu.engine import Workers
    >>> with Workers(1).running(abs) as run:
    ...     print(list(run([-2, 3])))
    [(0, 2), (1, 3)]
    """

    number: int = 1
    scheduler: str | None = None

    @property
    def several(self) -> bool:
        """Whether others than the process that asks do the work."""
        return self.number > 1 or self.scheduler is not None

    @property
    def processes(self) -> int | None:
        """Processes of this machine, as results state them; None for those of a scheduler."""
        return self.number if self.scheduler is None else None

    @classmethod
    def checked(cls, workers: object, scheduler: object) -> Workers:
        """Return who is asked for; raises `MunuError` for what cannot be."""
        number = checked_integer("workers", workers, smallest=1)
        if number > MOST_PROCESSES:
            raise MunuError(
                f"workers = {number} are more processes than one machine takes",
                f"Allowed: 1 to {MOST_PROCESSES}, about as many as it has cores; for more name a "
                "scheduler",
            )
        if scheduler is None:
            return cls(number)
        if not isinstance(scheduler, str) or not ADDRESS.fullmatch(scheduler):
            raise MunuError(
                f"scheduler = {shown(scheduler)} is not an address",
                "Allowed: that of a scheduler of dask, as in tcp://host:8786",
            )
        if number > 1:
            raise MunuError(
                f"workers = {number} are processes of this machine, and a scheduler is named",
                "Give one of the two: a cluster has as many workers as you start there",
            )
        return cls(1, scheduler)

    @contextmanager
    def running(self, function: Callable[[Task], Found]) -> Iterator[Run[Task, Found]]:
        """Give what applies a function to tasks.

        Parameters
        ----------
        function : callable
            Sent once to each worker, with all that it holds; a result depends on its task alone.

        Raises
        ------
        MunuError
            If a worker ends before its work, dask is not installed, or the scheduler does not
            answer; and what the function raises.
        """
        if self.scheduler is not None:
            from munu.engine.cluster import cluster

            with cluster(function, self.scheduler) as crew:
                yield lambda tasks: taken(crew, tasks)
        elif self.number > 1:
            from munu.engine.processes import processes

            with processes(function, self.number) as pool:
                yield lambda tasks: taken(pool, tasks)
        else:
            yield lambda tasks: enumerate(map(function, tasks))
