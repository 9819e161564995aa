import os
from pathlib import Path

import pytest

import munu
from munu.errors import MunuError
from munu.files import write_bytes_atomically, write_set_atomically, write_text_atomically


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
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "1", "b": "2"}
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
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before


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
