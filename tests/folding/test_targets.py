"""Targets of every kind, from file to events, against rates without the tables of the package."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from munu.analysis.limit import limit
from munu.base.errors import MunuError
from munu.experiments.load import loads
from munu.experiments.model import CountingExperiment
from munu.folding.fold import fold

ENERGY_MEV, FLUX_PER_CM2_S, SIN2 = 10.0, 1e10, 0.23
LOW_KEV = 0.05
FILE = """
format = 1
id = "mine"
title = "one line of neutrinos"
reference = "none"
[source]
kind = "tabulated"
species = "nu_e"
beam = "line"
lines = [[10, 1e10]]
[target]
material = MATERIAL
mass = "1 kg"
[exposure]
live_time = "100 days"
[detector]
observable = "recoil"
bins = { kind = "edges", edges = [0.05, 200], unit = "keV" }
efficiency = { model = "flat", fraction = 1 }
resolution = "perfect"
[interaction]
channels = ["nuclear"]
form_factor = { model = "helm", radius = "lewin-smith", skin_thickness = "0.9 fm" }
sin2_theta_w = 0.23
radiative = false
mixing = "nufit60-no"
[statistic]
kind = "poisson"
observed = "sm"
sigma_signal = 0
"""
TANTALUM = """
[target.isotopes.Ta-181]
protons = 73
atomic_mass = "180.947999 u"
spin = 3.5
charge_radius = "5.3507 fm"
abundance = 1
source = "AME2020, NUBASE2020, Angeli and Marinova 2013"
"""


def text(material: str, more: str = "") -> str:
    return FILE.replace("MATERIAL", material) + more


def events(material: str, more: str = "") -> float:
    experiment = loads(text(material, more), name="mine.toml")
    assert isinstance(experiment, CountingExperiment)
    return float(fold(experiment).sm_events.sum())


def helm_squared(momentum: np.ndarray, radius_fm: float) -> np.ndarray:
    x = momentum * radius_fm
    sphere = 3 * (np.sin(x) - x * np.cos(x)) / x**3
    return (sphere * np.exp(-0.5 * (0.9 * momentum) ** 2)) ** 2


def events_per_nucleus(z: int, a: int, mass_u: float, radius_fm: float | None = None) -> float:
    """Integrate Eq. (19) of arXiv:1905.03750 at tree level above the threshold, in 100 days."""
    mass = 931.49410242 * mass_u - 0.51099895 * z
    top = 2e3 * ENERGY_MEV**2 / mass
    if top <= LOW_KEV:
        return 0.0
    if radius_fm is None:
        c = 1.23 * a ** (1 / 3) - 0.60
        squared = c**2 + 7 / 3 * (np.pi * 0.52) ** 2 - 5 * 0.9**2
    else:
        squared = 5 / 3 * radius_fm**2 - 5 * 0.9**2
    nodes, weights = np.polynomial.legendre.leggauss(60)
    recoil = LOW_KEV + 0.5 * (top - LOW_KEV) * (nodes + 1)
    vector = (0.5 - 2 * SIN2) * z - 0.5 * (a - z)
    axial = 0.5 * (z % 2) - 0.5 * ((a - z) % 2)
    ratio = recoil / top
    bracket = vector**2 * (1 - ratio) + axial**2 * (1 + ratio)
    momentum = np.sqrt(2e-3 * mass * recoil) / 197.3269804
    rate = 1.1663787e-11**2 / np.pi * 197.3269804**2 * 1e-26 * mass * 1e-3
    shape = bracket * helm_squared(momentum, np.sqrt(squared))
    cross_section = float(0.5 * (top - LOW_KEV) * np.sum(weights * rate * shape))
    return cross_section * FLUX_PER_CM2_S * 100 * 86400


def by_hand(elements: Any, formula: dict[str, int]) -> float:
    """Return the events of one kilogram with the isotopes of periodictable."""
    grams, total = 0.0, 0.0
    for symbol, number in formula.items():
        element = elements.symbol(symbol)
        for isotope in element:
            fraction = number * isotope.abundance / 100
            if fraction:
                mass_u = isotope.mass
                grams += fraction * mass_u
                total += fraction * events_per_nucleus(element.number, isotope.isotope, mass_u)
    return total * 1e3 / grams * 6.02214076e23


@pytest.mark.parametrize(
    "formula",
    [
        {"Li": 1},
        {"F": 1},
        {"He": 1},
        {"Al": 2, "O": 3},
        {"Zn": 1},
        {"Ne": 1},
        {"Te": 1, "O": 2},
        {"Pb": 1, "W": 1, "O": 4},
        {"Ca": 1, "W": 1, "O": 4},
        {"Cs": 2, "Li": 1, "Y": 1, "Cl": 6},
        {"Bi": 4, "Ge": 3, "O": 12},
        {"La": 1, "Br": 3},
        {"Cd": 1, "Mo": 1, "O": 4},
        {"Gd": 3, "Al": 2, "Ga": 3, "O": 12},
    ],
    ids=str,
)
def test_compounds_have_the_rate_of_their_nuclei(formula: dict[str, int]) -> None:
    """The isotopic abundances of lithium and of others differ by up to 1e-3 between tables."""
    elements = pytest.importorskip("periodictable").elements
    name = "".join(f"{symbol}{n if n > 1 else ''}" for symbol, n in formula.items())
    assert events(f'"{name}"') == pytest.approx(by_hand(elements, formula), rel=1e-3)


def test_an_isotope_as_people_write_it_is_the_isotope() -> None:
    right = events('"Ge-76"')
    assert right == pytest.approx(
        events_per_nucleus(32, 76, 75.921402725) * 6.02214076e26 / 75.921402725, rel=1e-6
    )
    for written in ('"76Ge"', '"Ge76"', '"76 Ge"', '{ "76Ge" = 3 }'):
        assert events(written) == right
    assert events('"Ge"') > 1.01 * right or events('"Ge"') < 0.99 * right


def test_one_isotope_at_a_reactor_like_table() -> None:
    """Found without the package: 2717.9 events, 71.900 of a dipole of 1e-10, limit 1.110e-10."""
    flux = "points = [[1.8, 1e11], [4, 2e11], [8, 1e9]]"
    source = text('"76Ge"').replace("lines = [[10, 1e10]]", flux).replace('"nu_e"', '"nu_e_bar"')
    source = source.replace("[0.05, 200]", "[0.3, 2]").replace("0.23\n", "0.2312\n")
    experiment = loads(source.replace("radiative = false", "radiative = true"), name="mine.toml")
    assert isinstance(experiment, CountingExperiment)
    counts = fold(experiment)
    assert counts.sm_events.sum() == pytest.approx(2717.9, abs=0.05)
    dipole = counts.dipole_events_per_mu_b2.sum() * 1e-20
    assert dipole == pytest.approx(71.900, abs=5e-4)
    found = limit(experiment, parameter="Lambda_3")
    assert found.limit_mu_b * 1e10 == pytest.approx(1.110, abs=5e-4)


def test_an_element_of_ones_own() -> None:
    per_formula = 2 * events_per_nucleus(73, 181, 180.947999)
    tantalum = by_hand(pytest.importorskip("periodictable").elements, {"O": 5})
    oxygen = 5 * 15.9994
    expected = per_formula * 6.02214076e26 + tantalum * oxygen
    assert events('"Ta2O5"', TANTALUM) == pytest.approx(
        expected / (2 * 180.947999 + oxygen), rel=1e-3
    )


def test_an_isotope_of_ones_own_takes_the_place_of_the_known_one() -> None:
    radius = '"charge-radius"'
    own = """
