"""Results: JSON and back without loss, tables, CSV, what they say about themselves."""

import csv
import io
import json
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from typing import get_type_hints

import numpy as np
import pytest

import munu
from munu.analysis.show import show
from munu.base.errors import MunuError
from munu.base.options import key_of
from munu.physics.assumptions import Assumptions
from munu.results import LimitResult, read_json
from munu.results.core.base import Origin, Result
from munu.results.core.table import Table, terminal_text
from munu.results.limit import ProfileResult
from munu.results.recipe import Ingredient, RecipeResult

ASSUMPTIONS = Assumptions(
    mixing="desalas2018-no",
    delta_cp=0.3,
    xi_1=0.0,
    xi_2=0.1,
    phases={"delta_cp": "fixed", "xi_1": "fixed", "xi_2": "fixed"},
    beam="full",
    convention="per-species",
    sigma_sys=None,
)
ORIGIN = Origin(experiments=("conus@current",), inputs_hash=("00ff",), notes=("A note.",))


def limit_result(**changes):
    values = {
        "parameter": "Lambda_1",
        "cl": 0.9,
        "delta_chi2": 2.7,
        "others": "zero",
        "limit_mu_b": 6.4e-10,
        "lower_mu_b": 0.0,
        "best_fit_mu_b": 0.0,
        "chi2_min": 0.5,
        "unbounded": False,
        "unbounded_because": "",
        "blind_direction": None,
        "assumptions": ASSUMPTIONS,
        "origin": ORIGIN,
    }
    return LimitResult(**values | changes)


def unbounded_result():
    direction = np.array([0.8, 0.6j, 0.0])
    return limit_result(
        limit_mu_b=np.inf,
        unbounded=True,
        unbounded_because="blind direction",
        blind_direction=direction,
        others="profiled",
    )


def same(left, right):
    assert type(left) is type(right)
    if isinstance(left, np.ndarray):
        np.testing.assert_array_equal(left, right)
        assert left.dtype == right.dtype
    elif isinstance(left, tuple):
        for one, other in zip(left, right, strict=True):
            same(one, other)
    elif is_dataclass(left):
        for field in fields(left):
            same(getattr(left, field.name), getattr(right, field.name))
    else:
        assert left == right


@pytest.mark.parametrize(
    "make",
    [
        limit_result,
        unbounded_result,
        lambda: munu.limit(["conus", "coherent-csi"], others="profiled"),
        lambda: munu.limit("conus", others="profiled", cl=0.5, delta_cp=1.0),
        lambda: munu.rate("coherent-csi"),
        lambda: munu.rate("connie@future", with_spectrum=True),
        lambda: munu.spectrum("coherent-ge", recoil_energy_kev=[1.0, 5.0, 500.0]),
        lambda: munu.profile("texono", "Lambda_3"),
        lambda: munu.region("conus"),
        lambda: munu.reproduce("table1"),
        lambda: munu.reproduce("table2"),
    ],
)
def test_json_and_back_without_loss(make):
    result = make()
    same(read_json(result.to_json()), result)
    same(type(result).from_json(result.to_json()), result)


@pytest.mark.parametrize("make", [limit_result, lambda: munu.rate("conus")])
def test_results_are_frozen(make):
    with pytest.raises(FrozenInstanceError):
        make().origin = None


def test_an_unbounded_limit_is_no_number():
    document = json.loads(unbounded_result().to_json())
    assert document["limit_mu_b"] is None
    assert document["unbounded"] is True
    assert document["unbounded_because"] == "blind direction"
    assert document["blind_direction"] == [[0.8, 0.0], [0.0, 0.6], [0.0, 0.0]]
    text = " ".join(str(unbounded_result()).split())
    assert "unbounded" in text
    assert "Λ_2 = 0.000+0.600j" in text


def test_the_json_says_how_it_was_made():
    document = limit_result().to_dict()
    expected = {
        "result": "limit",
        "limit_mu_b": 6.4e-10,
        "delta_chi2": 2.7,
        "convention": "per-species",
        "others": "zero",
        "inputs_hash": ["00ff"],
        "version": munu.__version__,
        "delta_cp": 0.3,
        "xi_2": 0.1,
        "mixing": "desalas2018-no",
        "sigma_sys": None,
    }
    assert {key: document[key] for key in expected} == expected


def test_the_table_says_how_it_was_made():
    text = " ".join(str(limit_result()).split())
    for part in ("90 %", "Δχ² = 2.700", "Slice", "per-species", "desalas2018-no", "δ_CP 0.3"):
        assert part in text
    assert "A note." in text


def test_tables_in_a_notebook_are_escaped():
    table = Table(title="a < b", columns=("<x",), rows=(("<script>",),), notes=("&",))
    assert "<script>" not in table.html()
    assert "&lt;script&gt;" in table.html()
    assert limit_result()._repr_html_().startswith("<table>")


