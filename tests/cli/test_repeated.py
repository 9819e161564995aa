"""An option with one value that is given twice: no value is dropped without a word."""

import click
import pytest

from munu.cli import main as entry
from munu.cli.main import COMMANDS, cli

ONCE, MANY = [], []
for name in COMMANDS:
    command = cli.get_command(click.Context(cli), name)
    for option in command.params:
        if isinstance(option, click.Option) and not option.is_flag:
            (MANY if option.multiple else ONCE).append((name, option.opts[-1]))


@pytest.fixture
def run(capsys, monkeypatch):
    """Return a function that runs munu: (exit code, stdout, stderr)."""

    def ran(*arguments):
        monkeypatch.setattr("sys.argv", ["munu", *arguments])
        with pytest.raises(SystemExit) as stop:
            entry.main()
        return stop.value.code, *capsys.readouterr()

    return ran


def test_the_lists_hold_every_kind():
    assert {"limit", "profile", "region", "envelope", "fit", "weak-angle", "coverage"} <= {
        name for name, _ in ONCE
    }
    assert {option for _, option in MANY} == {
        "--at",
        "--label",
        "--moment",
        "--parameter",
        "--prior",
        "--profile",
        "--set",
        "--vary",
        "--with",
    }
    several = {name for name, option in MANY if option == "--parameter"}
    assert several == {"fit", "posterior", "export"}


@pytest.mark.parametrize(("name", "option"), ONCE)
@pytest.mark.parametrize("values", [("1", "2"), ("1", "1")])
def test_every_option_with_one_value_is_refused_when_repeated(run, name, option, values):
    joined = run(name, "conus", f"{option}={values[0]}", f"{option}={values[1]}")
    apart = run(name, option, values[0], "conus", option, values[1])
    for code, out, error in (joined, apart):
        assert (code, out) == (2, "")
        assert error == f"munu: {option} is given 2 times, and takes one value. Give it once\n"


def test_flags_and_lists_may_be_repeated(run):
    code, out, _ = run("rate", "conus", "--json", "--json")
    assert code == 0
    assert out.startswith("{")
    code, out, error = run("region", "conus", "--profile", "xi_1", "--profile", "xi_2", "--json")
    assert (code, error) == (0, "")
