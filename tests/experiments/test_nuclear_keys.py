"""Keys of [interaction] about nuclei and atoms: counts, what is shown and cited, bad input."""

import re
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

import munu
from munu.analysis.checks.mistakes import mistakes
from munu.base.errors import MunuError
from munu.folding.fold import fold, recoil_spectrum

FERMI, HBAR_C = 1.1663787e-11, 197.3269804
"""G_F in MeV⁻² and ħc in MeV fm, Particle Data Group 2018."""
MUON, PION = 105.6583745, 139.57061
LINE = (PION**2 - MUON**2) / (2 * PION)
RADII = 'neutron_radius = { Cs133 = "5.09 fm", 127I = "5.03 fm" }'

TEXT = """format = 1
id = "mine"
title = "mine"
reference = "none"
[source]
kind = "spallation"
baseline = "20 m"
neutrinos_per_proton = 0.08
proton_rate = "2e23 POT/yr"
[target]
material = "{material}"
mass = "10 kg"
[exposure]
live_time = "1 yr"
[detector]
observable = "recoil"
bins = {{ kind = "edges", edges = {edges}, unit = "keV" }}
resolution = "perfect"
efficiency = {{ model = "flat", fraction = 1 }}
[interaction]
channels = {channels}
form_factor = {form_factor}
sin2_theta_w = 0.2312
radiative = false
mixing = "nufit60-no"
{keys}
[statistic]
kind = "poisson"
observed = "sm"
sigma_signal = 0.1
"""
HELM = '{ model = "helm", radius = "charge-radius", skin_thickness = "0.9 fm" }'


def text_of(
    keys="", *, material="CsI", channels='["nuclear"]', edges="[5, 12, 30]", form_factor=HELM
):
    return TEXT.format(
        keys=keys, material=material, channels=channels, edges=edges, form_factor=form_factor
    )


def experiment(keys="", **parts):
    return munu.loads(text_of(keys, **parts))


def counts(keys="", **parts):
    return fold(experiment(keys, **parts)).sm_total()


def helm(q, radius):
    x = q * np.sqrt(5 / 3 * radius**2 - 5 * 0.9**2)
    return 3 * (np.sin(x) - x * np.cos(x)) / x**3 * np.exp(-((0.9 * q) ** 2) / 2)


def flux_above(energy, power):
    """Integral of φ/E^power above an energy, of pions and muons at rest, one of each kind."""
    michel = quad(
        lambda e: 64 * e**2 / MUON**3 * (9 / 4 - 4 * e / MUON) / e**power, energy, MUON / 2
    )[0]
    return michel + (LINE**-power if energy < LINE else 0.0)


def by_hand(low, high, isotopes):
    """Counts of the published cross section, protons and neutrons apart, of a vector alone."""
    per_kg = 1e3 * 6.02214076e23 / sum(weight for *_, weight in isotopes)
    flux = 2e23 / 31557600 * 0.08 / (4 * np.pi * 2000**2)
    total = 0.0
    for protons, neutrons, charge_radius, neutron_radius, weight in isotopes:
        mass = weight * 931.49410242 - protons * 0.51099895

        def rate(recoil, z=protons, n=neutrons, r_p=charge_radius, r_n=neutron_radius, mass=mass):
            q = np.sqrt(2 * mass * recoil) / HBAR_C
            weak = (0.5 - 2 * 0.2312) * z * helm(q, r_p) - 0.5 * n * helm(q, r_n)
            least = np.sqrt(mass * recoil / 2)
            moments = flux_above(least, 0) - mass * recoil / 2 * flux_above(least, 2)
            return FERMI**2 * mass / np.pi * weak**2 * moments * HBAR_C**2 * 1e-26

        total += quad(rate, low * 1e-3, high * 1e-3, epsrel=1e-9, points=[2 * LINE**2 / mass])[0]
    return total * flux * per_kg * 10 * 31557600


CESIUM, IODINE = (55, 78, 4.8041), (53, 74, 4.7500)


def test_events_with_neutron_radii_against_the_published_cross_section():
    found = counts(f'spin_term = "none"\n{RADII}')
    isotopes = [(*CESIUM, 5.09, 132.905451958), (*IODINE, 5.03, 126.904472592)]
    expected = [by_hand(5, 12, isotopes), by_hand(12, 30, isotopes)]
    assert found == pytest.approx(expected, rel=2e-6)
    alike = [(*CESIUM, 4.8041, 132.905451958), (*IODINE, 4.75, 126.904472592)]
    assert counts('spin_term = "none"')[0] == pytest.approx(by_hand(5, 12, alike), rel=2e-6)


