"""Complex couplings whose phases are given, while their moduli are minimised over."""

from __future__ import annotations

import numpy as np
import pytest

import munu

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


def test_a_limit_says_that_moments_of_fixed_phases_take_either_sign():
    given = munu.limit("coherent-csi", others="profiled", xi_1=0, xi_2=0)
    assert "Profiled over the others, of either sign" in str(given)
    assert "of either sign" not in str(munu.limit("coherent-csi", others="profiled"))
