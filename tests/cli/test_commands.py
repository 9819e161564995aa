"""The commands as a user runs them: what they print, in JSON and as tables."""

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from munu._version import YEAR, __version__
from munu.cli import main as entry


@pytest.fixture
def munu(capsys, monkeypatch):
    """Return a function that runs munu in this process: (exit code, stdout, stderr)."""

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["munu", *arguments])
        with pytest.raises(SystemExit) as stop:
            entry.main()
        captured = capsys.readouterr()
        return stop.value.code, captured.out, captured.err

    return run


@pytest.fixture
def document(munu):
    """Return a function that runs a command with --json and returns its one document."""

    def run(*arguments):
        code, out, err = munu(*arguments, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return run


def test_experiments_lists_the_catalogue(munu, document):
    entries = {e["experiment"]: e["setups"] for e in document("experiments")["experiments"]}
    sns = ("coherent-csi", "coherent-ge", "coherent-lar", "coherent-nai")
    for name in (*sns, "conus", "connie", "miner", "texono", "red-100"):
        assert entries[name] == ["current", "future"]
    assert "borexino" in entries
    code, out, _ = munu("experiments")
    assert code == 0
    assert all(name in out for name in entries)


def test_the_list_of_experiments_fits_a_terminal(munu, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = munu("experiments")
    assert max(map(len, out.splitlines())) <= 80


def test_show_gives_the_whole_recipe_with_sources(munu, document):
    found = document("show", "conus", "--setup", "future")
    assert (found["experiment"], found["setup"]) == ("conus", "future")
    values = {(i["section"], i["quantity"]): i for i in found["ingredients"]}
    assert values["target", "mass"]["value"] == "100 kg"
    assert "Table I" in values["target", "mass"]["source"]
    sections = {section for section, _ in values}
    assert sections >= {"source", "target", "interaction", "detector", "exposure", "statistic"}
    assert values["source", "flux of nu_e_bar"]["source"] == "derived"
    code, out, _ = munu("show", "coherent-csi")
    assert code == 0
    for word in ("Flux", "Cross section", "Detector", "Exposure", "Statistic", "1.76e23 POT"):
        assert word in out


def test_rate_document(document):
    found = document("rate", "coherent-csi", "--setup", "current")
    assert (found["experiment"], found["setup"]) == ("coherent-csi", "current")
    species = {(c["species"], c["beam"]) for c in found["components"]}
    assert species == {("nu_mu", "prompt"), ("nu_mu_bar", "delayed"), ("nu_e", "delayed")}
    total = sum(c["sm_events"] for c in found["components"])
    assert found["sm_events"] == pytest.approx(total)
    assert all(c["dipole_events_per_mu_b2"] > 0 for c in found["components"])
    assert found["spectrum"] is None


def test_rate_with_a_spectrum(document, munu, tmp_path):
    found = document("rate", "conus", "--spectrum")["spectrum"]
    energies = np.array(found["recoil_energy_kev"])
    assert energies[0] == pytest.approx(0.01)
    assert np.all(np.diff(energies) > 0)
    (component,) = found["components"]
    assert len(component["sm_per_kg_kev_day"]) == energies.size
    picture = tmp_path / "conus.png"
    code, _, _ = munu("rate", "conus", "--plot", str(picture))
    assert code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_limit_document(document):
    found = document(
        *("limit", "coherent-csi", "--setup", "current", "--beam", "prompt"),
        *("--parameter", "Lambda_3", "--cl", "0.95", "--convention", "published"),
        *("--sigma-sys", "0.1", "--delta-cp", "1.5"),
    )
    expected = {
        "parameter": "Lambda_3",
        "cl": 0.95,
        "convention": "published",
        "others": "zero",
        "beam": "prompt",
        "sigma_sys": 0.1,
        "delta_cp": 1.5,
        "xi_1": 0.0,
        "phases": {"delta_cp": "fixed", "xi_1": "fixed", "xi_2": "fixed"},
        "unbounded": False,
        "experiments": ["coherent-csi@current"],
    }
    assert {key: found[key] for key in expected} == expected
    assert found["delta_chi2"] == pytest.approx(3.841, abs=1e-3)
    assert 1e-9 < found["limit_mu_b"] < 1e-8


def test_a_profiled_limit_of_a_reactor_is_unbounded_along_its_blind_direction(document, munu):
    found = document("limit", "conus", "--others", "profiled", "--parameter", "Lambda_2")
    assert found["limit_mu_b"] is None
    assert found["unbounded"] is True
    assert found["phases"] == {"delta_cp": "fixed", "xi_1": "profiled", "xi_2": "profiled"}
    assert (found["delta_cp"], found["xi_1"], found["xi_2"]) == (0.0, None, None)
    direction = np.array(found["blind_direction"])
    # Eq. (14) of arXiv:1905.03750: c12 c13, s12 c13, s13.
    c12, s12 = np.sqrt(1 - 0.320), np.sqrt(0.320)
    c13, s13 = np.sqrt(1 - 0.0216), np.sqrt(0.0216)
    np.testing.assert_allclose(np.hypot(*direction.T), [c12 * c13, s12 * c13, s13], atol=1e-9)
    code, out, _ = munu("limit", "conus", "--others", "profiled")
    assert code == 0
    assert "unbounded" in out
    assert "blind direction" in out


def test_given_phases_are_fixed_when_profiling(document):
    free = document("limit", "coherent-csi", "--others", "profiled")
    both = ("--xi-1", "0", "--xi-2", "0")
    fixed = document("limit", "coherent-csi", "--others", "profiled", *both)
    assert (free["phases"]["xi_2"], free["xi_2"]) == ("profiled", None)
    assert (fixed["phases"]["xi_2"], fixed["xi_2"]) == ("fixed", 0.0)
    assert fixed["limit_mu_b"] <= free["limit_mu_b"]


def test_a_moment_that_no_event_depends_on_is_unbounded(document):
    found = document("limit", "conus", "--parameter", "Lambda_e")
    assert found["limit_mu_b"] is None
    assert found["blind_direction"] == [[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]


def test_a_second_experiment_closes_the_blind_direction(document):
    found = document("limit", "conus", "coherent-csi", "--others", "profiled")
    assert found["experiments"] == ["conus@current", "coherent-csi@current"]
    assert 1e-10 < found["limit_mu_b"] < 1e-8


def test_the_limit_is_where_the_profile_crosses(document):
    limit = document("limit", "conus")["limit_mu_b"]
    curve = document("profile", "conus")
    crossing = np.interp(2.705543454, curve["delta_chi2"], curve["moment_mu_b"])
    assert crossing == pytest.approx(limit, rel=1e-3)


def test_a_profiled_curve_meets_the_profiled_limit(document):
    limit = document("limit", "coherent-csi", "--others", "profiled")["limit_mu_b"]
    curve = document("profile", "coherent-csi", "--others", "profiled", "--max", str(limit))
    assert curve["delta_chi2"][-1] == pytest.approx(2.705543454, rel=1e-5)
    assert curve["moment_mu_b"][-1] == limit


def test_region_document(document):
    found = document("region", "coherent-csi", "--plane", "Lambda_1,Lambda_3", "--cl", "0.90")
    assert found["plane"] == ["Lambda_1", "Lambda_3"]
    assert found["delta_chi2"] == pytest.approx(4.60517)
    assert found["unbounded"] is False
    assert found["convention"] == "per-species"
    assert all(len(vertex) == 2 for polygon in found["polygons"] for vertex in polygon)


def test_table2_document(document):
    rows = document("reproduce", "table2")["rows"]
    keys = {
        *("experiment", "setup", "beam", "parameter", "limit_mu_b", "published_mu_b", "ratio"),
        *("per_species_limit_mu_b", "implied_flux_ratio", "note"),
    }
    assert len(rows) == 93
    assert all(keys <= row.keys() for row in rows)
    for row in rows:
        assert row["ratio"] == pytest.approx(row["limit_mu_b"] / row["published_mu_b"])


def test_table2_is_printed_with_published_values_ratios_and_notes(munu):
    code, out, err = munu("reproduce", "table2")
    assert (code, err) == (0, "")
    for part in ("munu", "paper", "ratio", "per-species", "flux", "69.2", "0.997", "[1]"):
        assert part in out


def test_table2_files(munu, tmp_path):
    folder = tmp_path / "made" / "here"
    code, _, _ = munu("reproduce", "table2", "--output", str(folder))
    assert code == 0
    names = {path.name for path in folder.iterdir()}
    assert names == {"SHA256SUMS", *(f"table2.{kind}" for kind in ("csv", "json", "png", "pdf"))}
    assert len(json.loads((folder / "table2.json").read_text())["rows"]) == 93
    assert (folder / "table2.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "table2.png").read_bytes().startswith(b"\x89PNG")


def test_own_experiment_from_template_to_limit(munu, document, tmp_path):
    path = str(tmp_path / "my.toml")
    assert document("init", path, "--like", "conus")["written"] == path
    assert document("validate", path)["valid"] is True
    assert document("check", path)["experiment"] == "my"
    ours = document("limit", path, "--setup", "future")
    theirs = document("limit", "conus@future")
    assert ours["limit_mu_b"] == theirs["limit_mu_b"]
    code, out, _ = munu("check", path)
    assert code == 0
    assert "warning" in out.lower()


def test_cite_without_arguments_is_munu_and_the_paper(munu):
    code, out, _ = munu("cite")
    assert code == 0
    assert "@software{munu" in out
    assert "arXiv" in out
    assert "1905.03750" in out
    assert out.count("@") == 2
    assert "year = {2026}" in out


def test_the_version_and_the_year_are_the_same_everywhere(munu):
    root = Path(__file__).parents[2]
    cff = (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {__version__}\n" in cff
    assert f"Copyright (c) {YEAR}," in (root / "LICENSE").read_text(encoding="utf-8")
    assert f"version = {{{__version__}}}" in munu("cite")[1]


def test_cite_names_exactly_the_inputs_of_a_result(munu, document, tmp_path):
    _, out, _ = munu("limit", "conus", "--json")
    result = tmp_path / "limit.json"
    result.write_text(out)
    keys = document("cite", str(result))["references"]
    assert keys[:2] == ["munu", "Miranda:2019wdy"]
    assert "Mueller:2011nm" in keys
    assert "deSalas:2017kay" in keys
    assert not any("COHERENT" in key or "Borexino" in key for key in keys)
    assert "Borexino:2017fbd" in document("cite", "borexino")["references"]
    assert "COHERENT:2018imc" in document("cite", "coherent-csi")["references"]


def test_every_reference_of_the_catalogue_is_known(document):
    names = [e["experiment"] for e in document("experiments")["experiments"]]
    keys = document("cite", *names)["references"]
    assert [key for key in keys if key.startswith("arXiv:")] == []


def test_no_two_references_have_one_key_or_name():
    text = files("munu").joinpath("data/references.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)["reference"]
    for names in ([e["key"] for e in entries], [n for e in entries for n in e["cited_as"]]):
        assert len(names) == len(set(names))


@pytest.mark.parametrize("command", [(), *((name,) for name in entry.COMMANDS)])
def test_every_command_has_help_with_examples(munu, command):
    code, out, err = munu(*command, "--help")
    assert (code, err) == (0, "")
    if command:
        assert "\n  Examples:\n    munu " in out
    if command:
        assert "--json" in out


def test_help_fits_a_terminal_of_80_columns(munu, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for command in entry.COMMANDS:
        _, out, _ = munu(command, "--help")
        assert max(map(len, out.splitlines())) <= 80


def test_help_names_every_parameter_and_every_global_fit(munu):
    from munu.physics.mixing import global_fits
    from munu.physics.parameters import PARAMETERS

    words = set(munu("limit", "--help")[1].replace(",", " ").split())
    assert set(PARAMETERS) <= words
    for name in global_fits():
        year, _, ordering = name.rpartition("-")
        assert {year, f"-{ordering}"} <= words


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("limit con", "conus"),
        ("limit conus@", "conus@future"),
        ("limit conus --parameter Lam", "Lambda_2"),
        ("limit conus --setup fu", "future"),
        ("limit conus --mixing nu", "nufit60-no"),
        ("limit conus --with epsilon_u_e", "epsilon_u_ee="),
        ("limit conus --set detector.q", "detector.quenching.model="),
        ("limit conus --profile charge", "charge_radius_ee"),
        ("region conus --plane La", "Lambda_1"),
        ("region conus --plane Lambda_1,La", "Lambda_1,Lambda_2"),
        ("region conus --profile xi", "xi_1"),
        ("envelope conus --vary de", "delta_cp"),
        ("envelope conus --vary phase_epsilon_u", "phase_epsilon_u_emu"),
        ("scan conus --over med", "mediator_mass"),
        ("scan conus --over target.", "target.mass"),
        ("posterior conus --parameter mu_", "mu_nu_e"),
        ("posterior conus --prior mu_", "mu_nu_e="),
        ("limit conus --method c", "cls"),
        ("coverage conus --plane mu_nu_e,mu_", "mu_nu_e,mu_nu_mu"),
        ("repr", "reproduce"),
    ],
)
def test_completion_knows_the_names(words, expected):
    from click.testing import CliRunner

    environment = {
        "_MUNU_COMPLETE": "bash_complete",
        "COMP_WORDS": f"munu {words}",
        "COMP_CWORD": str(len(words.split())),
    }
    found = CliRunner().invoke(entry.cli, [], env=environment, prog_name="munu")
    assert f"plain,{expected}" in found.output.splitlines()


@pytest.mark.parametrize("command", ["print", "plot", "compare", "compare a.json", "merge a"])
def test_files_are_completed_by_the_shell(command):
    from click.testing import CliRunner

    environment = {
        "_MUNU_COMPLETE": "bash_complete",
        "COMP_WORDS": f"munu {command} resu",
        "COMP_CWORD": str(len(command.split()) + 1),
    }
    found = CliRunner().invoke(entry.cli, [], env=environment, prog_name="munu")
    assert found.output.strip() == "file,resu"


def test_completion_says_nothing_of_what_cannot_be_read():
    from click.testing import CliRunner

    environment = {
        "_MUNU_COMPLETE": "bash_complete",
        "COMP_WORDS": "munu limit nothing.toml --set det",
        "COMP_CWORD": "4",
    }
    found = CliRunner().invoke(entry.cli, [], env=environment, prog_name="munu")
    assert (found.output.strip(), found.exit_code) == ("", 0)


def test_plot_draws_saved_results(munu, document, tmp_path):
    paths = []
    for name in ("conus", "connie"):
        paths.append(tmp_path / f"{name}.json")
        paths[-1].write_text(json.dumps(document("region", name)), encoding="utf-8")
    picture = tmp_path / "both.svg"
    code, out, _ = munu("plot", *map(str, paths), "--output", str(picture))
    assert (code, out) == (0, f"Written: {picture}\n")
    assert "<svg" in picture.read_text(encoding="utf-8")
    assert document("plot", str(paths[0])) == {"picture": str(paths[0].with_suffix(".png"))}
    assert paths[0].with_suffix(".png").read_bytes().startswith(b"\x89PNG")
