"""Complex couplings whose phases are given, while their moduli are minimised over."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import munu
from munu.physics.parameters import MASS_PARAMETERS

CSI = "coherent-csi-2021"


def test_a_modulus_of_fixed_phase_is_minimised_over_on_one_side():
    """ε_u and ε_d undo each other in CsI only with opposite phases."""

    def upper(phase):
        values = {"phase_epsilon_d_emu": phase}
        given = munu.limit(CSI, "epsilon_u_emu", profile=("epsilon_d_emu",), values=values)
        return given.intervals[0, 1]

    alone = munu.limit(CSI, "epsilon_u_emu").intervals[0, 1]
    free = munu.limit(
        CSI, "epsilon_u_emu", profile=("epsilon_d_emu", "phase_epsilon_d_emu")
    ).intervals[0, 1]
    assert upper("0 rad") == pytest.approx(alone, rel=1e-6)
    assert upper("90 deg") == pytest.approx(alone, rel=1e-6)
    assert upper("180 deg") == pytest.approx(free, rel=1e-6)
    assert free > 100 * alone


@pytest.mark.parametrize(("xi_1", "xi_2"), [(-2.6, -1.65), (-0.13, -2.14)])
def test_moments_of_fixed_phases_are_the_lowest_of_a_grid(xi_1, xi_2):
    """Each moment may be zero alone: both is not where all searches end."""
    names, at = ("sin2_theta_w", "Lambda_1", "Lambda_2"), np.array([0.08, 0.13, 0.2])
    moments = np.stack(np.meshgrid(*[np.linspace(0, 50e-10, 51)] * 2), axis=-1).reshape(-1, 2)
    likelihood = munu.likelihood(CSI, names, xi_1=xi_1, xi_2=xi_2)
    points = [np.column_stack([np.full(len(moments), one), moments]) for one in at]
    lowest = np.array([likelihood.chi2(one).min() for one in points])
    curve = munu.profile(CSI, names[0], profile=names[1:], xi_1=xi_1, xi_2=xi_2, at=at)
    found = curve.chi2_min + curve.delta_chi2
    assert np.all(found <= lowest + 1e-9)
    np.testing.assert_allclose(found, lowest, rtol=0, atol=0.02)


def test_a_moment_of_given_phases_is_profiled_over_moduli_of_one_sign():
    """At δ_CP = 0 moments undo each other best at phases of 0 and π, of which one is opposite."""

    def upper(xi_1, xi_2):
        return munu.limit(CSI, others="profiled", xi_1=xi_1, xi_2=xi_2).limit_mu_b

    alone, free = (munu.limit(CSI, others=one).limit_mu_b for one in ("zero", "profiled"))
    signs = [upper(*one) for one in itertools.product((0.0, np.pi), repeat=2)]
    assert max(signs) == pytest.approx(free, rel=1e-8)
    assert signs[0] == pytest.approx(alone, rel=1e-9)
    assert alone < 0.9 * max(signs)


@pytest.mark.parametrize(
    ("name", "xi_1", "xi_2"),
    [(CSI, 0.0, 0.0), (CSI, -2.6, -1.65), ("coherent-lar-2020", 2.0, -0.3)],
)
def test_a_profiled_curve_of_given_phases_is_the_lowest_of_a_grid(name, xi_1, xi_2):
    names, at = MASS_PARAMETERS, np.array([0.0, 9e-10, 22e-10])
    others = np.stack(np.meshgrid(*[np.linspace(0, 40e-10, 41)] * 2), axis=-1).reshape(-1, 2)
    likelihood = munu.likelihood(name, names, xi_1=xi_1, xi_2=xi_2)
    points = [np.column_stack([np.full(len(others), one), others]) for one in at]
    lowest = np.array([likelihood.chi2(one).min() for one in points])
    fixed = {"others": "profiled", "xi_1": xi_1, "xi_2": xi_2}
    curve = munu.profile(name, names[0], at=at, **fixed).delta_chi2
    chi2_min = munu.limit(name, names[0], **fixed).chi2_min
    assert np.all(chi2_min + curve <= lowest + 1e-6)
    np.testing.assert_allclose(chi2_min + curve, lowest, rtol=0, atol=0.05)


@pytest.mark.parametrize("delta", [0.0, 1.0])
def test_a_blind_direction_of_given_phases_has_moduli_that_are_not_negative(delta):
    """At a reactor ξ₁ = ξ₂ = δ_CP alone is blind, Eq. (14) of arXiv:1905.03750."""
    fixed = {"others": "profiled", "delta_cp": delta}
    blind = munu.limit("conus", **fixed, xi_1=delta, xi_2=delta)
    assert blind.unbounded_because == "blind direction"
    np.testing.assert_allclose(np.abs(blind.blind_direction), [0.816, 0.560, 0.147], atol=1e-3)
    for one, other in itertools.product((0.0, np.pi), repeat=2):
        if one or other:
            turned = munu.limit("conus", **fixed, xi_1=delta + one, xi_2=delta + other)
            assert turned.limit_mu_b < 3e-9


def test_phases_of_moments_that_do_not_interfere_change_nothing():
    free = munu.limit(CSI, "mu_nu_e", others="profiled")
    given = munu.limit(CSI, "mu_nu_e", others="profiled", xi_1=0, xi_2=0)
    assert given.limit_mu_b == free.limit_mu_b


def test_a_limit_does_not_say_that_moments_take_either_sign():
    given = munu.limit("coherent-csi", others="profiled", xi_1=0, xi_2=0)
    assert "Profiled over the others; " in str(given)


@pytest.mark.parametrize(
    ("profile", "values", "words"),
    [
        (["epsilon_eL_emu"], {}, "Profiled over |ε^eL_eμ| of any phase; "),
        (
            ["epsilon_eL_emu", "phase_epsilon_eL_emu"],
            {},
            "Profiled over |ε^eL_eμ|, arg ε^eL_eμ; ",
        ),
        (["epsilon_eL_emu"], {"phase_epsilon_eL_emu": 0.0}, "Profiled over |ε^eL_eμ|; "),
    ],
    ids=["left out", "profiled", "set"],
)
def test_a_profiled_modulus_whose_phase_is_left_out_has_any(profile, values, words):
    """With a Dirac phase of 1.3 the best one is neither 0 nor π."""
    ask = {"delta_cp": 1.3, "profile": ["epsilon_eL_emu"]}
    found = munu.limit(
        "xenonnt-sr0-er", "epsilon_eL_ee", **{**ask, "profile": profile}, values=values
    )
    assert words in " ".join(str(found).split())
    ends = [
        munu.limit("xenonnt-sr0-er", "epsilon_eL_ee", **ask, values={"phase_epsilon_eL_emu": one})
        for one in (0.0, np.pi)
    ]
    lowest = min(one.intervals[0, 0] for one in ends)
    assert (found.intervals[0, 0] < 1.002 * lowest) == (not values)
