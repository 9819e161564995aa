"""Weights of blocks of events: exact derivatives, and normalisations that stay positive."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from munu.statistics.likelihoods.interpolation import (
    LINEAR_DOWN_TO,
    STRAIGHT_FROM,
    Interpolation,
    scale_factor,
)
from munu.statistics.specification import ShapeInterpolation

STEP = 1e-5
THETAS = st.lists(st.floats(-6.0, 4.0), min_size=3, max_size=3)


def interpolation(even: ShapeInterpolation = "quadratic") -> Interpolation:
    """A component with two normalisations and the shape 2, and one with a normalisation of 0.7."""
    scales = [np.array([0.3, 0.2, 0.0]), np.array([0.0, 0.7, 0.0])]
    return Interpolation.of(scales, [np.array([2]), np.array([], int)], 3, even)


@given(THETAS, st.sampled_from(["quadratic", "polynomial"]))
def test_derivatives_are_those_of_the_weights(theta: list[float], even: ShapeInterpolation) -> None:
    weights, at = interpolation(even), np.array(theta)
    # The shape bends otherwise on the two sides of these.
    assume(min(abs(abs(theta[2]) - edge) for edge in (1.0, STRAIGHT_FROM)) > 2 * STEP)
    here = weights.weights(at[None])
    sums = np.array([[1.0, -0.4, 0.7, 2.0]])
    bending = weights.bending(here, sums)[0]
    for k, step in enumerate(STEP * np.eye(3)):
        ahead, behind = (weights.weights((at + side * step)[None]) for side in (1, -1))
        slope = (ahead.value - behind.value) / (2 * STEP)
        np.testing.assert_allclose(here.change[0, k], slope[0], rtol=1e-6, atol=1e-7)
        bend = (ahead.change - behind.change)[0] @ sums[0] / (2 * STEP)
        np.testing.assert_allclose(bending[:, k], bend, rtol=1e-4, atol=1e-5)


@given(st.floats(-1e3, 1e3))
def test_no_normalisation_is_negative(x: float) -> None:
    factor = scale_factor(np.array([x]))
    assert factor.value[0] >= 0
    assert factor.rise[0] >= 0
    if x >= LINEAR_DOWN_TO:
        assert factor.value[0] == 1 + x


def test_the_factor_is_smooth_where_it_leaves_the_line() -> None:
    """Value, slope and bend are those of 1 + x; a little below they have hardly changed."""
    factor = scale_factor(np.array([LINEAR_DOWN_TO - 1e-6]))
    assert factor.value[0] == pytest.approx(1 + LINEAR_DOWN_TO, abs=2e-6)
    assert factor.rise[0] == pytest.approx(1, abs=1e-10)
    assert factor.bend is not None
    assert factor.bend[0] == pytest.approx(0, abs=1e-4)
