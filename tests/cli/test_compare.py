"""``munu compare``: its exit status, text and JSON."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FILES = Path(__file__).parents[1] / "results" / "files_0_1_0"


def run(*arguments):
    command = [sys.executable, "-m", "munu", "compare", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.fixture
def changed(tmp_path):
    """Return a file whose limit differs by 1e-12 of it."""
    document = json.loads((FILES / "limit.json").read_text(encoding="utf-8"))
    document["limit_mu_b"] *= 1 + 1e-12
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_equal_results_exit_with_0():
    found = run(FILES / "limit.json", FILES / "limit.json")
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == "Two results of kind limit are equal\n"


def test_results_that_differ_exit_with_1_unless_it_is_rounding(changed):
    found = run(FILES / "limit.json", changed)
    assert (found.returncode, found.stderr) == (1, "")
    assert "limit_mu_b" in found.stdout
    assert "1e-12" in found.stdout
    assert run(FILES / "limit.json", changed, "--relative", "1e-10").returncode == 0


def test_json_has_every_difference(changed):
    found = run(FILES / "limit.json", changed, "--json")
    assert found.returncode == 1
    one = json.loads(found.stdout)["differences"][0]
    assert (one["about"], one["key"], one["number"]) == ("results", "limit_mu_b", 1)
    equal = run(FILES / "limit.json", FILES / "limit.json", "--json")
    assert json.loads(equal.stdout)["differences"] == []


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ("region.json", "kinds 'limit' and 'region'"),
        ("nothing.json", "cannot read"),
        (Path(__file__), "this is not JSON"),
    ],
)
def test_mistakes_exit_with_2_in_one_line(second, message):
    found = run(FILES / "limit.json", FILES / second)
    assert found.returncode == 2
    assert found.stdout == ""
    assert message in found.stderr
    assert found.stderr.count("\n") == 1
