"""Feldman-Cousins regions of experiments."""

from __future__ import annotations

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.exporting.columns import column_tables
from munu.exporting.hepdata import qualifiers
from munu.results import FeldmanCousinsRegionResult, read_json

METHOD = {"method": "feldman-cousins", "precision": 0.2}


@pytest.fixture(scope="module")
def moments() -> FeldmanCousinsRegionResult:
    """Return a region of two moments."""
    found = munu.region("coherent-csi-2021", ("mu_nu_e", "mu_nu_mu"), **METHOD)
    assert isinstance(found, FeldmanCousinsRegionResult)
    return found


def test_the_edge_is_where_the_data_equal_critical_values(moments):
    likelihood = munu.likelihood("coherent-csi-2021", ["mu_nu_e", "mu_nu_mu"])
    (polygon,) = moments.polygons
    chi2 = likelihood.chi2(polygon)
    lowest = likelihood.chi2(moments.best_fit[None])[0]
    low, high = moments.critical_delta_chi2.min(), moments.critical_delta_chi2.max()
    rise = chi2 - lowest
    assert np.all((rise > low - 0.5) & (rise < high + 0.5))
    # At the bounds toys have the critical values of fewer parameters.
    assert high < delta_chi2(0.9, 2)
    assert np.all(polygon.max(axis=0) < moments.asymptotic_polygons[0].max(axis=0))


def test_a_region_says_how_it_was_made(moments):
    assert moments.method == "feldman-cousins"
    assert moments.reached <= 0.2
    assert moments.toys == moments.toys_per_point.sum()
    assert moments.edge_error[0].shape == moments.polygons[0].shape
    assert np.all(np.hypot(*moments.edge_error[0].T) > 0)
    assert read_json(moments.to_json()).to_json() == moments.to_json()
    assert "Feldman-Cousins" in str(moments)
    assert moments.to_csv().startswith("piece,mu_nu_e_mu_b,mu_nu_mu_mu_b,mu_nu_e_error_mu_b")
    _, axes = munu.plot(moments)
    assert axes.get_xlabel()
    assert len(axes.get_lines()) >= 4


def test_processes_draw_the_same(moments):
    again = munu.region("coherent-csi-2021", ("mu_nu_e", "mu_nu_mu"), workers=2, **METHOD)
    assert again.to_json() == moments.to_json()


def test_hepdata_has_vertices_and_errors_in_their_unit(moments):
    (table,) = column_tables(moments)
    names = ["mu_nu_e", "mu_nu_mu", "mu_nu_e_error", "mu_nu_mu_error"]
    assert [one.name for one in table.columns] == names
    assert {one.unit for one in table.columns} == {"$\\mu_B$"}
    said = {one["name"]: one["value"] for one in qualifiers(moments)}
    assert said["Method"] == "feldman-cousins, toy experiments"
    assert said["Other parameters"] == "zero"


@pytest.mark.parametrize(
    ("arguments", "options", "match"),
    [
        (("conus", "Lambda_1,Lambda_2"), {}, "no data that could fluctuate"),
        (("coherent-csi", "Lambda_1,xi_1"), {}, "two moduli"),
        (("coherent-csi", "Lambda_1,Lambda_2"), {"precision": 0.0}, "precision"),
        (("conus", "epsilon_u_ee,epsilon_d_ee"), {}, "no data that could fluctuate"),
        (("coherent-csi", "Lambda_1,Lambda_2"), {"workers": 0}, "workers"),
        (("coherent-csi",), {"workers": 2, "method": "asymptotic"}, "workers draw toys"),
        (("coherent-csi",), {"state": "toys.jsonl"}, "unknown keyword 'state' in region"),
    ],
)
def test_what_is_refused(arguments, options, match):
    with pytest.raises(MunuError, match=match):
        munu.region(*arguments, **{**METHOD, **options})
