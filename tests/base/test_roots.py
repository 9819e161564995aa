from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from munu.base.roots import bracketed_roots, newton_roots
from munu.base.typing import FloatArray, IntArray


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


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=20), st.sampled_from([1, -1, 3, 0.2]))
def test_newton_steps_find_powers(targets: list[float], power: float) -> None:
    roots = np.array(targets)
    low, high = np.full(roots.shape, 1e-7), np.full(roots.shape, 1e7)

    def function(x: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        return x**power / roots[rows] ** power - 1, power * x ** (power - 1) / roots[rows] ** power

    every = np.arange(roots.size)
    found = newton_roots(function, low, high, function(low, every)[0], function(high, every)[0])
    np.testing.assert_allclose(found, roots, rtol=1e-14)


def test_newton_steps_stay_in_their_bracket() -> None:
    """A step from the flat part of an arctangent would leave it; each call is inside."""
    seen = []

    def function(x: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        seen.append(x)
        return np.arctan(30 * (x - 0.9)), 30 / (1 + (30 * (x - 0.9)) ** 2)

    ends = np.array([-1.0]), np.array([1.0])
    found = newton_roots(function, *ends, np.arctan([-57.0]), np.arctan([3.0]))
    assert found[0] == pytest.approx(0.9, abs=1e-14)
    assert all(-1 <= x[0] <= 1 for x in seen)
    assert len(seen) < 20


def test_newton_steps_end_at_rounding() -> None:
    """Noise of a known size costs no further calls; roots that are known drop out."""
    sizes = []

    def function(x: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        sizes.append(x.size)
        return np.where(rows == 0, x - 0.25, np.expm1(x - 0.5)) + 1e-8, 1 + 0 * x

    low, high = np.zeros(2), np.ones(2)
    found = newton_roots(
        function, low, high, np.array([-0.25, -0.39]), np.array([0.75, 0.65]), rounding=1e-7
    )
    np.testing.assert_allclose(found, [0.25, 0.5], atol=1e-7)
    assert sizes[0] == 2
    assert sizes[-1] == 1
    assert len(sizes) < 15
