"""Envelopes over phases, toys, fits and curves of couplings, each against the likelihood itself."""

import itertools

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.statistics.studies import FormStudy

SUN, PLANE = "xenonnt-sr0-er", ("epsilon_eL_ee", "epsilon_eL_emu")
PHASES = np.linspace(-np.pi, np.pi, 181)


@pytest.fixture(scope="module")
def envelope():
    return munu.envelope(SUN, PLANE)


def over_phases(vertices):
    """Return χ² at points of the plane, shape (n, phases)."""
    chi2 = munu.likelihood(SUN, [*PLANE, "phase_epsilon_eL_emu"]).chi2
    points = np.array([[*xy, phase] for xy, phase in itertools.product(vertices, PHASES)])
    return chi2(points).reshape(len(vertices), -1)


def test_an_envelope_is_where_the_best_and_the_worst_phase_reach_the_level(envelope):
    level = envelope.chi2_min + delta_chi2(0.90, 2)
    for pieces, extreme in ((envelope.outer, np.min), (envelope.inner, np.max)):
        (piece,) = pieces
        inside = piece[piece[:, 1] > 0.02][::15]
        assert len(inside) > 5
        found = extreme(over_phases(inside), axis=1)
        assert found == pytest.approx(level, abs=2e-3)


def test_both_meet_where_the_modulus_is_zero_and_at_one_point_more(envelope):
    (outer,), (inner,) = envelope.outer, envelope.inner
    for x in (inner[:, 0].min(), inner[:, 0].max()):
        assert np.abs(outer - [x, 0.0]).sum(axis=1).min() < 0.02
    assert inner[:, 1].max() < outer[:, 1].max()


def test_an_envelope_is_saved_printed_and_refused(envelope):
    again = munu.read_json(envelope.to_json())
    assert again.to_json() == envelope.to_json()
    assert "allowed for" in str(again)
    assert envelope.to_csv().startswith("region,piece,epsilon_eL_ee,epsilon_eL_emu")
    for vary in (["epsilon_eL_mumu"], ["phase_epsilon_eL_etau"]):
        with pytest.raises(MunuError, match=r"varies phases|changes nothing"):
            munu.envelope(SUN, PLANE, vary=vary)
    with pytest.raises(MunuError, match="no phase is varied: neither epsilon_eL_ee nor"):
        munu.envelope(SUN, ("epsilon_eL_ee", "epsilon_eR_ee"))


def test_coverage_of_a_gaussian_count_far_from_the_mirror_is_what_wilks_says():
    found = munu.coverage("conus-plus", "epsilon_u_ee", at=[0.0], toys=150, seed=3)
    assert found.coverage[0] == pytest.approx(0.90, abs=4 * found.coverage_error[0] + 0.02)
    assert found.observed_delta_chi2[0] == pytest.approx(
        munu.limit("conus-plus", "epsilon_u_ee").standard_model_delta_chi2, abs=1e-6
    )
    again = munu.coverage("conus-plus", "epsilon_u_ee", at=[0.0], toys=150, seed=3)
    assert again.to_json() == found.to_json()
    assert munu.read_json(found.to_json()).to_json() == found.to_json()


def test_coverage_of_a_coupling_takes_a_combination():
    both = ["conus-plus", "coherent-csi"]
    found = munu.coverage(both, "charge_radius_ee", at=[0.0], toys=200, seed=3)
    assert found.origin.experiments == ("conus-plus@current", "coherent-csi@current")
    assert found.coverage[0] == pytest.approx(0.90, abs=4 * found.coverage_error[0])
    parallel = munu.coverage(both, "charge_radius_ee", at=[0.0], toys=200, seed=3, workers=2)
    assert parallel == found


def test_one_side_of_a_coupling_that_begins_at_zero():
    """Half of the toys of no mediator have their best fit at zero; above it q is not counted."""
    options = {"mediator_mass": "30 MeV", "one_sided": True, "toys": 600}
    found = munu.coverage("conus-plus", "g_b-l", at=[0.0, 4e-5], **options)
    assert found.delta_chi2 == pytest.approx(1.642, abs=1e-3)
    assert found.coverage[0] == 1
    assert found.coverage[1] == pytest.approx(0.90, abs=4 * found.coverage_error[1] + 0.01)
    assert found.observed_delta_chi2[0] == 0
    assert "covering Δχ²" in str(found)
    assert "Feldman-Cousins" not in str(found)


