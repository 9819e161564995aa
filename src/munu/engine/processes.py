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
from typing import Any, ClassVar, Final, final

from munu.base.errors import MunuError
from munu.engine.pieces import Crew, Found, Take, Task, Timed, timed

ENDINGS: Final = ("SIGINT", "SIGTERM", "SIGHUP")


@final
class _Held:
    """What a process applies to its tasks: it comes once, and stays."""

    function: ClassVar[Callable[[Any], Any]]


def _begin(function: Callable[[Any], Any]) -> None:
    _Held.function = function
    # They are for the process that asks, which ends these.
    for number in _endings():
        signal.signal(number, signal.SIG_IGN)
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

    def check(self) -> None:
        """Do nothing: the pool itself notices that a process has ended."""

    def hand(self, tasks: Sequence[Task], take: Take[Found]) -> None:
        """Give one of the processes a parcel of tasks, and its results to a function."""
        with _endings_held():  # A process is started while none is idle.
            future = self.pool.submit(_apply, tasks)
        future.add_done_callback(lambda one: take(one.result))


def _endings() -> set[signal.Signals]:
    """Return the signals that a terminal, or a cluster at the end of a time slot, sends to all."""
    return {one for one in signal.Signals if one.name in ENDINGS}


@contextmanager
def _endings_held() -> Iterator[None]:
    """Keep these signals until later, and from processes that are started meanwhile."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _endings())
    try:
        # As it starts it takes on what is blocked, and lets some of it through here.
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, _endings())
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
    with _endings_held():  # A process that cleans up is started.
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
                os.kill(process, getattr(signal, "SIGKILL", signal.SIGTERM))
        raise
    finally:
        pool.shutdown(cancel_futures=True)
