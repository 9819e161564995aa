"""Neutron radii, spins and the moment's scalar term, of one nucleus at a time."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from munu.base.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE, HBAR_C_SQUARED_MEV2_CM2
from munu.base.errors import MunuError
from munu.physics.couplings import weak_couplings
from munu.physics.form_factors import Helm, KleinNystrand, SymmetrisedFermi, Unity
from munu.physics.interactions.dipole import ON_NUCLEUS
from munu.physics.interactions.weak import NeutronForm, ProtonForm, SpinForm
from munu.physics.nuclear_model import NuclearModel
from munu.physics.nuclei import elements, nucleus
from munu.physics.nucleon_spins import NucleonSpins, nucleon_spins

SIZED = [SymmetrisedFermi(), Helm(), Helm("lewin-smith"), KleinNystrand()]
CS, GE, NA = nucleus("Cs-133"), nucleus("Ge-74"), nucleus("Na-23")
RECOIL = np.array([0.1, 3.0, 20.0, 60.0])
TREE = weak_couplings(0.2312, radiative=False)
GAMMA5 = np.kron([[0, 1], [1, 0]], np.eye(2))


def rms(form, isotope, q=1e-3):
    return math.sqrt(6 * (1 - float(form(q, isotope))) / q**2)


@pytest.mark.parametrize("form", SIZED)
@given(radius=st.floats(3.0, 8.0))
def test_the_radius_asked_for_is_that_of_the_form_factor(form, radius):
    assert rms(form.with_radius(radius, CS), CS) == pytest.approx(radius, rel=1e-5)


@pytest.mark.parametrize("form", SIZED)
@pytest.mark.parametrize("isotope", [CS, GE, nucleus("Ar-40")])
def test_its_own_radius_is_the_form_factor_itself(form, isotope):
    q = np.linspace(0, 2, 30)
    own = {
        Helm(): isotope.charge_radius_fm,
        KleinNystrand(): math.sqrt(0.6 * 1.23**2 * isotope.mass_number ** (2 / 3) + 6 * 0.7**2),
    }
    half = 1.23 * math.cbrt(isotope.mass_number) - 0.60
    fermi = math.sqrt(0.6 * half**2 + 1.4 * (math.pi * 0.52) ** 2)
    again = form.with_radius(own.get(form, fermi), isotope)
    assert again(q, isotope) == pytest.approx(form(q, isotope), abs=1e-13)


def test_helm_of_neutrons_as_printed():
    """3 j1(x)/x exp(-q²s²/2) with R0² = 5/3 R² - 5 s², R = 5.09 fm, written out."""
    q, s = 0.7, 0.9
    x = q * math.sqrt(5 / 3 * 5.09**2 - 5 * s**2)
    printed = 3 * (math.sin(x) - x * math.cos(x)) / x**3 * math.exp(-((q * s) ** 2) / 2)
    assert float(Helm().with_radius(5.09, CS)(q, CS)) == pytest.approx(printed, rel=1e-13)


@pytest.mark.parametrize("form", SIZED)
@pytest.mark.parametrize("radius", [0.0, -1.0, math.nan, 1.0])
def test_a_radius_smaller_than_the_surface_is_none(form, radius):
    with pytest.raises(MunuError, match="radius"):
        form.with_radius(radius, CS)


def test_protons_and_neutrons_have_their_own_form_factors():
    centre = NuclearModel(neutron_radii_fm={"Cs-133": 5.09}).centre(CS, Helm())
    q = np.sqrt(2 * CS.mass_mev * 1e-3 * RECOIL) / 197.3269804
    assert ProtonForm()(centre, RECOIL) == pytest.approx(55 * Helm()(q, CS), rel=1e-9)
    assert NeutronForm()(centre, RECOIL) == pytest.approx(78 * Helm(5.09)(q, CS), rel=1e-9)
    spin = SpinForm(0.5, -0.5)(centre, RECOIL)
    assert spin == pytest.approx(0.5 * Helm()(q, CS), rel=1e-9)


def test_a_skin_is_for_the_isotopes_that_are_not_named():
    model = NuclearModel(neutron_radii_fm={"Cs-133": 5.0}, neutron_skin_fm=0.2)
    assert model.neutron_radius_fm(CS) == 5.0
    assert model.neutron_radius_fm(GE) == GE.charge_radius_fm + 0.2
    assert model.neutron_radius_fm(nucleus("H-1")) is None
    assert NuclearModel().neutron_radius_fm(CS) is None


def test_what_has_no_radius_has_no_neutron_radius():
    with pytest.raises(MunuError, match=r"Unity.*helm"):
        NuclearModel(neutron_skin_fm=0.1).centre(CS, Unity())
    with pytest.raises(MunuError, match=r"spin term.*unpaired"):
        NuclearModel(spin_term="paired")


# ---- spins


def angular_momentum(j):
    """J_x, J_y, J_z of spin j."""
    m = np.arange(j, -j - 1, -1)
    raising = np.diag(np.sqrt(j * (j + 1) - m[1:] * (m[1:] + 1)), 1)
    return (raising + raising.T) / 2, (raising - raising.T) / 2j, np.diag(m)


def mean_square(j, expectation):
    """Sum over final states, mean over initial ones, of |<S>|², S = J <S_z>/J."""
    spin = [expectation / j * one for one in angular_momentum(j)]
    return sum(np.trace(one.conj().T @ one).real for one in spin) / (2 * j + 1)


@given(
    j=st.sampled_from([0.5, 1.0, 1.5, 2.5, 3.5, 4.5]),
    protons=st.floats(-0.5, 0.5),
    neutrons=st.floats(-0.5, 0.5),
)
def test_the_axial_charge_is_that_of_the_spins(j, protons, neutrons):
    """Beside a free nucleon of spin 1/2, each quark with its own part of the spin, tree level."""
    up, down, strange = 0.842, -0.427, -0.085
    in_proton = (up - down - strange) / 2
    in_neutron = (down - up - strange) / 2
    free = mean_square(0.5, 0.5)
    expected = mean_square(j, in_proton * protons + in_neutron * neutrons) / free
    p, n = NucleonSpins(protons, neutrons).axial_nucleons(j)
    found = (TREE.proton_axial * p + TREE.neutron_axial * n) ** 2
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-15)


def axial_charge(isotope, model):
    protons, neutrons = model.centre(isotope, Helm()).axial_factors
    return TREE.proton_axial * protons + TREE.neutron_axial * neutrons


def test_spins_of_sodium_make_it_five_times_smaller():
    """Unpaired protons count 1/4; <S_p> = 0.248 and <S_n> = 0.020 with g_A = 1.27 make 0.054."""
    spins = {"Na-23": NucleonSpins(0.248, 0.020)}
    stated = NuclearModel(spin_term="nuclear-structure", spins=spins)
    assert axial_charge(NA, NuclearModel()) == pytest.approx(0.5)
    assert 0.25 / axial_charge(NA, stated) ** 2 == pytest.approx(4.62, abs=0.01)
    tabulated = NuclearModel(spin_term="nuclear-structure")
    assert 0.25 / axial_charge(NA, tabulated) ** 2 == pytest.approx(5.96, abs=0.01)


def test_nuclei_without_spin_have_none_and_unknown_ones_are_asked_for():
    model = NuclearModel(spin_term="nuclear-structure")
    assert model.centre(GE, Helm()).axial_factors == (0.0, 0.0)
    assert NuclearModel(spin_term="none").centre(CS, Helm()).axial_factors == (0.0, 0.0)
    with pytest.raises(MunuError, match=r"W-183.*nucleon_spins = .*Xe-129"):
        model.centre(nucleus("W-183"), Helm())


def test_tabulated_spins_are_those_of_their_last_nucleon():
    """The odd kind carries more than the even one, and hardly more than a nucleon's 1/2."""
    known = {isotope.name: isotope for row in elements().values() for isotope in row}
    for name, spins in nucleon_spins().items():
        isotope = known[name]
        odd, even = spins.protons, spins.neutrons
        if isotope.neutrons % 2:
            odd, even = even, odd
        assert isotope.spin > 0
        assert spins.source
        assert abs(even) < abs(odd) < 0.56


