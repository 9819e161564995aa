"""Damped Newton steps against functions whose minima are known."""

from __future__ import annotations

import numpy as np
import pytest

from munu.base.damped import minimise_damped
from munu.base.descent import MANY_MATRICES, minimise, newton_step
from munu.base.terms import Terms
from munu.base.typing import FloatArray, IntArray


def rosenbrock(x: FloatArray, _: IntArray) -> Terms:
    """(1 - a)² + 30 (b - a²)²: a bent valley, lowest at (1, 1)."""
    a, b = x.T
    gap = b - a**2
    gradient = np.stack([-2 * (1 - a) - 120 * a * gap, 60 * gap], axis=1)
    hessian = np.empty((len(x), 2, 2))
    hessian[:, 0, 0] = 2 - 120 * gap + 240 * a**2
    hessian[:, 0, 1] = hessian[:, 1, 0] = -120 * a
    hessian[:, 1, 1] = 60.0
    return Terms((1 - a) ** 2 + 30 * gap**2, gradient, hessian)


def kinked(x: FloatArray, _: IntArray) -> Terms:
    """x²/2 + |x - 1|: the minimum is at the kink."""
    side = np.sign(x - 1)
    return Terms((0.5 * x**2 + np.abs(x - 1))[:, 0], x + side, np.ones((len(x), 1, 1)))


@pytest.mark.parametrize("method", [minimise, minimise_damped])
def test_bent_valleys_from_many_starts(method):
    rng = np.random.default_rng(1)
    found = method(rosenbrock, rng.uniform(-2, 2, (40, 2)), leading=2)
    assert not found.failed.any()
    np.testing.assert_allclose(found.chi2, 0, atol=1e-8)
    np.testing.assert_allclose(found.x, 1, atol=1e-3)


def test_a_minimum_at_a_kink_is_found():
    found = minimise_damped(kinked, np.array([[-3.0], [0.2], [5.0]]))
    np.testing.assert_allclose(found.x, 1, atol=1e-3)
    np.testing.assert_allclose(found.chi2, 0.5, atol=1e-3)


def test_a_kink_is_found_where_the_parabolas_of_both_sides_meet():
    """In three evaluations: at the start, beyond the kink, at it."""
    asked = []

    def evaluate(x: FloatArray, rows: IntArray) -> Terms:
        asked.append(x.copy())
        return kinked(x, rows)

    minimise_damped(evaluate, np.array([[5.0]]))
    assert asked[1] == pytest.approx(-1.0)
    assert asked[2] == pytest.approx(1.0)


def two_valleys(x: FloatArray, _: IntArray) -> Terms:
    """(x² - 1)² + x/5: lowest at about -1, another minimum at about 1."""
    y = x[:, 0]
    return Terms(
        (y**2 - 1) ** 2 + 0.2 * y, 4 * x * (x**2 - 1) + 0.2, (12 * y**2 - 4)[:, None, None]
    )


def test_what_leads_back_or_nowhere_lower_is_given_up():
    """From either side of what is known, which is the higher minimum, then the lower one."""
    high, low = (minimise_damped(two_valleys, np.array([[y]])) for y in (1.0, -1.0))
    for known, start, given_up in ((high, 1.3, True), (high, -1.3, False), (low, 1.3, True)):
        found = minimise_damped(two_valleys, np.array([[start]]), known=known)
        assert found.failed[0] == given_up
    assert low.chi2[0] < high.chi2[0]


def test_few_steps_leave_what_is_not_converged():
    found = minimise_damped(rosenbrock, np.array([[-1.5, 1.0], [1.0, 1.0]]), steps=3)
    assert found.failed.tolist() == [True, False]


def test_no_variables_leave_chi2_as_it_is():
    def constant(x: FloatArray, _: IntArray) -> Terms:
        return Terms(np.full(len(x), 3.0), x, np.zeros((len(x), 0, 0)))

    np.testing.assert_array_equal(minimise_damped(constant, np.zeros((5, 0))).chi2, 3.0)


def test_leading_variables_alone_may_bend_downwards():
    """A saddle in the one variable there is, of many problems: the step goes downhill."""
    n = 2 * MANY_MATRICES
    terms = Terms(np.zeros(n), np.full((n, 1), 0.5), np.full((n, 1, 1), -2.0))
    step, convex = newton_step(terms, leading=1)
    assert not convex.any()
    assert np.all(step < 0)