[target.isotopes.Ge-76]
protons = 32
atomic_mass = "75.921402725 u"
spin = 0
charge_radius = "5 fm"
source = "none"
"""
    source = text('"76Ge"', own).replace('"lewin-smith"', radius)
    experiment = loads(source, name="mine.toml")
    assert isinstance(experiment, CountingExperiment)
    found = fold(experiment).sm_events.sum()
    one = events_per_nucleus(32, 76, 75.921402725, radius_fm=5.0)
    assert found == pytest.approx(one * 6.02214076e26 / 75.921402725, rel=1e-6)


def test_electrons_of_an_isotope_of_ones_own_are_those_of_the_element() -> None:
    own = TANTALUM.replace("Ta-181", "Ge-68").replace("73", "32").replace("180.947999", "67.9281")
    own = own.replace("3.5", "0").replace("abundance = 1\n", "")
    channels = '["nuclear", "electron"]'
    counts = []
    for material, more in (('"Ge-68"', own), ('"Ge-70"', "")):
        experiment = loads(text(material, more).replace('["nuclear"]', channels), name="mine.toml")
        assert isinstance(experiment, CountingExperiment)
        electrons = [n for c, n in experiment.centres() if c.name != material.strip('"')]
        counts.append(electrons[0])
    assert counts[0] / counts[1] == pytest.approx(69.924248542 / 67.9281, rel=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("Ta-181", "Tantalum"), "'Tantalum' is not the name of an isotope. Write symbol and A"),
        (("protons = 73", "protons = 200"), "Ta-181 has 200 protons. Allowed: from 1 to 181"),
        (("180.947999 u", "18.0947999 u"), "the atomic mass of Ta-181, 18.0948 u, is not near"),
        (("180.947999 u", "180.947999"), "has no unit. Write a number and one of the units u, Da"),
        (("spin = 3.5", "spin = 3"), "the spin of Ta-181 is 3. Allowed: 1/2, 3/2"),
        (
            ("5.3507 fm", "53.507 fm"),
            "target.isotopes.Ta-181.charge_radius: '53.507 fm' is outside",
        ),
        (("abundance = 1", "abundance = 0.9"), "the abundances of Ta add up to 0.9, not to 1"),
        (("abundance = 1\n", ""), "the isotopes of Ta have no abundance. Give each one, or name"),
        (("Ta-181", "Re-181"), "unknown element 'Ta'"),
        (("protons = 73\n", ""), "[target.isotopes.Ta-181] lacks 'protons'"),
        (("charge_radius", "radius"), "unknown key 'radius' in [target.isotopes.Ta-181]"),
        (("source", "# source"), "target.isotopes.Ta-181.protons: it has no source"),
    ],
)
def test_a_wrong_isotope_is_refused_by_name(change: tuple[str, str], message: str) -> None:
    with pytest.raises(MunuError, match=re.escape(message)) as caught:
        loads(text('"Ta2O5"', TANTALUM.replace(*change)), name="mine.toml")
    assert "mine.toml" in str(caught.value)


def test_an_isotope_that_is_not_in_the_material_is_refused() -> None:
    message = "the material has no Ta-181, which target.isotopes states"
    with pytest.raises(MunuError, match=message):
        loads(text('"Ge"', TANTALUM), name="mine.toml")


def test_an_isotope_without_abundance_beside_others_is_refused() -> None:
    second = TANTALUM.replace("Ta-181", "Ta-180").replace("180.947999", "179.947")
    second = second.replace("3.5", "9").replace("abundance = 1\n", "")
    with pytest.raises(MunuError, match="Ta-180 has no abundance, and other isotopes of Ta have"):
        loads(text('"Ta2O5"', TANTALUM + second), name="mine.toml")


def test_another_number_of_protons_than_the_element_has_is_refused() -> None:
    own = TANTALUM.replace("Ta-181", "W-181")
    with pytest.raises(MunuError, match=r"W has another number\. Write protons = 74"):
        loads(text('"W-181"', own), name="mine.toml")
