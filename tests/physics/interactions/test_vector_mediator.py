"""Light vector and axial mediators: signs of interference, limits of large mass, the loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

import munu
from munu.base.errors import MunuError
from munu.base.typing import FloatArray
from munu.folding.fold import shape_rates
from munu.physics.assumptions import Assumptions
from munu.physics.centres import ElectronCentre, NuclearCentre, ScatteringCentre
from munu.physics.couplings import weak_couplings
from munu.physics.electron_couplings import ElectronCouplings
from munu.physics.form_factors import Helm
from munu.physics.interactions.base import StandardModel
from munu.physics.interactions.exchange import muon_tau_loop
from munu.physics.interactions.form import forms
from munu.physics.interactions.registry import interaction_of, parameter
from munu.physics.interactions.weak import standard_amplitude
from munu.physics.moments import HelicityState
from munu.physics.nuclei import nucleus
from munu.results import CouplingLimitResult
from munu.sources.base import BeamComponent, Spectrum

G_F = 1.1663787e-11
MIXING = munu.global_fit("nufit60-no")
MODEL = StandardModel(weak_couplings(0.2386, radiative=False), ElectronCouplings(0.2386))
FLUX = Spectrum(np.array([0.0, 52.8]), lambda e: e**2 * (52.8 - e))
ARGON, ELECTRONS = NuclearCentre(nucleus("Ar-40"), Helm()), ElectronCentre("Ar")
RECOILS = np.array([5.0, 30.0, 60.0])
SPECIES = ("nu_e", "nu_e_bar", "nu_mu", "nu_mu_bar", "nu_tau", "nu_tau_bar")
LIGHT = Assumptions(mediator_mass="10 MeV", charges="nu=1,e=1")


def rates(
    values: dict[str, float],
    species: str,
    centre: ScatteringCentre,
    assumptions: Assumptions = LIGHT,
) -> FloatArray:
    """Return the rates of one centre at `RECOILS`, at coordinates: g² of a mediator."""
    amplitudes = [standard_amplitude(MODEL)]
    for name in values:
        amplitudes += interaction_of(name).amplitudes(parameter(name), MODEL, assumptions)
    state = HelicityState.of_species(species)
    wanted = forms(amplitudes, [state], MIXING)
    shapes = [shape for shape in wanted if shape.kernel.recoil == centre.recoil]
    component = BeamComponent(species, "any", state, FLUX)
    folded = shape_rates([component], centre, shapes, RECOILS)[:, 0]
    at = np.array([1.0, *values.values()])
    return np.asarray(sum(wanted[s][0] @ at @ at * r for s, r in zip(shapes, folded, strict=True)))


def slopes(name: str, species: str, centre: ScatteringCentre) -> FloatArray:
    """Return the sign of interference: of d(rate)/dg² at zero."""
    size = 1e-13
    up, down = (rates({name: x}, species, centre) for x in (size, -size))
    change = (up - down) / rates({}, species, centre)
    return np.where(np.abs(change) < 1e-9, 0.0, np.sign(change))


def test_the_loop_of_muon_and_tau() -> None:
    assert 6 * muon_tau_loop(0.0) == pytest.approx(5.645, abs=5e-4)
    assert 6 * muon_tau_loop(60.0**2) == pytest.approx(5.583, abs=5e-4)
    for q2 in (1e-6, 1e-2, 30.0, 3600.0, 1e6, 1e9):

        def integrand(x: float, q2: float = q2) -> float:
            y = x * (1 - x)
            return y * float(np.log((1776.86**2 + y * q2) / (105.6583745**2 + y * q2)))

        expected = quad(integrand, 0, 1, epsabs=0, epsrel=1e-12, limit=200)[0]
        assert float(muon_tau_loop(q2)) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    ("name", "nuclei", "of_nu_e", "of_nu_mu", "of_nu_tau"),
    [
        ("g_universal", (-1, -1, -1), 1, -1, -1),
        ("g_b-l", (1, 1, 1), 1, -1, -1),
        ("g_lmu-ltau", (0, -1, 1), 0, 1, -1),
    ],
)
def test_signs_of_interference(
    name: str, nuclei: tuple[int, ...], of_nu_e: int, of_nu_mu: int, of_nu_tau: int
) -> None:
    """A nucleus has A < 0; g_V of an electron is 0.97 to ν_e and -0.04 to ν_μ and ν_τ.

    Like charges interfere destructively on nuclei, and B-L has unlike ones of ν and quarks but like
    ones of ν and e. Antineutrinos have the same signs, at recoils far below their energy.
    """
    for flavour, sign in zip(("e", "mu", "tau"), nuclei, strict=True):
        for bar in ("", "_bar"):
            np.testing.assert_array_equal(slopes(name, f"nu_{flavour}{bar}", ARGON), sign)
    for flavour, sign in (("e", of_nu_e), ("mu", of_nu_mu), ("tau", of_nu_tau)):
        for bar in ("", "_bar"):
            np.testing.assert_array_equal(slopes(name, f"nu_{flavour}{bar}", ELECTRONS), sign)


@pytest.mark.parametrize("centre", [ARGON, ELECTRONS], ids=["nucleus", "electron"])
def test_lmu_ltau_is_nothing_to_nu_e(centre: ScatteringCentre) -> None:
    for species in ("nu_e", "nu_e_bar"):
        found = rates({"g_lmu-ltau": 1e-3}, species, centre)
        np.testing.assert_array_equal(found, rates({}, species, centre))


def test_a_universal_vector_has_a_zero_on_nuclei() -> None:
    own = ARGON.nucleus
    charge = 18 * MODEL.quarks.proton_vector + 22 * MODEL.quarks.neutron_vector
    denominator = 2 * own.mass_mev * RECOILS * 1e-3 + 10.0**2
    for i, g2 in enumerate(-charge * np.sqrt(2) * G_F * denominator / (3 * 40)):
        assert g2 > 0
        found = rates({"g_universal": g2}, "nu_mu", ARGON)[i]
        assert abs(found) < 1e-12 * rates({}, "nu_mu", ARGON)[i]
        twice = rates({"g_universal": 2 * g2}, "nu_mu", ARGON)[i]
        assert twice == pytest.approx(rates({}, "nu_mu", ARGON)[i], rel=1e-11, abs=0)


@settings(max_examples=20)
@given(
    log_epsilon=st.floats(-3.0, 1.0),
    charges=st.tuples(*[st.sampled_from([-2.0, -0.5, 1.0, 3.0])] * 6),
    species=st.sampled_from(SPECIES),
)
def test_a_heavy_mediator_is_a_contact_interaction(
    log_epsilon: float, charges: tuple[float, ...], species: str
) -> None:
    """ε^q = g_ν g_q/(√2 G_F m²) and ε^eL = ε^eR = g_ν g_e/(2√2 G_F m²)."""
    mass, g2 = 1e8, 10**log_epsilon * np.sqrt(2) * G_F * 1e16
    epsilon = g2 / (np.sqrt(2) * G_F * mass**2)
    names = ("nu_e", "nu_mu", "nu_tau", "u", "d", "e")
    text = ",".join(f"{name}={charge}" for name, charge in zip(names, charges, strict=True))
    heavy = Assumptions(mediator_mass="1e5 GeV", charges=text)
    *neutrinos, up, down, electron = charges
    contact = {}
    for flavour, own in zip(("ee", "mumu", "tautau"), neutrinos, strict=True):
        for target, charge in (("u", up), ("d", down), ("eL", electron / 2), ("eR", electron / 2)):
            contact[f"epsilon_{target}_{flavour}"] = own * charge * epsilon
    for centre in (ARGON, ELECTRONS):
        found = rates({"g_vector": g2}, species, centre, heavy)
        np.testing.assert_allclose(found, rates(contact, species, centre), rtol=1e-7)


@pytest.mark.parametrize("species", SPECIES)
def test_stated_charges_of_a_model_are_the_model(species: str) -> None:
    for name, text in (
        ("g_b-l", "nu=-1,u=1/3,d=1/3,e=-1"),
        ("g_universal", "nu_e=1,nu_mu=1,nu_tau=1,u=1,d=1,e=1"),
    ):
        stated = Assumptions(mediator_mass="30 MeV", charges=text)
        for centre in (ARGON, ELECTRONS):
            found = rates({"g_vector": 1e-8}, species, centre, stated)
            np.testing.assert_allclose(found, rates({name: 1e-8}, species, centre, stated))


@settings(max_examples=25)
@given(
    log_g2=st.floats(-16, 0),
    log_mass=st.floats(-6, 6),
    name=st.sampled_from(["g_universal", "g_b-l", "g_lmu-ltau", "g_vector", "g_axial"]),
    species=st.sampled_from(SPECIES),
)
def test_rates_are_never_negative(log_g2: float, log_mass: float, name: str, species: str) -> None:
    given_ = Assumptions(mediator_mass=f"{10**log_mass} MeV", charges="nu=1,u=-0.7,d=1,e=2")
    for centre in (ARGON, ELECTRONS):
        assert np.all(rates({name: 10**log_g2}, species, centre, given_) >= 0)


def test_the_convention_of_an_axial_mediator() -> None:
    """g_A -> g_A - x/(√2G_F(2mT+m²)): g_A = 1/2 of ν_e falls, -1/2 of ν_μ grows in size."""
    assert np.all(rates({"g_axial": 1e-9}, "nu_e", ARGON) == rates({}, "nu_e", ARGON))
    for species in ("nu_e", "nu_e_bar"):
        np.testing.assert_array_equal(slopes("g_axial", species, ELECTRONS), -1)
    for species in ("nu_mu", "nu_mu_bar"):
        np.testing.assert_array_equal(slopes("g_axial", species, ELECTRONS), 1)


@settings(max_examples=10)
@given(epsilon=st.floats(1e-3, 3.0), species=st.sampled_from(SPECIES))
def test_an_axial_mediator_shifts_the_chiral_couplings(epsilon: float, species: str) -> None:
    """A heavy one is ε^eL = -ε^eR = -g_ν g_A/(2√2 G_F m²)."""
    heavy, g2 = Assumptions(mediator_mass="1e5 GeV"), epsilon * np.sqrt(2) * G_F * 1e16
    contact = {}
    for flavour in ("ee", "mumu", "tautau"):
        contact |= {f"epsilon_eL_{flavour}": -epsilon / 2, f"epsilon_eR_{flavour}": epsilon / 2}
    found = rates({"g_axial": g2}, species, ELECTRONS, heavy)
    np.testing.assert_allclose(found, rates(contact, species, ELECTRONS), rtol=1e-7)


@pytest.mark.parametrize("name", ["g_universal", "g_b-l"])
def test_a_limit_on_a_coupling(name: str) -> None:
    found = munu.limit("conus-plus", name, mediator_mass="30 MeV")
    assert isinstance(found, CouplingLimitResult)
    assert np.all(found.intervals >= 0)
    heavier = munu.limit("conus-plus", name, mediator_mass="300 MeV")
    assert isinstance(heavier, CouplingLimitResult)
    ratio = heavier.intervals[-1, -1] / found.intervals[-1, -1]
    assert ratio == pytest.approx(10, rel=0.1)


def test_a_universal_coupling_has_a_second_solution() -> None:
    """From zero, and about twice the coupling at which the amplitude vanishes."""
    found = munu.limit("conus-plus", "g_universal", mediator_mass="1 GeV", expected=True)
    assert isinstance(found, CouplingLimitResult)
    (first, second) = found.intervals
    assert first[0] == 0 < first[1] < second[0] < second[1]


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("g_b-l", {}, "no mediator mass is stated"),
        ("g_axial", {}, "no mediator mass is stated"),
        ("g_lmu-ltau", {"mediator_mass": "30 keV m"}, "30 keV m"),
        ("g_vector", {"mediator_mass": "30 MeV"}, "no charges are stated"),
        ("g_vector", {"mediator_mass": "30 MeV", "charges": "nu_e=1,q=1"}, "unknown charge 'q'"),
        ("g_b_l", {"mediator_mass": "30 MeV"}, "Did you mean 'g_b-l'"),
    ],
)
def test_bad_questions_are_refused(name: str, options: dict[str, str], message: str) -> None:
    with pytest.raises(MunuError, match=message):
        munu.limit("conus-plus", name, **options)


def test_what_an_experiment_cannot_see_is_named() -> None:
    for name in ("g_lmu-ltau", "g_axial"):
        found = munu.limit("conus-plus", name, mediator_mass="30 MeV")
        assert isinstance(found, CouplingLimitResult)
        assert found.unbounded_because == "blind direction"


def test_settings_of_each() -> None:
    for name in ("g_universal", "g_b-l", "g_lmu-ltau", "g_axial"):
        assert interaction_of(name).settings == ("mediator_mass",)
    assert interaction_of("g_vector").settings == ("mediator_mass", "charges")
    assert parameter("g_b-l").kind == "squared"
