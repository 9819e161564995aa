import hashlib
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import munu
from munu.base import temporaries
from munu.base.errors import MunuError
from munu.base.file_sets import MANIFEST, write_set_atomically
from munu.base.files import check_folder_of, write_bytes_atomically, write_text_atomically


def contents(folder):
    """The files of a folder, the manifest apart, which is checked."""
    found = {path.name: path.read_text() for path in folder.iterdir()}
    for line in found.pop(MANIFEST).splitlines():
        checksum, name = line.split("  ")
        assert hashlib.sha256(found[name].encode()).hexdigest() == checksum
    return found


def test_a_file_is_written_and_replaced_whole(tmp_path):
    path = tmp_path / "a.txt"
    assert write_text_atomically(path, "μ²\n") == path
    write_text_atomically(path, "second\n")
    assert path.read_text(encoding="utf-8") == "second\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_a_new_file_has_the_permissions_of_any_other(tmp_path):
    (tmp_path / "other").write_text("")
    written = write_bytes_atomically(tmp_path / "ours", b"")
    assert written.stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_failure_leaves_the_old_content_and_no_part(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def refuse(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(MunuError, match="No space left"):
        write_text_atomically(path, "new")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_a_missing_folder_and_a_folder_in_the_way_are_reported(tmp_path):
    with pytest.raises(MunuError, match="cannot write"):
        write_text_atomically(tmp_path / "none" / "a.txt", "x")
    (tmp_path / "taken").mkdir()
    with pytest.raises(MunuError, match="cannot write"):
        write_text_atomically(tmp_path / "taken", "x")
    assert [entry.name for entry in tmp_path.iterdir()] == ["taken"]


def test_a_name_with_a_null_character_is_reported(tmp_path):
    with pytest.raises(MunuError, match="cannot write"):
        write_text_atomically(tmp_path / "a\0b", "x")


def test_a_set_is_written_and_replaced_whole(tmp_path):
    (tmp_path / "a").write_text("old")
    written = write_set_atomically(tmp_path, {"a": b"1", "b": b"2"})
    assert written == [tmp_path / "a", tmp_path / "b"]
    assert contents(tmp_path) == {"a": "1", "b": "2"}
    (tmp_path / "c").write_text("")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "c").stat().st_mode


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("broken", [1, 2, 3])
def test_a_set_that_is_stopped_changes_nothing(tmp_path, monkeypatch, error, broken):
    """Whichever of the files cannot take its place, the three are as they were."""
    before = {"a": "old a", "c": "old c"}
    for name, text in before.items():
        (tmp_path / name).write_text(text)
    calls = []
    replace = os.replace

    def stop(source, target):
        if Path(source).parent.name == "new":
            calls.append(target)
            if len(calls) == broken:
                raise error
        replace(source, target)

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises((MunuError, KeyboardInterrupt)):
        write_set_atomically(tmp_path, {"a": b"1", "b": b"2", "c": b"3"})
    assert len(calls) == broken
    assert not (tmp_path / MANIFEST).exists()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before


def test_the_manifest_keeps_other_sets(tmp_path):
    write_set_atomically(tmp_path, {"a": b"1", "b": b"2"})
    write_set_atomically(tmp_path, {"b": b"3", "c": b"4"})
    assert contents(tmp_path) == {"a": "1", "b": "3", "c": "4"}
    lines = (tmp_path / MANIFEST).read_text().splitlines()
    assert [line[64:] for line in lines] == ["  a", "  b", "  c"]


KILLED = """
import os, signal, sys
from pathlib import Path
from munu.base.file_sets import write_set_atomically
replace, left = os.replace, [int(sys.argv[2])]
def killed(source, target):
    if left[0] == 0:
        os.kill(os.getpid(), getattr(signal, sys.argv[3]))
    left[0] -= 1
    replace(source, target)
os.replace = killed
if sys.argv[3] == "SIGTERM":
    from munu.cli.main import _end_in_order
    _end_in_order()
write_set_atomically(Path(sys.argv[1]), {"a": b"new a", "b": b"new b", "c": b"new c"})
"""


def kill(folder, after, name):
    """Write a set in a process of its own that a signal ends after so many exchanges."""
    command = [sys.executable, "-c", KILLED, str(folder), str(after), name]
    return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("after", [0, 1, 2, 3, 4])
def test_after_a_kill_the_next_run_puts_the_old_files_back(tmp_path, after):
    """Whenever it is killed: the mixture has no manifest, and is gone with the next run."""
    write_set_atomically(tmp_path, {"a": b"old a", "c": b"old c"})
    assert kill(tmp_path, after, "SIGKILL") == -signal.SIGKILL
    assert (tmp_path / MANIFEST).exists() == (after == 0)
    assert list(tmp_path.glob(".munu-*"))
    write_set_atomically(tmp_path, {"d": b"new d"})
    assert contents(tmp_path) == {"a": "old a", "c": "old c", "d": "new d"}
    assert len((tmp_path / MANIFEST).read_text().splitlines()) == 3


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("after", [0, 2, 4])
def test_a_run_that_is_ended_takes_back_what_it_did(tmp_path, after):
    write_set_atomically(tmp_path, {"a": b"old a", "c": b"old c"})
    assert kill(tmp_path, after, "SIGTERM") == 128 + signal.SIGTERM
    assert contents(tmp_path) == {"a": "old a", "c": "old c"}


def test_what_a_killed_process_left_goes_with_the_next_file(tmp_path):
    prefix = temporaries.temporary_prefix()
    mine, dead = (
        tmp_path / f"{prefix}x",
        tmp_path / prefix.replace(f"-{os.getpid()}-", "-99999999-"),
    )
    other = tmp_path / ".munu-00000000-1-x"
    for path in (mine, dead, other):
        path.write_text("")
    write_text_atomically(tmp_path / "a", "")
    assert sorted(tmp_path.iterdir()) == sorted([mine, other, tmp_path / "a"])
    os.utime(other, (0, 0))
    write_text_atomically(tmp_path / "a", "")
    assert sorted(tmp_path.iterdir()) == sorted([mine, tmp_path / "a"])


def test_an_interrupted_file_leaves_no_part(tmp_path, monkeypatch):
    def interrupt(source, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_text_atomically(tmp_path / "a", "")
    assert not list(tmp_path.iterdir())


def test_a_set_into_a_missing_folder_is_reported(tmp_path):
    with pytest.raises(MunuError, match="cannot write"):
        write_set_atomically(tmp_path / "none", {"a": b""})


def test_a_saved_result_is_read_from_its_path(tmp_path):
    result = munu.limit("conus", "Lambda_3")
    path = tmp_path / "limit.json"
    path.write_text(result.to_json(), encoding="utf-8")
    for source in (path, str(path), result.to_json()):
        assert munu.read_json(source).to_json() == result.to_json()
    with pytest.raises(MunuError, match=r"cannot read .*No such file"):
        munu.read_json(tmp_path / "other.json")


def test_a_replaced_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "private"
    path.write_text("old")
    path.chmod(0o600)
    write_text_atomically(path, "new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_stays_one_and_its_file_is_replaced(tmp_path):
    file, link = tmp_path / "there" / "file", tmp_path / "link"
    file.parent.mkdir()
    file.write_text("old")
    link.symlink_to(file)
    write_text_atomically(link, "new")
    assert link.is_symlink()
    assert file.read_text() == "new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_what_is_no_regular_file_is_written_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_text_atomically(pipe, "content")
    assert os.read(reader, 100) == b"content"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_name_that_no_file_can_have_is_reported_before_any_work(tmp_path):
    with pytest.raises(MunuError, match=r"cannot write .*: File name too long"):
        check_folder_of(tmp_path / ("x" * 300))


def test_a_loop_of_links_is_reported(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(MunuError, match="Too many levels of symbolic links"):
        write_text_atomically(one, "content")


def test_the_folder_that_counts_is_that_of_what_a_link_leads_to(tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "missing" / "file")
    with pytest.raises(MunuError, match="there is no folder"):
        check_folder_of(link)
    check_folder_of(Path(os.devnull))
