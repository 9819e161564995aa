import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from munu.base.errors import MunuError
from munu.base.units import UNITS, Range, canonical_unit, parse_quantity, quantity_argument
from munu.physics.interactions.registry import parameters

EXAMPLES = [
    ("3.9 GW", "thermal power", 3.9),
    ("1 MW", "thermal power", 1e-3),
    ("17 m", "length", 17.0),
    ("100 eV", "recoil energy", 0.1),
    ("100 eV", "ionisation energy", 0.1),
    ("28 eVee", "ionisation energy", 0.028),
    ("8 MeV", "neutrino energy", 8.0),
    ("1 ton", "mass", 1000.0),
    ("14.57 kg", "mass", 14.57),
    ("308.1 days", "time", 308.1 * 86400),
    ("7200 hours", "time", 300 * 86400),
    ("1 hour", "time", 3600),
    ("10 yr", "time", 10 * 365.25 * 86400),
    ("1.76e23 POT", "number of protons", 1.76e23),
    ("2.09e23 POT/yr", "proton rate", 2.09e23 / (365.25 * 86400)),
    ("6PE", "number of photoelectrons", 6.0),
    ("50 %", "fraction", 0.5),
    (0.5, "fraction", 0.5),
    (1, "fraction", 1.0),
    ("2.8e-11 mu_B", "magnetic moment", 2.8e-11),
    (".5 kCi", "activity", 5e-4),
    ("2.8e-11 mu_b", "magnetic moment", 2.8e-11),
    ("2.8e-11 \N{MICRO SIGN}_B", "magnetic moment", 2.8e-11),
    ("2.8 × 10⁻¹¹ μ_B", "magnetic moment", 2.8e-11),
    ("-1.2 × 10⁻³² cm²", "squared charge radius", -1.2e-32),
    ("4.6×10⁺⁶ /cm2/s", "flux", 4.6e6),
    ("3 \N{MICRO SIGN}s", "arrival time", 3.0),
    ("3 μs", "arrival time", 3.0),
    (np.float32(0.5), "fraction", 0.5),
    (np.int64(1), "fraction", 1.0),
]


@pytest.mark.parametrize(("text", "dimension", "value"), EXAMPLES)
def test_quantities_are_read_in_canonical_units(text, dimension, value):
    assert parse_quantity(text, dimension) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "dimension", "words"),
    [
        ("3 m", "mass", ["'m' is a unit of length", "kg, g, mg, ton"]),
        ("3 kgg", "mass", ["not a known unit", "Did you mean 'kg'?"]),
        ("3", "mass", ["no unit"]),
        (3.0, "mass", ["3.0 has no unit", "as in '3.0 kg'"]),
        (np.float64(3.0), "mass", ["3.0 has no unit", "as in '3.0 kg'"]),
        ("1e3 × 10² kg", "mass", ["not a known unit"]),
        ("kg", "mass", ["is not a valid mass"]),
        ("", "mass", ["is not a valid mass"]),
        ("1e400 kg", "mass", ["outside", "above 0 kg"]),
        ("-1 kg", "mass", ["outside", "above 0 kg"]),
        ("0 kg", "mass", ["outside", "above 0 kg"]),
        ("1 kg; 2 kg", "mass", ["not a known unit"]),
        ("100 eVee", "recoil energy", ["ionisation energy", "eVnr"]),
        (True, "fraction", ["is not a valid fraction"]),
        ([1], "fraction", ["is not a valid fraction"]),
        (None, "mass", ["is not a valid mass"]),
        (float("nan"), "number", ["outside"]),
        (10**400, "number", ["outside"]),
        ("٣ kg", "mass", ["is not a valid mass"]),
        ("1 kg", "weight", ["unknown dimension 'weight'"]),
        ("1" + 200_000 * " " + "a\nb", "mass", ["not a known unit"]),
        (200_000 * " ", "mass", ["is not a valid mass"]),
        (200_000 * "1" + "m", "mass", ["is a unit of length"]),
    ],
)
def test_errors_name_the_allowed_units_or_range(text, dimension, words):
    with pytest.raises(MunuError) as caught:
        parse_quantity(text, dimension, Range(low=0, low_open=True))
    assert all(word in str(caught.value) for word in words)


@given(st.floats(1e-30, 1e30), st.sampled_from(sorted(UNITS)), st.data())
def test_a_unit_s_factor_is_all_that_distinguishes_it(number, dimension, data):
    unit = data.draw(st.sampled_from(sorted(UNITS[dimension])))
    canonical = parse_quantity(f"{number!r} {canonical_unit(dimension)}", dimension)
    scaled = parse_quantity(f"{number!r} {unit}", dimension)
    assert scaled == pytest.approx(canonical * UNITS[dimension][unit], rel=1e-14)
    assert UNITS[dimension][canonical_unit(dimension)] == 1


def test_a_range_knows_its_open_ends():
    probability = Range(0, 1, low_open=True)
    assert 0 not in probability
    assert 1 in probability
    assert probability.text("kg") == "above 0 kg up to 1 kg"


def test_an_open_end_is_written_with_all_its_digits():
    assert Range(1e-3, 1 - 1e-12).text() == "from 0.001 up to 0.999999999999"


@pytest.mark.parametrize("name", parameters())
def test_what_results_print_is_read(name):
    one = parameters()[name]
    printed = [f"1.5 {one.unit.key}", f"1.5 {canonical_unit(one.unit.dimension)}"]
    assert [parse_quantity(text, one.unit.dimension) for text in printed] == [1.5, 1.5]
    text = one.text(1.5 * one.unit.scale).partition(" = ")[2]
    assert parse_quantity(text, one.unit.dimension) == pytest.approx(1.5 * one.unit.scale)


def test_a_number_given_in_python_is_told_how_a_variable_gets_its_unit():
    with pytest.raises(MunuError) as caught:
        quantity_argument(np.float64(1.0), "mass of a particle")
    assert "as in '1.0 MeV'; of a variable x, f\"{x} MeV\"" in str(caught.value)
    with pytest.raises(MunuError, match=r"eV$"):
        quantity_argument("1.0", "mass of a particle")
