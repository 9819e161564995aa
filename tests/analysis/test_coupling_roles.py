"""Couplings and moments beside each other: others, phases, mirrors and the Standard Model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.results import CouplingLimitResult


def test_others_of_a_moment_are_profiled_beside_a_coupling_too():
    changes = {"interaction.radiative": False, "interaction.sin2_theta_w": 0.23}
    tree = munu.load("coherent-csi-2021", changes=changes)
    alone = munu.limit(tree, "Lambda_1", others="profiled")
    beside = munu.limit(tree, "Lambda_1", others="profiled", values={"sin2_theta_w": 0.23})
    assert beside.profiled == ("Lambda_2", "Lambda_3")
    assert beside.intervals[0, 1] == pytest.approx(alone.limit_mu_b, rel=1e-4)
    both = munu.limit(tree, "Lambda_1", others="profiled", profile="sin2_theta_w")
    assert both.profiled == ("sin2_theta_w", "Lambda_2", "Lambda_3")
    slice_ = munu.limit(tree, "Lambda_1", profile="sin2_theta_w")
    assert both.intervals[-1, 1] > 1.3 * slice_.intervals[-1, 1]


@pytest.mark.parametrize("question", [munu.limit, munu.profile, munu.coverage])
@pytest.mark.parametrize("name", ["sin2_theta_w", "mu_eff"])
def test_others_of_a_family_of_one_are_refused(question, name):
    with pytest.raises(MunuError, match=f"no difference to {name}: no other is of its family"):
        question("coherent-csi-2021", name, others="profiled")


@pytest.mark.parametrize(
    "question",
    [
        lambda: munu.limit("conus", profile="xi_1"),
        lambda: munu.region("conus", "sin2_theta_w,xi_1"),
        lambda: munu.envelope("conus", "epsilon_u_ee,delta_cp"),
    ],
)
def test_a_phase_of_moments_is_no_axis_beside_couplings(question):
    with pytest.raises(MunuError, match="is a phase, which regions, envelopes, posteriors"):
        question()


def test_an_envelope_of_real_couplings_says_that_no_phase_is_varied():
    with pytest.raises(MunuError, match="neither sin2_theta_w nor epsilon_u_ee is complex"):
        munu.envelope("conus", "sin2_theta_w,epsilon_u_ee")


def test_one_phase_alone_is_refused_by_a_profiled_scan_as_by_a_limit():
    question = {"others": "profiled", "xi_1": 0.4}
    with pytest.raises(MunuError, match="xi_1 is given and xi_2 is not"):
        munu.scan("conus", "Lambda_1", over="target.mass", at=["1 kg"], **question)
    with pytest.raises(MunuError, match="xi_1 is given and xi_2 is not"):
        munu.limit("coherent-csi-2021", "Lambda_1", profile="sin2_theta_w", **question)


def test_one_bin_beside_thousands_keeps_its_events():
    """Of CONUS+ and liquid argon: ends are where the likelihood itself says."""
    names = ["conus-plus", "coherent-lar-2020"]
    found = munu.limit(names, "sin2_theta_w", profile="mu_nu_e")
    likelihood = munu.likelihood(names, ["sin2_theta_w", "mu_nu_e"])
    (ends,) = found.intervals
    for end in ends:
        moments = np.linspace(0, 8e-10, 161)
        chi2 = likelihood.chi2(np.column_stack([np.full(moments.size, end), moments]))
        assert chi2.min() - found.chi2_min == pytest.approx(found.delta_chi2, abs=0.02)


@pytest.mark.parametrize(
    ("experiments", "one", "other"),
    [
        (("coherent-csi-2021",), "sin2_theta_w", "g_universal"),
        (("coherent-lar-2020",), "sin2_theta_w", "g_universal"),
        (("coherent-csi-2021", "coherent-lar-2020"), "g_b-l", "epsilon_u_ee"),
    ],
)
def test_a_mirror_of_what_is_profiled_is_found_from_either_side(experiments, one, other):
    """Its valley ends at the border of the domain, where no minimum over all coordinates is."""
    limits = [
        munu.limit(experiments, name, profile=[rest], mediator_mass="1 GeV")
        for name, rest in ((one, other), (other, one))
    ]
    assert limits[0].chi2_min == pytest.approx(limits[1].chi2_min, abs=1e-6)
    likelihood = munu.likelihood(experiments, (one, other), mediator_mass="1 GeV")
    grid = np.stack(
        np.meshgrid(np.linspace(0, 1, 41), np.linspace(0, 5e-3, 201), indexing="ij"), -1
    )
    if one == "sin2_theta_w":
        lowest = likelihood.chi2(grid.reshape(-1, 2)).reshape(41, 201).min(axis=1)
        allowed = grid[lowest < limits[0].chi2_min + limits[0].delta_chi2, 0, 0]
        inside = [any(a <= v <= b for a, b in limits[0].intervals) for v in allowed]
        assert all(inside)


def test_a_best_fit_elsewhere_does_not_contradict_the_standard_model() -> None:
    found = munu.limit("conus-plus", "epsilon_u_ee")
    twice = replace(found, best_fit=-1.151, standard_model_delta_chi2=0.0)
    assert "Best fit -1.151; the Standard Model fits as well (Δχ² = 0)." in str(twice)
    beside = replace(found, profiled=("epsilon_d_ee",), standard_model_delta_chi2=0.5)
    said = "at its best; the Standard Model, without any of it, is at Δχ² = 0.500."
    assert said in " ".join(str(beside).split())


@pytest.mark.parametrize(
    ("name", "parameter", "values"),
    [
        ("conus-plus", "Lambda_1", {"Lambda_2": 1e-8}),
        ("coherent-csi-2021", "epsilon_u_ee", {"epsilon_u_mumu": 0.3}),
    ],
)
def test_the_standard_model_may_fit_better_than_what_is_stated(
    name: str, parameter: str, values: dict[str, float]
) -> None:
    found = munu.limit(name, parameter, values=values)
    assert isinstance(found, CouplingLimitResult)
    standard = float(munu.likelihood(name, [parameter]).chi2(np.zeros((1, 1)))[0])
    rise = standard - found.chi2_min
    assert found.standard_model_delta_chi2 == pytest.approx(rise, abs=1e-6)
    assert rise < -4
    said = " ".join(str(found).split())
    assert f"the Standard Model fits better, by {-rise:.3g} in χ²." in said


def test_regions_say_that_the_standard_model_fits_better() -> None:
    plane, stated = ("epsilon_u_ee", "epsilon_d_ee"), {"epsilon_u_mumu": 0.3}
    found = munu.region("coherent-csi-2021", plane=plane, values=stated)
    assert found.standard_model_delta_chi2 < -4
    assert "the Standard Model fits better, by" in " ".join(str(found).split())
    alone = munu.region("conus-plus", plane=plane)
    assert alone.standard_model_delta_chi2 >= 0
    assert "the Standard Model is at Δχ² = " in " ".join(str(alone).split())
