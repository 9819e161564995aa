"""`munu limit --method cls`, as a user runs it."""

import json

import pytest
from click.testing import CliRunner

import munu
from munu.base.errors import MunuError
from munu.cli.main import cli


def run(*arguments):
    return CliRunner().invoke(cli, ["limit", *arguments])


def test_the_command_prints_what_the_function_returns():
    command = ("coherent-csi", "--method", "cls", "--parameter", "mu_nu_mu", "--cl", "0.95")
    found = munu.limit("coherent-csi", "mu_nu_mu", method="cls", cl=0.95)
    assert run(*command).output == f"{found}\n"
    document = json.loads(run(*command, "--json").output)
    assert document["method"] == "cls"
    assert document["sided"] == "one-sided"
    assert document["intervals"] == found.intervals.tolist()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--bands", "100"), "bands are of asymptotic limits on moments, not of a CLs limit"),
        (("--state", "x.jsonl"), "state keeps the toys of a Feldman-Cousins limit"),
        (("--cl", "0.5"), "one-sided"),
    ],
)
def test_what_does_not_go_with_it_is_refused_in_one_line(more, message):
    found = run("coherent-csi", "--method", "cls", *more)
    assert isinstance(found.exception, MunuError)
    assert message in found.exception.message
    assert "\n" not in found.exception.message


def test_the_help_names_the_methods():
    text = " ".join(run("--help").output.split())
    assert "cls: CLs of one side" in text
