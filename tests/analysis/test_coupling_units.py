"""A squared radius in cm² makes 10⁸⁰ times the events of a moment in μ_B: results do not know."""

import numpy as np
import pytest
from scipy import constants

import munu

HBAR_C_MEV_CM = constants.hbar * constants.c / constants.e * 1e-4
RADIUS_CM2 = -5e-32


def vector_shift() -> float:
    """Return what the radius takes off g_V^p, √2 π α ⟨r²⟩ / 3 G_F."""
    fermi_per_mev2 = 1.1663787e-11
    squared_radius_per_mev2 = RADIUS_CM2 / HBAR_C_MEV_CM**2
    return np.sqrt(2) * np.pi * constants.alpha * squared_radius_per_mev2 / (3 * fermi_per_mev2)


def test_a_radius_beside_a_moment_is_the_non_standard_interaction_that_nuclei_cannot_tell():
    # 2 ε^u + ε^d is what the radius takes off g_V^p, and nothing of g_V^n, ε^u + 2 ε^d.
    same = {"epsilon_u_ee": -2 * vector_shift() / 3, "epsilon_d_ee": vector_shift() / 3}
    radius = munu.limit("conus-plus", "mu_nu_e", values={"charge_radius_ee": RADIUS_CM2})
    other = munu.limit("conus-plus", "mu_nu_e", values=same)
    np.testing.assert_allclose(radius.intervals, other.intervals, rtol=1e-6, atol=0)


@pytest.mark.parametrize("free", ["charge_radius_ee", "millicharge_ee"])
def test_couplings_of_units_far_apart_leave_a_moment_its_limit(free):
    slice_ = munu.limit("dresden-ii", "mu_nu_e")
    fixed = munu.limit("dresden-ii", "mu_nu_e", values={free: 0.0})
    np.testing.assert_allclose(fixed.intervals, slice_.intervals, rtol=1e-6, atol=0)
    profiled = munu.limit("dresden-ii", "mu_nu_e", profile=[free])
    assert 0.5 < profiled.intervals[-1, 1] / slice_.intervals[-1, 1] < 2


@pytest.mark.parametrize("name", ["charge_radius_ee", "millicharge_ee"])
def test_ends_of_intervals_have_the_chi2_of_the_model_there(name):
    found = munu.limit("dresden-ii", name)
    values = [found.best_fit, *found.intervals.ravel()]
    chi2 = [munu.fit("dresden-ii", values={name: value}, toys=1).chi2 for value in values]
    np.testing.assert_allclose(np.array(chi2[1:]) - chi2[0], found.delta_chi2, rtol=1e-4)