# ---- magnetic moments of neutrinos on nuclei without spin


def gamma_matrices():
    sigma = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    time = np.kron([[1, 0], [0, -1]], np.eye(2))
    space = [np.kron([[0, 1], [-1, 0]], one) for one in sigma]
    return np.array([time, *space])


GAMMA = gamma_matrices()
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])


def slash(vector):
    return np.einsum("m,mn,nij->ij", vector, METRIC, GAMMA)


def scalar_cross_section(energy, recoil, mass):
    """Trace with explicit Dirac matrices: a moment of 1 μ_B on a scalar of charge 1, cm²/MeV."""
    out = energy - recoil
    transfer = np.array([recoil, 0, 0, math.sqrt(recoil**2 + 2 * mass * recoil)])
    # k along the axis that momentum conservation needs: k·q = q²/2 for massless neutrinos.
    q_squared = -2 * mass * recoil
    cosine = (energy * recoil - q_squared / 2) / (energy * transfer[3])
    k = energy * np.array([1, math.sqrt(1 - cosine**2), 0, cosine])
    k_out = k - transfer
    assert k_out[0] == pytest.approx(out)
    p = np.array([mass, 0, 0, 0])
    both = 2 * p + transfer
    vertex = np.zeros((4, 4), complex)
    for m in range(4):
        for n in range(4):
            commutator = 0.5j * (GAMMA[m] @ GAMMA[n] - GAMMA[n] @ GAMMA[m])
            vertex += METRIC[m, m] * METRIC[n, n] * both[m] * transfer[n] * commutator
    conjugate = GAMMA[0] @ vertex.conj().T @ GAMMA[0]
    left = (np.eye(4) - GAMMA5) / 2
    trace = np.trace(slash(k_out) @ vertex @ left @ slash(k) @ conjugate).real
    charge2 = 4 * math.pi * FINE_STRUCTURE
    moment2 = charge2 / (4 * ELECTRON_MASS_MEV**2)
    squared = moment2 * charge2 * trace / q_squared**2
    return squared / (32 * math.pi * mass * energy**2) * HBAR_C_SQUARED_MEV2_CM2


