"""Functions of a few thousand numbers against SciPy's."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import chdtrc, gammaln, log_ndtr, ndtr

from munu.base.special import log_gamma, log_normal_cdf, normal_cdf
from munu.base.thresholds import tail_probability


@given(st.lists(st.floats(-300.0, 40.0), min_size=1))
def test_the_normal_distribution(values: list[float]) -> None:
    z = np.array(values)
    np.testing.assert_allclose(log_normal_cdf(z), log_ndtr(z), rtol=1e-13, atol=1e-250)
    # SciPy's is the one of fewer digits below -30, where ndtr is 1e-198.
    np.testing.assert_allclose(normal_cdf(z), ndtr(z), rtol=1e-11, atol=1e-250)


def test_the_series_joins_the_logarithm() -> None:
    z = np.array([-35 - 1e-9, -35.0, -35 + 1e-9])
    assert np.ptp(log_normal_cdf(z) - 35 * (z + 35)) < 1e-7
    assert abs(log_normal_cdf(z) / log_ndtr(z) - 1).max() < 1e-14


@given(st.lists(st.floats(1e-3, 1e6), min_size=1))
def test_the_gamma_function(values: list[float]) -> None:
    x = np.array(values).reshape(-1, 1)
    np.testing.assert_allclose(log_gamma(x), gammaln(x), rtol=1e-13, atol=1e-14)


@given(st.integers(1, 3000), st.floats(0.0, 3.0))
def test_the_tail_of_a_chi2(degrees: int, part: float) -> None:
    expected = chdtrc(degrees, part * degrees)
    assert abs(tail_probability(part * degrees, degrees) - expected) <= 1e-11 * expected + 1e-300


def test_certain_and_impossible() -> None:
    assert tail_probability(0.0, 3) == tail_probability(-1e-9, 2) == 1.0
    assert tail_probability(1e5, 3) == 0.0
