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
from munu.statistics.likelihoods.saturating import UNCHANGED_UP_TO, saturating_coordinate
from munu.statistics.specification import ShapeInterpolation

STEP = 1e-5
KINDS: tuple[ShapeInterpolation, ...] = ("quadratic", "polynomial", "saturating")
THETAS = st.lists(st.floats(-6.0, 4.0), min_size=3, max_size=3)


def interpolation(even: ShapeInterpolation = "quadratic") -> Interpolation:
    """A component with two normalisations and the shape 2, and one with a normalisation of 0.7."""
    scales = [np.array([0.3, 0.2, 0.0]), np.array([0.0, 0.7, 0.0])]
    return Interpolation.of(scales, [np.array([2]), np.array([], int)], 3, even)


@given(THETAS, st.sampled_from(KINDS))
def test_derivatives_are_those_of_the_weights(theta: list[float], even: ShapeInterpolation) -> None:
    weights, at = interpolation(even), np.array(theta)
    # The shape bends otherwise on the two sides of these.
    edges = (1.0, STRAIGHT_FROM, UNCHANGED_UP_TO, UNCHANGED_UP_TO + 1)
    assume(min(abs(abs(theta[2]) - edge) for edge in edges) > 2 * STEP)
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


@pytest.mark.parametrize("theta", [-10.0, -3.0, -2.5, 2.5, 3.0, 10.0])
def test_saturating_events_far_out_are_those_of_two_deviations_and_no_longer_change(theta):
    here, two = (
        interpolation(how).weights(np.array([[0.3, -0.2, at]]))
        for how, at in (("saturating", theta), ("quadratic", np.copysign(2.0, theta)))
    )
    np.testing.assert_allclose(here.value, two.value, rtol=1e-14)
    np.testing.assert_array_equal(here.change[:, 2], 0)


@given(st.floats(-1.5, 1.5))
def test_saturating_is_quadratic_as_long_as_it_does_not_saturate(theta):
    at = np.array([[0.3, -0.2, theta]])
    here, other = (interpolation(how).weights(at) for how in ("saturating", "quadratic"))
    np.testing.assert_array_equal(here.value, other.value)
    np.testing.assert_array_equal(here.change, other.change)


@pytest.mark.parametrize("edge", [-2.5, -1.5, 1.5, 2.5])
def test_the_saturating_coordinate_is_smooth_at_its_edges(edge):
    found = saturating_coordinate(edge + np.array([-1e-9, 1e-9, 5.0]))
    assert found is not None
    for array in (found.value, found.rate):
        assert array[0] == pytest.approx(array[1], abs=1e-8)
    assert saturating_coordinate(np.array([-1.5, 0.2, 1.5])) is None
