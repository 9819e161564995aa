"""CLs against what is known in closed form: a Gaussian measurement, and one large count."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import brentq

from munu.analysis.cls_limit import ModulusTest
from munu.analysis.coupling_axes import Axes
from munu.analysis.coupling_cls import CouplingTest
from munu.physics.interactions.registry import parameter
from munu.statistics.build import build
from munu.statistics.likelihoods import as_newton
from munu.statistics.limits import cls_of, expected_rise
from munu.statistics.models import CouplingModel, MomentModel, Parametrisation
from munu.statistics.specification import Background, Counts
from munu.statistics.studies import ToyStudy, without_signal

normal = NormalDist()
RISES = st.floats(0.0, 40.0)


def counted(kind: str, n: float, b: float, variance: float | None = None) -> ModulusTest:
    """Return the test of one count above a known background: as many events as |Λ|² is."""
    spec = Counts(
        kind,
        np.array([n]),
        (Background("b", np.array([b]), 0.0),),
        0.0,
        variance=None if variance is None else np.array([variance]),
    )
    sm = np.zeros(1)
    model = MomentModel(("x",), build(spec, "x", sm), sm, np.ones((1, 1, 1), complex))
    return ModulusTest.of(ToyStudy((spec,), model, 0, one_sided=True), expected=False)


@pytest.mark.parametrize("cl", [0.9, 0.95])
@pytest.mark.parametrize("pull", [-3.0, -1.0, 0.0, 0.7, 2.5])
def test_a_gaussian_with_a_known_background(pull, cl):
    """s = x + σ Φ⁻¹(1 - α Φ(x/σ)), with x = n - b: the ratio of two Gaussian tails."""
    sigma, b = 10.0, 300.0
    found = counted("gaussian", b + pull * sigma, b, sigma**2)
    excluded = sigma * (pull + normal.inv_cdf(1 - (1 - cl) * normal.cdf(pull)))
    assert found.limit_mu_b(cl) ** 2 == pytest.approx(excluded, rel=1e-5)


@pytest.mark.parametrize("pull", [-2.0, -0.84, 0.0, 1.0, 1.96])
def test_what_is_expected_of_a_gaussian(pull):
    """Data N standard deviations off have the limit that is the quantile Φ(N) of the expected."""
    sigma, b = 10.0, 300.0
    none = counted("gaussian", b, b, sigma**2)
    moved = counted("gaussian", b + pull * sigma, b, sigma**2)
    quantile = none.expected.interval(expected_rise(0.9, normal.cdf(pull))).upper_mu_b
    assert moved.limit_mu_b(0.9) == pytest.approx(quantile, rel=1e-5)


@pytest.mark.parametrize("pull", [-1.5, 0.0, 1.5])
def test_a_large_count_has_the_exact_limit(pull):
    """P(N <= n | s + b) / P(N <= n | b) = 1 - CL, to the next order in 1/√n."""
    b = 40_000.0
    n = round(b + pull * np.sqrt(b))

    def over(s):
        return stats.poisson.cdf(n, s + b) / stats.poisson.cdf(n, b) - 0.1

    exact = brentq(over, 1.0, 10 * np.sqrt(b))
    assert counted("poisson", n, b).limit_mu_b(0.9) ** 2 == pytest.approx(exact, rel=0.01)


@given(RISES, RISES, st.booleans())
def test_cls_is_a_ratio_that_data_nearer_to_the_signal_raise(q, expected, bounded):
    first, second = cls_of(np.array([q, q + 0.1]), np.full(2, expected), bounded=bounded)
    assert 0 < second <= first * (1 + 1e-12) <= 1 + 1e-12
    alone = normal.cdf(-np.sqrt(q))
    assert bounded or first >= alone * (1 - 1e-9)


@pytest.mark.parametrize("expected", [0.0, 1e-300, 1e-20, 1e-10, 9.9e-7, 1.1e-6, 1e-4])
def test_cls_without_sensitivity(expected):
    """Where little tells the signal a bounded one has exp(-q/2), a free one no change."""
    q = np.array([0.3, 2.0, 30.0])
    bounded, free = (cls_of(q, np.full(3, expected), bounded=one) for one in (True, False))
    assert bounded == pytest.approx(np.exp(-q / 2), rel=2.5 * expected / 0.3 + 1e-12)
    hazard = stats.norm.pdf(np.sqrt(q)) / stats.norm.sf(np.sqrt(q))
    assert free == pytest.approx(np.exp(-np.sqrt(expected) * hazard), rel=2 * expected + 1e-12)


def test_cls_is_one_where_nothing_tells_the_signal():
    assert cls_of(np.array([0.0, 4.0]), np.zeros(2), bounded=False) == pytest.approx(1.0)
    assert cls_of(np.zeros(1), np.zeros(1), bounded=True) == pytest.approx(1.0)


def test_the_median_is_where_half_of_the_p_value_is():
    assert np.sqrt(expected_rise(0.9, 0.5)) == pytest.approx(normal.inv_cdf(0.95))


def test_both_ends_of_a_coupling_that_is_linear():
    """A Gaussian without bound: the closed form on either side."""
    forms = np.array([[[1e6, 0.5], [0.5, 0.0]]])
    pull = 0.8
    spec = Counts("gaussian", np.array([1e6 + pull]), (), 0.0, variance=np.ones(1))
    sm = forms[:, 0, 0]
    likelihood = as_newton([build(spec, "x", sm)], sm)
    plain = Parametrisation.plain(np.eye(1), np.empty((1, 0)))
    model = CouplingModel(("x",), likelihood, forms)
    axes = Axes(model, plain, (parameter("epsilon_u_ee"),), np.zeros(1), np.zeros(1))
    found = CouplingTest.of(axes, without_signal((spec,), likelihood, sm), 0.9)
    upper = pull + normal.inv_cdf(1 - 0.1 * normal.cdf(pull))
    lower = pull - normal.inv_cdf(1 - 0.1 * normal.cdf(-pull))
    assert found.intervals() == pytest.approx(np.array([[lower, upper]]), rel=1e-4)
    assert not found.bounded