def test_a_plane_that_fills_its_gaps_goes_on_from_its_state(tmp_path):
    options = {"plane": "epsilon_u_ee,mu_nu_e", "at": [(0.0, 0.0), (0.0, 3e-10)], "seed": 4}
    state = tmp_path / "toys.jsonl"
    first = munu.coverage("conus-plus", toys=100, state=state, **options)
    more = munu.coverage("conus-plus", toys=200, state=state, **options)
    assert more == munu.coverage("conus-plus", toys=200, workers=2, **options)
    assert first.toys == 100
    merged = munu.merge(tmp_path / "all.jsonl", [state])
    assert merged.toys.tolist() == [200, 200]
    with pytest.raises(MunuError, match="another study"):
        munu.coverage("conus-plus", toys=100, state=state, **{**options, "seed": 5})


def test_coverage_of_a_plane_of_two_couplings_far_from_bounds():
    both, plane = ["conus-plus", "coherent-csi-2021"], "epsilon_u_ee,epsilon_u_mumu"
    found = munu.coverage(both, plane=plane, at=[(0.0, 0.0)], toys=200)
    assert found.delta_chi2 == pytest.approx(4.605, abs=1e-3)
    assert found.coverage[0] == pytest.approx(0.90, abs=4 * found.coverage_error[0])
    assert munu.read_json(found.to_json()).to_json() == found.to_json()
    assert "Coverage of Δχ² ≤ 4.605" in str(found)
    assert found.to_csv().startswith("epsilon_u_ee,epsilon_u_mumu,coverage")
    likelihood = munu.likelihood(both, plane.split(","))
    region = munu.region(both, plane)
    rise = float(likelihood.chi2([[0.0, 0.0]])[0]) - region.chi2_min
    assert found.observed_delta_chi2[0] == pytest.approx(rise, abs=1e-3)


def test_the_default_points_of_a_plane_are_on_the_edge_and_those_of_moments_are_bounded():
    found = munu.coverage("coherent-csi-2021", plane="mu_nu_e,mu_nu_mu", toys=25)
    assert found.points[0].tolist() == [0, 0]
    assert found.points.shape == (7, 2)
    assert found.observed_delta_chi2[1:] == pytest.approx(found.delta_chi2, abs=0.02)
    expected = munu.coverage("coherent-csi-2021", plane="mu_nu_e,mu_nu_mu", toys=1, expected=True)
    assert expected.observed_delta_chi2[0] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"others": "profiled"}, "others are those of one parameter"),
        ({"one_sided": True}, "no sides"),
        ({"moment_mu_b": [1e-10]}, "moment_mu_b is for a moment alone"),
        ({"parameter": "mu_eff"}, "mu_eff is named beside a plane"),
        ({"parameter": "Lambda_1"}, "Lambda_1 is named beside a plane"),
        ({"at": [0.1]}, "not a list of points of a plane"),
        ({"at": [(0.1, np.nan)]}, "out of range"),
        ({"plane": "epsilon_u_ee"}, "a plane has two axes"),
    ],
)
def test_what_coverage_of_a_plane_refuses(options, message):
    asked = {"plane": "epsilon_u_ee,mu_nu_e", "toys": 2} | options
    with pytest.raises(MunuError, match=message) as refused:
        munu.coverage("conus-plus", **asked)
    assert "\n" not in refused.value.message


def test_a_region_of_a_number_and_a_length_ends_where_the_likelihood_says():
    """One coupling is 1e-32 of the other in their units: axes are those of equal sizes."""
    plane = ("epsilon_u_ee", "charge_radius_mumu")
    found = munu.region("coherent-csi-2021", plane)
    vertices = np.concatenate(found.polygons)[::7]
    chi2 = munu.likelihood("coherent-csi-2021", plane).chi2(vertices)
    assert chi2 - found.chi2_min == pytest.approx(found.delta_chi2, abs=0.02)
    assert np.ptp(vertices[:, 0]) > 0.4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"one_sided": True}, "one_sided"),
        ({"moment_mu_b": [1e-10]}, "moment_mu_b is for a moment alone"),
        ({"at": [np.nan]}, "out of range"),
    ],
)
def test_what_toys_of_a_coupling_refuse(options, message):
    with pytest.raises(MunuError, match=message):
        munu.coverage("conus-plus", "epsilon_u_ee", toys=2, **options)


def test_a_fit_is_where_the_likelihood_is_lowest_and_its_intervals_end_one_above():
    names = ["sin2_theta_w", "epsilon_u_mumu"]
    found = munu.fit("coherent-csi-2021", names, toys=0)
    likelihood = munu.likelihood("coherent-csi-2021", names)
    best = [one.best_fit for one in found.fitted]
    assert found.chi2 == pytest.approx(float(likelihood.chi2(best)), abs=1e-6)
    assert found.degrees_of_freedom == munu.fit("coherent-csi-2021", toys=0).degrees_of_freedom - 2
    grid = np.linspace(-0.5, 0.8, 261)
    for end in found.fitted[0].intervals.ravel():
        if 0 < end < 1:
            along = likelihood.chi2([[end, other] for other in grid])
            assert along.min() == pytest.approx(found.chi2 + 1, abs=0.02)


