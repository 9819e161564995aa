"""Values of a scan are pieces: done by whoever is asked, kept, marked where they fail."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

import munu
from munu.analysis import scan_pieces
from munu.base.errors import MunuError
from munu.engine import FailedPiece

MASSES = {
    "experiment": "coherent-csi-2021",
    "parameter": "g_b-l",
    "over": "mediator_mass",
    "at": ["1 MeV", "30 MeV", "1 GeV"],
}
KEYS = {
    "experiment": "conus",
    "parameter": "Lambda_3",
    "over": "detector.threshold",
    "at": ["0.1 keVee", "0.2 keVee", "0.3 keVee"],
}


@pytest.mark.parametrize("question", [MASSES, KEYS], ids=["masses", "keys"])
def test_any_number_of_workers_gives_the_same_bytes(question, tmp_path):
    told = []
    one = munu.scan(**question, progress=lambda *now: told.append(now))
    assert told == [(1, 3), (2, 3), (3, 3)]
    path = tmp_path / "scan.jsonl"
    for workers in (2, 4):
        found = munu.scan(**question, workers=workers, state=path)
        assert found == one
        assert found.workers == workers
    assert path.read_text().count("\n") == 4
    merged = munu.merge(tmp_path / "out", path)
    np.testing.assert_array_equal(merged.pieces, [1, 1, 1])
    assert munu.scan(**question, state=tmp_path / "out").to_json() == one.to_json()


def test_a_value_that_fails_is_marked_and_done_again(tmp_path, monkeypatch):
    whole = munu.scan(**KEYS)
    original, path = scan_pieces.interval, tmp_path / "scan.jsonl"
    asked = []

    def fails_once(*arguments, **options):
        asked.append(0)
        if len(asked) == 2:
            raise MunuError("no minimum", "Try again")
        return original(*arguments, **options)

    monkeypatch.setattr(scan_pieces, "interval", fails_once)
    found = munu.scan(**KEYS, state=path)
    assert [(one.index, one.reason) for one in found.failures] == [(1, "no minimum. Try again")]
    assert found.intervals[1].shape == (0, 2)
    marked = json.loads(path.read_text().splitlines()[2])
    assert marked["result"] == {"failed": "no minimum", "remedy": "Try again"}
    assert list(munu.merge(tmp_path / "out", path).failed) == [0, 1, 0]
    assert munu.scan(**KEYS, state=path).to_json() == whole.to_json()
    assert len(asked) == 4


def test_a_value_that_no_experiment_has_fails_alone():
    at = ["0.1 keVee", "0.2 kg"]
    with pytest.raises(MunuError, match=r"detector.threshold are in keVee and in kg"):
        munu.scan(**{**KEYS, "at": at})
    found = munu.scan("conus", "Lambda_3", over="detector.threshold", at=["0.2 keVee", "90 keVee"])
    assert [one.index for one in found.failures] == [1]
    with pytest.raises(MunuError, match=r"every value of detector.threshold fails, the first so"):
        munu.scan("conus", "Lambda_3", over="detector.threshold", at=["90 keVee"])


def test_units_of_one_kind_are_those_of_the_first_value():
    days = munu.scan("conus", "Lambda_3", over="exposure.live_time", at=["73.05 d", "1 yr"])
    assert days.over_unit == "d"
    np.testing.assert_allclose(days.values, [73.05, 365.25])
    year = munu.limit("conus", "Lambda_3")
    assert days.intervals[1][-1, 1] == pytest.approx(year.limit_mu_b, rel=1e-12)


def test_a_state_of_other_values_is_foreign(tmp_path):
    path = tmp_path / "scan.jsonl"
    munu.scan(**KEYS, state=path)
    with pytest.raises(MunuError, match=r"values: \[0.1, 0.2, 0.3\] there, \[0.1\] here"):
        munu.scan(**{**KEYS, "at": ["0.1 keVee"]}, state=path)


def test_intervals_are_written_without_loss():
    form = scan_pieces.INTERVALS
    for ends in (((0.0, 1 / 3),), ((-np.inf, -1.5), (2.0, np.inf)), FailedPiece("why", "what")):
        assert form.read(json.loads(json.dumps(form.written(ends)))) == ends
    for wrong in ({"intervals": [[0.0]]}, {"intervals": [["nan", 1.0]]}, {"intervals": [[0, 1.0]]}):
        with pytest.raises((ValueError, TypeError)):
            form.read(wrong)


def test_a_scan_without_a_number_of_points_has_the_sixty_that_its_help_states():
    found = munu.scan("conus", "Lambda_3", over="target.mass", start="2 kg", end="4 kg")
    np.testing.assert_allclose(found.values, np.geomspace(2, 4, 60))


def test_a_profiled_scan_of_a_moment_says_so():
    both = ["conus", "coherent-csi"]
    question = {"over": "interaction.sin2_theta_w", "at": [0.2312], "others": "profiled"}
    found = munu.scan(both, "Lambda_3", **question)
    assert "Profiled over the others" in str(found)
    assert found.assumptions.phases["xi_1"] == "profiled"
    fixed = munu.scan(both, "Lambda_3", **question, xi_1=0.2, xi_2=0.0)
    assert (fixed.assumptions.phases["xi_1"], fixed.assumptions.xi_1) == ("fixed", 0.2)


def test_a_value_that_failed_is_in_the_csv_with_its_reason_and_not_in_hepdata():
    found = munu.scan("conus", "mu_N_e", over="sterile_mass", at=["1 MeV", "20 MeV"])
    header, good, failed = list(csv.reader(io.StringIO(found.to_csv())))
    assert header[3] == "failure"
    assert (failed[:3], good[3]) == (["20.0", "", ""], "")
    assert failed[3] == found.failures[0].reason
    with pytest.raises(MunuError, match="not finite: unbounded, or failed"):
        munu.export(found, format="hepdata")


def test_other_keys_of_the_files_may_be_changed():
    changes = {"target.mass": "7.7 kg"}
    found = munu.scan(**KEYS, changes=changes)
    for value, ends in zip(KEYS["at"], found.intervals, strict=True):
        loaded = munu.load("conus", changes={**changes, "detector.threshold": value})
        assert ends[-1, 1] == munu.limit(loaded, "Lambda_3").limit_mu_b
    masses = {**MASSES, "changes": {"target.mass": "20 kg"}, "at": ["30 MeV"]}
    heavier = munu.load("coherent-csi-2021", changes=masses["changes"])
    alone = munu.limit(heavier, "g_b-l", mediator_mass="30 MeV")
    np.testing.assert_allclose(munu.scan(**masses).intervals[0], alone.intervals)


def test_what_cannot_be_varied_is_refused_before_any_work():
    loaded = munu.load("conus")
    with pytest.raises(MunuError, match=r"an experiment is loaded already\. Name the experiments"):
        munu.scan(**{**KEYS, "experiment": loaded})
    with pytest.raises(MunuError, match=r"an experiment is loaded already\. Name the experiments"):
        munu.scan(**{**KEYS, "experiment": loaded}, changes={"target.mass": "5 kg"})
    with pytest.raises(MunuError, match=r"detector\.threshold is scanned over and set"):
        munu.scan(**KEYS, changes={"detector.threshold": "0.2 keVee"})


def test_a_scan_takes_and_refuses_what_a_limit_does():
    one_sided = {"over": "source.baseline", "at": ["19.3 m"], "one_sided": True}
    with pytest.raises(MunuError, match=r"one_sided.* is of a limit from above"):
        munu.scan("coherent-csi-2021", "sin2_theta_w", **one_sided)
    phases = {"profile": "Lambda_2", "xi_1": 0.3, "xi_2": 0.1}
    at_one = {"over": "source.baseline", "at": ["19.3 m"]}
    found = munu.scan("coherent-csi-2021", "Lambda_1", **at_one, **phases)
    alone = munu.limit("coherent-csi-2021", "Lambda_1", **phases)
    np.testing.assert_allclose(found.intervals[0], alone.intervals, rtol=1e-9)


def test_zero_may_be_a_value_of_a_key_and_is_drawn(tmp_path):
    found = munu.scan("conus", "Lambda_3", over="statistic.sigma_sys", at=[0, 0.05])
    assert found.intervals[0][-1, 1] == munu.limit("conus", "Lambda_3", sigma_sys=0).limit_mu_b
    assert munu.plot(found).axes.get_xscale() == "linear"
    with pytest.raises(MunuError, match="a value of mediator_mass is not positive"):
        munu.scan("conus", "g_b-l", over="mediator_mass", at=["0 MeV", "1 MeV"])
    ends = {"over": "statistic.sigma_sys", "start": 0, "end": 0.1}
    with pytest.raises(MunuError, match="is not positive"):
        munu.scan("conus", "Lambda_3", **ends)


def test_a_further_interval_without_end_is_shaded():
    scan = munu.scan("conus", "g_b-l", over="mediator_mass", at=["1 MeV", "2 MeV", "4 MeV"])
    ends = [np.array([[0.0, 1e-5], [2e-5, np.inf]])] * 3
    picture = munu.plot(replace(scan, intervals=tuple(ends)))
    (shaded,) = picture.axes.collections
    heights = shaded.get_paths()[0].vertices[:, 1]
    assert heights.min() == pytest.approx(2e-5)
    assert heights.max() == pytest.approx(picture.axes.get_ylim()[1])
