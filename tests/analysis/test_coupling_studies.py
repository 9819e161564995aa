"""Envelopes over phases, toys, fits and curves of couplings, each against the likelihood itself."""

import itertools

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2
from munu.statistics.toys import Toy

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
    with pytest.raises(MunuError, match="0 phases are varied"):
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


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"one_sided": True}, "one_sided"),
        ({"moment_mu_b": [1e-10]}, "moment_mu_b is for moments"),
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
        assert munu.read_json(found.to_json()).conditions == found.conditions


def test_toys_of_a_coupling_that_fail_are_counted_and_the_first_says_why(monkeypatch):
    drawn = itertools.count()

    def sometimes(self, *arguments):
        if next(drawn) % 5 == 2:
            raise MunuError("made to fail")
        return built(self, *arguments)

    built = Toy.likelihood
    monkeypatch.setattr(Toy, "likelihood", sometimes)
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
