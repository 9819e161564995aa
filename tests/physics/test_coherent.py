"""Cross sections against plain formulas, integrals in closed form and published totals."""

from __future__ import annotations

from math import log, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from munu.base.typing import FloatArray
from munu.physics import coherent
from munu.physics.couplings import WeakCouplings, axial_charge, vector_charge, weak_couplings
from munu.physics.form_factors import Helm, SymmetrisedFermi, Unity
from munu.physics.nuclei import Nucleus, elements, nucleus
from munu.sources.spallation import (
    MICHEL_ENDPOINT_MEV,
    PION_LINE_MEV,
    michel_nu_e,
    michel_nu_mu_bar,
)

NUCLEI = [
    isotope for isotopes in elements().values() for isotope in isotopes if isotope.protons > 1
]
"""All but hydrogen, of which form factors say nothing."""
ISOTOPES = st.sampled_from(NUCLEI)
ENERGY_MEV = st.floats(0.1, 60.0)
COUPLINGS = weak_couplings()

GEV2_CM2 = 3.893793721e-28
"""(ħc)² in GeV² cm², PDG 2018, Table 1.1."""


def integral(function_of_kev: object, low: float, high: float, panels: int = 24) -> float:
    """Gauss-Legendre in ln T."""
    abscissae, weights = np.polynomial.legendre.leggauss(12)
    borders = np.linspace(log(low), log(high), panels + 1)
    half = 0.5 * np.diff(borders)[:, None]
    u = 0.5 * (borders[1:] + borders[:-1])[:, None] + half * abscissae
    recoil = np.exp(u)
    values = function_of_kev(recoil.ravel()).reshape(recoil.shape)
    return float((values * recoil * half * weights).sum())


def total_cm2(energy_mev: float, isotope: Nucleus, couplings: WeakCouplings) -> float:
    """Total coherent cross section with the Helm form factor."""
    endpoint = float(coherent.cevns_maximum_recoil_kev(energy_mev, isotope))
    return integral(
        lambda t: coherent.cevns(energy_mev, t, isotope, couplings, Helm()),
        1e-9 * endpoint,
        endpoint,
    )


def test_weak_scale() -> None:
    """G_F² M/π for M = 1 GeV, from G_F in GeV⁻²."""
    per_kev = 1.1663787e-5**2 / pi * GEV2_CM2 * 1e-6
    mass_mev, mev_per_kev = 1e3, 1e-3
    scale = coherent.WEAK_CM2_PER_MEV2 * mass_mev * mev_per_kev
    assert scale == pytest.approx(per_kev, rel=1e-8, abs=0)


def test_dipole_scale() -> None:
    """π a_EM²/m_e² is π times the square of the classical electron radius (CODATA 2018)."""
    expected = pi * (2.8179403262e-13) ** 2
    assert pytest.approx(expected, rel=1e-9, abs=0) == coherent.DIPOLE_CM2
    assert pytest.approx(2.495e-25, rel=2e-4, abs=0) == coherent.DIPOLE_CM2


@given(ISOTOPES, ENERGY_MEV, st.floats(1e-6, 0.999))
def test_cevns_is_eq_19(isotope: Nucleus, energy_mev: float, fraction: float) -> None:
    mass_gev = isotope.mass_mev * 1e-3
    energy_gev = energy_mev * 1e-3
    recoil_gev = fraction * 2 * energy_gev**2 / mass_gev
    vector, axial = vector_charge(isotope, COUPLINGS), axial_charge(isotope, COUPLINGS)
    ratio = mass_gev * recoil_gev / (2 * energy_gev**2)
    momentum_per_fm = (2 * mass_gev * recoil_gev) ** 0.5 / 0.1973269804
    expected = (
        (1.1663787e-5**2 * mass_gev / pi)
        * (vector**2 * (1 - ratio) + axial**2 * (1 + ratio))
        * float(SymmetrisedFermi()(momentum_per_fm, isotope)) ** 2
        * (GEV2_CM2 * 1e-6)
    )
    result = coherent.cevns(energy_mev, recoil_gev * 1e6, isotope, COUPLINGS, SymmetrisedFermi())
    assert result == pytest.approx(expected, rel=1e-7, abs=0)


@given(ISOTOPES, ENERGY_MEV, st.floats(1e-6, 0.999))
def test_dipole_is_eq_24(isotope: Nucleus, energy_mev: float, fraction: float) -> None:
    recoil_kev = fraction * 2e3 * energy_mev**2 / isotope.mass_mev
    momentum_per_fm = (2e-3 * isotope.mass_mev * recoil_kev) ** 0.5 / 197.3269804
    expected = (
        pi
        * 2.8179403262e-13**2
        * isotope.protons**2
        * (1 - recoil_kev / (1e3 * energy_mev))
        / recoil_kev
        * float(Helm()(momentum_per_fm, isotope)) ** 2
    )
    result = coherent.dipole(energy_mev, recoil_kev, isotope, Helm())
    assert result == pytest.approx(expected, rel=1e-8, abs=0)


