"""What-if values of one of several experiments."""

from __future__ import annotations

from pathlib import Path

import pytest

import munu
from munu.base.errors import MunuError
from munu.cli import main as entry
from munu.experiments.addressed import load_with
from munu.experiments.model import CountingExperiment

BOTH = ("conus", "connie@future")


def masses(changes: dict[str, object], names: tuple[str | Path, ...] = BOTH) -> list[float]:
    """Return the masses (kg) of experiments with values replaced."""
    found = load_with(names, None, changes)
    assert all(isinstance(one, CountingExperiment) for one in found)
    return [one.mass_kg for one in found if isinstance(one, CountingExperiment)]


def test_a_key_is_that_of_each_experiment_or_of_the_one_that_is_named() -> None:
    conus, connie = masses({})
    assert masses({"target.mass": "5 kg"}) == [5, 5]
    assert masses({"conus:target.mass": "5 kg"}) == [5, connie]
    for name in ("connie@future", "connie"):
        assert masses({f"{name}:target.mass": "5 kg"}) == [conus, 5]
    both = {"conus:target.mass": "3 kg", "target.mass": "5 kg"}
    assert masses(both) == masses(dict(reversed(both.items()))) == [3, 5]


def test_a_file_is_addressed_by_its_path_and_by_its_identifier(tmp_path: Path) -> None:
    path = munu.init(tmp_path / "mine.toml", like="conus")
    path.write_text(path.read_text("utf-8").replace('id = "mine"', 'id = "own"'), "utf-8")
    names = ("conus", path)
    for called in (str(path), "own"):
        assert masses({f"{called}:target.mass": "5 kg"}, names)[1] == 5


def test_a_colon_may_be_part_of_a_key() -> None:
    name = "borexino-phase-ii-spectrum"
    for address in ("", f"{name}:"):
        changes = {f"{address}variants.flux:7Be.plus.fluxes.7Be": 1.5}
        (found,) = load_with([name], None, changes)
        assert "flux:7Be.plus.fluxes.7Be = 1.5" in found.identity.changes


def test_a_name_of_no_experiment_is_refused_with_those_that_are_there() -> None:
    allowed = "unknown experiment 'conu' .* Did you mean 'conus'. Allowed: conus, connie@future"
    with pytest.raises(MunuError, match=allowed):
        load_with(BOTH, None, {"conu:target.mass": "5 kg"})
    with pytest.raises(MunuError, match=r"lar-2020\.toml .*'thermal_power'.*as in ID:KEY"):
        load_with(["conus", "coherent-lar-2020"], None, {"source.thermal_power": "1 GW"})
    with pytest.raises(MunuError, match=r"changes nothing, as electrons alone.*as in ID:KEY"):
        load_with(["conus", "xenonnt-sr0-er"], None, {"interaction.form_factor": "unity"})


def test_two_names_of_one_experiment_do_not_overwrite_each_other() -> None:
    for names in (["conus@future"], ["conus@current", "conus@future"]):
        with pytest.raises(MunuError, match=r"target\.mass of conus@future is changed twice"):
            load_with(names, None, ["conus:target.mass=4 kg", "conus@future:target.mass=5 kg"])


def test_a_file_without_an_identifier_is_not_called_none(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("format = 1\n", "utf-8")
    with pytest.raises(MunuError, match="unknown experiment 'None'"):
        load_with([path], None, {"None:target.mass": "5 kg"})


def test_the_command_line_says_what_was_changed_where(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def notes(*options: str) -> str:
        arguments = ("limit", "conus", "connie", "--parameter", "Lambda_3", *options)
        monkeypatch.setattr("sys.argv", ["munu", *arguments])
        with pytest.raises(SystemExit):
            entry.main()
        return " ".join(capsys.readouterr().out.split())

    every = notes("--set", "target.mass=5 kg")
    assert "conus, connie: Changed here: target.mass = 5 kg." in every
    assert "connie: Changed here" not in notes("--set", "conus:target.mass=5 kg")


def test_a_scan_varies_one_of_several_and_says_which() -> None:
    given = {"at": ["2 kg", "4 kg"], "sigma_sys": 0.0}
    alone = munu.scan(["conus", "connie"], "Lambda_3", over="conus:target.mass", **given)
    for value, ends in zip(given["at"], alone.intervals, strict=True):
        changed = [munu.load("conus", changes={"target.mass": value}), "connie"]
        assert ends[-1, 1] == munu.limit(changed, "Lambda_3", sigma_sys=0).limit_mu_b
    assert "target.mass is varied in conus." in alone.origin.notes
    every = munu.scan(["conus", "connie"], "Lambda_3", over="target.mass", **given)
    assert every.intervals[0][-1, 1] != alone.intervals[0][-1, 1]
    said = "target.mass is varied in conus and connie; in one alone it is ID:target.mass."
    assert said in every.origin.notes
    data = munu.scan(["conus", "coherent-lar-2020"], "Lambda_3", over="target.mass", **given)
    notes = [note for note in data.origin.notes if "rescaled" in note]
    assert [note.partition(":")[0] for note in notes] == ["coherent-lar-2020"]
    with pytest.raises(MunuError, match="unknown experiment 'conu'"):
        munu.scan(["conus", "connie"], "Lambda_3", over="conu:target.mass", **given)


@pytest.mark.parametrize(
    ("names", "over", "fixed"),
    [
        (["conus"], "target.mass", "conus:target.mass"),
        (["conus"], "conus:target.mass", "target.mass"),
        (["conus", "connie"], "target.mass", "conus:target.mass"),
        (["conus@future", "connie"], "conus:target.mass", "conus@future:target.mass"),
        (["conus@current", "conus@future"], "conus:target.mass", "conus@future:target.mass"),
    ],
)
def test_a_key_that_is_scanned_over_is_not_set_by_another_name(
    names: list[str], over: str, fixed: str
) -> None:
    with pytest.raises(MunuError, match="is scanned over and set") as raised:
        munu.scan(names, "mu_nu_e", over=over, at=["1 kg", "40 kg"], changes={fixed: "4 kg"})
    assert over in raised.value.message
    assert fixed in raised.value.message


def test_a_number_in_brackets_is_that_behind_a_point() -> None:
    given = {"over": "statistic.backgrounds[1].sigma", "at": [0.1, 0.2]}
    changes = {"statistic.backgrounds.1.sigma": 0.3}
    with pytest.raises(MunuError, match=r"backgrounds\[1\]\.sigma is scanned over and set"):
        munu.scan("xenonnt-sr0-er", "mu_nu_e", **given, changes=changes)


def test_a_scan_of_one_says_which_beside_a_value_of_the_others() -> None:
    given = {"over": "conus:target.mass", "at": ["2 kg", "4 kg"], "sigma_sys": 0.0}
    for changes in ({"target.mass": "2.0 kg"}, {"connie:target.mass": "2 kg"}):
        found = munu.scan(["conus", "connie"], "Lambda_3", **given, changes=changes)
        assert "target.mass is varied in conus." in found.origin.notes
        assert found.intervals[0][-1, 1] != found.intervals[1][-1, 1]