@pytest.mark.parametrize("name", ["coherent-csi", "coherent-csi-2017", "conus"])
def test_rates_are_histograms(name):
    hist = pytest.importorskip("hist")
    rate = munu.rate(name)
    histogram = hist.Hist(rate)
    assert histogram.ndim == len(rate.axes)
    np.testing.assert_allclose(histogram.values(), rate.values())
    assert histogram.sum() == pytest.approx(rate.sm_events)
    for axis, ours in zip(histogram.axes, rate.axes, strict=True):
        np.testing.assert_array_equal(axis.edges, ours.edges)


def test_a_moment_adds_its_dipole_events():
    rate = munu.rate("coherent-csi")
    dipole = sum(c.dipole_events_per_mu_b2 for c in rate.components)
    excess = rate.values(1e-9).sum() - rate.values().sum()
    assert excess == pytest.approx(1e-18 * dipole, rel=1e-9)


@pytest.mark.parametrize("columns", ["40", "80", "120"])
def test_no_number_is_ever_cut(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    table = Table(
        title="numbers",
        columns=("<name", *(f"column {i}" for i in range(8))),
        rows=(("a row", *(f"{1.23456789 + i}" for i in range(8))),),
    )
    text = terminal_text([table])
    assert all(f"{1.23456789 + i}" in text for i in range(8))


@pytest.mark.parametrize("columns", ["80", "120"])
@pytest.mark.parametrize(
    "make",
    [
        lambda: munu.reproduce("table1"),
        lambda: munu.reproduce("table2"),
        lambda: munu.limit("conus", others="profiled"),
        lambda: munu.rate("coherent-csi"),
        lambda: munu.rate("coherent-csi-2021", with_spectrum=True),
        lambda: munu.profile("conus"),
        lambda: munu.region("conus", signed=True),
        lambda: munu.envelope("connie"),
        lambda: munu.fit("coherent-csi-2017", toys=0),
        lambda: munu.weak_angle("conus-plus", moment="mu_eff"),
        lambda: munu.reproduce("floor"),
    ],
)
def test_tables_fit_the_terminal(monkeypatch, columns, make):
    monkeypatch.setenv("COLUMNS", columns)
    lines = str(make()).splitlines()
    assert max(map(len, lines)) <= int(columns)


@pytest.mark.parametrize("name", munu.catalogue())
def test_a_recipe_fits_the_terminal(monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, str(show(name)).splitlines())) <= 80


def test_a_recipe_is_a_tree_with_each_source_once():
    rows = [row for (table,) in [show("coherent-csi-2021").tables()] for row in table.rows]
    start = next(i for i, row in enumerate(rows) if row[0] == " backgrounds 2")
    assert rows[start][2] == "arXiv:2110.07730: 18.4 +- 4.6 events"
    names = [row[0] for row in rows[start + 1 : start + 6]]
    assert names == ["  name", "  events", "   file", "   column", "  sigma"]
    assert {row[2] for row in rows[start + 1 : start + 6]} == {""}
    assert rows[start + 5][1] == "0.25"


def test_a_value_without_a_source_is_told_from_one_whose_source_stands_above():
    values = (("a.one", "X"), ("a.two", ""), ("b.one", "Y"), ("b.two", "Y"), ("c", ""))
    made = RecipeResult(
        experiment="e",
        setup="current",
        title="t",
        ingredients=tuple(
            Ingredient(section="target", quantity=name, value="[[1, 2], [3]]", source=s, note="")
            for name, s in values
        ),
        origin=ORIGIN,
    )
    rows = made.tables()[0].rows[1:]
    assert [row[2] for row in rows] == ["", "X", "none given", "Y", "", "", "none given"]
    assert rows[1][1] == "[1, 2], [3]"


def test_what_is_free_goes_to_the_columns_that_lack_least(monkeypatch):
    monkeypatch.setenv("COLUMNS", "48")
    table = Table(
        title="t",
        columns=("<a", "~b", "~c"),
        rows=(("name", "three short words", "one very long remark that wraps anyway"),),
    )
    lines = terminal_text([table]).splitlines()
    assert "three short words" in lines[3]
    assert max(map(len, lines)) <= 48


