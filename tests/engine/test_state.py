"""Files of states where a disk is full, a file is taken away, or two processes work on one."""

from __future__ import annotations

import errno
import operator
import os

import pytest

from munu.base.errors import MunuError
from munu.engine import Piece, PieceForm, State, Workers, computed

NUMBERS = PieceForm(lambda one: {"number": one}, operator.itemgetter("number"))
STUDY = {"seed": 1, "conditions": {"beam": "'full'", "recoils": "'all'"}}
FIRST, SECOND = Piece(0, 0.0, 0), Piece(1, 1.0, 0)


@pytest.fixture
def path(tmp_path):
    """A state with one piece, in a folder with blanks and letters beyond ASCII."""
    folder = tmp_path / "Läufe von heute" / "ν"
    folder.mkdir(parents=True)
    State.opened(folder / "s.jsonl", STUDY, NUMBERS).add(FIRST, 2)
    return folder / "s.jsonl"


def test_a_full_disk_leaves_whole_lines_and_says_that_they_are_kept(path, monkeypatch):
    state, before = State.opened(path, STUDY, NUMBERS), path.read_bytes()
    write = os.write

    def half(descriptor, content):
        if content[:1] != b"{":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, content[: len(content) // 2])

    with monkeypatch.context() as full:
        full.setattr(os, "write", half)
        with pytest.raises(MunuError, match=r"No space left on device. What it holds is kept"):
            state.add(SECOND, 3)
    assert path.read_bytes() == before
    assert state.get(SECOND) is None
    state.add(SECOND, 3)
    assert State.opened(path, STUDY, NUMBERS).get(SECOND) == 3


def test_a_file_that_is_taken_away_is_not_begun_without_its_first_line(path):
    state = State.opened(path, STUDY, NUMBERS)
    path.unlink()
    with pytest.raises(MunuError, match=r"cannot write .*No such file"):
        state.add(SECOND, 3)
    assert not path.exists()


def test_two_studies_do_not_work_on_one_state(path):
    pytest.importorskip("fcntl", reason="locks of POSIX")
    state = State.opened(path, STUDY, NUMBERS)
    with state.working():
        with pytest.raises(MunuError, match=r"s.jsonl is the state of a study that is at work now"):
            State.opened(path, STUDY, NUMBERS)
        state.add(SECOND, 3)
    with State.opened(path, STUDY, NUMBERS).working():
        pass


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit(143)])
def test_what_is_kept_is_said_of_every_ordered_end(path, stop):
    state = State.opened(path, STUDY, NUMBERS)
    with pytest.raises((KeyboardInterrupt, SystemExit)) as stopped, state.working():
        raise stop
    kept = "keeps 1 finished piece. Give the same command again"
    assert kept in stopped.value.__notes__[0]


def test_a_study_whose_state_is_read_only_does_no_piece_in_vain(path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    state = State.opened(path, STUDY, NUMBERS)
    with Workers().running(operator.neg) as run:
        assert computed(run, [FIRST], [7], state, lambda _: None) == [2]
    with Workers().running(_never) as run, pytest.raises(MunuError, match="read-only and lacks"):
        computed(run, [SECOND], [7], state, lambda _: None)


def _never(task):
    raise AssertionError


@pytest.mark.parametrize(
    ("other", "match"),
    [
        ({**STUDY, "seed": 2}, r"another study: seed: 1 there, 2 here\. Name"),
        (
            {**STUDY, "conditions": {"beam": "'full'", "recoils": "'nuclear'"}},
            "another study: recoils: .*all.* there, .*nuclear.* here",
        ),
        ({**STUDY, "cl": 0.9}, "another study: cl: not stated there, 0.9 here"),
        ({**STUDY, "seed": list(range(99))}, "another study: seed: another one there"),
    ],
)
def test_what_differs_of_another_study_is_named(path, other, match):
    with pytest.raises(MunuError, match=match):
        State.opened(path, other, NUMBERS)
