"""What a parameter may be holds where it is minimised over, too: sin²θ_W from 0 to 1, g² >= 0."""

import numpy as np
import pytest

import munu
from munu.base.thresholds import delta_chi2
from munu.statistics.models.chart import Bounded, Chart

FEW = """
format = 1
id = "few"
title = "Far fewer counts than the Standard Model predicts"
reference = "this test"
like = "conus"

[exposure]
live_time = "10 yr"

[statistic]
kind = "poisson"
observed = [400]
sigma_signal = "10 %"
backgrounds = [ { name = "rest", total = 10, spread = "bins", sigma = "10 %" } ]
"""


@pytest.fixture(scope="module")
def few():
    return munu.loads(FEW)


@pytest.mark.parametrize(("low", "high"), [(-0.23, 0.77), (0.0, 1.0), (-3.0, 0.1)])
def test_a_coordinate_between_borders_has_its_derivatives(low, high):
    piece = Bounded(0, np.array([2.0, -1.0]), low, high, unit=0.3)
    chart, y, step = Chart(np.zeros(2), (piece,), 1), np.linspace(-4, 4, 9)[:, None], 1e-5
    x, first, second = chart(y)
    values = x[:, 0] / 2
    assert np.all((values >= low - 1e-12) & (values <= high + 1e-12))
    ahead, behind = chart(y + step), chart(y - step)
    np.testing.assert_allclose(first[:, 0], (ahead[0] - behind[0]) / (2 * step), atol=1e-8)
    np.testing.assert_allclose(
        second[:, 0, 0], (ahead[1] - behind[1])[:, 0] / (2 * step), atol=1e-8
    )
    turned = chart(y + chart.periods)
    np.testing.assert_allclose(turned[0], x, atol=1e-9)
    if low < 0 < high:
        at_zero = chart(np.zeros((1, 1)))
        np.testing.assert_allclose(at_zero[0], 0.0, atol=1e-12)
        np.testing.assert_allclose(at_zero[1][0, 0], 0.3 * piece.along)


def test_a_limit_profiled_over_the_weak_angle_stays_between_its_bounds(few):
    """The best sin²θ_W is 0, where g_V^p is largest: no moment of a smaller one is allowed."""
    profiled = munu.limit(few, "mu_nu_e", profile="sin2_theta_w")
    at_zero = munu.limit(few, "mu_nu_e", values={"sin2_theta_w": 0.0})
    ((_, end),) = profiled.intervals
    assert end == pytest.approx(at_zero.intervals[0][1], rel=1e-6)


def test_a_region_at_a_corner_is_found(few):
    region = munu.region(few, ("mu_nu_e", "sin2_theta_w"))
    over = munu.likelihood(few, ["mu_nu_e", "sin2_theta_w"]).chi2
    assert region.chi2_min == pytest.approx(float(over(np.zeros((1, 2)))[0]), abs=1e-6)
    (polygon,) = region.polygons
    on = polygon[(polygon > 0).all(axis=1)]
    assert over(on) == pytest.approx(region.chi2_min + delta_chi2(0.90, 2), abs=1e-6)


@pytest.mark.parametrize(
    ("experiment", "plane", "mass"),
    [
        ("dresden-ii", ("g_b-l", "epsilon_u_ee"), "30 MeV"),
        ("xenonnt-sr0-er", ("g_b-l", "sin2_theta_w"), "1 MeV"),
        ("coherent-csi-2021", ("g_scalar", "epsilon_d_mumu"), "30 MeV"),
    ],
)
def test_regions_and_fits_have_one_minimum_within_the_bounds(experiment, plane, mass):
    region = munu.region(experiment, plane, mediator_mass=mass)
    fit = munu.fit(experiment, plane, toys=0, mediator_mass=mass)
    over = munu.likelihood(experiment, plane, mediator_mass=mass)
    assert region.chi2_min == pytest.approx(fit.chi2, abs=1e-6)
    polygons = np.concatenate(region.polygons)
    ends = np.linspace(polygons.min(axis=0), polygons.max(axis=0), 41).T
    grid = np.stack(np.meshgrid(*ends), axis=-1).reshape(-1, 2)
    lowest = over.chi2(grid).min()
    assert region.chi2_min - 1e-9 < lowest < region.chi2_min + 0.1
