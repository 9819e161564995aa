"""Files of other versions: those of munu 0.1.0 as it wrote them, and those of versions to come."""

import json
from pathlib import Path

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.results.core.formats import FORMAT

WRITTEN_BY_0_1_0 = sorted((Path(__file__).parent / "files_0_1_0").glob("*.json"))


def kept(written, document):
    """Return what is written without the keys that a document lacks, at any depth."""
    if isinstance(document, dict):
        return {key: kept(written[key], value) for key, value in document.items()}
    if isinstance(document, list):
        assert len(written) == len(document)
        return [kept(*pair) for pair in zip(written, document, strict=True)]
    return written


@pytest.mark.parametrize("path", WRITTEN_BY_0_1_0, ids=lambda path: path.stem)
def test_files_of_0_1_0_are_read_with_their_numbers(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["version"] == "0.1.0"
    assert "format" not in document
    result = munu.read_json(path)
    written = result.to_dict()
    assert kept(written, document) == document
    assert written["format"] == FORMAT
    assert munu.read_json(result.to_json()).to_json() == result.to_json()
    assert str(result)
    assert result._repr_html_()


def test_files_of_0_1_0_are_of_every_question():
    kinds = {munu.read_json(path).kind_of_result for path in WRITTEN_BY_0_1_0}
    questions = {"limit", "profile", "region", "envelope", "rate", "spectrum", "fit", "coverage"}
    assert {*questions, "weak-angle", "recipe", "table1"} <= kinds


@pytest.mark.parametrize("path", WRITTEN_BY_0_1_0, ids=lambda path: path.stem)
def test_a_newer_version_may_add_keys_which_a_note_says(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    known = munu.read_json(path)
    newer = {"colour": 3, **document, "format": FORMAT, "version": "0.30.0", "taste": [1, {}]}
    result = munu.read_json(json.dumps(newer))
    assert result.origin.notes[0].startswith("Written by munu 0.30.0")
    assert "colour, taste" in result.origin.notes[0]
    assert result.origin.notes[1:] == known.origin.notes
    same = {"notes", "version"}
    ours, theirs = known.to_dict(), result.to_dict()
    assert {k: v for k, v in theirs.items() if k not in same} == {
        k: v for k, v in ours.items() if k not in same
    }


@pytest.mark.parametrize("version", [munu.__version__, "0.1.0", "later", None])
def test_an_unknown_key_of_no_newer_version_is_refused(version):
    document = munu.limit("conus").to_dict() | {"limit_mub": 1.0, "version": version}
    with pytest.raises(MunuError, match=r"unknown key 'limit_mub'.*Did you mean 'limit_mu_b'"):
        munu.read_json(json.dumps(document))


@pytest.mark.parametrize("version", ["0.2.1", "0.10.0", "1.0", "2"])
def test_newer_versions_are_told_by_their_numbers(version):
    document = munu.limit("conus").to_dict() | {"limit_mub": 1.0, "version": version}
    assert "limit_mub" in munu.read_json(json.dumps(document)).origin.notes[0]


def test_a_newer_format_is_refused_with_the_version_that_reads_it():
    document = munu.limit("conus").to_dict() | {"format": FORMAT + 1, "version": "3.0.0"}
    with pytest.raises(MunuError, match=rf"format {FORMAT + 1}, written by munu 3.0.0"):
        munu.read_json(json.dumps(document))


@pytest.mark.parametrize("number", [True, 0, -1, 1.0, "1", None])
def test_what_is_no_number_of_a_format_is_refused(number):
    document = munu.limit("conus").to_dict() | {"format": number}
    with pytest.raises(MunuError, match="not a number of a format"):
        munu.read_json(json.dumps(document))


def test_limits_of_an_older_file_stay_what_they_were():
    """Numbers as munu 0.1.0 printed them, read off its files by eye."""
    folder = WRITTEN_BY_0_1_0[0].parent
    assert munu.read_json(folder / "limit.json").limit_mu_b == pytest.approx(6.390e-10, rel=1e-3)
    unbounded = munu.read_json(folder / "limit-profiled-unbounded.json")
    assert np.isinf(unbounded.limit_mu_b)
    assert unbounded.unbounded_because == "blind direction"


def test_a_file_saved_elsewhere_may_begin_with_a_byte_order_mark(tmp_path):
    """PowerShell writes one; files of experiments and tables may have it too."""
    found = munu.limit("conus", "Lambda_3")
    path = tmp_path / "limit.json"
    path.write_text(found.to_json(), encoding="utf-8-sig")
    assert munu.read_json(path) == found
