"""Limits in a real browser are those of the package."""

from dataclasses import replace

import numpy as np
import pytest

import munu
from munu.analysis.couplings import couplings_of
from munu.analysis.question import question
from munu.analysis.statement import fold_assumed
from munu.base.thresholds import limit_delta_chi2
from munu.physics.assumptions import Assumptions

CLOSE = 1e-8
"""Of the page's limits, relative to the package's."""


MOMENT_LIMITS = [
    ({"data": ["conus"]}, "Lambda_1", {}),
    ({"data": ["conus"], "sides": "one", "cl": 0.95}, "Lambda_2", {"one_sided": True, "cl": 0.95}),
    ({"data": ["coherent-csi"], "recoil": "nuclear"}, "Lambda_2", {"channels": "nuclear"}),
    ({"data": ["coherent-csi"], "expected": 1}, "Lambda_3", {"expected": True}),
    ({"data": ["coherent-csi"], "delta_cp": 1.2}, "Lambda_1", {"delta_cp": 1.2}),
    ({"data": ["xenonnt-sr0-er"], "group": "flavour-moments"}, "Lambda_mu", {}),
    ({"data": ["borexino-phase-ii"], "group": "effective-moments"}, "mu_nu_mu", {}),
    ({"data": ["conus", "xenonnt-sr0-er"], "group": "common-moment"}, "mu_eff", {}),
    # Shapes that have several minima, and two moments with phases that are free.
    (
        {"data": ["coherent-csi-2017"], "free": ["Lambda_2", "Lambda_3"], "y": ""},
        "Lambda_1",
        {"others": "profiled"},
    ),
    # The one with shapes, of the signal and in time, and a normalisation that data pull far.
    ({"data": ["coherent-csi-2017"], "y": "", "cl": 0.9973}, "Lambda_1", {"cl": 0.9973}),
    (
        {"data": ["conus", "coherent-csi"], "free": ["Lambda_1", "Lambda_2"], "y": ""},
        "Lambda_3",
        {"others": "profiled"},
    ),
]


@pytest.mark.parametrize(("state", "name", "options"), MOMENT_LIMITS)
def test_limits_on_moments_are_those_of_the_package(tab, page, state, name, options, seen, ends):
    rows, _, problem = seen(tab, page, x=name, **state)
    found = munu.limit(state["data"], name, **options)
    assert problem == ""
    assert ends(rows[name]) == pytest.approx([found.lower_mu_b, found.limit_mu_b], rel=CLOSE)


def test_shapes_are_interpolated_as_the_file_says(tab, tmp_path, seen, ends):
    loaded = munu.load("coherent-csi-2017")
    statistic = replace(loaded.statistic, interpolation="polynomial")
    other = replace(loaded, statistic=statistic)
    own = munu.explore(other, output=tmp_path / "page.html")
    options = {"cl": 0.9973}
    rows, _, _ = seen(tab, own, data=["coherent-csi-2017"], x="Lambda_1", y="", **options)
    found, before = (munu.limit(one, "Lambda_1", **options) for one in (other, loaded))
    assert ends(rows["Lambda_1"]) == pytest.approx([found.lower_mu_b, found.limit_mu_b], rel=CLOSE)
    assert abs(found.limit_mu_b / before.limit_mu_b - 1) > 100 * CLOSE


def test_shapes_of_the_page_saturate_where_the_file_says_so(tab, tmp_path, seen, ends):
    """At three standard deviations of the limit the charge yield is at -1.9 of its own."""
    name, cl = "Lambda_2", 0.9973
    own = munu.explore("xenonnt-s2only", output=tmp_path / "page.html")
    rows, _, problem = seen(tab, own, data=["xenonnt-s2only"], x=name, y="", cl=cl)
    found = munu.limit("xenonnt-s2only", name, cl=cl)
    assert problem == ""
    assert ends(rows[name]) == pytest.approx([found.lower_mu_b, found.limit_mu_b], rel=CLOSE)


