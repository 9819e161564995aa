"""`munu region`, `munu envelope` and `munu reproduce`: documents, pictures, files, mistakes."""

import json
import subprocess
import sys

import numpy as np
import pytest

from munu.analysis.region import region as region_of
from munu.cli import main as entry
from munu.reproduction.registry import TARGETS


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


KEYS = {"plane", "cl", "delta_chi2", "polygons", "unbounded", "others", "convention"}


def test_every_option_reaches_the_region(document):
    found = document(
        *("region", "coherent-csi@current", "--plane", "Lambda_2,Lambda_3", "--cl", "0.95"),
        *("--beam", "prompt", "--convention", "published", "--sigma-sys", "0.1"),
        *("--delta-cp", "0.5", "--xi-1", "1.0", "--xi-2", "0.2", "--mixing", "desalas2018-no"),
    )
    assert found.keys() >= KEYS
    expected = region_of(
        "coherent-csi@current",
        ("Lambda_2", "Lambda_3"),
        cl=0.95,
        beam="prompt",
        convention="published",
        sigma_sys=0.1,
        delta_cp=0.5,
        xi_1=1.0,
        xi_2=0.2,
    )
    assert found == expected.to_dict()


def test_a_profiled_region_says_what_is_profiled_and_that_it_is_unbounded(document):
    found = document(
        "region", "connie", "--profile", "Lambda_3", "--profile", "xi_1", "--sigma-sys", "0"
    )
    assert found["others"] == "profiled"
    assert found["profiled"] == ["Lambda_3", "xi_1"]
    assert found["unbounded"] is True
    ((first, last),) = found["unbounded_ranges"]
    assert first == last == pytest.approx(np.arctan(np.sqrt(0.320 / 0.680)), abs=1e-6)


def test_a_signed_region_has_both_signs(document):
    (polygon,) = document("region", "conus", "connie", "--signed")["polygons"]
    x, y = np.array(polygon).T
    for axis in (x, y):
        assert axis.min() == pytest.approx(-axis.max(), rel=1e-6)


def test_the_origin_has_no_sign(document):
    assert str(document("region", "conus", "--signed")["best_fit"]) == "[0.0, 0.0]"


@pytest.mark.parametrize(
    ("arguments", "phases", "said"),
    [
        (
            ("envelope", "connie"),
            {"delta_cp": "varied", "xi_1": "varied", "xi_2": "fixed"},
            "δ_CP and ξ₁ varied, ξ₂ 0",
        ),
        (
            ("envelope", "connie", "--vary", "xi_2", "--delta-cp", "1.5"),
            {"delta_cp": "fixed", "xi_1": "fixed", "xi_2": "varied"},
            "δ_CP 1.5, ξ₁ 0, ξ₂ varied",
        ),
        (
            ("region", "connie", "--plane", "Lambda_1,xi_1", "--profile", "Lambda_2"),
            {"delta_cp": "fixed", "xi_1": "shown", "xi_2": "fixed"},
            "δ_CP and ξ₂ 0, ξ₁ shown",
        ),
        (
            ("region", "connie", "--profile", "delta_cp"),
            {"delta_cp": "profiled", "xi_1": "fixed", "xi_2": "fixed"},
            "δ_CP profiled, ξ₁ and ξ₂ 0",
        ),
    ],
)
def test_the_conditions_say_what_each_phase_is(munu, document, arguments, phases, said):
    found = document(*arguments)
    assert found["phases"] == phases
    assert [found[name] is None for name in phases] == [p != "fixed" for p in phases.values()]
    _, out, _ = munu(*arguments)
    assert said in " ".join(out.split())


def test_the_table_names_level_treatment_and_convention(munu):
    code, out, err = munu("region", "conus")
    assert (code, err) == (0, "")
    out = " ".join(out.split())
    for part in ("90 % C.L.", "2 degrees of freedom", "4.605", "Slice", "per-species", "10⁻¹⁰ μ_B"):
        assert part in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("region", "conus"),
        ("envelope", "connie", "--vary", "xi_1"),
        ("profile", "conus"),
        ("rate", "conus"),
        ("fit", "conus-plus", "--toys", "0"),
        ("weak-angle", "conus-plus"),
        ("coverage", "conus-plus", "--toys", "20", "--moment", "0", "--moment", "1e-10"),
    ],
    ids=lambda a: a[0],
)
@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_plot_writes_a_picture(munu, tmp_path, arguments, suffix):
    path = tmp_path / f"picture.{suffix}"
    code, _, err = munu(*arguments, "--plot", str(path))
    assert (code, err) == (0, "")
    begins = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}[suffix]
    assert path.read_bytes().startswith(begins)


def test_an_envelope_reports_the_phases_of_both_contours(document):
    found = document(
        "envelope", "connie", "--vary", "xi_1", "--convention", "published", "--sigma-sys", "0"
    )
    assert found["varied"] == ["xi_1"]
    inside = slice(1, -1)
    assert np.cos(found["outer_phases"][inside]) == pytest.approx(1, abs=1e-6)
    assert np.cos(found["inner_phases"][inside]) == pytest.approx(-1, abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("region", "conus", "--plane", "Lambda_1,Lamda_2"), "Lambda_2"),
        (("region", "conus", "--profile", "Lambda_1"), "has two roles"),
        (("region", "conus", "--plot", "picture.jpg"), ".png"),
        (("region", "conus", "--plot", "missing/picture.png"), "missing/picture.png"),
        (("envelope", "conus", "--vary", "Lambda_3"), "xi_1"),
        (("reproduce", "fig9"), "fig8"),
    ],
)
def test_mistakes_are_told_in_one_line(munu, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = munu(*arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert said in err
    assert not list(tmp_path.iterdir())


def run_in_a_pipe(*arguments):
    code = "from munu.cli.main import main; main()"
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    return run.stdout


def test_reproduce_all_is_one_document_without_a_progress_bar_in_a_pipe():
    assert list(json.loads(run_in_a_pipe("reproduce", "all", "--json"))) == list(TARGETS)


def test_another_process_writes_the_same_files(tmp_path):
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        run_in_a_pipe("reproduce", "fig8", "--output", str(folder))
    names = sorted(path.name for path in folders[0].iterdir())
    assert names == ["SHA256SUMS", "fig8.csv", "fig8.json", "fig8.pdf", "fig8.png"]
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()


def test_results_in_files_can_be_cited(munu, tmp_path):
    munu("reproduce", "fig8", "--output", str(tmp_path))
    code, out, err = munu("cite", str(tmp_path / "fig8.json"))
    assert (code, err) == (0, "")
    assert "1707.09355" in out


def test_a_region_is_unbounded_along_a_moment_by_its_name():
    from munu import region

    for plane, words in (
        (("mu_nu_e", "mu_nu_mu"), "Unbounded along μ_νμ."),
        (("mu_nu_mu", "mu_nu_e"), "Unbounded along μ_νμ."),
    ):
        notes = [note for table in region("conus", plane).tables() for note in table.notes]
        assert words in notes
        assert not any("x axis" in note for note in notes)
