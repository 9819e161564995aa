"""The basis that makes up all dipole events."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from munu.analysis.model import joint_model
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.reproduction.today import SETS
from munu.statistics.models.dipole_events import QuadraticEvents, factorised

REAL_AND_IMAGINARY = 1e-9 * np.array([[1, 0, 0, 0, 0], [0, 1, 0, 1j, 0], [0, 0, 1, 0, 1j]])


@given(st.integers(0, 2**32 - 1), st.integers(0, 5))
def test_a_basis_makes_up_a_matrix(seed: int, rank: int) -> None:
    """Whatever the size of a bin, and as few as there are independent rows."""
    rng = np.random.default_rng(seed)
    sizes = 10 ** rng.uniform(-12, 12, 40)
    matrix = rng.normal(size=(12, rank)) @ rng.normal(size=(rank, 40)) * sizes
    matrix[:, 7] = 0.0
    coefficients, basis = factorised(matrix)
    assert len(basis) == rank
    largest = np.abs(matrix).max(axis=0)
    assert np.all(np.abs(coefficients @ basis - matrix) <= 1e-11 * largest)


@pytest.mark.parametrize("seed", range(40))
def test_one_bin_counts_as_much_as_thousands(seed: int) -> None:
    """That of one experiment beside those of another: a form over (1, x) of two coordinates."""
    rng = np.random.default_rng(seed)
    rows = rng.uniform(0.5, 1.0, (3, 1)) * (1 + 0.01 * rng.normal(size=(3, 4800)))
    rows[2] = 10 ** rng.uniform(-4, 0) * rng.uniform(0, 1, 4800)
    rows[:, 0] = rng.uniform(-1, 1, 3) * [0.3, 0.3, 1.0]
    matrix = np.zeros((9, 4800))
    matrix[[1, 3, 4, 8]] = rows[[0, 0, 1, 2]]
    coefficients, basis = factorised(matrix)
    assert len(basis) == 3
    largest = np.abs(matrix).max(axis=0)
    assert np.all(np.abs(coefficients @ basis - matrix) <= 1e-12 * largest)


@pytest.mark.parametrize("apart", [1e-3, 1e-6, 1e-9])
def test_nearly_parallel_rows_are_told_apart(apart: float) -> None:
    """Their difference is what closes a direction that one of them leaves blind."""
    rng = np.random.default_rng(3)
    row = rng.uniform(1.0, 2.0, 30)
    matrix = np.vstack([row, 0.7 * row * (1 + apart * rng.normal(size=30))])
    coefficients, basis = factorised(matrix)
    np.testing.assert_allclose(coefficients @ basis, matrix, rtol=1e-12)


@pytest.mark.parametrize("label", ["COHERENT", "reactors", "all"])
def test_a_few_rows_are_the_events_of_data(label: str) -> None:
    """Reactors have one flavour, the SNS two flavour combinations, the Sun two: four in all."""
    model = joint_model(
        [fold_experiment(name) for name in SETS[label]], Assumptions(mixing="desalas2018-no")
    )
    excess = QuadraticEvents.of(model.w, REAL_AND_IMAGINARY)
    assert len(excess.basis) <= 4
    y = np.random.default_rng(1).normal(size=(20, 5))
    expected = model.dipole_events(y @ REAL_AND_IMAGINARY.T)
    np.testing.assert_allclose(excess.events(y), expected, rtol=1e-11)
