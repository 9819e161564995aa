"""`munu coverage --plane`, as a user runs it."""

import json

import pytest
from click.testing import CliRunner

import munu
from munu.base.errors import MunuError
from munu.cli.main import cli


def run(*arguments):
    return CliRunner().invoke(cli, ["coverage", "conus-plus", *arguments])


def test_points_of_a_plane_are_pairs():
    plane = ("--plane", "epsilon_u_ee,mu_nu_e", "--toys", "20")
    found = run(*plane, "--at", "0,0", "--at", "0.1,2e-10", "--json")
    document = json.loads(found.stdout)
    asked = {"plane": "epsilon_u_ee,mu_nu_e", "at": [(0.0, 0.0), (0.1, 2e-10)], "toys": 20}
    assert document["points"] == [[0.0, 0.0], [0.1, 2e-10]]
    assert document["coverage"] == munu.coverage("conus-plus", **asked).coverage.tolist()


def test_a_value_may_have_a_unit():
    question = ("--parameter", "charge_radius_ee", "--toys", "20", "--json", "--at")
    assert run(*question, "1e-32 cm2").stdout == run(*question, "1e-32").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--plane", "epsilon_u_ee,mu_nu_e", "--at", "0"), "--at 0 is not two numbers X,Y"),
        (("--parameter", "epsilon_u_ee", "--at", "a"), "--at a is not a number"),
        (("--parameter", "charge_radius_ee", "--at", "1 kg"), "charge_radius_ee: '1 kg'"),
        (("--parameter", "epsilon_u_ee", "--at", "0,1"), "--at 0,1 is not a number"),
        (("--plane", "epsilon_u_ee,mu_nu_e", "--one-sided"), "a region has no sides"),
    ],
)
def test_a_mistake_is_told_in_one_line(arguments, message):
    found = run(*arguments, "--toys", "2")
    assert isinstance(found.exception, MunuError)
    assert message in found.exception.message
