"""Moments that are not negative: fewest events and blind directions, against SciPy's NNLS."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import nnls

from munu.statistics.limits.cone import blind_on_cone, interfere, least_on_cone

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.integers(0, 2))
def test_fewest_events_are_those_of_nnls(seed: int, index: int) -> None:
    root = np.random.default_rng(seed).normal(size=(3, 3))
    least, at = least_on_cone(root.T @ root, index)
    others = [i for i in range(3) if i != index]
    moments, length = nnls(root[:, others], -root[:, index])
    assert least == pytest.approx(length**2, rel=1e-6, abs=1e-9)
    np.testing.assert_allclose(at[others], moments, rtol=1e-4, atol=1e-6)
    assert at[index] == 1.0


@given(SEEDS, st.integers(0, 2))
def test_a_blind_direction_is_one_of_moments_that_are_not_negative(seed: int, index: int) -> None:
    vector = np.random.default_rng(seed).normal(size=3)
    vector /= np.linalg.norm(vector)
    sign = 1.0 if vector[index] > 0 else -1.0
    found = blind_on_cone(np.eye(3) - np.outer(vector, vector), index)
    if np.all(sign * vector > 1e-3):
        np.testing.assert_allclose(found, sign * vector, atol=1e-9)
    elif np.any(sign * vector < -1e-3):
        assert found is None


def test_a_blind_direction_lies_on_a_face() -> None:
    """Of (1, -1, 0) and (1, 0, 1) the second alone has no negative moment."""
    seen = np.cross([1.0, -1.0, 0.0], [1.0, 0.0, 1.0])
    found = blind_on_cone(np.outer(seen, seen), 0)
    np.testing.assert_allclose(found, np.array([1.0, 0.0, 1.0]) / np.sqrt(2), atol=1e-12)


def test_moments_interfere_off_the_diagonal() -> None:
    own = np.array([np.diag([1.0, 2.0, 3.0])], complex)
    assert not interfere(own)
    own[0, 0, 2] = own[0, 2, 0] = 1e-3
    assert interfere(own)
