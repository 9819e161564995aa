"""Help names the parameters that the registry has, and nothing else says which they are."""

import re
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from munu.cli.main import cli
from munu.cli.options import PARAMETERS_IN_WORDS
from munu.cli.parameter_option import couplings_in_words
from munu.physics.interactions import registry
from munu.physics.parameters import MOMENTS, Parameter


def spelled_out(words: str) -> list[str]:
    """Return the names of a help, those that are written without their beginning in full."""
    found: list[str] = []
    for group in re.sub(r" \([^)]*\)", "", words).split("; "):
        first, *rest = group.split(", ")
        stem = first.rpartition("_")[0]
        found += [first, *(stem + name for name in rest)]
    return found


def test_every_coupling_stands_there_once() -> None:
    wanted = [
        one.name
        for interaction in registry.INTERACTIONS
        for one in interaction.parameters
        if one not in MOMENTS
    ]
    assert sorted(spelled_out(couplings_in_words())) == sorted(wanted)


def test_moments_stand_there_too() -> None:
    for one in MOMENTS:
        assert re.search(rf"\b{one.name}\b", PARAMETERS_IN_WORDS)


def test_units_and_what_is_needed_are_said() -> None:
    words = couplings_in_words()
    assert "_common (cm2); millicharge_ee" in words
    assert "mu_N_e, _mu, _tau (mu_B, with --sterile-mass)" in words
    assert "g_vector (with --mediator-mass and --charges)" in words


@pytest.mark.parametrize("command", ["limit", "profile", "scan", "export"])
def test_commands_show_them(command: str) -> None:
    told = CliRunner().invoke(cli, [command, "--help"], prog_name="munu").output
    assert "{couplings}" not in told
    assert "(mu_B, with --sterile-mass)" in " ".join(told.split()).replace("- mass", "-mass")


def test_a_further_interaction_is_in_the_help(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Parameter("made_up", "m", MOMENTS[0].unit, "made up", "a made-up coupling")
    one = SimpleNamespace(parameters=(made,), settings=())
    monkeypatch.setattr(registry, "INTERACTIONS", [*registry.INTERACTIONS, one])
    assert couplings_in_words().endswith("; made_up (mu_B)")