@given(ISOTOPES, ENERGY_MEV, st.floats(1e-6, 0.999999))
def test_coefficients_are_the_cross_sections(
    isotope: Nucleus, energy_mev: float, fraction: float
) -> None:
    recoil = fraction * coherent.cevns_maximum_recoil_kev([energy_mev], isotope)
    powers = energy_mev ** -np.arange(3.0)
    form_factor = SymmetrisedFermi()
    form2 = coherent.form_factor_at(recoil, isotope, form_factor) ** 2
    weak = vector_charge(isotope, COUPLINGS) ** 2 * coherent.vector_coefficients(recoil, isotope)
    weak += axial_charge(isotope, COUPLINGS) ** 2 * coherent.axial_coefficients(recoil, isotope)
    expected = coherent.cevns(energy_mev, recoil, isotope, COUPLINGS, form_factor)
    np.testing.assert_allclose(powers @ (form2 * weak), expected, rtol=1e-9)
    electromagnetic = isotope.protons**2 * form2 * coherent.dipole_coefficients(recoil)
    expected = coherent.dipole(energy_mev, recoil, isotope, form_factor)
    np.testing.assert_allclose(powers @ electromagnetic, expected, rtol=1e-12)


@given(ISOTOPES, ENERGY_MEV)
def test_kinematics(isotope: Nucleus, energy_mev: float) -> None:
    """A massless neutrino that turns back gives 2E²/(M + 2E), here without the 2E."""
    endpoint = coherent.cevns_maximum_recoil_kev([energy_mev], isotope)
    exact = 2e3 * energy_mev**2 / (isotope.mass_mev + 2 * energy_mev)
    assert endpoint == pytest.approx(exact, rel=3 * energy_mev / isotope.mass_mev)
    back = coherent.cevns_minimum_energy_mev(endpoint, isotope)
    assert back == pytest.approx(energy_mev, rel=1e-12)
    beyond = 1.000001 * endpoint
    assert coherent.cevns(energy_mev, beyond, isotope, COUPLINGS, Helm()) == 0
    assert coherent.dipole(energy_mev, beyond, isotope, Helm()) == 0
    below = 0.999 * endpoint
    assert coherent.cevns(energy_mev, below, isotope, COUPLINGS, Unity()) > 0
    assert coherent.dipole(energy_mev, below, isotope, Unity()) > 0


@given(ISOTOPES, ENERGY_MEV)
def test_integrals_of_a_point_nucleus(isotope: Nucleus, energy_mev: float) -> None:
    """Over all recoils: G_F² E² (Q_V² + 3 Q_A²)/π, and πa²Z²/m_e² [ln(T₂/T₁) - (T₂ - T₁)/E]."""
    endpoint = float(coherent.cevns_maximum_recoil_kev(energy_mev, isotope))
    start = 1e-6 * endpoint
    vector, axial = vector_charge(isotope, COUPLINGS), axial_charge(isotope, COUPLINGS)
    weak = integral(
        lambda t: coherent.cevns(energy_mev, t, isotope, COUPLINGS, Unity()), start, endpoint
    )
    total = 1.1663787e-5**2 / pi * (energy_mev * 1e-3) ** 2 * GEV2_CM2
    assert weak == pytest.approx(total * (vector**2 + 3 * axial**2), rel=3e-6, abs=0)
    dipole = integral(lambda t: coherent.dipole(energy_mev, t, isotope, Unity()), start, endpoint)
    bracket = log(1e6) - (endpoint - start) * 1e-3 / energy_mev
    expected = pi * (2.8179403262e-13 * isotope.protons) ** 2 * bracket
    assert dipole == pytest.approx(expected, rel=1e-7, abs=0)


def test_neutron_number_squared() -> None:
    """σ ≈ 0.42e-44 cm² N² (E/MeV)²: Drukier and Stodolsky, Phys. Rev. D 30 (1984) 2295."""
    tree = weak_couplings(0.25, radiative=False)
    assert total_cm2(1.0, nucleus("Ge-74"), tree) == pytest.approx(
        0.42e-44 * 42**2, rel=0.01, abs=0
    )


def flux_averaged_cm2(isotopes: dict[str, float], couplings: WeakCouplings) -> float:
    """Average over ν_μ, ν_μ-bar and ν_e of pion and muon decay at rest."""
    energies, weights = np.polynomial.legendre.leggauss(24)
    energies = 0.5 * MICHEL_ENDPOINT_MEV * (energies + 1)
    density: FloatArray = michel_nu_e(energies) + michel_nu_mu_bar(energies)
    weights = 0.5 * MICHEL_ENDPOINT_MEV * weights * density
    total = 0.0
    for name, share in isotopes.items():
        isotope = nucleus(name)
        total += share * total_cm2(PION_LINE_MEV, isotope, couplings)
        total += share * sum(
            float(w) * total_cm2(float(e), isotope, couplings)
            for e, w in zip(energies, weights, strict=True)
        )
    return total / 3


@pytest.mark.parametrize(
    ("isotopes", "published_cm2", "uncertainty_cm2"),
    [
        # Standard Model predictions averaged over the flux of the SNS: arXiv:2110.07730 (CsI,
        # per nucleus) and arXiv:2003.10630 (argon, two digits and 2 % from the form factor).
        ({"Cs-133": 0.5, "I-127": 0.5}, 189e-40, 6e-40),
        ({"Ar-40": 1.0}, 1.8e-39, 0.09e-39),
    ],
)
def test_published_flux_averages(
    isotopes: dict[str, float], published_cm2: float, uncertainty_cm2: float
) -> None:
    result = flux_averaged_cm2(isotopes, COUPLINGS)
    assert result == pytest.approx(published_cm2, rel=0, abs=uncertainty_cm2)
