"""Regions whose nuisances are minimised with what is profiled, against rays solved one by one."""

from __future__ import annotations

import numpy as np
import pytest

import munu
from munu.analysis.region import family_of
from munu.base.errors import MunuError
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.results.region import RegionResult
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.moments import MomentModel
from munu.statistics.models.plane import PHASES, Plane
from munu.statistics.regions.joint_mesh import JointMesh
from munu.statistics.regions.mesh import SampledMesh, Window
from munu.statistics.regions.profiled_rays import ProfiledRays
from munu.statistics.regions.ray_solver import RaySolver
from munu.statistics.regions.solve import region

ASSUMED = Assumptions(mixing="desalas2018-no")
DELTA = 4.605
CASES = {
    "modulus": (("coherent-csi-2017",), Plane("Lambda_1", "Lambda_2", ("Lambda_3",))),
    "modulus and phases": (
        ("coherent-csi-2017",),
        Plane("Lambda_1", "Lambda_3", ("Lambda_2", "xi_1")),
    ),
    "signed": (("coherent-csi-2017",), Plane("Lambda_2", "Lambda_3", ("Lambda_1",), signed=True)),
    "phase shown": (("coherent-csi-2017",), Plane("Lambda_1", "delta_cp", ("Lambda_2", "xi_1"))),
    "nothing profiled": (("coherent-csi-2021", "coherent-lar-2020"), Plane("Lambda_1", "Lambda_2")),
    "nothing profiled, an excess": (("xenonnt-8b",), Plane("Lambda_1", "Lambda_3")),
    "with a projection": (
        ("dresden-ii", "conus@future", "coherent-csi"),
        Plane("Lambda_1", "Lambda_2", ("Lambda_3",)),
    ),
}


def family(names: tuple[str, ...], plane: Plane) -> MomentModel:
    return family_of([fold_experiment(name) for name in names], ASSUMED, plane)


@pytest.mark.parametrize(("names", "plane"), CASES.values(), ids=CASES)
def test_boundaries_of_both_methods(names, plane):
    joint = family(names, plane)
    together, one_by_one = ProfiledRays(joint, plane), RaySolver(joint, plane)
    level = together.best_fit[0] + DELTA
    shown = np.linspace(*together.span, 5)
    found, expected = together.solve(shown, level), one_by_one.solve(shown, level)
    ratio = found.inverse / expected.inverse
    assert np.all(ratio < 1 + 2e-5), "the other method has found a point farther out"
    assert np.all(ratio > 0.98)
    if not set(plane.profiled) & set(PHASES):
        np.testing.assert_allclose(ratio, 1.0, rtol=2e-5)
    assert together.best_fit[0] == pytest.approx(one_by_one.best_fit[0], abs=1e-5)


def test_vertices_lie_on_the_contour():
    plane = Plane("Lambda_1", "Lambda_2", ("Lambda_3", "xi_1"))
    one = family(("coherent-csi-2017",), plane)
    found = region(one, plane, DELTA)
    rays = ProfiledRays(one, plane)
    (polygon,) = found.polygons
    vertices = polygon[::20]
    shown, radius = np.arctan2(vertices[:, 1], vertices[:, 0]), np.hypot(*vertices.T)
    minimum = rays._from_scratch(shown, radius / rays.unit_mu_b)
    np.testing.assert_allclose(minimum.chi2 - found.chi2_min, DELTA, atol=1e-7)


def test_a_blind_direction_is_found():
    found = munu.region("dresden-ii", profile=("Lambda_3",))
    assert found.unbounded
    electron_row = munu.limit("dresden-ii", "Lambda_3", others="profiled").blind_direction
    angle = np.arctan2(abs(electron_row[1]), abs(electron_row[0]))
    np.testing.assert_allclose(found.unbounded_ranges, angle, atol=1e-4)


def test_a_ray_that_fails_is_marked(monkeypatch):
    plane = Plane("Lambda_1", "Lambda_2", ("Lambda_3",))
    whole = region(family(("coherent-csi-2017",), plane), plane, DELTA)
    original = JointChi2.followed

    def failing(joint, y, fixed, **options):
        found = original(joint, y, fixed, **options)
        if fixed == 2:
            on_ray = np.isclose(np.arctan2(y[:, 1], y[:, 0]), 0.25 * np.pi, atol=1e-12)
            found.minimum.step[on_ray, -1] = 1.0
        return found

    monkeypatch.setattr(JointChi2, "followed", failing)
    marked = region(family(("coherent-csi-2017",), plane), plane, DELTA)
    ((angle, reason),) = marked.failures
    assert angle == pytest.approx(0.25 * np.pi)
    assert "does not converge" in reason
    np.testing.assert_allclose(
        marked.polygons[0].max(axis=0), whole.polygons[0].max(axis=0), rtol=1e-6
    )
    assert len(marked.polygons[0]) == len(whole.polygons[0]) - 1
    result = munu.region("coherent-csi-2017", profile=("Lambda_3",))
    assert "✗ At 0.7854 rad: the nuisance" in str(result)
    assert RegionResult.from_json(result.to_json()).failures == result.failures


def test_rays_that_all_fail_say_why(monkeypatch):
    plane = Plane("Lambda_1", "Lambda_2", ("Lambda_3",))
    original = JointChi2.followed

    def failing(joint, y, fixed, **options):
        found = original(joint, y, fixed, **options)
        found.minimum.step[:, -1] = 1.0
        return found

    monkeypatch.setattr(JointChi2, "followed", failing)
    with pytest.raises(MunuError, match="does not converge"):
        region(family(("coherent-csi-2017",), plane), plane, DELTA)


def test_grids_of_both_methods():
    plane = Plane("Lambda_1", "xi_1", ("Lambda_2", "delta_cp"))
    one = family(("coherent-csi-2017",), plane)
    unit = ProfiledRays(one, plane).unit_mu_b
    window = Window(np.linspace(0.0, 1.5 * unit, 4), np.linspace(-np.pi, np.pi, 5))
    together, sampled = JointMesh(one, plane), SampledMesh(one, plane, 1.5 * unit)
    chi2, p = together.solve(window)
    expected, _ = sampled.solve(window)
    assert np.all(chi2 < expected + 2e-5), "the other method has found a lower minimum"
    assert np.all(chi2 > expected - 1e-2)
    between = np.array([[0.7 * unit, 0.3], [1.2 * unit, -2.0]])
    np.testing.assert_allclose(
        together.near(between, p[:2], p[2:4]), sampled.near(between), atol=1e-2
    )
    assert together.lowest(window, chi2, p)[1] <= chi2.min()


def test_rays_share_the_samples_of_what_is_profiled():
    plane = Plane("Lambda_1", "Lambda_2", ("Lambda_3", "delta_cp", "xi_1", "xi_2"))
    rays = ProfiledRays(family(("coherent-csi-2017",), plane), plane)
    shown = np.linspace(0.1, 1.4, 8)
    y = rays._samples(shown, np.ones(8)).reshape(8, 320, 6)
    np.testing.assert_allclose(np.arctan2(y[..., 1], y[..., 0]), shown[:, None] + 0 * y[..., 0])
    drawn = y[..., 2:].reshape(-1, 4)
    drawn[:, 0] **= 2  # a modulus that may not be negative is a square
    every = plane.samples()
    assert len(np.unique(drawn.round(9), axis=0)) == len(every) == 2560
    np.testing.assert_allclose(np.sort(drawn, axis=0), np.sort(every, axis=0), atol=1e-12)