@pytest.mark.parametrize(
    ("state", "name", "options"),
    [
        ({"data": ["conus-plus"], "group": "couplings"}, "epsilon_u_ee", {}),
        (
            {"data": ["conus-plus"], "group": "couplings", "value": "epsilon_d_ee=0.05"},
            "epsilon_u_ee",
            {"values": {"epsilon_d_ee": 0.05}},
        ),
        ({"data": ["conus-plus"], "group": "couplings"}, "sin2_theta_w", {}),
        (
            {"data": ["conus-plus"], "group": "couplings", "free": ["sin2_theta_w"]},
            "epsilon_u_ee",
            {"profile": "sin2_theta_w"},
        ),
        # Two islands, and a free angle that meets its bounds.
        (
            {
                "data": ["conus-plus", "coherent-csi"],
                "group": "couplings",
                "free": ["sin2_theta_w"],
            },
            "charge_radius_ee",
            {"profile": "sin2_theta_w"},
        ),
        (
            {
                "data": ["coherent-csi"],
                "group": "couplings",
                "free": ["sin2_theta_w", "charge_radius_emu"],
            },
            "charge_radius_mumu",
            {"profile": ["sin2_theta_w", "charge_radius_emu"]},
        ),
        ({"data": ["coherent-csi"], "group": "mediator-10"}, "g_b-l", {"mediator_mass": "10 MeV"}),
    ],
)
def test_intervals_of_couplings_are_those_of_the_package(
    tab, page, state, name, options, seen, ends
):
    rows, _, _ = seen(tab, page, x=name, y="", **state)
    found = munu.limit(state["data"], name, **options)
    assert ends(rows[name]) == pytest.approx(found.intervals.ravel().tolist(), rel=CLOSE)


def test_chi2_of_a_charge_radius_is_that_of_the_likelihood(tab, page, seen, ends):
    name, given = "charge_radius_ee", Assumptions()
    rows, _, _ = seen(
        tab, page, data=["conus-plus", "xenonnt-sr0-er"], group="couplings", x=name, y=""
    )
    folded, settled = fold_assumed(["conus-plus", "xenonnt-sr0-er"], None, given)
    model = couplings_of(folded, question((name,), (), given), settled).model
    points = np.array([[1.0, x] for x in ends(rows[name])])
    chi2 = model.likelihood.chi2(np.einsum("bjk,mj,mk->mb", model.forms, points, points))
    level = float(rows[name]["chi2"]) + limit_delta_chi2(0.9)
    assert chi2 == pytest.approx(np.full(len(points), level), abs=1e-7)


def test_one_side_is_refused_where_the_package_refuses_it(tab, page, seen, ends):
    data, name, options = ["conus-plus"], "sin2_theta_w", {"one_sided": True}
    rows, _, _ = seen(tab, page, data=data, group="couplings", x=name, y="", sides="one")
    with pytest.raises(munu.MunuError, match="of a limit from above"):
        munu.limit(data, name, **options)
    assert "intervals" not in rows[name]
    assert "choose two-sided" in tab.locator("#said").text_content()
    assert f"interval,{name}," not in tab.locator("#numbers").text_content()
    modulus = "charge_radius_emu"
    found = munu.limit(data, modulus, **options)
    assert ends(rows[modulus]) == pytest.approx(found.intervals.ravel().tolist(), rel=CLOSE)


def test_mediators_are_limited_one_by_one(tab, page, seen, ends):
    """Others that an address names are left out, as the package refuses them."""
    state = {"x": "g_b-l", "y": "g_universal", "free": "g_lmu-ltau", "value": "g_universal=2e-5"}
    rows, plane, _ = seen(tab, page, data=["conus-plus"], group="mediator-10", **state)
    with pytest.raises(munu.MunuError, match="two mediators"):
        munu.limit("conus-plus", "g_b-l", mediator_mass="10 MeV", values={"g_universal": 2e-5})
    assert plane is None
    assert tab.locator("#y").is_disabled()
    assert tab.locator("#values input[type=range]").count() == 1
    for name in ("g_b-l", "g_universal"):
        found = munu.limit("conus-plus", name, mediator_mass="10 MeV")
        assert ends(rows[name]) == pytest.approx(found.intervals.ravel().tolist(), rel=CLOSE)
