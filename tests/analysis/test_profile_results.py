"""Results of curves: tables, CSV and pictures, failed points, curves without a limit."""

import json

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.physics.assumptions import Assumptions
from munu.plotting.profiles import plot_limit_profile
from munu.results import read_json
from munu.results.core.base import Origin
from munu.results.limit import FailedPoint, ProfileResult
from munu.statistics.limits.intervals import Curve

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


def test_profile_csv_is_the_curve():
    curve = ProfileResult(
        parameter="Lambda_2",
        others="zero",
        moment_mu_b=np.array([0.0, 1e-10]),
        delta_chi2=np.array([0.0, 4.0]),
        unbounded_because="",
        failures=(),
        assumptions=ASSUMPTIONS,
        origin=ORIGIN,
    )
    rows = [line.split(",")[:2] for line in curve.to_csv().splitlines()]
    assert rows == [["Lambda_2_mu_b", "delta_chi2"], ["0.0", "0.0"], ["1e-10", "4.0"]]


def test_a_profile_marks_failed_points_and_leaves_a_gap():
    curve = ProfileResult(
        parameter="Lambda_2",
        others="profiled",
        moment_mu_b=np.array([0.0, 1e-10, 2e-10]),
        delta_chi2=np.array([0.0, np.inf, 4.0]),
        unbounded_because="",
        failures=(FailedPoint(index=1, reason="the nuisance 'x' does not converge"),),
        assumptions=ASSUMPTIONS,
        origin=ORIGIN,
    )
    np.testing.assert_array_equal(curve.failed, [1])
    assert '"delta_chi2": [0.0, null, ' in curve.to_json()
    assert read_json(curve.to_json()).to_json() == curve.to_json()
    assert json.loads(curve.to_json())["failures"] == [
        {"index": 1, "reason": "the nuisance 'x' does not converge"}
    ]
    told = "Failed at |Λ₂| = 1.00: the nuisance 'x' does not converge."
    assert told in str(curve)
    assert curve.to_csv().splitlines()[2].startswith("1e-10,,")
    _, axes = plot_limit_profile(curve)
    np.testing.assert_array_equal(np.isnan(axes.lines[0].get_ydata()), [False, True, False])
    np.testing.assert_allclose(axes.lines[1].get_xdata(), [1.0])
    assert axes.lines[1].get_label() == told


def test_a_failed_point_keeps_its_reason_on_its_way(monkeypatch):
    curve = Curve(np.array([0.0, np.inf]), {1: "the nuisance 'x' does not converge"})
    monkeypatch.setattr("munu.analysis.profile.profile_curve", lambda *_, **__: curve)
    found = munu.profile("conus", moment_mu_b=[0.0, 1e-10])
    assert found.failures == (FailedPoint(index=1, reason=curve.failures[1]),)


def test_a_profile_tells_a_few_reasons_and_how_many_points_remain():
    curve = ProfileResult(
        parameter="Lambda_2",
        others="zero",
        moment_mu_b=np.linspace(0.0, 9e-10, 10),
        delta_chi2=np.append(0.0, np.full(9, np.inf)),
        unbounded_because="",
        failures=tuple(FailedPoint(index=i, reason=f"reason {i // 2}") for i in range(1, 10)),
        assumptions=ASSUMPTIONS,
        origin=ORIGIN,
    )
    lines = curve.failure_texts()
    assert lines[1] == "Failed at |Λ₂| = 2.00, 3.00: reason 1."
    assert lines[-1] == "Failed at 4 more."
    assert len(lines) == 4
    assert len(curve.failure_texts(most=5)) == 5


def test_a_flat_curve_says_that_there_is_no_limit():
    flat = munu.profile("conus", others="profiled")
    assert flat.unbounded_because == "blind direction"
    np.testing.assert_allclose(flat.delta_chi2, 0, atol=1e-6)
    assert "rises to no limit: blind direction" in str(flat)
    assert "rises to no limit" not in str(munu.profile("conus"))


def test_values_may_be_texts_with_a_unit() -> None:
    texts = munu.profile("conus", "Lambda_3", at=["1e-10 mu_B", 4e-10])
    assert texts.to_json() == munu.profile("conus", "Lambda_3", at=[1e-10, 4e-10]).to_json()
    radius = munu.profile("conus", "charge_radius_ee", at=["-1e-32 cm2", 0.0])
    assert radius.values.tolist() == [-1e-32, 0.0]
    for parameter in ("Lambda_3", "g_b-l"):
        with pytest.raises(MunuError, match=r"^at = .* is not a list of numbers.* numbers from 0"):
            munu.profile("conus", parameter, at=[[1e-10]], mediator_mass=None)
