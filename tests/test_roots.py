from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from munu.roots import bracketed_roots
from munu.typing import FloatArray


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=20), st.sampled_from([1, 3, 9, 0.2]))
def test_powers(targets: list[float], power: float) -> None:
    roots = np.array(targets)
    found = bracketed_roots(
        lambda x: x**power - roots**power, np.full(roots.shape, 1e-7), np.full(roots.shape, 1e7)
    )
    np.testing.assert_allclose(found, roots, rtol=2e-14)


@given(st.floats(-5, 5), st.floats(0.1, 3), st.floats(0.1, 3))
def test_a_jump_is_found(position: float, below: float, above: float) -> None:
    found = bracketed_roots(
        lambda x: np.where(x < position, -1.0, 1.0),
        np.array([position - below]),
        np.array([position + above]),
    )
    assert found[0] == pytest.approx(position, abs=1e-14)


def test_an_end_may_be_the_root() -> None:
    low, high = np.array([2.0, 0.0, 3.0]), np.array([5.0, 2.0, 3.0])
    np.testing.assert_array_equal(bracketed_roots(lambda x: x - [2, 2, 3], low, high), [2, 2, 3])


def test_few_evaluations() -> None:
    calls = []

    def function(x: FloatArray) -> FloatArray:
        calls.append(x)
        return np.asarray(np.exp(x) - [0.5, 3.0, 90.0])

    found = bracketed_roots(function, np.full(3, -10.0), np.full(3, 10.0))
    np.testing.assert_allclose(found, np.log([0.5, 3, 90]), rtol=1e-15)
    assert len(calls) < 25
