"""χ² of signals that the data exclude: the lowest of several minima over the nuisances."""

from __future__ import annotations

import numpy as np
import pytest

import munu

INDEPENDENT = {9.0e-9: 18.36, 1.05e-8: 19.24, 1.2e-8: 20.21, 1.5e-8: 22.48}
"""Δχ² of μ_eff (μ_B) in XENONnT's 8B data: a likelihood written anew, SciPy from eight starts."""


def test_a_curve_far_out_is_that_of_an_independent_likelihood() -> None:
    found = munu.profile("xenonnt-8b", "mu_eff", at=list(INDEPENDENT))
    np.testing.assert_allclose(found.delta_chi2, list(INDEPENDENT.values()), atol=0.05)


@pytest.mark.parametrize("name", ["xenonnt-8b", "coherent-csi-2021"])
def test_a_curve_of_a_moment_rises(name: str) -> None:
    """One point of many, started alone, may end in another valley than those beside it."""
    limit = munu.limit(name, "mu_eff").limit_mu_b
    curve = munu.profile(name, "mu_eff", at=np.linspace(0, 12, 49) * limit).delta_chi2
    assert np.all(np.diff(curve[np.argmin(curve) :]) > 0)


def test_a_limit_at_a_high_level_is_where_the_curve_says() -> None:
    """It was 9.9e-9 and the independent likelihood says 1.09e-8 (XENONnT)."""
    found = munu.limit("xenonnt-8b", "mu_eff", cl=0.99999)
    assert found.limit_mu_b == pytest.approx(1.089e-8, rel=2e-3)
    at = munu.profile("xenonnt-8b", "mu_eff", at=[found.limit_mu_b]).delta_chi2
    assert at[0] == pytest.approx(found.delta_chi2, rel=1e-9)


def test_a_likelihood_says_the_same_alone_and_beside_others() -> None:
    """Nothing is shared by the two, and so the sum is that of each."""
    pair = ["coherent-csi-2021", "conus-plus"]
    points = np.linspace(2, 8, 13)[:, None] * munu.limit(pair[0], "mu_eff").limit_mu_b
    alone = [munu.likelihood(name, "mu_eff").chi2(points) for name in pair]
    both = munu.likelihood(pair, "mu_eff").chi2(points)
    np.testing.assert_allclose(both, np.sum(alone, axis=0), rtol=1e-7)
