"""States of one study from several machines, joined; a study that is killed goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError

STUDY = {"toys": 700, "seed": 3, "moment_mu_b": [0.0, 2e-9]}


def part(folder, number, of, **options):
    """The state of a part of the study, and what it found."""
    path = folder / f"part-{number}.jsonl"
    return path, munu.coverage("coherent-csi", part=f"{number}/{of}", state=path, **STUDY | options)


def test_parts_joined_are_the_whole_to_the_byte(tmp_path):
    whole = munu.coverage("coherent-csi", **STUDY)
    paths, found = zip(*(part(tmp_path, k, 3) for k in (1, 2, 3)), strict=True)
    assert [one.toys for one in found] == [300, 200, 200]
    assert sum(one.coverage * one.toys for one in found) == pytest.approx(700 * whole.coverage)
    target = tmp_path / "toys.jsonl"
    merged = munu.merge(target, paths)
    np.testing.assert_array_equal(merged.values, STUDY["moment_mu_b"])
    np.testing.assert_array_equal(merged.toys, [800, 800])
    np.testing.assert_array_equal(merged.pieces, [4, 4])
    assert munu.read_json(merged.to_json()).to_json() == merged.to_json()
    before = target.read_bytes()
    assert munu.coverage("coherent-csi", state=target, **STUDY).to_json() == whole.to_json()
    assert target.read_bytes() == before
    munu.merge(tmp_path / "again.jsonl", [*reversed(paths), target, target])
    assert (tmp_path / "again.jsonl").read_bytes() == before


def test_an_output_that_exists_keeps_its_pieces(tmp_path):
    (first, _), (second, _) = (part(tmp_path, k, 2) for k in (1, 2))
    assert list(munu.merge(first, second).toys) == [800, 800]
    assert list(munu.merge(first, [first]).toys) == [800, 800]


def test_failed_toys_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "munu.statistics.studies.ToyStudy.outcomes", lambda *_: [0.5, "no minimum"] * 100
    )
    path, _ = part(tmp_path, 1, 2)
    assert list(munu.merge(tmp_path / "out", path).failed) == [200, 200]


def test_what_is_not_joined(tmp_path):
    (first, _), (second, _) = (part(tmp_path, k, 2) for k in (1, 2))
    (tmp_path / "b").mkdir()
    foreign, _ = part(tmp_path / "b", 1, 2, seed=4)
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_text(second.read_text().replace('"block": 1', '"block": 3', 1))
    unknown = tmp_path / "unknown.jsonl"
    unknown.write_text("{}\n")
    out = tmp_path / "out.jsonl"
    out.write_bytes(first.read_bytes())
    for states, match in (
        ([second, foreign], f"{foreign} belongs to another study: seed: 4 there, 3 here"),
        ([damaged], f"{damaged}, line 2: the line is damaged"),
        ([unknown], f"{unknown} is not a state of a study"),
        ([tmp_path / "none"], "there is no state .*none. Name a file"),
        ([tmp_path], "is not a regular file"),
        ([], "is not a list of files"),
        ([3], "states = 3 is not a path"),
    ):
        with pytest.raises(MunuError, match=match):
            munu.merge(out, states)
        assert out.read_bytes() == first.read_bytes()
    with pytest.raises(MunuError, match="there is no folder"):
        munu.merge(tmp_path / "none" / "out", first)


@pytest.mark.parametrize("wrong", ["0/2", "3/2", "1/5", "2", "1/2/3", 1, "-1/2", "1/0"])
def test_a_part_is_one_of_as_many_as_there_are_blocks(wrong):
    with pytest.raises(MunuError, match=r"part = .* K/N with K from 1 to N, and N up to 4: 700"):
        munu.coverage("coherent-csi", part=wrong, **STUDY)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_study_that_is_killed_goes_on_to_the_same_byte(tmp_path, workers):
    """By SIGKILL, which nothing can catch; the worker processes end as well."""
    state = tmp_path / "toys.jsonl"
    command = [
        *(sys.executable, "-c", "from munu.cli.main import main; main()"),
        *("coverage", "coherent-csi-2021", "--toys", "8000", "--moment", "0", "--json"),
        *("--workers", workers, "--state", str(state)),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        deadline = time.monotonic() + 50
        while not (state.exists() and state.read_bytes().count(b"\n") > 4):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.01)
    finally:
        process.kill()
        process.wait()
    kept = state.read_bytes()
    whole = kept[: kept.rfind(b"\n") + 1]
    assert 4 < whole.count(b"\n") < 41
    deadline = time.monotonic() + 20
    while _group_lives(process.pid):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    found = munu.coverage(
        "coherent-csi-2021", toys=whole.count(b"\n") * 200, moment_mu_b=[0.0], state=state
    )
    assert state.read_bytes().startswith(whole)
    fresh = munu.coverage("coherent-csi-2021", toys=found.toys, moment_mu_b=[0.0])
    assert found.to_json() == fresh.to_json()


def _group_lives(leader):
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True
