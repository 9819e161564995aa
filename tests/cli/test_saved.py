"""``munu print`` and ``munu plot``: results read back, of this version and of 0.1.0."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import munu as package
from munu.base.errors import MunuError
from munu.cli.main import cli

FILES = sorted((Path(__file__).parents[1] / "results" / "files_0_1_0").glob("*.json"))
DRAWN = {"region", "envelope", "profile", "spectrum", "weak-angle", "coverage", "fit"}


def run(*arguments):
    return CliRunner().invoke(cli, [str(one) for one in arguments], catch_exceptions=False)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_saved_result_is_printed_as_it_was(path):
    found = run("print", path)
    assert found.exit_code == 0
    text = str(package.read_json(path))
    assert found.output.startswith(f"{text}\nmunu 0.1.0")


def test_the_version_and_the_inputs_stand_below(tmp_path):
    """The digest is that of the experiment, to eight digits."""
    path = save(tmp_path, "limit", "conus", "coherent-csi")
    last = run("print", path).output.splitlines()[-1]
    digests = [package.load(name).inputs_hash[:8] for name in ("conus", "coherent-csi")]
    assert last.startswith(f"munu {package.__version__}, inputs conus@current {digests[0]}…, ")
    assert last.endswith(f"coherent-csi@current {digests[1]}…")
    assert "munu 0" not in run("limit", "conus").output


def test_a_result_of_a_command_is_printed_as_the_command_did(tmp_path):
    for command in (["limit", "conus"], ["check", "conus"], ["validate", "conus"]):
        saved = tmp_path / "result.json"
        saved.write_text(run(*command, "--json").output, encoding="utf-8")
        assert json.loads(saved.read_text(encoding="utf-8"))["format"] == 1
        printed = run("print", saved)
        assert printed.exit_code == 0
        assert run("print", saved, "--json").output == saved.read_text(encoding="utf-8")
    printed = run("print", save(tmp_path, "limit", "conus")).output
    assert printed.startswith(run("limit", "conus").output)


def save(folder, *command):
    path = folder / f"{'-'.join(command)}.json"
    path.write_text(run(*command, "--json").output, encoding="utf-8")
    return path


def test_captions_are_printed(tmp_path):
    path = save(tmp_path, "region", "conus")
    words = package.caption(package.read_json(path))
    assert run("print", path, "--caption").output == f"{words}\n"
    assert run("print", path, path, "--caption").output == f"{words}\n{words}\n"


def test_one_document_at_a_time(tmp_path):
    path = FILES[0]
    for arguments in ((path, path, "--json"), (path, "--json", "--caption")):
        with pytest.raises(MunuError, match="one document"):
            run("print", *arguments)
    assert run("print", FILES[0], FILES[1]).output.count("\n\n") >= 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_saved_results_are_drawn(path, tmp_path):
    target = tmp_path / "picture.png"
    result = package.read_json(path)
    if result.kind_of_result in DRAWN:
        assert run("plot", path, "--output", target).output == f"Written: {target}\n"
        assert target.read_bytes().startswith(b"\x89PNG")
        return
    with pytest.raises(MunuError, match=r"has no picture|holds no spectrum"):
        run("plot", path, "--output", target)


def test_looks_are_chosen_on_the_command_line(tmp_path):
    one, two = save(tmp_path, "region", "conus"), save(tmp_path, "region", "texono")
    target = tmp_path / "both.svg"
    options = ("--label", "first set", "--label", "second set", "--unit", "1e-9", "--log", "xy")
    found = run("plot", one, two, *options, "--no-caption", "--output", target)
    assert found.exit_code == 0
    drawn = target.read_text(encoding="utf-8")
    assert "first set" in drawn
    assert "second set" in drawn
    assert "C.L." not in drawn
    with pytest.raises(MunuError, match="1 label for 2 results"):
        run("plot", one, two, "--label", "both", "--output", target)
    with pytest.raises(MunuError, match="unknown axes 'z'"):
        run("plot", one, "--log", "z", "--output", target)


def test_a_file_with_mistakes_is_judged_in_json_too(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("format = 1\n", encoding="utf-8")
    found = run("validate", path, "--json")
    assert found.exit_code == 2
    document = json.loads(found.stdout)
    assert document["valid"] is False
    assert len(document["mistakes"]) == found.stderr.count("\n")


def test_what_is_no_result_is_said(tmp_path):
    saved = tmp_path / "list.json"
    saved.write_text(run("experiments", "--json").output, encoding="utf-8")
    with pytest.raises(MunuError, match="this JSON holds no result"):
        run("print", saved)