def test_a_rate_with_couplings_is_that_of_the_likelihood():
    values = {"charge_radius_mumu": "-30e-32 cm2", "epsilon_u_ee": 0.1}
    found = munu.rate("coherent-csi-2021", values=values)
    likelihood = munu.likelihood("coherent-csi-2021", list(values))
    expected = likelihood.predict([-30e-32, 0.1]).sum()
    assert found.events == pytest.approx(float(expected), rel=1e-10)
    assert sum(one.events for one in found.components) == pytest.approx(found.events, rel=1e-12)


def test_values_of_a_curve_and_a_scan_are_not_those_of_the_question():
    """A result has values of its own beside the couplings that are fixed."""
    given = {"epsilon_d_ee": 0.01}
    for found in (
        munu.profile("conus-plus", "epsilon_u_ee", at=[0.0, 0.1], values=given),
        munu.scan("conus-plus", "epsilon_u_ee", over="target.mass", at=["1 kg"], values=given),
    ):
        document = found.to_dict()
        assert document["with_values"] == given
        assert len(document["values"]) == found.values.size
        assert munu.read_json(found.to_json()).assumptions == found.assumptions


def test_toys_of_a_coupling_that_fail_are_counted_and_the_first_says_why(monkeypatch):
    def sometimes(self, *arguments):
        found = fitted(self, *arguments)
        return ["made to fail" if i % 5 == 2 else one for i, one in enumerate(found)]

    fitted = FormStudy.outcomes
    monkeypatch.setattr(FormStudy, "outcomes", sometimes)
    found = munu.coverage("conus-plus", "epsilon_u_ee", at=[0.0], toys=10, seed=3)
    assert found.failed.tolist() == [2]
    assert found.first_failure == "epsilon_u_ee = 0, toy 3: made to fail"
    assert "2 toys failed and are left out. The first: epsilon_u_ee = 0, toy 3" in str(found)
    assert munu.read_json(found.to_json()).first_failure == found.first_failure


def test_units_that_a_scan_does_not_know_are_named():
    with pytest.raises(MunuError, match=r"unknown unit 'kgg' in target.mass. Did you mean 'kg'"):
        munu.scan("conus-plus", "epsilon_u_ee", over="target.mass", at=["1 kgg"])
    with pytest.raises(MunuError, match=r"'heavy' is not a value of target.mass"):
        munu.scan("conus-plus", "epsilon_u_ee", over="target.mass", at=["heavy"])


def test_the_best_point_of_a_fit_is_that_of_its_parameters_in_any_order():
    names = ["charge_radius_mumu", "mu_nu_mu"]
    for asked in (names, names[::-1]):
        found = munu.fit("coherent-csi-2021", asked, toys=0)
        best = {one.name: one.best_fit for one in found.fitted}
        assert best["mu_nu_mu"] > 1e-9
        assert found.with_values == pytest.approx(best, rel=1e-4)


def test_a_best_value_that_differs_from_zero_by_rounding_is_zero():
    found = munu.fit("coherent-csi-2017", ["mu_nu_e", "mu_nu_mu"], toys=0)
    assert found.with_values == {"mu_nu_e": 0.0, "mu_nu_mu": 0.0}


@pytest.mark.parametrize(
    ("name", "parameter", "values"),
    [
        ("conus-plus", "epsilon_u_ee", {"epsilon_d_ee": 5.0}),
        ("conus-plus", "epsilon_d_ee", {"epsilon_u_ee": -6.0}),
        ("coherent-csi-2021", "epsilon_u_ee", {"epsilon_d_ee": -5.0}),
    ],
)
def test_both_solutions_are_found_far_from_zero(name, parameter, values):
    """At zero there are far too many events; nuisances there are not those of a solution."""
    found = munu.limit(name, parameter, values=values)
    assert len(found.intervals) == 2
    likelihood = munu.likelihood(name, [parameter], values=values)
    level = found.chi2_min + found.delta_chi2
    np.testing.assert_allclose(likelihood.chi2(np.ravel(found.intervals)[:, None]), level)
    low, high = found.intervals[0, 0], found.intervals[1, 1]
    grid = np.linspace(low - 1, high + 1, 201)
    inside = (
        (grid[:, None] > found.intervals[:, 0]) & (grid[:, None] < found.intervals[:, 1])
    ).any(1)
    assert np.array_equal(likelihood.chi2(grid[:, None]) < level, inside)


def test_an_interval_far_out_has_both_ends():
    """It begins beyond ten million units of a coordinate whose events at zero are far too many."""
    found = munu.limit("conus-plus", "Lambda_1", values={"Lambda_2": 1e-6})
    np.testing.assert_allclose(found.intervals, [[1.1830e-6, 1.5443e-6]], rtol=1e-4)
