"""Limits on one modulus against brute-force minimisation over the others, and their scaling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize

from munu.base.errors import MunuError
from munu.base.thresholds import confidence, delta_chi2
from munu.base.typing import ComplexArray, FloatArray
from munu.experiments.load import load
from munu.folding.fold import fold
from munu.physics.mixing import global_fit, paper_mixing
from munu.physics.moments import HelicityState
from munu.statistics.build import build, with_sigma_sys
from munu.statistics.limits.intervals import rise
from munu.statistics.limits.one_modulus import curve
from munu.statistics.limits.profiled import profiled_interval
from munu.statistics.limits.slices import delta_chi2_profile, slice_interval
from munu.statistics.models.moments import MomentModel, combine_models
from munu.statistics.specification import Background, Counts, FirstRun, Projection

SEEDS = st.integers(0, 2**32 - 1)
NINETY = delta_chi2(0.9, 1)


def random_w(rng: np.random.Generator, scale: float) -> ComplexArray:
    """A Hermitian matrix of a mixed beam, without a blind direction."""
    a = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    density = a @ a.conj().T
    density = density / np.trace(density).real
    return np.asarray(scale * (np.eye(3) - density))


def projection_model(
    rng: np.random.Generator, n_bins: int, sigma_sys: float = 0.0, name: str = "x"
) -> MomentModel:
    sm = 10 ** rng.uniform(1, 4, n_bins)
    w = np.stack([random_w(rng, float(10 ** rng.uniform(18, 20))) for _ in range(n_bins)])
    likelihood = build(Projection(sigma_stat=0.2, sigma_sys=sigma_sys), name, sm)
    return MomentModel((name,), likelihood, sm, w)


def lowest_chi2(model: MomentModel, index: int, size: float, *, phases_free: bool) -> float:
    """Minimum of χ² over the other two moments, by simplex and gradient-free steps from afar."""
    others = [i for i in range(3) if i != index]

    def chi2(x: FloatArray) -> float:
        moments = np.zeros(3, complex)
        moments[index] = size
        moments[others] = size * (x[:2] + 1j * x[2:] if phases_free else np.abs(x))
        return float(model.chi2(moments))

    dimension = 4 if phases_free else 2
    rng = np.random.default_rng(1)
    best = np.inf
    for start in rng.normal(size=(4, dimension)):
        found = minimize(chi2, start, method="Powell", options={"xtol": 1e-8, "ftol": 1e-13})
        best = min(best, float(found.fun))
    return best


@given(SEEDS)
def test_slice_of_one_bin(seed: int) -> None:
    """Eq. (34) without nuisance in closed form: x² = 2.71 · 1.2 (N + x), limit √(x/W)."""
    model = projection_model(np.random.default_rng(seed), 1)
    b = NINETY * 1.2
    excess = 0.5 * (b + np.sqrt(b**2 + 4 * b * model.sm[0]))
    for index in range(3):
        expected = np.sqrt(excess / model.w[0, index, index].real)
        interval = slice_interval(model, index, NINETY)
        assert interval.upper_mu_b == pytest.approx(expected, rel=1e-9, abs=0)
        assert interval.lower_mu_b == 0
        assert interval.chi2_min == 0
        inverse = np.linalg.inv(model.w[0])[index, index].real
        profiled = profiled_interval(model, index, NINETY)
        assert profiled.upper_mu_b == pytest.approx(np.sqrt(excess * inverse), rel=1e-7, abs=0)


@given(SEEDS, st.sampled_from([0.0, 0.1]))
def test_slice_of_many_bins_is_a_root(seed: int, sigma_sys: float) -> None:
    model = projection_model(np.random.default_rng(seed), 3, sigma_sys)
    for index in range(3):
        upper = slice_interval(model, index, NINETY).upper_mu_b
        unit = np.eye(3)[index]

        def over(size: float, unit: FloatArray = unit) -> float:
            return float(model.chi2(size * unit)) - NINETY

        expected = brentq(over, 0.0, 2 * upper, xtol=1e-300, rtol=1e-12)
        assert upper == pytest.approx(expected, rel=1e-8, abs=0)
        profile = delta_chi2_profile(model, index, np.array([0.0, upper])).delta_chi2
        np.testing.assert_allclose(profile, [0, NINETY], rtol=1e-7, atol=1e-9)


@settings(max_examples=6)
@given(SEEDS, st.booleans(), st.integers(1, 3))
def test_profiled_against_brute_force(seed: int, phases_free: bool, n_bins: int) -> None:
    model = projection_model(np.random.default_rng(seed), n_bins, 0.05)
    index = seed % 3
    interval = profiled_interval(model, index, NINETY, phases_free=phases_free)
    assert np.isfinite(interval.upper_mu_b)
    at_limit = lowest_chi2(model, index, interval.upper_mu_b, phases_free=phases_free)
    assert at_limit - interval.chi2_min == pytest.approx(NINETY, rel=1e-4)
    slice_upper = slice_interval(model, index, NINETY).upper_mu_b
    assert interval.upper_mu_b >= slice_upper * (1 - 1e-9)


@settings(max_examples=25)
@given(SEEDS, st.floats(0.5, 0.99))
def test_profiled_is_never_stronger(seed: int, cl: float) -> None:
    rng = np.random.default_rng(seed)
    model = projection_model(rng, int(rng.integers(1, 4)), 0.02)
    delta = delta_chi2(cl, 1)
    for index in range(3):
        slice_upper = slice_interval(model, index, delta).upper_mu_b
        real = profiled_interval(model, index, delta, phases_free=False).upper_mu_b
        free = profiled_interval(model, index, delta).upper_mu_b
        assert slice_upper <= real * (1 + 1e-6)
        assert real <= free * (1 + 1e-6)


@pytest.mark.parametrize("delta_cp", [0.0, 1.0, 3.8])
@pytest.mark.parametrize("n_bins", [1, 3])
def test_reactor_is_blind_along_eq_14(delta_cp: float, n_bins: int) -> None:
    """Profiled reactor limits do not exist; the direction is Eq. (14), the bins do not matter."""
    mixing = global_fit().with_delta(delta_cp)
    matrix = HelicityState.of_species("nu_e_bar").moment_matrix(mixing)
    sm = np.array([100.0, 50.0, 20.0])[:n_bins]
    w = np.array([3e23, 1e23, 4e22])[:n_bins, None, None] * matrix
    model = MomentModel(("r",), build(Projection(sigma_stat=0.2, sigma_sys=0.0), "r", sm), sm, w)
    s12, s13 = np.sqrt([mixing.sin2_theta12, mixing.sin2_theta13])
    c12, c13 = np.sqrt([1 - mixing.sin2_theta12, 1 - mixing.sin2_theta13])
    for index in range(3):
        interval = profiled_interval(model, index, NINETY)
        assert interval.upper_mu_b == np.inf
        assert interval.unbounded_because == "blind direction"
        assert interval.blind_direction is not None
        expected = [c12 * c13, s12 * c13, s13]
        np.testing.assert_allclose(np.abs(interval.blind_direction), expected, atol=1e-7)
        assert np.isfinite(slice_interval(model, index, NINETY).upper_mu_b)


def test_phases_that_lift_the_blindness() -> None:
    """With all phases fixed at zero and δ_CP = π/2, real moments cannot cancel at a reactor."""
    matrix = HelicityState.of_species("nu_e_bar").moment_matrix(global_fit().with_delta(np.pi / 2))
    sm = np.array([100.0])
    likelihood = build(Projection(sigma_stat=0.2, sigma_sys=0.0), "r", sm)
    model = MomentModel(("r",), likelihood, sm, 1e23 * matrix[None])
    assert profiled_interval(model, 2, NINETY).upper_mu_b == np.inf
    assert np.isfinite(profiled_interval(model, 2, NINETY, phases_free=False).upper_mu_b)


def test_two_sources_have_no_common_blind_direction() -> None:
    mixing = paper_mixing()
    models = []
    for species, scale in (("nu_e_bar", 1e23), ("nu_mu", 1e19)):
        sm = np.array([100.0])
        likelihood = build(Projection(sigma_stat=0.2, sigma_sys=0.0), species, sm)
        matrix = HelicityState.of_species(species).moment_matrix(mixing)
        models.append(MomentModel((species,), likelihood, sm, scale * matrix[None]))
    joint = combine_models(models)
    for index in range(3):
        interval = profiled_interval(joint, index, NINETY)
        assert np.isfinite(interval.upper_mu_b)
        at_limit = lowest_chi2(joint, index, interval.upper_mu_b, phases_free=True)
        assert at_limit == pytest.approx(NINETY, rel=1e-2)
        weaker = slice_interval(models[1], index, NINETY).upper_mu_b
        assert slice_interval(joint, index, NINETY).upper_mu_b <= weaker


@given(st.floats(1e4, 1e8), st.floats(2.0, 50.0))
def test_fourth_root_of_the_luminosity(events: float, factor: float) -> None:
    """Far from systematic limits and small counts, |Λ| falls as luminosity^(-1/4)."""
    limits = []
    for luminosity in (1.0, factor):
        sm = np.array([events * luminosity])
        likelihood = build(Projection(sigma_stat=0.2, sigma_sys=0.0), "x", sm)
        w = 1e20 * luminosity * np.eye(3, dtype=complex)[None]
        limits.append(slice_interval(MomentModel(("x",), likelihood, sm, w), 0, NINETY).upper_mu_b)
    # The variance of the excess itself is the leading correction.
    tolerance = 2 / np.sqrt(events)
    assert limits[1] / limits[0] == pytest.approx(factor**-0.25, rel=tolerance)


@pytest.mark.parametrize("n_bins", [1, 2])
def test_unbounded_at_high_confidence(n_bins: int) -> None:
    """σ_sys = 0.5 allows any excess at Δχ² >= 4, and says why."""
    sm = np.array([100.0, 50.0])[:n_bins]
    likelihood = build(Projection(sigma_stat=0.2, sigma_sys=0.5), "x", sm)
    w = 1e20 * sm[:, None, None] * np.eye(3, dtype=complex)
    model = MomentModel(("x",), likelihood, sm, w)
    bounded = slice_interval(model, 0, 3.9)
    assert np.isfinite(bounded.upper_mu_b)
    assert bounded.unbounded_because == ""
    for interval in (slice_interval(model, 0, 4.1), profiled_interval(model, 0, 4.1)):
        assert interval.upper_mu_b == np.inf
        assert interval.unbounded_because == "systematic uncertainty"
        assert interval.blind_direction is None


def test_excess_gives_a_lower_end() -> None:
    spec = FirstRun(
        observed=900,
        prompt_neutrons=6,
        steady_state=405,
        sigma_signal=0.28,
        sigma_background=0.25,
    )
    sm = np.array([173.0])
    w = 1e19 * np.eye(3, dtype=complex)[None]
    model = MomentModel(("csi",), build(spec, "csi", sm), sm, w)
    interval = slice_interval(model, 0, NINETY)
    assert 0 < interval.lower_mu_b < interval.best_fit_mu_b < interval.upper_mu_b
    for end in (interval.lower_mu_b, interval.upper_mu_b):
        delta = delta_chi2_profile(model, 0, np.array([end])).delta_chi2
        assert delta == pytest.approx(NINETY, rel=1e-9)
    assert profiled_interval(model, 0, NINETY).lower_mu_b == 0


def poisson_model(observed: FloatArray, w: ComplexArray) -> MomentModel:
    sm = np.full(observed.size, 50.0)
    spec = Counts(kind="poisson", observed=observed, backgrounds=(), sigma_signal=0.1)
    return MomentModel(("x",), build(spec, "x", sm), sm, w)


def seen(*diagonals: tuple[float, float, float]) -> ComplexArray:
    """W_b of moments that do not interfere."""
    return np.stack([1e19 * np.diag(d).astype(complex) for d in diagonals])


@pytest.mark.parametrize(
    ("observed", "w"),
    [
        ([120.0], seen((1, 0, 0))),
        ([120.0, 55.0], seen((1, 0, 0), (2, 0, 0))),
        ([120.0, 50.0], seen((1, 0, 0), (0.0, 0, 0))),
    ],
)
def test_an_excess_that_one_moment_alone_makes_has_the_lower_end_of_the_slice(
    observed: list[float], w: ComplexArray
) -> None:
    model = poisson_model(np.array(observed), w)
    one, other = slice_interval(model, 0, NINETY), profiled_interval(model, 0, NINETY)
    assert one.lower_mu_b > 0
    for name in ("lower_mu_b", "best_fit_mu_b", "upper_mu_b", "chi2_min"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-6)


def test_a_gaussian_excess_that_one_moment_alone_makes() -> None:
    sm = np.array([173.0])
    spec = FirstRun(
        observed=900, prompt_neutrons=6, steady_state=405, sigma_signal=0.28, sigma_background=0.25
    )
    model = MomentModel(("csi",), build(spec, "csi", sm), sm, seen((0, 1, 0)))
    assert profiled_interval(model, 1, NINETY) == slice_interval(model, 1, NINETY)


def test_lower_ends_of_profiled_intervals_lie_on_their_curve() -> None:
    """Λ₂ makes part of the excess that Λ₁ makes; what is left needs Λ₁."""
    w = seen((1, 0, 0), (1, 3, 0))
    model = poisson_model(np.array([110.0, 130.0]), w)
    interval = profiled_interval(model, 0, NINETY)
    assert 0 < interval.lower_mu_b < interval.best_fit_mu_b < interval.upper_mu_b
    ends = np.array([interval.lower_mu_b, interval.upper_mu_b])
    along = curve(model, 0, ends, others="profiled").delta_chi2
    np.testing.assert_allclose(along, NINETY, rtol=1e-5)
    assert profiled_interval(model, 1, NINETY).lower_mu_b == 0


@pytest.mark.parametrize("sigma", [0.1, 0.5, 1.0, 3.0])
def test_a_deficit_is_no_evidence_for_a_moment(sigma: float) -> None:
    """However uncertain the signal, it cannot be negative and make up for a larger moment."""
    sm = np.array([40.0, 40.0])
    spec = Counts(
        kind="gaussian",
        observed=np.array([35.0, 20.0]),
        backgrounds=(),
        sigma_signal=sigma,
        variance=np.array([30.0, 30.0]),
    )
    model = MomentModel(("x",), build(spec, "x", sm), sm, seen((0, 0, 0), (1, 0, 0)))
    interval = slice_interval(model, 0, NINETY)
    assert interval.best_fit_mu_b == interval.lower_mu_b == 0
    assert 0 < interval.upper_mu_b < 1e-8


def test_stronger_with_less_systematic_uncertainty() -> None:
    experiment = load("conus")
    counts = fold(experiment)
    w, sm = counts.w_matrices(paper_mixing()), counts.sm_total()
    limits = []
    for sigma in (0.0, 0.05, 0.2):
        specification = with_sigma_sys(experiment.statistic, sigma)
        model = MomentModel(("conus",), build(specification, "conus", sm), sm, w)
        limits.append(slice_interval(model, 0, NINETY).upper_mu_b)
    assert limits[0] < limits[1] < limits[2]


def test_borexino_bound() -> None:
    """At its own level the bound returns itself: |Λ₃| = μ/c₁₃ for μ < 2.8e-11 μ_B."""
    experiment = load("borexino")
    counts = fold(experiment)
    mixing = paper_mixing()
    likelihood = build(experiment.statistic, "borexino", counts.sm_total())
    model = MomentModel(("borexino",), likelihood, counts.sm_total(), counts.w_matrices(mixing))
    limit = slice_interval(model, 2, NINETY).upper_mu_b
    assert limit == pytest.approx(2.8e-11 / np.sqrt(1 - mixing.sin2_theta13), rel=1e-6, abs=0)


@given(st.floats(0.01, 0.999), st.sampled_from([1, 2, 3]))
def test_thresholds(cl: float, degrees: int) -> None:
    assert confidence(delta_chi2(cl, degrees), degrees) == pytest.approx(cl)


def test_ninety_per_cent() -> None:
    assert delta_chi2(0.9, 1) == pytest.approx(2.71, abs=0.005)
    assert delta_chi2(0.9, 2) == pytest.approx(4.61, abs=0.005)


@pytest.mark.parametrize("scale", [0.01, 1.0, 100.0, 1e4])
def test_an_excess_that_another_moment_makes_changes_nothing(scale: float) -> None:
    """Moments that do not interfere, each seen by a bin of its own: profiled is the slice."""
    w = np.concatenate([seen((1, 0, 0)), scale * seen((0, 1, 0))])
    model = poisson_model(np.array([50.0, 90.0]), w)
    one, other = slice_interval(model, 0, NINETY), profiled_interval(model, 0, NINETY)
    assert other.chi2_min < one.chi2_min - 10
    # Both bins share the uncertainty of the signal, which the excess pulls unless it is explained.
    alone = poisson_model(np.array([50.0]), w[:1])
    own = slice_interval(alone, 0, NINETY).upper_mu_b
    assert other.upper_mu_b == pytest.approx(own, rel=0.02)
    assert one.upper_mu_b != pytest.approx(own, rel=0.02)
    along = curve(model, 0, np.array([other.upper_mu_b]), others="profiled")
    assert along.delta_chi2[0] == pytest.approx(NINETY, rel=1e-5)


def flooded(mass: float) -> MomentModel:
    """One bin of a Standard Model that a background of 1e8 ± 30 % hides."""
    sm, w = np.array([2e-3 * mass]), np.array([5e11 * mass])[:, None, None] * np.eye(3)
    spec = Counts(
        kind="poisson",
        observed=None,
        backgrounds=(Background("b", np.array([1e8]), 0.3),),
        sigma_signal=0.1,
    )
    return MomentModel(("x",), build(spec, "x", sm, ()), sm, w.astype(complex))


def test_limits_of_bins_with_many_counts_fall_with_the_mass() -> None:
    """An excess of 1e7 events is not an end of the world: the data end the search."""
    mass = np.array([1e3, 1e4, 1e5, 3e5, 1e6])
    models = [flooded(m) for m in mass]
    limits = np.array([slice_interval(model, 0, NINETY).upper_mu_b for model in models])
    np.testing.assert_allclose(limits * np.sqrt(mass), limits[0] * np.sqrt(mass[0]), rtol=0.01)
    # The background's nuisance takes the excess x at (x / 3e7)², Poisson's variance being nothing.
    excess = 3e7 * np.sqrt(NINETY)
    assert limits[0] == pytest.approx(np.sqrt(excess / (5e11 * mass[0])), rel=0.02)
    for model, limit in zip(models, limits, strict=True):
        along = delta_chi2_profile(model, 0, limit * np.array([0.0, 0.5, 1.0, 2.0])).delta_chi2
        assert along[2] == pytest.approx(NINETY, rel=1e-6)
        assert along[0] == 0 < along[1] < along[2] < along[3]


@pytest.mark.parametrize("seed", range(4))
def test_all_moments_have_one_minimum(seed: int) -> None:
    """With phases free the best fit is the same whichever moment is asked for, seen or not."""
    rng = np.random.default_rng(seed)
    vectors, _ = np.linalg.qr(rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3)))
    first, second = (np.eye(3) - np.outer(v, v.conj()) for v in vectors.T[:2])
    w = 1e20 * np.stack([first, 2 * first, second, np.diag([0, 1, 0]).astype(complex)])
    model = poisson_model(np.array([70.0, 120.0, 45.0, 300.0]), w)
    found = [profiled_interval(model, index, NINETY) for index in range(3)]
    lowest = [one.chi2_min for one in found]
    np.testing.assert_allclose(lowest, lowest[0], rtol=1e-7)
    assert lowest[0] < float(model.chi2(np.zeros(3))) - 10
    for index, one in enumerate(found):
        ends = [end for end in (one.lower_mu_b, one.upper_mu_b) if 0 < end < np.inf]
        along = curve(model, index, np.array([*ends, 0.0]), others="profiled")
        np.testing.assert_allclose(along.delta_chi2[:-1], NINETY, rtol=1e-5)
        assert (along.delta_chi2[-1] > NINETY) == (one.lower_mu_b > 0)


def test_the_minimum_of_a_blind_moment_is_that_of_the_others() -> None:
    """An excess that Λ₂ makes: the limit on Λ₁, which nothing sees, does not exist; χ² is zero."""
    model = poisson_model(np.array([120.0]), seen((0, 1, 0)))
    for index in range(3):
        assert profiled_interval(model, index, NINETY).chi2_min == pytest.approx(0.0, abs=1e-8)


def test_chi2_below_its_minimum_is_an_error() -> None:
    assert rise(np.array([3.0, 4.0, 3.0 - 1e-8]), 3.0).tolist() == [0.0, 1.0, 0.0]
    with pytest.raises(MunuError, match=r"missed the minimum of χ²: it is lower by 0\.5"):
        rise(np.array([2.5, 4.0]), 3.0)
