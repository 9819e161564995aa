"""Exports: what HEPData's own validator says, numbers that come back, and what is refused."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.cli.main import cli
from munu.experiments.named import catalogue
from munu.exporting.latex import latex_text
from munu.exporting.yaml_text import yaml_text
from munu.results.core.table import on_wide_paper

SAVED = Path(__file__).parents[1] / "results" / "files_0_1_0"


def results():
    """Return a result of each kind that is a table."""
    return [
        munu.limit("conus-plus"),
        munu.limit("coherent-csi-2021", "sin2_theta_w"),
        munu.profile("conus", "Lambda_3", at=[0.0, 1e-10, 4e-10]),
        munu.profile("coherent-csi-2021", "sin2_theta_w", at=[0.2, 0.25]),
        munu.scan("conus", "Lambda_3", over="target.mass", at=["2 kg", "4 kg"]),
        munu.region("conus"),
        munu.region("coherent-csi-2021", ("epsilon_u_ee", "epsilon_d_ee")),
        munu.envelope("conus", vary=["xi_1"]),
        munu.spectrum("conus"),
        munu.rate("coherent-csi-2021", with_spectrum=True),
        munu.fit(["coherent-csi-2021", "dresden-ii"], toys=0),
        munu.limit("coherent-csi", method="feldman-cousins", precision=0.3),
        munu.envelope("conus-plus", ("epsilon_u_ee", "epsilon_u_emu")),
        munu.weak_angle("coherent-csi-2021"),
        munu.limit("conus-plus", "millicharge_ee", method="cls"),
        munu.coverage("conus-plus", "epsilon_u_ee", at=[0.0, 0.1], toys=3),
        munu.coverage("conus-plus", plane=("epsilon_u_ee", "mu_nu_e"), at=[(0.0, 0.0)], toys=3),
        munu.read_json(SAVED.parent / "feldman-cousins-region.json"),
        munu.read_json(SAVED / "coverage.json"),
        munu.read_json(SAVED.parent / "posterior.json"),
    ]


@pytest.fixture(scope="module")
def made():
    return {one.kind_of_result: one for one in results()}


def read_submission(folder, yaml):
    """Return the documents of a submission, and the tables that they name."""
    documents = list(yaml.safe_load_all((folder / "submission.yaml").read_text("utf-8")))
    files = [(folder / one["data_file"]).read_text("utf-8") for one in documents[1:]]
    return documents, [yaml.safe_load(text) for text in files]


KINDS = [
    "limit",
    "coupling-limit",
    "profile",
    "coupling-profile",
    "scan",
    "region",
    "coupling-region",
    "envelope",
    "spectrum",
    "rate",
    "fit",
    "feldman-cousins",
    "coupling-envelope",
    "weak-angle",
    "cls-limit",
    "coupling-coverage",
    "plane-coverage",
    "feldman-cousins-region",
    "coverage",
    "posterior",
]
WRITTEN_OTHERWISE = ("posterior", "weak-angle", "rate", "fit")
"""Kinds whose table is not that of CSV: intervals of samples, a curve, several tables."""


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_the_validator_of_hepdata_accepts_submissions(made, kind, tmp_path):
    validator = pytest.importorskip(
        "hepdata_validator.full_submission_validator", reason="hepdata-validator is not installed"
    )
    munu.export(made[kind], tmp_path / "out", format="hepdata")
    judge = validator.FullSubmissionValidator(schema_version="1.1.1", autoload_remote_schemas=False)
    valid = judge.validate(directory=str(tmp_path / "out"))
    messages = [str(one.message) for found in judge.get_messages().values() for one in found]
    assert valid, messages
    assert not messages


@pytest.mark.parametrize("kind", [one for one in KINDS if one not in WRITTEN_OTHERWISE])
def test_numbers_of_a_submission_are_those_of_csv(made, kind, tmp_path):
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    munu.export(made[kind], tmp_path / "out", format="hepdata")
    documents, tables = read_submission(tmp_path / "out", yaml)
    assert all(len(one["name"]) <= 64 for one in documents[1:])
    columns = [
        [entry["value"] for entry in one["values"]]
        for table in tables
        for one in table["independent_variables"] + table["dependent_variables"]
    ]
    given = list(csv.reader(io.StringIO(made[kind].to_csv())))[1:]
    numbers = sorted(float(cell) for row in given for cell in row if is_number(cell))
    found = sorted(x for column in columns for x in column if not isinstance(x, str))
    assert len(found) > 0
    for number in found:
        at = np.searchsorted(numbers, number)
        assert number in numbers[max(at - 1, 0) : at + 2]


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_qualifiers_say_level_sides_and_method(made, tmp_path):
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    munu.export(munu.limit("conus-plus", one_sided=True), tmp_path / "out", format="hepdata")
    _, (table,) = read_submission(tmp_path / "out", yaml)
    first = table["dependent_variables"][0]
    said = {one["name"]: one["value"] for one in first["qualifiers"]}
    assert said["C.L."] == 90
    assert said["Sidedness"] == "one-sided"
    assert said["Method"] == "Delta chi2 = 1.6424 (Wilks), 1 degree of freedom"
    assert said["Data"] == "conus-plus@current"
    assert first["header"] == {"name": "limit", "units": "$\\mu_B$"}
    assert first["values"][0]["value"] == munu.limit("conus-plus", one_sided=True).limit_mu_b


def said_of(result):
    """Return the method and sides that a submission says, and its columns with their units."""
    from munu.exporting.columns import column_tables
    from munu.exporting.hepdata import qualifiers

    said = {one["name"]: one["value"] for one in qualifiers(result)}
    columns = {one.name: one.unit for one in column_tables(result)[0].columns}
    return said.get("Method"), said.get("Sidedness"), columns


def test_every_kind_says_its_method(made):
    def method(kind):
        return said_of(made[kind])[:2]

    assert method("feldman-cousins") == ("feldman-cousins, toy experiments", None)
    assert method("posterior")[0].endswith("highest density")
    plane = ("Delta chi2 = 4.6052 (Wilks), 2 degrees of freedom", None)
    assert [method(kind) for kind in ("region", "envelope", "coupling-envelope")] == 3 * [plane]
    assert method("weak-angle") == ("Delta chi2, 1 degree of freedom", None)
    assert method("coverage")[1] == "two-sided"


def test_units_of_columns_are_units_of_the_submission(made):
    moment = "$\\mu_B$"
    assert said_of(made["scan"])[2] == {
        "target.mass": "kg",
        "Lambda_3_low": moment,
        "Lambda_3_high": moment,
    }
    assert set(said_of(made["feldman-cousins"])[2].values()) == {"", moment}
    assert said_of(made["weak-angle"])[2] == {"sin2_theta_w": "", "delta_chi2": ""}


def test_the_curve_of_a_weak_angle_is_written(made, tmp_path):
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    munu.export(made["weak-angle"], tmp_path / "out", format="hepdata")
    _, (table,) = read_submission(tmp_path / "out", yaml)
    (curve,) = table["dependent_variables"]
    values = [one["value"] for one in curve["values"]]
    assert values == made["weak-angle"].delta_chi2.tolist()


def dependent(table):
    """Return the columns that depend on others, by name."""
    return {
        one["header"]["name"]: [entry["value"] for entry in one["values"]]
        for one in table["dependent_variables"]
    }


def test_events_of_a_rate_are_written_by_bin(made, tmp_path):
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    rate = made["rate"]
    munu.export(rate, tmp_path / "out", format="hepdata")
    documents, (bins, sums, spectrum) = read_submission(tmp_path / "out", yaml)
    assert [one["name"].rpartition("piece ")[2] for one in documents[1:]] == [
        "bins",
        "sums",
        "spectrum",
    ]
    energy, time = bins["independent_variables"]
    assert energy["header"] == {"name": "photoelectrons", "units": "PE"}
    assert time["values"][1] == {"low": 0.125, "high": 0.25}
    muon = rate.components[0]
    columns = dependent(bins)
    np.testing.assert_array_equal(columns["nu_mu_prompt_sm_events"], muon.sm_events_per_bin)
    dipole = muon.dipole_events_per_mu_b2_per_bin
    np.testing.assert_array_equal(columns["nu_mu_prompt_dipole_events"], dipole)
    assert sum(dependent(sums)["sm_events"]) == pytest.approx(rate.sm_events)
    energies = spectrum["independent_variables"][0]["values"]
    assert len(energies) == rate.spectrum.recoil_energy_kev.size


def test_couplings_of_a_submission_are_said_with_the_mass_they_depend_on(tmp_path):
    found = munu.rate("conus", values={"g_universal": 1e-5}, mediator_mass="1 MeV")
    munu.export(found, tmp_path / "out", format="hepdata")
    assert "mediator mass 1 MeV" in (tmp_path / "out" / "rate-1.yaml").read_text(encoding="utf-8")


def test_a_bin_without_an_end_is_said_in_words(tmp_path):
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    munu.export(munu.rate("conus", channels="nuclear"), tmp_path / "out", format="hepdata")
    _, (bins, _) = read_submission(tmp_path / "out", yaml)
    assert bins["independent_variables"][0]["values"] == [{"value": "> 0.1"}]
    said = {one["name"]: one["value"] for one in bins["dependent_variables"][0]["qualifiers"]}
    assert said["Recoils"] == "nuclear"


def test_a_fit_is_written_data_set_by_data_set(made, tmp_path):
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    fit = made["fit"]
    munu.export(fit, tmp_path / "out", format="hepdata")
    documents, tables = read_submission(tmp_path / "out", yaml)
    pieces = [one["name"].rpartition("piece ")[2] for one in documents[1:]]
    found = dict(zip(pieces, map(dependent, tables), strict=True))
    assert pieces[-3:] == ["nuisances", "signal", "goodness"]
    for data in fit.data:
        columns = found[data.experiment]
        np.testing.assert_array_equal(columns["observed"], data.observed_per_bin)
        parts = [columns[one.label] for one in data.components]
        np.testing.assert_allclose(np.sum(parts, axis=0), columns["fitted"])
    assert found["nuisances"]["pull"] == [one.value for one in fit.pulls]
    assert found["goodness"]["chi2"] == [fit.chi2]
    assert found["goodness"]["strength"] == [fit.strength]


def test_fitted_couplings_are_a_table_of_their_intervals():
    from munu.exporting.columns import column_tables

    fit = munu.fit("coherent-csi-2021", parameters=["epsilon_d_ee"], toys=0)
    (table,) = [one for one in column_tables(fit) if one.piece == "couplings"]
    columns = {one.name: one.values for one in table.columns}
    (fitted,) = fit.fitted
    assert columns["parameter"] == len(fitted.intervals) * ("epsilon_d_ee",)
    assert list(zip(columns["low"], columns["high"], strict=True)) == [
        tuple(one) for one in fitted.intervals.tolist()
    ]
    open_end = replace(fitted, intervals=np.array([[-0.1, np.inf]]))
    with pytest.raises(MunuError, match="1 of 1 numbers of high are not finite"):
        column_tables(replace(fit, fitted=(open_end,)))


def test_outside_and_inside_of_an_envelope_are_tables(made):
    from munu.exporting.columns import column_tables

    result = made["coupling-envelope"]
    pieces = [one.piece for one in column_tables(result)]
    assert len(pieces) == len(result.outer) + len(result.inner)
    assert pieces[0] == "outer 1"


def test_every_piece_of_a_region_is_a_table(made):
    pieces = len(made["coupling-region"].polygons)
    text = munu.export(made["coupling-region"], format="hepdata")
    assert text.count("data_file:") == pieces


def test_numbers_that_are_not_finite_are_refused():
    unbounded = munu.read_json(SAVED / "limit-profiled-unbounded.json")
    with pytest.raises(MunuError, match=r"limit_mu_b are not finite.*finite numbers alone"):
        munu.export(unbounded, format="hepdata")
    curve = munu.read_json(SAVED / "profile.json")
    delta = curve.delta_chi2.copy()
    delta[3] = np.inf
    with pytest.raises(MunuError, match=r"1 of .* of delta_chi2 are not finite"):
        munu.export(replace(curve, delta_chi2=delta), format="hepdata")
    with pytest.raises(MunuError, match="not finite"):
        yaml_text({"a": float("nan")})


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-10, "1.0e-10"), (2.5e-9, "2.5e-09"), (0.1, "0.1"), (90.0, "90.0"), (1e22, "1.0e+22")],
)
def test_numbers_are_numbers_for_readers_of_yaml(value, text):
    assert yaml_text({"a": value}) == f"a: {text}\n"
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    assert yaml.safe_load(yaml_text({"a": [{"b": value, "c": 'q"\n: - é'}]})) == {
        "a": [{"b": value, "c": 'q"\n: - é'}]
    }


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("|Λ₁|", r"$|\Lambda_{1}|$"),
        ("sin²θ_W", r"$\sin ^{2}\theta_{W}$"),
        ("10⁻¹⁰ μ_B", r"10$^{-10}$ $\mu_{B}$"),
        ("a_b & 5 %", r"a\_b \& $5$ \%"),
        ("-62.7…-37.4, -20.6…4.73", r"$-62.7$\,\ldots\,$-37.4$, $-20.6$\,\ldots\,$4.73$"),
        ("< 0.29 or > 3", "$<$ $0.29$ or $>$ $3$"),
        ("a|b", r"a\textbar{}b"),
        ("6.390", "$6.390$"),
        ("1.2e-05", r"$1.2\times10^{-5}$"),
        ("∞", r"$\infty$"),
        ("μ_νe", r"$\mu_{\nu e}$"),
        ("q_ee", "$q_{ee}$"),
    ],
)
def test_text_in_latex(text, latex):
    assert latex_text(text) == latex


SAVED_RESULTS = sorted(SAVED.glob("*.json"))


@pytest.mark.parametrize("one", [*SAVED_RESULTS, *KINDS], ids=str)
def test_every_result_is_a_table_in_latex(made, one):
    result = made[one] if isinstance(one, str) else munu.read_json(one)
    text = munu.export(result, format="latex")
    tables = text.split("\n\n")
    with on_wide_paper():
        expected = result.tables()
    assert len(tables) == len(expected)
    for one, table in zip(tables, expected, strict=True):
        body = [line for line in one.splitlines() if line.endswith(r"\\")]
        assert len(body) == 1 + len(table.rows)
        columns = len(table.columns)
        assert all(line.replace(r"\&", "").count(" & ") == columns - 1 for line in body)
    bare = "\n".join(line for line in text.splitlines() if not line.startswith("%"))
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert bare.isascii(), [letter for letter in bare if not letter.isascii()]
    assert munu.export(result, format="csv") == result.to_csv()


def test_files_are_not_written_over_unless_asked(tmp_path):
    result, target = munu.read_json(SAVED / "limit.json"), tmp_path / "limit.csv"
    munu.export(result, target)
    with pytest.raises(MunuError, match=r"limit.csv exists.*--replace"):
        munu.export(result, target)
    munu.export(result, target, replace=True)
    assert target.read_text("utf-8") == result.to_csv()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "root"}, "unknown format 'root'"),
        ({"rows_alone": True}, "rows_alone is of LaTeX"),
        ({"format": "hepdata", "path": "nowhere/at/all"}, "there is no folder nowhere"),
    ],
)
def test_what_cannot_be_exported_is_refused(options, message):
    with pytest.raises(MunuError, match=message):
        munu.export(munu.read_json(SAVED / "limit.json"), **options)


def test_a_kind_that_is_no_table_is_refused():
    with pytest.raises(MunuError, match=r"kind 'recipe' is no table"):
        munu.export(munu.show("conus"), format="hepdata")
    with pytest.raises(MunuError, match="is not a result or a likelihood"):
        munu.export("limit.json")


def test_the_command(tmp_path, capsys):
    limit = tmp_path / "limit.json"
    limit.write_text((SAVED / "limit.json").read_text("utf-8"), encoding="utf-8")
    cli.main(["export", str(limit), "--format", "latex", "--rows"], standalone_mode=False)
    assert capsys.readouterr().out.endswith("\\\\\n")
    cli.main(["export", str(limit), "--format", "hepdata", "--json"], standalone_mode=False)
    written = Path(json.loads(capsys.readouterr().out)["written"])
    assert sorted(one.name for one in written.iterdir()) == ["limit-1.yaml", "submission.yaml"]


def test_a_backslash_is_one_in_latex():
    assert latex_text("a\\b_c") == r"a\textbackslash{}b\_c"


def test_references_of_the_whole_catalogue_are_plain_letters():
    assert munu.cite(*catalogue()).isascii()
