"""A scheduler that has no workers, or does not answer any more."""

from __future__ import annotations

import pytest

from munu.base.errors import MunuError
from munu.engine import census as module
from munu.engine.census import Census

ADDRESS = "tcp://login1:8786"


@pytest.fixture
def clock(monkeypatch):
    """Seconds, which go on as the test says."""
    now = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    return now


def counted(clock, answers, steps):
    """Ask every ten seconds; an answer is a number of workers, or None for a timeout."""
    answers = iter(answers)

    def ask():
        found = next(answers)
        if found is None:
            clock[0] += 5
            raise TimeoutError
        return found

    census = Census(ADDRESS, ask, helped=0.0)
    for _ in range(steps):
        clock[0] += 10
        yield census.number()


def test_workers_are_counted_and_the_last_number_stands_while_a_scheduler_is_busy(clock):
    assert list(counted(clock, [2, None, 3], 3)) == [2, 2, 3]


def test_a_scheduler_that_is_silent_for_long_is_given_up_in_one_line(clock):
    with pytest.raises(
        MunuError, match=rf"at {ADDRESS} has not answered for 35 s. See whether its process"
    ):
        list(counted(clock, [2] + 9 * [None], 9))
    assert clock[0] == 55


def test_one_timeout_after_long_work_gives_nobody_up(clock):
    census = Census(ADDRESS, lambda: 4, helped=0.0)
    assert census.number() == 4
    clock[0] = 5000.0
    census.ask = _silent
    assert census.number() == 4


def _silent():
    raise TimeoutError


def test_that_there_are_no_workers_is_said_once_each_time(clock, caplog):
    assert list(counted(clock, [0, 0, 0, 2, 0, 0, 0], 7)) == [0, 0, 0, 2, 0, 0, 0]
    said = [one.getMessage() for one in caplog.records]
    assert len(said) == 2
    assert said[0].startswith(f"munu: the scheduler at {ADDRESS} has no workers: waiting for the")