@given(
    energy=st.floats(1.0, 100.0),
    share=st.floats(0.01, 0.99),
    name=st.sampled_from(["He-4", "Ar-40", "Ge-74", "Xe-132"]),
)
def test_a_moment_on_a_scalar_against_its_trace(energy, share, name):
    isotope = nucleus(name)
    mass = isotope.mass_mev
    recoil = share * 2 * energy**2 / (mass + 2 * energy)
    centre = NuclearModel(moment_on_spin0=True).centre(isotope, Unity())
    k = ON_NUCLEUS.kernel.coefficients(centre, np.array([1e3 * recoil]))[:, 0]
    found = k[0] + k[1] / energy + k[2] / energy**2
    expected = scalar_cross_section(energy, recoil, mass)
    assert 1e3 * found == pytest.approx(expected, rel=1e-9, abs=0)


def test_the_term_is_for_nuclei_without_spin_that_ask_for_it():
    def kernel(model, isotope):
        return ON_NUCLEUS.kernel.coefficients(model.centre(isotope, Helm()), RECOIL)

    plain, asked = NuclearModel(), NuclearModel(moment_on_spin0=True)
    assert np.array_equal(kernel(plain, CS), kernel(asked, CS))
    assert np.all(kernel(plain, GE)[2] == 0)
    assert np.all(kernel(asked, GE)[2] > 0)
    assert np.array_equal(kernel(plain, GE)[:2], kernel(asked, GE)[:2])