def test_neutrons_like_protons_are_one_form_factor():
    same = 'neutron_radius = { Cs-133 = "4.8041 fm", 127I = "4.75 fm" }'
    assert counts(same) == pytest.approx(counts(), rel=1e-12)
    assert counts('neutron_skin = "0 fm"') == pytest.approx(counts(), rel=1e-12)


def test_moments_see_protons_alone():
    one, other = fold(experiment()), fold(experiment(RADII))
    assert np.array_equal(one.dipole_events_per_mu_b2, other.dipole_events_per_mu_b2)


def test_radii_take_events_from_caesium_iodide():
    """By 6 to 9 %, with the radii of two families of models, in the window of the data of 2021."""
    catalogue = files("munu").joinpath("experiments/catalogue/coherent-csi-2021.toml")
    text = catalogue.read_text(encoding="utf-8")
    assert text.count("[interaction]\n") == 1
    for radii, loss in ((("5.09", "5.03"), 0.0939), (("4.97", "4.92"), 0.0562)):
        line = f'neutron_radius = {{ Cs133 = "{radii[0]} fm", I127 = "{radii[1]} fm" }}'
        changed = munu.loads(text.replace("[interaction]\n", f"[interaction]\n{line}\n"))
        ratio = munu.rate(changed).sm_events / munu.rate("coherent-csi-2021").sm_events
        assert 1 - ratio == pytest.approx(loss, abs=2e-4)


def test_spin_terms_differ_by_the_square_of_the_axial_charge():
    found = {}
    for term in ("unpaired", "nuclear-structure", "none"):
        found[term] = counts(f'spin_term = "{term}"', material="F")
    unpaired = found["unpaired"] - found["none"]
    structure = found["nuclear-structure"] - found["none"]
    p_over_n = (1.269 + 0.085) * 0.478 - (1.269 - 0.085) * -0.002
    assert structure / unpaired == pytest.approx([4 * p_over_n**2] * 2, rel=1e-9)
    assert counts(material="F") == pytest.approx(found["unpaired"], rel=1e-15)


def test_spins_of_the_file_take_the_place_of_the_tabulated_ones():
    term = 'spin_term = "nuclear-structure"'
    own = counts(f"{term}\nnucleon_spins = {{ F19 = [0.239, -0.001] }}", material="F")
    none = counts('spin_term = "none"', material="F")
    tabulated = counts(term, material="F")
    assert (tabulated - none) / (own - none) == pytest.approx([4, 4], rel=1e-9)


def test_moments_on_nuclei_without_spin_gain_little():
    """T²/4E² of the rate, below (E/M)²: 1e-6 in argon at 50 MeV."""
    plain = fold(experiment(material="Ar", edges="[20, 140]")).dipole_events_per_mu_b2
    key = "moment_on_spin0 = true"
    exact = fold(experiment(key, material="Ar", edges="[20, 140]")).dipole_events_per_mu_b2
    gain = exact / plain - 1
    assert np.all(gain > 1e-8)
    assert np.all(gain < (52.8 / 37215) ** 2 / (1 - 140e-3 / 52.8) * 10)


def electrons(keys):
    parts = {"material": "Xe", "channels": '["electron"]', "form_factor": '"unity"'}
    return experiment(keys, edges="[2, 3.5, 11]", **parts)


def test_the_atomic_correction_of_xenon_against_its_own_quadrature():
    corrected, plain = fold(electrons('atomic = "rrpa"')), fold(electrons(""))
    node, weight = np.polynomial.legendre.leggauss(20)
    table = np.array([[2, 0.8858], [2.5, 0.8890], [3, 0.8895], [4, 0.8864]])
    borders = [2.0, 2.5, 3.0, 3.5]
    rates = np.zeros(2)
    for low, high in pairwise(borders):
        recoil = 0.5 * (high + low) + 0.5 * (high - low) * node
        seen = recoil_spectrum(electrons(""), recoil).sm_per_kg_kev_day.sum(axis=0) * weight
        rates += np.array([seen.sum(), (seen * np.interp(recoil, *table.T)).sum()]) * (high - low)
    ratio = corrected.sm_total() / plain.sm_total()
    assert ratio[0] == pytest.approx(rates[1] / rates[0], rel=1e-10)
    for row, other in zip(
        corrected.dipole_events_per_mu_b2, plain.dipole_events_per_mu_b2, strict=True
    ):
        assert row == pytest.approx(other, rel=1e-13)


