"""Isotopes as people print them: read where nothing else can be meant, refused where it can."""

from __future__ import annotations

import re

import pytest

from munu.base.errors import MunuError
from munu.physics.nuclei import element, elements, parse_material


def counted(material: str | dict[str, float]) -> dict[str, float]:
    """Return the numbers of isotopes, and of natural elements by symbol."""
    natural = {symbol: [n.name for n in nuclei] for symbol, nuclei in elements().items()}
    found = {n.name: number for n, number in parse_material(material).fractions}
    for symbol, names in natural.items():
        if len(names) > 1 and all(name in found for name in names):
            found[symbol] = sum(found.pop(name) for name in names)
    return found


@pytest.mark.parametrize(
    ("material", "right"),
    [
        ("76Ge", {"Ge-76": 1}),
        ("Ge76", {"Ge-76": 1}),
        ("76 Ge", {"Ge-76": 1}),
        ("132Xe", {"Xe-132": 1}),
        ("O16", {"O-16": 1}),
        ("7Li", {"Li-7": 1}),
        ("Li7", {"Li-7": 1}),
        ("3He", {"He-3": 1}),
        ("133Cs127I", {"Cs-133": 1, "I-127": 1}),
        ("Na23I127", {"Na-23": 1, "I-127": 1}),
        ("6LiF", {"Li-6": 1, "F-19": 1}),
        ("6Li2O", {"Li-6": 2, "O": 1}),
        ("130TeO2", {"Te-130": 1, "O": 2}),
        ("40CaWO4", {"Ca-40": 1, "W": 1, "O": 4}),
        ({"76Ge": 1.0}, {"Ge-76": 1}),
        ({"Ge76": 2.0, "Si": 1.0}, {"Ge-76": 2, "Si": 1}),
        ({"130TeO2": 0.9, "128TeO2": 0.1}, {"Te-130": 0.9, "Te-128": 0.1, "O": 2}),
    ],
)
def test_a_mass_number_is_read_where_it_can_be_nothing_else(material, right):
    assert counted(material) == pytest.approx(right)


