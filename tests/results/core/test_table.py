"""Numbers in tables keep the digits that mean something, and are whole in any terminal."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

import munu
from munu.results.core.layout import stacked, wrapped
from munu.results.core.table import (
    Table,
    chi2_text,
    percent,
    rounded_up,
    significant,
    terminal_text,
)


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


@given(st.text(st.sampled_from("abΛν̄一 \n"), max_size=40), st.integers(1, 12))
def test_lines_hold_all_words_and_no_more_than_fits(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")
    assert len(lines) >= text.count("\n") + 1
    # Of a character of two cells not even one fits where there is one.
    assert all(cell_len(line) <= max(width, 2) for line in lines if not line.startswith(" "))


def test_cells_side_by_side() -> None:
    """Headings stand on the line below them, cells begin beside each other."""
    cells, widths, right = ("a\nb", "ν̄ 7", "long words"), (2, 3, 5), (False, True, False)
    assert stacked(cells, widths, right, "|", low=True) == ["a |   |long ", "b |ν̄ 7|words"]
    assert stacked(cells, widths, right, "|", low=False)[1] == "b |   |words"


def test_numbers_stay_whole_where_the_terminal_is_too_narrow(monkeypatch) -> None:
    """An empty column, which sets groups apart, takes a cell of its own."""
    table = Table(
        title="t", columns=("<a", "", "b", "", "c"), rows=(("x", "", "0.997", "", "18.04"),)
    )
    monkeypatch.setenv("COLUMNS", "8")
    assert terminal_text([table]).splitlines()[-1] == "x     0.997     18.04"
    assert terminal_text([table], str.upper).splitlines()[0] == "T"
