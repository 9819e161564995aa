from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from munu.base.distinct import distinct

NUMBERS = st.lists(st.sampled_from([-2.5, -1.0, 0.0, 1e-300, 1.0, 1.0 + 2**-52, np.inf]))


@given(NUMBERS, NUMBERS)
def test_numbers_of_several_arrays_are_those_of_numpy(first: list[float], second: list[float]):
    found = distinct(first, np.array(second)[:, None])
    assert found.tolist() == np.unique([*first, *second]).tolist()


def test_integers_stay_integers():
    assert distinct(np.array([3, 1, 3])).dtype == int
