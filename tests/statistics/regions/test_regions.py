"""Regions: every vertex on the contour, whatever the shape, and against brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path
from scipy.optimize import brentq

import munu
from munu.analysis.region import family_of
from munu.base.errors import MunuError
from munu.folding.folded import fold_experiment
from munu.physics.assumptions import Assumptions
from munu.physics.mixing import paper_mixing
from munu.physics.moments import HelicityState
from munu.statistics.build import build
from munu.statistics.likelihoods.gaussian import GaussianLikelihood, LinearNuisance
from munu.statistics.models.moments import MomentModel
from munu.statistics.models.plane import MASS, Plane
from munu.statistics.regions.contours import phase_region
from munu.statistics.regions.envelopes import envelope
from munu.statistics.regions.ray_solver import RaySolver
from munu.statistics.regions.solve import region
from munu.statistics.specification import Counts

ONE = np.ones(1)
DELTA = 4.605


def at_every_delta(likelihood, sm, w_of_delta) -> MomentModel:
    return MomentModel((), likelihood, sm, w_of_delta(0.0)).at_every_delta(w_of_delta)


def one_bin(sm: float, data: float, variance: float = 25.0) -> GaussianLikelihood:
    return GaussianLikelihood(data * ONE, variance * ONE, 0.0 * ONE)


def family(
    species: str, scale: float = 1e20, *, sm: float = 50.0, data: float = 50.0
) -> MomentModel:
    """One bin that sees the moment of one species, W = scale M."""
    state = HelicityState.of_species(species)
    mixing = paper_mixing()
    return at_every_delta(
        one_bin(sm, data),
        np.array([sm]),
        lambda delta: scale * state.moment_matrix(mixing.with_delta(delta))[None],
    )


def two_experiments(*, shared: float = 0.1) -> MomentModel:
    """A reactor and a muon neutrino beam with a common nuisance and variances ∝ counts."""
    sm = np.array([400.0, 60.0])
    matrices = [HelicityState.of_species(s) for s in ("nu_e_bar", "nu_mu")]
    likelihood = GaussianLikelihood(
        sm.copy(),
        np.zeros(2),
        np.full(2, 1.2),
        (
            LinearNuisance("flux", np.full(2, shared)),
            LinearNuisance("own", np.array([0.0, 0.05])),
        ),
    )
    scales = np.array([3e21, 2e18])

    def w(delta: float) -> np.ndarray:
        mixing = paper_mixing().with_delta(delta)
        stacked = np.stack([m.moment_matrix(mixing) for m in matrices])
        return scales[:, None, None] * stacked

    return at_every_delta(likelihood, sm, w)


def chi2_at(found_family: MomentModel, plane: Plane, vertices: np.ndarray) -> np.ndarray:
    """χ² at vertices of a plane of two mass moduli, written out independently of rays."""
    moments = np.zeros((len(vertices), 3), complex)
    for column, name in enumerate((plane.x, plane.y)):
        moments[:, int(name[-1]) - 1] = vertices[:, column]
    moments *= np.exp(-1j * np.array([plane.xi_2, plane.xi_1, 0.0]))
    total = np.zeros((len(vertices), found_family.sm.size), complex)
    for k, c in zip(*found_family.series, strict=True):
        quadratic = np.einsum("vi,bij,vj->vb", moments.conj(), c, moments)
        total += np.exp(1j * k * plane.delta_cp) * quadratic
    return found_family.likelihood.chi2(found_family.sm + total.real)


PHASES = st.floats(-np.pi, np.pi)


@settings(max_examples=25)
@given(xi_1=PHASES, xi_2=PHASES, delta_cp=PHASES, delta=st.floats(0.1, 20.0), signed=st.booleans())
def test_every_vertex_reproduces_delta_chi2(xi_1, xi_2, delta_cp, delta, signed):
    found_family = two_experiments()
    plane = Plane("Lambda_1", "Lambda_3", (), delta_cp, xi_1, xi_2, signed)
    found = region(found_family, plane, delta)
    assert found.polygons
    for polygon in found.polygons:
        chi2 = chi2_at(found_family, plane, polygon)
        np.testing.assert_allclose(chi2 - found.chi2_min, delta, atol=1e-8)


def test_one_bin_region_is_the_conic():
    found_family = family("nu_mu")
    found = region(found_family, Plane("Lambda_1", "Lambda_2", signed=True), DELTA)
    w = found_family.series[1].sum(axis=0)[0].real[:2, :2]
    largest = np.sqrt(DELTA * 25.0)
    (polygon,) = found.polygons
    np.testing.assert_allclose(np.einsum("vi,ij,vj->v", polygon, w, polygon), largest)
    x, y = polygon.T
    area = 0.5 * abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
    assert area == pytest.approx(np.pi * largest / np.sqrt(np.linalg.det(w)), rel=1e-3)
    assert not found.corners[0].size


def test_an_excess_gives_a_ring():
    found = region(family("nu_mu", data=120.0), Plane("Lambda_1", "Lambda_2", signed=True), DELTA)
    (polygon,) = found.polygons
    assert np.hypot(*polygon.T).min() > 1e-10
    assert found.chi2_min == pytest.approx(0.0, abs=1e-12)
    excess = np.einsum(
        "i,ij,j->",
        found.best_fit,
        family("nu_mu").series[1].sum(axis=0)[0].real[:2, :2],
        found.best_fit,
    )
    assert excess == pytest.approx(70.0)


@pytest.mark.parametrize("phase", ["xi_1", "delta_cp"])
def test_phases_profiled_leave_the_ring_of_a_poisson_bin(phase):
    """The events that the count allows, over the extremes of n†Wn in the phase: both boundaries."""
    sm, observed = np.array([50.0]), np.array([180.0])
    likelihood = build(
        Counts(kind="poisson", observed=observed, backgrounds=(), sigma_signal=0.05), "bin", sm
    )
    state, mixing = HelicityState.of_species("nu_mu"), paper_mixing()
    found_family = at_every_delta(
        likelihood,
        sm,
        lambda delta: 1e20 * state.moment_matrix(mixing.with_delta(delta))[None],
    )
    found = region(found_family, Plane("Lambda_1", "Lambda_2", (phase,)), DELTA)

    def over(events: float) -> float:
        return float(likelihood.chi2(sm + events)) - DELTA

    ends = brentq(over, 0.0, 130.0), brentq(over, 130.0, 1000.0)
    (polygon,) = found.polygons
    angle, radius = np.arctan2(*polygon.T[::-1]), np.hypot(*polygon.T)
    phases = np.linspace(-np.pi, np.pi, 721)
    turn = np.exp(-1j * phases) if phase == "xi_1" else np.ones(phases.size)
    moments = np.zeros((angle.size, phases.size, 3), complex)
    moments[..., 0], moments[..., 1] = np.cos(angle)[:, None], np.sin(angle)[:, None] * turn
    w = np.zeros((angle.size, phases.size))
    for k, c in zip(*found_family.series, strict=True):
        own = np.exp(1j * k * phases) if phase == "delta_cp" else np.ones(phases.size)
        w += (own * np.einsum("api,ij,apj->ap", moments.conj(), c[0], moments)).real
    half = angle.size // 2
    np.testing.assert_allclose(radius[:half] ** 2, ends[1] / w[:half].min(axis=1), rtol=1e-4)
    np.testing.assert_allclose(radius[half:] ** 2, ends[0] / w[half:].max(axis=1), rtol=1e-4)


def test_a_reactor_region_is_unbounded_along_its_blind_direction():
    plane = Plane("Lambda_1", "Lambda_2", ("Lambda_3", "xi_1", "xi_2"))
    found = region(family("nu_e_bar", scale=1e22), plane, DELTA)
    assert found.unbounded
    u = np.abs(paper_mixing().pmns()[0])
    middle = found.blind_ranges.mean()
    assert middle == pytest.approx(np.arctan2(u[1], u[0]), abs=1e-5)


def test_a_second_experiment_closes_the_blind_direction():
    plane = Plane("Lambda_1", "Lambda_2", ("Lambda_3",))
    found = region(two_experiments(), plane, DELTA)
    assert not found.unbounded
    assert np.all(np.isfinite(found.polygons[0]))


def test_a_source_that_sees_nothing_is_unbounded_everywhere():
    blind = MomentModel((), one_bin(50.0, 50.0), np.array([50.0]), np.zeros((1, 3, 3), complex))
    found = region(blind, Plane("Lambda_1", "Lambda_2"), DELTA)
    assert found.unbounded
    assert not found.polygons
    np.testing.assert_allclose(found.blind_ranges, [[0, np.pi / 2]])


def test_profiled_region_against_brute_force():
    found_family = two_experiments()
    plane = Plane("Lambda_1", "Lambda_2", ("Lambda_3",))
    (polygon,) = region(found_family, plane, DELTA).polygons
    rng = np.random.default_rng(7)
    for vertex in polygon[rng.integers(0, len(polygon), 6)]:
        third = np.linspace(0, 3 * np.hypot(*vertex), 20001)
        moments = np.column_stack([np.tile(vertex, (third.size, 1)), third]).astype(complex)
        chi2 = found_family.chi2(moments, np.zeros(third.size))
        assert chi2.min() == pytest.approx(DELTA, abs=1e-5)


def test_a_signed_region_is_symmetric_about_the_origin():
    plane = Plane("Lambda_1", "Lambda_2", ("Lambda_3",), signed=True)
    (polygon,) = region(two_experiments(), plane, DELTA).polygons
    angle, radius = np.arctan2(polygon[:, 1], polygon[:, 0]), np.hypot(*polygon.T)
    opposite = np.interp(angle + np.pi, angle, radius, period=2 * np.pi)
    np.testing.assert_allclose(opposite, radius, rtol=2e-3)


def test_profiling_enlarges_a_region():
    found_family = two_experiments()
    extent = [
        region(found_family, Plane("Lambda_1", "Lambda_2", profiled), DELTA).polygons[0].max(axis=0)
        for profiled in ((), ("Lambda_3",), ("Lambda_3", "xi_1", "xi_2"))
    ]
    assert np.all(extent[1] >= extent[0] * (1 - 1e-9))
    assert np.all(extent[2] >= extent[1] * (1 - 1e-9))


def test_modulus_against_phase():
    found_family = family("nu_mu")
    plane = Plane("delta_cp", "Lambda_1")
    (polygon,) = region(found_family, plane, DELTA).polygons
    for delta_cp, modulus in polygon[::20]:
        chi2 = found_family.chi2(np.array([[modulus, 0, 0]], complex), np.array([delta_cp]))
        assert chi2[0] == pytest.approx(DELTA, abs=1e-8)
    assert np.ptp(polygon[:, 1]) > 1e-11


def with_excess() -> MomentModel:
    """Two Gaussian bins that both exclude the Standard Model."""
    return at_every_delta(
        GaussianLikelihood(np.array([80.0, 130.0]), np.array([16.0, 25.0]), np.zeros(2)),
        np.full(2, 50.0),
        lambda delta: np.stack(
            [
                1e20 * HelicityState.of_species(s).moment_matrix(paper_mixing().with_delta(delta))
                for s in ("nu_e_bar", "nu_mu")
            ]
        ),
    )


def lowest_over_third(found_family: MomentModel, point: np.ndarray, *, signed: bool) -> float:
    """χ² at |Λ₁|, |Λ₂| with Λ₃ scanned."""
    third = np.linspace(-3e-9 if signed else 0.0, 3e-9, 20001)
    moments = np.column_stack([np.tile(point, (third.size, 1)), third]).astype(complex)
    return float(found_family.chi2(moments, np.zeros(third.size)).min())


@pytest.mark.parametrize("signed", [False, True])
def test_a_profiled_region_of_an_excess_against_brute_force(signed):
    found_family = with_excess()
    plane = Plane("Lambda_1", "Lambda_2", ("Lambda_3",), signed=signed)
    found = region(found_family, plane, DELTA)
    assert found.polygons
    for polygon in found.polygons:
        assert len(polygon) > 2
        for vertex in polygon[:: max(1, len(polygon) // 5)]:
            chi2 = lowest_over_third(found_family, vertex, signed=signed)
            assert chi2 - found.chi2_min == pytest.approx(DELTA, abs=1e-4)
    rng = np.random.default_rng(2)
    low = -1.2e-9 if signed else 0.0
    paths = [Path(outline) for outline in found.outlines]
    for point in rng.uniform(low, 1.2e-9, (60, 2)):
        over = lowest_over_third(found_family, point, signed=signed) - found.chi2_min - DELTA
        if abs(over) > 0.5:
            inside = any(path.contains_point(point) for path in paths)
            assert inside == (over < 0)


def test_phases_that_are_all_allowed():
    plane = Plane("xi_1", "xi_2", ("Lambda_1",))
    found = phase_region(family("nu_mu"), plane, DELTA)
    assert not found.polygons
    (outline,) = found.outlines
    assert np.abs(outline).max() == pytest.approx(np.pi)


def test_phase_against_phase_with_a_modulus_profiled():
    found_family = at_every_delta(
        GaussianLikelihood(np.array([60.0, 90.0]), np.array([16.0, 16.0]), np.zeros(2)),
        np.full(2, 50.0),
        lambda delta: np.stack(
            [
                1e20 * HelicityState.of_species(s).moment_matrix(paper_mixing().with_delta(delta))
                for s in ("nu_e_bar", "nu_mu")
            ]
        ),
    )
    plane = Plane("xi_1", "delta_cp", ("Lambda_2", "Lambda_3"))
    found = phase_region(found_family, plane, 2.0)
    assert found.polygons
    vertex = found.polygons[0][len(found.polygons[0]) // 2]
    moduli = np.linspace(0, 1.5e-9, 1501)
    second, third = (m.ravel() for m in np.meshgrid(moduli, moduli))
    moments = np.column_stack([0 * second, second * np.exp(-1j * vertex[0]), third])
    chi2 = found_family.chi2(moments, np.full(second.size, vertex[1]))
    assert chi2.min() - found.chi2_min == pytest.approx(2.0, abs=5e-3)
    assert found.outlines


def test_two_phases_need_a_modulus():
    with pytest.raises(MunuError, match="needs a modulus"):
        phase_region(family("nu_mu"), Plane("xi_1", "xi_2", ("delta_cp",)), DELTA)


def test_envelope_encloses_every_phase():
    found_family = two_experiments()
    plane = Plane("Lambda_1", "Lambda_2", ("xi_1", "delta_cp"))
    found = envelope(found_family, plane, DELTA)
    outer, inner = np.hypot(*found.outer.T), np.hypot(*found.inner.T)
    rng = np.random.default_rng(3)
    for xi_1, delta_cp in rng.uniform(-np.pi, np.pi, (12, 2)):
        fixed = Plane("Lambda_1", "Lambda_2", (), delta_cp, xi_1)
        polygon = region(found_family, fixed, DELTA).polygons[0]
        angle = np.arctan2(polygon[:, 1], polygon[:, 0])
        radius = np.interp(found.angle, angle, np.hypot(*polygon.T))
        assert np.all(radius <= outer * (1 + 1e-3))
        assert np.all(radius >= inner * (1 - 1e-3))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Lambda_1", "Lambda_4"), "Lambda_4"),
        (("Lambda_1", "Lambda_1"), "twice"),
        (("Lambda_1", "Lambda_2", ("Lambda_2",)), "twice"),
        (("Lambda_1", "Lambda_e", ("Lambda_2",)), "nothing can be profiled"),
        (("Lambda_e", "xi_1"), "phases of Lambda_1"),
    ],
)
def test_impossible_planes(arguments, message):
    with pytest.raises(MunuError, match=message):
        Plane(*arguments)


def test_the_unknown_name_comes_with_the_nearest():
    with pytest.raises(MunuError, match="Did you mean 'Lambda_mu'"):
        Plane("Lambda_mju", "Lambda_1")


def test_a_ray_that_fails_is_marked_and_the_others_solved(monkeypatch):
    plane = Plane("Lambda_1", "Lambda_2")
    folded = [fold_experiment(name) for name in ("coherent-csi", "conus")]
    solver = RaySolver(family_of(folded, Assumptions(mixing="desalas2018-no"), plane), plane)
    level = solver.best_fit[0] + 4.605
    shown = np.linspace(*solver.span, 11)
    whole = solver.solve(shown, level)
    original = RaySolver._solve

    def failing(rays, shown, level):
        if np.any(np.isclose(shown, 0.3 * np.pi)):
            raise MunuError("the nuisance 'x' does not converge", "Widen it")
        return original(rays, shown, level)

    monkeypatch.setattr(RaySolver, "_solve", failing)
    found = solver.solve(shown, level)
    ((angle, reason),) = found.failures
    assert angle == pytest.approx(0.3 * np.pi)
    assert "'x' does not converge" in reason
    kept = found.converged()
    assert kept.shown.size == 10
    np.testing.assert_allclose(kept.inverse, np.delete(whole.inverse, 6))
    with pytest.raises(MunuError, match="does not converge"):
        solver.solve(shown[6:7], level)


def test_both_contours_of_an_envelope_are_endless_along_a_blind_direction():
    """A reactor does not see Λ_e: W_ee is the rounding of zero on the ray along its axis."""
    found = munu.envelope("conus-plus", ("Lambda_e", "Lambda_mu"))
    assert np.isinf(found.outer_mu_b[0, 0])
    assert np.isinf(found.inner_mu_b[0, 0])
    assert np.all(np.isfinite(found.inner_mu_b[1:]))


@pytest.mark.parametrize(
    ("names", "fixed", "idle"),
    [
        (("Lambda_1", "xi_1"), {}, ("xi_1",)),
        (("Lambda_1", "Lambda_3"), {"xi_1": 1.0, "xi_2": 1.0}, ("xi_1",)),
        (("Lambda_2", "Lambda_3"), {"xi_1": 1.0, "xi_2": 1.0}, ("xi_2",)),
        (("Lambda_1", "Lambda_2"), {"xi_1": 1.0, "xi_2": 1.0}, ()),
        (("xi_1", "xi_2", ("Lambda_2",)), {}, ("xi_1", "xi_2")),
    ],
)
def test_phases_without_effect_are_known(names, fixed, idle):
    """Those of a moment that is zero, or of one alone: events do not change with them."""
    plane = Plane(*names, **fixed)
    assert tuple(plane.idle_phases) == idle
    axes = [name for name in plane.names if name in MASS]
    moments = np.full((1, len(axes)), 1e-10)
    for phase in fixed:
        turned = replace(plane, **{phase: fixed[phase] + 0.7})
        same = [chi2_at(two_experiments(), one, moments)[0] for one in (plane, turned)]
        assert (same[0] == pytest.approx(same[1], rel=1e-12)) == (phase in idle)
