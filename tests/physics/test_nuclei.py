"""Isotopes against two independent packages; materials against Eq. (31) and by properties."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from munu.base.constants import AVOGADRO_PER_MOL
from munu.base.errors import MunuError
from munu.physics.atoms import atoms
from munu.physics.nuclei import Nucleus, Target, element, elements, nucleus, parse_material

ISOTOPES = [isotope for isotopes in elements().values() for isotope in isotopes]
SYMBOLS = st.sampled_from(sorted(elements()))
NUMBERS = st.floats(min_value=0.1, max_value=10.0)


@pytest.fixture(scope="module")
def mendeleev_isotopes() -> dict[str, Any]:
    table = pytest.importorskip("mendeleev.fetch").fetch_table("isotopes")
    symbols = {isotopes[0].protons: symbol for symbol, isotopes in elements().items()}
    return {
        f"{symbols[isotope.atomic_number]}-{isotope.mass_number}": isotope
        for isotope in table.itertuples()
        if isotope.atomic_number in symbols and isotope.abundance > 0
    }


@pytest.fixture(scope="module")
def periodic_table() -> Any:
    return pytest.importorskip("periodictable").elements


def test_mendeleev_lists_the_same_isotopes(mendeleev_isotopes: dict[str, Any]) -> None:
    assert {isotope.name for isotope in ISOTOPES} == set(mendeleev_isotopes)
    for isotope in ISOTOPES:
        other = mendeleev_isotopes[isotope.name]
        assert isotope.atomic_mass_u == pytest.approx(other.mass, rel=1e-6)
        assert isotope.abundance == pytest.approx(other.abundance / 100, abs=2e-3)
        assert isotope.spin == float(Fraction(other.spin))


def test_periodictable_lists_the_same_isotopes(periodic_table: Any) -> None:
    others = {
        f"{symbol}-{isotope.isotope}": isotope
        for symbol in elements()
        for isotope in periodic_table.symbol(symbol)
        if isotope.abundance
    }
    assert {isotope.name for isotope in ISOTOPES} == set(others)
    for isotope in ISOTOPES:
        other = others[isotope.name]
        assert isotope.atomic_mass_u == pytest.approx(other.mass, rel=1e-6)
        assert isotope.abundance == pytest.approx(other.abundance / 100, abs=2e-3)
        assert isotope.protons == other.number


@pytest.mark.parametrize("symbol", sorted(elements()))
def test_elements_have_the_standard_atomic_weight(symbol: str, periodic_table: Any) -> None:
    """That of Li, B and S is an interval in nature, CIAAW 2021, wider than others are known to."""
    intervals = {"Li": (6.938, 6.997), "B": (10.806, 10.821), "S": (32.059, 32.076)}
    mass = parse_material(symbol).molar_mass_g
    if symbol in intervals:
        low, high = intervals[symbol]
        assert low < mass < high
    else:
        assert mass == pytest.approx(periodic_table.symbol(symbol).mass, rel=1e-4)


def test_every_element_of_a_detector_is_there() -> None:
    wanted = (
        "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Ti Cr Fe Ni Cu Zn Ga Ge As Br Sr Zr Nb"
        " Mo Ag Cd In Sn Te I Xe Cs Ba La Nd Gd Lu W Pb Bi"
    )
    assert set(wanted.split()) <= set(elements())
    assert set(elements()) == set(atoms())


def nuclei_csv() -> tuple[str, list[dict[str, str]]]:
    """Return the comments and the rows of the table."""
    lines = files("munu").joinpath("data/nuclei.csv").read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    return "\n".join(comments), list(csv.DictReader(lines[len(comments) :]))


def test_radii_that_are_not_measured_are_marked() -> None:
    marked = {
        f"{row['symbol']}-{row['mass_number']}": row["charge_radius_note"]
        for row in nuclei_csv()[1]
        if row["charge_radius_note"]
    }
    assert set(marked) == {"S-33", "V-50"}
    assert all(note.startswith("not measured: ") for note in marked.values())
    neighbours = nucleus("S-32").charge_radius_fm + nucleus("S-34").charge_radius_fm
    assert nucleus("S-33").charge_radius_fm == pytest.approx(neighbours / 2, abs=1e-4)
    assert nucleus("V-50").charge_radius_fm == nucleus("V-51").charge_radius_fm


def test_every_column_has_a_source() -> None:
    comments, rows = nuclei_csv()
    for column in set(rows[0]) - {"symbol", "protons", "mass_number", "charge_radius_note"}:
        source = re.search(rf"^# {column}: [^\n]*\(\d{{4}}\)", comments, re.MULTILINE)
        assert source, column


@pytest.mark.parametrize("symbol", sorted(elements()))
def test_abundances_add_up_to_one(symbol: str) -> None:
    assert sum(isotope.abundance for isotope in element(symbol)) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("isotope", ISOTOPES, ids=lambda isotope: isotope.name)
def test_isotope_is_consistent(isotope: Nucleus) -> None:
    assert isotope.name == f"{isotope.symbol}-{isotope.mass_number}"
    assert nucleus(isotope.name) is isotope
    assert (isotope.spin == 0) == (isotope.unpaired_protons + isotope.unpaired_neutrons == 0)
    assert (2 * isotope.spin) % 2 == isotope.mass_number % 2
    if isotope.name == "H-2":  # Its proton and neutron are hardly bound.
        return
    # Charge radii grow as the cube root of A: a slipped row would not. Light nuclei are wider.
    radius_fm = 0.97 * isotope.mass_number ** (1 / 3)
    light = isotope.mass_number < 23
    assert isotope.charge_radius_fm == pytest.approx(radius_fm, rel=0.5 if light else 0.12)


@pytest.mark.parametrize(
    ("name", "unpaired"),
    [
        ("Cs-133", (1, 0)),
        ("I-127", (1, 0)),
        ("Na-23", (1, 0)),
        ("Ge-73", (0, 1)),
        ("Si-29", (0, 1)),
        ("Xe-129", (0, 1)),
        ("Xe-131", (0, 1)),
        ("Ar-40", (0, 0)),
    ],
)
def test_unpaired_nucleon(name: str, unpaired: tuple[int, int]) -> None:
    isotope = nucleus(name)
    assert (isotope.unpaired_protons, isotope.unpaired_neutrons) == unpaired


def test_nuclear_mass_is_atomic_mass_less_electrons() -> None:
    carbon = nucleus("C-12")
    assert carbon.mass_mev == pytest.approx(12 * 931.49410242 - 6 * 0.51099895, rel=1e-12)
    caesium = nucleus("Cs-133")
    atomic_mass_mev = caesium.atomic_mass_u * 931.49410242
    assert atomic_mass_mev - caesium.mass_mev == pytest.approx(28.1, abs=0.01)


def test_caesium_iodide_follows_eq_31() -> None:
    per_kg = {isotope.name: number for isotope, number in parse_material("CsI").nuclei_per_kg()}
    expected = 1000 / (132.905451958 + 126.904472592) * AVOGADRO_PER_MOL
    assert per_kg == pytest.approx({"Cs-133": expected, "I-127": expected}, rel=1e-12)


def test_mixture_counts_atoms_not_grams() -> None:
    numbers: dict[str, float] = {}
    for isotope, number in parse_material("2Ge:1Si").nuclei_per_kg():
        numbers[isotope.symbol] = numbers.get(isotope.symbol, 0.0) + number
    assert numbers["Ge"] / numbers["Si"] == pytest.approx(2.0, rel=1e-12)


def test_formula_with_counts() -> None:
    numbers: dict[str, float] = {}
    for isotope, number in parse_material("CaWO4").fractions:
        numbers[isotope.symbol] = numbers.get(isotope.symbol, 0.0) + number
    assert numbers == pytest.approx({"Ca": 1, "W": 1, "O": 4})


def test_equal_materials_in_different_words() -> None:
    mixture = parse_material("2Ge:1Si")
    assert parse_material({"Ge": 2, "Si": 1}) == mixture
    assert parse_material("2 Ge : Si") == mixture
    assert parse_material("Ge2Si") == mixture
    assert parse_material({"Cs": 1, "I": 1}) == parse_material("CsI")


def test_enrichment_replaces_the_natural_isotopes() -> None:
    enriched = parse_material("Ge", {"Ge-76": 0.86, "Ge-74": 0.14})
    assert {i.name: n for i, n in enriched.fractions} == {"Ge-76": 0.86, "Ge-74": 0.14}
    assert parse_material("Ge", {"Ge-76": 1.0}) == parse_material("Ge-76")
    mixed = parse_material("2Ge:1Si", {"Ge-76": 1.0})
    assert dict(mixed.fractions)[nucleus("Ge-76")] == 2.0
    assert dict(mixed.fractions)[nucleus("Si-28")] == nucleus("Si-28").abundance


@given(st.dictionaries(SYMBOLS, NUMBERS, min_size=1, max_size=4))
def test_one_kilogram_weighs_one_kilogram(material: dict[str, float]) -> None:
    target = parse_material(material)
    grams = sum(n * i.atomic_mass_u for i, n in target.nuclei_per_kg()) / AVOGADRO_PER_MOL
    assert grams == pytest.approx(1000.0, rel=1e-12)


@given(st.dictionaries(SYMBOLS, NUMBERS, min_size=1, max_size=4), NUMBERS)
def test_nuclei_per_kg_do_not_depend_on_the_formula_unit(
    material: dict[str, float], scale: float
) -> None:
    scaled = {symbol: scale * number for symbol, number in material.items()}
    one = [number for _, number in parse_material(material).nuclei_per_kg()]
    other = [number for _, number in parse_material(scaled).nuclei_per_kg()]
    assert one == pytest.approx(other, rel=1e-10)


@pytest.mark.parametrize(
    ("material", "enrichment", "message"),
    [
        ("Gr", None, "unknown element 'Gr'"),
        ("Ge-77", None, "Did you mean 'Ge-7"),
        ("NAI", None, "Write NaI"),
        ("CSI", None, "Write CsI for Cs, { C = 1, S = 1, I = 1 } for C and S"),
        ("PBWO4", None, "Write PbWO4"),
        ("1 2Ge", None, "cannot read the material '1 2Ge'"),
        ("csi", None, "cannot read the material 'csi'"),
        ("", None, "cannot read the material ''"),
        ("Ge2(Si)", None, "has (Si) without a number"),
        ("Ge:", None, "cannot read"),
        ("0Ge", None, "the number of Ge is 0"),
        ({"Ge": -1.0}, None, "the number of Ge is -1"),
        ({"Ge": float("nan")}, None, "the number of Ge is nan"),
        ({}, None, "at least one nucleus"),
        ("Ge", {"Ge-76": 0.86}, "add up to 0.86"),
        ("Ge", {"Ge-76": 1.2, "Ge-74": -0.2}, "Ge-74 is -0.2"),
        ("Ge", {"Ge-75": 1.0}, "unknown isotope 'Ge-75'"),
        ("Ge", {"Xe-136": 1.0}, "enrichment of Xe"),
        ("Ge-76", {"Ge-76": 1.0}, "enrichment of Ge"),
        ("Ge", {"Ge-76": 0.5, "76Ge": 1.0}, "the enrichment names Ge-76 twice"),
    ],
)
def test_mistakes_are_named(
    material: str | dict[str, float], enrichment: dict[str, float] | None, message: str
) -> None:
    with pytest.raises(MunuError, match=re.escape(message)):
        parse_material(material, enrichment)


def test_target_rejects_a_negative_number() -> None:
    with pytest.raises(MunuError, match="the number of Ge-76"):
        Target(((nucleus("Ge-76"), -1.0),))
