"""CLs limits of experiments: what the result says, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.exporting.columns import column_tables
from munu.exporting.hepdata import qualifiers
from munu.results import ClsLimitResult, read_json


@pytest.fixture(scope="module")
def moment() -> ClsLimitResult:
    """Return the limit of one moment."""
    found = munu.limit("coherent-csi-2021", "mu_nu_mu", method="cls")
    assert isinstance(found, ClsLimitResult)
    return found


def test_a_limit_names_its_method_everywhere(moment):
    assert moment.method == "cls"
    assert '"method": "cls"' in moment.to_json()
    assert "CLs limit at 90 % C.L." in str(moment)
    assert "one-sided" in str(moment)
    assert "CLs" in munu.caption(moment)
    assert ",cls," in moment.to_csv()
    assert read_json(moment.to_json()).to_json() == moment.to_json()
    said = {one["name"]: one["value"] for one in qualifiers(moment)}
    assert (said["Method"], said["Sidedness"]) == ("CLs, asymptotic (arXiv:1007.1727)", "one-sided")
    columns = {one.name: one.values for one in column_tables(moment)[0].columns}
    assert list(columns) == ["parameter", "data", "low", "high"]
    assert columns["data"][3] == "expected, quantile 0.5"
    assert columns["high"] == (moment.limit_mu_b, *moment.expected_quantiles[:, 1])


def test_the_limit_is_where_cls_falls_through_the_level(moment):
    at = np.interp(moment.limit_mu_b, moment.values, moment.cls)
    assert at == pytest.approx(0.1, abs=0.005)
    assert np.all(np.diff(moment.cls) <= 0)
    assert moment.cls[0] == pytest.approx(1, abs=1e-6)
    one_sided = munu.limit("coherent-csi-2021", "mu_nu_mu", one_sided=True).limit_mu_b
    assert moment.limit_mu_b > one_sided
    assert np.all(np.diff(moment.expected_quantiles[:, 1]) > 0)


def test_one_side_is_what_it_always_is(moment):
    again = munu.limit("coherent-csi-2021", "mu_nu_mu", method="cls", one_sided=True)
    assert again.to_json() == moment.to_json()


def test_expected_data_give_the_median():
    found = munu.limit("coherent-lar-2020", "mu_nu_mu", method="cls", expected=True)
    assert found.limit_mu_b == pytest.approx(found.expected_quantiles[2, 1], rel=1e-6)


@pytest.mark.parametrize(
    ("names", "options"),
    [
        ("conus", {}),
        (("lz-sr1-er", "xenonnt-sr0-er"), {"parameter": "mu_eff", "expected": True}),
        (("conus", "coherent-csi"), {"others": "profiled", "expected": True}),
    ],
)
def test_a_projection_has_the_limit_of_the_data_it_expects(names, options):
    """CLs is 1 - CL where sqrt(q) is the normal deviate of (1 + CL) / 2, as Wilks' two-sided."""
    found = munu.limit(names, method="cls", **options)
    assert isinstance(found, ClsLimitResult)
    assert found.limit_mu_b == pytest.approx(munu.limit(names, **options).limit_mu_b, rel=1e-5)
    assert found.limit_mu_b == pytest.approx(found.expected_quantiles[2, 1], rel=1e-5)
    assert np.all(np.diff(found.expected_quantiles[:, 1]) > 0)
    assert found.best_fit == pytest.approx(0, abs=1e-3 * found.limit_mu_b)
    assert "From data that are expected without the signal" in str(found)
    assert read_json(found.to_json()).to_json() == found.to_json()


def test_a_coupling_of_a_projection_has_the_intervals_of_the_data_it_expects():
    found = munu.limit("conus", "epsilon_u_ee", method="cls")
    wilks = munu.limit("conus", "epsilon_u_ee").intervals
    assert found.intervals == pytest.approx(wilks, rel=1e-3)
    assert found.origin.notes[0].startswith("From data that are expected")


def test_a_combination_profiled_over_the_others():
    both = ["coherent-csi", "conus-plus", "coherent-ge-mini"]
    found = munu.limit(both, "Lambda_1", others="profiled", method="cls")
    alone = munu.limit(both, "Lambda_1", method="cls")
    assert found.others == "profiled"
    assert alone.limit_mu_b < found.limit_mu_b < np.inf
    assert found.assumptions.phases["xi_1"] == "profiled"


def test_a_blind_direction_leaves_no_limit():
    found = munu.limit("dresden-ii", "Lambda_1", others="profiled", method="cls")
    assert found.limit_mu_b == np.inf
    assert found.unbounded_because == "blind direction"
    assert "∞" in str(found)
    assert read_json(found.to_json()).to_json() == found.to_json()


def test_a_coupling_has_every_interval():
    found = munu.limit("conus-plus", "millicharge_ee", method="cls")
    near, mirror = found.intervals
    assert near[0] < 0 < near[1] < mirror[0] < mirror[1]
    assert found.limit_mu_b is None
    over = np.interp(found.intervals.ravel(), found.values, found.cls)
    assert over == pytest.approx(0.1, abs=0.03)


def test_a_mediator_begins_at_zero():
    found = munu.limit("conus-plus", "g_b-l", mediator_mass="30 MeV", method="cls")
    assert found.intervals.shape == (1, 2)
    assert found.intervals[0, 0] == 0
    assert np.all(found.expected_quantiles[:, 0] == 0)


def test_data_above_the_standard_model_weaken_the_limit():
    high, low = (
        munu.limit(munu.load("coherent-csi", changes={"statistic.observed": n}), method="cls")
        for n in (170.0, 100.0)
    )
    assert high.limit_mu_b > low.limit_mu_b


@pytest.mark.parametrize(
    ("arguments", "options", "match"),
    [
        ((["conus", "coherent-csi"],), {}, "conus: has no observed data, as the others have"),
        ((["conus", "coherent-csi"], "epsilon_u_ee"), {}, "conus: has no observed data"),
        (("gemma", "mu_nu_e"), {}, "gemma: CLs compares data, and of a published bound none"),
        (("gemma", "mu_nu_e"), {"expected": True}, "gemma: CLs compares data"),
        (("coherent-csi",), {"bands": 10}, "bands are of asymptotic"),
        (("coherent-csi",), {"cl": 0.4}, "one-sided"),
        (("coherent-csi",), {"workers": 2}, "workers draw toys"),
        (("coherent-csi",), {"state": "x.jsonl"}, "state keeps"),
        (("conus-plus", "charge_radius_tautau"), {}, "sets no limit"),
        (
            ("coherent-csi", "phase_epsilon_u_emu"),
            {"profile": ["epsilon_u_emu"]},
            "no value of .* is no signal",
        ),
    ],
)
def test_what_is_refused(arguments, options, match):
    with pytest.raises(MunuError, match=match) as refused:
        munu.limit(*arguments, method="cls", **options)
    assert "\n" not in refused.value.message


def test_a_region_has_no_cls():
    with pytest.raises(MunuError, match="unknown method 'cls'"):
        munu.region("coherent-csi", method="cls")
