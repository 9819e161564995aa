"""Workers of a cluster of dask, a small one on the loopback."""

from __future__ import annotations

import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

import munu
from munu.base.errors import MunuError
from munu.engine import Workers, census, pieces
from munu.engine import cluster as module

SMALL = {"experiment": "coherent-csi", "toys": 500, "moment_mu_b": [0.0, 2e-9]}


def _silent_port():
    """A port of the loopback at which somebody listens who never answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, f"tcp://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(scope="module")
def scheduler():
    distributed = pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",  # Several of them run at a time in tests.
        worker_dashboard_address=None,
    ) as cluster:
        yield cluster.scheduler_address


def ask(scheduler, function, tasks):
    with Workers(scheduler=scheduler).running(function) as run:
        return list(run(tasks))


def test_results_are_those_of_one_process(scheduler):
    found = munu.coverage(**SMALL, scheduler=scheduler)
    assert found == munu.coverage(**SMALL)


def test_an_interrupted_study_goes_on_elsewhere(scheduler, tmp_path):
    state = tmp_path / "toys.jsonl"

    def interrupt(done, total):
        if done >= 400:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        munu.coverage(**SMALL, scheduler=scheduler, state=state, progress=interrupt)
    assert 2 < state.read_text().count("\n") < 7
    found = munu.coverage(**SMALL, workers=2, state=state)
    assert found == munu.coverage(**SMALL)


def test_what_a_piece_raises_is_raised_here(scheduler):
    with pytest.raises(ValueError, match="factorial"):
        ask(scheduler, math.factorial, [1, -1])


def test_workers_of_another_version_are_refused(scheduler, monkeypatch):
    monkeypatch.setattr(module, "__version__", "0.0.1")
    with pytest.raises(MunuError, match=r"has munu .*, and this is munu 0.0.1. Install munu 0.0.1"):
        ask(scheduler, math.factorial, [1])


def test_workers_that_die_of_a_piece_are_one_line(scheduler):
    with pytest.raises(MunuError, match="ended while they did a piece"):
        ask(scheduler, os._exit, [1])


def test_a_scheduler_that_does_not_answer_is_told_within_seconds():
    pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
    listener, silent = _silent_port()
    with listener:
        for address in ("tcp://127.0.0.1:1", silent):
            started = time.monotonic()
            with pytest.raises(MunuError, match=f"{address} does not answer within 5 s. Give"):
                munu.coverage(**SMALL, scheduler=address)
            assert time.monotonic() - started < 20


SCHEDULER = """
import asyncio
from distributed import Scheduler

async def main():
    async with Scheduler(port=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as one:
        print(one.address, flush=True)
        await one.finished()

asyncio.run(main())
"""


@pytest.fixture
def alone():
    """A scheduler without workers: its process and its address."""
    pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
    process = subprocess.Popen(
        [sys.executable, "-c", SCHEDULER],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_scheduler_that_freezes_is_given_up(alone, monkeypatch, caplog):
    process, address = alone
    monkeypatch.setattr(module, "ANSWER_S", 1.0)
    monkeypatch.setattr(pieces, "PATIENCE_S", 0.2)
    for name in ("COUNTED_S", "LONELY_S", "SILENT_S"):
        monkeypatch.setattr(census, name, 0.5)
    freezing = threading.Timer(3, process.send_signal, [signal.SIGSTOP])
    freezing.start()
    with pytest.raises(MunuError, match=f"{address} has not answered for . s. See whether its"):
        ask(address, math.factorial, [1, 2])
    freezing.cancel()
    assert [f"{address} has no workers" in one.getMessage() for one in caplog.records] == [True]


def test_without_dask_the_line_that_installs_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MunuError, match=r"not installed. pip install 'munu\[dask\]'"):
        munu.coverage(**SMALL, scheduler="tcp://127.0.0.1:1")
