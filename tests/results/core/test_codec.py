"""JSON of arrays and of what is no result: survives, or is refused in one line."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import munu
from munu.base.errors import MunuError
from munu.base.typing import ComplexArray, FloatArray
from munu.results.core.codec import decode, encode


def test_nan_has_no_json():
    with pytest.raises(ValueError, match="NaN"):
        encode(np.array([1.0, np.nan]))


@given(hnp.arrays(float, st.integers(0, 5), elements=st.floats(0, np.inf)))
def test_float_arrays_survive(array):
    np.testing.assert_array_equal(decode(FloatArray, json.loads(json.dumps(encode(array)))), array)


@given(
    hnp.arrays(
        complex,
        st.integers(1, 4),
        elements=st.complex_numbers(allow_nan=False, allow_infinity=False),
    )
)
def test_complex_arrays_survive(array):
    back = decode(ComplexArray, json.loads(json.dumps(encode(array))))
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize("depth", [5, 60, 900, 100_000])
@pytest.mark.parametrize("key", ["limit_mu_b", "notes", "phases", "blind_direction"])
@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_a_deeply_nested_document_is_refused_in_one_line(depth, key, pair):
    begin = pair[0] + ('"a":' if pair == "{}" else "")
    nested = depth * begin + "1" + depth * pair[1]
    document = json.loads(munu.limit("conus").to_json())
    text = json.dumps({**document, key: "@"}).replace('"@"', nested)
    with pytest.raises(MunuError) as refusal:
        munu.read_json(text)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("key", ["corners", "unbounded_ranges"])
def test_an_array_of_other_shape_is_refused(key):
    document = json.loads(munu.region("conus", ("Lambda_1", "Lambda_2")).to_json())
    for wrong in ([[[[[1.0]]]]], [1.0, [2.0, 3.0]], ["1"], [True]):
        with pytest.raises(MunuError):
            munu.read_json(json.dumps({**document, key: wrong}))
