"""Workers that are processes of this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process, resource_tracker
from threading import Thread
from typing import Any, ClassVar, final

from munu.base.errors import MunuError
from munu.engine.pieces import Crew, Found, Take, Task, Timed, timed


@final
class _Held:
    """What a process applies to its tasks: it comes once, and stays."""

    function: ClassVar[Callable[[Any], Any]]


def _begin(function: Callable[[Any], Any]) -> None:
    _Held.function = function
    # An interrupt is for the process that asks, which ends these.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when that which asks is gone, killed perhaps: nobody else would."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _apply(tasks: Sequence[Any]) -> Timed[Any]:
    return timed(_Held.function, tasks)


@final
@dataclass(frozen=True)
class Processes(Crew[Task, Found]):
    """A pool of processes.

    Parameters
    ----------
    pool : ProcessPoolExecutor
    number : int
        Of its processes.
    """

    pool: ProcessPoolExecutor
    number: int

    def size(self) -> int:
        """Return the number of processes."""
        return self.number

    def hand(self, tasks: Sequence[Task], take: Take[Found]) -> None:
        """Give one of the processes a parcel of tasks, and its results to a function."""
        with _interrupts_held():  # A process is started while none is idle.
            future = self.pool.submit(_apply, tasks)
        future.add_done_callback(lambda one: take(one.result))


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep interrupts until later, and from processes that are started meanwhile."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # It would let interrupts through when it starts.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def processes(function: Callable[[Task], Found], number: int) -> Iterator[Processes[Task, Found]]:
    """Give processes that hold a function; new ones, which share nothing with this one.

    No more are started than there are parcels of tasks.

    Raises
    ------
    MunuError
        If one of them ends before its work.
    """
    pool = ProcessPoolExecutor(number, get_context("spawn"), _begin, (function,))
    try:
        yield Processes(pool, number)
    except BrokenProcessPool as error:
        raise MunuError(
            "a worker process ended before its piece was finished: out of memory, killed, or "
            "started from a script without `if __name__ == '__main__':`",
            "Take fewer workers; finished pieces are kept where a state is named",
        ) from error
    except BaseException:
        # Pieces that are under way would be waited for, and then thrown away.
        for process in list(getattr(pool, "_processes", None) or {}):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)
        raise
    finally:
        pool.shutdown(cancel_futures=True)
