"""Pieces are done by whoever is asked, and are the same."""

from __future__ import annotations

import math
import operator
import os
import time
from functools import partial

import pytest

from munu.base.errors import MunuError
from munu.engine import FailedPiece, Marking, Piece, PieceForm, State, Workers, computed
from munu.engine.pieces import AHEAD, Crew, taken, timed

NUMBERS = PieceForm(lambda one: {"number": one}, operator.itemgetter("number"))


def pieces_of(tasks):
    return [Piece(i, float(i), 0) for i in range(len(tasks))]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_results_stand_in_the_order_of_the_pieces(number):
    tasks = list(range(40))
    told = []
    state = State(None, {}, NUMBERS)
    with Workers(number).running(math.factorial) as run:
        found = computed(run, pieces_of(tasks), tasks, state, told.extend)
        assert found == [math.factorial(one) for one in tasks]
        again = computed(run, pieces_of(tasks), tasks, state, told.extend)
    assert again == found
    assert sorted(told[:40]) == pieces_of(tasks) == told[40:]


class Late(Crew):
    """Hands results back last first, a parcel at a time, and keeps what was sent."""

    def __init__(self, function):
        self.function, self.away, self.sizes = function, [], []

    def size(self):
        return 2

    def check(self):
        raise AssertionError

    def hand(self, tasks, take):
        self.sizes.append(len(tasks))
        self.away.append(partial(take, partial(timed, self.function, tasks)))
        if len(self.away) == AHEAD * self.size():
            self.flush()

    def flush(self):
        while self.away:
            self.away.pop()()


def test_parcels_grow_while_pieces_are_short_and_none_is_left_out():
    crew = Late(operator.neg)
    found = {}
    run = taken(crew, list(range(100)))
    while len(found) < 100:
        if crew.away and len(found) + sum(crew.sizes[-len(crew.away) :]) == 100:
            crew.flush()
        found.update([next(run)])
        crew.flush()
    assert found == {i: -i for i in range(100)}
    assert crew.sizes[:4] == [1, 1, 1, 1]
    assert max(crew.sizes) > 4
    assert sum(crew.sizes) == 100
    assert crew.sizes[-1] < max(crew.sizes)


def test_what_a_piece_raises_is_raised_here():
    for number in (1, 2):
        with (
            pytest.raises(ValueError, match="factorial"),
            Workers(number).running(math.factorial) as run,
        ):
            list(run([1, 2, -1]))


def test_a_piece_that_fails_is_marked_and_done_again(tmp_path):
    path, tasks = tmp_path / "state", [3, "three", 4]
    fragile = Marking(_doubled)
    for number in (1, 2):
        state, told = State.opened(path, {"seed": 1}, NUMBERS), []
        with Workers(number).running(fragile) as run:
            found = computed(run, pieces_of(tasks), tasks, state, told.extend)
        assert found == [6, FailedPiece("'three' is not a number", "Give one"), 8]
        before = path.read_bytes()
        assert before.count(b"\n") == 4
    mended = State.opened(path, {"seed": 1}, NUMBERS)
    done = []
    with Workers().running(lambda task: done.append(task) or 1) as run:
        assert computed(run, pieces_of(tasks), tasks, mended, told.extend) == [6, 1, 8]
    assert done == ["three"]
    assert path.read_bytes().startswith(before)
    assert State.opened(path, {"seed": 1}, NUMBERS).get(Piece(1, 1.0, 0)) == 1


def _doubled(task):
    if not isinstance(task, int):
        raise MunuError(f"{task!r} is not a number", "Give one")
    return 2 * task


def test_a_worker_that_is_killed_is_one_line():
    with pytest.raises(MunuError, match="a worker process ended"), Workers(2).running(_end) as run:
        list(run([1, 2, 3]))


def _end(task):
    os._exit(task)


def test_an_interrupt_drops_what_is_not_begun():
    started = time.monotonic()

    def interrupt(pieces):
        raise KeyboardInterrupt

    tasks, state = [0.1] * 1000, State(None, {}, NUMBERS)
    with pytest.raises(KeyboardInterrupt), Workers(2).running(time.sleep) as run:
        computed(run, pieces_of(tasks), tasks, state, interrupt)
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("workers", "scheduler", "match"),
    [
        (0, None, "workers = 0 is out of range. Allowed: a whole number, 1 or more"),
        (10**14, None, "workers = 100000000000000 are more processes .* Allowed: 1 to 1?[06]"),
        (1.5, None, "workers = 1.5 is not a whole number"),
        (1, "login1", "scheduler = 'login1' is not an address. Allowed: .* tcp://host:8786"),
        (1, 8786, "scheduler = 8786 is not an address"),
        (4, "tcp://host:8786", "workers = 4 are processes of this machine"),
    ],
)
def test_who_cannot_be_asked(workers, scheduler, match):
    with pytest.raises(MunuError, match=match):
        Workers.checked(workers, scheduler)
