"""JSON as a person reads it."""

from __future__ import annotations

import json
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

import munu
from munu.base.json_text import json_text

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | NUMBERS | st.text()
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(DOCUMENTS)
def test_what_is_read_is_what_was_written(document):
    assert json.loads(json_text(document)) == document


def test_numbers_of_a_list_stand_on_one_line():
    text = json_text({"edges": [0, 1.5, None], "notes": ["a, b", "c"], "nothing": []})
    assert text.split("\n") == [
        "{",
        '  "edges": [0, 1.5, null],',
        '  "notes": [',
        '    "a, b",',
        '    "c"',
        "  ],",
        '  "nothing": []',
        "}",
    ]


def test_points_of_a_region_have_a_line_each():
    found = munu.region("conus")
    (polygon,) = found.polygons
    lines = found.to_json().split("\n")
    x, y = map(float, polygon[1])
    assert f"      [{x!r}, {y!r}]," in lines
    assert len(lines) < len(polygon) + 120


def test_a_number_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        json_text({"limit": nan})
