"""``munu posterior``: its table, files and mistakes."""

import csv
import json
import sys

import pytest

from munu.base.errors import MunuError
from munu.cli.main import cli

COMMAND = ("posterior", "conus", "--parameter", "Lambda_3", "--live-points", "60")
PRIOR = ("--prior", "Lambda_3=square(0, 2e-9 mu_B)")


def run(*arguments):
    cli.main([*arguments], standalone_mode=False)


def test_a_table_samples_and_a_picture(tmp_path, capsys):
    pytest.importorskip("dynesty", reason="the extra 'posterior' is not installed")
    samples, picture = tmp_path / "samples.csv", tmp_path / "corner.png"
    run(*COMMAND, *PRIOR, "--samples", str(samples), "--plot", str(picture))
    text = " ".join(capsys.readouterr().out.split())
    for part in ("highest", "profiled", "ln Z", "seed 1"):
        assert part in text
    with samples.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert sum(float(row["weight"]) for row in rows) == pytest.approx(1)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_json_has_the_evidence_and_can_be_alone(capsys):
    pytest.importorskip("dynesty", reason="the extra 'posterior' is not installed")
    run(*COMMAND, *PRIOR, "--alone", "--seed", "4", "--json")
    document = json.loads(capsys.readouterr().out)
    assert document["log_evidence_error"] > 0
    assert document["seed"] == 4
    assert document["parameters"][0]["profiled"] == []


def test_a_missing_prior_and_a_missing_extra_are_one_line(monkeypatch):
    pytest.importorskip("dynesty", reason="the extra 'posterior' is not installed")
    with pytest.raises(MunuError, match="Lambda_3 has no prior"):
        run(*COMMAND)
    monkeypatch.setitem(sys.modules, "dynesty", None)
    with pytest.raises(MunuError, match="pip install"):
        run(*COMMAND, *PRIOR)
