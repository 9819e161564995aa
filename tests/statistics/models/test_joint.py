"""Exact derivatives of χ² in moments and nuisances, against finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from munu.analysis.model import joint_model
from munu.analysis.region import family_of
from munu.base.descent import minimise
from munu.base.terms import Terms
from munu.base.typing import FloatArray
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.statistics.likelihoods import as_newton
from munu.statistics.models.dipole_events import QuadraticEvents
from munu.statistics.models.joint import JointChi2
from munu.statistics.models.plane import Plane
from munu.statistics.models.plane_events import PlaneEvents

ASSUMED = Assumptions(mixing="desalas2018-no")
SETS = {
    "shapes of signal and background": ("coherent-lar-2020",),
    "gaussian bins and counts": ("coherent-csi-2017", "conus@future", "coherent-ge@future"),
    "shared flux": ("coherent-csi-2021", "coherent-csi", "dresden-ii"),
}
UNIT_MU_B = 1e-9
COLUMNS = UNIT_MU_B * np.array([[1, 0, 0, 0, 0], [0, 1, 0, 1j, 0], [0, 0, 1, 0, 1j]])


def joint_of(names: tuple[str, ...]) -> JointChi2:
    models = [joint_model([fold_experiment(name)], ASSUMED) for name in names]
    likelihood = as_newton([m.likelihood for m in models], np.concatenate([m.sm for m in models]))
    sm, w = likelihood.reference, np.concatenate([m.w for m in models])
    return JointChi2(likelihood, sm, QuadraticEvents.of(w, COLUMNS))


@pytest.fixture(scope="module", params=SETS.values(), ids=SETS)
def joint(request) -> JointChi2:
    return joint_of(request.param)


def point(joint: JointChi2, seed: int) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    theta = joint.likelihood.start + 0.3 * rng.normal(size=len(joint.likelihood.names))
    return rng.normal(size=5), theta


def split(joint: JointChi2, z: FloatArray) -> Terms:
    return joint.terms(z[:, :5], z[:, 5:])


@pytest.mark.parametrize("seed", [1, 2])
def test_gradient_and_hessian(joint, seed):
    z = np.concatenate(point(joint, seed))
    steps = 1e-5 * np.eye(z.size)
    ahead, behind = split(joint, z + steps), split(joint, z - steps)
    found = split(joint, z[None])
    size = np.abs(found.gradient).max()
    numerical = (ahead.chi2 - behind.chi2) / 2e-5
    np.testing.assert_allclose(found.gradient[0], numerical, atol=1e-5 * size)
    hessian = (ahead.gradient - behind.gradient) / 2e-5
    np.testing.assert_allclose(found.hessian[0], hessian, atol=1e-6 * np.abs(hessian).max())


def test_terms_without_coordinates_are_those_of_the_nuisances(joint):
    y, theta = point(joint, 3)
    with_moments = joint.terms(y[None], theta[None])
    alone = joint.likelihood.terms(joint.signal(y[None]), theta[None])
    np.testing.assert_allclose(with_moments.chi2, alone.chi2, rtol=1e-12)
    np.testing.assert_allclose(with_moments.gradient[:, 5:], alone.gradient, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(with_moments.hessian[:, 5:, 5:], alone.hessian, rtol=1e-9, atol=1e-9)


def test_nuisances_follow_the_signal_to_first_order(joint):
    likelihood = joint.likelihood
    direction = joint.extra.slopes(np.ones((1, 5)))[0, 0]
    change = 1e-3 * direction / np.abs(direction).max() * np.abs(likelihood.reference).max()
    signals = likelihood.reference + np.array([[-1.0], [1.0]]) * change
    exact = likelihood.profile(signals).x
    np.testing.assert_allclose(likelihood.linear_start(signals), exact, atol=1e-4)
    moved = np.abs(exact[1] - exact[0]).max()
    assert np.abs(likelihood.linear_start(signals) - exact).max() < 0.02 * moved


def test_minima_do_not_depend_on_the_batch(joint):
    rng = np.random.default_rng(4)
    y = 0.05 * rng.normal(size=(7, 5))
    together = joint.minimise(y, fixed=2)
    alone = [joint.minimise(row[None], fixed=2).chi2[0] for row in y]
    np.testing.assert_allclose(together.chi2, alone, rtol=1e-9)
    start = joint.at_linear_start(y)
    assert np.all(together.chi2 <= start)


def test_a_minimum_is_stationary(joint):
    y = np.array([[0.4, 0.2, -0.1, 0.1, 0.1]])
    at, found = joint.lowest(y, fixed=1)
    gradient = joint.terms(at, found.x[:, 4:]).gradient[0, 1:]
    step = np.linalg.solve(found.hessian[0], gradient)
    assert abs(gradient @ step) < 1e-9 * (1 + found.chi2[0])
    nearby = joint.likelihood.chi2(joint.signal(at + 1e-3 * np.eye(5)[1:]))
    assert np.all(nearby >= found.chi2 - 1e-9)


def test_what_does_not_converge_is_told():
    def wall(x: FloatArray, _: object) -> Terms:
        return Terms(-x[:, 0], np.full_like(x, -1.0), np.full((len(x), 1, 1), 1e-12))

    found = minimise(wall, np.array([[1.0]]))
    assert found.failed.tolist() == [True]
    assert found.step[0, 0] > 0


PLANES = {
    "modulus profiled": Plane("Lambda_1", "Lambda_2", ("Lambda_3",), delta_cp=0.4, xi_1=0.7),
    "signed": Plane("Lambda_1", "Lambda_3", ("Lambda_2",), xi_2=1.1, signed=True),
    "phases profiled": Plane("Lambda_2", "Lambda_3", ("Lambda_1", "xi_1", "xi_2", "delta_cp")),
    "phase shown": Plane("Lambda_1", "delta_cp", ("Lambda_2", "xi_1")),
    "flavour basis": Plane("Lambda_e", "Lambda_mu", ("Lambda_tau", "delta_cp")),
}


@pytest.mark.parametrize("plane", PLANES.values(), ids=PLANES)
def test_coordinates_of_a_plane(plane):
    folded = [fold_experiment(name) for name in ("coherent-csi-2017", "conus@future")]
    family = family_of(folded, ASSUMED, plane)
    squared = () if plane.signed else tuple(n for n in plane.profiled if n in plane.basis)
    excess = PlaneEvents.of(family, plane, UNIT_MU_B, squared)
    rng = np.random.default_rng(5)
    y, weights = rng.uniform(0.2, 1.2, (3, excess.dimension)), rng.normal(size=(3, family.sm.size))
    shown = np.arctan2(y[:, 1], y[:, 0]) if len(plane.moduli) == 2 else y[:, 1]
    radius = np.hypot(y[:, 0], y[:, 1]) if len(plane.moduli) == 2 else y[:, 0]
    profiled = y[:, 2:].copy()
    for i, name in enumerate(plane.profiled):
        if name in plane.basis:
            profiled[:, i] = (y[:, 2 + i] if plane.signed else y[:, 2 + i] ** 2) / radius
    moments, delta_cp = plane.directions(shown, profiled)
    expected = family.dipole_events(UNIT_MU_B * radius[:, None] * moments, delta_cp)
    np.testing.assert_allclose(excess.events(y), expected, rtol=1e-9, atol=1e-12 * expected.max())
    steps = 1e-5 * np.eye(excess.dimension)
    for at, weight, slopes, bending in zip(
        y, weights, excess.slopes(y), excess.at(y).bending(weights @ excess.basis.T), strict=True
    ):
        ahead, behind = at + steps, at - steps
        numerical = (excess.events(ahead) - excess.events(behind)) / 2e-5
        np.testing.assert_allclose(slopes, numerical, atol=1e-6 * np.abs(numerical).max())
        numerical = (excess.slopes(ahead) - excess.slopes(behind)) @ weight / 2e-5
        np.testing.assert_allclose(bending, numerical, atol=1e-6 * np.abs(numerical).max())


def test_slopes_and_leads_of_minima_are_those_of_their_neighbours(joint):
    y = np.tile(point(joint, 5)[0], (5, 1)) * 0.2
    step = 1e-3
    y[1:, :2] += step * np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    found = joint.followed(y, fixed=2)
    near = joint.followed(y, fixed=2, theta=np.repeat(found.x[:1, 3:], 5, axis=0))
    middle = found.chosen(np.array([0]))
    rise = np.array([near.chi2[1] - near.chi2[2], near.chi2[3] - near.chi2[4]]) / (2 * step)
    np.testing.assert_allclose(middle.slope[0], rise, atol=1e-4 * (1 + np.abs(rise).max()))
    signal = joint.slope(np.concatenate([y[:1, :2], middle.x[:, :3]], axis=1), middle.x[:, 3:])
    np.testing.assert_allclose(middle.slope, signal[:, :2], atol=1e-6 * (1 + np.abs(rise).max()))