@pytest.mark.parametrize(
    ("material", "isotopes", "atoms"),
    [
        ("2H", '{ "H-2" = 1 }', "{ H = 1 }"),
        ("76Ge:74Ge", '{ "76Ge" = 1, "74Ge" = 1 }', "{ Ge = 150 }"),
        ("28Si:12C", '{ "28Si" = 1, "12C" = 1 }', "{ Si = 28, C = 12 }"),
        ("70Ge:30Si", '{ "70Ge" = 1, "30Si" = 1 }', "{ Ge = 70, Si = 30 }"),
        ("76Ge:Si", '{ "76Ge" = 1, Si = 1 }', "{ Ge = 76, Si = 1 }"),
        ("Ge76:2Si", '{ "Ge-76" = 1, Si = 2 }', "{ Ge = 76, Si = 2 }"),
        ("Ge76O2", '{ "Ge-76" = 1, O = 2 }', "{ Ge = 76, O = 2 }"),
        ("Cs133I", '{ "Cs-133" = 1, I = 1 }', "{ Cs = 133, I = 1 }"),
        ("Li6F19", '{ "Li-6" = 1, "F-19" = 1 }', "{ Li = 6, F = 19 }"),
        ("40Ca100MoO4", '{ "Ca-40" = 1, "Mo-100" = 1, O = 4 }', '{ "Ca-40" = 100, Mo = 1, O = 4 }'),
        ("Li2100MoO4", '{ Li = 2, "Mo-100" = 1, O = 4 }', "{ Li = 2100, Mo = 1, O = 4 }"),
        ("6Li2100MoO4", '{ "Li-6" = 2, "Mo-100" = 1, O = 4 }', '{ "Li-6" = 2100, Mo = 1, O = 4 }'),
        ("Ca100MoO4", '{ Ca = 1, "Mo-100" = 1, O = 4 }', "{ Ca = 100, Mo = 1, O = 4 }"),
        ("Zn100MoO4", '{ Zn = 1, "Mo-100" = 1, O = 4 }', "{ Zn = 100, Mo = 1, O = 4 }"),
        ("Zn82Se", '{ Zn = 1, "Se-82" = 1 }', "{ Zn = 82, Se = 1 }"),
        ("Li6F", '{ "Li-6" = 1, F = 1 }', "{ Li = 6, F = 1 }"),
        ("Li6I", '{ "Li-6" = 1, I = 1 }', "{ Li = 6, I = 1 }"),
        ("LiF19", '{ Li = 1, "F-19" = 1 }', "{ Li = 1, F = 19 }"),
        ("B10F3", '{ "B-10" = 1, F = 3 }', "{ B = 10, F = 3 }"),
        ("Li62MoO4", '{ "Li-6" = 2, Mo = 1, O = 4 }', "{ Li = 62, Mo = 1, O = 4 }"),
        ("Te1302O", '{ "Te-130" = 2, O = 1 }', "{ Te = 1302, O = 1 }"),
        ("2100MoO3", '{ "Mo-100" = 2, O = 6 }', "{ Mo = 2100, O = 6300 }"),
        ("276Ge", '{ "Ge-76" = 2 }', "{ Ge = 276 }"),
        ("Li2100Mo(O2)2", '{ Li = 2, "Mo-100" = 1, O = 2 }', "{ Li = 2100, Mo = 1, O = 2 }"),
        ("Zn(Mo100O4)2", '{ Zn = 1, "Mo-100" = 1, O = 4 }', "{ Zn = 1, Mo = 100, O = 4 }"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_both(material, isotopes, atoms):
    with pytest.raises(MunuError, match="can be read in two ways") as caught:
        parse_material(material)
    assert isotopes in caught.value.remedy
    assert atoms in caught.value.remedy


def test_a_number_behind_a_group_may_end_in_a_mass_number():
    with pytest.raises(MunuError, match="2100 may end in a mass number of Mo"):
        parse_material("Ca(OH)2100MoO4")


@pytest.mark.parametrize("symbol", sorted(set(elements()) - {"H", "C", "N", "O"}))
def test_every_isotope_after_an_element_and_a_number_is_refused(symbol):
    for isotope in element(symbol):
        if isotope.mass_number > 2:
            for before in ("Li2", "Zn"):
                with pytest.raises(MunuError, match="can be read in two ways"):
                    parse_material(f"{before}{isotope.mass_number}{symbol}O")


@pytest.mark.parametrize("material", ["77Ge", "Ge77", "B12", "75GeO2"])
def test_a_mass_number_of_no_isotope_is_refused(material):
    with pytest.raises(MunuError, match="a mass number of no known isotope") as caught:
        parse_material(material)
    assert "Known: " in caught.value.remedy


def test_an_enrichment_names_isotopes_alike():
    written = parse_material("Ge", {"76Ge": 0.9, "Ge74": 0.1})
    assert written == parse_material("Ge", {"Ge-76": 0.9, "Ge-74": 0.1})


@pytest.mark.parametrize("symbol", sorted(elements()))
def test_every_isotope_is_read_before_and_after_its_symbol(symbol):
    for isotope in element(symbol):
        if isotope.mass_number > 2:
            plain = parse_material(isotope.name)
            assert parse_material(f"{isotope.mass_number}{symbol}") == plain
            assert parse_material(f"{symbol}{isotope.mass_number}") == plain


@pytest.mark.parametrize(
    ("material", "molar_mass_g"),
    # Standard atomic weights of IUPAC 2021, to four digits.
    [
        ("2Ge:1Si", 2 * 72.63 + 28.085),
        ("76Ge:1Si", 76 * 72.63 + 28.085),
        ("CaWO4", 287.92),
        ("PbWO4", 455.04),
        ("Al2O3", 101.96),
        ("C12H26", 170.34),
        ("C18H30", 246.44),
        ("H2", 2.016),
        ("O2", 31.998),
        ("CO2", 44.009),
        ("CS2", 76.14),
        ("2H2O", 36.03),
        ("2CsI", 2 * 259.81),
        ("Bi4Ge3O12", 1245.8),
        ("Lu1.8Y0.2SiO5", 440.80),
        ("Ca(OH)2", 74.092),
        ("Si(CH3)4", 88.225),
        ("Al2(S(OH)2)3", 54.0 + 3 * (32.06 + 2 * 17.007)),
        ("LiF", 6.967 + 18.998),
        ("Li2MoO4", 2 * 6.967 + 159.95),
        ("ZnMoO4", 225.33),
        ("Li2WO4", 2 * 6.967 + 247.84),
        ("CaF2", 78.07),
        ("ZnSe", 144.35),
        ("TeO2", 159.60),
        ("CF4", 88.00),
        ("C3F8", 188.02),
        ("C4F10", 238.03),
        ("SF6", 146.05),
        ("C6H6", 78.11),
        ("C6H12", 84.16),
        ("C9H10", 118.18),
        ("C9H12", 120.19),
        ("C16H14O2", 238.29),
        ("C15H11NO", 221.26),
        ("C24H16N2O2", 364.40),
        ("Y3Al5O12", 593.62),
        ("Al2(SO4)3", 342.14),
        ("Si(CH4)16", 28.085 + 16 * 16.043),
        ("Cs2LiYCl6", 574.4),
        ("2Ca(OH)2:1Si", 2 * 74.092 + 28.085),
    ],
)
def test_formulas_and_mixtures_stay_what_they_are(material, molar_mass_g):
    assert parse_material(material).molar_mass_g == pytest.approx(molar_mass_g, rel=2e-4)


@pytest.mark.parametrize(
    ("material", "message", "remedy"),
    [
        ("CsI:Na", "may be CsI with a dopant", "Write CsI, as a dopant is too little to count, or"),
        ("NaI:Tl", "may be NaI with a dopant", "{ NaI = 1, Tl = 1 }"),
        ("NaI(Tl)", "has (Tl) without a number", "Leave a dopant out"),
        ("Ca(OH", "cannot read the material", "Write Ge"),
        ("Ca()2", "cannot read the material", "Write Ge"),
    ],
)
def test_dopants_and_broken_groups_are_refused(material, message, remedy):
    with pytest.raises(MunuError, match=re.escape(message)) as caught:
        parse_material(material)
    assert remedy in caught.value.remedy


@pytest.mark.parametrize("material", ["CSI", "PBWO4", "NAI", "SI", "NI"])
def test_capitals_that_spell_another_formula_are_refused(material):
    right = {"CSI": "CsI", "PBWO4": "PbWO4", "NAI": "NaI", "SI": "Si", "NI": "Ni"}[material]
    with pytest.raises(MunuError, match=re.escape(f"Write {right}")):
        parse_material(material)
