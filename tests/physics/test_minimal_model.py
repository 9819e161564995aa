"""Moments of the minimal model: Eqs. (3)-(4) by hand, symmetries and CP-conserving limits."""

from __future__ import annotations

from dataclasses import replace
from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from munu.base.errors import MunuError
from munu.physics.minimal_model import MOMENT_SCALE_MU_B_PER_EV, light_masses_ev, transition_moments
from munu.physics.mixing import global_fit, paper_mixing
from munu.physics.moments import HelicityState, effective_moment_squared, to_flavour_basis

MASSES = st.lists(st.floats(0.0, 2.0), min_size=3, max_size=3)
PHASE = st.floats(-pi, pi)
FIT = global_fit()


@given(MASSES, PHASE, PHASE)
def test_antisymmetric_and_imaginary(masses: list[float], alpha_21: float, alpha_31: float) -> None:
    moments = transition_moments(masses, FIT, alpha_21=alpha_21, alpha_31=alpha_31)
    for matrix in (moments.magnetic_mu_b, moments.electric_mu_b):
        np.testing.assert_allclose(matrix, -matrix.T, rtol=0, atol=1e-36)
        assert np.all(matrix.real == 0)


def test_scale_is_half_the_dirac_moment() -> None:
    """Fujikawa and Shrock, Phys. Rev. Lett. 45 (1980) 963: 3.2e-19 μ_B per eV."""
    dirac = 2 * MOMENT_SCALE_MU_B_PER_EV
    assert dirac == pytest.approx(3.2e-19, rel=0.01, abs=0)


def test_one_element_by_hand() -> None:
    """Opposite CP parities of ν₂ and ν₃: the τ and μ terms of μ₂₃, written out."""
    s12, s13, s23 = np.sqrt([FIT.sin2_theta12, FIT.sin2_theta13, FIT.sin2_theta23])
    c12, c13, c23 = np.sqrt(1 - np.array([s12, s13, s23]) ** 2)
    mixing = replace(FIT, delta_cp=0.0)
    tau = (-c12 * s23 - s12 * c23 * s13) * c23 * c13 * (1776.86 / 80379) ** 2
    muon = (c12 * c23 - s12 * s23 * s13) * s23 * c13 * (105.6583745 / 80379) ** 2
    electron = s12 * c13 * s13 * (0.511 / 80379) ** 2
    masses = light_masses_ev(0.0, mixing)
    scale = 3 * 1.1663787e-5 / (16 * pi**2 * 2**0.5) * 2 * 0.51099895e-3 * 1e-9
    expected = -scale * (masses[1] + masses[2]) * (tau + muon + electron)
    moments = transition_moments(masses, mixing, alpha_31=pi)
    assert moments.magnetic_mu_b[1, 2].imag == pytest.approx(expected, rel=1e-9, abs=0)
    assert abs(expected) == pytest.approx(2e-24, rel=0.25, abs=0)
    heavier = transition_moments(light_masses_ev(0.2, mixing), mixing, alpha_31=pi)
    assert 1e-23 < np.abs(heavier.moments_mu_b).max() < 3e-23


@given(MASSES)
def test_equal_cp_parities_leave_electric_moments_only(masses: list[float]) -> None:
    moments = transition_moments(masses, paper_mixing())
    np.testing.assert_allclose(moments.magnetic_mu_b, 0, atol=1e-36)
    # i K (m₂ - m₃) times the τ term of Re X₂₃, -0.443 (m_τ/M_W)²; the muon gives -0.3 %.
    by_hand = 1.597e-19 * (masses[1] - masses[2]) * -0.443 * (1776.86 / 80379) ** 2
    assert moments.electric_mu_b[1, 2].imag == pytest.approx(by_hand, rel=0.01, abs=1e-36)


@given(st.lists(st.floats(1e-3, 2.0), min_size=3, max_size=3))
def test_opposite_cp_parities_leave_magnetic_moments_only(masses: list[float]) -> None:
    moments = transition_moments(masses, paper_mixing(), alpha_21=pi)
    scale = np.abs(moments.magnetic_mu_b).max()
    for pair in ((0, 1), (1, 2)):
        assert abs(moments.electric_mu_b[pair]) < 1e-12 * scale
        assert abs(moments.magnetic_mu_b[pair]) > 0
    assert abs(moments.magnetic_mu_b[0, 2]) < 1e-12 * scale


@given(PHASE, PHASE, st.floats(1e-3, 1.0), st.floats(1e-3, 1.0))
def test_phase_of_a_massless_neutrino_is_unobservable(
    alpha_21: float, alpha_31: float, first: float, second: float
) -> None:
    """A massless ν₃ has no Majorana phase: α₃₁ drops out of the flavour moments."""
    masses = [first, second, 0.0]
    state = HelicityState.of_species("nu_mu_bar").moment_matrix(FIT)
    moments = [
        transition_moments(masses, FIT, alpha_21=alpha_21, alpha_31=alpha).moments_mu_b
        for alpha in (0.0, alpha_31)
    ]
    squares = [effective_moment_squared(moment, state) for moment in moments]
    assert squares[1] == pytest.approx(squares[0], rel=1e-9, abs=0)


@given(st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3), PHASE, PHASE)
def test_flavour_basis_is_the_commutator_with_the_mass_matrix(
    masses: list[float], alpha_21: float, alpha_31: float
) -> None:
    """λ = K(m r - r m) in the flavour basis, with m = U* diag(m_i) U† and r = m_α²/M_W²."""
    u = FIT.pmns() * np.exp(0.5j * np.array([0, alpha_21, alpha_31]))
    mass_matrix = (u.conj() * masses) @ u.conj().T
    ratios = (np.array([0.51099895, 105.6583745, 1776.86]) / 80379) ** 2
    matrix = MOMENT_SCALE_MU_B_PER_EV * (mass_matrix * ratios - ratios[:, None] * mass_matrix)
    expected = matrix[[1, 2, 0], [2, 0, 1]]
    moments = transition_moments(masses, FIT, alpha_21=alpha_21, alpha_31=alpha_31).moments_mu_b
    np.testing.assert_allclose(to_flavour_basis(moments, FIT), expected, rtol=1e-9, atol=1e-34)


@pytest.mark.parametrize("fit", ["desalas2018-no", "desalas2018-io"])
def test_light_masses_reproduce_the_splittings(fit: str) -> None:
    mixing = global_fit(fit)
    masses = light_masses_ev(0.01, mixing)
    assert masses.min() == pytest.approx(0.01)
    assert masses[1] ** 2 - masses[0] ** 2 == pytest.approx(mixing.dm2_21_ev2)
    assert masses[2] ** 2 - masses[0] ** 2 == pytest.approx(mixing.dm2_31_ev2)


@pytest.mark.parametrize("masses", [[0.1, -0.1, 0.2], [0.1, 0.2], [0.1, 0.2, float("nan")]])
def test_bad_masses(masses: list[float]) -> None:
    with pytest.raises(MunuError, match="neutrino masses"):
        transition_moments(masses, FIT)
