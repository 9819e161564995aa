"""χ² along rays against dense scans: minima and allowed intervals, one bin and many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar

from munu.base.typing import FloatArray
from munu.statistics.build import build
from munu.statistics.likelihoods.gaussian import GaussianLikelihood, LinearNuisance
from munu.statistics.likelihoods.likelihood import SignalLikelihood
from munu.statistics.limits.profiled import profiled_interval
from munu.statistics.limits.slices import slice_interval
from munu.statistics.models import rays
from munu.statistics.models.moments import MomentModel
from munu.statistics.specification import Background, Counts, FirstRun, Projection

SEEDS = st.integers(0, 2**32 - 1)
SCAN = np.concatenate([[0.0], np.geomspace(1e-7, 1e4, 111)])


def scan(
    likelihood: SignalLikelihood,
    sm: FloatArray,
    w: FloatArray,
    unit: float,
    level: float | None = None,
) -> tuple[float, float, float]:
    """Minimum, and ends of the allowed t around it, from a grid and SciPy's scalar solvers."""
    t = SCAN * unit
    chi2 = likelihood.chi2(sm + t[:, None] * w)
    best = int(np.argmin(chi2))
    found = minimize_scalar(
        lambda at: float(likelihood.chi2(sm + at * unit * w)),
        bounds=(t[max(best - 1, 0)] / unit, t[min(best + 1, t.size - 1)] / unit),
        method="bounded",
        options={"xatol": 1e-9 * t[best] / unit + 1e-12},
    )
    t, chi2 = np.append(t, found.x * unit), np.append(chi2, found.fun)
    order = np.argsort(t)
    t, chi2 = t[order], chi2[order]
    lowest = float(chi2.min())
    if level is None:
        return lowest, np.nan, np.nan
    allowed = np.flatnonzero(chi2 <= level)
    if allowed.size == 0:
        return lowest, np.nan, np.nan

    def over(at: float) -> float:
        return float(likelihood.chi2(sm + at * w)) - level

    best = int(np.argmin(chi2))
    excluded = np.flatnonzero(chi2 > level)
    first = 1 + max(excluded[excluded < best], default=-1)
    last = min(excluded[excluded > best], default=t.size) - 1
    low = 0.0 if first == 0 else brentq(over, t[first - 1], t[first], xtol=1e-300, rtol=1e-13)
    high = (
        np.inf
        if last == t.size - 1
        else brentq(over, t[last], t[last + 1], xtol=1e-300, rtol=1e-13)
    )
    return lowest, float(low), float(high)


