"""Isotopes as people print them: refused by name, and never so many atoms."""

from __future__ import annotations

import pytest

from munu.base.errors import MunuError
from munu.physics.nuclei import parse_material


@pytest.mark.parametrize(
    ("material", "right"),
    [
        ("76Ge", "Write Ge-76"),
        ("Ge76", "Write Ge-76"),
        ("76 Ge", "Write Ge-76"),
        ("132Xe", "Write Xe-132"),
        ("2H", "Write H-2"),
        ("O16", "Write O-16"),
        ("133Cs127I", '{ "Cs-133" = 1, "I-127" = 1 }'),
        ("Na23I127", '{ "Na-23" = 1, "I-127" = 1 }'),
        ("40CaWO4", '"Ca-40" = 1'),
        ("76Ge:74Ge", '{ "Ge-76" = 1, "Ge-74" = 1 }'),
        ("28Si:12C", "{ Si = 28, C = 12 } for elements"),
        ({"76Ge": 1.0}, "Write Ge-76"),
        ({"Ge76": 1.0}, "Write Ge-76"),
    ],
)
def test_a_mass_number_is_no_number_of_atoms(material, right):
    with pytest.raises(MunuError) as caught:
        parse_material(material)
    assert right in caught.value.remedy


def test_an_enrichment_names_isotopes_alike():
    with pytest.raises(MunuError, match="Write Ge-76"):
        parse_material("Ge", {"76Ge": 0.9, "Ge-74": 0.1})


@pytest.mark.parametrize(
    ("material", "molar_mass_g"),
    # Standard atomic weights of IUPAC 2021, to four digits.
    [
        ("2Ge:1Si", 2 * 72.63 + 28.085),
        ("76Ge:1Si", 76 * 72.63 + 28.085),
        ("CaWO4", 287.92),
        ("C12H26", 170.34),
        ("C18H30", 246.44),
        ("H2", 2.016),
        ("2H2O", 36.03),
        ("2CsI", 2 * 259.81),
    ],
)
def test_formulas_and_mixtures_stay_what_they_are(material, molar_mass_g):
    assert parse_material(material).molar_mass_g == pytest.approx(molar_mass_g, rel=2e-4)
