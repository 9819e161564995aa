"""Numbers in tables keep the digits that mean something."""

import numpy as np
import pytest

import munu
from munu.results.core.table import chi2_text, percent, rounded_up, significant


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (69.04, "69.0"),
        (0.1304, "0.130"),
        (9.996, "10.0"),
        (0.0999, "0.0999"),
        (123456.0, "123000"),
        (1e-10, "1.00e-10"),
        (np.inf, "∞"),
        (-2.356, "-2.36"),
    ],
)
def test_significant_digits(value, text):
    assert significant(value) == text


@pytest.mark.parametrize(
    ("difference", "text"),
    [(5.6e-45, "0"), (7e-16, "0"), (2e-5, "2.00e-05"), (2.7055, "2.71"), (np.inf, "∞")],
)
def test_what_rounding_makes_of_a_difference_is_zero(difference, text):
    assert chi2_text(difference) == text


@pytest.mark.parametrize(
    ("level", "text"), [(0.9, "90 %"), (0.95, "95 %"), (0.29, "29 %"), (0.9999999, "99.99999 %")]
)
def test_a_level_keeps_its_digits(level, text):
    assert percent(level) == text
    assert f"Limit at {text} C.L." in str(munu.limit("conus", cl=level))


@pytest.mark.parametrize(
    ("value", "text"), [(1 / 301, "0.0034"), (1 / 101, "0.010"), (0.25, "0.25"), (0.011, "0.011")]
)
def test_a_bound_is_rounded_up(value, text):
    assert rounded_up(value) == text
