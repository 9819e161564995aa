"""Workers of a cluster that runs dask, which the user has started."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from threading import Lock
from typing import Any, Final, final

from munu._version import __version__
from munu.base.errors import MunuError
from munu.engine.census import KEPT, Census
from munu.engine.pieces import Crew, Found, Take, Task, Timed, timed

ANSWER_S: Final = 5.0
"""Within which a scheduler answers."""

_ONE = Lock()
"""A process does one piece at a time, however many threads its worker has."""


def _held(function: Callable[[Task], Found]) -> Callable[[Task], Found]:
    """Return what workers hold: the scheduler knows how to make it again if a worker is lost."""
    return function


def _apply(version: str, function: Callable[[Task], Found], tasks: Sequence[Task]) -> Timed[Found]:
    if version != __version__:
        raise MunuError(
            f"a worker of the cluster has munu {__version__}, and this is munu {version}",
            f"Install munu {version} for the workers",
        )
    with _ONE:
        return timed(function, tasks)


@final
@dataclass(frozen=True)
class Cluster(Crew[Task, Found]):
    """The workers of a scheduler.

    Parameters
    ----------
    client : distributed.Client
    function : distributed.Future
        Of what the workers hold.
    census : Census
    """

    client: Any
    function: Any
    census: Census

    def size(self) -> int:
        """Return the number of workers, one if none has come yet."""
        return max(1, self.census.number())

    def check(self) -> None:
        """Say if there are no workers; raises `MunuError` if the scheduler does not answer."""
        self.census.number()

    def hand(self, tasks: Sequence[Task], take: Take[Found]) -> None:
        """Give one of the workers a parcel of tasks."""
        future = self.client.submit(_apply, __version__, self.function, tasks, pure=False)
        future.add_done_callback(lambda one: take(one.result))


@contextmanager
def cluster(function: Callable[[Task], Found], address: str) -> Iterator[Cluster[Task, Found]]:
    """Give the workers of a scheduler, which hold a function.

    Raises
    ------
    MunuError
        If distributed is not installed, the scheduler does not answer or is lost, or a worker
        cannot do a piece.
    """
    distributed = _distributed()
    with _quiet(), _client(distributed, address) as client:
        try:
            census = Census(address, partial(_workers, client))
            yield Cluster(client, client.submit(_held, function, pure=False), census)
        except distributed.KilledWorker as error:
            raise MunuError(
                f"workers of {address} ended while they did a piece: out of memory, or out of time",
                KEPT,
            ) from error
        except (CancelledError, distributed.CancelledError, OSError) as error:
            raise MunuError(f"the scheduler at {address} was lost", KEPT) from error
        except ImportError as error:
            raise MunuError(
                f"the workers of {address} cannot import what they need: {error}",
                f"Install munu {__version__} for the workers and their scheduler",
            ) from error


def _workers(client: Any) -> int:
    """Return how many there are; raises `TimeoutError` if the scheduler does not say so."""
    cores = client.scheduler.ncores
    return len(client.sync(cores, workers=None, callback_timeout=ANSWER_S))


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError as error:
        raise MunuError(
            "a scheduler needs dask.distributed, which is not installed",
            "pip install 'munu[dask]'",
        ) from error


@contextmanager
def _client(distributed: Any, address: str) -> Iterator[Any]:
    try:
        # A client waits for ever for one who accepts its connection and says nothing. A notebook
        # has a loop of events in this thread, which cannot run another.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _answers(distributed, address)).result()
        client = distributed.Client(address, timeout=ANSWER_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise MunuError(
            f"the scheduler at {address} does not answer within {ANSWER_S:.0f} s",
            "Give the address that `dask scheduler` prints, which this machine can reach",
        ) from error
    except TypeError as error:
        raise MunuError(
            f"the scheduler at {address} takes connections with certificates alone: {error}",
            "Name them in dask's configuration, distributed.comm.tls and require-encryption",
        ) from error
    with client:
        yield client


async def _answers(distributed: Any, address: str) -> None:
    """Return when the scheduler has answered; raises `OSError` if it does not."""
    options = distributed.Security().get_connection_args("client")
    connecting = distributed.comm.connect(address, timeout=ANSWER_S, **options)
    comm = await asyncio.wait_for(connecting, ANSWER_S)
    await comm.close()


@contextmanager
def _quiet() -> Iterator[None]:
    """Let dask's log be silent: what goes wrong is raised, and said in one line."""
    names = [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    levels = {name: logging.getLogger(name).level for name in names}
    try:
        for name in names:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
