"""Couplings that undo each other are allowed along bands a hundred times as long as wide."""

import numpy as np
import pytest

import munu
from munu.base.errors import MunuError
from munu.base.thresholds import delta_chi2

FLAVOUR_CHANGING = ("epsilon_u_emu", "epsilon_d_emu")


@pytest.fixture(scope="module", params=["conus-plus", "coherent-csi-2021"])
def case(request):
    return request.param, munu.envelope(request.param, FLAVOUR_CHANGING)


def chi2(experiment, points):
    """Return χ² of both moduli, shape (n,), the phases opposite."""
    over = munu.likelihood(experiment, [*FLAVOUR_CHANGING, "phase_epsilon_d_emu"])
    return over.chi2(np.column_stack([points, np.full(len(points), np.pi)]))


def inside(outline, points):
    """Return which points a polygon holds."""
    from matplotlib.path import Path

    return Path(outline).contains_points(points)


def test_an_envelope_of_two_flavour_changing_couplings_is_one_band(case):
    experiment, envelope = case
    (outer,) = envelope.outer
    level = envelope.chi2_min + delta_chi2(0.90, 2)
    assert outer[:, 0].max() > 60 * min(outer[outer[:, 1] == 0.0, 0].max(), 0.3)
    on = outer[(outer[:, 1] > 0) & (outer[:, 0] > 0)][::9]
    assert chi2(experiment, on) == pytest.approx(level, abs=1e-6)
    x = np.linspace(0.05, 0.97, 24) * outer[:, 0].max()
    tip = outer[np.argmax(outer[:, 0])]
    across = np.linspace(-1.0, 1.0, 81) * outer[outer[:, 0] == 0.0, 1].max() * 3
    for one in x:
        points = np.column_stack([np.full(across.size, one), one * tip[1] / tip[0] + across])
        away = np.abs(chi2(experiment, points) - level) > 0.2
        found = chi2(experiment, points) <= level
        np.testing.assert_array_equal(inside(outer, points)[away], found[away])


def test_whatever_the_phases_nothing_cancels(case):
    experiment, envelope = case
    (inner,) = envelope.inner
    level = envelope.chi2_min + delta_chi2(0.90, 2)
    over = munu.likelihood(experiment, FLAVOUR_CHANGING).chi2
    on = inner[(inner[:, 1] > 0) & (inner[:, 0] > 0)][::9]
    assert len(on) > 5
    assert over(on) == pytest.approx(level, abs=1e-6)


@pytest.mark.parametrize(
    ("experiment", "radius"),
    [
        ("dresden-ii", "charge_radius_ee"),
        ("xenonnt-sr0-er", "charge_radius_ee"),
        ("coherent-csi-2021", "charge_radius_mumu"),
        ("coherent-lar-2020", "charge_radius_mumu"),
    ],
)
def test_a_radius_and_the_weak_angle_that_undo_each_other(experiment, radius):
    """Both bands: that of the Standard Model, and its mirror where the amplitude is negative."""
    plane = ("sin2_theta_w", radius)
    found = munu.region(experiment, plane)
    level = found.chi2_min + found.delta_chi2
    over = munu.likelihood(experiment, plane).chi2
    vertices = np.concatenate(found.polygons)
    on = vertices[(vertices[:, 0] > 1e-9) & (vertices[:, 0] < 1 - 1e-9)][::9]
    assert over(on) == pytest.approx(level, abs=1e-6)
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    low, high = low - 0.5 * (high - low), high + 0.5 * (high - low)
    axes = np.linspace(max(low[0], 0.01), min(high[0], 0.99), 41), np.linspace(low[1], high[1], 161)
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    unit, seen = high - low, np.zeros(len(points), bool)
    for outline in found.outlines:
        seen |= inside(outline / unit, points / unit)
    chi2 = over(points)
    sure = np.abs(chi2 - level) > 0.3
    np.testing.assert_array_equal(seen[sure], (chi2 <= level)[sure])


def test_a_phase_that_nothing_tells_makes_the_envelope_one_line():
    found = munu.envelope("coherent-csi-2021", ("charge_radius_emu", "charge_radius_ee"))
    np.testing.assert_array_equal(found.outer[0], found.inner[0])


@pytest.mark.parametrize(
    ("experiments", "plane"),
    [
        # One flavour: a radius of all is that of electron neutrinos.
        (["conus-plus"], ("charge_radius_ee", "charge_radius_common")),
        # One radius for all flavours is a shift of g_V^p, as is the weak angle.
        (["coherent-csi-2021"], ("charge_radius_common", "sin2_theta_w")),
        (["coherent-csi-2021", "conus-plus"], ("charge_radius_common", "sin2_theta_w")),
    ],
)
def test_two_couplings_of_one_direction_are_refused(experiments, plane):
    with pytest.raises(MunuError, match=f"{plane[0]} and {plane[1]} are one direction for"):
        munu.region(experiments, plane)
