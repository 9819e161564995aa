"""Feldman-Cousins regions of experiments."""

from __future__ import annotations

import numpy as np
import pytest

import munu
from munu.analysis.drawn_toys import Wanted
from munu.analysis.feldman_cousins_region import PlaneConstruction
from munu.analysis.plane_toys import PlaneToys
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.exporting.columns import column_tables
from munu.exporting.hepdata import qualifiers
from munu.physics.interactions.registry import parameter
from munu.results import FeldmanCousinsRegionResult, read_json
from munu.statistics.build import build
from munu.statistics.likelihoods import as_newton
from munu.statistics.models import CouplingModel, Parametrisation
from munu.statistics.specification import Counts
from munu.statistics.studies import FormStudy

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
    assert moments.to_csv().startswith("line,kind,mu_nu_e_mu_b,mu_nu_mu_mu_b,mu_nu_e_error_mu_b")
    _, axes = munu.plot(moments)
    assert axes.get_xlabel()
    assert len(axes.get_lines()) >= 4


def two_gaussians(observed: tuple[float, float]) -> PlaneConstruction:
    """Return the construction of two measurements of unit width of what is not negative."""
    counts = np.array([1e6, 1e6])
    forms = np.zeros((2, 3, 3))
    forms[:, 0, 0] = counts
    forms[0, 0, 1] = forms[0, 1, 0] = forms[1, 0, 2] = forms[1, 2, 0] = 500.0
    spec = Counts("gaussian", counts + 1e3 * np.array(observed), (), 0.0, variance=counts)
    likelihood = as_newton([build(spec, "x", counts)], counts)
    plain = Parametrisation.plain(np.eye(2), np.empty((2, 0)))
    domain = np.array([[0.0, np.inf]] * 2)
    study = FormStudy((spec,), CouplingModel(("x",), likelihood, forms), plain, domain)
    shown = (parameter("mu_nu_e"), parameter("mu_nu_mu"))
    given = munu.Assumptions()
    toys = PlaneToys((), given, shown, study, np.asarray, np.asarray, (), given)
    return PlaneConstruction(toys, 0.9)


def rise(data, truth):
    """Return Δχ² of data (n, 2) at a truth: the best fit is not negative."""
    return np.sum((data - truth) ** 2 - np.minimum(data, 0.0) ** 2, axis=-1)


@pytest.mark.parametrize("observed", [(0.5, 1.0), (-0.7, 2.5)])
def test_the_region_covers_what_toys_are_drawn_at_independently(observed):
    """At a point of the edge the data's Δχ² exceeds that of CL of the toys, NumPy's own here."""
    wanted = Wanted.checked(0.03, 1, 1, None, None, None)
    found = two_gaussians(observed).found(wanted)
    rng, n = np.random.default_rng(99), 20_000
    tested = 0
    for polygon, errors in zip(found["polygons"], found["edge_error"], strict=True):
        for truth, error in zip(polygon[::25], errors[::25], strict=True):
            q = rise(rng.normal(truth, 1.0, (n, 2)), truth)
            ends = [rise(np.array(observed), truth + side * error) for side in (-4, 4)]
            low, high = (float((q < end).mean()) for end in ends)
            binomial = 4 * np.sqrt(0.09 / n)
            assert low - binomial < 0.9 < high + binomial
            assert high - low < 0.12
            tested += 1
    assert tested >= 4


@pytest.mark.parametrize("experiment", ["coherent-csi", "conus-plus"])
def test_the_region_of_one_count_ends_on_an_axis_where_the_limit_does(experiment):
    """Its toys have a curve of best fits, and depend on the count alone: one degree of freedom."""
    options = {"method": "feldman-cousins", "precision": 0.02}
    found = munu.region(experiment, ("Lambda_1", "Lambda_2"), **options)
    limit = munu.limit(experiment, "Lambda_1", **options)
    on_axis = [
        (polygon[row, 0], error[row, 0])
        for polygon, error in zip(found.polygons, found.edge_error, strict=True)
        for row in np.flatnonzero(polygon[:, 1] == 0)
    ]
    end, error = max(on_axis)
    both = float(np.hypot(error, limit.edge_error[0, 1]))
    assert end == pytest.approx(limit.limit_mu_b, abs=4 * both)
    assert error <= 0.02 * end


def test_processes_draw_the_same(moments):
    again = munu.region("coherent-csi-2021", ("mu_nu_e", "mu_nu_mu"), workers=2, **METHOD)
    assert again == moments


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
        (("conus-plus", "mu_nu_e,mu_nu_mu"), {}, "no event that tells mu_nu_mu"),
        (("coherent-csi", "Lambda_1,Lambda_2"), {"precision": 0.0}, "precision"),
        (("conus", "epsilon_u_ee,epsilon_d_ee"), {}, "no data that could fluctuate"),
        (("coherent-csi", "Lambda_1,Lambda_2"), {"workers": 0}, "workers"),
        (("coherent-csi",), {"workers": 2, "method": "asymptotic"}, "workers draw toys"),
    ],
)
def test_what_is_refused(arguments, options, match):
    with pytest.raises(MunuError, match=match):
        munu.region(*arguments, **{**METHOD, **options})