def test_csv_has_units_in_its_columns_and_every_number():
    rows = list(csv.DictReader(io.StringIO(munu.reproduce("table2").to_csv())))
    assert len(rows) == 93
    assert float(rows[0]["limit_mu_b"]) == pytest.approx(69e-10, rel=0.01)
    rate = munu.rate("coherent-csi")
    by_component = list(csv.DictReader(io.StringIO(rate.to_csv())))
    total = sum(float(row["sm_events"]) for row in by_component)
    assert total == pytest.approx(rate.sm_events, rel=1e-12)
    assert by_component[0]["photoelectrons_PE_low"] == "6.0"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ('{"result": "limitt"}', "Did you mean 'limit'"),
        ('{"result": "limit"}', "lacks"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_wrong_json_is_told_in_one_line(text, message):
    with pytest.raises(MunuError, match=message):
        read_json(text)


def test_another_kind_of_result_is_refused():
    with pytest.raises(MunuError, match="not 'profile'"):
        ProfileResult.from_json(limit_result().to_json())


def test_the_numbers_of_a_result_are_frozen():
    counts = munu.rate("coherent-csi").components[0].sm_events_per_bin
    with pytest.raises(ValueError, match="read-only"):
        counts[0] = 9.0
    with pytest.raises(ValueError, match="read-only"):
        munu.region("conus").polygons[0][0, 0] = 1.0


def test_notes_of_a_combination_name_their_experiments():
    both = munu.limit(["conus-plus", "coherent-lar-2020"]).origin.notes
    assert all(note.startswith(("conus-plus: ", "coherent-lar-2020: ")) for note in both)
    alone = munu.limit("conus-plus").origin.notes
    assert [f"conus-plus: {note}" for note in alone] == [n for n in both if n.startswith("conus")]
    shared = set(munu.limit("conus").origin.notes) & set(munu.limit("connie").origin.notes)
    assert shared
    assert shared <= set(munu.limit(["conus", "connie"]).origin.notes)


def test_a_p_value_no_toy_reaches_is_a_bound():
    fit = munu.fit("coherent-csi-2017", toys=0)
    assert replace(fit, toys=300, p_value_toys=1 / 301).toy_p_value_text() == "< 0.0034"
    fewer = replace(fit, toys=300, failed_toys=200, p_value_toys=1 / 101)
    assert fewer.toy_p_value_text() == "< 0.010"
    assert replace(fit, toys=300, p_value_toys=2 / 301).toy_p_value_text() == "0.0066"


def test_the_pull_of_a_free_normalisation_has_digits():
    rows = {row[0]: row for row in munu.fit("dresden-ii", toys=0).tables()[2].rows}
    _, pull, uncertainty = rows["flat:dresden-ii"]
    assert float(uncertainty) > 0
    assert len(uncertainty.lstrip("0.")) == 3
    assert len(pull) == len(uncertainty) + 1


def test_phases_of_an_envelope_have_no_noise():
    envelope = munu.envelope("conus")
    n = envelope.angle.size
    noise = np.resize([-np.pi, np.pi, -np.pi + 1e-9, 1e-15, -1e-15, -1.5], (n, 2))
    table = replace(envelope, outer_phases=noise).tables()[0]
    shown = {cell for row in table.rows for cell in row[2:]}
    assert shown == {"3.142", "0", "-1.500"}


def test_a_region_names_other_moments_only_where_some_are_left():
    assert "other moments zero" not in str(munu.region("conus", profile="Lambda_3"))
    assert "Profiled over ξ₁, other moments zero" in str(munu.region("conus", profile="xi_1"))


def kinds_of(result):
    for kind in result.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def test_no_key_of_a_result_in_json_is_one_of_its_assumptions_or_of_its_origin():
    """Two fields of one key would overwrite each other; channels say the same in both places."""
    for kind in kinds_of(Result):
        hints = get_type_hints(kind)
        parts = {hints[one.name] for one in fields(kind)} & {Origin, Assumptions}
        shared = [one for part in parts for one in fields(part)]
        own = [one for one in fields(kind) if hints[one.name] not in (Origin, Assumptions)]
        twice = {key_of(one) for one in own} & {key_of(one) for one in shared}
        assert twice <= {"channels"}, kind


def test_a_spectrum_says_the_mass_that_its_couplings_depend_on_and_their_caveats():
    given = {"values": {"g_universal": 1e-5}, "mediator_mass": "1 MeV"}
    found = munu.spectrum("conus", recoil_energy_kev=[0.5, 1.0], **given)
    assert found.settings == {"mediator_mass": "1 MeV"}
    assert "mediator mass 1 MeV" in str(found)
    charge = {"values": {"millicharge_ee": 1e-13}}
    (note, *_) = munu.spectrum("conus", recoil_energy_kev=[0.5], **charge).origin.notes
    assert note.startswith("A diagonal entry is one of Dirac neutrinos")


def test_entries_of_the_first_version_s_recipes_are_counted_from_one():
    first = {**show("coherent-csi-2021").to_dict(), "version": "0.1.0"}
    quantities = [one.quantity for one in RecipeResult.from_dict(first).ingredients]
    assert "backgrounds[2].sigma" in quantities
    assert "backgrounds[1].sigma" not in quantities
