"""The patterns that make up all dipole events."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from munu.analysis.model import joint_model
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.reproduction.today import SETS
from munu.statistics.models.excess import QuadraticExcess, patterns_of

REAL_AND_IMAGINARY = 1e-9 * np.array([[1, 0, 0, 0, 0], [0, 1, 0, 1j, 0], [0, 0, 1, 0, 1j]])


@given(st.integers(0, 2**32 - 1), st.integers(0, 5))
def test_patterns_make_up_a_matrix(seed: int, rank: int) -> None:
    """Whatever the size of a bin, and as few as there are independent rows."""
    rng = np.random.default_rng(seed)
    sizes = 10 ** rng.uniform(-12, 12, 40)
    matrix = rng.normal(size=(12, rank)) @ rng.normal(size=(rank, 40)) * sizes
    matrix[:, 7] = 0.0
    mixing, patterns = patterns_of(matrix)
    assert len(patterns) == rank
    largest = np.abs(matrix).max(axis=0)
    assert np.all(np.abs(mixing @ patterns - matrix) <= 1e-11 * largest)


@pytest.mark.parametrize("apart", [1e-3, 1e-6, 1e-9])
def test_nearly_parallel_rows_are_told_apart(apart: float) -> None:
    """Their difference is what closes a direction that one of them leaves blind."""
    rng = np.random.default_rng(3)
    row = rng.uniform(1.0, 2.0, 30)
    matrix = np.vstack([row, 0.7 * row * (1 + apart * rng.normal(size=30))])
    mixing, patterns = patterns_of(matrix)
    np.testing.assert_allclose(mixing @ patterns, matrix, rtol=1e-12)


@pytest.mark.parametrize("label", ["COHERENT", "reactors", "all"])
def test_few_patterns_are_the_events_of_data(label: str) -> None:
    """Reactors have one flavour, the SNS two flavour combinations, the Sun two: four in all."""
    model = joint_model(
        [fold_experiment(name) for name in SETS[label]], Assumptions(mixing="desalas2018-no")
    )
    excess = QuadraticExcess.of(model.w, REAL_AND_IMAGINARY)
    assert len(excess.patterns) <= 4
    y = np.random.default_rng(1).normal(size=(20, 5))
    expected = model.excess(y @ REAL_AND_IMAGINARY.T)
    np.testing.assert_allclose(excess.events(y), expected, rtol=1e-11)