def test_what_the_keys_say_is_shown_and_cited():
    radius = 'neutron_radius = { Cs133 = "5.09 fm" }'
    found = experiment(f'spin_term = "nuclear-structure"\n{radius}')
    rows = {row.quantity: (row.value, row.source) for row in munu.show(found).ingredients}
    assert rows["neutron radius.Cs133"][0] == "5.09 fm"
    assert rows["form of neutrons in Cs-133"][0] == "rms radius 5.09 fm (charge 4.804 fm)"
    assert rows["form of neutrons in I-127"][0] == "that of the protons"
    assert "1304.7684" in rows["spins in I-127"][1]
    for key in ("Klos:2013rwa", "Bednyakov:2004xq", "Hoferichter:2020osn", "HERMES:2006jyl"):
        assert f"{{{key}," in munu.cite(found)
        assert key not in munu.cite(experiment())
    xenon = electrons('atomic = "rrpa"')
    rows = {row.quantity: row.value for row in munu.show(xenon).ingredients}
    assert "0.25 to 30 keV" in rows["correction of Xe electrons"]
    assert "Chen:2016eab" in munu.cite(xenon)
    assert any("stepping function alone" in note for note in munu.rate(xenon).origin.notes)
    assert munu.rate(electrons("")).origin.notes == ()


def test_a_radius_is_one_path_in_the_file():
    keys = [entry.key for entry in experiment(RADII).identity.provenance]
    assert "interaction.neutron_radius.Cs133" in keys


@pytest.mark.parametrize(
    ("keys", "parts", "words"),
    [
        ('neutron_radius = { Cs134 = "5 fm" }', {}, r"neutron_radius.Cs134: .*Cs-133"),
        ('neutron_radius = { Cx133 = "5 fm" }', {}, r"unknown element 'Cx'"),
        ('neutron_radius = { Ge72 = "4 fm" }', {}, r"has no Ge-72.*Cs-133, I-127"),
        ('neutron_radius = { I129 = "4 fm" }', {}, r"I-127"),
        ('neutron_radius = { Cs133 = "50 fm" }', {}, r"from 1 fm up to 10 fm"),
        ('neutron_radius = { Cs133 = "1.2 fm" }', {}, r"neutron_radius: .*above 1.56 fm"),
        ('neutron_radius = { Cs133 = "5 m" }', {}, r"unit of length.*'fm'"),
        ("neutron_radius = { Cs133 = 5 }", {}, r"has no unit"),
        ('neutron_radius = { Cs133 = "nan fm" }', {}, r"not a valid nuclear length"),
        ('neutron_radius = { Cs133 = "5 fm", 133Cs = "5 fm" }', {}, r"names Cs-133 twice"),
        ('neutron_radius = "5 fm"', {}, r"Write a table"),
        ("neutron_radius = {}", {}, r"at least 1"),
        ('neutron_radius = { H-1 = "1 fm" }', {"material": "C9H12"}, r"H-1 has no neutrons"),
        (RADII, {"form_factor": '"unity"'}, r"Unity has no radius.*helm"),
        (RADII, {"channels": '["electron"]'}, r"neutron_radius: nuclear recoils are not counted"),
        ('neutron_skin = "5 fm"', {}, r"from -1 fm up to 1 fm"),
        (f'neutron_skin = "0.1 fm"\n{RADII}', {}, r"neutron_radius states each one's"),
        ('spin_term = "paired"', {}, r"'unpaired', 'nuclear-structure' or 'none'"),
        ('spin_term = "none"', {"channels": '["electron"]'}, r"spin_term: nuclear recoils"),
        ('spin_term = "nuclear-structure"', {"material": "CaWO4"}, r"spin_term: no spins .*Ca-43"),
        ("nucleon_spins = { Cs133 = [0, 0] }", {}, r'spin_term = "unpaired" takes no spins'),
        (
            'spin_term = "nuclear-structure"\nnucleon_spins = { Ge74 = [0, 0] }',
            {"material": "Ge"},
            r"the spin of Ge-74 is zero",
        ),
        ("moment_on_spin0 = true", {}, r"no nucleus without spin"),
        ('moment_on_spin0 = "yes"', {}, r"true or false"),
        ('atomic = "rrpa"', {}, r"electrons are not counted"),
        ('atomic = "rrpa"', {"channels": '["electron"]'}, r"no numbers of Cs. Allowed: Xe"),
        (
            'atomic = "rrpa"',
            {"channels": '["electron"]', "material": "Xe", "edges": "[1, 40]"},
            r"from 0.25 to 30 keV, and the bins reach from 1 to 40 keV.*stepping",
        ),
        ('atomic = "free"', {}, r"'stepping' or 'rrpa'"),
    ],
)
def test_bad_input_is_named(keys, parts, words, tmp_path):
    with pytest.raises(MunuError, match=words) as found:
        experiment(keys, **parts)
    assert "\n" not in str(found.value)
    path = tmp_path / "mine.toml"
    path.write_text(text_of(keys, **parts), encoding="utf-8")
    assert any(re.search(words, str(one)) for one in mistakes(path))
