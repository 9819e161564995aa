"""Phases of moments that are profiled beside couplings: results say whether they are free."""

from __future__ import annotations

import numpy as np
import pytest

import munu
from munu.analysis.moment_phases import with_fixed_phases
from munu.analysis.posterior_beside import beside
from munu.base.thresholds import delta_chi2
from munu.results import CouplingLimitResult

BOTH = ["coherent-csi-2021", "conus-plus"]
OTHERS = ["Lambda_2", "Lambda_3"]
ZERO = {"xi_1": 0.0, "xi_2": 0.0}
QUESTIONS = {
    "limit": lambda **k: munu.limit("conus-plus", "Lambda_1", profile=OTHERS, **k),
    "profile": lambda **k: munu.profile(BOTH, "Lambda_1", profile=OTHERS, at=[0.0, 2e-9], **k),
    "scan": lambda **k: munu.scan(
        "conus-plus", "Lambda_1", over="target.mass", at=["2 kg"], profile=OTHERS, **k
    ),
    "coverage": lambda **k: munu.coverage(
        BOTH, "Lambda_1", at=[1e-9], profile=OTHERS, toys=2, seed=1, **k
    ),
    "cls": lambda **k: munu.limit(BOTH, "Lambda_1", profile=OTHERS, method="cls", **k),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_results_say_that_phases_of_profiled_moments_are_free(ask):
    free, fixed = ask(delta_cp=2.0), ask(delta_cp=2.0, **ZERO)
    assert free.assumptions != fixed.assumptions
    assert free.assumptions.phases == {
        "delta_cp": "fixed",
        "xi_1": "profiled",
        "xi_2": "profiled",
    }
    assert free.assumptions.xi_1 is None
    assert fixed.assumptions.text().endswith("δ_CP 2, ξ₁ and ξ₂ 0")
    for text in (" ".join(str(free).split()), free.to_csv()):
        assert "δ_CP 2, ξ₁ and ξ₂ profiled" in text


def test_limits_and_their_json_tell_free_phases_from_fixed_ones():
    free, fixed = (QUESTIONS["limit"](delta_cp=2.0, **given) for given in ({}, ZERO))
    assert np.isinf(free.intervals[0, 1])
    assert fixed.intervals[0, 1] == pytest.approx(3.274e-9, rel=1e-3)
    again = CouplingLimitResult.from_json(free.to_json())
    assert again.assumptions == free.assumptions != fixed.assumptions


@pytest.mark.parametrize(
    ("parameter", "profile", "profiled"),
    [
        ("Lambda_1", ["Lambda_2"], {"xi_1"}),
        ("Lambda_1", ["Lambda_3"], {"xi_2"}),
        ("Lambda_3", ["Lambda_1"], {"xi_2"}),
        ("sin2_theta_w", ["Lambda_2"], set()),
        ("sin2_theta_w", ["Lambda_1", "Lambda_3"], {"xi_2"}),
        ("Lambda_e", ["Lambda_mu", "sin2_theta_w"], {"xi_1", "xi_2"}),
    ],
)
def test_the_phases_that_are_free_are_those_of_moments_that_take_part(parameter, profile, profiled):
    found = munu.limit("coherent-csi-2021", parameter, profile=profile)
    assert {name for name, one in found.assumptions.phases.items() if one == "profiled"} == profiled


def test_regions_beside_couplings_say_that_phases_are_profiled():
    ask = {"plane": ("sin2_theta_w", "Lambda_1"), "profile": ["Lambda_2"]}
    free = munu.region("coherent-csi-2021", **ask)
    fixed = munu.region("coherent-csi-2021", **ask, xi_1=0.0)
    assert "δ_CP and ξ₂ 0, ξ₁ profiled" in " ".join(str(free).split())
    assert free.assumptions != fixed.assumptions


def test_regions_of_moments_alone_keep_phases_that_they_do_not_name():
    """As docs/concepts/phases.md has it: moduli alone are minimised over."""
    kept, zero, named = (
        munu.region("coherent-csi", ("Lambda_1", "Lambda_2"), profile=("Lambda_3", *more), **given)
        for more, given in (((), {}), ((), ZERO), (("xi_2",), {}))
    )
    assert kept.assumptions == zero.assumptions
    assert named.assumptions.phases["xi_2"] == "profiled"
    extents = [np.concatenate(one.polygons).max(axis=0) for one in (kept, zero, named)]
    np.testing.assert_array_equal(extents[0], extents[1])
    assert np.any(extents[2] > 1.01 * extents[0])


def test_profiled_intervals_beside_a_posterior_are_of_its_phases():
    """With a Dirac phase of 1.3 other phases than zero allow more: -1.762 to 0.335."""
    names, given = ["epsilon_eL_ee", "epsilon_eL_mumu", "epsilon_eL_emu"], {"delta_cp": 1.3}
    assumed = munu.Assumptions(**given)
    ends = beside("xenonnt-sr0-er", names, None, assumed, 0.9).intervals[names[0]][0]
    likelihood = munu.likelihood("xenonnt-sr0-er", names, **given)
    others = np.stack(np.meshgrid(np.linspace(-1.5, 2.2, 75), np.linspace(0, 1.2, 49)), axis=-1)
    grid = others.reshape(-1, 2)
    at = [*ends, *np.linspace(*ends, 9)]
    chi2 = [likelihood.chi2(np.insert(grid, 0, one, axis=1)).min() for one in at]
    np.testing.assert_allclose(chi2[:2] - min(chi2), delta_chi2(0.9, 1), rtol=0, atol=0.03)


def test_phases_that_a_statement_does_not_name_are_at_their_values_or_zero():
    given = munu.Assumptions(xi_2=1.0, values={"phase_epsilon_u_emu": 2.0})
    names = ("Lambda_1", "Lambda_2", "epsilon_u_emu", "epsilon_d_emu", "epsilon_d_etau")
    found = with_fixed_phases((*names, "phase_epsilon_d_etau"), given)
    assert (found.xi_1, found.xi_2) == (0.0, 1.0)
    assert found.values == {"phase_epsilon_u_emu": 2.0, "phase_epsilon_d_emu": 0.0}
    assert with_fixed_phases(("Lambda_1", "Lambda_2", "xi_1"), munu.Assumptions()).xi_1 is None


@pytest.mark.parametrize(
    "found",
    [
        lambda: munu.limit("conus-plus", "charge_radius_ee"),
        lambda: munu.profile("conus-plus", "sin2_theta_w"),
        lambda: munu.region("conus-plus", "sin2_theta_w,mu_nu_e"),
        lambda: munu.scan("conus-plus", "g_universal", over="mediator_mass", at=["1 MeV"]),
        lambda: munu.weak_angle("conus-plus"),
        lambda: munu.weak_angle("conus-plus", moment="Lambda_1"),
        lambda: munu.likelihood("conus-plus", "sin2_theta_w"),
        lambda: munu.limit("conus-plus", "sin2_theta_w", profile="Lambda_1"),
    ],
)
def test_couplings_without_two_moments_of_the_mass_basis_have_no_phases_xi(found):
    stated = found().assumptions
    assert stated.text().endswith("δ_CP 0")
    assert (stated.xi_1, stated.xi_2) == (None, None)
    assert stated.phases == {"delta_cp": "fixed", "xi_1": "absent", "xi_2": "absent"}


def test_two_moments_beside_a_coupling_have_them():
    fixed = munu.limit("conus-plus", "Lambda_1", values={"Lambda_2": 1e-10, "sin2_theta_w": 0.23})
    assert fixed.assumptions.text().endswith("δ_CP, ξ₁ and ξ₂ 0")
    free = munu.limit("conus-plus", "sin2_theta_w", profile=["Lambda_1", "Lambda_2"])
    assert free.assumptions.text().endswith("ξ₁ and ξ₂ profiled")
