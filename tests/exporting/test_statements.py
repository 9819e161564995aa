"""What exports and captions say of how a result was made."""

import csv
import io
import json

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.exporting.hepdata import hepdata_files


def rows_of(result):
    return list(csv.DictReader(io.StringIO(result.to_csv())))


@pytest.fixture(scope="module")
def heavier():
    return munu.limit(munu.load("conus", changes={"target.mass": "10 kg"}), "Lambda_3", sigma_sys=0)


def test_what_was_changed_is_said_everywhere(heavier):
    (row,) = rows_of(heavier)
    assert row["experiment"] == "conus@current (changed)"
    assert heavier.origin.changes == ("target.mass = 10 kg",)
    assert heavier.origin.short_names() == ("CONUS (changed)",)
    assert "conus@current (changed)" in heavier.summary()[0]
    assert "conus@current (changed)" in str(heavier)
    assert "Changed here: target.mass = 10 kg." in munu.caption(heavier)
    files = hepdata_files(heavier)
    assert 'name: "Limit conus@current (changed)"' in files["submission.yaml"]
    assert "target.mass = 10 kg" in files["limit-1.yaml"]
    again = munu.read_json(heavier.to_json())
    assert again.origin == heavier.origin


def test_what_was_not_is_not():
    found = munu.limit("conus", "Lambda_3")
    assert found.origin.changes == ()
    assert "changed" not in found.to_json() + str(found) + found.to_csv()


def test_of_several_experiments_the_changed_one_is_marked():
    changed = munu.load("conus", changes={"target.mass": "10 kg"})
    found = munu.limit([changed, "texono"], "Lambda_3")
    assert found.origin.shown() == ("conus@current (changed)", "texono@current")
    assert found.origin.changes_by_name() == ("conus@current: target.mass = 10 kg",)


def test_expected_data_are_said():
    found = munu.limit("conus-plus", "mu_nu_e", expected=True)
    (row,) = rows_of(found)
    assert (row["data"], row["experiment"]) == ("expected", "conus-plus@current (expected data)")
    assert "conus-plus@current (expected data)" in found.summary()[0]


def test_a_submission_has_notes_digests_and_the_version_of_the_result():
    document = json.loads(munu.limit("conus", "Lambda_3").to_json()) | {"version": "0.1.0"}
    found = munu.results.LimitResult.from_dict(document)
    files = hepdata_files(found)
    assert "sigma_sys = 0.2 in Eq. (34)" in files["submission.yaml"]
    assert found.origin.inputs_hash[0] in files["submission.yaml"]
    assert "munu 0.1.0" in files["limit-1.yaml"]
    assert "munu 0.2" not in files["limit-1.yaml"]


def test_a_name_that_is_too_long_ends_behind_an_experiment():
    names = ["conus-plus", "dresden-ii", "coherent-csi-2021", "coherent-lar-2020"]
    submission = hepdata_files(munu.limit(names, "mu_nu_e"))["submission.yaml"]
    expected = "Limit conus-plus@current + dresden-ii@current and 2 more"
    assert f'name: "{expected}"' in submission


def test_a_hole_is_not_a_piece():
    found = munu.region("conus-plus", ("epsilon_u_ee", "epsilon_d_ee"))
    kinds = {row["line"]: row["kind"] for row in rows_of(found)}
    assert kinds == {"1": "outer", "2": "hole"}
    assert len(found.outlines) == 1
    submission = hepdata_files(found)["submission.yaml"]
    assert "piece outer 1" in submission
    assert "piece hole 2" in submission
    # What lies within the hole is excluded.
    hole = np.array(found.polygons[1]).mean(axis=0)
    likelihood = munu.likelihood("conus-plus", found.plane)
    assert likelihood.chi2(hole) - found.chi2_min > found.delta_chi2


def test_rows_say_mediator_couplings_level_and_version():
    found = munu.limit("conus-plus", "g_b-l", mediator_mass="10 MeV", cl=0.95)
    observed, expected = rows_of(found)
    assert "mediator of 10 MeV" in observed["assumptions"]
    assert (observed["cl"], observed["sided"], observed["version"]) == (
        "0.95",
        "two-sided",
        munu.__version__,
    )
    assert float(observed["best_fit"]) == found.best_fit
    assert float(expected["high"]) == found.expected_intervals[0, 1]
    rate = munu.rate("conus-plus", values={"charge_radius_ee": "-5e-32 cm2"})
    assert "⟨r²" in rows_of(rate)[0]["couplings"]


def test_the_rows_of_several_tables_are_not_of_one():
    with pytest.raises(MunuError, match=r"2 tables.*Leave rows_alone"):
        munu.export(
            munu.envelope("conus", ("Lambda_1", "Lambda_2")), format="latex", rows_alone=True
        )