def random_case(seed: int) -> tuple[SignalLikelihood, FloatArray, FloatArray, float]:
    """A likelihood, its Standard Model, one ray and the t where dipole and noise are equal."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 8))
    sm = 10 ** rng.uniform(-2, 5) * rng.dirichlet(np.ones(n))
    background = 10 ** rng.uniform(-1, 6) * rng.dirichlet(np.ones(n))
    w = 10 ** rng.uniform(10, 25) * rng.dirichlet(np.ones(n))
    excess = rng.choice([0.0, 0.0, 1.0, 30.0]) * np.sqrt((sm + background).sum())
    kind = rng.choice(["projection", "gaussian", "poisson"])
    sigma = float(rng.choice([0.0, 0.05, 0.3]))
    if kind == "projection":
        likelihood = build(Projection(sigma_stat=0.2, sigma_sys=sigma), "x", sm)
        noise = np.sqrt(1.2 * sm.sum()) + 1
    else:
        observed = sm + background + excess * w / w.sum()
        observed = rng.poisson(observed).astype(float)
        observed = np.maximum(observed, 1.0) if kind == "gaussian" else observed
        counts = Counts(
            kind=str(kind),
            observed=observed,
            backgrounds=(Background("flat", background, float(rng.choice([0.0, 0.1]))),),
            sigma_signal=sigma,
        )
        likelihood = build(counts, "x", sm)
        noise = np.sqrt(observed.sum()) + 1
    return likelihood, sm, w, float(noise / w.sum())


@settings(max_examples=60)
@given(SEEDS, st.sampled_from([1.0, 2.71, 4.61, 25.0]))
def test_many_bins_against_scans(seed: int, delta: float) -> None:
    likelihood, sm, w, unit = random_case(seed)
    lowest, _, _ = scan(likelihood, sm, w, unit)
    minimum = rays.minimise(likelihood, sm, w[None])
    scale = 1e-7 * (1 + abs(lowest))
    assert minimum.chi2[0] == pytest.approx(lowest, abs=scale)
    level = lowest + delta
    _, low, high = scan(likelihood, sm, w, unit, level)
    found_low, found_high = rays.allowed(likelihood, sm, w[None], level)
    assert found_low[0] == pytest.approx(low, rel=1e-4, abs=1e-6 * unit)
    if found_high[0] != high:
        at = found_high[0] if np.isfinite(found_high[0]) else 1e4 * unit
        assert float(likelihood.chi2(sm + at * w)) == pytest.approx(level, abs=1e-5 * (1 + level))
        assert found_high[0] == pytest.approx(high, rel=1e-4)


@settings(max_examples=40)
@example(14, 9.0)
@example(205, 9.0)
@given(SEEDS, st.sampled_from([0.3, 1.0, 2.71, 9.0]))
def test_within_is_minimum_and_allowed(seed: int, delta: float) -> None:
    """Both from one scan, and its estimate of the reach, against the two one after the other."""
    likelihood, sm, w, unit = random_case(seed)
    ray = w[None]
    minimum, low, high = rays.within(likelihood, sm, ray, delta)
    alone = rays.minimise(likelihood, sm, ray)
    assert minimum.chi2[0] == pytest.approx(alone.chi2[0], rel=1e-12, abs=1e-10)
    expected = np.ravel(rays.allowed(likelihood, sm, ray, float(alone.chi2[0]) + delta))
    np.testing.assert_allclose((low[0], high[0]), expected, rtol=1e-8, atol=1e-6 * unit)
    reach = rays.rise_at(likelihood, sm, ray, delta)[0]
    assert reach == high[0] if np.isinf(high[0]) else 0.2 * high[0] < reach < 5 * high[0]


@pytest.mark.parametrize("delta", [2.706, 9.0])
@pytest.mark.parametrize("seed", [14, 100, 124, 178])
def test_profiling_what_sees_the_same_changes_nothing(seed: int, delta: float) -> None:
    """W ∝ 1: excesses of high χ² curves that end at 1/σ² are bounded, or not, as in the slice."""
    likelihood, sm, w, _ = random_case(seed)
    model = MomentModel(("x",), likelihood, sm, w[:, None, None] * np.eye(3, dtype=complex))
    one, other = slice_interval(model, 0, delta), profiled_interval(model, 0, delta)
    assert other.upper_mu_b == pytest.approx(one.upper_mu_b, rel=1e-3)
    assert other.lower_mu_b == 0


@settings(max_examples=20)
@given(SEEDS)
def test_rays_are_independent(seed: int) -> None:
    """Many rays at once give what each gives alone."""
    likelihood, sm, w, _ = random_case(seed)
    rng = np.random.default_rng(seed)
    many = w * 10 ** rng.uniform(-3, 3, (5, 1)) * rng.uniform(0.1, 1, (5, w.size))
    minimum = rays.minimise(likelihood, sm, many)
    level = float(minimum.chi2.min()) + 3.0
    low, high = rays.allowed(likelihood, sm, many, level)
    for row, ray in enumerate(many):
        alone = rays.allowed(likelihood, sm, ray[None], level)
        np.testing.assert_allclose((low[row], high[row]), np.ravel(alone), rtol=1e-6)


@given(
    st.floats(1e-3, 1e5),
    st.floats(0.3, 3.0),
    st.floats(1e5, 1e30),
    st.floats(0.1, 30.0),
    st.sampled_from([0.0, 0.1, 0.5]),
)
def test_one_bin_is_many_bins(
    sm: float, ratio: float, w: float, delta: float, sigma: float
) -> None:
    """The closed form against the general path, given one bin twice at twice the variance."""
    one = GaussianLikelihood(
        np.array([sm * ratio]),
        np.array([sm]),
        np.array([0.2]),
        (LinearNuisance("flux", np.array([sigma])),) if sigma else (),
    )
    two = GaussianLikelihood(
        np.full(2, sm * ratio),
        np.full(2, 2 * sm),
        np.full(2, 0.4),
        (LinearNuisance("flux", np.full(2, sigma)),) if sigma else (),
    )
    simple = rays.minimise(one, np.array([sm]), np.array([[w]]))
    general = rays.minimise(two, np.full(2, sm), np.full((1, 2), w))
    assert general.chi2[0] == pytest.approx(simple.chi2[0], rel=1e-7, abs=1e-9)
    level = float(simple.chi2[0]) + delta
    expected = np.ravel(rays.allowed(one, np.array([sm]), np.array([[w]]), level))
    found = np.ravel(rays.allowed(two, np.full(2, sm), np.full((1, 2), w), level))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-9 * sm / w)


def csi(observed: float = 142) -> tuple[SignalLikelihood, FloatArray]:
    spec = FirstRun(
        observed=observed,
        prompt_neutrons=6,
        steady_state=405,
        sigma_signal=0.28,
        sigma_background=0.25,
    )
    sm = np.array([173.0])
    return build(spec, "csi", sm), sm


def test_one_bin_excess_has_two_ends() -> None:
    likelihood, sm = csi(observed=600)
    ray = np.array([[2e18]])
    minimum = rays.minimise(likelihood, sm, ray)
    assert minimum.chi2[0] == pytest.approx(0)
    assert minimum.t[0] == pytest.approx((600 - 6 - 173) / 2e18)
    low, high = rays.allowed(likelihood, sm, ray, 2.71)
    assert 0 < low[0] < minimum.t[0] < high[0]
    for end in (low, high):
        assert likelihood.chi2(sm + end * ray[0]) == pytest.approx(2.71)


def test_blind_rays() -> None:
    """A ray no bin sees: everything is allowed, or nothing."""
    likelihood, sm = csi()
    at_sm = float(likelihood.chi2(sm))
    assert rays.allowed(likelihood, sm, np.zeros((1, 1)), at_sm + 1)[1][0] == np.inf
    assert np.isnan(rays.allowed(likelihood, sm, np.zeros((1, 1)), at_sm - 1e-3)).all()
    projection = build(Projection(sigma_stat=0.2, sigma_sys=0.0), "ge", np.array([3.0, 4.0]))
    low, high = rays.allowed(projection, np.array([3.0, 4.0]), np.zeros((1, 2)), 1.0)
    assert (low[0], high[0]) == (0.0, np.inf)


def test_nothing_allowed_below_the_minimum() -> None:
    projection = build(Projection(sigma_stat=0.2, sigma_sys=0.0), "ge", np.array([3.0, 4.0]))
    ray = np.array([[1.0, 2.0]])
    assert np.isnan(rays.allowed(projection, np.array([3.0, 4.0]), ray, -1e-3)).all()


@pytest.mark.parametrize("sigma", [0.1, 0.2, 0.5])
def test_systematic_uncertainty_allows_any_excess(sigma: float) -> None:
    """χ² tends to 1/σ² for large signals, so levels above it have no upper end."""
    sm = np.array([100.0, 50.0])
    likelihood = build(Projection(sigma_stat=0.2, sigma_sys=sigma), "ge", sm)
    ray = sm[None] * 1e20
    for level, bounded in ((0.98 / sigma**2, True), (1.02 / sigma**2, False)):
        high = rays.allowed(likelihood, sm, ray, level)[1][0]
        assert np.isfinite(high) == bounded


def test_an_infinite_signal_fits_a_deficit_best_where_its_uncertainty_may_make_it_vanish() -> None:
    # χ² = (d - S)²/(σ₀² + s²S²) is 4.54 at 60 events and falls towards 1/s² = 4.
    likelihood = build(FirstRun(5.0, 10.0, 5.0, 0.5, 0.25, {}), "x", np.array([60.0]))
    sm, w = np.array([60.0]), np.array([[1.0], [0.0]])
    at_sm = float(likelihood.chi2(sm))
    minimum = rays.minimise(likelihood, sm, w)
    np.testing.assert_array_equal(minimum.t, [np.inf, 0.0])
    np.testing.assert_allclose(minimum.chi2, [4.0, at_sm])
    assert at_sm > 4.5
